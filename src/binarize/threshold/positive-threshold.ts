/** Threshold functions of bits with positive weights: types, and exact transformations that keep the function. */
import { bitLength, sumOfIntegers } from "../../morph/integers.js";

/** `[Σ weights·b > bound]` on bits b, in exact integers. */
export interface PositiveThreshold {
  /** All positive: signs and zeros are taken out before. */
  readonly weights: readonly bigint[];
  readonly bound: bigint;
}

/** `[Σ weights·b > bound]` on bits b, with weights that are small enough to compute with. */
export interface SmallThreshold {
  /** Non-negative integers; their sum is below 2^53. */
  readonly weights: readonly number[];
  readonly bound: number;
}

/**
 * A threshold function as two knapsacks, which makes it symmetric in 0 and 1: a set of inputs is *false* iff its weights
 * fit into the capacity B, and true iff the weights that it leaves out, its *rest*, fit into ΣW − B − 1.
 *
 * In doubles that are integers, so that sums are exact: where ΣW needs more bits, in units of 2^shift, weights rounded up
 * and capacities down. Then what fits here does fit, but something may fit in truth and not here.
 */
export interface Knapsacks {
  readonly sizes: Float64Array;
  readonly falseCapacity: number;
  readonly restCapacity: number;
  readonly shift: bigint;
}

/** A sum of all rounded weights stays below 2^53. */
const EXACT_BITS = 53;
const ROUNDED_BITS = 52;

/** @param exact neither always false nor always true: 0 ≤ bound < ΣW */
export function toKnapsacks(exact: PositiveThreshold): Knapsacks {
  const total = sumOfIntegers(exact.weights);
  const bits = bitLength(total);
  const shift = bits <= EXACT_BITS ? 0n : BigInt(bits - ROUNDED_BITS);
  const roundUp = (1n << shift) - 1n;
  return {
    sizes: Float64Array.from(exact.weights, (weight) => Number((weight + roundUp) >> shift)),
    falseCapacity: Number(exact.bound >> shift),
    restCapacity: Number((total - exact.bound - 1n) >> shift),
    shift,
  };
}

/** Each round makes weights smaller; what is left after these is as it is. */
const MOST_ROUNDS = 8;

/** Weights are cut to this part of ΣW above what would do, so that the cut ones stay clear of the bound when rounded. */
const SLACK_BITS = 40n;

/**
 * The same function with its largest weights cut down. A weight that exceeds B decides for 1 alone, and so does any smaller
 * one that exceeds B; one that exceeds ΣW − B − 1 is needed for 1, and so is any smaller one that exceeds it, if B falls
 * with it: the two cases are dual.
 *
 * @returns `exact` itself where nothing is cut
 */
export function saturate(exact: PositiveThreshold): PositiveThreshold {
  let { weights, bound } = exact;
  let total = sumOfIntegers(weights);
  if (bound < 0n || bound >= total) return exact;
  const slack = 1n + (total >> SLACK_BITS);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const deciding = cut(weights, bound + slack);
    total -= deciding.removed;
    const needed = cut(deciding.weights, total - bound - 1n + slack);
    total -= needed.removed;
    if (deciding.removed === 0n && needed.removed === 0n) break;
    weights = needed.weights;
    bound -= needed.removed;
  }
  return weights === exact.weights ? exact : { weights, bound };
}

function cut(weights: readonly bigint[], most: bigint): { weights: readonly bigint[]; removed: bigint } {
  let removed = 0n;
  for (const weight of weights) if (weight > most) removed += weight - most;
  return removed === 0n
    ? { weights, removed }
    : { weights: weights.map((weight) => (weight > most ? most : weight)), removed };
}
