import * as fc from "fast-check";
import { expect, test } from "vitest";
import { levelThreshold } from "../../src/model/level-sets.js";

function threshold(grayMinimum: number, grayMaximum: number, value: number): number {
  return levelThreshold({ kind: "level-sets", grayMinimum, grayMaximum, values: [[], [value]] }, 1, 0);
}

test("bytes stand for themselves from 0 to 255", () => {
  for (let value = 0; value <= 255; value++) {
    expect(threshold(0, 255, value)).toBe(value);
    if (value < 255) expect(threshold(0, 255, value + 0.25)).toBe(value + 1);
  }
  expect(threshold(0, 255, 255 + 2 ** -45)).toBe(256);
  expect(threshold(0, 255, 2 ** -1074)).toBe(1);
});

test("fractions of 255 are compared with what they are, not with what they round to", () => {
  // 0.2 is 51/255 as a decimal, but as a double it is greater than 1/5; 0.6 is less than 3/5.
  expect(threshold(0, 1, 0.2)).toBe(52);
  expect(threshold(0, 1, 0.6)).toBe(153);
  expect(threshold(0, 1, 0.5)).toBe(128);
  expect(threshold(0, 1, 1)).toBe(255);
  expect(threshold(0, 1, 0)).toBe(0);
});

test("ranges from the least to the greatest double", () => {
  expect(threshold(-Number.MAX_VALUE, Number.MAX_VALUE, 0)).toBe(128);
  expect(threshold(0, Number.MIN_VALUE, Number.MIN_VALUE)).toBe(255);
  expect(threshold(-1, 1, -0)).toBe(128);
});

test("the threshold is the first byte that reaches the value, for integers by plain arithmetic", () => {
  const small = fc.integer({ min: -(2 ** 40), max: 2 ** 40 });
  fc.assert(
    fc.property(small, small, small, (first, second, value) => {
      fc.pre(first !== second);
      const minimum = Math.min(first, second);
      const maximum = Math.max(first, second);
      // Every number here is an integer below 2^53: the comparison in doubles is exact.
      const reaches = (byte: number): boolean => byte * (maximum - minimum) >= 255 * (value - minimum);
      const expected = Array.from({ length: 256 }, (_, byte) => byte).find(reaches) ?? 256;
      expect(threshold(minimum, maximum, value)).toBe(expected);
      // A power of two changes nothing.
      expect(threshold(minimum * 2 ** -60, maximum * 2 ** -60, value * 2 ** -60)).toBe(expected);
    }),
    { numRuns: 1000 },
  );
});
