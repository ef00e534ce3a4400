import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { createRandom } from "../../src/morph/random.js";
import {
  accuracy,
  binaryCrossEntropy,
  crossEntropy,
  dice,
  diceMetric,
  meanSquaredError,
  normalisedDice,
} from "../../src/trainer/losses.js";
import { goldenFiles, worstError } from "./golden-values.js";
import { gradientError, TENSOR_BACKENDS, useTensorBackend } from "./tensor-backends.js";

/** Of float32 sums of a few values. */
const TOLERANCE = 1e-6;

const random = createRandom(5);
const target = Float32Array.from({ length: 24 }, () => Number(random.uniform() < 0.4));
const prediction = Float32Array.from({ length: 24 }, () => 0.05 + 0.9 * random.uniform());
const pixels = Array.from(target, (t, index) => ({ t, p: prediction[index]! }));
const SHAPE: [number, number, number, number] = [2, 1, 3, 4];

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean over the two images of `measure` of an image's pixels. */
function overImages(measure: (image: typeof pixels) => number): number {
  return mean([measure(pixels.slice(0, 12)), measure(pixels.slice(12))]);
}

function sumOf(image: typeof pixels, value: (pixel: { t: number; p: number }) => number): number {
  return image.reduce((sum, pixel) => sum + value(pixel), 0);
}

type Loss = (target: tf.Tensor, prediction: tf.Tensor) => tf.Scalar;

function valueOf(loss: Loss, t: Float32Array, p: Float32Array): number {
  return tf.tidy(() => loss(tf.tensor(t, SHAPE), tf.tensor(p, SHAPE)).dataSync()[0]!);
}

const LOSSES: [string, Loss, number][] = [
  ["mean squared error", meanSquaredError, mean(pixels.map(({ t, p }) => (t - p) ** 2))],
  [
    "binary cross-entropy",
    binaryCrossEntropy,
    mean(pixels.map(({ t, p }) => -t * Math.log(p) - (1 - t) * Math.log(1 - p))),
  ],
  [
    "DICE",
    dice,
    overImages(
      (image) => 1 - (2 * sumOf(image, ({ t, p }) => t * p) + 1e-6) / (sumOf(image, ({ t, p }) => t + p) + 1e-6),
    ),
  ],
  [
    "normalised DICE",
    normalisedDice,
    overImages((image) => {
      const common = sumOf(image, ({ t, p }) => (2 * t - 1) * (2 * p - 1));
      return 1 - (2 * common) / (12 + sumOf(image, ({ p }) => (2 * p - 1) ** 2));
    }),
  ],
];

describe.each(TENSOR_BACKENDS)("on %s", (backend) => {
  beforeAll(() => useTensorBackend(backend));

  test.each(LOSSES)("%s", (_, loss, expected) => {
    expect(valueOf(loss, target, prediction)).toBeCloseTo(expected, 6);
    const of = (p: tf.Tensor): tf.Scalar => loss(tf.tensor(target, SHAPE), p);
    // Second-order terms of the logarithms near 0 and 1 are what is left.
    expect(gradientError(of, prediction, SHAPE, 2e-3)).toBeLessThan(5e-3);
  });

  test("a perfect, an undecided and an opposite answer", () => {
    const undecided = target.map(() => 0.5);
    const opposite = target.map((bit) => 1 - bit);
    const values = (loss: Loss): number[] => [target, undecided, opposite].map((p) => valueOf(loss, target, p));
    expect(worstError(values(meanSquaredError), [0, 0.25, 1])).toBeLessThan(TOLERANCE);
    expect(worstError(values(binaryCrossEntropy), [0, Math.LN2, 100])).toBeLessThan(TOLERANCE);
    expect(worstError(values(normalisedDice), [0, 1, 2])).toBeLessThan(TOLERANCE);
    expect(values(dice)[0]).toBeCloseTo(0, 6);
    expect(values(dice)[2]).toBeCloseTo(1, 5);
  });

  test("normalised DICE treats black and white alike", () => {
    const complement = (values: Float32Array): Float32Array => values.map((value) => 1 - value);
    const direct = valueOf(normalisedDice, target, prediction);
    expect(valueOf(normalisedDice, complement(target), complement(prediction))).toBeCloseTo(direct, 6);
  });

  test("DICE of two empty images is perfect", () => {
    const empty = target.map(() => 0);
    expect(valueOf(dice, empty, empty)).toBe(0);
  });

  test("the gradient of binary cross-entropy is finite where a neuron is saturated, through the neuron too", () => {
    const u = tf.tensor1d([-60, 60, -60, 60, 0]);
    const bits = tf.tensor1d([0, 1, 1, 0, 1]);
    const gradient = tf.tidy(() =>
      tf
        .grad((x: tf.Tensor) => binaryCrossEntropy(bits, tf.sigmoid(x)))(u)
        .dataSync(),
    );
    expect([...gradient].every(Number.isFinite)).toBe(true);
    expect(gradient[4]).toBeCloseTo(-0.1, 6);
    const direct = tf.tidy(() =>
      tf
        .grad((p: tf.Tensor) => binaryCrossEntropy(bits, p))(tf.tensor1d([0, 1, 0, 1, 0.5]))
        .dataSync(),
    );
    // (p − t) / max(p(1 − p), 10⁻¹²), a fifth of it.
    expect(worstError(direct, [0, 0, -2e11, 2e11, -0.4])).toBeLessThan(TOLERANCE);
  });

  test("a target that is computed within the loss takes part in its gradient", () => {
    const loss = (p: tf.Tensor): tf.Scalar =>
      binaryCrossEntropy(tf.oneHot(tf.tensor1d([1, 0], "int32"), 2), tf.sigmoid(p));
    expect(gradientError(loss, Float32Array.of(0.5, -1, 1.5, 0.2), [2, 2])).toBeLessThan(1e-3);
  });

  test("cross-entropy of scores, large ones too", () => {
    const labels = tf.tensor2d([0, 1, 0, 1, 0, 0, 0, 0, 1], [3, 3]);
    const scores = Float32Array.of(1, 2, -1, 0.5, 0, -0.5, 200, -200, 0);
    const rows = [0, 3, 6].map((start) => Array.from(scores.subarray(start, start + 3)));
    const logSoftmax = (row: number[], index: number): number => {
      const most = Math.max(...row);
      return row[index]! - most - Math.log(row.reduce((sum, score) => sum + Math.exp(score - most), 0));
    };
    const expected = -mean([logSoftmax(rows[0]!, 1), logSoftmax(rows[1]!, 0), logSoftmax(rows[2]!, 2)]);
    const loss = (x: tf.Tensor): tf.Scalar => crossEntropy(labels, x as tf.Tensor2D);
    const found = tf.tidy(() => loss(tf.tensor2d(scores, [3, 3])).dataSync()[0]!);
    expect(Math.abs(found / expected - 1)).toBeLessThan(TOLERANCE);
    const moderate = scores.map((score) => Math.max(-2, Math.min(2, score)));
    expect(gradientError(loss, moderate, [3, 3])).toBeLessThan(1e-3);
  });
});

interface GoldenDice {
  readonly cases: readonly {
    readonly shape: readonly number[];
    readonly true: readonly number[];
    readonly pred: readonly number[];
    readonly dice_per_image: readonly number[];
  }[];
}

describe.each(goldenFiles<GoldenDice>("dice.json"))("$label", ({ present, read }) => {
  test.skipIf(!present)("DICE of the images", () => {
    const { cases } = read();
    expect(cases.length).toBeGreaterThan(3);
    for (const each of cases) {
      const found = diceMetric(Float32Array.from(each.true), Float32Array.from(each.pred), each.shape[0]!);
      // One unit in the last place of float32.
      expect(worstError(found, each.dice_per_image)).toBeLessThan(1.2e-7);
    }
  });
});

test("accuracy counts the samples with the first largest score at their label", () => {
  const scores = Float32Array.of(1, 3, 2, 5, 5, 0, -3, -2, -1, 0, 0, 0);
  expect(accuracy([1, 0, 2, 1], scores)).toBe(0.75);
  expect(accuracy([0, 1, 1, 2], scores)).toBe(0);
});
