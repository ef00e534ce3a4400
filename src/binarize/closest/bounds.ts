/**
 * The operation whose inequalities a neuron's B violates least (Aouad & Talbot, arXiv 2401.03830, Theorem 2.3, on bits). With
 * W⁺ and W⁻ the positive and negative weights,
 *
 *   dilation by S:  Σ_{∉S} W⁺ ≤ B < min_S W + Σ W⁻        erosion by S:  Σ W⁺ − min_S W ≤ B < Σ_S W⁺ + Σ W⁻
 *
 * and the violation of lower ≤ B < upper is max(lower − B, B − upper, 0), 0 at the open end too.
 */
import { sumOfIntegers } from "../../morph/integers.js";
import { scaleToIntegers } from "../dyadic.js";

export interface BoundsViolation {
  readonly operation: "erosion" | "dilation";
  /** S = {W ≥ level}. */
  readonly level: number;
  readonly violation: number;
}

/**
 * The least violation of the dilations and erosions by S = {W ≥ w}, w a weight, compared exactly. Of equal ones the first
 * counts, dilations first and large S first, as in the authors' code; an operation of one input is thus a dilation.
 */
export function leastViolation(weights: Float32Array, bias: number): BoundsViolation {
  let least: ExactViolation | null = null;
  for (const each of exactViolations(weights, bias)) {
    if (least === null || each.units < least.units) least = each;
  }
  return least === null ? { operation: "dilation", level: 0, violation: 0 } : inDoubles(least);
}

/** All of them, in that order. */
export function boundsViolations(weights: Float32Array, bias: number): BoundsViolation[] {
  return exactViolations(weights, bias).map(inDoubles);
}

/** The violation is units · 2^exponent. */
interface ExactViolation extends Pick<BoundsViolation, "operation" | "level"> {
  readonly units: bigint;
  readonly exponent: number;
}

function exactViolations(weights: Float32Array, bias: number): ExactViolation[] {
  const ascending = weights.toSorted();
  const { integers, exponent } = scaleToIntegers([...ascending, bias]);
  const bound = integers.at(-1) ?? 0n;
  const ranked = integers.slice(0, -1);
  const positive = sumOfIntegers(ranked.filter((weight) => weight > 0n));
  const negative = sumOfIntegers(ranked) - positive;
  const dilations: ExactViolation[] = [];
  const erosions: ExactViolation[] = [];
  // Σ_{∉S} W⁺ for the S that begins at this weight.
  let outside = 0n;
  ranked.forEach((least, position) => {
    const level = ascending[position] ?? 0;
    if (position === 0 || level !== ascending[position - 1]) {
      const common = { level, exponent };
      const dilation = excess(outside, bound, least + negative);
      const erosion = excess(positive - least, bound, positive - outside + negative);
      dilations.push({ ...common, operation: "dilation", units: dilation });
      erosions.push({ ...common, operation: "erosion", units: erosion });
    }
    if (least > 0n) outside += least;
  });
  return [...dilations, ...erosions];
}

/** max(lower − B, B − upper, 0) */
function excess(lower: bigint, bound: bigint, upper: bigint): bigint {
  const below = lower - bound;
  const above = bound - upper;
  const most = below > above ? below : above;
  return most > 0n ? most : 0n;
}

/** To the nearest double from the leading 64 bits, as all of them may not fit into its range before they are scaled. */
function inDoubles({ operation, level, units, exponent }: ExactViolation): BoundsViolation {
  const dropped = Math.max(0, units.toString(2).length - 64);
  return { operation, level, violation: Number(units >> BigInt(dropped)) * 2 ** (exponent + dropped) };
}
