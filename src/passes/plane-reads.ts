/**
 * What reading pixels around the own one takes, by straight-line code that goes down the rows and keeps what the next ones need. Equal
 * words are computed once, whichever elements on the plane want them. There are three orders, of which the cheapest one counts:
 *
 * - Rows first: each row of the plane is shifted to each of the columns and joined with itself, beginning with the middle columns, then
 *   rows of equal columns are joined.
 * - The same, with runs of columns by doubling, to the right and to the left of the middle.
 * - Columns first: the rows of each column are joined, in each of the neighbouring words, then that is shifted and joined.
 *
 * A shift takes two shifts of words and a join of them; runs of rows are joined by doubling.
 */
import type { Offset } from "../morph/structuring-element.js";

const SHIFT = 3;
/** Of a step of doubling in the word itself, and in the next one, where only some bits are wanted. */
const DOUBLING = { here: SHIFT + 1, beyond: 2 };
/** Runs that lowering joins by doubling: from the least to below the most on either side of the middle. */
const DOUBLED_RUN = { least: 4, most: 32 };

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

/** Operators that join a row with itself at these columns, runs by doubling. */
function doubledRow(along: readonly number[]): number {
  const columns = along.toSorted(ascending);
  let [cost, parts, end] = [0, 0, 0];
  for (const length of runLengths(columns)) {
    const first = columns[end] ?? 0;
    end += length;
    const [right, left] = [first + length, 1 - first];
    const isAround = right >= 1 && left >= 1 && right < DOUBLED_RUN.most && left < DOUBLED_RUN.most;
    if (isAround && Math.max(left, right) >= DOUBLED_RUN.least) {
      cost += doubledRun(right) + doubledRun(left);
      parts += 2;
    } else {
      for (let column = first; column < first + length; column++) if (column % 32 !== 0) cost += SHIFT;
      parts += length;
    }
  }
  return cost + Math.max(0, parts - 1);
}

function doubledRun(length: number): number {
  const steps = Math.ceil(Math.log2(length));
  return steps * DOUBLING.here + Math.max(0, steps - 1) * DOUBLING.beyond;
}

/** What the elements on one plane ask of it; each thing once, whoever asks. */
export class PlaneReads {
  /** Columns to which rows are shifted. */
  readonly #columns = new Set<number>();
  /** For each set of columns that is joined: a path from the root, by its last column and the set before it. */
  readonly #sets = new Map<number, number>();
  /** For each set of columns, what it takes by doubling. */
  readonly #doubledRows = new Map<string, number>();
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
    return Math.min(this.#rowsFirst(), this.#rowsDoubled(), this.#columnsFirst());
  }

  /** A pixel that is read alone. */
  addPixel({ row, column }: Offset): void {
    if (column % 32 !== 0) this.#columns.add(column);
    this.#addDoubledRow({ along: [column], key: String(column), places: [row] });
    this.#addRowSet({ along: [row], key: String(row), places: [column] });
  }

  add({ rowGroups, rowJoins, columnGroups }: ReadShape): void {
    this.#rowJoins += rowJoins;
    for (const group of rowGroups) {
      this.#addDoubledRow(group);
      let set = 0;
      for (const column of group.along) {
        if (column % 32 !== 0) this.#columns.add(column);
        const path = set * SET_STEP + column + 256;
        const next = this.#sets.get(path) ?? this.#sets.size + 1;
        this.#sets.set(path, next);
        set = next;
      }
    }
    let columns = 0;
    for (const group of columnGroups) {
      columns += group.places.length;
      this.#addRowSet(group);
    }
    this.#columnJoins += Math.max(0, columns - 1);
  }

  #addDoubledRow({ along, key }: LineGroup): void {
    if (!this.#doubledRows.has(key)) this.#doubledRows.set(key, doubledRow(along));
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
    let cost = this.#rowJoins + SHIFT * this.#columns.size;
    // The first column of a set is joined with nothing.
    for (const path of this.#sets.keys()) if (path >= SET_STEP) cost++;
    return cost;
  }

  #rowsDoubled(): number {
    let cost = this.#rowJoins;
    for (const row of this.#doubledRows.values()) cost += row;
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
