import type { Dilation, Erosion, MorphNode, ValueId } from "../ir/node.js";
import type { Offset } from "../morph/structuring-element.js";
import { cheaperOf } from "./cost.js";
import { elementOf, offsetsOf, unionOf } from "./element-sets.js";
import { countUses, type Pass } from "./pass.js";
import { rewriteModule } from "./rewriter.js";

/**
 * Law: (X ⊖ A) ∩ (X ⊖ B) = X ⊖ (A ∪ B) and (X ⊕ A) ∪ (X ⊕ B) = X ⊕ (A ∪ B). Holds under any border rule, the same one in both: either side reads
 * the pixels of A and those of B.
 *
 * Only of operands that nothing else uses, and only where it costs no more.
 */
export const uniteElements: Pass = {
  name: "unite-elements",
  description: "intersections of erosions of one image, and unions of its dilations; any border, the same in all",
  run: (module) => {
    const uses = countUses(module);
    const rewritten = rewriteModule(module, (value, _, rewriter): ValueId => {
      const { node } = value;
      const renumbered = rewriter.renumbered(node);
      const kind = node.kind === "union" ? "dilation" : node.kind === "intersection" ? "erosion" : null;
      if (kind === null || (node.kind !== "union" && node.kind !== "intersection")) {
        return rewriter.add(renumbered, value);
      }
      const groups = new Map<
        string,
        { readonly ids: ValueId[]; readonly node: Erosion | Dilation; offsets: Offset[] }
      >();
      for (const input of new Set(node.inputs)) {
        const id = rewriter.standIn(input);
        const operand = rewriter.node(id);
        if (operand.kind !== kind || uses[input] !== 1) continue;
        const key = `${operand.input} ${operand.border}`;
        const group = groups.get(key) ?? { ids: [], node: operand, offsets: [] };
        group.ids.push(id);
        group.offsets = unionOf(group.offsets, offsetsOf(operand.element));
        groups.set(key, group);
      }
      const gone = new Set<ValueId>();
      const united: MorphNode[] = [];
      for (const { ids, node: first, offsets } of groups.values()) {
        const element = ids.length > 1 ? elementOf(offsets) : null;
        if (element === null) continue;
        for (const id of ids) gone.add(id);
        united.push({ ...first, element });
      }
      if (united.length === 0) return rewriter.add(renumbered, value);
      const others = node.inputs.map((input) => rewriter.standIn(input)).filter((id) => !gone.has(id));
      const [only] = united;
      if (others.length === 0 && only !== undefined && united.length === 1) return rewriter.add(only, value);
      const inputs = [...others, ...united.map((each) => rewriter.add(each, value, "part"))];
      return rewriter.add({ kind: node.kind, inputs }, value);
    });
    return cheaperOf(module, rewritten);
  },
};
