import type { ValueId } from "../ir/node.js";
import { chainHolds } from "./chain-law.js";
import { cheaperOf, elementCost, PLANE } from "./cost.js";
import { elementOf, offsetsOf, sumOf } from "./element-sets.js";
import { countUses, type Pass } from "./pass.js";
import { rewriteModule } from "./rewriter.js";

/**
 * Law: (X ⊖ A) ⊖ B = X ⊖ (A ⊕ B) and (X ⊕ A) ⊕ B = X ⊕ (A ⊕ B). Holds in the infinite plane; in a frame under the conditions that
 * {@link chainHolds} states, with one border rule in both.
 *
 * Only where nothing else uses the inner one, and only where one operation costs clearly less than two: larger expressions are computed
 * for fewer rows at a time.
 */
export const mergeChains: Pass = {
  name: "merge-chains",
  description:
    "(X ⊖ A) ⊖ B = X ⊖ (A ⊕ B), (X ⊕ A) ⊕ B = X ⊕ (A ⊕ B), where no way through the outside of the frame is lost or won",
  run: (module) => {
    const uses = countUses(module);
    const rewritten = rewriteModule(module, (value, _, rewriter): ValueId => {
      const { node: old } = value;
      const node = rewriter.renumbered(old);
      if (
        (node.kind !== "erosion" && node.kind !== "dilation") ||
        (old.kind !== "erosion" && old.kind !== "dilation")
      ) {
        return rewriter.add(node, value);
      }
      const inner = rewriter.node(node.input);
      if (inner.kind !== node.kind || inner.border !== node.border || uses[old.input] !== 1) {
        return rewriter.add(node, value);
      }
      const [a, b] = [offsetsOf(inner.element), offsetsOf(node.element)];
      if (!chainHolds(node.kind, node.border, a, b)) return rewriter.add(node, value);
      const sum = sumOf(a, b);
      const element = elementOf(sum);
      if (element === null || elementCost(sum) > WORTHWHILE * (elementCost(a) + elementCost(b) + PLANE)) {
        return rewriter.add(node, value);
      }
      return rewriter.add({ ...node, input: inner.input, element }, value);
    });
    return cheaperOf(module, rewritten);
  },
};

/** The cost of one operation in parts of that of two and the plane between them. */
const WORTHWHILE = 0.92;
