import * as tf from "@tensorflow/tfjs";

/**
 * Channels before everything else: [batch, height, width, channels] → [channels · batch, height, width]. The kernels of
 * the WebAssembly backend that move data do so by runs along the last axis, and are slow where it has few elements.
 */
export function toPlanes(x: tf.Tensor4D): tf.Tensor3D {
  const [batch, height, width, channels] = x.shape;
  const pixels = tf.reshape(x, [batch * height * width, channels]);
  return tf.reshape(tf.transpose(pixels), [channels * batch, height, width]);
}

/**
 * The way back, for images of `groups` groups of channels that stand side by side in each pixel:
 * [groups · batch, height, width · each] → [batch, height, width, groups · each].
 */
export function fromPlanes(planes: tf.Tensor3D, groups: number, each: number): tf.Tensor4D {
  const [images, height, width] = planes.shape;
  const batch = images / groups;
  const columns = width / each;
  const pixels = tf.reshape(planes, [groups, batch * height * columns, each]);
  return tf.reshape(tf.transpose(pixels, [1, 0, 2]), [batch, height, columns, groups * each]);
}
