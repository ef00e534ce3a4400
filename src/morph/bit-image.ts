import { InternalError } from "../diagnostics.js";
import type { BorderRule } from "./border.js";

/** Pixels in one word of every packed image at a public boundary. */
export const WORD_BITS = 32;

/** Words that hold `bits` bits: ⌈bits / 32⌉. */
export function wordsFor(bits: number): number {
  return Math.ceil(bits / WORD_BITS);
}

/**
 * A packed binary image, row-major: bit `i` of word `j` of a row is the pixel in column `32·j + i`, least significant
 * bit first. Rows are padded to whole words; the tail bits of a row are zero in every image made here and are ignored
 * in every image given to us.
 */
export interface BitImage {
  readonly height: number;
  readonly width: number;
  /** Words from one row to the next: ⌈width / 32⌉. */
  readonly strideWords: number;
  /** `height · strideWords` words. */
  readonly words: Uint32Array;
}

/** An image of zeros. */
export function createBitImage(height: number, width: number): BitImage {
  const strideWords = wordsFor(width);
  return { height, width, strideWords, words: new Uint32Array(height * strideWords) };
}

export function getPixel(image: BitImage, row: number, column: number): 0 | 1 {
  const word = image.words[row * image.strideWords + (column >>> 5)] ?? 0;
  return ((word >>> (column & 31)) & 1) as 0 | 1;
}

export function setPixel(image: BitImage, row: number, column: number, bit: number): void {
  const index = row * image.strideWords + (column >>> 5);
  const mask = 1 << (column & 31);
  const word = image.words[index] ?? 0;
  image.words[index] = bit === 0 ? word & ~mask : word | mask;
}

/** Pixel at any integer position, by the border rule outside the frame; an empty image reads as 0. */
export function readPixel(image: BitImage, row: number, column: number, border: BorderRule): 0 | 1 {
  const inside = row >= 0 && row < image.height && column >= 0 && column < image.width;
  if (inside) return getPixel(image, row, column);
  if (border === "zeros" || image.height === 0 || image.width === 0) return 0;
  const clampedRow = Math.min(Math.max(row, 0), image.height - 1);
  const clampedColumn = Math.min(Math.max(column, 0), image.width - 1);
  return getPixel(image, clampedRow, clampedColumn);
}

/** An image whose pixel at (row, column) is `bit(row, column)`. */
export function buildBitImage(
  height: number,
  width: number,
  bit: (row: number, column: number) => number | boolean,
): BitImage {
  const image = createBitImage(height, width);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (bit(row, column)) setPixel(image, row, column, 1);
    }
  }
  return image;
}

/** Image from one string of `0` and `1` per row. */
export function bitImageFromRows(rows: readonly string[]): BitImage {
  const width = rows[0]?.length ?? 0;
  if (rows.some((row) => row.length !== width)) throw new InternalError("rows of unequal length");
  return buildBitImage(rows.length, width, (row, column) => rows[row]?.[column] === "1");
}

/** One string of `0` and `1` per row. */
export function bitImageToRows(image: BitImage): string[] {
  return Array.from({ length: image.height }, (_, row) =>
    Array.from({ length: image.width }, (__, column) => String(getPixel(image, row, column))).join(""),
  );
}

/** The pixels, 0 or 1, row-major. */
export function bitImageToBits(image: BitImage): Uint8Array {
  const { height, width } = image;
  const bits = new Uint8Array(height * width);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) bits[row * width + column] = getPixel(image, row, column);
  }
  return bits;
}

/** Number of pixels in which two images of the same size differ; tail bits do not count. */
export function countDifferences(a: BitImage, b: BitImage): number {
  if (a.height !== b.height || a.width !== b.width) throw new InternalError("images of unequal size");
  const tail = a.width & 31;
  const tailMask = tail === 0 ? 0xffffffff : (1 << tail) - 1;
  let differences = 0;
  for (let index = 0; index < a.words.length; index++) {
    const last = index % a.strideWords === a.strideWords - 1;
    let difference = ((a.words[index] ?? 0) ^ (b.words[index] ?? 0)) & (last ? tailMask : -1);
    while (difference !== 0) {
      difference &= difference - 1;
      differences++;
    }
  }
  return differences;
}
