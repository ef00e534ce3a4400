import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sharePairs } from "../../src/lower/pair-sharing.js";
import { randomNumbers } from "./modules.js";

const SEED = Number(process.env["FC_SEED"] ?? 20240611);
const LIMITS = { least: 2, pairs: 1000, work: 2 ** 28 };

/** The symbols that a set of symbols and pairs stands for, sorted; each may stand in one place only. */
function expand(set: Iterable<number>, pairs: readonly (readonly [number, number])[], symbolCount: number): number[] {
  const found: number[] = [];
  const pending = [...set];
  for (let symbol = pending.pop(); symbol !== undefined; symbol = pending.pop()) {
    const pair = pairs[symbol - symbolCount];
    if (pair === undefined) found.push(symbol);
    else pending.push(...pair);
  }
  return found.sort((a, b) => a - b);
}

const SYMBOLS = 12;
const sets = fc.array(fc.uniqueArray(fc.nat({ max: SYMBOLS - 1 })), { maxLength: 30 });

describe("sharing pairs", () => {
  test(`every set stands for what it was, seed ${SEED}`, () => {
    const limits = fc.record({ least: fc.integer({ min: 2, max: 4 }), pairs: fc.nat({ max: 20 }), work: fc.nat(3000) });
    const property = fc.property(sets, fc.oneof(limits, fc.constant(LIMITS)), (before, within) => {
      const shared = sharePairs(before, SYMBOLS, within);
      expect(shared.pairs.length).toBeLessThanOrEqual(within.pairs);
      for (const [index, pair] of shared.pairs.entries()) {
        for (const symbol of pair) expect(symbol).toBeLessThan(SYMBOLS + index);
      }
      expect(shared.sets.map((set) => expand(set, shared.pairs, SYMBOLS))).toEqual(
        before.map((set) => set.toSorted((a, b) => a - b)),
      );
      expect(sharePairs(before, SYMBOLS, within)).toEqual(shared);
    });
    fc.assert(property, { seed: SEED, numRuns: 500 });
  });

  test("no pair that is left is in as many sets as a pair must be in", () => {
    const property = fc.property(sets, (before) => {
      const { sets: after, pairs } = sharePairs(before, SYMBOLS, LIMITS);
      const counts = new Map<string, number>();
      for (const set of after) {
        for (const a of set)
          for (const b of set) if (a < b) counts.set(`${a} ${b}`, (counts.get(`${a} ${b}`) ?? 0) + 1);
      }
      expect(pairs.length).toBeLessThan(LIMITS.pairs);
      expect(Math.max(0, ...counts.values())).toBeLessThan(LIMITS.least);
    });
    fc.assert(property, { seed: SEED, numRuns: 200 });
  });

  test("a set of sets that all have in common is computed once", () => {
    const { sets: after, pairs } = sharePairs(
      [
        [0, 1, 2, 3, 4],
        [0, 1, 2, 3],
        [5, 3, 2, 1, 0],
      ],
      6,
      LIMITS,
    );
    expect(pairs.length).toBe(3);
    expect(after.map((set) => set.length)).toEqual([2, 1, 2]);
  });

  test("4096 sets of 40 among 784: a third fewer operations, within the work that is allowed", () => {
    const random = randomNumbers(3);
    const before = Array.from({ length: 4096 }, () => {
      const set = new Set<number>();
      while (set.size < 40) set.add(Math.floor(random() * 784));
      return [...set];
    });
    const shared = sharePairs(before, 784, { least: 4, pairs: 8192, work: 2 ** 28 });
    expect(shared.sets.map((set) => expand(set, shared.pairs, 784))).toEqual(
      before.map((set) => set.toSorted((a, b) => a - b)),
    );
    const joins = shared.sets.reduce((sum, set) => sum + set.length - 1, shared.pairs.length);
    expect(joins).toBeLessThan((4096 * 39 * 2) / 3);
  });
});
