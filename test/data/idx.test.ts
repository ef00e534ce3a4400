import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeIdx, encodeIdx } from "../../src/data/idx.js";
import { checkSameForm, idxPictures, labelPictures } from "../../src/data/mnist.js";
import { DiagnosticError } from "../../src/diagnostics.js";
import { renderFailure } from "../support/error-cases.js";

/** A header of bytes with the dimensions, and whatever follows. */
function idx(dimensions: readonly number[], following: number, type = 8): Uint8Array {
  const bytes = Buffer.alloc(4 + 4 * dimensions.length + following);
  bytes.set([0, 0, type, dimensions.length]);
  dimensions.forEach((each, index) => bytes.writeUInt32BE(each, 4 + 4 * index));
  return bytes;
}

describe("IDX", () => {
  test("reads what the format's description says", () => {
    const bytes = Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6);
    const { dimensions, samples } = decodeIdx(bytes);
    expect(dimensions).toEqual([2, 3]);
    expect([...samples]).toEqual([1, 2, 3, 4, 5, 6]);
    // Inside a larger buffer, as slices of files are.
    const inside = new Uint8Array(30).fill(255);
    inside.set(bytes, 5);
    expect(decodeIdx(inside.subarray(5, 5 + bytes.length)).dimensions).toEqual([2, 3]);
  });

  test("round trip", () => {
    const dimensions = fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(dimensions, (sizes) => {
        const samples = Uint8Array.from({ length: sizes.reduce((a, b) => a * b, 1) }, (_, index) => index * 31);
        expect(decodeIdx(encodeIdx({ dimensions: sizes, samples }))).toEqual({ dimensions: sizes, samples });
      }),
    );
    expect(() => encodeIdx({ dimensions: [2], samples: new Uint8Array(3) })).toThrow("do not fill");
  });

  test.each<[string, Uint8Array, RegExp]>([
    ["nothing", new Uint8Array(), /0 bytes are less/],
    ["three bytes", Uint8Array.of(0, 0, 8), /3 bytes are less/],
    ["text", Buffer.from("hello world"), /two zero bytes/],
    ["gzip", Uint8Array.of(0x1f, 0x8b, 8, 0, 0), /\.gz/],
    ["floats", idx([1], 4, 13), /32-bit floats/],
    ["signed", idx([1], 1, 9), /signed bytes/],
    ["an unknown type", idx([1], 1, 77), /type 77/],
    ["no dimensions", idx([], 1), /0 dimensions/],
    ["many dimensions", idx([1, 1, 1, 1, 1], 1), /5 dimensions/],
    ["half a header", idx([1, 1, 1], 0).subarray(0, 9), /inside its header/],
    ["too few", idx([2, 3], 5), /promises 2×3 bytes, 6 in all, but 5 follow/],
    ["too many", idx([2, 3], 7), /but 7 follow/],
    ["a bomb", idx([4294967295, 4294967295, 4294967295], 0), /but 0 follow/],
    ["four of the largest, beyond exact integers", idx([2 ** 31, 2 ** 31, 2 ** 31, 2 ** 31], 8), /but 8 follow/],
  ])("refuses %s", (_, bytes, message) => {
    const text = renderFailure(() => decodeIdx(bytes));
    expect(text).toMatch(/^error BMN0802: /);
    expect(text).toMatch(message);
  });

  test("hostile bytes end in a result or a diagnostic", () => {
    const near = fc
      .tuple(fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { maxLength: 5 }), fc.nat({ max: 40 }), fc.nat())
      .map(([dimensions, following, type]) => idx(dimensions, following, type % 16));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 64 }), near), (bytes) => {
        try {
          const { dimensions, samples } = decodeIdx(bytes);
          expect(dimensions.reduce((a, b) => a * b, 1)).toBe(samples.length);
        } catch (error) {
          expect(error).toBeInstanceOf(DiagnosticError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("pictures and labels", () => {
  const array = (...dimensions: number[]) =>
    decodeIdx(
      idx(
        dimensions,
        dimensions.reduce((a, b) => a * b, 1),
      ),
    );
  const labels = (...values: number[]) => ({ dimensions: [values.length], samples: Uint8Array.from(values) });

  test("are joined; classes are numbered up to the greatest label", () => {
    const { pictures, classes } = labelPictures(array(3, 4, 5), labels(0, 2, 1), null);
    expect(pictures).toMatchObject({ count: 3, channels: 1, height: 4, width: 5 });
    expect(classes).toEqual(["0", "1", "2"]);
  });

  test.each<[string, () => unknown, RegExp]>([
    ["two dimensions", () => idxPictures(array(3, 4)), /3×4/],
    ["no pictures", () => idxPictures(array(0, 4, 4)), /0×4×4/],
    ["wide pictures", () => idxPictures(array(1, 1, 5000)), /1×5000.*\n.*4096/],
    ["labels like pictures", () => labelPictures(array(1, 2, 2), array(1, 1), null), /1×1/],
    ["fewer labels", () => labelPictures(array(2, 2, 2), labels(1), null), /2 pictures and 1 labels/],
    ["unknown classes", () => labelPictures(array(2, 2, 2), labels(0, 3), ["a", "b", "c"]), /label 1 is 3.* 3 classes/],
    [
      "parts of two sizes",
      () =>
        checkSameForm(
          labelPictures(array(1, 2, 2), labels(0), null).pictures,
          labelPictures(array(1, 2, 3), labels(0), null).pictures,
        ),
      /2×2.*2×3/,
    ],
  ])("refuse %s", (_, action, message) => {
    expect(renderFailure(action)).toMatch(/^error BMN0804: .*\n {2}hint: /);
    expect(renderFailure(action)).toMatch(message);
  });
});
