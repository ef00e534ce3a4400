import { type MorphModule, type MorphNode, operandsOf, type ValueId } from "../ir/node.js";
import { isOriginAlone, offsetsOf } from "./element-sets.js";
import { isPointwise } from "./node-key.js";
import type { Pass } from "./pass.js";
import { rewriteModule } from "./rewriter.js";
import { valueNumbers } from "./value-numbers.js";

/**
 * Law: equal operations on equal operands are equal; X ∪ Y = Y ∪ X, X ∩ Y = Y ∩ X and X ∪ X = X ∩ X = X; the erosion by {b} is the dilation
 * by {−b}; ∪ {X} = ∩ {X} = X ⊖ {0} = X ⊕ {0} = ¬¬X = X. Holds under any border rule, as equal nodes have the same one; a node that looks at its
 * own pixel alone has none.
 *
 * The value that stays is the first, with its name and origin. An erosion or dilation by a small element that is only joined with
 * others at its own pixel stays where it is, though its users may become one: as part of their expressions it is shared anyway, with
 * several users it would be stored and loaded.
 */
export const shareDuplicates: Pass = {
  name: "share-duplicates",
  description: "equal operations on equal operands are one value, whatever the order of their inputs; any border",
  run: (module) => {
    const numbers = valueNumbers(module);
    const fused = fusedValues(module);
    return rewriteModule(module, (value, id, rewriter): ValueId => {
      const first = numbers[id] ?? id;
      const isOwn = first === id || (isSmall(value.node) && fused.has(id) && fused.has(first));
      return isOwn ? rewriter.add(rewriter.renumbered(value.node), value) : rewriter.standIn(first);
    });
  },
};

/** Members of an element that are read again rather than kept. */
const FEW_MEMBERS = 8;

function isSmall(node: MorphNode): boolean {
  if (node.kind !== "erosion" && node.kind !== "dilation") return false;
  return offsetsOf(node.element).length <= FEW_MEMBERS && !isOriginAlone(node.element);
}

/** Values that are no outputs, and that are read at their own pixel only. */
function fusedValues({ values, outputs }: MorphModule): ReadonlySet<ValueId> {
  const stored = new Set<ValueId>(outputs);
  for (const { node } of values) {
    if (!readsOwnPixelAlone(node)) for (const operand of operandsOf(node)) stored.add(operand);
  }
  return new Set([...values.keys()].filter((id) => !stored.has(id)));
}

function readsOwnPixelAlone(node: MorphNode): boolean {
  switch (node.kind) {
    case "union":
    case "intersection":
    case "complement":
    case "constant":
      return true;
    case "threshold":
      return isPointwise(node.terms);
    default:
      return false;
  }
}
