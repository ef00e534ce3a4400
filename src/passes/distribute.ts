import type { Dilation, Erosion, MorphNode, ValueId } from "../ir/node.js";
import { cheaperOf } from "./cost.js";
import { elementKey } from "./element-sets.js";
import { countUses, type Pass } from "./pass.js";
import { rewriteModule } from "./rewriter.js";

/**
 * Law: (X ⊕ B) ∪ (Y ⊕ B) = (X ∪ Y) ⊕ B and (X ⊖ B) ∩ (Y ⊖ B) = (X ∩ Y) ⊖ B. Holds under any border rule, the same one in both: what lies outside
 * X ∪ Y is the union of what lies outside X and outside Y, whether it is the nearest pixel or 0; likewise for ∩.
 *
 * From many operations by an element to one; only of operands that nothing else uses, and only where it costs no more.
 */
export const distribute: Pass = {
  name: "distribute",
  description: "unions of dilations, and intersections of erosions, by one element; any border, the same in all",
  run: (module) => {
    const uses = countUses(module);
    let isChanged = false;
    const rewritten = rewriteModule(module, (value, _, rewriter): ValueId => {
      const { node } = value;
      const renumbered = rewriter.renumbered(node);
      if (node.kind !== "union" && node.kind !== "intersection") return rewriter.add(renumbered, value);
      const kind = node.kind === "union" ? "dilation" : "erosion";
      const groups = new Map<string, { readonly ids: ValueId[]; readonly nodes: (Erosion | Dilation)[] }>();
      for (const input of new Set(node.inputs)) {
        const id = rewriter.standIn(input);
        const operand = rewriter.node(id);
        if (operand.kind !== kind || uses[input] !== 1) continue;
        const key = `${operand.border} ${elementKey(operand.element)}`;
        const group = groups.get(key) ?? { ids: [], nodes: [] };
        group.ids.push(id);
        group.nodes.push(operand);
        groups.set(key, group);
      }
      const gone = new Set<ValueId>();
      const joined: MorphNode[] = [];
      for (const { ids, nodes } of groups.values()) {
        const [first] = nodes;
        if (first === undefined || ids.length < 2) continue;
        for (const id of ids) gone.add(id);
        const inputs = [...new Set(nodes.map(({ input }) => input))];
        joined.push({ ...first, input: rewriter.add({ kind: node.kind, inputs }, value, "inner") });
      }
      if (joined.length === 0) return rewriter.add(renumbered, value);
      isChanged = true;
      const others = node.inputs.map((input) => rewriter.standIn(input)).filter((id) => !gone.has(id));
      const [only] = joined;
      if (others.length === 0 && only !== undefined && joined.length === 1) return rewriter.add(only, value);
      const inputs = [...others, ...joined.map((each) => rewriter.add(each, value, "part"))];
      return rewriter.add({ kind: node.kind, inputs }, value);
    });
    return isChanged ? cheaperOf(module, rewritten) : module;
  },
};
