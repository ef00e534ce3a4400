import * as tf from "@tensorflow/tfjs";
import { InternalError } from "../../diagnostics.js";
import type { BorderRule } from "../../morph/border.js";
import { blockFor, blocksUnder } from "./banded-kernels.js";
import { correlateBlocks } from "./correlate-blocks.js";
import { paddingForKernel } from "./pad-frame.js";
import { padPlanes } from "./pad-planes.js";
import { fromPlanes, toPlanes } from "./planes.js";

/**
 * Every input channel under its own `outChannels` kernels, the linear part of a BiSEL (arXiv 2401.03830, Definition 2.4):
 * output channel `i · outChannels + j` of the result is input channel i under kernel `i · outChannels + j`,
 * `y(p) = Σ_k W_k · x(p + k − c)` with the centre `c = floor(size/2)`, outside the frame by the border rule.
 *
 * Differentiable once in x and in the weights; the gradient to x costs nothing where nobody asks for it.
 * @param x [batch, height, width, inChannels], finite
 * @param weights [inChannels · outChannels, kernel height, kernel width]; the kernel may be larger than the image
 * @returns [batch, height, width, inChannels · outChannels]
 */
export function correlateChannels(
  x: tf.Tensor4D,
  weights: tf.Tensor3D,
  outChannels: number,
  border: BorderRule,
): tf.Tensor4D {
  const [, , width, inChannels] = x.shape;
  const [kernels, kernelHeight, kernelWidth] = weights.shape;
  if (kernels !== inChannels * outChannels) {
    throw new InternalError(`${kernels} kernels for ${inChannels} × ${outChannels} pairs of channels`);
  }
  const padding = paddingForKernel(kernelHeight, kernelWidth);
  const block = blockFor(kernelWidth, outChannels);
  const paddedWidth = block * (Math.ceil(width / block) + blocksUnder(kernelWidth, block) - 1);
  // What lies to the right of the border reaches only columns that are cut off below.
  const right = paddedWidth - width - padding.left;
  const planes = padPlanes(toPlanes(x), { ...padding, right }, border);
  const correlated = correlateBlocks(planes, weights, { outChannels, block });
  const [images, rows] = correlated.shape;
  const cut = tf.slice(correlated, [0, 0, 0], [images, rows, width * outChannels]);
  return fromPlanes(cut, inChannels, outChannels);
}
