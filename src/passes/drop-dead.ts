import type { ValueId } from "../ir/node.js";
import { typesOf, type ValueType } from "../ir/type.js";
import { liveValues, type Pass } from "./pass.js";
import { compact, mapOperands } from "./rewriter.js";

/**
 * Law: a value that no output depends on has no influence. Holds under any border rule.
 *
 * A constant takes the type of another value; it takes that of one which is needed anyway, where there is one before it.
 */
export const dropDead: Pass = {
  name: "drop-dead",
  description: "values that no output depends on are left out; any border",
  run: (module) => {
    const live = liveValues(module);
    const types = typesOf(module);
    /** The first live value of each type that is no constant. */
    const models = new Map<string, ValueId>();
    let changed = false;
    const values = module.values.map((value, id) => {
      const { node } = value;
      const type = typeKey(types[id]);
      if (node.kind !== "constant") {
        if (live[id] === true && !models.has(type)) models.set(type, id);
        return value;
      }
      const like = models.get(type) ?? node.like;
      if (like === node.like) return value;
      changed = true;
      return { ...value, node: mapOperands(node, () => like) };
    });
    return compact(changed ? { ...module, values } : module);
  },
};

function typeKey(type: ValueType | undefined): string {
  return type?.kind === "image" ? `image ${type.halvings}` : (type?.kind ?? "none");
}
