/** Search for small integer weights that are proved to give the same threshold function as exact ones. */
import { sumOfIntegers } from "../../morph/integers.js";
import type { SearchBudget } from "./budget.js";
import { type Rounding, round, roundings } from "./candidates.js";
import { createProver, type EqualityProof, MOST_ENTRIES, proveEqual } from "./knapsack.js";
import { tableCost } from "./largest-sums.js";
import { type InputClass, patternCount, widestMargin } from "./margin-program.js";
import { type PositiveThreshold, type SmallThreshold, saturate, toKnapsacks } from "./positive-threshold.js";
import { createRefuter } from "./refutation.js";
import { shrink } from "./shrink.js";

export interface SmallWeights extends SmallThreshold, EqualityProof {}

/** Scales from 1 to 2 at which the solution of the linear program is rounded. */
const MARGIN_STEPS = 32;
/** The linear program is solved where the budget pays so many pivots per row of it. */
const LIKELY_PIVOTS_PER_ROW = 6;
/** Up to so many patterns the program comes first, as its weights are smaller than rounded ones. */
const MOST_EAGER_PATTERNS = 2 ** 12;
/** Mean weight up to which rounding comes before a program of more patterns. */
const MODEST_MEAN = 64;

/**
 * Small weights of the same function: exact on all 2^n patterns, with the gap of the exact sums. Candidates are the exact
 * weights in growing units, rounded, and with few inputs (or few different weights) the solution of a linear program;
 * single sets refute most of them, a table proves the one that is left, and then weights are lowered while the proof
 * holds.
 *
 * Many generic weights have no small equal; they are refused within some hundred operations per input.
 *
 * @param budget lowered by the operations made
 * @returns null where no candidate within the budget is equal
 */
export function findSmallWeights(exact: PositiveThreshold, budget: SearchBudget): SmallWeights | null {
  if (exact.bound < 0n || exact.bound >= sumOfIntegers(exact.weights)) {
    const weights = exact.weights.map(() => 0);
    const proof = proveEqual(exact, weights);
    return proof === null ? null : { weights, ...proof };
  }
  // Candidates come from the cut weights; proofs are about the given ones, as the gap is.
  const knapsacks = toKnapsacks(saturate(exact));
  const { sizes } = knapsacks;
  const refuter = createRefuter(knapsacks);
  const prove = createProver(exact);
  /** The proof of the last candidate that held, and whether one that may hold was too large to tell. */
  const state: { proof: EqualityProof | null; isUnaffordable: boolean } = { proof: null, isUnaffordable: false };
  const holds = (candidate: Float64Array, total: number): boolean => {
    const cost = (): number => tableCost(candidate);
    if (budget.remaining < 0 || refuter.refutes(candidate, total, cost, budget)) return false;
    if (total >= MOST_ENTRIES || cost() > budget.remaining) {
      state.isUnaffordable = true;
      return false;
    }
    budget.remaining -= cost();
    const found = prove(candidate);
    if (found !== null) state.proof = found;
    return found !== null;
  };
  const firstOf = (base: Float64Array, candidates: Iterable<Rounding>): Float64Array | null => {
    const candidate = new Float64Array(base.length);
    state.isUnaffordable = false;
    for (const rounding of candidates) {
      // Scales ascend: the next ones cost more.
      if (budget.remaining < 0 || state.isUnaffordable) return null;
      budget.remaining -= base.length;
      const total = round(base, rounding, candidate);
      if (holds(candidate, total)) return candidate;
    }
    return null;
  };

  const classes = classesOf(sizes);
  const rows = classes.length + 1;
  let least = 0;
  const byMargin = (): Float64Array | null => {
    if (patternCount(classes) * 4 * LIKELY_PIVOTS_PER_ROW * rows > budget.remaining) return null;
    const margin = widestMargin(classes, knapsacks, budget);
    if (margin === null) return null;
    const ofSize = new Map(classes.map(({ size }, index) => [size, Math.max(0, margin[index] ?? 0)]));
    const base = sizes.map((size) => ofSize.get(size) ?? 0);
    least = Math.ceil(base.reduce((sum, weight) => sum + weight, 0) - 1e-6);
    return firstOf(base, marginRoundings(sizes.length));
  };
  const byRounding = (leastTotal: number, mostTotal: number): Float64Array | null =>
    firstOf(sizes, roundings(sizes, leastTotal, mostTotal));
  const modest = MODEST_MEAN * sizes.length;
  const isEager = patternCount(classes) <= MOST_EAGER_PATTERNS;
  const found =
    (isEager ? byMargin() : null) ??
    byRounding(0, modest) ??
    (isEager ? null : byMargin()) ??
    byRounding(modest, Math.min(MOST_ENTRIES, budget.remaining));
  if (found === null) return null;
  const weights = shrink(found, holds, least);
  return state.proof === null ? null : { weights: [...weights], ...state.proof };
}

function classesOf(sizes: Float64Array): InputClass[] {
  const counts = new Map<number, number>();
  for (const size of sizes) counts.set(size, (counts.get(size) ?? 0) + 1);
  return Array.from(counts, ([size, count]) => ({ size, count }));
}

/** Once the margin exceeds the rounding errors of so many weights together, rounding can change nothing. */
function* marginRoundings(inputs: number): Generator<Rounding> {
  for (let scale = 1; scale <= inputs / 2 + 1; scale += Math.max(1, scale / 2) / MARGIN_STEPS) {
    yield { scale, offset: 0.5 };
  }
}
