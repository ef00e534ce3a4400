import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Adam } from "../../src/trainer/adam.js";
import { randomNumbers } from "./operations/backends.js";
import { TENSOR_BACKENDS, useTensorBackend } from "./tensor-backends.js";

const SIZE = 12;
const STEPS = 200;
const RATE = 0.02;

/** Gradients of sizes from 10⁻⁶ to 10, some of them always 0. */
function gradientAt(step: number): Float32Array {
  return randomNumbers(SIZE, step + 1).map((value, index) =>
    index === 0 ? 0 : (value + 0.3) * 10 ** (1 - (index % 8)),
  );
}

const START = randomNumbers(SIZE, 999);

/** Algorithm 1 of the paper, in double precision. */
function plainAdam(rateAt: (step: number) => number): Float64Array {
  const x = Float64Array.from(START);
  const m = new Float64Array(SIZE);
  const v = new Float64Array(SIZE);
  for (let t = 1; t <= STEPS; t++) {
    gradientAt(t - 1).forEach((g, i) => {
      m[i] = 0.9 * (m[i] ?? 0) + 0.1 * g;
      v[i] = 0.999 * (v[i] ?? 0) + 0.001 * g * g;
      const mean = (m[i] ?? 0) / (1 - 0.9 ** t);
      const square = (v[i] ?? 0) / (1 - 0.999 ** t);
      x[i] = (x[i] ?? 0) - (rateAt(t - 1) * mean) / (Math.sqrt(square) + 1e-8);
    });
  }
  return x;
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((most, value, index) => Math.max(most, Math.abs(value - (b[index] ?? NaN))), 0);
}

function advance(
  adam: Adam,
  variable: tf.Variable,
  from: number,
  to: number,
  rateAt: (step: number) => number = () => RATE,
): void {
  for (let step = from; step < to; step++) {
    tf.tidy(() => adam.apply([variable], [tf.tensor(gradientAt(step), variable.shape)], rateAt(step)));
  }
}

describe.each(TENSOR_BACKENDS)("Adam on %s", (backend) => {
  let variable: tf.Variable;
  let tensors = 0;
  beforeEach(async () => {
    await useTensorBackend(backend);
    tensors = tf.memory().numTensors;
    variable = tf.tidy(() => tf.variable(tf.tensor2d(START, [3, 4])));
  });
  afterEach(() => {
    variable.dispose();
    expect(tf.memory().numTensors).toBe(tensors);
  });

  test.each<[string, (step: number) => number]>([
    ["a constant rate", () => RATE],
    ["a falling rate", (step) => RATE / (1 + step / 20)],
  ])("is the algorithm of the paper, at %s", (_, rateAt) => {
    const adam = new Adam();
    advance(adam, variable, 0, STEPS, rateAt);
    // 200 steps of float32 on parameters of size 4: each adds at most 2·10⁻⁷.
    expect(largestDifference(variable.dataSync(), plainAdam(rateAt))).toBeLessThan(2e-5);
    expect(variable.dataSync()[0]).toBe(START[0]);
    adam.reset();
  });

  test("agrees with that of TensorFlow.js", () => {
    const adam = new Adam();
    advance(adam, variable, 0, STEPS);
    const theirs = tf.train.adam(RATE, 0.9, 0.999, 1e-8);
    const other = tf.tidy(() => tf.variable(tf.tensor2d(START, [3, 4])));
    for (let step = 0; step < STEPS; step++) {
      tf.tidy(() => theirs.applyGradients([{ name: other.name, tensor: tf.tensor(gradientAt(step), other.shape) }]));
    }
    // Theirs keeps the powers of the decays in float32, and 1 − 0.999ᵗ loses three digits of them.
    expect(largestDifference(variable.dataSync(), other.dataSync())).toBeLessThan(2e-4);
    theirs.dispose();
    other.dispose();
    adam.reset();
  });

  test("goes on from its state to the same bits", () => {
    const adam = new Adam();
    advance(adam, variable, 0, 57);
    const { first, second, count } = adam.state(variable);
    const kept = { first: first.slice(), second: second.slice(), count };
    expect(count).toBe(57);
    const other = tf.tidy(() => tf.variable(tf.tensor(variable.dataSync().slice(), variable.shape)));
    advance(adam, variable, 57, STEPS);
    const restored = new Adam();
    restored.restore(other, kept);
    advance(restored, other, 57, STEPS);
    expect(other.dataSync()).toEqual(variable.dataSync());
    expect(restored.state(other)).toEqual(adam.state(variable));
    other.dispose();
    adam.reset();
    restored.reset();
  });

  test("begins anew after a reset, and has zeros for what it never saw", () => {
    const adam = new Adam();
    advance(adam, variable, 0, 10);
    adam.reset();
    expect(adam.state(variable)).toEqual({ first: new Float32Array(SIZE), second: new Float32Array(SIZE), count: 0 });
    tf.tidy(() => variable.assign(tf.tensor2d(START, [3, 4])));
    advance(adam, variable, 0, STEPS);
    expect(
      largestDifference(
        variable.dataSync(),
        plainAdam(() => RATE),
      ),
    ).toBeLessThan(2e-5);
    adam.reset();
  });

  test("leaves variables without a gradient alone", () => {
    const adam = new Adam();
    adam.apply([variable], [undefined], 1);
    expect(variable.dataSync()).toEqual(START);
    adam.reset();
  });
});
