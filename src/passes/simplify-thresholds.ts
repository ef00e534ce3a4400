import { InternalError } from "../diagnostics.js";
import type { Threshold, ThresholdTerm, ValueId } from "../ir/node.js";
import { floorDivide } from "../morph/integers.js";
import { thresholdCost } from "./cost.js";
import { isPointwise } from "./node-key.js";
import { hasNode, type Pass } from "./pass.js";
import { hasRoom, type Literal, type PositiveSum, positiveSum, signedTerms } from "./positive-sum.js";
import { rewriteModule } from "./rewriter.js";

/**
 * Laws of a threshold [Σ wᵢ xᵢ > k], each under any border rule, as every term reads the pixel that it read:
 * - terms on one pixel are one, with the sum of their weights; it goes if that is 0;
 * - with weights that g divides: [Σ wᵢ xᵢ > k] = [Σ (wᵢ / g) xᵢ > ⌊k / g⌋];
 * - over literals with positive weights: a weight beyond k + 1 may be k + 1, since alone it is enough; and, as the complement is a threshold of
 *   the complements, a weight beyond Σ wᵢ − k may be that, with the bound lowered as much, since without it the sum is never enough;
 * - xᵢ cannot matter if no sum of the others lies in k − wᵢ + 1 … k.
 *
 * A threshold of its own pixel alone reads nothing outside the frame: its border rule is written as `replicate`.
 */
export const simplifyThresholds: Pass = {
  name: "simplify-thresholds",
  description: "smaller weights, and no terms that cannot matter; any border",
  run: (module) => {
    if (!hasNode(module, "threshold")) return module;
    return rewriteModule(module, (value, _, rewriter): ValueId => {
      const node = rewriter.renumbered(value.node);
      if (node.kind !== "threshold" || !hasRoom(node)) return rewriter.add(node, value);
      const simple = simplified(node);
      if (typeof simple !== "number") return rewriter.add(simple, value);
      const [first] = node.terms;
      if (first === undefined) throw new InternalError("a threshold without terms");
      return rewriter.add({ kind: "constant", like: first.input, value: simple }, value);
    });
  },
};

/** Products of a number of terms with the total of their weights, above which no term is tried in vain. */
const MOST_SUMS = 2 ** 20;
/** One law makes room for another, but never for ever: weights only shrink. */
const MOST_ROUNDS = 8;

/** The bit that it always is, or a threshold with weights that are no larger; the same one if there is nothing to do. */
function simplified(node: Threshold): Threshold | 0 | 1 {
  const merged = positiveSum({ terms: mergedTerms(node.terms), bound: node.bound });
  let sum = merged;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    if (sum.bound < 0n) return 1;
    if (sum.bound >= sum.total) return 0;
    const smaller = withoutIdle(saturated(divided(sum)));
    if (smaller.total === sum.total && smaller.bound === sum.bound) break;
    sum = smaller;
  }
  // A smaller weight may have more digits that are set: 1 + 2 needs no adder, 1 + 1 needs one.
  const candidates = [signedTerms(sum), signedTerms(merged), node];
  const costs = candidates.map(thresholdCost);
  const { terms, bound } = candidates[costs.indexOf(Math.min(...costs))] ?? node;
  const border = isPointwise(terms) ? "replicate" : node.border;
  const unchanged =
    bound === node.bound &&
    border === node.border &&
    terms.length === node.terms.length &&
    terms.every((term, index) => term === node.terms[index]);
  return unchanged ? node : { kind: "threshold", terms, bound, border };
}

function mergedTerms(terms: readonly ThresholdTerm[]): ThresholdTerm[] {
  const merged = new Map<string, ThresholdTerm>();
  for (const term of terms) {
    const key = `${term.input} ${term.offset.row} ${term.offset.column}`;
    const other = merged.get(key);
    merged.set(key, other === undefined ? term : { ...term, weight: other.weight + term.weight });
  }
  return [...merged.values()].filter(({ weight }) => weight !== 0n);
}

function sumWith(literals: readonly Literal[], bound: bigint): PositiveSum {
  return { literals, bound, total: literals.reduce((total, { weight }) => total + weight, 0n) };
}

function divided(sum: PositiveSum): PositiveSum {
  const divisor = sum.literals.reduce((gcd, { weight }) => greatestCommonDivisor(gcd, weight), 0n);
  if (divisor <= 1n) return sum;
  const literals = sum.literals.map(({ term, weight }) => ({ term, weight: weight / divisor }));
  return sumWith(literals, floorDivide(sum.bound, divisor));
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [greater, smaller] = [a, b];
  while (smaller !== 0n) [greater, smaller] = [smaller, greater % smaller];
  return greater;
}

function saturated(sum: PositiveSum): PositiveSum {
  const enough = sum.bound + 1n;
  const capped = sum.literals.map(({ term, weight }) => ({ term, weight: weight > enough ? enough : weight }));
  const { literals, bound, total } = sumWith(capped, sum.bound);
  const needed = total - bound;
  // Each weight that is cut lowers the total and the bound by as much, so that `needed` stays.
  let lowered = bound;
  const cut = literals.map(({ term, weight }) => {
    if (weight <= needed) return { term, weight };
    lowered -= weight - needed;
    return { term, weight: needed };
  });
  return sumWith(cut, lowered);
}

/** Without the terms that cannot matter, the lightest first. */
function withoutIdle(sum: PositiveSum): PositiveSum {
  let { literals } = sum;
  const weights = [...new Set(literals.map(({ weight }) => weight))].sort((a, b) => (a < b ? -1 : 1));
  for (const weight of weights) {
    const { total } = sumWith(literals, sum.bound);
    if (BigInt(literals.length) * total > MOST_SUMS) break;
    // Terms of one weight matter together or not at all.
    const one = literals.findIndex((literal) => literal.weight === weight);
    const sums = sumsOf(literals.filter((_, index) => index !== one));
    const first = sum.bound - weight + 1n;
    const window = first < 0n ? sums & (2n ** (sum.bound + 1n) - 1n) : (sums >> first) & (2n ** weight - 1n);
    if (window !== 0n) continue;
    literals = literals.filter((literal) => literal.weight !== weight);
  }
  return literals.length === sum.literals.length ? sum : sumWith(literals, sum.bound);
}

/** Bit s is set if some of the literals have the sum s. */
function sumsOf(literals: readonly Literal[]): bigint {
  let sums = 1n;
  for (const { weight } of literals) sums |= sums << weight;
  return sums;
}
