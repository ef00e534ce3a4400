/** Proof that small weights give the same threshold function as exact ones, on all 2^n bit patterns. */
import { sumOfIntegers } from "../../morph/integers.js";
import { largestSums } from "./largest-sums.js";
import { type Knapsacks, type PositiveThreshold, toKnapsacks } from "./positive-threshold.js";

/** A bound that makes the small weights' function equal, and the two ends of the gap of the exact sums around B. */
export interface EqualityProof {
  /** The smallest B' with `[Σ weights'·b > B'] = [Σ weights·b > B]` for all b. */
  readonly bound: number;
  /**
   * m0 = max{Σ weights·b ≤ B}; null if nothing is false. Exact where Σ weights < 2^53, else an upper bound in [m0, B].
   */
  readonly falseMost: bigint | null;
  /** m1 = min{Σ weights·b > B}; null if nothing is true. Exact where Σ weights < 2^53, else a lower bound in (B, m1]. */
  readonly trueLeast: bigint | null;
}

/** Entries of a table: 32 MB. Weights of a larger sum are not proved. */
export const MOST_ENTRIES = 2 ** 22;

/**
 * With hi(k) the largest exact sum over all b with `weights'·b = k`, every such b is false iff hi(k) ≤ B. Complementing b
 * turns k into Σ weights' − k and a sum into ΣW minus it, so that the same table gives the smallest sums, and every b with
 * `weights'·b = Σ weights' − k` is true iff hi(k) ≤ ΣW − B − 1. A bound exists iff the k below the first failures of the two
 * cover 0 … Σ weights' from both ends (theory of binarization, "small integer weights, proved").
 *
 * Linear in n·Σ weights', less where many weights' are equal. Where ΣW ≥ 2^53, sums are rounded in the safe direction: a
 * proof holds all the same, but a gap narrower than about n·ΣW·2^-52 may be missed.
 *
 * @param weights one non-negative integer per exact weight
 * @returns null if no bound makes the functions equal, or the sums are too large to tell
 */
export function proveEqual(exact: PositiveThreshold, weights: readonly number[]): EqualityProof | null {
  return createProver(exact)(Float64Array.from(weights));
}

/** {@link proveEqual} for many weights against the same exact ones. */
export function createProver(exact: PositiveThreshold): (weights: Float64Array) => EqualityProof | null {
  const total = sumOfIntegers(exact.weights);
  if (exact.bound >= total) return (weights) => ({ bound: smallSum(weights), falseMost: total, trueLeast: null });
  if (exact.bound < 0n) return () => ({ bound: -1, falseMost: null, trueLeast: 0n });
  const knapsacks = toKnapsacks(exact);
  return (weights) => {
    if (smallSum(weights) >= MOST_ENTRIES) return null;
    const table = largestSums(knapsacks.sizes, weights);
    const bounds = boundsOf(table, knapsacks);
    if (bounds === null) return null;
    return {
      bound: bounds.least,
      falseMost: BigInt(largestBelow(table, bounds.firstNotFalse)) << knapsacks.shift,
      trueLeast: total - (BigInt(largestBelow(table, bounds.firstNotRest)) << knapsacks.shift),
    };
  };
}

function smallSum(weights: Float64Array): number {
  return weights.reduce((sum, weight) => sum + weight, 0);
}

interface Bounds {
  readonly least: number;
  /** The least k whose sets are not all false. */
  readonly firstNotFalse: number;
  /** The least k whose sets do not all leave a true set. */
  readonly firstNotRest: number;
}

function boundsOf(table: Float64Array, { falseCapacity, restCapacity }: Knapsacks): Bounds | null {
  const firstNotFalse = firstAbove(table, falseCapacity);
  const firstNotRest = firstAbove(table, restCapacity);
  const least = table.length - 1 - firstNotRest;
  return least < firstNotFalse ? { least, firstNotFalse, firstNotRest } : null;
}

function firstAbove(table: Float64Array, capacity: number): number {
  let sum = 0;
  while (sum < table.length && (table[sum] ?? 0) <= capacity) sum++;
  return sum;
}

/** The largest value before `end`; the first one is finite, for all k below `end` ≥ 1. */
function largestBelow(table: Float64Array, end: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let sum = 0; sum < end; sum++) largest = Math.max(largest, table[sum] ?? 0);
  return largest;
}
