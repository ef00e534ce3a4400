/** When two nodes are one: a text that is equal for nodes that compute the same, whatever the order of their inputs. */
import type { MorphNode, ThresholdTerm, ValueId } from "../ir/node.js";
import type { BorderRule } from "../morph/border.js";
import { elementKey, offsetsOf } from "./element-sets.js";

/** @param representative the value that stands for an operand */
export function nodeKey(node: MorphNode, representative: (id: ValueId) => ValueId): string {
  switch (node.kind) {
    case "input":
      return `input ${node.channel}`;
    case "level-set":
      return `level-set ${node.channel} ${node.threshold}`;
    case "constant":
      // Constants of one type are not told apart by what they were modelled on; the caller gives a value for the type.
      return `constant ${node.value} ${representative(node.like)}`;
    case "erosion":
    case "dilation":
      return neighbourhoodKey(node.kind, representative(node.input), node.border, offsetsOf(node.element), () =>
        elementKey(node.element),
      );
    case "union":
    case "intersection": {
      const inputs = [...new Set(node.inputs.map(representative))].sort((a, b) => a - b);
      return `${node.kind} ${inputs.join(" ")}`;
    }
    case "complement":
    case "subsample":
      return `${node.kind} ${representative(node.input)}`;
    case "threshold": {
      const terms = node.terms.map((term) => termKey(term, representative)).sort();
      return `threshold ${isPointwise(node.terms) ? "here" : node.border} ${terms.join(" ")} > ${node.bound}`;
    }
    case "flatten":
      return `flatten ${node.inputs.map(representative).join(" ")}`;
    case "element":
      return `element ${representative(node.input)} ${node.index}`;
    case "readout":
      return `readout ${representative(node.input)} ${node.exponent} ${node.activation.join(" ")} ${node.biases.join(" ")} ${node.weights.map((row) => row.join(" ")).join("/")}`;
  }
}

/** An erosion by one offset reads what the dilation by its negative reads. */
function neighbourhoodKey(
  kind: "erosion" | "dilation",
  input: ValueId,
  border: BorderRule,
  offsets: readonly { readonly row: number; readonly column: number }[],
  key: () => string,
): string {
  const [only, second] = offsets;
  if (only === undefined || second !== undefined) return `${kind} ${input} ${border} ${key()}`;
  const sign = kind === "erosion" ? 1 : -1;
  return `read ${input} ${border} ${sign * only.row} ${sign * only.column}`;
}

function termKey({ input, offset, weight }: ThresholdTerm, representative: (id: ValueId) => ValueId): string {
  return `${representative(input)},${offset.row},${offset.column},${weight}`;
}

/** Whether no term looks beyond its own pixel, so that the border rule says nothing. */
export function isPointwise(terms: readonly ThresholdTerm[]): boolean {
  return terms.every(({ offset }) => offset.row === 0 && offset.column === 0);
}
