import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PositiveThreshold } from "../../../src/binarize/threshold/positive-threshold.js";
import { findSmallWeights, type SmallWeights } from "../../../src/binarize/threshold/small-weights.js";
import { createRandom } from "../../../src/morph/random.js";
import { subsetSums } from "../exact-numbers.js";
import { arbitraryThreshold, attack, exactOf, gapOf, smallTruth, truth } from "./patterns.js";

const BUDGET = 2 ** 24;

function find(exact: PositiveThreshold): SmallWeights | null {
  return findSmallWeights(exact, { remaining: BUDGET });
}

function sumOf(weights: readonly number[]): number {
  return weights.reduce((sum, weight) => sum + weight, 0);
}

/** Truth table as text. */
const keyOf = (bits: readonly boolean[]): string => bits.map((bit) => (bit ? 1 : 0)).join("");

/** The least sum of weights up to `most` for every threshold function of so many inputs. */
function leastSums(inputs: number, most: number): Map<string, number> {
  const least = new Map<string, number>();
  for (let code = 0; code < (most + 1) ** inputs; code++) {
    const weights = Array.from({ length: inputs }, (_, index) => Math.floor(code / (most + 1) ** index) % (most + 1));
    const sums = subsetSums(weights.map(BigInt)).map(Number);
    const total = sumOf(weights);
    for (let bound = -1; bound <= total; bound++) {
      const key = keyOf(sums.map((sum) => sum > bound));
      least.set(key, Math.min(least.get(key) ?? Number.POSITIVE_INFINITY, total));
    }
  }
  return least;
}

describe("small functions", () => {
  test.each([1, 2, 3, 4])("the least possible sum for every function of %i inputs that is met", (inputs) => {
    const least = leastSums(inputs, 3);
    const met = new Set<string>();
    fc.assert(
      fc.property(arbitraryThreshold(inputs, 24), (exact) => {
        if (exact.weights.length !== inputs) return;
        const found = find(exact);
        const key = keyOf(truth(exact));
        met.add(key);
        expect(found === null ? null : sumOf(found.weights)).toBe(least.get(key));
      }),
      { numRuns: 1500 },
    );
    expect(met.size).toBeGreaterThan([0, 2, 5, 12, 40][inputs]!);
  });

  test("is found for every function of up to 12 inputs, equal on all patterns, with the gap", () => {
    fc.assert(
      fc.property(arbitraryThreshold(12, 24), (exact) => {
        const found = find(exact);
        if (found === null) throw new Error("not found");
        expect(smallTruth(found)).toEqual(truth(exact));
        expect({ falseMost: found.falseMost, trueLeast: found.trueLeast }).toEqual(gapOf(exact));
        expect(found.weights.every((weight) => Number.isInteger(weight) && weight >= 0)).toBe(true);
      }),
      { numRuns: 250 },
    );
  });

  test("with float32 weights of very different size", () => {
    const magnitude = fc
      .tuple(fc.double({ min: 0.5, max: 1, noNaN: true }), fc.integer({ min: -40, max: 3 }))
      .map(([value, exponent]) => value * 2 ** exponent);
    fc.assert(
      fc.property(
        fc.array(magnitude, { minLength: 1, maxLength: 10 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (weights, part) => {
          const exact = exactOf(weights, sumOf(weights) * part);
          const found = find(exact);
          if (found !== null) expect(smallTruth(found)).toEqual(truth(exact));
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("structured functions", () => {
  const random = createRandom(11);
  const uniform = (from: number, to: number): number => from + (to - from) * random.uniform();
  const many = (inputs: number, of: (index: number) => number): number[] =>
    Array.from({ length: inputs }, (_, index) => of(index));
  const sizes = [25, 49, 784, 4096];
  /** Enough exchanges to come near the bound. */
  const roundsFor = (inputs: number): number => Math.max(2, Math.floor(8000 / inputs));

  function expectWeights(exact: PositiveThreshold, weights: readonly number[], bound: number): void {
    const found = find(exact);
    expect(found?.weights).toEqual(weights);
    expect(found?.bound).toBe(bound);
    if (found !== null) expect(attack(exact, found, 5, roundsFor(weights.length))).toBeNull();
  }

  test.each(sizes)("rank k of %i nearly equal weights: all ones", (inputs) => {
    const rank = Math.floor(inputs / 3);
    const weights = many(inputs, () => 0.37 * (1 + uniform(-0.2, 0.2) / inputs));
    expectWeights(
      exactOf(weights, 0.37 * (rank + 0.5)),
      many(inputs, () => 1),
      rank,
    );
  });

  test.each(sizes)("an erosion by a part of %i inputs, with noise on all", (inputs) => {
    const size = Math.floor(inputs / 3);
    const weights = many(inputs, (index) => (index < size ? uniform(0.5, 1.5) : uniform(0, 1e-3) / inputs));
    const least = Math.min(...weights.slice(0, size));
    expectWeights(
      exactOf(weights, sumOf(weights) - 0.6 * least),
      many(inputs, (index) => (index < size ? 1 : 0)),
      size - 1,
    );
  });

  test.each(sizes)("a dilation by a part of %i inputs, with noise on all", (inputs) => {
    const size = Math.floor(inputs / 3);
    const weights = many(inputs, (index) => (index < size ? uniform(0.5, 1.5) : uniform(0, 1e-3) / inputs));
    const least = Math.min(...weights.slice(0, size));
    expectWeights(
      exactOf(weights, 0.6 * least),
      many(inputs, (index) => (index < size ? 1 : 0)),
      0,
    );
  });

  test.each(sizes)("multiples up to 7 of a float32, each rounded, %i inputs", (inputs) => {
    const unit = Math.fround(uniform(0.01, 1));
    const multiples = many(inputs, (index) => (index < 2 ? 1 + 6 * index : 1 + random.below(7)));
    const bound = Math.floor(sumOf(multiples) * 0.45);
    const exact = exactOf(
      multiples.map((multiple) => Math.fround(unit * multiple)),
      unit * (bound + 0.5),
    );
    expectWeights(exact, multiples, bound);
  });

  test.each([25, 49, 784])("multiples up to 100 of a float32, each rounded, %i inputs", (inputs) => {
    const unit = Math.fround(uniform(0.01, 1));
    const multiples = many(inputs, () => 1 + random.below(100));
    const bound = Math.floor(sumOf(multiples) * 0.45);
    const weights = multiples.map((multiple) => Math.fround(unit * multiple));
    const exact = exactOf(weights, unit * (bound + 0.5));
    const found = find(exact);
    expect(sumOf(found?.weights ?? [Number.POSITIVE_INFINITY])).toBeLessThanOrEqual(sumOf(multiples));
    if (found !== null) expect(attack(exact, found, 6, roundsFor(inputs))).toBeNull();
  });

  test.each(sizes)("three levels with noise, a third of %i inputs negligible", (inputs) => {
    const levels = many(inputs, (index) => (index % 3 === 0 ? 0 : 1 + random.below(3)));
    const weights = levels.map((level) =>
      level === 0 ? uniform(1e-6, 1e-4) / inputs : 0.3 * level * (1 + uniform(-0.3, 0.3) / inputs),
    );
    const bound = Math.floor(sumOf(levels) / 2);
    expectWeights(exactOf(weights, 0.3 * (bound + 0.5)), levels, bound);
  });

  test.each([25, 49, 784])("two values in an arbitrary ratio, %i inputs", (inputs) => {
    const values = [uniform(0.1, 1), uniform(0.1, 1)];
    const weights = many(inputs, () => values[random.below(2)]!);
    const exact = exactOf(weights, 0.45 * sumOf(weights));
    const found = find(exact);
    if (found === null) throw new Error("not found");
    expect(attack(exact, found, 7, roundsFor(inputs))).toBeNull();
  });
});

describe("limits", () => {
  function generic(inputs: number, seed: number): PositiveThreshold {
    const random = createRandom(seed);
    const weights = Array.from({ length: inputs }, () => random.uniform() + 1e-3);
    return exactOf(weights, 0.47 * sumOf(weights));
  }

  test.each([49, 784, 4096])("%i generic weights are refused within some hundred operations per input", (inputs) => {
    for (let seed = 0; seed < 5; seed++) {
      const budget = { remaining: BUDGET };
      expect(findSmallWeights(generic(inputs, seed), budget)).toBeNull();
      // Few inputs in many combinations, for neurons that are small.
      expect(BUDGET - budget.remaining).toBeLessThan(1000 * inputs + 2 ** 20);
    }
  });

  test("a small budget ends the search, a large one may find what it does not", () => {
    const exact = generic(12, 3);
    expect(findSmallWeights(exact, { remaining: 1000 })).toBeNull();
    expect(find(exact)).not.toBeNull();
  });

  test("the same search gives the same weights, and costs the same", () => {
    const budgets = [{ remaining: BUDGET }, { remaining: BUDGET }];
    const found = budgets.map((budget) => findSmallWeights(generic(14, 4), budget));
    expect(found[0]).toEqual(found[1]);
    expect(budgets[0]).toEqual(budgets[1]);
  });

  test("constants need no weights", () => {
    expect(find({ weights: [3n, 5n], bound: 8n })).toEqual({
      weights: [0, 0],
      bound: 0,
      falseMost: 8n,
      trueLeast: null,
    });
    expect(find({ weights: [3n, 5n], bound: -1n })).toEqual({
      weights: [0, 0],
      bound: -1,
      falseMost: null,
      trueLeast: 0n,
    });
    expect(find({ weights: [], bound: 0n })?.bound).toBe(0);
  });
});
