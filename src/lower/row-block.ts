/** How many rows a straight-line body computes at a time: neighbouring rows share shifts and partial results. */
import { InternalError } from "../diagnostics.js";
import type { ValueId } from "../ir/node.js";
import { imageSize } from "../ir/type.js";
import { halvingsOf } from "./geometry.js";
import { JOIN_ORDERS, type JoinOrder } from "./neighbourhood.js";
import type { Schedule } from "./schedule.js";
import { type RowBlock, SINGLE_ROWS, StageExpressions } from "./stage.js";

/** Rows that are tried. */
const BLOCK_ROWS = [1, 2, 4, 8] as const;

/** Word operators in the body, above which fewer rows are computed at a time. */
const BLOCK_LIMIT = 600;

/** The number of rows, and the order of joining, that take the fewest operators and loads for a whole picture of `values`. */
export function chooseRowBlock(schedule: Schedule, values: readonly ValueId[]): RowBlock {
  const height = heightOf(schedule, values);
  let best: { readonly block: RowBlock; readonly cost: number } | null = null;
  // An order whose body is too long is so with more rows too.
  const tooLong = new Set<JoinOrder>();
  for (const rows of BLOCK_ROWS) {
    for (const order of JOIN_ORDERS) {
      if (tooLong.has(order)) continue;
      const expressions = new StageExpressions(schedule, order);
      const roots = expressions.computeBlock(values, rows);
      const operators = expressions.graph.cost(roots);
      if (operators > BLOCK_LIMIT) {
        tooLong.add(order);
        if (rows > 1) continue;
      }
      const cost =
        (operators + expressions.graph.loadCount(roots)) * (height === null ? 1 / rows : Math.ceil(height / rows));
      if (best === null || cost < best.cost) best = { block: { rows, order }, cost };
    }
  }
  return best?.block ?? SINGLE_ROWS;
}

/** Rows below the picture that the last block computes along; the most of any height, where it is free. */
export function spillRows(schedule: Schedule, values: readonly ValueId[], { rows }: RowBlock): number {
  const height = heightOf(schedule, values);
  return height === null ? rows - 1 : Math.ceil(height / rows) * rows - height;
}

function heightOf({ module, types }: Schedule, [first]: readonly ValueId[]): number | null {
  if (first === undefined) throw new InternalError("a stage without values");
  return imageSize(module.input, halvingsOf(types[first])).height;
}
