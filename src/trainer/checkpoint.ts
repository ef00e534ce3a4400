/** A training interrupted between two steps, as a file from which it goes on to the same bits. */
import * as z from "zod";
import { fail } from "../diagnostics.js";
import type { TrainingConfig } from "./config.js";
import { decodeConfig } from "./decode-config.js";
import type { Look, TrainingState, TrialState } from "./progress.js";
import { decodeTensors, encodeTensors, type NamedArray } from "./safetensors.js";
import type { Trainer } from "./trainer.js";

const FORMAT = "bimonnc training checkpoint 1";

/** Prefixes of the arrays' names. */
const FIRST_MOMENT = "first_moment.";
const SECOND_MOMENT = "second_moment.";
const BEST = "best.";

export type Checkpoint = TrialCheckpoint | TrainingCheckpoint;

/** While the trials run. Of networks nothing is kept: the best one is trained again as far as it was. */
export interface TrialCheckpoint {
  readonly kind: "trials";
  readonly config: TrainingConfig;
  readonly trials: TrialState;
}

export interface TrainingCheckpoint {
  readonly kind: "training";
  readonly config: TrainingConfig;
  readonly state: TrainingState;
  readonly looks: readonly Look[];
  /** Updates of each variable. */
  readonly updates: Readonly<Record<string, number>>;
  readonly arrays: Readonly<Record<string, NamedArray>>;
}

/** The whole state of a training between two steps. */
export function takeCheckpoint(trainer: Trainer): TrainingCheckpoint {
  const arrays: Record<string, NamedArray> = {};
  const updates: Record<string, number> = {};
  for (const { name, variable } of trainer.network.variables) {
    const { shape } = variable;
    const { first, second, count } = trainer.optimizer.state(variable);
    updates[name] = count;
    arrays[name] = { shape, values: Float32Array.from(variable.dataSync()) };
    arrays[FIRST_MOMENT + name] = { shape, values: first.slice() };
    arrays[SECOND_MOMENT + name] = { shape, values: second.slice() };
    const best = trainer.best?.get(name);
    if (best !== undefined) arrays[BEST + name] = { shape, values: best };
  }
  const { config, state } = trainer;
  return { kind: "training", config, state, looks: [...trainer.looks], updates, arrays };
}

export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const { arrays, ...rest } = { arrays: {}, ...checkpoint };
  const entries = Object.entries(rest).map(([key, value]) => [key, JSON.stringify(value)]);
  return encodeTensors({ metadata: { format: FORMAT, ...Object.fromEntries(entries) }, arrays });
}

/** The configuration of the training that was interrupted. @throws DiagnosticError BMN0901, BMN0905 */
export function checkpointConfig(bytes: Uint8Array): TrainingConfig {
  return decodeConfig(parse(decodeTensors(bytes).metadata, "config"));
}

/** @throws DiagnosticError BMN0901 when the bytes are no checkpoint, BMN0902 when it is one of another configuration */
export function decodeCheckpoint(bytes: Uint8Array, config: TrainingConfig): Checkpoint {
  const { metadata, arrays } = decodeTensors(bytes);
  if (metadata["format"] !== FORMAT) refuse(`not a checkpoint of this version: ${metadata["format"] ?? "no format"}`);
  if (metadata["config"] !== JSON.stringify(config)) {
    fail("BMN0902", "the checkpoint is of another training", {
      hint: "give the same configuration and options as when it was interrupted",
    });
  }
  const kind = parse(metadata, "kind");
  const misfit = (): never => refuse("the checkpoint's state does not fit its configuration");
  if (kind === "trials") {
    const trials = read(trialState, metadata, "trials");
    const network = trials.best?.start.network ?? -1;
    if (trials.done > 0 !== (trials.best !== null) || network >= config.networks.length) misfit();
    return { kind, config, trials };
  }
  if (kind !== "training") return refuse("not a checkpoint: of an unknown kind");
  const state = read(trainingState, metadata, "state");
  const { length: phases } = config.training.phases;
  if (state.phase > phases || (state.best?.phase ?? 0) >= phases || state.start.network >= config.networks.length) {
    misfit();
  }
  const looks = read(z.array(look), metadata, "looks");
  const updates = read(z.record(z.string(), count), metadata, "updates");
  return { kind, config, state, looks, updates, arrays };
}

/** Puts a trainer of the checkpoint's configuration and start back where the checkpoint was taken. @throws DiagnosticError BMN0901 */
export function applyCheckpoint(trainer: Trainer, checkpoint: TrainingCheckpoint): void {
  const { arrays, updates } = checkpoint;
  const values = (name: string, size: number): Float32Array => {
    const found = arrays[name];
    if (found === undefined || found.values.length !== size) {
      return refuse(`the checkpoint has no ${name} of ${size} numbers`);
    }
    return found.values;
  };
  const { variables } = trainer.network;
  trainer.assign(new Map(variables.map(({ name, variable }) => [name, values(name, variable.size)])));
  for (const { name, variable } of variables) {
    const first = values(FIRST_MOMENT + name, variable.size);
    const second = values(SECOND_MOMENT + name, variable.size);
    trainer.optimizer.restore(variable, { first, second, count: updates[name] ?? 0 });
  }
  const hasBest = checkpoint.state.best !== null;
  trainer.best = hasBest
    ? new Map(variables.map(({ name, variable }) => [name, values(BEST + name, variable.size)]))
    : null;
  trainer.state = checkpoint.state;
  trainer.looks = [...checkpoint.looks];
}

const count = z.int().min(0);
const number = z.number();
const start = z.strictObject({ network: count, seed: count });
const scores = z.strictObject({ loss: number, float: number, bits: number });

const trialState = z.strictObject({
  done: count,
  best: z.strictObject({ start, loss: number }).nullable(),
}) satisfies z.ZodType<TrialState>;

const trainingState = z.strictObject({
  start,
  phase: count,
  phaseStep: count,
  step: count,
  rateFactor: number,
  leastLoss: number,
  looksSince: count,
  looksOnPlateau: count,
  lossSum: number,
  lossCount: count,
  soft: scores.nullable(),
  best: z.strictObject({ phase: count, phaseStep: count, bits: number }).nullable(),
}) satisfies z.ZodType<TrainingState>;

const look = scores.extend({
  step: count,
  phase: z.string(),
  trainingLoss: number,
  activated: number,
  learningRate: number,
}) satisfies z.ZodType<Look>;

function read<T>(schema: z.ZodType<T>, metadata: Readonly<Record<string, string>>, key: string): T {
  const result = schema.safeParse(parse(metadata, key));
  return result.success ? result.data : refuse(`the checkpoint's ${key} is not valid`);
}

function parse(metadata: Readonly<Record<string, string>>, key: string): unknown {
  try {
    return JSON.parse(metadata[key] ?? "");
  } catch {
    return refuse(`the checkpoint's ${key} cannot be read`);
  }
}

function refuse(message: string): never {
  return fail("BMN0901", message, { hint: "begin the training anew without --resume" });
}
