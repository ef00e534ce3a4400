import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { unionOfErosions } from "../../../src/binarize/threshold/prime-implicants.js";

const neuron = fc
  .record({
    weights: fc.array(fc.nat({ max: 9 }), { minLength: 0, maxLength: 10 }),
    part: fc.double({ min: -0.1, max: 1.1, noNaN: true }),
  })
  .map(({ weights, part }) => ({
    weights,
    bound: Math.floor(part * weights.reduce((sum, weight) => sum + weight, 0)),
  }));

const membersOf = (mask: number): number[] =>
  Array.from({ length: 10 }, (_, index) => index).filter((index) => ((mask >> index) & 1) === 1);

/** The minimal ones among the masks that pass. */
function minimal(inputs: number, passes: (mask: number) => boolean): number[][] {
  const passing = Array.from({ length: 2 ** inputs }, (_, mask) => mask).filter(passes);
  return passing.filter((mask) => membersOf(mask).every((index) => !passes(mask & ~(1 << index)))).map(membersOf);
}

const sorted = (sets: readonly number[][]): string[] => sets.map((set) => set.join(" ")).sort();

describe("prime implicants", () => {
  test("are the minimal true sets", () => {
    fc.assert(
      fc.property(neuron, ({ weights, bound }) => {
        const inputs = weights.length;
        const isTrue = (mask: number): boolean =>
          membersOf(mask).reduce((sum, index) => sum + (weights[index] ?? 0), 0) > bound;
        const everything = Number.POSITIVE_INFINITY;
        expect(sorted(unionOfErosions(weights, bound, everything) ?? [])).toEqual(sorted(minimal(inputs, isTrue)));
      }),
      { numRuns: 400 },
    );
  });

  test("null beyond the limit, and only there", () => {
    fc.assert(
      fc.property(neuron, fc.integer({ min: 0, max: 16 }), ({ weights, bound }, limit) => {
        const all = unionOfErosions(weights, bound, Number.POSITIVE_INFINITY) ?? [];
        expect(unionOfErosions(weights, bound, limit)).toEqual(all.length <= limit ? all : null);
      }),
      { numRuns: 400 },
    );
  });

  test.each<readonly [string, number[], number, number[][] | null]>([
    ["an erosion", [1, 0, 1, 1], 2, [[0, 2, 3]]],
    ["a dilation", [1, 0, 1], 0, [[0], [2]]],
    [
      "a median of three",
      [1, 1, 1],
      1,
      [
        [0, 1],
        [0, 2],
        [1, 2],
      ],
    ],
    ["always false", [1, 2], 3, []],
    ["always true", [1, 2], -1, [[]]],
  ])("%s", (_, weights, bound, erosions) => {
    expect(unionOfErosions(weights, bound, 16)).toEqual(erosions);
  });

  test("many inputs cost no more than what is found", () => {
    const inputs = 4096;
    const ones = Array.from({ length: inputs }, () => 1);
    expect(unionOfErosions(ones, inputs / 2, 16)).toBeNull();
    expect(unionOfErosions(ones, inputs - 1, 16)).toEqual([ones.map((_, index) => index)]);
    expect(unionOfErosions(ones, 0, inputs)).toHaveLength(inputs);
    const nested = Array.from({ length: 40 }, (_, index) => 2 ** index);
    expect(unionOfErosions(nested, 2 ** 40 - 4, 16)).toHaveLength(2);
  });
});
