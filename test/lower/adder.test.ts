import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { thresholdWord, toPositiveSum } from "../../src/lower/adder.js";
import { WordGraph } from "../../src/lower/graph.js";
import { bitOf, evaluateGraph, everyPattern, loadInput } from "./evaluate-graph.js";

const SEED = Number(process.env["FC_SEED"] ?? 20240611);
const MEMORY = Uint32Array.from(everyPattern().flatMap((words) => [...words]));

const least = (weights: readonly bigint[]): bigint => weights.reduce((sum, w) => (w < 0n ? sum + w : sum), 0n);
const greatest = (weights: readonly bigint[]): bigint => weights.reduce((sum, w) => (w > 0n ? sum + w : sum), 0n);

/** The patterns of `weights.length` bits in which the word of the threshold is wrong, for every bound of `bounds`. */
function wrongPatterns(weights: readonly bigint[], bounds: readonly bigint[]): string[] {
  const graph = new WordGraph();
  const terms = weights.map((weight, input) => ({ word: loadInput(graph, input), weight }));
  const results = evaluateGraph(
    graph,
    bounds.map((bound) => thresholdWord(graph, terms, bound)),
    MEMORY,
  );
  return bounds.flatMap((bound, index) =>
    Array.from({ length: 256 }, (_, pattern) => {
      const sum = weights.reduce((total, weight, input) => ((pattern >> input) & 1 ? total + weight : total), 0n);
      const isWrong = bitOf(results[index]!, pattern) !== Number(sum > bound);
      return isWrong ? [`[${weights.join(" ")}] > ${bound} at ${pattern.toString(2)}`] : [];
    }).flat(),
  );
}

/** Every bound from below the least sum to above the greatest. */
function everyBound(weights: readonly bigint[]): bigint[] {
  const first = least(weights) - 2n;
  return Array.from({ length: Number(greatest(weights) - first) + 3 }, (_, index) => first + BigInt(index));
}

function everyWeights(length: number, choices: readonly bigint[]): bigint[][] {
  if (length === 0) return [[]];
  return everyWeights(length - 1, choices).flatMap((rest) => choices.map((weight) => [weight, ...rest]));
}

describe("the word of a weighted sum above a bound", () => {
  test("every sum of up to three weights of -3 … 3, every bound, every pattern", () => {
    const choices = [-3n, -2n, -1n, 1n, 2n, 3n];
    const sums = [0, 1, 2, 3].flatMap((length) => everyWeights(length, choices));
    expect(sums.flatMap((weights) => wrongPatterns(weights, everyBound(weights)))).toEqual([]);
  });

  test("one weight eight times, every bound, every pattern", () => {
    const sums = [1n, -1n, 2n, 5n, -7n].map((weight) => Array.from({ length: 8 }, () => weight));
    expect(sums.flatMap((weights) => wrongPatterns(weights, everyBound(weights)))).toEqual([]);
  });

  test(`up to eight weights of any size, bounds at sums and beside them, every pattern, seed ${SEED}`, () => {
    const magnitude = fc.oneof(
      fc.bigInt({ min: 1n, max: 12n }),
      fc.bigInt({ min: 1n, max: 2n ** 20n }),
      fc.bigInt({ min: 2n ** 60n, max: 2n ** 200n }),
    );
    const weight = fc.tuple(magnitude, fc.boolean()).map(([size, negative]) => (negative ? -size : size));
    const property = fc.property(
      fc.array(weight, { maxLength: 8 }),
      fc.array(fc.nat({ max: 255 }), { minLength: 1, maxLength: 4 }),
      (weights, patterns) => {
        const bounds = patterns.flatMap((pattern) => {
          const sum = weights.reduce((total, each, input) => ((pattern >> input) & 1 ? total + each : total), 0n);
          return [sum - 1n, sum, sum + 1n];
        });
        expect(wrongPatterns(weights, [...bounds, least(weights) - 1n, greatest(weights)])).toEqual([]);
      },
    );
    fc.assert(property, { seed: SEED, numRuns: 200 });
  });

  test("a sum that always or never passes", () => {
    const graph = new WordGraph();
    const terms = [2n, -3n].map((weight, input) => ({ word: loadInput(graph, input), weight }));
    expect(thresholdWord(graph, terms, -4n)).toBe(graph.ones);
    expect(thresholdWord(graph, [], 0n)).toBe(graph.zeros);
    expect(thresholdWord(graph, [], -1n)).toBe(graph.ones);
  });
});

test("a negative weight is a positive one on the complement", () => {
  const { terms, bound } = toPositiveSum(
    [
      { operand: "a", weight: 3n },
      { operand: "b", weight: -5n },
    ],
    -2n,
  );
  expect(terms).toEqual([
    { operand: "a", negated: false, weight: 3n },
    { operand: "b", negated: true, weight: 5n },
  ]);
  expect(bound).toBe(3n);
});
