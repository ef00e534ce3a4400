/** A training interrupted between two steps, as a file from which it goes on to the same bits. */
import { fail } from "../diagnostics.js";
import type { TrainingConfig } from "./config.js";
import { decodeConfig } from "./decode-config.js";
import type { Look, TrainingState } from "./progress.js";
import { decodeTensors, encodeTensors, type NamedArray } from "./safetensors.js";
import type { Trainer } from "./trainer.js";

const FORMAT = "bimonnc training checkpoint 1";

/** Prefixes of the arrays' names. */
const FIRST_MOMENT = "first_moment.";
const SECOND_MOMENT = "second_moment.";
const BEST = "best.";

export interface Checkpoint {
  readonly config: TrainingConfig;
  readonly state: TrainingState;
  readonly looks: readonly Look[];
  /** Updates of each variable. */
  readonly updates: Readonly<Record<string, number>>;
  readonly arrays: Readonly<Record<string, NamedArray>>;
}

/** The whole state of a training between two steps. */
export function takeCheckpoint(trainer: Trainer): Checkpoint {
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
  return { config: trainer.config, state: trainer.state, looks: [...trainer.looks], updates, arrays };
}

export function encodeCheckpoint({ arrays, ...rest }: Checkpoint): Uint8Array {
  const entries = Object.entries({ ...rest }).map(([key, value]) => [key, JSON.stringify(value)]);
  return encodeTensors({ metadata: { format: FORMAT, ...Object.fromEntries(entries) }, arrays });
}

/** The configuration of the training that was interrupted. @throws DiagnosticError BMN0901, BMN0905 */
export function checkpointConfig(bytes: Uint8Array): TrainingConfig {
  return decodeConfig(parse(decodeTensors(bytes).metadata, "config"));
}

/** @throws DiagnosticError BMN0901 when the bytes are no checkpoint, BMN0902 when it is one of another configuration */
export function decodeCheckpoint(bytes: Uint8Array, config: TrainingConfig): Checkpoint {
  const { metadata, arrays } = decodeTensors(bytes);
  if (metadata["format"] !== FORMAT) {
    fail("BMN0901", `not a checkpoint of this version: ${metadata["format"] ?? "no format"}`, {
      hint: "begin the training anew without --resume",
    });
  }
  if (metadata["config"] !== JSON.stringify(config)) {
    fail("BMN0902", "the checkpoint is of another training", {
      hint: "give the same configuration and options as when it was interrupted",
    });
  }
  // Written by encodeCheckpoint for this very configuration; a file that was tampered with fails when it is applied.
  return {
    config,
    state: parse(metadata, "state") as TrainingState,
    looks: parse(metadata, "looks") as readonly Look[],
    updates: parse(metadata, "updates") as Readonly<Record<string, number>>,
    arrays,
  };
}

/** Puts a trainer of the checkpoint's configuration and seed back where the checkpoint was taken. */
export function applyCheckpoint(trainer: Trainer, checkpoint: Checkpoint): void {
  const { arrays, updates } = checkpoint;
  const values = (name: string, size: number): Float32Array => {
    const found = arrays[name];
    if (found === undefined || found.values.length !== size) {
      fail("BMN0901", `the checkpoint has no ${name} of ${size} numbers`, {
        hint: "begin the training anew without --resume",
      });
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

function parse(metadata: Readonly<Record<string, string>>, key: string): unknown {
  try {
    return JSON.parse(metadata[key] ?? "");
  } catch {
    return fail("BMN0901", `the checkpoint's ${key} cannot be read`, {
      hint: "begin the training anew without --resume",
    });
  }
}
