/** Erosions and dilations as and/or of shifted words. */
import type { Offset } from "../morph/structuring-element.js";
import type { NodeId, WordGraph } from "./graph.js";

/** The word of a source image at row + `row`, word + `word`. */
export type LoadAt = (row: number, word: number) => NodeId;

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

/**
 * And (`intersection`) or or (`union`) of the pixels at the given offsets.
 *
 * Vertical first: the rows of one column of offsets are joined unshifted, so that columns with equal rows (all of a
 * rectangle's) share that word and pay one shift each. Rows are joined from the centre outwards, so that the shorter
 * columns of a convex element are prefixes of the longer ones.
 */
export function joinOffsets(
  graph: WordGraph,
  operation: "intersection" | "union",
  offsets: readonly Offset[],
  loadAt: LoadAt,
): NodeId {
  const neutral = operation === "intersection" ? graph.ones : graph.zeros;
  const join = (words: readonly NodeId[]): NodeId =>
    words.reduce(
      (left, right) => (operation === "intersection" ? graph.and(left, right) : graph.or(left, right)),
      neutral,
    );

  const rowsOfColumn = new Map<number, number[]>();
  for (const { row, column } of offsets) rowsOfColumn.set(column, [...(rowsOfColumn.get(column) ?? []), row]);
  const columns = [...rowsOfColumn].sort(([a], [b]) => Math.abs(a) - Math.abs(b) || a - b);
  return join(
    columns.map(([column, rows]) => {
      const outwards = rows.toSorted((a, b) => Math.abs(a) - Math.abs(b) || a - b);
      return shiftedWord(graph, (word) => join(outwards.map((row) => loadAt(row, word))), column);
    }),
  );
}
