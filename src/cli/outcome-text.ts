/** Answers as text and as JSON. */
import { unreachable } from "../diagnostics.js";
import { type BitImage, getPixel } from "../morph/bit-image.js";
import { bitLength } from "../morph/integers.js";
import type { Outcome } from "../morph/picture.js";

/** One line; `exponent` is the power of two that scores count in. */
export function describeOutcome(outcome: Outcome, exponent: number | null): string {
  switch (outcome.kind) {
    case "images": {
      const [first] = outcome.images;
      const size = `${first?.height ?? 0}×${first?.width ?? 0}`;
      const counts = outcome.images.map(countSet).join(", ");
      return `${outcome.images.length === 1 ? "1 image" : `${outcome.images.length} images`} of ${size}, pixels set: ${counts}`;
    }
    case "bits":
      return outcome.bits.join("");
    case "scores":
      return `class ${outcome.class}, z = ${outcome.scores.map((score) => dyadicToNumber(score, exponent ?? 0)).join(" ")}`;
    default:
      return unreachable(outcome);
  }
}

/** Fields in JSON; `scores` are the exact integers, `preactivations` what they stand for. */
export function outcomeFields(outcome: Outcome, exponent: number | null): object {
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
        exponent,
        preactivations: outcome.scores.map((score) => dyadicToNumber(score, exponent ?? 0)),
      };
    default:
      return unreachable(outcome);
  }
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
