import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { activate } from "../../src/model/activation.js";
import {
  type BiasParametrisation,
  biasParametersFor,
  effectiveBiases,
  effectiveWeights,
  softplusInverse,
  usefulInterval,
  type WeightParametrisation,
  weightParametersFor,
} from "../../src/trainer/parametrisation.js";
import { goldenFiles, worstError } from "./golden-values.js";
import { gradientError, TENSOR_BACKENDS, useTensorBackend } from "./tensor-backends.js";

interface GoldenParametrisation {
  readonly x: readonly number[];
  readonly threshold: Readonly<Record<string, readonly number[]>>;
  readonly softplus_inverse: { readonly x: readonly number[]; readonly y: readonly number[] };
  readonly bise: readonly GoldenBlock[];
}

/** Neurons with b = −B; a recorded RAW parameter is b itself. */
interface GoldenBlock {
  readonly weights_mode: "thresholded" | "normalized";
  readonly bias_mode: "RAW" | "POSITIVE" | "POSITIVE_INTERVAL_PROJECTED" | "POSITIVE_INTERVAL_REPARAMETRIZED";
  readonly bias_offset: number;
  readonly factor: number;
  readonly weight_param: number[][];
  readonly bias_param: number[];
  readonly P: readonly number[];
  readonly weight: readonly (readonly number[])[];
  readonly bias: readonly number[];
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Lower ends, upper ends. */
  readonly bias_interval?: readonly (readonly number[])[];
}

function weightsOf(block: GoldenBlock): WeightParametrisation {
  return block.weights_mode === "thresholded" ? { kind: "softplus" } : { kind: "dual", factor: block.factor };
}

function biasesOf(block: GoldenBlock): BiasParametrisation {
  switch (block.bias_mode) {
    case "RAW":
      return { kind: "raw" };
    case "POSITIVE":
      return { kind: "softplus", offset: block.bias_offset };
    case "POSITIVE_INTERVAL_PROJECTED":
      return { kind: "projected" };
    case "POSITIVE_INTERVAL_REPARAMETRIZED":
      return { kind: "reparametrised" };
  }
}

/** Of float32 arithmetic in another order. */
const TOLERANCE = 2e-6;
/** Of ξ(P·(W·x − B)): the sum cancels, and P multiplies what is left. */
const RESPONSE_TOLERANCE = 1e-5;

describe.each(TENSOR_BACKENDS)("on %s", (backend) => {
  beforeAll(() => useTensorBackend(backend));

  describe.each(goldenFiles<GoldenParametrisation>("parametrisation.json"))("$label", ({ present, read }) => {
    test.skipIf(!present)("neurons have the recorded weights, bounds and answers", () => {
      const blocks = read().bise;
      expect(blocks.length).toBeGreaterThanOrEqual(12);
      for (const block of blocks) {
        const [weights, biases, interval] = tf.tidy(() => {
          const effective = effectiveWeights(weightsOf(block), tf.tensor2d(block.weight_param));
          const parameter = block.bias_mode === "RAW" ? block.bias_param.map((value) => -value) : block.bias_param;
          const { lower, upper } = usefulInterval(effective);
          return [
            effective.dataSync(),
            effectiveBiases(biasesOf(block), tf.tensor1d(parameter), effective).dataSync(),
            tf.stack([lower, upper]).dataSync(),
          ] as const;
        });
        expect(worstError(weights, block.weight.flat())).toBeLessThan(TOLERANCE);
        const recorded = block.bias.map((value) => -value);
        expect(worstError(biases, recorded)).toBeLessThan(TOLERANCE);
        if (block.bias_interval !== undefined) {
          expect(worstError(interval, block.bias_interval.flat())).toBeLessThan(TOLERANCE);
        }
        block.y.forEach((answer, neuron) => {
          const sum = block.x.reduce((partial, x, input) => partial + x * weights[neuron * block.x.length + input]!, 0);
          const u = block.P[neuron]! * (sum - biases[neuron]!);
          expect(Math.abs(activate("tanh", u) - answer)).toBeLessThan(RESPONSE_TOLERANCE);
        });
      }
    });

    test.skipIf(!present)("soft thresholds", () => {
      const { x, threshold } = read();
      const found = tf.tidy(() => effectiveWeights({ kind: "softplus" }, tf.tensor2d([[...x]])).dataSync());
      // Relative at each x, however small softplus(x) is.
      threshold["softplus"]!.forEach((value, index) => {
        expect(Math.abs(found[index]! / value - 1)).toBeLessThan(TOLERANCE);
      });
      for (const activation of ["tanh", "sigmoid", "erf", "arctan"] as const) {
        const values = x.map((each) => activate(activation, each));
        expect(worstError(values, threshold[activation]!)).toBeLessThan(2e-7);
      }
    });
  });

  describe("the inverses give parameters", () => {
    const weights = Float32Array.of(1e-30, 1e-6, 0.3, 1, 9.99, 10.5, 30, 0);
    const back = (kind: WeightParametrisation): Float32Array => {
      const parameters = weightParametersFor(kind, weights);
      return tf.tidy(() => effectiveWeights(kind, tf.tensor2d(parameters, [1, 8])).dataSync<"float32">());
    };
    // The identity from 10 on is 5·10⁻⁶ off, relatively, there.

    test("of weights", () => {
      // The identity from 10 on is at most 5·10⁻⁵ off.
      expect(worstError(back({ kind: "softplus" }), weights)).toBeLessThan(TOLERANCE);
      expect(back({ kind: "softplus" })[0]! / weights[0]!).toBeCloseTo(1, 4);
      expect(back({ kind: "raw" })).toEqual(weights);
      const sum = weights.reduce((total, each) => total + each, 0);
      expect(worstError(back({ kind: "dual", factor: sum }), weights)).toBeLessThan(TOLERANCE);
    });

    // Four weights 1 have the useful interval [1, 3.5], and sums up to 4.
    const ones = new Float32Array(12).fill(1);
    const biases = Float32Array.of(0.75, 1, 2.5);
    const clamped = Float32Array.of(1, 1, 2.5);
    test.each<[BiasParametrisation, Float32Array]>([
      [{ kind: "softplus", offset: 0.5 }, biases],
      [{ kind: "projected" }, clamped],
      [{ kind: "reparametrised" }, clamped],
      [{ kind: "share" }, biases],
      [{ kind: "raw" }, biases],
    ])("of bounds, %j", (kind, reachable) => {
      const parameters = biasParametersFor(kind, biases, ones);
      const rows = tf.tensor2d(ones, [3, 4]);
      const found = tf.tidy(() => effectiveBiases(kind, tf.tensor1d(parameters), rows).dataSync());
      expect(worstError(found, reachable)).toBeLessThan(TOLERANCE);
    });
  });

  describe("gradients", () => {
    const goal = Float32Array.of(1, -0.5, 2, 0.25, -1, 0.75);
    const goalFor = ({ kind }: WeightParametrisation): tf.Tensor => {
      const values = tf.tensor2d(goal, [2, 3]);
      return kind === "literals" ? tf.concat([values, tf.neg(values)], 1) : values;
    };
    const parameters = Float32Array.of(0.5, -1, 2, -3, 0.1, 0.7);

    test.each<WeightParametrisation>([
      { kind: "softplus" },
      { kind: "dual", factor: 3 },
      { kind: "literals" },
      { kind: "raw" },
    ])("of weights, $kind: as by finite differences", (kind) => {
      const loss = (x: tf.Tensor): tf.Scalar =>
        tf.sum(tf.square(tf.sub(effectiveWeights(kind, x as tf.Tensor2D), goalFor(kind))));
      expect(gradientError(loss, parameters, [2, 3])).toBeLessThan(1e-3);
    });

    /** Sum of the B of three neurons with weights (3, 1, 2): below, within and above the interval [1.5, 5.5]. */
    const parametersOfBias = [0, 2, 7];
    const gradients = (kind: BiasParametrisation): { weights: number[]; biases: number[] } =>
      tf.tidy(() => {
        const rows = tf.tensor2d([3, 1, 2, 3, 1, 2, 3, 1, 2], [3, 3]);
        const sum = (b: tf.Tensor, w: tf.Tensor): tf.Scalar =>
          tf.sum(effectiveBiases(kind, b as tf.Tensor1D, w as tf.Tensor2D));
        const [biases, weights] = tf.grads((b: tf.Tensor, w: tf.Tensor) => tf.add(sum(b, w), tf.mul(0, tf.sum(w))))([
          tf.tensor1d(parametersOfBias),
          rows,
        ]);
        return { weights: [...weights!.dataSync()], biases: [...biases!.dataSync()] };
      });
    const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

    test("of a projected bias: none outside the interval, none to the weights", () => {
      const { weights, biases } = gradients({ kind: "projected" });
      expect(weights).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0]);
      expect(worstError(biases, [0, sigmoid(2), 0])).toBeLessThan(TOLERANCE);
    });

    test("of a reparametrised bias: outside the interval that of its end", () => {
      const { weights, biases } = gradients({ kind: "reparametrised" });
      expect(weights).toEqual([0, 0.5, 0.5, 0, 0, 0, 1, 0.5, 1]);
      expect(worstError(biases, [0, sigmoid(2), 0])).toBeLessThan(TOLERANCE);
    });

    test("of a share: of the bias, and of every weight by its sign", () => {
      const { weights, biases } = gradients({ kind: "share" });
      const shares = parametersOfBias.map(sigmoid);
      expect(
        worstError(
          biases,
          shares.map((share) => 6 * share * (1 - share)),
        ),
      ).toBeLessThan(TOLERANCE);
      expect(
        worstError(
          weights,
          shares.flatMap((share) => [share, share, share]),
        ),
      ).toBeLessThan(TOLERANCE);
    });

    test("of the other biases", () => {
      const softplus = gradients({ kind: "softplus", offset: 0.5 });
      expect(worstError(softplus.biases, parametersOfBias.map(sigmoid))).toBeLessThan(TOLERANCE);
      expect(gradients({ kind: "raw" }).biases).toEqual([1, 1, 1]);
    });
  });

  test("a neuron of one input has the interval of a single point", () => {
    const ends = tf.tidy(() => {
      const { lower, upper } = usefulInterval(tf.tensor2d([[2], [0.5]]));
      return [...lower.dataSync(), ...upper.dataSync()];
    });
    expect(ends).toEqual([1, 0.25, 1, 0.25]);
  });
});

describe.each(goldenFiles<GoldenParametrisation>("parametrisation.json"))("$label", ({ present, read }) => {
  test.skipIf(!present)("the inverse of softplus", () => {
    const { x, y } = read().softplus_inverse;
    const found = softplusInverse(Float32Array.from(y));
    // The recorded values are in single precision throughout: log(exp(y) − 1) loses digits where y is small.
    x.forEach((value, index) => expect(Math.abs(found[index]! - value)).toBeLessThan(value < -10 ? 0.06 : 1e-4));
  });
});

test("literals: a parameter is a weight on the input or on its complement", () => {
  const found = tf.tidy(() => effectiveWeights({ kind: "literals" }, tf.tensor2d([[2, -3, 0]])).arraySync());
  expect(found).toEqual([[2, 0, 0, 0, 3, 0]]);
});

test("no softplus is negative", () => {
  expect(() => softplusInverse(Float32Array.of(0.5, -0.5))).toThrow("softplus never gives -0.5");
});
