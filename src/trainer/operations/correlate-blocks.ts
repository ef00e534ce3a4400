import * as tf from "@tensorflow/tfjs";
import { bandedKernels, kernelsOfBands } from "./banded-kernels.js";
import { defineOperation } from "./operation.js";

/** How weights are laid out over images. */
export type CorrelationLayout = tf.NamedAttrMap & {
  /** Kernels for each input channel. */
  readonly outChannels: number;
  /** Columns computed together, see `blockFor`. */
  readonly block: number;
};

const correlate = defineOperation({
  name: "correlateBlocks",
  inputs: ["planes", "weights"],
  value: ({ planes, weights }, layout: CorrelationLayout) => forward(planes, weights as tf.Tensor3D, layout),
  gradients: (dy, { planes, weights }, layout) => ({
    planes: () => gradientToPlanes(dy, weights as tf.Tensor3D, layout),
    weights: () => gradientToWeights(dy, planes, weights as tf.Tensor3D, layout),
  }),
});

/**
 * Valid cross-correlation of images with one channel. Image i of the c-th of `inChannels` equal parts of the images goes
 * under the kernels c · outChannels …, whose results stand side by side in each pixel. Differentiable once.
 * @param planes [inChannels · batch, height, width], the width a multiple of `block`
 * @param weights [inChannels · outChannels, kernel height, kernel width]
 * @returns [inChannels · batch, height − kernel height + 1, block · outChannels · (width / block − blocks of the kernel + 1)]
 */
export function correlateBlocks(planes: tf.Tensor3D, weights: tf.Tensor3D, layout: CorrelationLayout): tf.Tensor3D {
  return correlate({ planes, weights }, layout) as tf.Tensor3D;
}

/** Input channel by input channel, as TensorFlow.js has no convolution of groups of channels. */
function channelParts(tensor: tf.Tensor, inChannels: number): tf.Tensor[] {
  return inChannels === 1 ? [tensor] : tf.split(tensor, inChannels, 0);
}

/** [images, height, width] → [images, height, width / block, block]. */
function inBlocks(images: tf.Tensor, block: number): tf.Tensor4D {
  const [count = 0, height = 0, width = 0] = images.shape;
  return tf.reshape(images, [count, height, width / block, block]);
}

/** The inverse of {@link inBlocks}, for parts of the images. */
function outOfBlocks(parts: readonly tf.Tensor[]): tf.Tensor {
  const joined = tf.concat([...parts], 0);
  const [count = 0, height = 0, blocks = 0, block = 0] = joined.shape;
  return tf.reshape(joined, [count, height, blocks * block]);
}

function forward(planes: tf.Tensor, weights: tf.Tensor3D, { outChannels, block }: CorrelationLayout): tf.Tensor {
  const kernels = bandedKernels(weights, outChannels, block);
  const images = channelParts(inBlocks(planes, block), kernels.length);
  return outOfBlocks(kernels.map((kernel, channel) => tf.conv2d(part(images, channel), kernel, 1, "valid")));
}

function part(parts: readonly tf.Tensor[], channel: number): tf.Tensor4D {
  return parts[channel] as tf.Tensor4D;
}

/** Full correlation of dy with the mirrored kernels. */
function gradientToPlanes(dy: tf.Tensor, weights: tf.Tensor3D, { outChannels, block }: CorrelationLayout): tf.Tensor {
  const kernels = bandedKernels(weights, outChannels, block);
  const images = channelParts(inBlocks(dy, block * outChannels), kernels.length);
  const gradients = kernels.map((kernel, channel) => {
    const [height, blocks] = kernel.shape;
    const mirrored = tf.transpose(tf.reverse(kernel, [0, 1]), [0, 1, 3, 2]);
    return tf.conv2d(part(images, channel), mirrored, 1, [
      [0, 0],
      [height - 1, height - 1],
      [blocks - 1, blocks - 1],
      [0, 0],
    ]);
  });
  return outOfBlocks(gradients);
}

/**
 * One valid convolution per input channel with changed roles: the columns of a block are the images of a batch, the batch
 * is the channels that are summed over, and dy is the kernel.
 */
function gradientToWeights(
  dy: tf.Tensor,
  planes: tf.Tensor,
  weights: tf.Tensor3D,
  { outChannels, block }: CorrelationLayout,
): tf.Tensor {
  const [kernels, kernelHeight, kernelWidth] = weights.shape;
  const inChannels = kernels / outChannels;
  const images = rolesOfInput(planes, inChannels, block);
  const kernelsOfDy = rolesOfGradient(dy, inChannels, block * outChannels);
  const bands = kernelsOfDy.map((kernel, channel) => tf.conv2d(part(images, channel), kernel, 1, "valid"));
  return kernelsOfBands(bands, [kernels, kernelHeight, kernelWidth], outChannels, block);
}

/** Per input channel [block, height, blocks, batch]. */
function rolesOfInput(planes: tf.Tensor, inChannels: number, block: number): tf.Tensor[] {
  const [images = 0, height = 0, width = 0] = planes.shape;
  const batch = images / inChannels;
  const blocks = width / block;
  const columnsFirst = tf.transpose(tf.reshape(planes, [inChannels, batch, height * blocks, block]), [0, 3, 2, 1]);
  return channelParts(tf.reshape(columnsFirst, [inChannels * block, height, blocks, batch]), inChannels);
}

/** Per input channel [height, blocks, batch, block]. */
function rolesOfGradient(dy: tf.Tensor, inChannels: number, block: number): tf.Tensor4D[] {
  const [images = 0, height = 0, width = 0] = dy.shape;
  const batch = images / inChannels;
  const blocks = width / block;
  const positionsFirst = tf.transpose(tf.reshape(dy, [inChannels, batch, height * blocks, block]), [0, 2, 1, 3]);
  const shaped = tf.reshape(positionsFirst, [inChannels * height, blocks, batch, block]);
  return channelParts(shaped, inChannels) as tf.Tensor4D[];
}
