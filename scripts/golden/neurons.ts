/**
 * Single neurons (neurons.json), as networks to be compiled, with every pattern of up to 12 inputs and random patterns
 * beyond. What the binarizer decides about each is checked in decisions.ts.
 */
import { readFileSync } from "node:fs";
import type { Model, NeuronBank } from "../../src/model/types.js";
import { buildBitImage } from "../../src/morph/bit-image.js";
import type { Picture } from "../../src/morph/picture.js";
import { type Json, JsonField } from "./json-field.js";

export interface RecordedNeuron {
  readonly id: string;
  /** [input channels, kernel height, kernel width] */
  readonly shape: readonly number[];
  readonly weights: Float32Array;
  /** B, subtracted. */
  readonly bias: number;
  readonly field: JsonField;
}

export function readNeurons(path: string): RecordedNeuron[] {
  const file = new JsonField(JSON.parse(readFileSync(path, "utf8")) as Json, path);
  return file
    .get("neurons")
    .items()
    .map((field) => ({
      id: field.get("id").text(),
      shape: field.get("shape").numbers(),
      weights: Float32Array.from(field.get("w").numbers()),
      bias: -Math.fround(field.get("b").number()),
      field,
    }));
}

const EXHAUSTIVE_INPUTS = 12;
const RANDOM_PATTERNS = 600;

/** Neurons of n inputs as one dense layer on a vector, and the patterns to try on it. */
export function denseModel(neurons: readonly RecordedNeuron[]): {
  readonly model: Model;
  readonly pictures: Picture[];
} {
  const inputs = neurons[0]?.weights.length ?? 0;
  const model: Model = {
    name: `neurons_${inputs}`,
    input: { channels: 1, height: 1, width: inputs, encoding: { kind: "binary" }, complements: false },
    layers: [
      { kind: "flatten" },
      { kind: "dense-lui", inFeatures: inputs, outFeatures: neurons.length, lui: bankOf(neurons) },
    ],
    provenance: null,
  };
  const exhaustive = inputs <= EXHAUSTIVE_INPUTS;
  const random = generator(inputs);
  const pictures = Array.from({ length: exhaustive ? 2 ** inputs : RANDOM_PATTERNS }, (_, pattern): Picture => {
    const density = (pattern % 9) / 8;
    const image = buildBitImage(1, inputs, (__, column) => (exhaustive ? (pattern >> column) & 1 : random() < density));
    return { kind: "bits", height: 1, width: inputs, channels: [image] };
  });
  return { model, pictures };
}

/** Neurons of one kernel as a layer of one input channel, and a random picture. */
export function spatialModel(neurons: readonly RecordedNeuron[]): {
  readonly model: Model;
  readonly pictures: Picture[];
} {
  const [, height, width] = neurons[0]?.shape ?? [];
  if (height === undefined || width === undefined) throw new Error("no neurons");
  const model: Model = {
    name: `kernels_${height}x${width}`,
    input: { channels: 1, height: null, width: null, encoding: { kind: "binary" }, complements: false },
    layers: [
      {
        kind: "bisel",
        inChannels: 1,
        outChannels: neurons.length,
        kernelHeight: height,
        kernelWidth: width,
        border: "replicate",
        bise: bankOf(neurons),
        lui: null,
      },
    ],
    provenance: null,
  };
  const random = generator(height * width);
  const pictures = [0.3, 0.5, 0.85].map((density): Picture => {
    const image = buildBitImage(37, 45, () => random() < density);
    return { kind: "bits", height: 37, width: 45, channels: [image] };
  });
  return { model, pictures };
}

function bankOf(neurons: readonly RecordedNeuron[]): NeuronBank {
  const inputs = neurons[0]?.weights.length ?? 0;
  const weights = new Float32Array(neurons.length * inputs);
  neurons.forEach((neuron, index) => weights.set(neuron.weights, index * inputs));
  return {
    count: neurons.length,
    inputsPerNeuron: inputs,
    weights,
    biases: Float32Array.from(neurons, (neuron) => neuron.bias),
    scales: Float32Array.from(neurons, () => 1),
    activation: "step",
  };
}

function generator(seed: number): () => number {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Value that the neuron's recorded truth or operation gives on a pattern, or null where neither was recorded. */
export function recordedBit(neuron: RecordedNeuron, pattern: readonly number[]): 0 | 1 | null {
  const { field } = neuron;
  const learned = field.get("learned");
  const truth = field.has("truth") ? field.get("truth") : null;
  const operation = learned.get("activated").boolean()
    ? { kind: learned.get("op").text(), set: learned.get("S").text() }
    : truth?.has("dilation_S") === true
      ? { kind: "dilation", set: truth.get("dilation_S").text() }
      : truth?.has("erosion_S") === true
        ? { kind: "erosion", set: truth.get("erosion_S").text() }
        : null;
  if (operation === null) return null;
  const members = new Set(pattern.filter((_, index) => operation.set[index] === "1"));
  return (operation.kind === "dilation" ? members.has(1) : !members.has(0)) ? 1 : 0;
}
