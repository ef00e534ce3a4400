/** Values of MorphIR as nodes. */
import { InternalError } from "../../diagnostics.js";
import type { MorphNode, MorphValue, Threshold, ValueId } from "../../ir/node.js";
import { bitLength } from "../../morph/integers.js";
import { elementOffsets } from "../../morph/structuring-element.js";
import { type Graph, type GraphNode, type NodeId, plainSum, type SumNode, signOfSum, type Tap } from "./graph.js";
import type { Planes } from "./planes.js";

/** Sums of so many binary digits are exact in doubles, with room for some units more. */
const DOUBLE_DIGITS = 52;

/** A value depends on an operation that is no function of a neighbourhood of the same pixel. */
export class UnsupportedValue extends Error {}

/** Makes the nodes of values, each of them once. */
export class BitNodes {
  readonly #values: readonly MorphValue[];
  readonly #graph: Graph;
  readonly #planes: Planes;
  readonly #nodes = new Map<ValueId, NodeId>();

  constructor(values: readonly MorphValue[], graph: Graph, planes: Planes) {
    this.#values = values;
    this.#graph = graph;
    this.#planes = planes;
  }

  /** The node may throw {@link UnsupportedValue} when it is first asked for. */
  node(id: ValueId): NodeId {
    const known = this.#nodes.get(id);
    if (known !== undefined) return known;
    const value = this.#values[id];
    if (value === undefined) throw new InternalError(`no value ${id}`);
    const node = this.#add(value.node);
    this.#nodes.set(id, node);
    return node;
  }

  #add(node: MorphNode): NodeId {
    if (node.kind === "input") return this.#planes.node(node.channel, null);
    if (node.kind === "level-set") return this.#planes.node(node.channel, node.threshold);
    return this.#graph.add(() => this.#define(node));
  }

  #define(node: Exclude<MorphNode, { kind: "input" | "level-set" }>): GraphNode {
    const here = (id: ValueId): Tap => ({ node: this.node(id), row: 0, column: 0, weight: 1 });
    switch (node.kind) {
      case "constant":
        return plainSum([], node.value, "replicate");
      case "complement":
        return plainSum([{ ...here(node.input), weight: -1 }], 1, "replicate");
      case "erosion": {
        const taps = elementOffsets(node.element).map((offset): Tap => ({ ...here(node.input), ...offset }));
        return signOfSum(taps, 1 - taps.length, node.border);
      }
      case "dilation": {
        const taps = elementOffsets(node.element).map(
          ({ row, column }): Tap => ({ ...here(node.input), row: -row, column: -column }),
        );
        return signOfSum(taps, 0, node.border);
      }
      case "union":
        return signOfSum(node.inputs.map(here), 0, "replicate");
      case "intersection":
        return signOfSum(node.inputs.map(here), 1 - node.inputs.length, "replicate");
      case "threshold":
        return this.#threshold(node);
      case "subsample":
      case "flatten":
      case "element":
      case "readout":
        throw new UnsupportedValue(`there is a ${node.kind} on the way`);
    }
  }

  /** Weights too large for doubles are divided by a power of two, rounded down; near the bound the integers decide. */
  #threshold({ terms, bound, border }: Threshold): SumNode {
    const total = terms.reduce((sum, { weight }) => sum + absolute(weight), absolute(bound));
    const shift = BigInt(Math.max(0, bitLength(total) - DOUBLE_DIGITS));
    const taps = terms.map(
      ({ input, offset, weight }): Tap => ({ node: this.node(input), ...offset, weight: Number(weight >> shift) }),
    );
    const sum = signOfSum(taps, Number(-bound >> shift), border);
    if (shift === 0n) return sum;
    return {
      ...sum,
      exact: {
        // Each term, and the bound, is off by less than 1.
        within: terms.length + 2,
        evaluate: (values) => {
          const difference = terms.reduce(
            (rest, { weight }, index) => (values[index] === 1 ? rest + weight : rest),
            -bound,
          );
          return difference === 0n ? 0 : difference > 0n ? 1 : -1;
        },
      },
    };
  }
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
