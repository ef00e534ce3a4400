/**
 * Single neurons (neurons.json): what the binarizer decides about each, and what the compiled neuron answers on every
 * pattern of up to 12 inputs and on random patterns beyond.
 */
import { readFileSync } from "node:fs";
import { linearCheck } from "../../src/binarize/activation.js";
import { closestConstantSet } from "../../src/binarize/closest.js";
import { toLiterals } from "../../src/binarize/literals.js";
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

export interface Decisions {
  /** What differs from the recorded decisions, one line each. */
  readonly differences: readonly string[];
  /** Neurons on a bound, where the authors' strict inequalities miss an operation that the neuron is. */
  readonly ties: number;
}

/** Margin below which a decision depends on the order of float32 sums or on strictness. */
const SURE_MARGIN = 1e-5;

/** The activation test at every recorded pair of bounds, and the closest constant set. */
export function checkDecisions(neuron: RecordedNeuron): Decisions {
  const { field, weights, bias } = neuron;
  const differences: string[] = [];
  let ties = 0;
  const tests = [
    { v1: 0, v2: 1, recorded: field.get("learned") },
    ...field
      .get("almost_binary")
      .items()
      .map((each) => ({ v1: each.get("v1").number(), v2: each.get("v2").number(), recorded: each })),
  ];
  const isSure = field.get("margin").number() > SURE_MARGIN;
  for (const { v1, v2, recorded } of tests) {
    const bounds = Array.from(weights, () => ({ zeroUpper: v1, oneLower: v2 }));
    const set = linearCheck(toLiterals(weights, bias, bounds), "above");
    // The papers know no constants and no complemented inputs.
    const known = set === null || set.operation === "constant" || set.members.some((each) => each.negated) ? null : set;
    const ours =
      known === null
        ? "none"
        : `${known.operation} ${membersText(
            known.members.map((each) => each.input),
            weights,
          )}`;
    const theirs = recorded.get("activated").boolean()
      ? `${recorded.get("op").text()} ${recorded.get("S").text()}`
      : "none";
    if (ours === theirs) continue;
    const onBound =
      known !== null && Math.min(Math.abs(bias - known.lower), Math.abs(known.upper - bias)) <= SURE_MARGIN;
    if (theirs === "none" && onBound) ties++;
    else differences.push(`v1=${v1} v2=${v2}: ${ours}, recorded ${theirs}`);
  }

  const recorded = field.get("constant");
  const closest = closestConstantSet(weights, bias);
  const optimum = recorded.get("optimum");
  const distance = optimum.get("dist").number();
  const scale = 1 + weights.reduce((sum, weight) => sum + weight * weight, 0);
  if (Math.abs(closest.distance - distance) > 1e-9 * scale) {
    differences.push(`distance ${closest.distance}, recorded optimum ${distance}`);
  }
  const text = closest.members.map((member) => (member ? "1" : "0")).join("");
  if (optimum.get("gap").number() > 1e-6 && text !== optimum.get("S").text()) {
    differences.push(`closest ${text}, recorded optimum ${optimum.get("S").text()}`);
  }
  if (isSure && closest.operation !== field.get("approx_op").text()) {
    differences.push(`closest ${closest.operation}, recorded ${field.get("approx_op").text()}`);
  }
  return { differences, ties };
}

function membersText(inputs: readonly number[], weights: Float32Array): string {
  const members = new Set(inputs);
  return Array.from(weights, (_, input) => (members.has(input) ? "1" : "0")).join("");
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
