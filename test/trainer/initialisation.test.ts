import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { activate, activationInverse } from "../../src/model/activation.js";
import { createRandom } from "../../src/morph/random.js";
import {
  automaticScale,
  drawEffective,
  type InitialisationMethod,
  type InitialisationOptions,
  type InvertibleActivation,
  initialParameters,
  meanAtScale,
  type RandomSource,
} from "../../src/trainer/initialisation.js";
import type { BiasParametrisation } from "../../src/trainer/parametrisation.js";
import { goldenFiles, worstError } from "./golden-values.js";

interface GoldenInitialisation {
  readonly auto_p: readonly GoldenScale[];
  readonly draws: readonly GoldenDraw[];
}

interface GoldenScale {
  readonly n: number;
  readonly activation: "tanh" | "sigmoid" | "arctan" | "identity" | "relu" | null;
  readonly xi_inv: number;
  readonly p: number;
  readonly mean: number;
  readonly variance: number;
  readonly lb: number;
  readonly ub: number;
  readonly dual_factor: number;
}

/** Two neurons with softplus parameters of W and of B = −bias. */
interface GoldenDraw {
  readonly method: string;
  readonly dual: boolean;
  readonly in_channels: number;
  readonly kernel: number;
  readonly weight_param: readonly (readonly number[])[];
  readonly weight: readonly (readonly number[])[];
  readonly factor: number | null;
  readonly bias_param: readonly number[];
  readonly bias: readonly number[];
  readonly bias_over_half_sum: readonly number[];
}

function methodOf(draw: GoldenDraw): InitialisationMethod {
  if (draw.method === "CUSTOM_HEURISTIC") return "heuristic";
  return draw.method.includes("CONSTANT_WEIGHTS") ? "constant" : "uniform";
}

/** The recorded variance is a difference of two numbers of three times its size, in single precision. */
const SCALE_TOLERANCE = 3e-6;
/** The recorded values went through a few operations in single precision. */
const TOLERANCE = 1e-6;
/** An inverse of softplus in single precision loses a digit. */
const PARAMETER_TOLERANCE = 5e-6;

function softplus(x: number): number {
  return Math.log1p(Math.exp(x));
}

describe.each(goldenFiles<GoldenInitialisation>("init.json"))("$label", ({ present, read }) => {
  test.skipIf(!present)("scales, means, variances and ranges", () => {
    const { auto_p: scales } = read();
    for (const { n, activation, ...expected } of scales) {
      if (activation === null) {
        expect(Math.abs(meanAtScale(n, expected.p) / expected.mean - 1)).toBeLessThan(TOLERANCE);
        continue;
      }
      // Both reach 0.95 at 0.95.
      const found = automaticScale(n, activation === "relu" ? "identity" : activation);
      const pairs: [number, number][] = [
        [found.saturation, expected.xi_inv],
        [found.scale, expected.p],
        [found.mean, expected.mean],
        [found.variance, expected.variance],
        [found.lower, expected.lb],
        [found.upper, expected.ub],
        [found.dualFactor, expected.dual_factor],
      ];
      for (const [value, recorded] of pairs) expect(Math.abs(value / recorded - 1)).toBeLessThan(SCALE_TOLERANCE);
    }
  });

  test.skipIf(!present)("recorded draws follow from the numbers behind them", () => {
    const { draws } = read();
    expect(new Set(draws.map(({ method }) => method)).size).toBe(7);
    for (const draw of draws) {
      const inputs = draw.in_channels * draw.kernel ** 2;
      const method = methodOf(draw);
      const scale = automaticScale(inputs, "tanh");
      const [lower, upper] = method === "heuristic" ? [1 / inputs, 3 / inputs] : [scale.lower, scale.upper];
      const drawn = draw.weight_param.flat().map(softplus);
      const uniforms = method === "constant" ? [] : drawn.map((weight) => (weight - lower) / (upper - lower));
      expect(uniforms.every((uniform) => uniform > -TOLERANCE && uniform < 1 + TOLERANCE)).toBe(true);
      const spread = draw.method.endsWith("RANDOM_BIAS") ? 0.01 : 0;
      const stretch = draw.bias_over_half_sum[0]! - 1;
      if (method !== "heuristic") expect(Math.abs(stretch)).toBeLessThanOrEqual(spread + TOLERANCE);
      if (spread > 0) uniforms.push((stretch / spread + 1) / 2);
      const options: InitialisationOptions = {
        count: 2,
        inputs,
        activation: "tanh",
        method,
        biasSpread: spread,
        weights: draw.dual ? "dual" : "softplus",
        biases: { kind: "softplus", offset: 0 },
      };
      const effective = drawEffective(options, replay(uniforms));
      expect(worstError(effective.weights, draw.weight.flat())).toBeLessThan(TOLERANCE);
      const bounds = draw.bias.map((bias) => -bias);
      expect(worstError(effective.biases, bounds)).toBeLessThan(TOLERANCE);
      if (draw.factor !== null) expect(effective.factor).toBeCloseTo(draw.factor, 5);
      const parameters = initialParameters(options, replay(uniforms));
      expect(worstError(parameters.biases, draw.bias_param)).toBeLessThan(PARAMETER_TOLERANCE);
      // Parameters of dual weights count up to a factor.
      if (!draw.dual) {
        expect(worstError(parameters.weights, draw.weight_param.flat())).toBeLessThan(PARAMETER_TOLERANCE);
      }
    }
  });
});

function replay(uniforms: readonly number[]): RandomSource {
  const left = [...uniforms];
  return {
    uniform() {
      const next = left.shift();
      if (next === undefined) throw new Error("more numbers are drawn than were recorded");
      return next;
    },
  };
}

test.each<InvertibleActivation>(["tanh", "sigmoid", "erf", "arctan", "identity"])(
  "%s undoes its inverse",
  (activation) => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), (y) => {
        expect(activate(activation, activationInverse(activation, y))).toBeCloseTo(y, 12);
      }),
    );
  },
);

const COMMON = { count: 400, inputs: 25, activation: "erf", weights: "softplus" } as const;
const SOFTPLUS_BIAS: BiasParametrisation = { kind: "softplus", offset: 0 };

describe("draws have the mean and the variance of their method, within 5 standard errors", () => {
  const scale = automaticScale(COMMON.inputs, COMMON.activation);
  test.each<[InitialisationMethod, number, number, number]>([
    ["uniform", scale.lower, scale.upper, scale.variance],
    ["heuristic", 1 / 25, 3 / 25, (2 / 25) ** 2 / 12],
  ])("%s", (method, lower, upper, variance) => {
    const { weights } = drawEffective({ ...COMMON, method, biases: SOFTPLUS_BIAS }, createRandom(11));
    const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
    const spread = weights.reduce((sum, weight) => sum + (weight - mean) ** 2, 0) / weights.length;
    expect(Math.min(...weights)).toBeGreaterThanOrEqual(Math.fround(lower));
    expect(Math.max(...weights)).toBeLessThanOrEqual(Math.fround(upper));
    expect(Math.abs(mean - (lower + upper) / 2)).toBeLessThan(5 * Math.sqrt(variance / weights.length));
    // The fourth central moment of a uniform distribution is 9/5 of the squared variance.
    expect(Math.abs(spread - variance)).toBeLessThan(5 * variance * Math.sqrt(0.8 / weights.length));
  });

  test("bias spread", () => {
    const ratios = Array.from({ length: 2000 }, (_, seed) => {
      const options: InitialisationOptions = {
        ...COMMON,
        count: 2,
        inputs: 2,
        method: "constant",
        biasSpread: 0.2,
        biases: SOFTPLUS_BIAS,
      };
      const { weights, biases } = drawEffective(options, createRandom(seed));
      expect(biases[1]).toBe(biases[0]);
      return (2 * biases[0]!) / (weights[0]! + weights[1]!) - 1;
    });
    const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
    expect(Math.max(...ratios.map(Math.abs))).toBeLessThan(0.2 + TOLERANCE);
    expect(Math.abs(mean)).toBeLessThan(5 * (0.2 / Math.sqrt(3 * ratios.length)));
  });
});

test("each input brings its own mean to the bias", () => {
  const options: InitialisationOptions = {
    ...COMMON,
    count: 1,
    inputs: 3,
    method: "uniform",
    biasSpread: 0,
    weights: "raw",
    biases: { kind: "raw" },
    inputMean: Float32Array.of(0, 0.5, 1),
  };
  const { weights, biases } = initialParameters(options, createRandom(3));
  expect(biases[0]).toBeCloseTo(weights[1]! / 2 + weights[2]!, 6);
});

describe("a bias out of reach is moved", () => {
  const black = { ...COMMON, count: 1, inputs: 3, method: "constant", weights: "softplus", inputMean: 0 } as const;
  const mean = automaticScale(3, "erf").mean;
  test.each<[BiasParametrisation, number]>([
    [{ kind: "softplus", offset: 0 }, 1e-3],
    [{ kind: "softplus", offset: 0.5 }, 1e-3],
    // The interval [w, 2.5·w].
    [{ kind: "projected" }, mean * 1.0015],
    [{ kind: "reparametrised" }, mean * 1.0015],
  ])("%j", (biases, expected) => {
    const { biases: parameters } = initialParameters({ ...black, biases }, createRandom(1));
    expect(softplus(parameters[0]!)).toBeCloseTo(expected, 6);
  });
});

/** Picture of size × size values. */
type Picture = Float64Array;
const SIZE = 24;
const KERNEL = 5;

/** ξ(P·(W ⋆ x − B)), the picture replicated at the border. */
function layer(x: Picture, weights: Float32Array, bias: number, scale: number): Picture {
  const clamp = (index: number): number => Math.min(SIZE - 1, Math.max(0, index));
  return Float64Array.from({ length: SIZE * SIZE }, (_, pixel) => {
    const [row, column] = [Math.floor(pixel / SIZE), pixel % SIZE];
    let sum = -bias;
    weights.forEach((weight, position) => {
      const [down, right] = [Math.floor(position / KERNEL) - 2, (position % KERNEL) - 2];
      sum += weight * x[clamp(row + down) * SIZE + clamp(column + right)]!;
    });
    return activate("tanh", scale * sum);
  });
}

function meanOf(x: Picture): number {
  return x.reduce((sum, value) => sum + value, 0) / x.length;
}

/** Means of six layers, each of which is told by `assume` what it reads. */
function meansOfLayers(inputMean: number, scale: number, seed: number, assume: (x: Picture) => number): number[] {
  const random = createRandom(seed);
  let x: Picture = Float64Array.from({ length: SIZE * SIZE }, () => Number(random.uniform() < inputMean));
  return Array.from({ length: 6 }, () => {
    const options: InitialisationOptions = {
      count: 1,
      inputs: KERNEL * KERNEL,
      activation: "tanh",
      method: "uniform",
      weights: "softplus",
      biases: SOFTPLUS_BIAS,
      inputMean: assume(x),
    };
    const { weights, biases } = drawEffective(options, random);
    x = layer(x, weights, biases[0]!, scale);
    return meanOf(x);
  });
}

describe.each([1, automaticScale(KERNEL ** 2, "tanh").scale])("six layers of scale %f", (scale) => {
  /**
   * A layer's own deviation, mostly that of u, is P·ΣW·ξ′(0)·u/2 < 0.012 at the larger scale; the rest is the border and
   * the skewness of the sums.
   */
  test.each([0.1, 0.5, 0.9])("start near ½ on a picture of mean %f when each is told what it reads", (inputMean) => {
    const means = [1, 2, 3, 4, 5, 6].flatMap((seed) => meansOfLayers(inputMean, scale, seed, meanOf));
    expect(means).toHaveLength(36);
    for (const mean of means) expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
  });

  test.each([0.1, 0.9])("do not on a picture of mean %f when they are not", (inputMean) => {
    const means = meansOfLayers(inputMean, scale, 1, () => 0.5);
    for (const mean of means) expect(Math.abs(mean - 0.5)).toBeGreaterThan(0.3);
  });
});
