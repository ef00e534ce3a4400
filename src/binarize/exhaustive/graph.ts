/**
 * Float neurons and compiled bits as one kind of thing: a weighted sum of other values around a pixel, and what is made of it.
 * An erosion is [Σ bits − (n − 1) > 0], a BiSE neuron ξ(|P|·(±(Σ W·x − B))).
 */
import { InternalError } from "../../diagnostics.js";
import type { Activation } from "../../model/types.js";
import type { BorderRule } from "../../morph/border.js";

/** Index of a node in its graph. */
export type NodeId = number;

/** `weight` times the value of `node` at the pixel plus (row, column). */
export interface Tap {
  readonly node: NodeId;
  readonly row: number;
  readonly column: number;
  readonly weight: number;
}

/** A binary plane of the input, see planes.ts. */
export interface PlaneNode {
  readonly kind: "plane";
  readonly plane: number;
}

/** The value is the sum itself, [sum > 0], or ξ(steepness · sum). */
export type Finish =
  | { readonly kind: "sum" }
  | { readonly kind: "sign" }
  | { readonly kind: "activation"; readonly activation: Activation; readonly steepness: number };

/** How far a sum in doubles may lie from the one that is meant, as far as its sign is asked, and its value. */
export interface SumError {
  readonly sign: number;
  readonly value: number;
}

/** The sign of sums in doubles that are no farther from 0 than `within`: z, with its sign right, from the values of all taps. */
export interface ExactSum {
  readonly within: number;
  readonly evaluate: (values: readonly number[]) => number;
}

export interface SumNode {
  readonly kind: "sum";
  readonly taps: readonly Tap[];
  /** What taps read outside the frame. */
  readonly border: BorderRule;
  readonly constant: number;
  readonly finish: Finish;
  /** Of the sum's own roundings; the errors of its operands come on top. */
  readonly error: SumError;
  /** Null where doubles are exact, or operands are not. */
  readonly exact: ExactSum | null;
  /** Absolute error of ξ's implementation; 0 for other finishes. */
  readonly finishError: number;
}

export type GraphNode = PlaneNode | SumNode;

/** Rows and columns between a pixel and the farthest one that it depends on. */
export interface Reach {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

export const NO_ERROR: SumError = { sign: 0, value: 0 };

/** A sum without errors of which a bit is made. */
export function signOfSum(taps: readonly Tap[], constant: number, border: BorderRule): SumNode {
  return { ...plainSum(taps, constant, border), finish: { kind: "sign" } };
}

export function plainSum(taps: readonly Tap[], constant: number, border: BorderRule): SumNode {
  return {
    kind: "sum",
    taps,
    border,
    constant,
    finish: { kind: "sum" },
    error: NO_ERROR,
    exact: null,
    finishError: 0,
  };
}

/** Nodes, made when they are first asked for: of a large network a proof may need to see only a corner before it gives up. */
export class Graph {
  readonly #definitions: (() => GraphNode)[] = [];
  readonly #nodes = new Map<NodeId, GraphNode>();
  readonly #reaches = new Map<NodeId, Reach>();

  add(define: () => GraphNode): NodeId {
    this.#definitions.push(define);
    return this.#definitions.length - 1;
  }

  node(id: NodeId): GraphNode {
    const known = this.#nodes.get(id);
    if (known !== undefined) return known;
    const define = this.#definitions[id];
    if (define === undefined) throw new InternalError(`no node ${id}`);
    const node = define();
    this.#nodes.set(id, node);
    return node;
  }

  /**
   * A tap that reads upwards adds to the reach at the top; one that reads downwards takes nothing off it, as the border rule
   * may move it back.
   */
  reach(id: NodeId): Reach {
    const known = this.#reaches.get(id);
    if (known !== undefined) return known;
    const node = this.node(id);
    let reach: Reach = { top: 0, bottom: 0, left: 0, right: 0 };
    for (const tap of node.kind === "plane" ? [] : node.taps) {
      const inner = this.reach(tap.node);
      reach = {
        top: Math.max(reach.top, inner.top + Math.max(0, -tap.row)),
        bottom: Math.max(reach.bottom, inner.bottom + Math.max(0, tap.row)),
        left: Math.max(reach.left, inner.left + Math.max(0, -tap.column)),
        right: Math.max(reach.right, inner.right + Math.max(0, tap.column)),
      };
    }
    this.#reaches.set(id, reach);
    return reach;
  }
}
