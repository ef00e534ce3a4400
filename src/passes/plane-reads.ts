/**
 * What reading pixels around the own one takes, by straight-line code that computes some rows at a time. Equal words are
 * computed once, whichever elements on the plane want them. There are two orders, of which the cheaper one counts:
 *
 * - Rows first: each row of the plane is shifted to each of the columns and joined with itself, beginning with the middle columns, then
 *   rows of equal columns are joined. As many rows of the plane are shifted as are read for the rows that are computed.
 * - Columns first: the rows of each column are joined, in each of the neighbouring words, then that is shifted and joined.
 *
 * A shift takes two shifts of words and a join of them; runs of neighbours are joined by doubling.
 */
import type { Offset } from "../morph/structuring-element.js";

const SHIFT = 3;
/** Rows that are computed at a time. */
const BLOCK_ROWS = 8;

/** What an element asks of a plane. */
export interface ReadShape {
  /** The columns of its rows, from the middle outwards, with the rows of these columns. */
  readonly rowGroups: readonly LineGroup[];
  /** Operators that join its rows when the columns of each are joined. */
  readonly rowJoins: number;
  /** The rows of its columns, with the columns of these rows. */
  readonly columnGroups: readonly LineGroup[];
}

/** Lines of an element that are equal. */
interface LineGroup {
  /** Positions along each of the lines. */
  readonly along: readonly number[];
  /** Equal for equal positions. */
  readonly key: string;
  /** Places of the lines, ascending. */
  readonly places: readonly number[];
}

/** @param offsets of the pixels that are read */
export function shapeOf(offsets: readonly Offset[]): ReadShape {
  const rowGroups = groupLines(offsets.map(({ row, column }) => [row, column]));
  const columnGroups = groupLines(offsets.map(({ row, column }) => [column, row]));
  return { rowGroups, rowJoins: runJoins(rowGroups.map(({ places }) => places)), columnGroups };
}

function groupLines(points: readonly (readonly [place: number, along: number])[]): LineGroup[] {
  const lines = new Map<number, number[]>();
  for (const [place, along] of points) {
    const line = lines.get(place);
    if (line === undefined) lines.set(place, [along]);
    else line.push(along);
  }
  const groups = new Map<string, { readonly along: readonly number[]; readonly places: number[] }>();
  for (const [place, along] of lines) {
    along.sort((a, b) => Math.abs(a) - Math.abs(b) || a - b);
    const key = along.join(" ");
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { along, places: [place] });
    else group.places.push(place);
  }
  return [...groups].map(([key, { along, places }]) => ({ key, along, places: places.sort(ascending) }));
}

function ascending(a: number, b: number): number {
  return a - b;
}

/** Operators that join sets of positions: each run by doubling, runs one by one. */
function runJoins(sets: readonly (readonly number[])[]): number {
  let [runs, doublings] = [0, 0];
  for (const positions of sets) {
    for (const length of runLengths(positions)) {
      runs++;
      doublings += Math.ceil(Math.log2(length));
    }
  }
  return doublings + Math.max(0, runs - 1);
}

function* runLengths(positions: readonly number[]): Generator<number> {
  let length = 0;
  for (const [index, position] of positions.entries()) {
    length++;
    if (positions[index + 1] === position + 1) continue;
    yield length;
    length = 0;
  }
}

/** Rows from the first to the last one that is read. */
interface Span {
  top: number;
  bottom: number;
}

/** What the elements on one plane ask of it; each thing once, whoever asks. */
export class PlaneReads {
  /** For each column, the rows that are shifted to it. */
  readonly #columns = new Map<number, Span>();
  /** For each set of columns that is joined: a path from the root, by its last column and the set before it. */
  readonly #sets = new Map<number, { readonly set: number; readonly span: Span }>();
  #rowJoins = 0;
  /** Operators of the joined rows of each column, for one word, and the sides on which words are read. */
  readonly #rowSets = new Map<
    string,
    { readonly number: number; readonly joins: number; left: boolean; right: boolean }
  >();
  /** Columns to which joined rows are shifted, by the number of the rows. */
  readonly #shiftedRowSets = new Set<number>();
  #columnJoins = 0;

  /** Operators for what was added so far. */
  get cost(): number {
    return Math.min(this.#rowsFirst(), this.#columnsFirst());
  }

  /** A pixel that is read alone. */
  addPixel({ row, column }: Offset): void {
    if (column % 32 !== 0) this.#read(column, row, row);
    this.#addRowSet({ along: [row], key: String(row), places: [column] });
  }

  add({ rowGroups, rowJoins, columnGroups }: ReadShape): void {
    this.#rowJoins += rowJoins;
    for (const { along, places } of rowGroups) {
      const [top, bottom] = [places[0] ?? 0, places.at(-1) ?? 0];
      let set = 0;
      for (const column of along) {
        if (column % 32 !== 0) this.#read(column, top, bottom);
        const path = set * SET_STEP + column + 256;
        let next = this.#sets.get(path);
        if (next === undefined) {
          next = { set: this.#sets.size + 1, span: { top, bottom } };
          this.#sets.set(path, next);
        } else widen(next.span, top, bottom);
        ({ set } = next);
      }
    }
    let columns = 0;
    for (const group of columnGroups) {
      columns += group.places.length;
      this.#addRowSet(group);
    }
    this.#columnJoins += Math.max(0, columns - 1);
  }

  #read(column: number, top: number, bottom: number): void {
    const span = this.#columns.get(column);
    if (span === undefined) this.#columns.set(column, { top, bottom });
    else widen(span, top, bottom);
  }

  #addRowSet({ along, key, places }: LineGroup): void {
    let known = this.#rowSets.get(key);
    if (known === undefined) {
      const joins = runJoins([along.toSorted(ascending)]);
      known = { number: this.#rowSets.size, joins, left: false, right: false };
      this.#rowSets.set(key, known);
    }
    for (const column of places) {
      if (column < 0) known.left = true;
      if (column > 0) known.right = true;
      if (column % 32 !== 0) this.#shiftedRowSets.add(known.number * SET_STEP + column + 256);
    }
  }

  #rowsFirst(): number {
    let cost = this.#rowJoins;
    for (const span of this.#columns.values()) cost += SHIFT * shareOf(span);
    // The first column of a set is joined with nothing.
    for (const [path, { span }] of this.#sets) if (path >= SET_STEP) cost += shareOf(span);
    return cost;
  }

  #columnsFirst(): number {
    let cost = this.#columnJoins + SHIFT * this.#shiftedRowSets.size;
    for (const { joins, left, right } of this.#rowSets.values()) {
      cost += joins * (1 + (left ? 1 : 0) + (right ? 1 : 0));
    }
    return cost;
  }
}

/** Columns lie within ±255. */
const SET_STEP = 512;

function widen(span: Span, top: number, bottom: number): void {
  span.top = Math.min(span.top, top);
  span.bottom = Math.max(span.bottom, bottom);
}

/** How often something is done for each row that is computed, if it is done for these rows of the plane. */
function shareOf({ top, bottom }: Span): number {
  return (BLOCK_ROWS + bottom - top) / BLOCK_ROWS;
}
