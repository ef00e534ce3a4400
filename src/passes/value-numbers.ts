/** Which values of a module compute the same. */
import { InternalError } from "../diagnostics.js";
import type { MorphModule, MorphNode, ValueId } from "../ir/node.js";
import { typesOf, type ValueType } from "../ir/type.js";
import { isOriginAlone } from "./element-sets.js";
import { nodeKey } from "./node-key.js";

/**
 * For each value the first one of the module that is equal to it, as far as this can be seen without a law of sets: nodes of one kind on
 * equal operands, and nodes that only hand their operand on.
 */
export function valueNumbers(module: MorphModule): readonly ValueId[] {
  const known = NUMBERS.get(module) ?? numbersOf(module);
  NUMBERS.set(module, known);
  return known;
}

const NUMBERS = new WeakMap<MorphModule, readonly ValueId[]>();

function numbersOf(module: MorphModule): readonly ValueId[] {
  const types = typesOf(module);
  const numbers: ValueId[] = [];
  const known = new Map<string, ValueId>();
  const numberOf = (id: ValueId): ValueId => {
    const number = numbers[id];
    if (number === undefined) throw new InternalError(`value ${id} has no number yet`);
    return number;
  };
  for (const [id, { node }] of module.values.entries()) {
    const handed = handedOn(node, (operand) => module.values[numberOf(operand)]?.node ?? null, numberOf);
    if (handed !== null) {
      numbers.push(numberOf(handed));
      continue;
    }
    const key = node.kind === "constant" ? `constant ${node.value} ${typeKey(types[id])}` : nodeKey(node, numberOf);
    const number = known.get(key) ?? id;
    known.set(key, number);
    numbers.push(number);
  }
  return numbers;
}

function typeKey(type: ValueType | undefined): string {
  return type?.kind === "image" ? `image ${type.halvings}` : (type?.kind ?? "none");
}

/**
 * The operand that a node is equal to: of a union or intersection of one value, an erosion or dilation by the origin (which reads
 * nothing outside the frame), a complement of a complement.
 * @param nodeOf what stands for an operand
 * @param numberOf equal for operands that are equal
 */
export function handedOn(
  node: MorphNode,
  nodeOf: (id: ValueId) => MorphNode | null,
  numberOf: (id: ValueId) => ValueId = (id) => id,
): ValueId | null {
  switch (node.kind) {
    case "union":
    case "intersection": {
      const [first] = node.inputs;
      if (first === undefined) return null;
      return node.inputs.every((input) => numberOf(input) === numberOf(first)) ? first : null;
    }
    case "erosion":
    case "dilation":
      return isOriginAlone(node.element) ? node.input : null;
    case "complement": {
      const inner = nodeOf(node.input);
      return inner?.kind === "complement" ? inner.input : null;
    }
    default:
      return null;
  }
}
