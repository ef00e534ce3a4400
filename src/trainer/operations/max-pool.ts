import * as tf from "@tensorflow/tfjs";

/**
 * The maximum of every 2×2 square, without overlap; an odd last row or column is dropped. Differentiable once: the gradient
 * goes to the first pixel, in reading order, that has the maximum.
 * @returns [batch, ⌊height / 2⌋, ⌊width / 2⌋, channels]
 */
export function maxPool2x2(x: tf.Tensor4D): tf.Tensor4D {
  return tf.maxPool(x, 2, 2, "valid");
}
