import type { ValueId } from "../ir/node.js";
import type { Pass } from "./pass.js";
import { rewriteModule } from "./rewriter.js";
import { valueNumbers } from "./value-numbers.js";

/**
 * Law: equal operations on equal operands are equal; X ∪ Y = Y ∪ X, X ∩ Y = Y ∩ X and X ∪ X = X ∩ X = X; the erosion by {b} is the dilation
 * by {−b}; ∪ {X} = ∩ {X} = X ⊖ {0} = X ⊕ {0} = ¬¬X = X. Holds under any border rule, as equal nodes have the same one; a node that looks at its
 * own pixel alone has none.
 *
 * The value that stays is the first, with its name and origin.
 */
export const shareDuplicates: Pass = {
  name: "share-duplicates",
  description: "equal operations on equal operands are one value, whatever the order of their inputs; any border",
  run: (module) => {
    const numbers = valueNumbers(module);
    return rewriteModule(module, (value, id, rewriter): ValueId => {
      const first = numbers[id] ?? id;
      return first === id ? rewriter.add(rewriter.renumbered(value.node), value) : rewriter.standIn(first);
    });
  },
};
