/** The threshold function that a neuron is on bits, with weights as small as can be proved, in its simplest form. */
import { bitLength, countSetBits } from "../morph/integers.js";
import type { Comparison } from "./activation.js";
import type { BitFunction } from "./bit-function.js";
import type { LiteralNeuron } from "./literals.js";
import type { ProofBudget } from "./proof-budget.js";
import { doubleSlack, type SubsetSumGap } from "./rounding.js";
import { unionOfErosions } from "./threshold/prime-implicants.js";
import { roundToBits } from "./threshold/round-weights.js";
import { findSmallWeights, type SmallWeights } from "./threshold/small-weights.js";
import { type IntegerThreshold, integerThreshold } from "./threshold-function.js";

export interface BitThreshold {
  readonly function: BitFunction;
  /** Ends of the gap around B over all patterns of bits, in the sums of the literals; null where they are not known. */
  readonly gap: SubsetSumGap | null;
  /** Where weights were rounded: bits differ at most where the sum is so near to B. */
  readonly weightError: number | null;
}

/**
 * @param inputs number of the neuron's inputs, those without weight included
 * @param weightBits weights that need more bits are rounded to as many
 */
export function thresholdOnBits(
  neuron: LiteralNeuron,
  comparison: Comparison,
  inputs: number,
  budget: ProofBudget,
  weightBits?: number,
): BitThreshold {
  const exact = integerThreshold(
    neuron.literals.map(({ weight }) => weight),
    neuron.bound,
    comparison,
  );
  const small = findSmallWeights(exact, budget.search(neuron.literals.length));
  const weights = small === null ? exact.weights : small.weights.map(BigInt);
  const bound = small === null ? exact.bound : BigInt(small.bound);
  if (weightBits !== undefined && weights.some((weight) => bitLength(weight) > weightBits)) {
    const rounded = roundToBits(exact.weights, exact.bound, weightBits);
    return {
      function: signed(neuron, rounded.weights.map(BigInt), BigInt(rounded.bound), inputs),
      gap: null,
      // B lies less than a unit from the integer bound.
      weightError: (rounded.worstError + 1) * unitOf(neuron, exact),
    };
  }
  const gap = small === null ? null : gapOf(small, unitOf(neuron, exact));
  return {
    function: fewSets(neuron, small, inputs) ?? signed(neuron, weights, bound, inputs),
    gap,
    weightError: null,
  };
}

/** What an exact weight of 1 stands for. */
function unitOf({ literals }: LiteralNeuron, exact: IntegerThreshold): number {
  return (literals[0]?.weight ?? 0) / Number(exact.weights[0] ?? 1n);
}

function gapOf({ falseMost, trueLeast }: SmallWeights, unit: number): SubsetSumGap | null {
  if (falseMost === null || trueLeast === null) return null;
  return { lower: Number(falseMost) * unit, upper: Number(trueLeast) * unit };
}

/** Ends of the gap over all admissible values, if it stays open, from those over bits (design: gap with common bounds). */
export function worstGap(neuron: LiteralNeuron, gap: SubsetSumGap): SubsetSumGap | null {
  const { literals, total, bound } = neuron;
  const zeroUpper = literals.reduce((most, literal) => Math.max(most, literal.zeroUpper), 0);
  const oneLower = literals.reduce((least, literal) => Math.min(least, literal.oneLower), 1);
  const lower = gap.lower + zeroUpper * (total.approximation - gap.lower);
  const upper = oneLower * gap.upper;
  if (zeroUpper === 0 && oneLower === 1) return gap;
  const slack = doubleSlack(neuron);
  const open = lower + slack < bound.approximation && bound.approximation < upper - slack;
  return open ? { lower, upper } : null;
}

/** More sets than so many are no simpler than a sum. */
const MOST_SETS = 16;
/** Operations of a bit-sliced adder for each set bit of a weight: a full adder. */
const ADDER_OPERATIONS = 5;

/** The prime implicants as sets, where they take fewer operations than the sum; all inputs must be read as they are. */
function fewSets(neuron: LiteralNeuron, small: SmallWeights | null, inputs: number): BitFunction | null {
  if (small === null || neuron.literals.some((literal) => literal.negated)) return null;
  const sets = unionOfErosions(small.weights, small.bound, MOST_SETS);
  if (sets === null) return null;
  const members = sets.reduce((sum, set) => sum + set.length, 0);
  const added = small.weights.reduce((sum, weight) => sum + countSetBits(BigInt(weight)), 0);
  if (members > ADDER_OPERATIONS * added) return null;
  const { weights, bound } = signed(neuron, small.weights.map(BigInt), BigInt(small.bound), inputs);
  const asMembers = sets.map((set) => {
    const own = Array.from({ length: inputs }, () => false);
    neuron.literals.forEach(({ input }, position) => {
      own[input] = set.includes(position);
    });
    return own;
  });
  return { kind: "union-of-erosions", sets: asMembers, weights, bound };
}

/** Over the inputs in place of the literals: a weight on 1 − x is a negative one on x. */
function signed(
  neuron: LiteralNeuron,
  weights: readonly bigint[],
  bound: bigint,
  inputs: number,
): Extract<BitFunction, { readonly kind: "threshold" }> {
  const own = Array.from({ length: inputs }, () => 0n);
  let negative = 0n;
  neuron.literals.forEach(({ input, negated }, position) => {
    const weight = weights[position] ?? 0n;
    own[input] = negated ? -weight : weight;
    if (negated) negative += weight;
  });
  return { kind: "threshold", weights: own, bound: bound - negative };
}
