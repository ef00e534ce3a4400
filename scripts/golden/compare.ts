/** Compares what a compiled network answered with what it should have. */
import { activate } from "../../src/model/activation.js";
import { countDifferences } from "../../src/morph/bit-image.js";
import type { Outcome } from "../../src/morph/picture.js";
import type { ScoresOutput } from "../../src/word/node.js";
import type { GoldenOutcome } from "./format.js";
import { type HardOutcome, scoresInUnits } from "./hard-threshold.js";

/** Agreement demanded of recorded scores, which were computed in float32. */
const SCORE_TOLERANCE = 1e-4;

/** Pixels, bits, scores or classes that differ from an exactly computed outcome. */
export function differencesFromExact(actual: Outcome, expected: HardOutcome, scores: ScoresOutput | null): number {
  if (actual.kind === "scores" && expected.kind === "scores" && scores !== null) {
    const exact = scoresInUnits(expected, scores.exponent);
    const wrong = actual.scores.filter((score, label) => score !== exact?.[label]).length;
    return wrong + (actual.class === expected.class ? 0 : 1);
  }
  if (actual.kind === "images" && expected.kind === "images") return imageDifferences(actual.images, expected.images);
  if (actual.kind === "bits" && expected.kind === "bits") return bitDifferences(actual.bits, expected.bits);
  throw new Error(`${actual.kind} cannot be compared with ${expected.kind}`);
}

/** The same for a recorded outcome: scores within the tolerance, classes equal. */
export function differencesFromRecorded(actual: Outcome, expected: GoldenOutcome, scores: ScoresOutput | null): number {
  switch (expected.kind) {
    case "images":
      if (actual.kind === "images") return imageDifferences(actual.images, expected.images);
      break;
    case "bits":
      if (actual.kind === "bits") {
        return bitDifferences(actual.bits, expected.bits) + (firstSet(actual.bits) === expected.class ? 0 : 1);
      }
      break;
    case "scores":
      if (actual.kind === "scores" && scores !== null) {
        const wrong = actual.scores.filter((score, label) => {
          const preActivation = Number(score) * 2 ** scores.exponent;
          const value = activate(scores.activation[label] ?? "identity", preActivation);
          return !(Math.abs(value - (expected.scores[label] ?? Number.NaN)) <= SCORE_TOLERANCE);
        }).length;
        return wrong + (actual.class === expected.class ? 0 : 1);
      }
      break;
    case "class":
      if (actual.kind === "bits") return firstSet(actual.bits) === expected.class ? 0 : 1;
      if (actual.kind === "scores") return actual.class === expected.class ? 0 : 1;
      break;
  }
  throw new Error(`${actual.kind} cannot be compared with ${expected.kind}`);
}

/** The class of an output of bits: the first that is set, or 0. */
function firstSet(bits: Uint8Array): number {
  return Math.max(0, bits.indexOf(1));
}

function imageDifferences(
  actual: Extract<Outcome, { readonly kind: "images" }>["images"],
  expected: Extract<Outcome, { readonly kind: "images" }>["images"],
): number {
  if (actual.length !== expected.length) throw new Error("another number of output channels");
  return actual.reduce((sum, image, channel) => {
    const other = expected[channel];
    return other === undefined ? sum : sum + countDifferences(image, other);
  }, 0);
}

function bitDifferences(actual: Uint8Array, expected: Uint8Array): number {
  if (actual.length !== expected.length) throw new Error("another number of output bits");
  return actual.reduce((sum, bit, index) => sum + (bit === expected[index] ? 0 : 1), 0);
}
