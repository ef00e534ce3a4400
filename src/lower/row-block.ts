/** How many rows a straight-line body computes at a time: neighbouring rows share shifts and partial results. */
import type { ValueId } from "../ir/node.js";
import type { Target } from "../target/target.js";
import type { WordMachine } from "./graph.js";
import { JOIN_ORDERS, type JoinOrder } from "./neighbourhood.js";
import { planCarried } from "./rolling.js";
import type { Schedule } from "./schedule.js";
import { type RowBlock, SINGLE_ROWS, StageExpressions } from "./stage-expressions.js";

/** Rows that are tried. */
const BLOCK_ROWS = [1, 2, 4] as const;

/** Word operators in the body, above which fewer rows are computed at a time. */
const BLOCK_LIMIT = 600;

/** Of keeping a word for the next turn, in word operators: a move, or a store and a load where registers run out. */
const KEEPING_COST = 0.5;

/** The number of rows, and the order of joining, that take the fewest operators and loads for the rows of a tile. */
export function chooseRowBlock(
  schedule: Schedule,
  values: readonly ValueId[],
  target: WordMachine & Pick<Target, "tile">,
): RowBlock {
  let best: { readonly block: RowBlock; readonly cost: number } | null = null;
  // An order whose body is too long is so with more rows too.
  const tooLong = new Set<JoinOrder>();
  for (const rows of BLOCK_ROWS) {
    for (const order of JOIN_ORDERS) {
      if (tooLong.has(order)) continue;
      const turn = costOfTurn(schedule, values, { rows, order }, target);
      if (turn.operators > BLOCK_LIMIT) {
        tooLong.add(order);
        if (rows > 1) continue;
      }
      const cost = (turn.operators + turn.loads + KEEPING_COST * turn.kept) / rows + turn.before / target.tile.rows;
      if (best === null || cost < best.cost) best = { block: { rows, order }, cost };
    }
  }
  return best?.block ?? SINGLE_ROWS;
}

/** What a turn of a stage's loop takes. */
export interface TurnCost {
  readonly operators: number;
  readonly loads: number;
  /** Words kept for the next turn. */
  readonly kept: number;
  /** Operators and loads before the first turn. */
  readonly before: number;
}

export function costOfTurn(
  schedule: Schedule,
  values: readonly ValueId[],
  { rows, order }: RowBlock,
  machine: WordMachine,
): TurnCost {
  const expressions = new StageExpressions(schedule, order, machine);
  const { graph } = expressions;
  const roots = expressions.computeBlock(values, rows);
  const carried = planCarried(graph, roots, rows);
  const nodes = carried.map(({ node }) => node);
  const given = new Set(nodes);
  const ends = [...roots, ...carried.map(({ next }) => next)];
  return {
    operators: graph.cost(ends, given),
    loads: graph.loads(ends, given).length,
    kept: carried.length,
    before: graph.cost(nodes) + graph.loads(nodes).length,
  };
}
