/** Erosions and dilations as and/or of shifted words. */
import type { Offset } from "../morph/structuring-element.js";
import type { NodeId, WordGraph } from "./graph.js";

/** The word of a source image at row + `row`, word + `word`. */
export type LoadAt = (row: number, word: number) => NodeId;

/**
 * Which offsets are joined first; all give the same word. `columns`: the rows of each column, so that columns with equal rows
 * share them and pay one shift each. `columns-doubled`: the same, runs by doubling. `rows`: the columns of each row, which
 * neighbouring rows of the result share, then runs of equal rows by doubling.
 */
export type JoinOrder = "columns" | "columns-doubled" | "rows";

export const JOIN_ORDERS: readonly JoinOrder[] = ["columns", "columns-doubled", "rows"];

/**
 * The word whose bits are the pixels `column` to the right of those of the words that `wordAt` gives: two neighbouring
 * words joined by a shift.
 */
export function shiftedWord(graph: WordGraph, wordAt: (word: number) => NodeId, column: number): NodeId {
  const word = Math.floor(column / 32);
  const shift = column - 32 * word;
  if (shift === 0) return wordAt(word);
  return graph.or(graph.shiftRight(wordAt(word), shift), graph.shiftLeft(wordAt(word + 1), 32 - shift));
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
      return joinRows(graph, join, offsets, loadAt);
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

function joinRows(graph: WordGraph, join: Join, offsets: readonly Offset[], loadAt: LoadAt): NodeId {
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
      return joinRuns(join, rows, (row) =>
        join(outwards(columns).map((column) => shiftedWord(graph, (word) => loadAt(row, word), column))),
      );
    }),
  );
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
