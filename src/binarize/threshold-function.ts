/**
 * Any neuron on bits is a threshold function `[Σ w·b > bound]` with integer weights: its float32 weights are dyadic, so
 * scaling by a power of two loses nothing, whatever the weights (design: theory of binarization, "any neuron is a
 * threshold function").
 */
import { floorDivide } from "../morph/integers.js";
import type { Comparison } from "./activation.js";
import {
  compareProducts,
  type Dyadic,
  dyadic,
  floorToUnit,
  greatestCommonDivisor,
  type Product,
  scaleToIntegers,
} from "./dyadic.js";
import type { Literal, LiteralNeuron } from "./literals.js";
import { ProofBudget } from "./proof-budget.js";
import { doubleSlack, type SubsetSumGap } from "./rounding.js";

export interface IntegerThreshold {
  /** One per input of the neuron, zeros included, of any sign. */
  readonly weights: readonly bigint[];
  /** True iff `Σ weights·b > bound`, strictly. */
  readonly bound: bigint;
}

/**
 * Integer weights equal to the neuron's on all 2^n bit patterns: scaled, divided by their greatest common divisor g.
 * `Σ w·b > B ⇔ Σ (w/g)·b > ⌊B/g⌋` as the left side is an integer; `≥ B` is `> ⌈B⌉ − 1`.
 */
export function integerThreshold(
  weights: ArrayLike<number>,
  bias: number | Dyadic,
  comparison: Comparison,
): IntegerThreshold {
  const { integers, exponent } = scaleToIntegers(Array.from(weights));
  const exactBias = typeof bias === "number" ? dyadic(bias) : bias;
  const negative = { ...exactBias, mantissa: -exactBias.mantissa };
  const bound = comparison === "above" ? floorToUnit(exactBias, exponent) : -floorToUnit(negative, exponent) - 1n;
  const divisor = greatestCommonDivisor(integers);
  if (divisor === 0n) return { weights: integers, bound };
  return { weights: integers.map((weight) => weight / divisor), bound: floorDivide(bound, divisor) };
}

/** Most literals whose 2^n patterns are tried one by one. */
export const MAXIMUM_ENUMERATED_LITERALS = 12;

/**
 * Proves, pattern by pattern, that the neuron's bit on every admissible input is its threshold function of the inputs'
 * bits: for a pattern b that gives 1, `Σ_{b=1} v2·a` must still be true; for one that gives 0, `Σ_{b=1} a + Σ_{b=0} v1·a`
 * must still be false.
 *
 * @returns the gap of the extreme sums over all admissible inputs, or null if a pattern fails or there are too many
 */
export function proveByEnumeration(
  neuron: LiteralNeuron,
  comparison: Comparison,
  budget = new ProofBudget(),
): SubsetSumGap | null {
  const { literals, bound } = neuron;
  if (literals.length > MAXIMUM_ENUMERATED_LITERALS || !budget.takePatterns(2 ** literals.length)) return null;
  // Sums in doubles decide where they are farther from the bound than all their roundings together.
  const slack = doubleSlack(neuron);
  const holds = (sum: number, products: () => readonly Product[]): boolean => {
    const difference = sum - bound.approximation;
    if (Math.abs(difference) > slack) return difference > 0;
    const sign = compareProducts(products(), bound);
    return comparison === "above" ? sign > 0 : sign >= 0;
  };
  let lower = Number.NEGATIVE_INFINITY;
  let upper = Number.POSITIVE_INFINITY;
  for (let pattern = 0; pattern < 2 ** literals.length; pattern++) {
    const isSet = (position: number): boolean => ((pattern >> position) & 1) === 1;
    const productsOf = (factor: (literal: Literal, set: boolean) => number) => (): Product[] =>
      literals.map((each, position): Product => [factor(each, isSet(position)), each.weight]);
    let [bits, least, greatest] = [0, 0, 0];
    literals.forEach(({ weight, zeroUpper, oneLower }, position) => {
      if (isSet(position)) {
        bits += weight;
        least += oneLower * weight;
        greatest += weight;
      } else {
        greatest += zeroUpper * weight;
      }
    });
    if (
      holds(
        bits,
        productsOf((_, set) => (set ? 1 : 0)),
      )
    ) {
      if (
        !holds(
          least,
          productsOf((each, set) => (set ? each.oneLower : 0)),
        )
      )
        return null;
      upper = Math.min(upper, least);
    } else {
      if (
        holds(
          greatest,
          productsOf((each, set) => (set ? 1 : each.zeroUpper)),
        )
      )
        return null;
      lower = Math.max(lower, greatest);
    }
  }
  return { lower, upper };
}
