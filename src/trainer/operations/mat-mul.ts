import * as tf from "@tensorflow/tfjs";
import { defineOperation } from "./operation.js";

/**
 * The WebAssembly backend has a fast product of plain matrices alone: where an operand is to be read transposed it takes a
 * naive loop, ten times slower. A transpose beforehand is cheap next to the product, but not next to everything else if
 * the matrix is that of the weights; of `a · bᵀ = (b · aᵀ)ᵀ` the second form leaves `b` as it is and transposes the two
 * matrices that have one row per sample.
 */
function timesTransposed(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const [rows = 0, inner = 0] = a.shape;
  const columns = b.shape[0] ?? 0;
  return rows * (inner + columns) < inner * columns
    ? tf.transpose(tf.matMul(b, tf.transpose(a)))
    : tf.matMul(a, tf.transpose(b));
}

const product = defineOperation({
  name: "matMul",
  inputs: ["a", "b"],
  value: ({ a, b }) => tf.matMul(a, b),
  gradients: (dy, { a, b }) => ({
    a: () => timesTransposed(dy, b),
    b: () => tf.matMul(tf.transpose(a), dy),
  }),
});

const productWithTransposed = defineOperation({
  name: "matMulTransposed",
  inputs: ["a", "b"],
  value: ({ a, b }) => timesTransposed(a, b),
  gradients: (dy, { a, b }) => ({
    a: () => tf.matMul(dy, b),
    b: () => tf.matMul(tf.transpose(dy), a),
  }),
});

/** a · b for matrices [m, k] and [k, n], differentiable once in both. */
export function matMul(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  return product({ a, b }, {}) as tf.Tensor2D;
}

/**
 * a · bᵀ for matrices [m, k] and [n, k], differentiable once in both. With the samples in `a` and one row of weights per
 * neuron in `b` it is faster than {@link matMul} with a transpose.
 */
export function matMulTransposed(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  return productWithTransposed({ a, b }, {}) as tf.Tensor2D;
}
