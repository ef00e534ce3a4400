/** The first parameters of a bank, as its configuration asks for them. */
import type * as tf from "@tensorflow/tfjs";
import { InternalError, unreachable } from "../diagnostics.js";
import type { BankConfig } from "./config.js";
import { type BankParameters, drawEffective, initialParameters, type RandomSource } from "./initialisation.js";
import { biasParametersFor, weightParametersFor } from "./parametrisation.js";

export interface BankShape {
  readonly count: number;
  readonly inputs: number;
  /** Mean of all inputs, 0 … 1. */
  readonly inputMean: number;
  /** Some of what a dense layer reads, [samples, features], complements left out. */
  readonly samples?: tf.Tensor;
}

/** Bias parametrisation as the mathematics takes it. */
export function biasParametrisation(kind: BankConfig["bias"]) {
  return kind === "softplus" ? ({ kind, offset: 0 } as const) : ({ kind } as const);
}

export function initialBank(config: BankConfig, shape: BankShape, random: RandomSource): BankParameters {
  const { method, total, place } = config.initialisation;
  switch (method) {
    case "uniform":
    case "constant":
    case "heuristic": {
      const { activation, weights, bias } = config;
      const parametrisation = biasParametrisation(bias);
      if (total === null && place === null) {
        return initialParameters({ ...shape, activation, method, weights, biases: parametrisation }, random);
      }
      const drawn = drawEffective({ ...shape, activation, method, weights, biases: parametrisation }, random);
      return fromEffective(config, shape, drawn.weights);
    }
    case "signed": {
      const radius = Math.sqrt(3 / shape.inputs);
      return fromEffective(
        config,
        shape,
        draw(shape, () => radius * (2 * random.uniform() - 1)),
      );
    }
    case "sparse":
      return fromEffective(
        config,
        shape,
        draw(shape, () => -Math.log(1 - random.uniform()) / shape.inputs),
      );
    case "sample":
      return fromSamples(config, shape, random);
    default:
      return unreachable(method);
  }
}

/** Inputs that are 1 in less of the samples tell little apart. */
const LEAST_FREQUENCY = 0.02;

/** Every neuron takes a sample, and `members` inputs, as they are in it; no other literal counts yet. */
function fromSamples(config: BankConfig, { count, samples }: BankShape, random: RandomSource): BankParameters {
  if (samples === undefined) throw new InternalError("literals are for dense layers");
  const [rows = 0, features = 0] = samples.shape;
  const values = samples.dataSync<"float32">();
  const informative = Array.from({ length: features }, (_, feature) => feature).filter((feature) => {
    let set = 0;
    for (let row = 0; row < rows; row++) set += values[row * features + feature] ?? 0;
    return set > LEAST_FREQUENCY * rows;
  });
  const { members, total } = config.initialisation;
  const weight = (total ?? members * DEFAULT_LITERAL_WEIGHT) / members;
  const weights = new Float32Array(count * features);
  for (let neuron = 0; neuron < count; neuron++) {
    const row = Math.floor(random.uniform() * rows);
    for (let member = 0; member < members; member++) {
      const feature = informative[Math.floor(random.uniform() * informative.length)] ?? 0;
      weights[neuron * features + feature] = (values[row * features + feature] ?? 0) > 0.5 ? weight : -weight;
    }
  }
  return { count, inputs: features, weights, biases: new Float32Array(count), factor: 1 };
}

const DEFAULT_LITERAL_WEIGHT = 0.5;

function draw({ count, inputs }: BankShape, weight: () => number): Float32Array {
  return Float32Array.from({ length: count * inputs }, weight);
}

/** Weights as they were drawn, scaled to the expected total; B at its place, or at Σ m·W, so that W·x − B has mean 0. */
function fromEffective(config: BankConfig, shape: BankShape, drawn: Float32Array): BankParameters {
  const { count, inputs, inputMean } = shape;
  const { total, place } = config.initialisation;
  const factor = drawn.reduce((sum, weight) => sum + Math.abs(weight), 0) / count;
  const weights = total === null ? drawn : drawn.map((weight) => (weight * total) / factor);
  const biases = Float32Array.from({ length: count }, (_, neuron) => {
    const own = weights.subarray(neuron * inputs, (neuron + 1) * inputs);
    const positive = own.reduce((sum, weight) => sum + Math.max(weight, 0), 0);
    const negative = own.reduce((sum, weight) => sum + Math.min(weight, 0), 0);
    if (place === null) return inputMean * (positive + negative);
    return negative + place * (positive - negative);
  });
  return {
    count,
    inputs,
    factor: total ?? factor,
    weights: weightParametersFor({ kind: config.weights, factor }, weights),
    biases: biasParametersFor(biasParametrisation(config.bias), biases, weights),
  };
}
