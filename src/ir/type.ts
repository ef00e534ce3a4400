/** Types of MorphIR values, with sizes where the module's input has them. */
import { InternalError, unreachable } from "../diagnostics.js";
import type { ModuleInput, MorphModule, MorphNode, ValueId } from "./node.js";

/**
 * `halvings` counts the 2×2 sub-samplings between the input and the image: its size is ⌊H / 2^halvings⌋ ×
 * ⌊W / 2^halvings⌋.
 */
export type ValueType =
  | { readonly kind: "image"; readonly halvings: number }
  | { readonly kind: "bit" }
  | { readonly kind: "vector"; readonly length: number }
  | { readonly kind: "scores"; readonly classes: number };

/** Height and width of an image after `halvings` sub-samplings; null where the input is free. */
export function imageSize(input: ModuleInput, halvings: number): { height: number | null; width: number | null } {
  const halve = (side: number | null): number | null => (side === null ? null : Math.floor(side / 2 ** halvings));
  return { height: halve(input.height), width: halve(input.width) };
}

/** Type of every value of a module that `verify` accepts. */
export function typesOf(module: MorphModule): ValueType[] {
  const types: ValueType[] = [];
  for (const value of module.values) types.push(typeOfNode(value.node, types, module.input));
  return types;
}

/** Type of a node whose operands have the given types. */
export function typeOfNode(node: MorphNode, types: readonly ValueType[], input: ModuleInput): ValueType {
  const typeOf = (id: ValueId | undefined): ValueType => {
    const type = id === undefined ? undefined : types[id];
    if (type === undefined) throw new InternalError(`operand ${String(id)} has no type`);
    return type;
  };
  switch (node.kind) {
    case "input":
    case "level-set":
      return { kind: "image", halvings: 0 };
    case "constant":
      return typeOf(node.like);
    case "erosion":
    case "dilation":
    case "complement":
      return typeOf(node.input);
    case "union":
    case "intersection":
      return typeOf(node.inputs[0]);
    case "threshold":
      return typeOf(node.terms[0]?.input);
    case "subsample": {
      const type = typeOf(node.input);
      if (type.kind !== "image") throw new InternalError("only an image can be sub-sampled");
      return { kind: "image", halvings: type.halvings + 1 };
    }
    case "flatten":
      return { kind: "vector", length: node.inputs.reduce((sum, id) => sum + bitsOf(typeOf(id), input), 0) };
    case "element":
      return { kind: "bit" };
    case "readout":
      return { kind: "scores", classes: node.weights.length };
    default:
      return unreachable(node);
  }
}

function bitsOf(type: ValueType, input: ModuleInput): number {
  if (type.kind === "bit") return 1;
  if (type.kind !== "image") throw new InternalError("only images and bits can be flattened");
  const { height, width } = imageSize(input, type.halvings);
  if (height === null || width === null) throw new InternalError("a flattened image needs a fixed size");
  return height * width;
}
