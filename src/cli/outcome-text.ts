/** Answers as text and as JSON. */
import { InternalError, unreachable } from "../diagnostics.js";
import { activate } from "../model/activation.js";
import type { Activation } from "../model/types.js";
import { type BitImage, getPixel } from "../morph/bit-image.js";
import { bitLength } from "../morph/integers.js";
import type { Outcome } from "../morph/picture.js";

/** What the integer scores of a read-out stand for: z = 2^exponent · integer, and ξ(z) is the model's score. */
export interface Scoring {
  readonly exponent: number;
  /** ξ of each class. */
  readonly activation: readonly Activation[];
}

/** One line; `scoring` may be null where there are no scores. */
export function describeOutcome(outcome: Outcome, scoring: Scoring | null): string {
  switch (outcome.kind) {
    case "images": {
      const [first] = outcome.images;
      const size = `${first?.height ?? 0}×${first?.width ?? 0}`;
      const counts = outcome.images.map(countSet).join(", ");
      return `${outcome.images.length === 1 ? "1 image" : `${outcome.images.length} images`} of ${size}, pixels set: ${counts}`;
    }
    case "bits":
      return outcome.bits.join("");
    case "scores": {
      const { z, score } = readScores(outcome.scores, scoring);
      return `class ${outcome.class}, z = ${z.join(" ")}, score = ${score.join(" ")}`;
    }
    default:
      return unreachable(outcome);
  }
}

/** Fields in JSON; `scores` are the exact integers, `z` the pre-activations they stand for, `score` is ξ(z). */
export function outcomeFields(outcome: Outcome, scoring: Scoring | null): object {
  switch (outcome.kind) {
    case "images": {
      const images = outcome.images.map((image) => ({
        height: image.height,
        width: image.width,
        pixelsSet: countSet(image),
      }));
      return { kind: "images", images };
    }
    case "bits":
      return { kind: "bits", bits: outcome.bits.join("") };
    case "scores":
      return {
        kind: "scores",
        class: outcome.class,
        scores: outcome.scores,
        exponent: scoring?.exponent,
        ...readScores(outcome.scores, scoring),
      };
    default:
      return unreachable(outcome);
  }
}

function readScores(
  integers: readonly bigint[],
  scoring: Scoring | null,
): { readonly z: readonly number[]; readonly score: readonly number[] } {
  if (scoring === null) throw new InternalError("scores of a network without a read-out");
  const z = integers.map((integer) => dyadicToNumber(integer, scoring.exponent));
  return { z, score: z.map((each, label) => activate(scoring.activation[label] ?? "identity", each)) };
}

function countSet(image: BitImage): number {
  let count = 0;
  for (let row = 0; row < image.height; row++) {
    for (let column = 0; column < image.width; column++) count += getPixel(image, row, column);
  }
  return count;
}

/** The double nearest to `value · 2^exponent`, up to the rounding of 60-bit integers. */
export function dyadicToNumber(value: bigint, exponent: number): number {
  const magnitude = value < 0n ? -value : value;
  const dropped = Math.max(bitLength(value) - 60, 0);
  const significand = Number(magnitude >> BigInt(dropped));
  const power = exponent + dropped;
  // In two steps, as one power of two can be out of range where the result is not.
  const half = Math.trunc(power / 2);
  const scaled = significand * 2 ** half * 2 ** (power - half);
  return value < 0n ? -scaled : scaled;
}
