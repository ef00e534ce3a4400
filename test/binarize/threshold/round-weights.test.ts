import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { roundToBits } from "../../../src/binarize/threshold/round-weights.js";
import { subsetSums } from "../exact-numbers.js";
import { arbitraryThreshold, exactOf, smallTruth, truth } from "./patterns.js";

const cases = fc.tuple(
  fc.oneof(arbitraryThreshold(12, 24), arbitraryThreshold(8, 60), arbitraryThreshold(8, 3)),
  fc.integer({ min: 1, max: 10 }),
);

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

describe("roundToBits", () => {
  test("differs from the exact function only within the worst error, and its pre-activation is that near", () => {
    let different = 0;
    fc.assert(
      fc.property(cases, ([exact, bits]) => {
        const rounded = roundToBits(exact.weights, exact.bound, bits);
        expect(rounded.weights.every((weight) => Number.isInteger(weight) && weight >= 0 && weight < 2 ** bits)).toBe(
          true,
        );
        const [wanted, got] = [truth(exact), smallTruth(rounded)];
        const sums = subsetSums(exact.weights);
        const smallSums = subsetSums(rounded.weights.map(BigInt));
        const most = BigInt(Math.floor(rounded.worstError));
        sums.forEach((sum, pattern) => {
          if (wanted[pattern] !== got[pattern]) {
            different++;
            expect(magnitude(sum - exact.bound) <= most).toBe(true);
          }
          const preActivation = rounded.scale * (Number(smallSums[pattern]) - rounded.bound - 0.5);
          const allowed = rounded.worstError + rounded.scale / 2;
          expect(Math.abs(Number(sum - exact.bound) - preActivation)).toBeLessThanOrEqual(allowed * (1 + 1e-9));
        });
      }),
      { numRuns: 400 },
    );
    expect(different).toBeGreaterThan(50);
  });

  test("is no worse than scaling the largest weight to the largest rounded one, with the best bound", () => {
    fc.assert(
      fc.property(cases, ([exact, bits]) => {
        const weights = exact.weights.map(Number);
        const scale = Math.max(...weights) / (2 ** bits - 1);
        const rounded = weights.map((weight) => Math.round(weight / scale));
        const errors = weights.map((weight, index) => weight - scale * rounded[index]!);
        const above = errors.reduce((sum, error) => sum + Math.max(0, error), 0);
        const below = errors.reduce((sum, error) => sum + Math.max(0, -error), 0);
        const total = rounded.reduce((sum, weight) => sum + weight, 0);
        let least = Number.POSITIVE_INFINITY;
        for (let bound = -1; bound <= total; bound++) {
          const worst = Math.max(
            0,
            scale * bound + above - Number(exact.bound),
            Number(exact.bound) - scale * (bound + 1) + below,
          );
          least = Math.min(least, worst);
        }
        const allowed =
          least + 1e-9 * (weights.reduce((sum, weight) => sum + weight, 0) + Math.abs(Number(exact.bound)));
        expect(roundToBits(exact.weights, exact.bound, bits).worstError).toBeLessThanOrEqual(allowed);
      }),
      { numRuns: 300 },
    );
  });

  test("weights that have the bits are kept", () => {
    const unit = 0.123;
    const multiples = [1, 3, 2, 0.001, 3, 1, 2];
    const exact = exactOf(
      multiples.map((multiple) => unit * multiple),
      unit * 5.5,
    );
    const rounded = roundToBits(exact.weights, exact.bound, 2);
    expect(rounded.weights).toEqual([1, 3, 2, 0, 3, 1, 2]);
    expect(rounded.bound).toBe(5);
    expect(rounded.worstError).toBe(0);
  });

  test("more bits, less error", () => {
    const exact = exactOf(
      Array.from({ length: 49 }, (_, index) => 0.2 + ((index * 0.618034) % 1)),
      17,
    );
    const errors = [2, 4, 6, 8, 10, 12].map((bits) => roundToBits(exact.weights, exact.bound, bits).worstError);
    expect(errors).toEqual([...errors].sort((a, b) => b - a));
    expect(errors[5]! / errors[0]!).toBeLessThan(0.01);
  });

  test("no weights", () => {
    expect(roundToBits([], -1n, 4)).toMatchObject({ weights: [], bound: -1 });
    expect(roundToBits([], 0n, 4)).toMatchObject({ weights: [], bound: 0 });
  });
});
