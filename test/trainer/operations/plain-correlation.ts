import * as tf from "@tensorflow/tfjs";
import type { BorderRule } from "../../../src/morph/border.js";
import type { FramePadding } from "../../../src/trainer/operations/pad-planes.js";

/** Padding pixel by pixel: a gather along rows, then along columns; differentiable on the CPU backend. */
export function plainPadding(x: tf.Tensor4D, padding: FramePadding, border: BorderRule): tf.Tensor4D {
  const { top, bottom, left, right } = padding;
  if (border === "zeros") {
    return tf.pad(x, [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ]);
  }
  const rows = nearest(x.shape[1], top, bottom);
  const columns = nearest(x.shape[2], left, right);
  return tf.gather(tf.gather(x, rows, 1), columns, 2);
}

function nearest(size: number, before: number, after: number): tf.Tensor1D {
  const indices = Array.from({ length: before + size + after }, (_, index) =>
    Math.min(Math.max(index - before, 0), size - 1),
  );
  return tf.tensor1d(indices, "int32");
}

/** One plain convolution per pair of channels, joined. */
export function plainCorrelation(
  x: tf.Tensor4D,
  weights: tf.Tensor3D,
  outChannels: number,
  border: BorderRule,
): tf.Tensor4D {
  const [batch, height, width, inChannels] = x.shape;
  const [, kernelHeight, kernelWidth] = weights.shape;
  const top = Math.floor(kernelHeight / 2);
  const left = Math.floor(kernelWidth / 2);
  const padding = { top, left, bottom: kernelHeight - 1 - top, right: kernelWidth - 1 - left };
  const padded = plainPadding(x, padding, border);
  const results: tf.Tensor4D[] = [];
  for (let input = 0; input < inChannels; input++) {
    const [, paddedHeight, paddedWidth] = padded.shape;
    const channel = tf.slice(padded, [0, 0, 0, input], [batch, paddedHeight, paddedWidth, 1]);
    for (let output = 0; output < outChannels; output++) {
      const kernel = tf.slice(weights, [input * outChannels + output, 0, 0], [1, kernelHeight, kernelWidth]);
      const filter = tf.reshape(kernel, [kernelHeight, kernelWidth, 1, 1]) as tf.Tensor4D;
      results.push(tf.conv2d(channel, filter, 1, "valid"));
    }
  }
  return tf.reshape(tf.concat(results, 3), [batch, height, width, inChannels * outChannels]);
}
