/** Operations of MorphIR as gates, whatever their operands are: bits of a sample, or words of pixels. */
import { InternalError } from "../diagnostics.js";
import type { MorphNode, ValueId } from "../ir/node.js";
import type { BorderRule } from "../morph/border.js";
import type { GateList, Signal } from "./gates.js";
import { elementReads, neighbourhoodReads, type Read } from "./schedule.js";

/**
 * The signal of an operand: of a bit or at the computed pixel itself (`border` is null, the offset zero), or at an
 * offset from it in a plane whose surroundings the border rule fills.
 */
export type ReadSignal = (read: Read, border: BorderRule | null) => Signal;

/** The gate of a node, complemented if asked, which costs nothing. */
export function gateOfNode(gates: GateList, node: MorphNode, read: ReadSignal, complemented: boolean): Signal {
  const here = (input: ValueId): Signal => read({ input, row: 0, column: 0 }, null);
  switch (node.kind) {
    case "constant":
      return gates.constant(node.value, complemented);
    case "union":
      return gates.any(node.inputs.map(here), complemented);
    case "intersection":
      return gates.all(node.inputs.map(here), complemented);
    case "erosion":
    case "dilation": {
      const operands = elementReads(node).map((each) => read(each, node.border));
      return node.kind === "erosion" ? gates.all(operands, complemented) : gates.any(operands, complemented);
    }
    case "threshold": {
      const isPointwise = neighbourhoodReads(node) === null;
      const terms = node.terms.map(({ input, offset, weight }) => ({
        operand: isPointwise ? here(input) : read({ input, ...offset }, node.border),
        weight,
      }));
      return gates.sumAbove(terms, node.bound, complemented);
    }
    default:
      throw new InternalError(`${node.kind} is no gate`);
  }
}
