/** `bimonnc train`: from samples to a model, with everything that is worth knowing on the way. */
import { existsSync, rmSync } from "node:fs";
import { basename, dirname } from "node:path";
import { stringify as toYaml } from "yaml";
import type { SampleSplits } from "../../data/sample-set.js";
import { DEVICE_CHOICES, type Device, type DeviceChoice, openDevice } from "../../device/device.js";
import { withSource } from "../../diagnostics.js";
import { encodeModel, encodeModelJson } from "../../model/encode.js";
import type { Model } from "../../model/types.js";
import { type Checkpoint, checkpointConfig, decodeCheckpoint, encodeCheckpoint } from "../../trainer/checkpoint.js";
import type { TrainingConfig } from "../../trainer/config.js";
import { metricName } from "../../trainer/objective.js";
import { totalSteps } from "../../trainer/schedule.js";
import { type TrainOutcome, train } from "../../trainer/train.js";
import type { TrainArguments } from "../arguments.js";
import { type Context, STATUS, UsageError } from "../context.js";
import { countClasses, openSampleSplits } from "../data/open-splits.js";
import { MAXIMUM_MODEL_BYTES, readFile } from "../files.js";
import { openProgress } from "../progress.js";
import { holdingSignals } from "../signals.js";
import { type CompiledScore, scoreCompiled } from "../train/compiled-score.js";
import { readConfiguration } from "../train/configuration.js";
import { curvesSvg } from "../train/curves.js";
import { openMetricsFile } from "../train/metrics-file.js";
import { type TrainingPaths, trainingPaths } from "../train/paths.js";
import { summaryLines } from "../train/summary.js";
import { openTrainingDisplay } from "../train/training-display.js";
import { repeated } from "../values.js";
import { writeFiles } from "../write-files.js";

/** A run that was asked for: what, where to, and from where it goes on. */
interface Run {
  readonly config: TrainingConfig;
  readonly paths: TrainingPaths;
  readonly resume: Checkpoint | null;
}

export async function trainCommand(parsed: TrainArguments, context: Context): Promise<number> {
  const device = checkDevice(parsed.device);
  const run = await prepare(parsed, context);
  if (run === null) return STATUS.done;
  const opened = await openDevice(device);
  if (opened.fallback !== null) context.log(opened.fallback);
  context.log(`device: ${opened.description}`);
  const splits = await openSampleSplits(run.config.data, context);
  const started = performance.now();
  const controller = new AbortController();
  let running: Promise<TrainOutcome> | null = null;
  const outcome = await holdingSignals(
    async () => {
      running = runTraining(run, splits, controller.signal, context);
      return running;
    },
    async () => {
      controller.abort();
      await running?.catch(() => undefined);
    },
  );
  if (outcome.kind === "interrupted") return STATUS.done;
  const compiled = await compiledScore(outcome.model, splits, context);
  const model = withCompiledScore(outcome.model, compiled, splits);
  writeResults(model, outcome, run.paths, splits);
  await report(run, opened, outcome, compiled, splits, (performance.now() - started) / 1000, context);
  return STATUS.done;
}

function checkDevice(choice: string): DeviceChoice {
  const known = DEVICE_CHOICES.find((each) => each === choice);
  if (known === undefined) throw new UsageError(`--device ${choice}: choose one of ${DEVICE_CHOICES.join(", ")}`);
  return known;
}

/** Reads the configuration, and the checkpoint to go on from; null when only the configuration was asked for. */
async function prepare(parsed: TrainArguments, context: Context): Promise<Run | null> {
  const set = repeated(parsed.set);
  const given = await readConfiguration({ ...parsed, set }, context, countClasses);
  if (parsed["print-config"]) {
    if (given === null) throw new UsageError("--print-config needs a configuration or a --task");
    context.print(toYaml(given).trimEnd());
    context.printJson(given);
    return null;
  }
  if (given === null && (!parsed.resume || parsed.output === undefined)) {
    throw new UsageError("name a configuration or a --task, or an --output to --resume");
  }
  const paths = trainingPaths(parsed.output ?? `${given?.name ?? "model"}.pb`);
  if (!parsed.resume) {
    if (given === null) throw new UsageError("name a configuration or a --task");
    if (existsSync(paths.checkpoint)) {
      context.log(`${paths.checkpoint} of an earlier training will be replaced; --resume goes on with it`);
    }
    return { config: given, paths, resume: null };
  }
  const bytes = readFile(paths.checkpoint, MAXIMUM_MODEL_BYTES);
  return withSource(paths.checkpoint, () => {
    const config = given ?? checkpointConfig(bytes);
    return { config, paths, resume: decodeCheckpoint(bytes, config) };
  });
}

async function runTraining(
  { config, paths, resume }: Run,
  splits: SampleSplits,
  signal: AbortSignal,
  context: Context,
): Promise<TrainOutcome> {
  const metric = metricName(splits.validation.shape.target);
  const total = totalSteps(config.training.phases);
  const display = await openTrainingDisplay(context, { totalSteps: total, metric });
  const metrics = openMetricsFile(paths.metrics, resume?.kind === "training" ? resume.state.step : null);
  const begun = performance.now();
  const save = (checkpoint: Checkpoint): void => writeBeside(paths.checkpoint, encodeCheckpoint(checkpoint));
  try {
    const outcome = await train(config, splits, {
      signal,
      ...(resume === null ? {} : { resume }),
      onStep: (loss, share, phase) => display.step(loss, share, phase),
      onTrial: (loss, share) => display.step(loss, share, "trials"),
      onLook: (look) => {
        display.look(look);
        metrics.write({ ...look, seconds: Math.round((performance.now() - begun) / 100) / 10 });
      },
      onCheckpoint: save,
    });
    display.stop();
    if (outcome.kind === "interrupted") {
      const { checkpoint } = outcome;
      save(checkpoint);
      const place =
        checkpoint.kind === "trials" ? `${checkpoint.trials.done} trials` : `${checkpoint.state.step} steps`;
      context.log(`interrupted after ${place}; go on with the same command and --resume`);
    }
    return outcome;
  } finally {
    display.stop();
    metrics.close();
  }
}

function writeBeside(path: string, content: Uint8Array | string): void {
  writeFiles(dirname(path), [{ path: basename(path), content }]);
}

async function compiledScore(model: Model, splits: SampleSplits, context: Context): Promise<CompiledScore> {
  const progress = await openProgress(context, "compile and test");
  try {
    return await scoreCompiled(model, splits.test, progress.update);
  } finally {
    progress.stop();
  }
}

function withCompiledScore(model: Model, compiled: CompiledScore, splits: SampleSplits): Model {
  const { provenance } = model;
  if (provenance === null) return model;
  const name = `test ${metricName(splits.test.shape.target)}, compiled`;
  return { ...model, provenance: { ...provenance, metrics: [...provenance.metrics, { name, value: compiled.score }] } };
}

type Trained = Extract<TrainOutcome, { readonly kind: "trained" }>;

/** The model and the curves together; then the checkpoint has done its service. */
function writeResults(model: Model, outcome: Trained, paths: TrainingPaths, splits: SampleSplits): void {
  const content = paths.model.endsWith(".json") ? encodeModelJson(model) : encodeModel(model);
  const curves = curvesSvg(model.name, outcome.looks, metricName(splits.validation.shape.target));
  writeFiles(dirname(paths.model), [
    { path: basename(paths.model), content },
    { path: basename(paths.curves), content: curves },
  ]);
  rmSync(paths.checkpoint, { force: true });
}

async function report(
  { config, paths }: Run,
  device: Device,
  outcome: Trained,
  compiled: CompiledScore,
  splits: SampleSplits,
  seconds: number,
  context: Context,
): Promise<void> {
  const { model, looks, start } = outcome;
  const test = {
    soft: outcome.soft.float,
    float: outcome.test.float,
    bits: outcome.test.bits,
    compiled: compiled.score,
  };
  const metric = metricName(splits.test.shape.target);
  const files = [paths.model, paths.metrics, paths.curves];
  const summary = { name: model.name, device: device.description, seconds, looks, metric, test, files };
  context.printJson({
    ...summary,
    looks: looks.length,
    grade: compiled.grade,
    start,
    seed: config.seed,
    steps: looks.at(-1)?.step ?? 0,
  });
  if (!context.json) for (const line of await summaryLines(summary)) context.print(line);
}
