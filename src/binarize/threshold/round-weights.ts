/** Threshold functions rounded to weights of a few bits, with a bound on where they can differ. */
import { sumOfIntegers } from "../../morph/integers.js";

export interface RoundedThreshold {
  /** Integers of 0 … 2^bits − 1. */
  readonly weights: readonly number[];
  /** True iff `Σ weights·b > bound`. */
  readonly bound: number;
  /** What a rounded weight of 1 stands for, in units of the exact weights. */
  readonly scale: number;
  /**
   * The rounded function differs from the exact one at most where `|Σ w·b − B| ≤ worstError`, in units of the exact
   * weights, for the integer bound B; a real one that lies above it by less than 1 adds as much. The pre-activation `scale·(Σ w'·b − bound − ½)` is within
   * `worstError + scale/2` of the exact `Σ w·b − B` on all bits.
   */
  readonly worstError: number;
}

/** Scales tried, in a geometric series. */
const SCALES = 256;
/** Weights rounded in the series together: fewer scales are tried for many weights. */
const MOST_ROUNDINGS = 2 ** 22;
/** Most times that a scale is fitted to the weights that it gives. */
const MOST_FITS = 8;
/** Best scales of the series that are fitted. */
const FITTED = 8;

/**
 * Weights `w' = round(w / scale)` and a bound B' of the smallest worst-case error over the scales tried.
 *
 * With e = w − scale·w', a set of bits has `Σ w·b = scale·Σ w'·b + Σ e·b` and `−E⁻ ≤ Σ e·b ≤ E⁺`, the sums of the negative
 * and of the positive errors. Where only the exact function is true, Σ w'·b ≤ B', hence `Σ w·b − B ≤ scale·B' + E⁺ − B`; where
 * only the rounded one is, Σ w'·b ≥ B' + 1, hence `B − Σ w·b ≤ B − scale·(B' + 1) + E⁻`. B' balances the two, whose sum
 * E⁺ + E⁻ − scale is least at a weighted median of the ratios w / w' as long as w' does not change.
 *
 * @param weights positive
 * @param bits of a weight, 1 … 24
 */
export function roundToBits(weights: readonly bigint[], bound: bigint, bits: number): RoundedThreshold {
  const largestRounded = 2 ** bits - 1;
  const exact = Float64Array.from(weights, Number);
  const largest = exact.reduce((most, weight) => Math.max(most, weight), 0);
  if (largest === 0) return { weights: [], bound: bound < 0n ? -1 : 0, scale: 1, worstError: 0 };
  // Each conversion, product and sum is off by at most a relative 2^-53 of what all of them together come to.
  const slack = (weights.length + 16) * 2 ** -50 * Number(sumOfIntegers(weights) + (bound < 0n ? -bound : bound));

  const fit = (scale: number): RoundedThreshold => atScale(exact, Number(bound), scale, largestRounded, slack);
  const [finest, coarsest] = [largest / (4 * largestRounded), 2 * largest];
  const tried = Math.max(FITTED, Math.min(SCALES, Math.floor(MOST_ROUNDINGS / weights.length)));
  const scales = Array.from({ length: tried }, (_, step) => finest * (coarsest / finest) ** (step / (tried - 1)));
  // The common choice, too: the largest weight becomes the largest rounded one.
  scales.push(largest / largestRounded);
  const series = scales
    .map((scale) => ({ scale, worstError: fit(scale).worstError }))
    .sort((a, b) => a.worstError - b.worstError);
  let best = fit(series[0]?.scale ?? largest / largestRounded);
  for (const start of series.slice(0, FITTED)) {
    let current = fit(start.scale);
    for (let step = 0; step < MOST_FITS; step++) {
      const next = fit(medianRatio(exact, current.weights, current.scale));
      if (next.worstError >= current.worstError) break;
      current = next;
    }
    if (current.worstError < best.worstError) best = current;
  }
  return best;
}

function atScale(
  exact: Float64Array,
  bound: number,
  scale: number,
  largestRounded: number,
  slack: number,
): RoundedThreshold {
  let [above, below, total] = [0, 0, 0];
  const weights = Array.from(exact, (weight) => {
    const rounded = Math.min(largestRounded, Math.round(weight / scale));
    const error = weight - scale * rounded;
    if (error > 0) above += error;
    else below -= error;
    total += rounded;
    return rounded;
  });
  const worstAt = (at: number): number => Math.max(scale * at + above - bound, bound - scale * (at + 1) + below);
  const balanced = (2 * bound - scale + below - above) / (2 * scale);
  const candidates = [Math.floor(balanced), Math.ceil(balanced)].map((at) => Math.min(total, Math.max(-1, at)));
  const [first = 0, second = 0] = candidates;
  const chosen = worstAt(second) < worstAt(first) ? second : first;
  return { weights, bound: chosen, scale, worstError: Math.max(0, worstAt(chosen) + slack) };
}

/** The scale of least `Σ |w − scale·w'| − scale`, for these w'. */
function medianRatio(exact: Float64Array, weights: readonly number[], scale: number): number {
  const pairs = weights
    .map((weight, index) => ({ weight, ratio: (exact[index] ?? 0) / weight }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => a.ratio - b.ratio);
  const total = pairs.reduce((sum, { weight }) => sum + weight, 0);
  // The slope is −1 − (weights above) + (weights below).
  let passed = 0;
  for (const { weight, ratio } of pairs) {
    passed += weight;
    if (2 * passed >= total + 1) return ratio;
  }
  return scale;
}
