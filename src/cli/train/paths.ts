/** Where a training writes: the model, and beside it what tells how it was trained. */
import { UsageError } from "../context.js";
import { STREAM } from "../files.js";

export interface TrainingPaths {
  /** `.pb`, or `.json` for protobuf JSON. */
  readonly model: string;
  /** A record for each look, as JSON lines. */
  readonly metrics: string;
  readonly curves: string;
  /** There while the training is not finished. */
  readonly checkpoint: string;
}

const MODEL_NAME = /^(.+)\.(?:pb|json)$/s;

/** @throws UsageError for an output that is no model file */
export function trainingPaths(output: string): TrainingPaths {
  const stem = MODEL_NAME.exec(output)?.[1];
  if (output === STREAM || stem === undefined) {
    throw new UsageError(`--output ${output}: name a model file that ends in .pb or .json`);
  }
  return {
    model: output,
    metrics: `${stem}.metrics.jsonl`,
    curves: `${stem}.svg`,
    checkpoint: `${stem}.checkpoint`,
  };
}
