/** Tables and whole words against one pixel at a time. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { encodePbm, joinSideBySide } from "../../../src/cli/pictures/encode.js";
import { findGray, imageOfSamples, packRows, unpackSamples } from "../../../src/cli/pictures/samples.js";
import { type BitImage, bitImageToRows, createBitImage } from "../../../src/morph/bit-image.js";
import { createRandom } from "../../../src/morph/random.js";

const sizes = fc.record({
  height: fc.integer({ min: 1, max: 5 }),
  width: fc.oneof(fc.integer({ min: 1, max: 140 }), fc.constantFrom(1, 7, 8, 9, 31, 32, 33, 63, 64, 65)),
  seed: fc.nat(),
});

/** Noise, in the tail bits too, which mean nothing. */
function noise(height: number, width: number, seed: number): BitImage {
  const random = createRandom(seed);
  const image = createBitImage(height, width);
  for (let index = 0; index < image.words.length; index++) image.words[index] = random.below(2 ** 32);
  return image;
}

test.each([1, 2, 4] as const)("samples of %i bits", (depth) => {
  fc.assert(
    fc.property(sizes, ({ height, width, seed }) => {
      const random = createRandom(seed);
      const rowBytes = Math.ceil((width * depth) / 8);
      const data = Uint8Array.from({ length: rowBytes * height }, () => random.below(256));
      const scale = 255 / (2 ** depth - 1);
      // Each row as one long number in base 2, digits from the left.
      const expected = Array.from({ length: height }, (_, row) => {
        const bytes = [...data.subarray(row * rowBytes, (row + 1) * rowBytes)];
        const digits = bytes.map((byte) => byte.toString(2).padStart(8, "0")).join("");
        return Array.from({ length: width }, (__, column) =>
          Number.parseInt(digits.slice(column * depth, (column + 1) * depth), 2),
        );
      }).flat();
      expect([...unpackSamples(data, height, width, depth, 1)]).toEqual(expected);
      expect([...unpackSamples(data, height, width, depth, scale)]).toEqual(expected.map((sample) => sample * scale));
    }),
  );
});

test("images of samples", () => {
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 255 }), ({ height, width, seed }, least) => {
      const random = createRandom(seed);
      const samples = Uint8Array.from({ length: height * width }, () => random.below(256));
      const image = imageOfSamples(samples, height, width, least);
      const rows = Array.from({ length: height }, (_, row) =>
        [...samples.subarray(row * width, (row + 1) * width)].map((sample) => (sample >= least ? "1" : "0")).join(""),
      );
      expect(bitImageToRows(image)).toEqual(rows);
      const ones = rows.join("").replaceAll("0", "").length;
      // Nothing is set beyond the width.
      const set = [...image.words].map((word) => word.toString(2).replaceAll("0", "").length);
      expect(set.reduce((sum, count) => sum + count, 0)).toBe(ones);
    }),
  );
});

test("every gray value is found, wherever it is", () => {
  for (let value = 0; value < 256; value++) {
    for (const place of [0, 1, 6]) {
      const samples = Uint8Array.of(0, 255, 0, 0, 255, 255, 0);
      samples[place] = value;
      expect(findGray(samples)).toBe(value === 0 || value === 255 ? -1 : place);
    }
  }
});

test("packed rows are the rows' digits, with zeros after them", () => {
  fc.assert(
    fc.property(sizes, ({ height, width, seed }) => {
      const image = noise(height, width, seed);
      const digits = bitImageToRows(image)
        .map((row) => row.padEnd(Math.ceil(width / 8) * 8, "0"))
        .join("");
      const expected = (digits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
      expect([...packRows(image)]).toEqual(expected);
      expect(Buffer.from(encodePbm(image)).toString("latin1")).toMatch(new RegExp(`^P4\n${width} ${height}\n`));
    }),
  );
});

test("images side by side, tails and all", () => {
  fc.assert(
    fc.property(sizes, fc.integer({ min: 0, max: 5 }), ({ height, width, seed }, count) => {
      const images = Array.from({ length: count }, (_, index) => noise(height, width, seed + index));
      const rows = images.map(bitImageToRows);
      const expected = Array.from({ length: count === 0 ? 0 : height }, (_, row) =>
        rows.map((each) => each[row]).join(""),
      );
      expect(bitImageToRows(joinSideBySide(images))).toEqual(expected);
    }),
  );
});
