import { InternalError } from "../diagnostics.js";
import type { MorphModule, MorphNode, MorphValue, Threshold, ValueId } from "../ir/node.js";
import { bitOperations } from "./cost.js";
import { reflectionOf } from "./element-sets.js";
import type { Pass } from "./pass.js";
import { choosePolarities, fixedTerms, type Literal, literalsOf } from "./polarity.js";
import { mapOperands, Rewriter } from "./rewriter.js";

/**
 * Laws, under any border rule: ¬¬X = X, ¬(X ∪ Y) = ¬X ∩ ¬Y, ¬(X ∩ Y) = ¬X ∪ ¬Y, ¬[Σ wᵢ xᵢ > k] = [Σ −wᵢ xᵢ > −k − 1], and the complement of every second
 * pixel is every second pixel of the complement.
 *
 * Laws that hold where the border replicates, or where only the own pixel is read: ¬(X ⊖ B) = ¬X ⊕ B̌, ¬(X ⊕ B) = ¬X ⊖ B̌, and a term w on ¬X is a
 * term −w on X with a bound lowered by w. With zeros outside, ¬X reads 0 where the complement of what X reads is 1.
 *
 * Polarities are chosen so that few complements are left; where several are equally good, complements go to the outputs.
 */
export const pushComplements: Pass = {
  name: "push-complements",
  description:
    "De Morgan's laws: unions, intersections, thresholds under any border; erosions, dilations and terms where the border replicates",
  run: (module) => {
    if (countComplements(module) === 0) return module;
    const literals = literalsOf(module);
    let best = module;
    let least = bitOperations(module);
    let fewest = countComplements(module);
    let tried: readonly boolean[] = [];
    for (const eager of [true, false]) {
      const polarities = choosePolarities(module, literals, eager);
      if (polarities.length === tried.length && polarities.every((flipped, id) => flipped === tried[id])) break;
      tried = polarities;
      const rewritten = withPolarities(module, literals, polarities);
      const [operations, complements] = [bitOperations(rewritten), countComplements(rewritten)];
      const isBetter = operations < least - ROUNDING || (operations <= least + ROUNDING && complements < fewest);
      if (isBetter) [best, least, fewest] = [rewritten, operations, complements];
    }
    return best;
  },
};

const ROUNDING = 1e-9;

function countComplements({ values }: MorphModule): number {
  return values.reduce((count, { node }) => count + (node.kind === "complement" ? 1 : 0), 0);
}

/** @param flipped for each base, whether its complement is computed instead */
function withPolarities(module: MorphModule, literals: readonly Literal[], flipped: readonly boolean[]): MorphModule {
  const rewriter = new Rewriter(module);
  const complements = firstComplements(module, literals);
  /** For each base what is computed, which is the complement if it is flipped; and the other one, where it was asked for. */
  const computed = new Map<ValueId, ValueId>();
  const others = new Map<ValueId, ValueId>();

  const isFlipped = (base: ValueId): boolean => flipped[base] === true;
  const computedOf = (base: ValueId): ValueId => {
    const id = computed.get(base);
    if (id === undefined) throw new InternalError(`value ${base} was used before it was rewritten`);
    return id;
  };
  const valueOf = (id: ValueId): MorphValue => {
    const value = module.values[id];
    if (value === undefined) throw new InternalError(`no value ${id}`);
    return value;
  };
  /** A literal as a value of the new module. */
  const valueOfLiteral = ({ base, negated }: Literal): ValueId => {
    if (negated === isFlipped(base)) return computedOf(base);
    const known = others.get(base);
    if (known !== undefined) return known;
    const like = isFlipped(base) ? undefined : complements.get(base);
    const input = computedOf(base);
    const id = rewriter.add({ kind: "complement", input }, like ?? valueOf(base), like === undefined ? "not" : null);
    others.set(base, id);
    return id;
  };
  const literalOf = (id: ValueId): Literal => literals[id] ?? { base: id, negated: false };
  const flip = (literal: Literal): Literal => ({ ...literal, negated: !literal.negated });

  const rewritten = (node: MorphNode, complemented: boolean): MorphNode => {
    if (node.kind === "threshold") return rewrittenThreshold(node, complemented);
    // The type alone counts.
    if (node.kind === "constant") {
      return {
        ...node,
        like: computedOf(literalOf(node.like).base),
        value: complemented === (node.value === 1) ? 0 : 1,
      };
    }
    const onOperands = mapOperands(node, (id) => valueOfLiteral(complemented ? flip(literalOf(id)) : literalOf(id)));
    return complemented ? dualOf(onOperands) : onOperands;
  };
  const rewrittenThreshold = (node: Threshold, complemented: boolean): Threshold => {
    let { bound } = node;
    const fixed = fixedTerms(node);
    const terms = node.terms.map((term) => {
      const literal = literalOf(term.input);
      if (fixed.has(term)) return { ...term, input: valueOfLiteral(literal) };
      const input = computedOf(literal.base);
      if (literal.negated === isFlipped(literal.base)) return { ...term, input };
      bound -= term.weight;
      return { ...term, input, weight: -term.weight };
    });
    if (!complemented) return { ...node, terms, bound };
    return { ...node, terms: terms.map((term) => ({ ...term, weight: -term.weight })), bound: -bound - 1n };
  };

  for (const [id, value] of module.values.entries()) {
    if (value.node.kind === "complement") continue;
    const like = isFlipped(id) ? complements.get(id) : value;
    const node = rewritten(value.node, isFlipped(id));
    computed.set(id, rewriter.add(node, like ?? value, like === undefined ? "not" : null));
  }
  for (const output of module.outputs) rewriter.decide(output, valueOfLiteral(literalOf(output)));
  return rewriter.finish();
}

/** For each base the first value that is its complement. */
function firstComplements(module: MorphModule, literals: readonly Literal[]): ReadonlyMap<ValueId, MorphValue> {
  const found = new Map<ValueId, MorphValue>();
  for (const [id, value] of module.values.entries()) {
    const literal = literals[id];
    if (literal?.negated === true && !found.has(literal.base)) found.set(literal.base, value);
  }
  return found;
}

/** The node that gives the complement on complemented operands. */
function dualOf(node: MorphNode): MorphNode {
  switch (node.kind) {
    case "union":
      return { ...node, kind: "intersection" };
    case "intersection":
      return { ...node, kind: "union" };
    case "erosion":
      return { ...node, kind: "dilation", element: reflectionOf(node.element) };
    case "dilation":
      return { ...node, kind: "erosion", element: reflectionOf(node.element) };
    case "subsample":
      return node;
    default:
      throw new InternalError(`${node.kind} has no dual`);
  }
}
