/**
 * The operators of mathematical morphology on one binary image, as references to learn from and to compare with.
 *
 * An element means what the textbook says, not what a kernel does: X ⊖ B = {x : x + b ∈ X for every b} and
 * X ⊕ B = {x : x − b ∈ X for some b} (docs/ir.md). The border rule holds for every erosion and dilation anew, and each
 * result is cut to the frame, as it is between two layers of a network.
 */
import { unreachable } from "../diagnostics.js";
import { type BitImage, createBitImage, getPixel, WORD_BITS } from "./bit-image.js";
import type { BorderRule } from "./border.js";
import { elementOffsets, type Offset, type StructuringElement } from "./structuring-element.js";

export const MORPHOLOGICAL_OPERATORS = [
  "dilation",
  "erosion",
  "opening",
  "closing",
  "white-tophat",
  "black-tophat",
] as const;

export type MorphologicalOperator = (typeof MORPHOLOGICAL_OPERATORS)[number];

/** The image that `operator` makes by `element`. */
export function applyOperator(
  operator: MorphologicalOperator,
  image: BitImage,
  element: StructuringElement,
  border: BorderRule,
): BitImage {
  switch (operator) {
    case "dilation":
      return dilate(image, element, border);
    case "erosion":
      return erode(image, element, border);
    case "opening":
      return dilate(erode(image, element, border), element, border);
    case "closing":
      return erode(dilate(image, element, border), element, border);
    case "white-tophat":
      return difference(image, applyOperator("opening", image, element, border));
    case "black-tophat":
      return difference(applyOperator("closing", image, element, border), image);
    default:
      return unreachable(operator);
  }
}

/** X ⊖ B; everywhere if B is empty. */
export function erode(image: BitImage, element: StructuringElement, border: BorderRule): BitImage {
  const result = createBitImage(image.height, image.width);
  result.words.fill(0xffffffff);
  gather(image, elementOffsets(element), border, (index, word) => {
    result.words[index] = (result.words[index] ?? 0) & word;
  });
  clearTails(result);
  return result;
}

/** X ⊕ B; nowhere if B is empty. */
export function dilate(image: BitImage, element: StructuringElement, border: BorderRule): BitImage {
  const result = createBitImage(image.height, image.width);
  const offsets = elementOffsets(element).map(({ row, column }) => ({ row: -row, column: -column }));
  gather(image, offsets, border, (index, word) => {
    result.words[index] = (result.words[index] ?? 0) | word;
  });
  clearTails(result);
  return result;
}

/** The points of `image` that are not in `other`; both have one size. */
function difference(image: BitImage, other: BitImage): BitImage {
  const result = createBitImage(image.height, image.width);
  for (let index = 0; index < result.words.length; index++) {
    result.words[index] = (image.words[index] ?? 0) & ~(other.words[index] ?? 0);
  }
  clearTails(result);
  return result;
}

/** Calls `take` with every word of `image` read at every offset, 32 pixels at once; tails of rows hold anything. */
function gather(
  image: BitImage,
  offsets: readonly Offset[],
  border: BorderRule,
  take: (index: number, word: number) => void,
): void {
  const { height, strideWords } = image;
  const reach = offsets.reduce((most, { row, column }) => Math.max(most, Math.abs(row), Math.abs(column)), 0);
  const surrounded = surround(image, reach, border);
  for (const { row, column } of offsets) {
    const shift = column & 31;
    const first = (row + reach) * surrounded.stride + surrounded.marginWords + (column >> 5);
    for (let y = 0; y < height; y++) {
      for (let j = 0; j < strideWords; j++) {
        const at = first + y * surrounded.stride + j;
        const low = surrounded.words[at] ?? 0;
        const word = shift === 0 ? low : (low >>> shift) | ((surrounded.words[at + 1] ?? 0) << (32 - shift));
        take(y * strideWords + j, word);
      }
    }
  }
}

interface Surrounded {
  /** `height + 2 · reach` rows. */
  readonly words: Uint32Array;
  readonly stride: number;
  /** Whole words to the left of the frame's first column. */
  readonly marginWords: number;
}

/** The image with `reach` pixels around it, by the border rule. */
function surround(image: BitImage, reach: number, border: BorderRule): Surrounded {
  const { height, width, strideWords } = image;
  const marginWords = Math.ceil(reach / WORD_BITS);
  // One word more, as a shifted read takes the word after the last one.
  const stride = strideWords + 2 * marginWords + 1;
  const words = new Uint32Array((height + 2 * reach) * stride);
  if (width === 0 || height === 0) return { words, stride, marginWords };
  const tail = width & 31;
  const tailMask = tail === 0 ? 0xffffffff : (1 << tail) - 1;
  for (let y = 0; y < height; y++) {
    const start = (y + reach) * stride;
    const last = start + marginWords + strideWords - 1;
    words.set(image.words.subarray(y * strideWords, (y + 1) * strideWords), start + marginWords);
    words[last] = (words[last] ?? 0) & tailMask;
    if (border === "zeros") continue;
    if (getPixel(image, y, 0) === 1) words.fill(0xffffffff, start, start + marginWords);
    if (getPixel(image, y, width - 1) === 1) {
      words[last] = (words[last] ?? 0) | ~tailMask;
      words.fill(0xffffffff, last + 1, start + stride);
    }
  }
  if (border === "replicate") {
    for (let y = 0; y < reach; y++) {
      words.copyWithin(y * stride, reach * stride, (reach + 1) * stride);
      words.copyWithin((reach + height + y) * stride, (reach + height - 1) * stride, (reach + height) * stride);
    }
  }
  return { words, stride, marginWords };
}

function clearTails(image: BitImage): void {
  const tail = image.width & 31;
  if (tail === 0) return;
  for (let y = 1; y <= image.height; y++) {
    const last = y * image.strideWords - 1;
    image.words[last] = (image.words[last] ?? 0) & ((1 << tail) - 1);
  }
}
