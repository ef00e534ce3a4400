/** The input of the model: what the samples are, cut into planes as the configuration says. */
import { countGrays, equalShareValues, strictlyIncreasing } from "../data/level-values.js";
import type { SampleSet } from "../data/sample-set.js";
import type { InputDescription, LevelSetEncoding } from "../model/types.js";
import { readSamples } from "./batches.js";
import type { NetworkConfig } from "./config.js";

/** Training pictures from which gray levels are chosen. */
const LEVEL_SAMPLES = 64;

/** A network without dense layers reads pictures of any size; level values are gray values 0 … 255. */
export function describeInput({ input, layers }: NetworkConfig, training: SampleSet): InputDescription {
  const { channels, height, width, samples } = training.shape;
  const fixed = layers.some((layer) => layer.kind === "flatten");
  return {
    channels,
    height: fixed ? height : null,
    width: fixed ? width : null,
    encoding: samples === "bits" ? { kind: "binary" } : levelSets(input.levels, channels, training),
    complements: input.complements,
  };
}

/** Of a gray channel when the configuration leaves it open. */
const DEFAULT_LEVELS = 4;

function levelSets(levels: NetworkConfig["input"]["levels"], channels: number, training: SampleSet): LevelSetEncoding {
  const values = typeof levels === "number" || levels === null ? chosen(levels ?? DEFAULT_LEVELS, training) : levels;
  return {
    kind: "level-sets",
    grayMinimum: 0,
    grayMaximum: 255,
    values: Array.from({ length: channels }, () => values),
  };
}

function chosen(count: number, training: SampleSet): readonly number[] {
  const looked = Math.min(LEVEL_SAMPLES, training.count ?? LEVEL_SAMPLES);
  const { inputs } = readSamples(training, [...Array(looked).keys()]);
  return strictlyIncreasing(equalShareValues(countGrays(inputs), count));
}
