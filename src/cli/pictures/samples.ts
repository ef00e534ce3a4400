/** Samples of 1, 2 or 4 bits to bytes and back to bits, by tables: a picture has millions of them. */
import { type BitImage, createBitImage } from "../../morph/bit-image.js";

/** For every byte, the samples of `depth` bits in it, most significant first, times `scale`. */
function samplesOfBytes(depth: number, scale: number): Uint8Array {
  const perByte = 8 / depth;
  return Uint8Array.from({ length: 256 * perByte }, (_, index) => {
    const shift = 8 - depth * ((index % perByte) + 1);
    return ((Math.floor(index / perByte) >>> shift) & (2 ** depth - 1)) * scale;
  });
}

/**
 * One byte a sample, times `scale`, from rows of whole bytes with samples of 1, 2 or 4 bits, the first one in the most
 * significant bits, as PNG and PBM have them.
 */
export function unpackSamples(
  data: Uint8Array,
  height: number,
  width: number,
  depth: 1 | 2 | 4,
  scale: number,
): Uint8Array {
  const table = samplesOfBytes(depth, scale);
  const perByte = 8 / depth;
  const rowBytes = Math.ceil(width / perByte);
  const samples = new Uint8Array(height * width);
  for (let row = 0; row < height; row++) {
    const end = (row + 1) * width;
    let place = row * width;
    for (let index = row * rowBytes; place < end; index++) {
      const first = (data[index] ?? 0) * perByte;
      const count = Math.min(perByte, end - place);
      for (let sample = 0; sample < count; sample++) samples[place++] = table[first + sample] ?? 0;
    }
  }
  return samples;
}

/** The image of the samples that are at least `least`. */
export function imageOfSamples(samples: Uint8Array, height: number, width: number, least: number): BitImage {
  const image = createBitImage(height, width);
  const { words, strideWords } = image;
  for (let row = 0; row < height; row++) {
    const end = (row + 1) * width;
    let place = row * width;
    for (let index = row * strideWords; place < end; index++) {
      const count = Math.min(32, end - place);
      let word = 0;
      for (let bit = 0; bit < count; bit++) if ((samples[place++] ?? 0) >= least) word |= 1 << bit;
      words[index] = word;
    }
  }
  return image;
}

/** Index of the first sample that is neither 0 nor 255, or −1. */
export function findGray(samples: Uint8Array): number {
  for (let index = 0; index < samples.length; index++) {
    // 0 and 255 are those that a byte's wrapping takes to 1 and 0.
    if ((((samples[index] ?? 0) + 1) & 0xff) > 1) return index;
  }
  return -1;
}

/** Of every byte, its bits in the other order. */
const REVERSED = Uint8Array.from({ length: 256 }, (_, byte) => {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit++) reversed |= ((byte >>> bit) & 1) << (7 - bit);
  return reversed;
});

/** Rows of ⌈width/8⌉ bytes, most significant bit first, as PNG and PBM have them; bits beyond the width are 0. */
export function packRows({ height, width, strideWords, words }: BitImage): Uint8Array {
  const rowBytes = Math.ceil(width / 8);
  const bytes = new Uint8Array(rowBytes * height);
  const lastMask = (0xff << (rowBytes * 8 - width)) & 0xff;
  for (let row = 0; row < height; row++) {
    const first = row * rowBytes;
    for (let index = 0; index < rowBytes; index++) {
      const word = words[row * strideWords + (index >>> 2)] ?? 0;
      bytes[first + index] = REVERSED[(word >>> (8 * (index & 3))) & 0xff] ?? 0;
    }
    if (rowBytes > 0) bytes[first + rowBytes - 1] = (bytes[first + rowBytes - 1] ?? 0) & lastMask;
  }
  return bytes;
}
