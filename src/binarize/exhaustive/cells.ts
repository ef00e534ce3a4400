/** Nodes at the pixels of one frame: what each value there depends on. */

import type { BorderRule } from "../../morph/border.js";
import type { Frame } from "./frames.js";
import type { Graph, GraphNode, NodeId, SumNode, Tap } from "./graph.js";

/** A value at a pixel of the frame. */
export type Cell = PlaneCell | SumCell;

interface Common {
  /** Equal for cells, of any frame, whose values are the same function of their supports. */
  readonly key: string;
  /** The input bits that it depends on, ascending: by row, column and plane. */
  readonly support: readonly InputBit[];
}

export interface PlaneCell extends Common {
  readonly kind: "plane";
}

export interface SumCell extends Common {
  readonly kind: "sum";
  readonly node: SumNode;
  /** Every operand once, with its weights put together. */
  readonly terms: readonly { readonly operand: Cell; readonly weight: number }[];
  /** The operand of each tap of the node; null outside the frame, where it reads 0. */
  readonly operands: readonly (Cell | null)[];
}

/** A pixel of a plane in the frame as one number; numbers grow with the row, then the column, then the plane. */
export type InputBit = number;

/** More planes than an input can have. */
const PLANES = 2 ** 21;

export function bitPlace(bit: InputBit, frame: Frame): { row: number; column: number; plane: number } {
  const pixel = Math.floor(bit / PLANES);
  const width = frame.left + frame.right + 1;
  return { row: Math.floor(pixel / width), column: pixel % width, plane: bit % PLANES };
}

export interface Limits {
  readonly bits: number;
  readonly cells: number;
}

/** What was too many. */
export type Excess = keyof Limits;

class LimitExceeded extends Error {
  readonly excess: Excess;

  constructor(excess: Excess) {
    super(excess);
    this.excess = excess;
  }
}

/**
 * The values of `roots` at the frame's pixel, or what of them exceeds the limits. Operands are visited in depth, so that too many
 * bits are found early.
 * @param keys false where the keys are not needed, and the reach of all nodes neither
 */
export function cellsAt(
  graph: Graph,
  frame: Frame,
  roots: readonly NodeId[],
  limits: Limits,
  keys = true,
): readonly Cell[] | Excess {
  const height = frame.top + frame.bottom + 1;
  const width = frame.left + frame.right + 1;
  const cells = new Map<string, Cell>();
  const bits = new Set<InputBit>();

  const cellAt = (id: NodeId, row: number, column: number): Cell => {
    const place = `${id},${row},${column}`;
    const known = cells.get(place);
    if (known !== undefined) return known;
    const cell = makeCell(id, graph.node(id), row, column);
    cells.set(place, cell);
    if (cells.size > limits.cells) throw new LimitExceeded("cells");
    return cell;
  };

  const makeCell = (id: NodeId, node: GraphNode, row: number, column: number): Cell => {
    const key = keys ? keyOf(id, row, column) : "";
    if (node.kind === "plane") {
      const bit = (row * width + column) * PLANES + node.plane;
      bits.add(bit);
      if (bits.size > limits.bits) throw new LimitExceeded("bits");
      return { kind: "plane", key, support: [bit] };
    }
    const operands = node.taps.map((tap): Cell | null => {
      const at = placeRead(tap, node.border, row, column, frame);
      return at === null ? null : cellAt(tap.node, at.row, at.column);
    });
    const weights = new Map<Cell, number>();
    operands.forEach((operand, index) => {
      if (operand !== null) weights.set(operand, (weights.get(operand) ?? 0) + (node.taps[index]?.weight ?? 0));
    });
    const terms = [...weights].map(([operand, weight]) => ({ operand, weight }));
    return { kind: "sum", key, support: unite(terms.map((term) => term.operand.support)), node, terms, operands };
  };

  /** Node and distances to the edges, as far as the node can tell. */
  const keyOf = (id: NodeId, row: number, column: number): string => {
    const reach = graph.reach(id);
    const rows = [Math.min(row, reach.top), Math.min(height - 1 - row, reach.bottom)];
    const columns = [Math.min(column, reach.left), Math.min(width - 1 - column, reach.right)];
    return [id, ...rows, ...columns].join();
  };

  try {
    return roots.map((root) => cellAt(root, frame.top, frame.left));
  } catch (error) {
    if (error instanceof LimitExceeded) return error.excess;
    throw error;
  }
}

/** Where a tap reads; null outside the frame, where it reads 0. */
function placeRead(
  tap: Tap,
  border: BorderRule,
  row: number,
  column: number,
  { top, bottom, left, right }: Frame,
): { readonly row: number; readonly column: number } | null {
  const [wantedRow, wantedColumn] = [row + tap.row, column + tap.column];
  const nearest = {
    row: Math.min(Math.max(wantedRow, 0), top + bottom),
    column: Math.min(Math.max(wantedColumn, 0), left + right),
  };
  const isOutside = nearest.row !== wantedRow || nearest.column !== wantedColumn;
  return isOutside && border === "zeros" ? null : nearest;
}

/**
 * Whether the value of `root` at the frame's pixel surely depends on more than `most` input bits: found from one operand of a cell at
 * each pixel, for a quick refusal of networks of many channels.
 */
export function surelyReadsMoreThan(most: number, graph: Graph, frame: Frame, root: NodeId): boolean {
  const seen = new Set<string>();
  let bits = 0;
  const visit = (id: NodeId, row: number, column: number): void => {
    const place = `${id},${row},${column}`;
    if (bits > most || seen.has(place)) return;
    seen.add(place);
    const node = graph.node(id);
    if (node.kind === "plane") {
      bits++;
      return;
    }
    const offsets = new Set<string>();
    for (const tap of node.taps) {
      const offset = `${tap.row},${tap.column}`;
      const at = offsets.has(offset) ? null : placeRead(tap, node.border, row, column, frame);
      offsets.add(offset);
      if (at !== null) visit(tap.node, at.row, at.column);
    }
  };
  visit(root, frame.top, frame.left);
  return bits > most;
}

/** Elements of any of the sets, ascending. */
export function unite(sets: readonly (readonly number[])[]): readonly number[] {
  return [...new Set(sets.flat())].sort((first, second) => first - second);
}
