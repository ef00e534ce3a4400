/** What there is to try, counted before it is begun. */

import { worthTable } from "./cell-sums.js";
import { type Cell, cellsAt, type Excess, type InputBit, surelyReadsMoreThan, unite } from "./cells.js";
import { type Frame, framesOf, type InputSize, innermostFrame } from "./frames.js";
import type { Graph, NodeId, Reach } from "./graph.js";

export interface Plan {
  readonly roots: readonly NodeId[];
  readonly size: InputSize;
  readonly reach: Reach;
  /** With few bits first. */
  readonly frames: readonly Frame[];
  readonly patterns: number;
}

/** Of one frame. */
export const FRAME_LIMITS = { bits: 25, cells: 2 ** 12 } as const;
const MOST_FRAMES = 2 ** 14;

/** Additions and the like, for each pattern that may be tried: some seconds for 2^26. */
const OPERATIONS_PER_PATTERN = 128;
/** Making one operand of a cell, and one value of ξ, in additions. */
const OPERAND_COST = 200;
const ACTIVATION_COST = 10;

/** Every frame that occurs, or why they are too many or too large. */
export function planEnumeration(
  graph: Graph,
  roots: readonly NodeId[],
  size: InputSize,
  mostPatterns: number,
): Plan | string {
  const middle = innermostFrame(size);
  if (roots.some((root) => surelyReadsMoreThan(FRAME_LIMITS.bits, graph, middle, root))) return reasonOf("bits");
  const innermost = cellsAt(graph, middle, roots, FRAME_LIMITS, false);
  if (typeof innermost === "string") return reasonOf(innermost);
  const reach = uniteReach(roots.map((root) => graph.reach(root)));
  const frames = framesOf(reach, size, MOST_FRAMES);
  if (frames === null) return `its edges can lie in more than ${MOST_FRAMES} ways`;

  const counted = new Set<string>();
  const mostOperations = mostPatterns * OPERATIONS_PER_PATTERN;
  let [patterns, operations] = [0, 0];
  const sized: { readonly frame: Frame; readonly bits: number }[] = [];
  for (const frame of frames) {
    const cells = cellsAt(graph, frame, roots, FRAME_LIMITS);
    if (typeof cells === "string") return reasonOf(cells);
    const bits = unite(cells.map((cell) => cell.support));
    patterns += 2 ** bits.length;
    if (patterns > mostPatterns) return `it would take more than ${mostPatterns} patterns`;
    operations += operationsOf(cells, bits, counted);
    if (operations > mostOperations) return `it would take more than ${mostOperations} operations`;
    sized.push({ frame, bits: bits.length });
  }
  const ordered = sized.sort((first, second) => first.bits - second.bits).map((each) => each.frame);
  return { roots, size, reach, frames: ordered, patterns };
}

function reasonOf(excess: Excess): string {
  return excess === "bits"
    ? `it depends on more than ${FRAME_LIMITS.bits} bits of the input`
    : `it depends on more than ${FRAME_LIMITS.cells} hidden values`;
}

function uniteReach(reaches: readonly Reach[]): Reach {
  const most = (side: keyof Reach): number => Math.max(0, ...reaches.map((reach) => reach[side]));
  return { top: most("top"), bottom: most("bottom"), left: most("left"), right: most("right") };
}

/** About what the frame costs; tables are made once for all frames, and noted in `counted`. */
function operationsOf(roots: readonly Cell[], bits: readonly InputBit[], counted: Set<string>): number {
  let operations = 0;
  const seen = new Set<Cell>();
  const visit = (cell: Cell, enumerated: readonly InputBit[], hasTable: boolean): void => {
    if (seen.has(cell) || cell.kind === "plane") return;
    seen.add(cell);
    operations += OPERAND_COST * cell.operands.length;
    const own = hasTable ? cell.support : enumerated;
    const operands = cell.terms.map(({ operand }) => ({ operand, inTable: worthTable(operand, own.length) }));
    if (!hasTable || !counted.has(cell.key)) {
      if (hasTable) counted.add(cell.key);
      // What comes from a table changes with the lowest of its bits; one more addition for every copy, and for what follows.
      const changes = operands.map(({ operand, inTable }) =>
        inTable ? 2 ** -Math.max(0, own.indexOf(operand.support[0] ?? -1)) : 1,
      );
      const finish = cell.node.finish.kind === "activation" ? ACTIVATION_COST : 1;
      operations += 2 ** own.length * changes.reduce((sum, each) => sum + each, 2 + finish);
    }
    for (const { operand, inTable } of operands) visit(operand, own, inTable);
  };
  for (const root of roots) visit(root, bits, false);
  return operations;
}
