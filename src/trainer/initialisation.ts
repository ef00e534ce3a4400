/**
 * First weights and biases of a bank: outputs start with a mean of ½ and keep their variance (Aouad & Talbot,
 * arXiv 2401.03830). On the host, from an injected source of randomness.
 */
import { InternalError, unreachable } from "../diagnostics.js";
import { activationInverse } from "../model/activation.js";
import type { Activation } from "../model/types.js";
import {
  type BiasParametrisation,
  biasParametersFor,
  type WeightParametrisation,
  weightParametersFor,
} from "./parametrisation.js";

export interface RandomSource {
  /** In [0, 1). */
  uniform(): number;
}

/** ξ that reaches 0.95. */
export type InvertibleActivation = Exclude<Activation, "step">;

/** Statistics of the weights of a neuron of n inputs with activation ξ. */
export interface AutomaticScale {
  /** ξ⁻¹(0.95): what a neuron of scale 1 with the mean weights and B = ½ΣW adds up to when all its inputs are 1. */
  readonly saturation: number;
  /** p, the scale for which the variance below keeps that of the inputs: (√3+2)·√n / (8·ξ⁻¹(0.95)). */
  readonly scale: number;
  /** (√3+2) / (4·p·√n) = 2·ξ⁻¹(0.95) / n */
  readonly mean: number;
  /** 1/(p²·n) − mean² */
  readonly variance: number;
  /** Ends of the interval on which weights of this mean and variance are uniform, both positive. */
  readonly lower: number;
  readonly upper: number;
  /** ΣW of the `dual` parametrisation: n·mean. */
  readonly dualFactor: number;
}

const SATURATED = 0.95;

export function automaticScale(inputs: number, activation: InvertibleActivation): AutomaticScale {
  const saturation = activationInverse(activation, SATURATED);
  const scale = ((Math.sqrt(3) + 2) * Math.sqrt(inputs)) / (8 * saturation);
  const mean = meanAtScale(inputs, scale);
  const variance = 1 / (scale ** 2 * inputs) - mean ** 2;
  const radius = Math.sqrt(3 * variance);
  return {
    saturation,
    scale,
    mean,
    variance,
    lower: mean - radius,
    upper: mean + radius,
    dualFactor: mean * inputs,
  };
}

/** Mean weight of a neuron of n inputs and scale p: (√3+2) / (4·p·√n). */
export function meanAtScale(inputs: number, scale: number): number {
  return (Math.sqrt(3) + 2) / (4 * scale * Math.sqrt(inputs));
}

/**
 * - `uniform`: weights uniform between the ends of {@link automaticScale}, B = Σ m·W (1 + u);
 * - `constant`: weights equal to its mean, B likewise;
 * - `heuristic`: weights uniform in [1/n, 3/n], B = (2/n)·Σ m (1 + u), whatever was drawn;
 *
 * with m the means of the inputs and u uniform in ± biasSpread, drawn once a bank. Weights of the `dual` parametrisation are
 * scaled to their sum.
 */
export type InitialisationMethod = "uniform" | "constant" | "heuristic";

export interface InitialisationOptions {
  /** Neurons. */
  readonly count: number;
  /** Inputs of each. */
  readonly inputs: number;
  readonly activation: InvertibleActivation;
  readonly method: InitialisationMethod;
  /** Relative; default 0.01, 0 draws no u. */
  readonly biasSpread?: number;
  /**
   * Mean of the inputs, or of each of them; default ½, as after another layer. With the true one the sums W·x − B have mean
   * 0, so that a first layer's outputs start near ½ on dark pictures as well.
   */
  readonly inputMean?: number | Float32Array;
  readonly weights: WeightParametrisation["kind"];
  readonly biases: BiasParametrisation;
}

/** Parameters to train, before the parametrisation. */
export interface BankParameters {
  readonly count: number;
  readonly inputs: number;
  /** [count, inputs] */
  readonly weights: Float32Array;
  /** [count] */
  readonly biases: Float32Array;
  /** ΣW of the `dual` parametrisation; of no use to the others. */
  readonly factor: number;
}

/**
 * B that the parametrisation cannot give is moved: to 10⁻³ above the offset of `softplus`, inside the useful interval by
 * a thousandth of its length.
 */
export function initialParameters(options: InitialisationOptions, random: RandomSource): BankParameters {
  const { count, inputs } = options;
  const { weights, biases, factor } = drawEffective(options, random);
  const reachable = biases.map((bias, neuron) => {
    const own = weights.subarray(neuron * inputs, (neuron + 1) * inputs);
    return withinReach(options.biases, bias, own);
  });
  return {
    count,
    inputs,
    weights: weightParametersFor({ kind: options.weights, factor }, weights),
    biases: biasParametersFor(options.biases, reachable, weights),
    factor,
  };
}

/** W, neuron after neuron, and B as they shall act. */
export function drawEffective(
  options: InitialisationOptions,
  random: RandomSource,
): { readonly weights: Float32Array; readonly biases: Float32Array; readonly factor: number } {
  const { count, inputs, method, biasSpread = DEFAULT_SPREAD, inputMean = 0.5 } = options;
  if (inputs < 1) throw new InternalError("a neuron without inputs");
  const scale = automaticScale(inputs, options.activation);
  const { lower, upper } = rangeOf(method, inputs, scale);
  const weights = Float32Array.from({ length: count * inputs }, () =>
    lower === upper ? lower : lower + (upper - lower) * random.uniform(),
  );
  if (options.weights === "dual") scaleToSum(weights, inputs, scale.dualFactor);
  const expectedSum = options.weights === "dual" ? scale.dualFactor : (inputs * (lower + upper)) / 2;
  const stretch = biasSpread === 0 ? 1 : 1 + biasSpread * (2 * random.uniform() - 1);
  const meanOf = (input: number): number => (typeof inputMean === "number" ? inputMean : (inputMean[input] ?? 0));
  const biases = Float32Array.from({ length: count }, (_, neuron) => {
    let sum = 0;
    for (let input = 0; input < inputs; input++) {
      const weight = method === "heuristic" ? expectedSum / inputs : (weights[neuron * inputs + input] ?? 0);
      sum += meanOf(input) * weight;
    }
    return sum * stretch;
  });
  return { weights, biases, factor: scale.dualFactor };
}

const DEFAULT_SPREAD = 0.01;

function rangeOf(
  method: InitialisationMethod,
  inputs: number,
  scale: AutomaticScale,
): { readonly lower: number; readonly upper: number } {
  switch (method) {
    case "uniform":
      return scale;
    case "constant":
      return { lower: scale.mean, upper: scale.mean };
    case "heuristic":
      return { lower: 1 / inputs, upper: 3 / inputs };
    default:
      return unreachable(method);
  }
}

function scaleToSum(weights: Float32Array, inputs: number, total: number): void {
  for (let start = 0; start < weights.length; start += inputs) {
    const own = weights.subarray(start, start + inputs);
    const sum = own.reduce((partial, weight) => partial + weight, 0);
    own.set(own.map((weight) => (weight * total) / sum));
  }
}

/** At the very limit of its reach a bias has no gradient. */
const LEAST_BIAS = 1e-3;
const MARGIN = 1e-3;

function withinReach(parametrisation: BiasParametrisation, bias: number, weights: Float32Array): number {
  switch (parametrisation.kind) {
    case "softplus":
      return Math.max(bias, parametrisation.offset + LEAST_BIAS);
    case "projected":
    case "reparametrised": {
      const [smallest = 0, next = 0] = weights.toSorted();
      const sum = weights.reduce((partial, weight) => partial + weight, 0);
      const lower = weights.length === 1 ? smallest / 2 : (smallest + next) / 2;
      const upper = sum - smallest / 2;
      const margin = MARGIN * (upper - lower);
      return Math.min(Math.max(bias, lower + margin), upper - margin);
    }
    case "share":
    case "raw":
      return bias;
    default:
      return unreachable(parametrisation);
  }
}
