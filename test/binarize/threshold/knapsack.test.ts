import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createProver, proveEqual } from "../../../src/binarize/threshold/knapsack.js";
import { largestSums } from "../../../src/binarize/threshold/largest-sums.js";
import { type PositiveThreshold, saturate } from "../../../src/binarize/threshold/positive-threshold.js";
import { subsetSums } from "../exact-numbers.js";
import { arbitraryThreshold, gapOf, smallTruth, total, truth } from "./patterns.js";

/** All bounds with which the small weights give the same function. */
function equalBounds(exact: PositiveThreshold, weights: readonly number[]): number[] {
  const sums = subsetSums(weights.map(BigInt)).map(Number);
  const bits = truth(exact);
  const most = weights.reduce((sum, weight) => sum + weight, 0);
  return Array.from({ length: most + 2 }, (_, index) => index - 1).filter((bound) =>
    sums.every((sum, pattern) => sum > bound === bits[pattern]),
  );
}

/** Small weights, and exact ones near multiples of them, so that the functions are often equal. */
const nearby = fc
  .record({
    small: fc.array(fc.nat({ max: 6 }), { minLength: 1, maxLength: 9 }),
    unit: fc.bigInt({ min: 16n, max: 2n ** 44n }),
    spread: fc.constantFrom(0, 4, 16, 40),
    noise: fc.array(fc.nat({ max: 1000 }), { minLength: 9, maxLength: 9 }),
    part: fc.integer({ min: -5, max: 105 }),
    tenths: fc.constantFrom(0n, 5n, 9n),
  })
  .map(({ small, unit, spread, noise, part, tenths }) => {
    const weights = small.map((weight, index) => {
      const moved = (unit * BigInt(spread * noise[index]!)) / 50_000n;
      return BigInt(weight) * unit + moved + 1n;
    });
    const whole = Math.floor((part * small.reduce((sum, weight) => sum + weight, 0)) / 100);
    return { small, exact: { weights, bound: (unit * (10n * BigInt(whole) + tenths)) / 10n } };
  });

describe("proveEqual", () => {
  test("proves exactly where some bound makes the functions equal, and gives the least and the gap", () => {
    let [proved, refused] = [0, 0];
    fc.assert(
      fc.property(nearby, ({ small, exact }) => {
        const proof = proveEqual(exact, small);
        const bounds = equalBounds(exact, small);
        expect(proof !== null).toBe(bounds.length > 0);
        if (proof === null) {
          refused++;
          return;
        }
        proved++;
        expect(smallTruth({ weights: small, bound: proof.bound })).toEqual(truth(exact));
        const { falseMost, trueLeast } = gapOf(exact);
        if (falseMost !== null && trueLeast !== null) expect(proof.bound).toBe(bounds[0]);
        expect({ falseMost: proof.falseMost, trueLeast: proof.trueLeast }).toEqual({ falseMost, trueLeast });
      }),
      { numRuns: 2000 },
    );
    expect(proved).toBeGreaterThan(400);
    expect(refused).toBeGreaterThan(200);
  });

  test("with bounds on sums of the weights, against arbitrary small weights", () => {
    fc.assert(
      fc.property(
        arbitraryThreshold(6, 4),
        fc.array(fc.nat({ max: 5 }), { minLength: 6, maxLength: 6 }),
        (exact, all) => {
          const small = all.slice(0, exact.weights.length);
          expect(proveEqual(exact, small) !== null).toBe(equalBounds(exact, small).length > 0);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("sums beyond 2^53 are proved from rounded ones, with bounds of the gap", () => {
    let proved = 0;
    fc.assert(
      fc.property(nearby, fc.bigInt({ min: 1n, max: 2n ** 200n }), ({ small, exact }, factor) => {
        const wide: PositiveThreshold = {
          weights: exact.weights.map(
            (weight, index) => weight * 2n ** 50n + ((factor * BigInt(index + 1)) % 2n ** 30n),
          ),
          bound: exact.bound * 2n ** 50n + (factor % 2n ** 40n),
        };
        const proof = proveEqual(wide, small);
        if (proof === null) return;
        proved++;
        expect(smallTruth({ weights: small, bound: proof.bound })).toEqual(truth(wide));
        const { falseMost, trueLeast } = gapOf(wide);
        expect(proof.falseMost === null).toBe(falseMost === null);
        expect(proof.trueLeast === null).toBe(trueLeast === null);
        if (falseMost !== null && proof.falseMost !== null) {
          expect(falseMost <= proof.falseMost && proof.falseMost <= wide.bound).toBe(true);
        }
        if (trueLeast !== null && proof.trueLeast !== null) {
          expect(wide.bound < proof.trueLeast && proof.trueLeast <= trueLeast).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
    expect(proved).toBeGreaterThan(200);
  });

  test("a gap too narrow for the rounding is not proved, rather than proved wrong", () => {
    const unit = 2n ** 100n;
    // {unit, 1} is false by a tie, but it is rounded up.
    expect(smallTruth({ weights: [1, 1, 0], bound: 1 })).toEqual(
      truth({ weights: [unit, unit, 1n], bound: unit + 1n }),
    );
    expect(proveEqual({ weights: [unit, unit, 1n], bound: unit + 1n }, [1, 1, 0])).toBeNull();
    expect(proveEqual({ weights: [unit, unit, 1n], bound: unit + 2n ** 60n }, [1, 1, 0])?.bound).toBe(1);
  });

  test("constants are equal whatever the weights", () => {
    expect(proveEqual({ weights: [3n, 5n], bound: 8n }, [1, 4])).toEqual({ bound: 5, falseMost: 8n, trueLeast: null });
    expect(proveEqual({ weights: [3n, 5n], bound: -1n }, [1, 4])).toEqual({
      bound: -1,
      falseMost: null,
      trueLeast: 0n,
    });
    expect(proveEqual({ weights: [], bound: 0n }, [])).toEqual({ bound: 0, falseMost: 0n, trueLeast: null });
  });

  test("one prover serves many candidates", () => {
    const prove = createProver({ weights: [10n, 11n, 12n], bound: 20n });
    expect(prove(Float64Array.of(1, 1, 1))).toEqual({ bound: 1, falseMost: 12n, trueLeast: 21n });
    expect(prove(Float64Array.of(1, 1, 0))).toBeNull();
    expect(prove(Float64Array.of(2, 2, 2))?.bound).toBe(2);
  });
});

describe("largestSums", () => {
  /** Input by input over a map of what was reached. */
  function expected(sizes: readonly number[], weights: readonly number[]): Map<number, number> {
    let reached = new Map([[0, 0]]);
    sizes.forEach((size, index) => {
      const next = new Map(reached);
      for (const [sum, most] of reached) {
        const at = sum + weights[index]!;
        next.set(at, Math.max(next.get(at) ?? Number.NEGATIVE_INFINITY, most + size));
      }
      reached = next;
    });
    return reached;
  }

  test.each([
    ["few inputs", 12, 7, 40],
    ["many inputs, many weights", 60, 40, 20],
    ["many inputs of few weights", 300, 3, 12],
    ["many inputs of one weight", 400, 1, 5],
    ["many inputs of few large weights", 250, 4, 6],
  ])("%s", (name, inputs, mostWeight, numRuns) => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: 1_000_000 }), fc.integer({ min: 0, max: mostWeight })), {
          minLength: inputs,
          maxLength: inputs,
        }),
        fc.constantFrom(1, 9),
        (pairs, factor) => {
          const sizes = pairs.map(([size]) => size);
          const weights = pairs.map(([, weight]) => weight * (name.includes("large") ? factor : 1));
          const reached = expected(sizes, weights);
          const table = largestSums(Float64Array.from(sizes), Float64Array.from(weights));
          const wanted = Array.from(table, (_, sum) => reached.get(sum) ?? Number.NEGATIVE_INFINITY);
          expect([...table]).toEqual(wanted);
          expect(table).toHaveLength(weights.reduce((sum, weight) => sum + weight, 0) + 1);
        },
      ),
      { numRuns },
    );
  });
});

describe("saturate", () => {
  test("keeps the function and raises no weight", () => {
    let cut = 0;
    fc.assert(
      fc.property(arbitraryThreshold(9, 24), (exact) => {
        const saturated = saturate(exact);
        expect(truth(saturated)).toEqual(truth(exact));
        expect(saturated.weights.every((weight, index) => weight > 0n && weight <= exact.weights[index]!)).toBe(true);
        if (total(saturated.weights) < total(exact.weights)) cut++;
      }),
      { numRuns: 1000 },
    );
    expect(cut).toBeGreaterThan(100);
  });
});
