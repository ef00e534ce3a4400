import type { Dilation, Erosion, Intersection, MorphNode, MorphValue, Union, ValueId } from "../ir/node.js";
import { containsOrigin, isSubset, offsetsOf } from "./element-sets.js";
import type { Pass } from "./pass.js";
import { type Rewriter, rewriteModule } from "./rewriter.js";
import { handedOn } from "./value-numbers.js";

/**
 * Laws: X ∪ X = X, X ∪ ¬X = 1, X ∪ (X ∩ Y) = X; for A ⊆ B also X ⊖ B ⊆ X ⊖ A and X ⊕ A ⊆ X ⊕ B, so that of two such inputs a union needs the larger
 * one and an intersection the smaller one, where X itself is X ⊖ {0} = X ⊕ {0}. And each with ∪ and ∩, 0 and 1 exchanged. What hands its operand
 * on (X ⊖ {0}, ∪ {X}, ¬¬X) is its operand.
 *
 * Holds under any border rule, the same one in both elements: A reads no pixel, inside the frame or outside, that B does not read.
 */
export const absorbInputs: Pass = {
  name: "absorb-inputs",
  description:
    "inputs of unions and intersections that others contain, or are contained in; any border, the same in both",
  run: (module) =>
    rewriteModule(module, (value, _, rewriter) => {
      const node = rewriter.renumbered(value.node);
      const handed = handedOn(node, (id) => rewriter.node(id));
      if (handed !== null) return handed;
      return node.kind === "union" || node.kind === "intersection"
        ? joined(node, value, rewriter)
        : rewriter.add(node, value);
    }),
};

/** Comparisons of elements in one union or intersection. */
const MOST_COMPARISONS = 20_000;

function joined(node: Union | Intersection, value: MorphValue, rewriter: Rewriter): ValueId {
  const inputs = new Set(node.inputs);
  for (const input of inputs) {
    const other = rewriter.node(input);
    if (other.kind === "complement" && inputs.has(other.input)) {
      const bit = node.kind === "union" ? 1 : 0;
      return rewriter.add({ kind: "constant", like: other.input, value: bit }, value);
    }
  }
  const dual = node.kind === "union" ? "intersection" : "union";
  for (const input of inputs) {
    const other = rewriter.node(input);
    if (other.kind === dual && other.inputs.some((each) => each !== input && inputs.has(each))) inputs.delete(input);
  }
  for (const input of absorbed(node.kind, [...inputs], rewriter)) inputs.delete(input);
  const kept = node.inputs.filter((input, index) => inputs.has(input) && node.inputs.indexOf(input) === index);
  const [only, second] = kept;
  if (only !== undefined && second === undefined) return only;
  return rewriter.add(kept.length === node.inputs.length ? node : { ...node, inputs: kept }, value);
}

/** Inputs that others make needless. */
function absorbed(kind: "union" | "intersection", inputs: readonly ValueId[], rewriter: Rewriter): Set<ValueId> {
  const gone = new Set<ValueId>();
  const present = new Set(inputs);
  const groups = new Map<string, { readonly id: ValueId; readonly node: Erosion | Dilation }[]>();
  for (const id of inputs) {
    const node = rewriter.node(id);
    if (node.kind !== "erosion" && node.kind !== "dilation") continue;
    if (present.has(node.input) && containsOrigin(node.element)) {
      gone.add((kind === "union") === (node.kind === "dilation") ? node.input : id);
    }
    const key = `${node.kind} ${node.input} ${node.border}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [{ id, node }]);
    else group.push({ id, node });
  }
  let comparisons = 0;
  for (const group of groups.values()) {
    // A set that is contained comes before what contains it.
    group.sort((a, b) => offsetsOf(a.node.element).length - offsetsOf(b.node.element).length || a.id - b.id);
    comparisons += group.length ** 2;
    if (comparisons > MOST_COMPARISONS) break;
    for (const [index, larger] of group.entries()) {
      for (const smaller of group.slice(0, index)) {
        if (gone.has(smaller.id) || gone.has(larger.id)) continue;
        if (!isSubset(smaller.node.element, larger.node.element)) continue;
        gone.add(keepsSmaller(kind, larger.node) ? larger.id : smaller.id);
      }
    }
  }
  return gone;
}

/** A union of erosions is that by the smaller elements, one of dilations that by the larger ones. */
function keepsSmaller(kind: "union" | "intersection", node: MorphNode): boolean {
  return (kind === "union") === (node.kind === "erosion");
}
