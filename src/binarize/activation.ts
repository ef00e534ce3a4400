/**
 * The linear check: is a neuron exactly an erosion or a dilation, for every admissible input?
 *
 * Aouad & Talbot, arXiv 2401.03830, Theorem 2.3 and Proposition 3.1, with bounds per input and any signs: over the
 * literals of a neuron (see literals.ts), with a the weights, v1 and v2 the literals' bounds and B the bound,
 *
 *   dilation by S  iff  Σ_{i∉S} a_i + Σ_{i∈S} v1_i·a_i ≤ B < min_{i∈S} v2_i·a_i
 *   erosion by S   iff  Σ_i a_i − min_{i∈S} (1−v1_i)·a_i ≤ B < Σ_{i∈S} v2_i·a_i
 *
 * for `[Σ a·l > B]` (P > 0); for `[Σ a·l ≥ B]`, whose complement a neuron with P < 0 computes, strict and non-strict
 * sides change places. Each side that S must satisfy member by member gives the largest S; the other side is weakest
 * for the largest S; so that S is the only candidate. Everything is decided in exact arithmetic.
 */
import { compareProducts, type Product, subtractDyadic, sumOfProducts } from "./dyadic.js";
import type { Literal, LiteralNeuron } from "./literals.js";

/** Which sums count as true: those above the bound (P > 0), or those at least the bound (P < 0, before the complement). */
export type Comparison = "above" | "at-least";

export interface ActivatedSet {
  readonly operation: "erosion" | "dilation" | "constant";
  /** Literals of S; for a constant, empty. */
  readonly members: readonly Literal[];
  /** Value of a constant: the result before any complement. */
  readonly value: 0 | 1;
  /** Largest sum that gives 0 and smallest that gives 1; the neuron's B lies between them. Doubles, to the nearest. */
  readonly lower: number;
  readonly upper: number;
}

/** The operation that the neuron is, or null if the linear check fails. |S| = 1 is reported as an erosion. */
export function linearCheck(neuron: LiteralNeuron, comparison: Comparison): ActivatedSet | null {
  return constant(neuron, comparison) ?? erosion(neuron, comparison) ?? dilation(neuron, comparison);
}

function constant(neuron: LiteralNeuron, comparison: Comparison): ActivatedSet | null {
  const all = neuron.literals.map((literal): Product => [literal.weight, 1]);
  const common = { operation: "constant", members: [] } as const;
  if (isFalse(all, neuron, comparison)) {
    return { ...common, value: 0, lower: neuron.total.approximation, upper: Number.POSITIVE_INFINITY };
  }
  return isTrue([], neuron, comparison) ? { ...common, value: 1, lower: Number.NEGATIVE_INFINITY, upper: 0 } : null;
}

function dilation(neuron: LiteralNeuron, comparison: Comparison): ActivatedSet | null {
  const members = neuron.literals.filter((each) => isTrue([[each.oneLower, each.weight]], neuron, comparison));
  if (members.length === 0) return null;
  const inside = new Set(members);
  const greatestFalse = neuron.literals.map((each): Product => [inside.has(each) ? each.zeroUpper : 1, each.weight]);
  if (!isFalse(greatestFalse, neuron, comparison)) return null;
  const upper = leastOf(members, (each) => each.oneLower * each.weight);
  return { operation: "dilation", members, value: 1, lower: sumOfProducts(greatestFalse).approximation, upper };
}

function erosion(neuron: LiteralNeuron, comparison: Comparison): ActivatedSet | null {
  // Σa − (1−v1)·a_i is on the false side of B iff (1−v1)·a_i is on the other side of Σa − B.
  const slack = subtractDyadic(neuron.total, neuron.bound);
  const members = neuron.literals.filter((each) => {
    const sign = compareProducts([[1 - each.zeroUpper, each.weight]], slack);
    return comparison === "above" ? sign >= 0 : sign > 0;
  });
  if (members.length === 0) return null;
  const leastTrue = members.map((each): Product => [each.oneLower, each.weight]);
  if (!isTrue(leastTrue, neuron, comparison)) return null;
  const drop = leastOf(members, (each) => (1 - each.zeroUpper) * each.weight);
  return {
    operation: "erosion",
    members,
    value: 1,
    lower: neuron.total.approximation - drop,
    upper: sumOfProducts(leastTrue).approximation,
  };
}

function isTrue(sum: readonly Product[], neuron: LiteralNeuron, comparison: Comparison): boolean {
  const sign = compareProducts(sum, neuron.bound);
  return comparison === "above" ? sign > 0 : sign >= 0;
}

function isFalse(sum: readonly Product[], neuron: LiteralNeuron, comparison: Comparison): boolean {
  return !isTrue(sum, neuron, comparison);
}

function leastOf(literals: readonly Literal[], measure: (literal: Literal) => number): number {
  return literals.reduce((least, each) => Math.min(least, measure(each)), Number.POSITIVE_INFINITY);
}
