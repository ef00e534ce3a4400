import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type BitImage,
  bitImageFromRows,
  bitImageToRows,
  buildBitImage,
  countDifferences,
  createBitImage,
  getPixel,
  readPixel,
  setPixel,
  wordsFor,
} from "../../src/morph/bit-image.js";
import { arbitraryBitImage, WIDTHS } from "../support/arbitrary-module.js";

const rows = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom(...WIDTHS)).chain(([height, width]) => {
  const row = fc.string({ unit: fc.constantFrom("0", "1"), minLength: width, maxLength: width });
  return fc.array(row, { minLength: height, maxLength: height });
});

const image = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom(...WIDTHS))
  .chain(([height, width]) => arbitraryBitImage(height, width));

/** Bits of a row's last word beyond the width. */
function tailOf(source: BitImage, row: number): number {
  const last = source.words[(row + 1) * source.strideWords - 1]!;
  const used = source.width - 32 * (source.strideWords - 1);
  return Math.floor(last / 2 ** used);
}

test.each([
  [0, 0],
  [1, 1],
  [31, 1],
  [32, 1],
  [33, 2],
  [64, 2],
  [65, 3],
])("%i bits take %i words", (bits, words) => {
  expect(wordsFor(bits)).toBe(words);
});

describe("packed images", () => {
  test("put column 32·j + i into bit i of word j", () => {
    const packed = bitImageFromRows([`${"0".repeat(31)}11`, `1${"0".repeat(32)}`]);
    expect(packed).toEqual({ height: 2, width: 33, strideWords: 2, words: Uint32Array.of(0x80000000, 1, 1, 0) });
  });

  test("come back as the rows they were made from, with tail bits of zero", () => {
    fc.assert(
      fc.property(rows, (given) => {
        const packed = bitImageFromRows(given);
        expect(bitImageToRows(packed)).toEqual(given);
        for (const row of given.keys()) expect(tailOf(packed, row)).toBe(0);
      }),
    );
  });

  test("are built from a function of row and column", () => {
    const built = buildBitImage(3, 40, (row, column) => column === 13 * row + 1);
    const expected = [1, 14, 27].map((column) => `${"0".repeat(column)}1${"0".repeat(39 - column)}`);
    expect(bitImageToRows(built)).toEqual(expected);
  });

  test("refuse rows of unequal length", () => {
    expect(() => bitImageFromRows(["10", "1"])).toThrow("unequal length");
  });

  test("setPixel changes one pixel alone", () => {
    fc.assert(
      fc.property(image, fc.nat(), fc.nat(), fc.constantFrom(0, 1), (source, a, b, value) => {
        const row = a % source.height;
        const column = b % source.width;
        const before = bitImageToRows(source);
        const copy = { ...source, words: source.words.slice() };
        setPixel(copy, row, column, value);
        expect(getPixel(copy, row, column)).toBe(value);
        const text = before[row]!;
        before[row] = `${text.slice(0, column)}${value}${text.slice(column + 1)}`;
        expect(bitImageToRows(copy)).toEqual(before);
        for (let each = 0; each < source.height; each++) expect(tailOf(copy, each)).toBe(tailOf(source, each));
      }),
    );
  });
});

describe("readPixel", () => {
  const source = bitImageFromRows(["01", "10"]);
  const around = (border: "zeros" | "replicate"): string[] =>
    Array.from({ length: 6 }, (_, row) =>
      Array.from({ length: 6 }, (__, column) => readPixel(source, row - 2, column - 2, border)).join(""),
    );

  test("reads 0 outside by zeros", () => {
    expect(around("zeros")).toEqual(["000000", "000000", "000100", "001000", "000000", "000000"]);
  });

  test("reads the nearest pixel outside by replicate", () => {
    expect(around("replicate")).toEqual(["000111", "000111", "000111", "111000", "111000", "111000"]);
  });

  test("reads 0 from an image without pixels", () => {
    expect(readPixel(createBitImage(0, 3), 0, 0, "replicate")).toBe(0);
    expect(readPixel(createBitImage(3, 0), 1, -1, "replicate")).toBe(0);
  });
});

describe("countDifferences", () => {
  test("counts unequal pixels and no tail bits", () => {
    const pair = image.chain((a) => fc.tuple(fc.constant(a), arbitraryBitImage(a.height, a.width)));
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const other = bitImageToRows(b).join("");
        const expected = [...bitImageToRows(a).join("")].filter((digit, index) => digit !== other[index]).length;
        expect(countDifferences(a, b)).toBe(expected);
      }),
    );
  });

  test("refuses images of unequal size", () => {
    expect(() => countDifferences(createBitImage(1, 2), createBitImage(2, 1))).toThrow("unequal size");
  });
});
