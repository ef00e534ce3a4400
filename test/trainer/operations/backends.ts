import * as tf from "@tensorflow/tfjs";
import { expect } from "vitest";
import { openDevice } from "../../../src/device/device.js";

/** The backends on which every operation must work. */
export const BACKENDS = ["wasm", "cpu"] as const;

export type Backend = (typeof BACKENDS)[number];

/** Numbers in [−1, 1) that are the same in every run: a multiplicative congruential generator. */
export function randomNumbers(count: number, seed: number): Float32Array {
  let state = (seed * 2654435761) % 2147483647 || 1;
  return Float32Array.from({ length: count }, () => {
    state = (state * 48271) % 2147483647;
    return (state / 2147483647) * 2 - 1;
  });
}

export interface Argument {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export function randomArgument(shape: readonly number[], seed: number): Argument {
  return {
    shape,
    values: randomNumbers(
      shape.reduce((product, size) => product * size, 1),
      seed,
    ),
  };
}

export interface Differentiated {
  readonly shape: readonly number[];
  readonly value: Float32Array;
  /** Of Σ y·dy, for each argument. */
  readonly gradients: readonly Float32Array[];
}

export type Operation = (...tensors: tf.Tensor[]) => tf.Tensor;

/** The factors dy of the results whose sum is differentiated. */
const DY_SEED = 977;

/** Value and gradients by the backend's automatic differentiation; leaves no tensor behind. */
export async function differentiate(
  backend: Backend,
  operation: Operation,
  inputs: readonly Argument[],
): Promise<Differentiated> {
  await openDevice(backend);
  const before = tf.memory().numTensors;
  const result = tf.tidy(() => {
    const tensors = inputs.map(({ shape, values }) => tf.tensor(values, [...shape]));
    const y = operation(...tensors);
    const dy = tf.tensor(randomNumbers(y.size, DY_SEED), y.shape);
    const gradients = tf.grads(operation)(tensors, dy);
    return { shape: y.shape, value: floats(y), gradients: gradients.map(floats) };
  });
  expect(tf.memory().numTensors).toBe(before);
  return result;
}

/** Central differences of Σ y·dy in single precision; exact for linear operations but for rounding. */
export async function differences(
  backend: Backend,
  operation: Operation,
  inputs: readonly Argument[],
  step: number,
): Promise<readonly Float32Array[]> {
  await openDevice(backend);
  const sumOf = (which: number, index: number, change: number): number =>
    tf.tidy(() => {
      const tensors = inputs.map(({ shape, values }, argument) => {
        const changed = values.slice();
        if (argument === which) changed[index] = (changed[index] ?? 0) + change;
        return tf.tensor(changed, [...shape]);
      });
      const y = floats(operation(...tensors));
      const dy = randomNumbers(y.length, DY_SEED);
      return y.reduce((sum, value, position) => sum + value * (dy[position] ?? 0), 0);
    });
  return inputs.map(({ values }, which) =>
    Float32Array.from(values, (_, index) => (sumOf(which, index, step) - sumOf(which, index, -step)) / (2 * step)),
  );
}

function floats(tensor: tf.Tensor): Float32Array {
  return tensor.dataSync<"float32">();
}

/** Every number within `tolerance` times the largest. */
export function expectClose(actual: Float32Array, expected: Float32Array, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-6);
  const error = actual.reduce(
    (largest, value, index) => Math.max(largest, Math.abs(value - (expected[index] ?? NaN))),
    0,
  );
  expect(error).toBeLessThanOrEqual(tolerance * scale);
}

/** The operation on every backend against plain TensorFlow.js on the CPU backend, values and gradients. */
export async function expectSameAs(
  plain: Operation,
  operation: Operation,
  inputs: readonly Argument[],
  tolerance: number,
): Promise<void> {
  const expected = await differentiate("cpu", plain, inputs);
  for (const backend of BACKENDS) {
    const actual = await differentiate(backend, operation, inputs);
    expect(actual.shape).toEqual(expected.shape);
    expectClose(actual.value, expected.value, tolerance);
    for (const [index, gradient] of actual.gradients.entries()) {
      expectClose(gradient, expected.gradients[index] ?? new Float32Array(), tolerance);
    }
  }
}

/** The gradients on every backend against central differences. */
export async function expectDerivatives(
  operation: Operation,
  inputs: readonly Argument[],
  step: number,
  tolerance: number,
): Promise<void> {
  for (const backend of BACKENDS) {
    const { gradients } = await differentiate(backend, operation, inputs);
    const expected = await differences(backend, operation, inputs, step);
    for (const [index, gradient] of gradients.entries()) {
      expectClose(gradient, expected[index] ?? new Float32Array(), tolerance);
    }
  }
}
