import type { ValueId } from "../ir/node.js";
import { countUses, type Pass } from "./pass.js";
import { rewriteModule } from "./rewriter.js";

/**
 * Law: (X ∪ Y) ∪ Z = ∪ {X, Y, Z}, and the same with ∩. Holds under any border rule, as no pixel but the own one is read.
 *
 * The inner one goes only where nothing else uses it.
 */
export const flattenJoins: Pass = {
  name: "flatten-joins",
  description: "unions of unions and intersections of intersections; any border",
  run: (module) => {
    const uses = countUses(module);
    return rewriteModule(module, (value, _, rewriter): ValueId => {
      const { node } = value;
      const renumbered = rewriter.renumbered(node);
      if (node.kind !== "union" && node.kind !== "intersection") return rewriter.add(renumbered, value);
      const inputs: ValueId[] = [];
      for (const input of node.inputs) {
        const inner = rewriter.node(rewriter.standIn(input));
        const opens = inner.kind === node.kind && uses[input] === 1;
        inputs.push(...(opens ? inner.inputs : [rewriter.standIn(input)]));
      }
      const same = inputs.length === node.inputs.length;
      return rewriter.add(same ? renumbered : { kind: node.kind, inputs }, value);
    });
  },
};
