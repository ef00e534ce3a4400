/** The whole of a training, from a configuration and samples to a model; it can be interrupted between any two steps. */
import * as tf from "@tensorflow/tfjs";
import type { SampleSplits } from "../data/sample-set.js";
import { VERSION } from "../gen/version.js";
import type { Model } from "../model/types.js";
import { applyCheckpoint, type Checkpoint, takeCheckpoint } from "./checkpoint.js";
import type { TrainingConfig } from "./config.js";
import type { Scores } from "./evaluation.js";
import { checkFit } from "./fit.js";
import { metricName } from "./objective.js";
import type { Look, Start, TrialState } from "./progress.js";
import { totalSteps } from "./schedule.js";
import { Trainer } from "./trainer.js";
import { chooseStart } from "./trials.js";

export interface TrainOptions {
  /** After each step: the loss before it, the share of all steps that is done, 0 … 1, and the name of the phase. */
  readonly onStep?: (loss: number, share: number, phase: string) => void;
  readonly onLook?: (look: Look) => void;
  /** After each step of the trials: the loss, and the share of all trials that is done. */
  readonly onTrial?: (loss: number, share: number) => void;
  /** Told now and then, so that little is lost when the process dies. */
  readonly onCheckpoint?: (checkpoint: Checkpoint) => void;
  /** Seconds between two of these; 60 if not given. */
  readonly checkpointSeconds?: number;
  /** Interrupts the training after the step that runs. */
  readonly signal?: AbortSignal;
  /** Goes on from here. */
  readonly resume?: Checkpoint;
}

export type TrainOutcome =
  | ({ readonly kind: "trained"; readonly looks: readonly Look[] } & TrainedNetwork)
  | { readonly kind: "interrupted"; readonly checkpoint: Checkpoint; readonly looks: readonly Look[] };

export interface TrainedNetwork {
  readonly model: Model;
  /** On the test set. */
  readonly test: Scores;
  /** The same before the first layer was hardened. */
  readonly soft: Scores;
  /** What the trials chose. */
  readonly start: Start;
}

const CHECKPOINT_SECONDS = 60;

/**
 * Trains on the backend that is set. The same configuration, samples and backend give the same model to the bit,
 * interrupted or not.
 * @throws DiagnosticError BMN0903 when the network does not fit the samples, BMN0904 when the training diverges
 */
export async function train(
  config: TrainingConfig,
  splits: SampleSplits,
  options: TrainOptions = {},
): Promise<TrainOutcome> {
  checkFit(config, splits.training.shape);
  const trainer = await firstTrainer(config, splits, options);
  if (!(trainer instanceof Trainer)) {
    return { kind: "interrupted", checkpoint: { kind: "trials", config, trials: trainer }, looks: [] };
  }
  try {
    const checkpoint = await advance(trainer, options);
    const { looks } = trainer;
    if (checkpoint !== null) return { kind: "interrupted", checkpoint, looks };
    return { kind: "trained", looks, ...modelOf(trainer, splits) };
  } finally {
    trainer.dispose();
  }
}

/** Steps and looks until the end, or until the signal; then the state. */
async function advance(trainer: Trainer, options: TrainOptions): Promise<Checkpoint | null> {
  const total = totalSteps(trainer.config.training.phases);
  const interval = (options.checkpointSeconds ?? CHECKPOINT_SECONDS) * 1000;
  let saved = performance.now();
  while (!trainer.done) {
    const phase = trainer.config.training.phases[trainer.state.phase]?.name ?? "";
    const loss = trainer.step();
    if (trainer.lookIsDue) {
      const look = trainer.look();
      options.onLook?.(look);
    }
    options.onStep?.(loss, shareDone(trainer, total), phase);
    // Lets signals and timers in.
    await tf.nextFrame();
    if (options.signal?.aborted === true) return takeCheckpoint(trainer);
    if (options.onCheckpoint !== undefined && performance.now() - saved > interval) {
      options.onCheckpoint(takeCheckpoint(trainer));
      saved = performance.now();
    }
  }
  return null;
}

/** A phase may end early: what matters is the place in the schedule. */
function shareDone({ config, state }: Trainer, total: number): number {
  return (totalSteps(config.training.phases.slice(0, state.phase)) + state.phaseStep) / total;
}

/** The trainer of the checkpoint, or the best of the trials; the state of these when they are interrupted. */
async function firstTrainer(
  config: TrainingConfig,
  splits: SampleSplits,
  { resume, signal, onTrial }: TrainOptions,
): Promise<Trainer | TrialState> {
  if (resume?.kind === "training") {
    const trainer = new Trainer(config, splits, resume.state.start);
    try {
      applyCheckpoint(trainer, resume);
      return trainer;
    } catch (error) {
      trainer.dispose();
      throw error;
    }
  }
  return chooseStart(config, splits, {
    ...(onTrial === undefined ? {} : { onTrial }),
    ...(signal === undefined ? {} : { signal }),
    ...(resume === undefined ? {} : { from: resume.trials }),
  });
}

function modelOf(trainer: Trainer, splits: SampleSplits): TrainedNetwork {
  const { config, input, state } = trainer;
  const setting = trainer.settle();
  const test = trainer.scoresOn(splits.test, setting);
  const soft = state.soft ?? test;
  const metric = metricName(splits.test.shape.target);
  const model: Model = {
    name: config.name,
    input,
    layers: trainer.toModel(setting),
    provenance: {
      tool: `bimonnc ${VERSION}`,
      dataSet: splits.training.name,
      seed: String(config.seed),
      notes: `${state.step} steps of ${config.training.batchSize} samples; loss ${config.training.loss}`,
      metrics: [
        { name: `test ${metric} before hardening`, value: soft.float },
        { name: `test ${metric}`, value: test.float },
      ],
    },
  };
  return { model, test, soft, start: state.start };
}
