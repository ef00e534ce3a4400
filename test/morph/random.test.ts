import { describe, expect, test } from "vitest";
import { createRandom, createStream } from "../../src/morph/random.js";
import { moments } from "../data/statistics.js";

describe("random numbers", () => {
  test("a seed gives the same integers as ever: fixtures are drawn from them", () => {
    const random = createRandom(7);
    // Recorded when the fixtures were made.
    expect(Array.from({ length: 6 }, () => random.below(1000))).toEqual([137, 451, 998, 552, 445, 270]);
  });

  test("uniform numbers fill [0, 1) evenly", () => {
    const random = createStream(1, 2, 3);
    const bins = new Float64Array(64);
    for (let draw = 0; draw < 64000; draw++) {
      const value = random.uniform();
      expect(value >= 0 && value < 1).toBe(true);
      const bin = Math.floor(value * 64);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    // χ² with 63 degrees of freedom; its deviation is √126.
    const chiSquare = bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(Math.abs(chiSquare - 63)).toBeLessThan(4 * Math.sqrt(126));
  });

  test("normal numbers have the moments of the standard normal distribution", () => {
    const random = createStream(4);
    const values = Array.from({ length: 40000 }, () => random.normal());
    const { mean, deviation } = moments(values);
    expect(Math.abs(mean)).toBeLessThan(4 / 200);
    expect(Math.abs(deviation - 1)).toBeLessThan(4 / Math.sqrt(2 * 40000));
    const kurtosis = values.reduce((sum, value) => sum + value ** 4, 0) / values.length;
    expect(Math.abs(kurtosis - 3)).toBeLessThan(4 * Math.sqrt(96 / 40000));
  });

  test("streams of neighbouring keys are unrelated", () => {
    const keys = [[], [0], [1], [0, 0], [0, 1], [1, 0], [2 ** 32], [2 ** 32 + 1], [2 ** 53 - 1]];
    const drawn = keys.map((key) => {
      const random = createStream(...key);
      return Array.from({ length: 2000 }, () => random.uniform() - 0.5);
    });
    drawn.forEach((first, i) => {
      for (const second of drawn.slice(i + 1)) {
        for (const lag of [0, 1]) {
          const products = first.slice(lag).map((value, at) => value * (second[at] ?? 0));
          const { mean } = moments(products);
          // The product of two uniform numbers of variance 1/12 deviates by 1/12.
          expect(Math.abs(mean) * 12 * Math.sqrt(products.length)).toBeLessThan(4.5);
        }
      }
    });
  });
});
