import * as tf from "@tensorflow/tfjs";
import { defineOperation } from "./operation.js";

const pool = defineOperation({
  name: "maxPool2x2",
  inputs: ["x"],
  savesValue: true,
  value: ({ x }) => tf.maxPool(x as tf.Tensor4D, 2, 2, "valid"),
  gradients: (dy, { x, value }) => ({ x: () => gradient(dy, x as tf.Tensor4D, value) }),
});

/**
 * The maximum of every 2×2 square, without overlap; an odd last row or column is dropped. Differentiable once: the gradient
 * goes to the first pixel, in reading order, that has the maximum.
 * @returns [batch, ⌊height / 2⌋, ⌊width / 2⌋, channels]
 */
export function maxPool2x2(x: tf.Tensor4D): tf.Tensor4D {
  return pool({ x }, {}) as tf.Tensor4D;
}

function gradient(dy: tf.Tensor, x: tf.Tensor4D, value: tf.Tensor): tf.Tensor {
  // The WebAssembly backend of TensorFlow.js 4.22 has a kernel for this that finds wrong places (and is slower).
  if (tf.getBackend() === "wasm") {
    return tf.tensor(spread(dy.dataSync<"float32">(), x.dataSync<"float32">(), x.shape), x.shape);
  }
  const attributes = { filterSize: 2, strides: 2, pad: "valid" };
  return tf.engine().runKernel("MaxPoolGrad", { dy, input: x, output: value }, attributes) as tf.Tensor;
}

/** Each element of dy at the place of the maximum of its square in x, 0 elsewhere. */
function spread(dy: Float32Array, x: Float32Array, shape: readonly [number, number, number, number]): Float32Array {
  const [batch, height, width, channels] = shape;
  const result = new Float32Array(x.length);
  const rowLength = width * channels;
  const corners = [channels, rowLength, rowLength + channels];
  let index = 0;
  for (let image = 0; image < batch; image++) {
    for (let row = 0; row + 1 < height; row += 2) {
      for (let column = 0; column + 1 < width; column += 2) {
        const square = ((image * height + row) * width + column) * channels;
        for (let first = square; first < square + channels; first++) {
          let place = first;
          let largest = x[first] ?? 0;
          for (const corner of corners) {
            const candidate = x[first + corner] ?? 0;
            if (candidate > largest) {
              largest = candidate;
              place = first + corner;
            }
          }
          result[place] = dy[index++] ?? 0;
        }
      }
    }
  }
  return result;
}
