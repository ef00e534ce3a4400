import * as fc from "fast-check";
import { expect, test } from "vitest";
import { clusterBins, type Moments } from "../../src/binarize/k-means.js";

/** Every value counts in the bin of its position. */
function momentsOf(bins: readonly (readonly number[])[]): Moments {
  const of = (measure: (values: readonly number[]) => number): Float64Array => Float64Array.from(bins, measure);
  return {
    weight: of((values) => values.length),
    sum: of((values) => values.reduce((sum, value) => sum + value, 0)),
    square: of((values) => values.reduce((sum, value) => sum + value * value, 0)),
  };
}

function spreadOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

/** Least cost over all ways to cut the filled bins into runs. */
function leastCost(filled: readonly (readonly number[])[], most: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let cuts = 0; cuts < 2 ** (filled.length - 1); cuts++) {
    const runs: number[][] = [[]];
    filled.forEach((values, index) => {
      if (index > 0 && ((cuts >> (index - 1)) & 1) === 1) runs.push([]);
      runs.at(-1)!.push(...values);
    });
    if (runs.length <= most)
      least = Math.min(
        least,
        runs.map(spreadOf).reduce((sum, cost) => sum + cost, 0),
      );
  }
  return least;
}

test("no partition into runs of bins has a smaller cost", () => {
  const bin = fc.oneof(
    { weight: 1, arbitrary: fc.constant<number[]>([]) },
    { weight: 3, arbitrary: fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 4 }) },
  );
  fc.assert(
    fc.property(fc.array(bin, { minLength: 1, maxLength: 9 }), fc.integer({ min: 1, max: 5 }), (noise, most) => {
      // Values near their bins, but not in order.
      const bins = noise.map((values, position) => values.map((value) => 4 * position + value));
      const filled = bins.filter((values) => values.length > 0);
      const clusters = clusterBins(momentsOf(bins), most);
      expect(clusters.length).toBe(Math.min(most, filled.length));
      if (filled.length === 0) return;
      const runs = clusters.map(({ first, last }) => bins.slice(first, last + 1).flat());
      // The runs follow one another and hold everything.
      expect(runs.flat()).toEqual(bins.flat());
      clusters.forEach(({ mean }, index) => {
        const run = runs[index]!;
        expect(mean).toBeCloseTo(run.reduce((sum, value) => sum + value, 0) / run.length, 9);
      });
      const cost = runs.map(spreadOf).reduce((sum, each) => sum + each, 0);
      expect(cost).toBeCloseTo(leastCost(filled, most), 6);
    }),
    { numRuns: 400 },
  );
});

test("33 clusters of 1025 bins", () => {
  const bins = Array.from({ length: 1025 }, (_, position) => [position]);
  const clusters = clusterBins(momentsOf(bins), 33);
  // Of a uniform histogram they are as equal as they can be.
  const sizes = clusters.map(({ first, last }) => last - first + 1);
  expect(sizes).toHaveLength(33);
  expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
});
