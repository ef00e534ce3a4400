/** Thresholds as sums with positive weights over pixels and their complements: a negative weight on x is a positive one on ¬x. */
import { MODULE_LIMITS } from "../ir/limits.js";
import type { Threshold, ThresholdTerm } from "../ir/node.js";

/** A pixel, or what is not that pixel, with a positive weight. */
export interface Literal {
  readonly term: ThresholdTerm;
  readonly weight: bigint;
}

/** [Σ weight > bound] over the literals that hold. */
export interface PositiveSum {
  readonly literals: readonly Literal[];
  readonly bound: bigint;
  /** Of all weights. */
  readonly total: bigint;
}

/** −w·x = w·¬x − w, wherever x is read: the complement is taken of what was read, under any border rule. */
export function positiveSum({ terms, bound }: Pick<Threshold, "terms" | "bound">): PositiveSum {
  let [raised, total] = [bound, 0n];
  const literals = terms.map((term): Literal => {
    const weight = term.weight < 0n ? -term.weight : term.weight;
    if (term.weight < 0n) raised += weight;
    total += weight;
    return { term, weight };
  });
  return { literals, bound: raised, total };
}

/** Inverse of {@link positiveSum}: the terms with the signs that they had and the weights of the literals. */
export function signedTerms({
  literals,
  bound,
}: Pick<PositiveSum, "literals" | "bound">): Pick<Threshold, "terms" | "bound"> {
  let lowered = bound;
  const terms = literals.map(({ term, weight }): ThresholdTerm => {
    const signed = term.weight < 0n ? -weight : weight;
    if (signed < 0n) lowered -= weight;
    return signed === term.weight ? term : { ...term, weight: signed };
  });
  return { terms, bound: lowered };
}

const DIGITS = 10n ** BigInt(MODULE_LIMITS.integerDigits - 20);

/** Whether any sum of weights and bound has as few digits as a module may have; others are left as they are. */
export function hasRoom({ terms, bound }: Pick<Threshold, "terms" | "bound">): boolean {
  const isSmall = (value: bigint): boolean => value < DIGITS && value > -DIGITS;
  return isSmall(bound) && terms.every(({ weight }) => isSmall(weight));
}
