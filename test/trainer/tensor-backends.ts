/** The TensorFlow.js backends on which the trainer's mathematics is tested. */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";

export const TENSOR_BACKENDS = ["cpu", "wasm"] as const;

export async function useTensorBackend(name: (typeof TENSOR_BACKENDS)[number]): Promise<void> {
  // Without the path the binary is looked for beside the running script.
  setWasmPaths(`${dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"))}/`);
  if (!(await tf.setBackend(name))) throw new Error(`no backend ${name}`);
  await tf.ready();
}

/**
 * Largest difference between the gradient of `f` at `point` and central differences, relative to the largest component.
 * With float32 values of size 1 and a step of 10⁻² it is about 10⁻⁴ for a smooth f.
 */
export function gradientError(
  f: (x: tf.Tensor) => tf.Scalar,
  point: Float32Array,
  shape: number[],
  step = 1e-2,
): number {
  const gradient = tf.tidy(() => tf.grad(f)(tf.tensor(point, shape)).dataSync());
  const valueAt = (index: number, change: number): number =>
    tf.tidy(() => f(tf.tensor(point.with(index, (point[index] ?? 0) + change), shape)).dataSync()[0] ?? Number.NaN);
  const differences = Array.from(point, (value, index) => {
    const up = Math.fround(value + step) - value;
    const down = value - Math.fround(value - step);
    return (valueAt(index, step) - valueAt(index, -step)) / (up + down);
  });
  const scale = Math.max(...differences.map(Math.abs), 1e-12);
  return Math.max(...differences.map((value, index) => Math.abs(value - (gradient[index] ?? Number.NaN)))) / scale;
}
