import { InternalError } from "../diagnostics.js";
import type { Dilation, Erosion, MorphNode, MorphValue, Threshold, ValueId } from "../ir/node.js";
import { containsOrigin, isOriginAlone, offsetsOf } from "./element-sets.js";
import { liveValues, type Pass } from "./pass.js";
import { type Rewriter, rewriteModule } from "./rewriter.js";

/**
 * Laws, with 0 for the empty image and 1 for the full one:
 * - X ∪ 0 = X, X ∪ 1 = 1, X ∩ 1 = X, X ∩ 0 = 0, ¬0 = 1, ¬1 = 0; a level set of at least 0 is 1, of at least 256 is 0;
 *   each under any border rule.
 * - X ⊖ ∅ = 1, X ⊕ ∅ = 0, 0 ⊖ B = 0, 0 ⊕ B = 0 for B ≠ ∅, under any border rule: outside 0 lies 0 by either rule.
 * - 1 ⊖ B = 1 and 1 ⊕ B = 1, B ≠ ∅, where the border replicates. Where it is zeros, 1 ⊖ B = 1 only for B = {0}: a pixel at the edge sees the
 *   zeros outside. 1 ⊕ B = 1 holds there if 0 ∈ B.
 * - a term of a threshold on 1 adds its weight to every sum where the border replicates, or where it looks at its own pixel;
 *   a term on 0 adds nothing under any border rule.
 * - a threshold whose bound is below its least sum is 1; one whose bound is at least its greatest sum is 0.
 */
export const foldConstants: Pass = {
  name: "fold-constants",
  description:
    "operations on constants and by empty elements; an erosion or dilation of 1, or a term on it, where the border replicates or is not read",
  run: (module) => {
    // What lends its type alone stays.
    const live = liveValues(module);
    return rewriteModule(module, (value, id, rewriter) => {
      const node = rewriter.renumbered(value.node);
      return (live[id] === true ? fold(node, value, rewriter) : null) ?? rewriter.add(node, value);
    });
  },
};

/** What stands for a node that can be folded, else null. */
function fold(node: MorphNode, value: MorphValue, rewriter: Rewriter): ValueId | null {
  const constant = (bit: 0 | 1, like: ValueId): ValueId =>
    rewriter.add({ kind: "constant", like: modelOf(like, rewriter), value: bit }, value);
  switch (node.kind) {
    case "level-set": {
      if (node.threshold > 0 && node.threshold < 256) return null;
      return constant(node.threshold === 0 ? 1 : 0, rewriter.add(node, value, "like"));
    }
    case "erosion":
    case "dilation": {
      const bit = neighbourhoodBit(node, bitOf(node.input, rewriter));
      return bit === null ? null : constant(bit, node.input);
    }
    case "union":
      return joined(node, 1, value, rewriter);
    case "intersection":
      return joined(node, 0, value, rewriter);
    case "complement": {
      const bit = bitOf(node.input, rewriter);
      return bit === null ? null : constant(bit === 1 ? 0 : 1, node.input);
    }
    case "threshold":
      return summed(node, value, rewriter);
    case "subsample": {
      const bit = bitOf(node.input, rewriter);
      if (bit === null) return null;
      const like = rewriter.add({ kind: "subsample", input: modelOf(node.input, rewriter) }, value, "like");
      return constant(bit, like);
    }
    case "input":
    case "constant":
    case "flatten":
    case "element":
    case "readout":
      return null;
  }
}

/** The constant that an erosion or dilation is, on an operand that is constant or (null) anything. */
function neighbourhoodBit({ kind, element, border }: Erosion | Dilation, operand: 0 | 1 | null): 0 | 1 | null {
  if (offsetsOf(element).length === 0) return kind === "erosion" ? 1 : 0;
  if (operand !== 1 || border === "replicate") return operand;
  return (kind === "dilation" ? containsOrigin(element) : isOriginAlone(element)) ? 1 : null;
}

/** @param decisive the bit of an operand that decides alone */
function joined(
  node: Extract<MorphNode, { readonly inputs: readonly ValueId[]; readonly kind: "union" | "intersection" }>,
  decisive: 0 | 1,
  value: MorphValue,
  rewriter: Rewriter,
): ValueId | null {
  const { inputs } = node;
  const bits = inputs.map((input) => bitOf(input, rewriter));
  const decided = bits.indexOf(decisive);
  const [first] = inputs;
  if (decided >= 0) return inputs[decided] ?? null;
  const open = inputs.filter((_, index) => bits[index] === null);
  if (open.length === inputs.length) return null;
  const [only, second] = open;
  if (only === undefined) return first ?? null;
  return second === undefined ? only : rewriter.add({ ...node, inputs: open }, value);
}

function summed(node: Threshold, value: MorphValue, rewriter: Rewriter): ValueId | null {
  let { bound } = node;
  const terms = node.terms.filter(({ input, offset, weight }) => {
    const bit = bitOf(input, rewriter);
    if (bit === null) return true;
    if (bit === 0) return false;
    if (node.border === "zeros" && (offset.row !== 0 || offset.column !== 0)) return true;
    bound -= weight;
    return false;
  });
  const [first] = node.terms;
  if (first === undefined) throw new InternalError("a threshold without terms");
  let [least, greatest] = [0n, 0n];
  for (const { weight } of terms) {
    if (weight < 0n) least += weight;
    else greatest += weight;
  }
  const constant = (bit: 0 | 1): ValueId =>
    rewriter.add({ kind: "constant", like: modelOf(first.input, rewriter), value: bit }, value);
  if (bound < least) return constant(1);
  if (bound >= greatest) return constant(0);
  return terms.length === node.terms.length ? null : rewriter.add({ ...node, terms, bound }, value);
}

/** The constant that a value is, or null. */
function bitOf(id: ValueId, rewriter: Rewriter): 0 | 1 | null {
  const node = rewriter.node(id);
  return node.kind === "constant" ? node.value : null;
}

/** A value of the same type that is no constant. */
function modelOf(id: ValueId, rewriter: Rewriter): ValueId {
  let model = id;
  for (let node = rewriter.node(model); node.kind === "constant"; node = rewriter.node(model)) model = node.like;
  return model;
}
