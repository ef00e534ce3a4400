/** Functions of bits as MorphIR nodes: on the pixels of a window, or on several images or bits. */
import { InternalError } from "../diagnostics.js";
import type { MorphNode, ThresholdTerm, ValueId } from "../ir/node.js";
import type { BiselLayer } from "../model/types.js";
import type { BorderRule } from "../morph/border.js";
import { elementFromKernel, reflectElement } from "../morph/structuring-element.js";
import type { Signal, Stage } from "./stage.js";

/** Makes nodes on what a neuron reads; members and weights are in the order of the bits of its inputs. */
export interface NodeMaker {
  /** Any of the values read, for constants of their type. */
  readonly first: ValueId;
  /** Only on inputs of one bit each. */
  readonly setNode: (operation: "erosion" | "dilation", members: readonly boolean[]) => MorphNode;
  readonly thresholdNode: (weights: readonly bigint[], bound: bigint) => MorphNode;
}

/** On a window of one channel; see docs/ir.md for why a dilation's element is reflected. */
export function kernelNodes(layer: BiselLayer, input: Signal): NodeMaker {
  const { kernelHeight: height, kernelWidth: width, border } = layer;
  const first = firstBit([input]);
  const levels = input.bits.length;
  return {
    first,
    setNode: (operation, members) => {
      const element = elementFromKernel(height, width, members);
      return operation === "erosion"
        ? { kind: "erosion", input: first, element, border }
        : { kind: "dilation", input: first, element: reflectElement(element), border };
    },
    thresholdNode: (weights, bound) => {
      const terms = weights.flatMap((weight, index): ThresholdTerm[] => {
        const position = Math.floor(index / levels);
        const row = Math.floor(position / width) - Math.floor(height / 2);
        const column = (position % width) - Math.floor(width / 2);
        const value = input.bits[index % levels];
        return weight === 0n || value === undefined ? [] : [{ input: value, offset: { row, column }, weight }];
      });
      return thresholdOf(terms, bound, border, first);
    },
  };
}

const HERE = { row: 0, column: 0 };

/** On several images at one pixel, or on several bits. */
export function luiNodes(stage: Stage): NodeMaker {
  const bits = stage.flatMap((signal) => signal.bits);
  const first = firstBit(stage);
  return {
    first,
    setNode: (operation, members) => ({
      kind: operation === "erosion" ? "intersection" : "union",
      inputs: bits.filter((_, position) => members[position] === true),
    }),
    thresholdNode: (weights, bound) => {
      const terms = bits.flatMap((input, position): ThresholdTerm[] => {
        const weight = weights[position] ?? 0n;
        return weight === 0n ? [] : [{ input, offset: HERE, weight }];
      });
      return thresholdOf(terms, bound, "replicate", first);
    },
  };
}

/** A sum that lost all its terms is 0. */
function thresholdOf(terms: readonly ThresholdTerm[], bound: bigint, border: BorderRule, like: ValueId): MorphNode {
  if (terms.length === 0) return { kind: "constant", like, value: bound < 0n ? 1 : 0 };
  return { kind: "threshold", terms, bound, border };
}

function firstBit(stage: Stage): ValueId {
  const value = stage[0]?.bits[0];
  if (value === undefined) throw new InternalError("a neuron without inputs");
  return value;
}
