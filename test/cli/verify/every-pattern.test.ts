/** The pictures of `verify` show every pattern that an output can tell. */
import { expect, test } from "vitest";
import { binarize } from "../../../src/binarize/binarize.js";
import { everyPattern } from "../../../src/cli/verify/every-pattern.js";
import type { Model } from "../../../src/model/types.js";
import { bitImageToRows } from "../../../src/morph/bit-image.js";
import type { Picture } from "../../../src/morph/picture.js";
import { corner, digits, opening, pair } from "../harness.js";

function picturesOf(model: Model, shape?: { height: number; width: number }): ReturnType<typeof everyPattern> {
  return everyPattern(binarize(model, { policy: "auto", ...(shape === undefined ? {} : { shape }) }).module);
}

/** The texts of all windows whose first pixel is in a row and column that `step` divides, channels one after the other. */
function windowsIn(picture: Picture, height: number, width: number, step = 1): string[] {
  if (picture.kind !== "bits") throw new Error("not bits");
  const channels = picture.channels.map(bitImageToRows);
  const found: string[] = [];
  for (let row = 0; row + height <= picture.height; row += step) {
    for (let column = 0; column + width <= picture.width; column += step) {
      const texts = channels.map((rows) =>
        rows.slice(row, row + height).map((each) => each.slice(column, column + width)),
      );
      found.push(texts.flat().join("/"));
    }
  }
  return found;
}

/** Binary pictures of up to ten bits. */
function smallPictures(channels: number): number {
  const sides = Array.from({ length: 10 }, (_, index) => index + 1);
  const sizes = sides.flatMap((h) => sides.map((w) => h * w * channels)).filter((bits) => bits <= 10);
  return sizes.reduce((sum, bits) => sum + 2 ** bits, 0);
}

test("all patterns of a window lie in the first picture, all small pictures follow", () => {
  const { pictures, patterns } = picturesOf(corner);
  // The element reads the pixels above, to the left, and between them.
  expect(new Set(windowsIn(pictures[0]!.picture, 2, 2)).size).toBe(2 ** 4);
  expect(patterns).toBe(2 ** 4 + smallPictures(1));
  const texts = pictures.slice(1).map(({ picture }) => windowsIn(picture, picture.height, picture.width)[0]);
  expect(new Set(texts).size).toBe(smallPictures(1));
});

test("of several channels together", () => {
  const { pictures, patterns } = picturesOf(pair);
  expect(new Set(windowsIn(pictures[0]!.picture, 1, 1)).size).toBe(4);
  expect(patterns).toBe(4 + smallPictures(2));
});

test("behind halving, where the output's pixels are", () => {
  const pooled: Model = { ...corner, layers: [...corner.layers, { kind: "max-pool" }] };
  const { pictures } = picturesOf(pooled);
  // Two rows and columns of pixels that each read one more to the left and above.
  const windows = windowsIn(pictures[0]!.picture, 4, 4, 2).map((window) =>
    window
      .split("/")
      .slice(1)
      .map((row) => row.slice(1))
      .join("/"),
  );
  expect(new Set(windows).size).toBe(2 ** 9);
});

test("in pictures of a fixed size, as many as it takes", () => {
  const { pictures } = picturesOf(corner, { height: 5, width: 7 });
  const windows = pictures.flatMap(({ picture }) => windowsIn(picture, 2, 2));
  expect(new Set(windows).size).toBe(2 ** 4);
  for (const { picture } of pictures) expect([picture.height, picture.width]).toEqual([5, 7]);
  expect(picturesOf(opening, { height: 4, width: 4 }).patterns).toBe(2 ** 16);
});

test("not where they are too many, or bytes", () => {
  expect(picturesOf(opening).patterns).toBe(smallPictures(1));
  expect(picturesOf(opening, { height: 6, width: 6 }).patterns).toBe(0);
  expect(picturesOf(digits)).toEqual({ pictures: [], patterns: 0 });
});
