/** Two answers to one picture, compared. */
import { type BitImage, countDifferences } from "../morph/bit-image.js";
import type { Outcome } from "../morph/picture.js";

/** How two answers to one picture differ. */
export interface Difference {
  /** Differing pixels of images, differing elements of a vector, differing scores; 0 when equal. */
  readonly count: number;
  /** One line, or null when equal. */
  readonly text: string | null;
}

const EQUAL: Difference = { count: 0, text: null };

export function compareOutcomes(expected: Outcome, actual: Outcome): Difference {
  if (expected.kind === "images" && actual.kind === "images") return compareImages(expected.images, actual.images);
  if (expected.kind === "bits" && actual.kind === "bits") return compareBits(expected.bits, actual.bits);
  if (expected.kind === "scores" && actual.kind === "scores") return compareScores(expected, actual);
  return { count: 1, text: `expected ${expected.kind}, got ${actual.kind}` };
}

function compareImages(expected: readonly BitImage[], actual: readonly BitImage[]): Difference {
  if (sizesOf(expected) !== sizesOf(actual)) {
    return { count: 1, text: `expected images of ${sizesOf(expected)}, got ${sizesOf(actual)}` };
  }
  const counts = expected.map((image, index) => {
    const other = actual[index];
    return other === undefined ? 0 : countDifferences(image, other);
  });
  const count = counts.reduce((sum, each) => sum + each, 0);
  const dirty = actual.findIndex((image) => !hasCleanTail(image));
  if (count === 0 && dirty >= 0) return { count: 1, text: `tail bits of output ${dirty} are not zero` };
  if (count === 0) return EQUAL;
  const pixels = expected.reduce((sum, image) => sum + image.height * image.width, 0);
  return { count, text: `${count} of ${pixels} pixels differ (by output: ${counts.join(", ")})` };
}

function sizesOf(images: readonly BitImage[]): string {
  return images.map((image) => `${image.height}×${image.width}`).join(", ");
}

/** Tail bits are promised to be zero in every output. */
function hasCleanTail(image: BitImage): boolean {
  const tail = image.width & 31;
  if (tail === 0) return true;
  for (let index = image.strideWords - 1; index < image.words.length; index += image.strideWords) {
    if ((image.words[index] ?? 0) >>> tail !== 0) return false;
  }
  return true;
}

function compareBits(expected: Uint8Array, actual: Uint8Array): Difference {
  if (expected.length !== actual.length) {
    return { count: 1, text: `expected ${expected.length} bits, got ${actual.length}` };
  }
  const count = expected.reduce((sum, bit, index) => sum + (bit === actual[index] ? 0 : 1), 0);
  return count === 0 ? EQUAL : { count, text: `${count} of ${expected.length} bits differ` };
}

type Scores = Extract<Outcome, { kind: "scores" }>;

function compareScores(expected: Scores, actual: Scores): Difference {
  const classes = Math.max(expected.scores.length, actual.scores.length);
  let count = 0;
  for (let index = 0; index < classes; index++) if (expected.scores[index] !== actual.scores[index]) count++;
  if (expected.class !== actual.class) {
    return { count: count + 1, text: `expected class ${expected.class}, got ${actual.class}; ${count} scores differ` };
  }
  return count === 0 ? EQUAL : { count, text: `${count} of ${classes} scores differ` };
}
