/** Erosions and dilations as and/or of shifted words. */
import type { Offset } from "../morph/structuring-element.js";
import type { NodeId, WordGraph } from "./graph.js";

/** The word of a source image at row + `row`, word + `word`. */
export type LoadAt = (row: number, word: number) => NodeId;

/**
 * Which offsets are joined first; all give the same word. `columns`: the rows of each column, so that columns with equal rows
 * share them and pay one shift each. `columns-doubled`: the same, runs by doubling. `rows`: the columns of each row, which
 * neighbouring rows of the result share, then runs of equal rows by doubling. `rows-doubled`: runs of columns by doubling too.
 */
export type JoinOrder = "columns" | "columns-doubled" | "rows" | "rows-doubled";

export const JOIN_ORDERS: readonly JoinOrder[] = ["columns", "columns-doubled", "rows", "rows-doubled"];

/**
 * The word whose bits are the pixels `column` to the right of those of the words that `wordAt` gives: two neighbouring
 * words joined by a shift.
 */
export function shiftedWord(graph: WordGraph, wordAt: (word: number) => NodeId, column: number): NodeId {
  const word = Math.floor(column / 32);
  const shift = column - 32 * word;
  return shift === 0 ? wordAt(word) : graph.funnel(wordAt(word), wordAt(word + 1), shift);
}

/** And (`intersection`) or or (`union`) of the pixels at the given offsets. */
export function joinOffsets(
  graph: WordGraph,
  operation: "intersection" | "union",
  offsets: readonly Offset[],
  loadAt: LoadAt,
  order: JoinOrder = "columns",
): NodeId {
  const neutral = operation === "intersection" ? graph.ones : graph.zeros;
  const join = (words: readonly NodeId[]): NodeId =>
    words.reduce(
      (left, right) => (operation === "intersection" ? graph.and(left, right) : graph.or(left, right)),
      neutral,
    );
  switch (order) {
    case "columns":
      return joinColumns(graph, join, offsets, (rows, word) => join(outwards(rows).map((row) => loadAt(row, word))));
    case "columns-doubled":
      return joinColumns(graph, join, offsets, (rows, word) => joinRuns(join, rows, (row) => loadAt(row, word)));
    case "rows":
      return joinRows(join, offsets, (columns, row) =>
        join(outwards(columns).map((column) => shiftedWord(graph, (word) => loadAt(row, word), column))),
      );
    case "rows-doubled":
      return joinRows(join, offsets, (columns, row) =>
        joinColumnRuns(graph, join, columns, (word) => loadAt(row, word)),
      );
  }
}

type Join = (words: readonly NodeId[]) => NodeId;

/** From the centre outwards, so that the shorter columns of a convex element are prefixes of the longer ones. */
function outwards(positions: readonly number[]): number[] {
  return positions.toSorted((a, b) => Math.abs(a) - Math.abs(b) || a - b);
}

function joinColumns(
  graph: WordGraph,
  join: Join,
  offsets: readonly Offset[],
  joinRowsAt: (rows: readonly number[], word: number) => NodeId,
): NodeId {
  const rowsOfColumn = groupBy(
    offsets,
    ({ column }) => column,
    ({ row }) => row,
  );
  const columns = outwards([...rowsOfColumn.keys()]);
  return join(
    columns.map((column) => shiftedWord(graph, (word) => joinRowsAt(rowsOfColumn.get(column) ?? [], word), column)),
  );
}

function joinRows(
  join: Join,
  offsets: readonly Offset[],
  joinColumnsAt: (columns: readonly number[], row: number) => NodeId,
): NodeId {
  const columnsOfRow = groupBy(
    offsets,
    ({ row }) => row,
    ({ column }) => column,
  );
  const rowsOfColumns = groupBy(
    [...columnsOfRow],
    ([, columns]) => columns.toSorted(ascending).join(" "),
    ([row]) => row,
  );
  return join(
    [...rowsOfColumns.values()].map((rows) => {
      const columns = columnsOfRow.get(rows[0] ?? 0) ?? [];
      return joinRuns(join, rows, (row) => joinColumnsAt(columns, row));
    }),
  );
}

/** Runs shorter than this take fewer shifts one by one. */
const LEAST_RUN = 4;

/** The pixels at `columns` of a row whose words `wordAt` gives, each run as one to the right of a pixel and one to its left. */
function joinColumnRuns(
  graph: WordGraph,
  join: Join,
  columns: readonly number[],
  wordAt: (word: number) => NodeId,
): NodeId {
  return join(
    runsOf(columns).flatMap(([first, length]) => {
      const last = first + length - 1;
      const [right, left] = [last + 1, 1 - first];
      const isAround = first <= 0 && last >= 0 && right < 32 && left < 32;
      if (isAround && (right >= LEAST_RUN || left >= LEAST_RUN)) {
        return [runBeside(graph, join, wordAt, "right", right), runBeside(graph, join, wordAt, "left", left)];
      }
      return outwards(Array.from({ length }, (_, at) => first + at)).map((column) =>
        shiftedWord(graph, wordAt, column),
      );
    }),
  );
}

/**
 * Word `word` of the join of each pixel with the `length` − 1 (below 32) to one side of it, by doubling. Only the `needed` bits of the
 * word that lie farthest to the other side are right: what a shift by so few takes in of the next word needs no shift across
 * words itself.
 */
function runBeside(
  graph: WordGraph,
  join: Join,
  wordAt: (word: number) => NodeId,
  side: "right" | "left",
  length: number,
  word = 0,
  needed = 32,
): NodeId {
  if (length === 1) return wordAt(word);
  const half = 2 ** Math.floor(Math.log2(length - 1));
  const shift = length - half;
  const run = runBeside(graph, join, wordAt, side, half, word, Math.min(32, needed + shift));
  const beyond = needed + shift - 32;
  const isRight = side === "right";
  if (beyond <= 0) return join([run, isRight ? graph.shiftRight(run, shift) : graph.shiftLeft(run, shift)]);
  const next = runBeside(graph, join, wordAt, side, half, isRight ? word + 1 : word - 1, beyond);
  return join([run, isRight ? graph.funnel(run, next, shift) : graph.funnel(next, run, 32 - shift)]);
}

/**
 * The positions' words, runs of neighbours by doubling: 2ᵏ neighbours are two of 2ᵏ⁻¹, and a run of any length is two that
 * overlap. Where positions count from something fixed, neighbouring results share the halves.
 */
function joinRuns(join: Join, positions: readonly number[], wordAt: (position: number) => NodeId): NodeId {
  const run = (first: number, length: number): NodeId => {
    if (length === 1) return wordAt(first);
    const half = 2 ** Math.floor(Math.log2(length - 1));
    return join([run(first, half), run(first + length - half, half)]);
  };
  return join(runsOf(positions).map(([first, length]) => run(first, length)));
}

function runsOf(positions: readonly number[]): readonly (readonly [first: number, length: number])[] {
  const runs: [number, number][] = [];
  for (const position of positions.toSorted(ascending)) {
    const last = runs.at(-1);
    if (last !== undefined && last[0] + last[1] === position) last[1]++;
    else runs.push([position, 1]);
  }
  return runs;
}

function ascending(a: number, b: number): number {
  return a - b;
}

function groupBy<T, K, V>(items: readonly T[], keyOf: (item: T) => K, valueOf: (item: T) => V): Map<K, V[]> {
  const groups = new Map<K, V[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), valueOf(item)]);
  return groups;
}
