import * as tf from "@tensorflow/tfjs";

/**
 * Kernels for blocks of columns: with `block` neighbouring columns as the channels of one pixel, the correlation of rows
 * with w is a convolution whose kernel is the banded (Toeplitz) matrix `K[input column, output column] =
 * w[input column − output column]`, cut into blocks of input columns.
 */

/**
 * Columns in a block. A convolution with one channel in and out fills one of the eight lanes of a fast matrix product; taken
 * as channels, 8 neighbouring columns fill them all, at the price of a kernel widened with zeros to whole blocks: on 32
 * images of 50×50 under 7×7 this is five times as fast as the plain convolution. 4 columns waste less on zeros, and fill the
 * lanes if there are several output channels.
 */
export function blockFor(kernelWidth: number, outChannels: number): number {
  const narrow = blocksUnder(kernelWidth, 4) * 4;
  const wide = blocksUnder(kernelWidth, 8) * 8;
  return outChannels > 1 && narrow <= (2 / 3) * wide ? 4 : 8;
}

/** Blocks of input columns that a block of output columns reads. */
export function blocksUnder(kernelWidth: number, block: number): number {
  return Math.ceil((block + kernelWidth - 1) / block);
}

/** [kernel width, blocks · block · block]: 1 where an entry of the banded matrix is the k-th weight of a row. */
function bandBasis(kernelWidth: number, block: number): tf.Tensor2D {
  const columns = blocksUnder(kernelWidth, block) * block;
  const basis = new Float32Array(kernelWidth * columns * block);
  for (let k = 0; k < kernelWidth; k++) {
    for (let output = 0; output < block; output++) basis[(k * columns + output + k) * block + output] = 1;
  }
  return tf.tensor2d(basis, [kernelWidth, columns * block]);
}

/**
 * Per input channel [kernel height, blocks, block, block · outChannels], the output channels innermost.
 * @param weights [inChannels · outChannels, kernel height, kernel width]
 */
export function bandedKernels(weights: tf.Tensor3D, outChannels: number, block: number): tf.Tensor4D[] {
  const [kernels, height, width] = weights.shape;
  const inChannels = kernels / outChannels;
  const blocks = blocksUnder(width, block);
  const bands = tf.matMul(tf.reshape(weights, [kernels * height, width]), bandBasis(width, block));
  const grouped = tf.reshape(bands, [inChannels, outChannels, height * blocks * block * block]);
  const innermost = tf.transpose(grouped, [0, 2, 1]);
  const shaped = tf.reshape(innermost, [inChannels * height, blocks, block, block * outChannels]);
  return inChannels === 1 ? [shaped as tf.Tensor4D] : (tf.split(shaped, inChannels, 0) as tf.Tensor4D[]);
}

/**
 * The transpose of {@link bandedKernels}: every weight's sum over its places in the bands.
 * @param bands per input channel [block, kernel height, blocks, block · outChannels], the input column within a block first
 * @param shape of the weights
 */
export function kernelsOfBands(
  bands: readonly tf.Tensor[],
  shape: readonly [number, number, number],
  outChannels: number,
  block: number,
): tf.Tensor {
  const [kernels, height, width] = shape;
  const blocks = blocksUnder(width, block);
  const perChannel = bands.map((band) =>
    tf.transpose(tf.reshape(band, [block, height * blocks, block, outChannels]), [3, 1, 0, 2]),
  );
  const rows = tf.reshape(tf.concat(perChannel, 0), [kernels * height, blocks * block * block]);
  return tf.reshape(tf.matMul(rows, tf.transpose(bandBasis(width, block))), [kernels, height, width]);
}
