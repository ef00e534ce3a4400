/** How much code a module comes to. */
import { fail, unreachable } from "../diagnostics.js";
import { bitLength, countSetBits } from "../morph/integers.js";
import { MODULE_LIMITS } from "./limits.js";
import { type MorphNode, type MorphValue, operandsOf } from "./node.js";

/** Operands that a node takes in generated tables or code: one a member, input or set bit of a weight. */
export function tableEntries(node: MorphNode): number {
  switch (node.kind) {
    case "erosion":
    case "dilation":
      return node.element.members.reduce((count, member) => count + (member ? 1 : 0), 0);
    case "union":
    case "intersection":
      return node.inputs.length;
    case "threshold":
      return node.terms.reduce((count, term) => count + countSetBits(term.weight), 0);
    case "readout": {
      const words = (integer: bigint): number => 1 + Math.floor(bitLength(integer) / 30);
      const widest = node.weights.reduce(
        (most, row) => row.reduce((each, next) => Math.max(each, words(next)), most),
        1,
      );
      return node.weights.reduce((count, row) => count + row.length * widest, 0);
    }
    case "input":
    case "level-set":
    case "constant":
    case "complement":
    case "subsample":
    case "flatten":
    case "element":
      return 0;
    default:
      return unreachable(node);
  }
}

/** Members, inputs and terms of a node: what it takes in memory. */
export function operandCount(node: MorphNode): number {
  switch (node.kind) {
    case "erosion":
    case "dilation":
      return node.element.members.length;
    case "threshold":
      return node.terms.length;
    case "readout":
      return node.weights.reduce((count, row) => count + row.length, 0);
    default:
      return operandsOf(node).length;
  }
}

/** Refuses a module of more operands than fit into memory, while its nodes are made. */
export class OperandBudget {
  #operands = 0;

  /** @throws DiagnosticError BMN0302 */
  spend({ node, origin }: Pick<MorphValue, "node" | "origin">): void {
    this.#operands += operandCount(node);
    if (this.#operands <= MODULE_LIMITS.operands) return;
    fail("BMN0302", `the network has more than ${MODULE_LIMITS.operands} members, inputs and terms`, {
      ...(origin === null ? {} : { path: origin.path }),
      hint: "use fewer or smaller neurons",
    });
  }
}

/** Adds up the entries of a module's nodes as they are made, so that one that is too large is refused early. */
export class CodeBudget {
  #entries = 0;

  /** @throws DiagnosticError BMN0302 */
  spend({ node, origin }: Pick<MorphValue, "node" | "origin">): void {
    this.#entries += tableEntries(node);
    if (this.#entries <= MODULE_LIMITS.tableEntries) return;
    fail(
      "BMN0302",
      `the network takes more than ${MODULE_LIMITS.tableEntries} operands: members, inputs and set bits of weights`,
      {
        ...(origin === null ? {} : { path: origin.path }),
        hint: "round the weights by --weight-bits, use fewer or smaller neurons, or train towards erosions and dilations",
      },
    );
  }
}
