import type { MorphNode, MorphValue, Threshold, ValueId } from "../ir/node.js";
import { cheaperOf } from "./cost.js";
import { elementOf, isOriginAlone, reflected } from "./element-sets.js";
import { hasNode, type Pass } from "./pass.js";
import { hasRoom, type Literal, positiveSum, signedTerms } from "./positive-sum.js";
import { type Rewriter, rewriteModule } from "./rewriter.js";

/**
 * Law: over literals with positive weights, [Σ wᵢ xᵢ > k] = x ∪ [the others > k] if the weight of x is above k, and = x ∩ [the others > k − w] if the
 * sum of the others is at most k. So "one of n" is a union and "all of n" an intersection. Of the pixels of X at the offsets S around x,
 * all hold at X ⊖ S, one at X ⊕ Š, none at ¬(X ⊕ Š), not all at ¬(X ⊖ S).
 *
 * Holds under any border rule: each literal reads what its term read, and the complement is taken of what was read.
 *
 * Only where it costs no more.
 */
export const splitThresholds: Pass = {
  name: "split-thresholds",
  description:
    "thresholds, or parts of them, that one term or all terms decide are unions and intersections; any border",
  run: (module) => {
    if (!hasNode(module, "threshold")) return module;
    const rewritten = rewriteModule(module, (value, _, rewriter): ValueId => {
      const node = rewriter.renumbered(value.node);
      return node.kind === "threshold" && hasRoom(node) ? split(node, value, rewriter) : rewriter.add(node, value);
    });
    return cheaperOf(module, rewritten);
  },
};

/** What a threshold is made of, from the outside in: each layer joins its literals and what is inside it. */
interface Layer {
  readonly kind: "union" | "intersection";
  readonly literals: readonly Literal[];
}

function split(node: Threshold, value: MorphValue, rewriter: Rewriter): ValueId {
  const { layers, rest } = peel(node);
  if (layers.length === 0) return rewriter.add(node, value);
  let inner = rest === null ? null : rewriter.add(rest, value, "rest");
  for (const [index, { kind, literals }] of layers.toReversed().entries()) {
    const outermost = index === layers.length - 1;
    const joined = joinedLiterals(kind, literals, node.border);
    // What is the whole threshold has its name.
    const part = outermost && inner === null && joined.length === 1 ? null : "part";
    const inputs = joined.map((each) => made(each, part, value, rewriter));
    if (inner !== null) inputs.push(inner);
    const [only, second] = inputs;
    inner =
      only !== undefined && second === undefined
        ? only
        : rewriter.add({ kind, inputs }, value, outermost ? null : "part");
  }
  return inner ?? rewriter.add(node, value);
}

/** Takes off what decides alone, until nothing does. The inside is null where nothing is left. */
function peel(node: Threshold): { readonly layers: readonly Layer[]; readonly rest: Threshold | null } {
  const layers: Layer[] = [];
  let { literals, bound, total } = positiveSum(node);
  // An inside that is constant would make its layer another one: that is for `simplify-thresholds` and `fold-constants` first.
  if (bound < 0n || bound >= total) return { layers, rest: node };
  while (literals.length > 0) {
    const enough = literals.filter(({ weight }) => weight > bound);
    if (enough.length > 0) {
      const rest = literals.filter(({ weight }) => weight <= bound);
      const left = rest.reduce((sum, { weight }) => sum + weight, 0n);
      layers.push({ kind: "union", literals: enough });
      if (left <= bound) return { layers, rest: null };
      [literals, total] = [rest, left];
      continue;
    }
    const needed = literals.filter(({ weight }) => total - weight <= bound);
    if (needed.length === 0) break;
    const rest = literals.filter(({ weight }) => total - weight > bound);
    const taken = needed.reduce((sum, { weight }) => sum + weight, 0n);
    layers.push({ kind: "intersection", literals: needed });
    if (bound - taken < 0n) return { layers, rest: null };
    [literals, total, bound] = [rest, total - taken, bound - taken];
  }
  return { layers, rest: layers.length === 0 ? node : { ...node, ...signedTerms({ literals, bound }) } };
}

/** An image of a join: of all literals on one image with one sign. */
interface Joined {
  readonly node: MorphNode | null;
  /** Where there is no node: the image itself. */
  readonly input: ValueId;
  readonly complemented: boolean;
}

function joinedLiterals(
  kind: "union" | "intersection",
  literals: readonly Literal[],
  border: Threshold["border"],
): Joined[] {
  const groups = new Map<string, Literal[]>();
  for (const literal of literals) {
    const key = `${literal.term.input} ${literal.term.weight < 0n}`;
    groups.set(key, [...(groups.get(key) ?? []), literal]);
  }
  return [...groups.values()].flatMap((group): Joined[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { input } = first.term;
    const complemented = first.term.weight < 0n;
    // All of the complements are the complement of any.
    const operation = (kind === "intersection") !== complemented ? "erosion" : "dilation";
    const offsets = group.map(({ term }) => term.offset);
    const pieces = elementOf(operation === "erosion" ? offsets : reflected(offsets));
    if (pieces !== null) {
      const node: MorphNode = { kind: operation, input, element: pieces, border };
      return [{ node: isOriginAlone(pieces) ? null : node, input, complemented }];
    }
    // Too far apart for one window.
    return group.map(({ term }) => {
      const element = {
        height: 1,
        width: 1,
        originRow: 0 - term.offset.row,
        originColumn: 0 - term.offset.column,
        members: [true],
      };
      return { node: { kind: "erosion", input, element, border }, input, complemented };
    });
  });
}

function made(
  { node, input, complemented }: Joined,
  part: string | null,
  value: MorphValue,
  rewriter: Rewriter,
): ValueId {
  const image = node === null ? input : rewriter.add(node, value, complemented ? "part" : part);
  return complemented ? rewriter.add({ kind: "complement", input: image }, value, part) : image;
}
