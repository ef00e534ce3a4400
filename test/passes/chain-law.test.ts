/** The border condition of chains against every frame and enough pictures to tell any two sets of pixels apart. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BitImage, buildBitImage, countDifferences } from "../../src/morph/bit-image.js";
import type { BorderRule } from "../../src/morph/border.js";
import { dilate, erode } from "../../src/morph/operators.js";
import { type Offset, parseElement } from "../../src/morph/structuring-element.js";
import { chainHolds, isBoxed } from "../../src/passes/chain-law.js";
import { elementOf, offsetsOf, sumOf } from "../../src/passes/element-sets.js";

const SEED = Number(process.env["FC_SEED"] ?? 20261127);
const RUNS = Number(process.env["FC_RUNS"] ?? 60);

/** Rows and columns up to which frames are tried: as many as the sums of the elements below may have. */
const MOST_SIDE = 7;

/**
 * Whether two operations in turn equal the one by the sum, on every frame. An erosion is an intersection of pixels, a dilation a
 * union: two of them are equal if they are so on every picture with one pixel other than the rest, and on the rest alone.
 */
function chainHoldsByTrial(
  kind: "erosion" | "dilation",
  border: BorderRule,
  inner: readonly Offset[],
  outer: readonly Offset[],
): boolean {
  const apply = kind === "erosion" ? erode : dilate;
  const [a, b, sum] = [elementOf(inner)!, elementOf(outer)!, elementOf(sumOf(inner, outer))!];
  const rest = kind === "erosion" ? 1 : 0;
  for (let height = 1; height <= MOST_SIDE; height++) {
    for (let width = 1; width <= MOST_SIDE; width++) {
      for (let pixel = -1; pixel < height * width; pixel++) {
        const picture: BitImage = buildBitImage(height, width, (row, column) =>
          row * width + column === pixel ? 1 - rest : rest,
        );
        const twice = apply(apply(picture, a, border), b, border);
        if (countDifferences(twice, apply(picture, sum, border)) > 0) return false;
      }
    }
  }
  return true;
}

/** Elements of up to six members that reach so far. */
const offsets = (reach: number): fc.Arbitrary<Offset[]> =>
  fc.uniqueArray(
    fc.record({
      row: fc.integer({ min: -reach, max: reach }),
      column: fc.integer({ min: -reach, max: reach }),
    }),
    { minLength: 1, maxLength: 6, selector: ({ row, column }) => `${row} ${column}` },
  );

describe.each(["erosion", "dilation"] as const)("two %ss in turn", (kind) => {
  test.each(["replicate", "zeros"] as const)(
    `with the border %s are one exactly where the condition says so, seed ${SEED}`,
    (border) => {
      let held = 0;
      fc.assert(
        fc.property(
          fc.constantFrom(1, 2).chain((reach) => fc.tuple(offsets(reach), offsets(3 - reach))),
          ([inner, outer]) => {
            const holds = chainHolds(kind, border, inner, outer);
            if (holds) held++;
            expect(chainHoldsByTrial(kind, border, inner, outer)).toBe(holds);
          },
        ),
        { seed: SEED, numRuns: RUNS },
      );
      expect(held).toBeGreaterThan(0);
    },
  );
});

const element = (text: string): readonly Offset[] => offsetsOf(parseElement(text));
const CROSS = element('3x3@1,1 "010/111/010"');
const SQUARE = element('3x3@1,1 "111/111/111"');
const DIAGONAL = element('3x3@1,1 "100/010/001"');
const DOWN = element('1x1@-1,0 "1"');
const UP = element('1x1@1,0 "1"');
const ROW = element('1x5@0,2 "11111"');
const COMB = element('1x11@0,5 "10000100001"');

describe("chains of named elements", () => {
  test.each([
    ["a cross and a square", CROSS, SQUARE, { replicate: [true, true], zeros: [true, true] }],
    ["a row and a comb", ROW, COMB, { replicate: [true, true], zeros: [true, false] }],
    ["a shift down and one up", DOWN, UP, { replicate: [false, false], zeros: [false, false] }],
    ["two shifts down", DOWN, DOWN, { replicate: [true, true], zeros: [true, true] }],
    ["two diagonals", DIAGONAL, DIAGONAL, { replicate: [false, false], zeros: [true, true] }],
    ["a shift down, then a square", DOWN, SQUARE, { replicate: [false, false], zeros: [false, false] }],
    ["a square, then a shift down", SQUARE, DOWN, { replicate: [false, false], zeros: [true, false] }],
  ] as const)("%s", (_, inner, outer, expected) => {
    for (const border of ["replicate", "zeros"] as const) {
      const holds = (["erosion", "dilation"] as const).map((kind) => chainHolds(kind, border, inner, outer));
      expect({ border, holds }).toEqual({ border, holds: expected[border] });
    }
  });

  test("of many members are not looked at for ever", () => {
    const wide = element(`255x255@127,127 "${Array.from({ length: 255 }, () => "1".repeat(255)).join("/")}"`);
    expect(chainHolds("erosion", "replicate", wide, wide)).toBe(false);
    expect(chainHolds("dilation", "zeros", wide, ROW)).toBe(false);
  });

  test("boxed is what holds the rectangle from the origin to each member", () => {
    expect([CROSS, SQUARE, ROW].map(isBoxed)).toEqual([true, true, true]);
    expect([DIAGONAL, DOWN, COMB].map(isBoxed)).toEqual([false, false, false]);
  });
});
