/** The first parameters of a bank, as its configuration asks for them. */
import { unreachable } from "../diagnostics.js";
import type { BankConfig } from "./config.js";
import { type BankParameters, drawEffective, initialParameters, type RandomSource } from "./initialisation.js";
import { biasParametersFor, weightParametersFor } from "./parametrisation.js";

export interface BankShape {
  readonly count: number;
  readonly inputs: number;
  /** Mean of all inputs, 0 … 1. */
  readonly inputMean: number;
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
    default:
      return unreachable(method);
  }
}

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
