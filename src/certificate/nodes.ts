/** Values of MorphIR by what they are, so that each is claimed once. */
import type { MorphModule, MorphNode, ValueId } from "../ir/node.js";
import { printElement } from "../morph/structuring-element.js";

/** The nodes of layers without neurons, and of the input, by their text. */
export interface NodeIndex {
  /** The first value with this node that was not taken yet. */
  readonly take: (node: MorphNode) => ValueId | undefined;
  readonly byName: (name: string) => ValueId | undefined;
}

export function indexNodes(module: MorphModule): NodeIndex {
  const ids = new Map<string, ValueId[]>();
  const names = new Map<string, ValueId>();
  module.values.forEach(({ name, node }, id) => {
    const text = describe(node);
    names.set(name, id);
    if (text === null) return;
    const found = ids.get(text);
    if (found === undefined) ids.set(text, [id]);
    else found.push(id);
  });
  for (const each of ids.values()) each.reverse();
  return {
    take: (node) => ids.get(describe(node) ?? "")?.pop(),
    byName: (name) => names.get(name),
  };
}

/** Null for the nodes that are found by name. */
function describe(node: MorphNode): string | null {
  switch (node.kind) {
    case "input":
      return `input ${node.channel}`;
    case "level-set":
      return `level-set ${node.channel} ${node.threshold}`;
    case "complement":
    case "subsample":
      return `${node.kind} ${node.input}`;
    case "dilation":
      return `dilation ${node.input} ${printElement(node.element)} ${node.border}`;
    case "flatten":
      return `flatten ${node.inputs.join()}`;
    case "element":
      return `element ${node.input} ${node.index}`;
    case "constant":
    case "erosion":
    case "union":
    case "intersection":
    case "threshold":
    case "readout":
      return null;
  }
}
