/** Proofs that a function of bits is a neuron's own, on all 2^n patterns. */
import { bitLength, floorDivide, sumOfIntegers } from "../morph/integers.js";
import type { BitFunction } from "./bit-function.js";
import { absolute, toDouble } from "./exact.js";
import { type ExactNeuron, type LiteralNeuron, literalsOf } from "./literals.js";

type Sum = Extract<BitFunction, { readonly kind: "sum" }>;

/** Whether the function is the neuron's, before the complement that P < 0 makes; else why not, or why that is not known. */
export function differenceOnBits(bits: BitFunction, neuron: ExactNeuron): string | null {
  const own = literalsOf(neuron);
  if (bits.kind === "sets") return differenceOfSets(bits.sets, neuron, own);
  const sum = literalSum(bits, neuron, own);
  if (typeof sum === "string") return sum;
  if (isProportional(sum, own)) return null;
  const gap = gapOfSum(sum, own);
  if (gap === null) return `cannot be checked: its weights are too large for a table of their sums`;
  const { falseMost, trueLeast } = gap;
  if ((falseMost === null || falseMost <= own.cap) && (trueLeast === null || trueLeast > own.cap)) return null;
  return "its weights and bound are not the neuron's on all patterns";
}

/** Sets of an or of ands that may be opened before the search is given up. */
const MOST_BRANCHES = 2 ** 20;

/**
 * Every set must be true at its least, with all other literals 0; and the greatest sum that contains no set must be false: one
 * member of each set is left out, in every way.
 */
function differenceOfSets(
  sets: readonly (readonly number[])[],
  neuron: ExactNeuron,
  own: LiteralNeuron,
): string | null {
  // Where a weight is not positive, the sum is as large without the input, and no set that holds it is contained.
  const positive = own.literals.filter(({ input }) => (neuron.weights[input] ?? 0n) > 0n);
  const weights = new Map(positive.map(({ input, weight }) => [input, weight]));
  if (sets.some((set) => !own.isTrue(sumOfIntegers(set.map((member) => weights.get(member) ?? 0n))))) {
    return "one of its sets does not make the neuron true";
  }
  const removed = new Set(sets.flatMap((set) => (set.length === 1 ? set : [])));
  let sum = own.total - sumOfIntegers([...removed].map((member) => weights.get(member) ?? 0n));
  let branches = 0;
  // Whether all sums from set `from` on are false, whatever is left out.
  const isCovered = (from: number): boolean => {
    if (!own.isTrue(sum)) return true;
    if (++branches > MOST_BRANCHES) return false;
    let next = from;
    while (sets[next]?.some((member) => removed.has(member) || !weights.has(member)) === true) next++;
    const set = sets[next];
    if (set === undefined) return false;
    return set.every((member) => {
      const weight = weights.get(member) ?? 0n;
      removed.add(member);
      sum -= weight;
      const covered = isCovered(next + 1);
      removed.delete(member);
      sum += weight;
      return covered;
    });
  };
  if (isCovered(0)) return null;
  if (branches > MOST_BRANCHES) return "cannot be checked: its sets overlap in too many ways";
  return "the neuron is true where none of its sets is";
}

/** A sum over the neuron's literals. */
export interface LiteralSum {
  /** One for each literal, not negative. */
  readonly weights: readonly bigint[];
  readonly bound: bigint;
}

export function literalSum({ weights, bound }: Sum, neuron: ExactNeuron, own: LiteralNeuron): LiteralSum | string {
  if (weights.length !== neuron.weights.length) return `${weights.length} weights for ${neuron.weights.length} bits`;
  const wrong = neuron.weights.findIndex((exact, input) => {
    const weight = weights[input] ?? 0n;
    return exact === 0n ? weight !== 0n : exact > 0n ? weight < 0n : weight > 0n;
  });
  if (wrong >= 0) return `the weight of bit ${wrong} has another sign than the neuron's`;
  return {
    weights: own.literals.map(({ input }) => absolute(weights[input] ?? 0n)),
    bound: bound + sumOfIntegers(weights.map((weight) => (weight < 0n ? -weight : 0n))),
  };
}

/** With exact weights d times the others, Σ exact > cap iff Σ others > ⌊cap / d⌋. */
function isProportional(sum: LiteralSum, { literals, cap }: LiteralNeuron): boolean {
  const [exact, other] = [literals[0]?.weight ?? 0n, sum.weights[0] ?? 0n];
  if (other <= 0n) return false;
  return (
    literals.every(({ weight }, index) => weight * other === exact * (sum.weights[index] ?? 0n)) &&
    floorDivide(cap * other, exact) === sum.bound
  );
}

/** The greatest exact sum where the function is 0 and the least where it is 1; null where it is never 0, or never 1. */
export interface SumGap {
  readonly falseMost: bigint | null;
  readonly trueLeast: bigint | null;
}

const MOST_ENTRIES = 2 ** 24;
const MOST_OPERATIONS = 2 ** 32;
/** Sums of so many binary digits are exact in doubles. */
const DIGITS = 53;

/**
 * With hi(k) the greatest exact sum over all patterns with `Σ weights = k`, the false patterns are those with k ≤ bound. The least
 * sum of those with k is the total less hi(Σ weights − k), as every pattern has a complement; so one table serves for both.
 *
 * Where the exact total is no double, weights are rounded up to a coarser unit: `falseMost` can be too large and `trueLeast` too
 * small then, so that what is proved by them holds.
 */
export function gapOfSum({ weights, bound }: LiteralSum, { literals, total }: LiteralNeuron): SumGap | null {
  const size = sumOfIntegers(weights);
  if (size >= MOST_ENTRIES || Number(size) * literals.length > MOST_OPERATIONS) return null;
  const shift = BigInt(Math.max(0, bitLength(total) + bitLength(BigInt(literals.length)) - DIGITS + 1));
  const ceiling = (1n << shift) - 1n;
  const table = new Float64Array(Number(size) + 1).fill(Number.NEGATIVE_INFINITY);
  table[0] = 0;
  let reached = 0;
  literals.forEach(({ weight }, index) => {
    const value = Number((weight + ceiling) >> shift);
    const step = Number(weights[index] ?? 0n);
    reached += step;
    for (let sum = reached; sum >= step; sum--) {
      table[sum] = Math.max(table[sum] ?? 0, (table[sum - step] ?? 0) + value);
    }
  });
  const greatestUpTo = (end: bigint): bigint | null => {
    if (end < 0n) return null;
    let greatest = 0;
    for (let sum = 0; sum < table.length && sum <= end; sum++) greatest = Math.max(greatest, table[sum] ?? 0);
    return BigInt(greatest) << shift;
  };
  const rest = greatestUpTo(size - bound - 1n);
  return { falseMost: greatestUpTo(bound), trueLeast: rest === null ? null : total - rest };
}

/** Whether the function and the neuron's differ at most where |Σ W·b − B| ≤ `error`; else why not, or why that is not known. */
export function differenceBeyond(bits: BitFunction, neuron: ExactNeuron, error: number): string | null {
  const own = literalsOf(neuron);
  if (bits.kind === "sets") return "only a sum can have rounded weights";
  const sum = literalSum(bits, neuron, own);
  if (typeof sum === "string") return sum;
  const claimed = error / 2 ** neuron.exponent;
  // The table tells exactly, in a time that grows with the weights.
  if (worstByScale(sum, own) <= claimed) return null;
  const gap = gapOfSum(sum, own);
  if (gap === null) return "cannot be checked: its weights are too large for a table of their sums";
  const { falseMost, trueLeast } = gap;
  const most = [(falseMost ?? own.cap) - own.cap, own.cap - (trueLeast ?? own.cap)].reduce(
    (a, b) => (a > b ? a : b),
    0n,
  );
  const worst = toDouble(most, 0);
  return worst <= claimed ? null : `the bits can differ at ${worst * 2 ** neuron.exponent} from B`;
}

/**
 * For any s > 0, with e = w − s·w': Σ w·b ≤ s·bound + Σ e⁺ where the rounded function is 0, and ≥ s·(bound + 1) − Σ e⁻ where it is 1.
 * How far these go beyond the cap is convex in s.
 */
function worstByScale(sum: LiteralSum, { literals, cap, total }: LiteralNeuron): number {
  const pairs = literals.map(({ weight }, index) => [Number(weight), Number(sum.weights[index] ?? 0n)] as const);
  const [bound, limit] = [Number(sum.bound), Number(cap)];
  const worstAt = (scale: number): number => {
    let [above, below] = [0, 0];
    for (const [exact, rounded] of pairs) {
      above += Math.max(0, exact - scale * rounded);
      below += Math.max(0, scale * rounded - exact);
    }
    return Math.max(scale * bound + above - limit, limit - scale * (bound + 1) + below);
  };
  const ratios = pairs.filter(([, rounded]) => rounded > 0).map(([exact, rounded]) => exact / rounded);
  let low = ratios.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY);
  let high = ratios.reduce((most, each) => Math.max(most, each), 0);
  for (let step = 0; step < 200 && low < high; step++) {
    const [left, right] = [low + (high - low) / 3, high - (high - low) / 3];
    if (worstAt(left) <= worstAt(right)) high = right;
    else low = left;
  }
  return worstAt(low) + (literals.length + 8) * 2 ** -51 * (toDouble(total, 0) + Math.abs(limit));
}
