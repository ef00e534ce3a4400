/**
 * Pointers into planes for code that goes down their rows. Where the distance between rows is known, one pointer a plane is
 * enough, which goes on from turn to turn, and all words lie at known distances from it; else each row has its own.
 */
import { InternalError } from "../diagnostics.js";
import { add, constant, multiply, relative, subtract, variable } from "../word/build.js";
import { assignPointer, letPointer } from "../word/build-statement.js";
import type { Index, Pointer, Statement } from "../word/node.js";
import { type Geometry, slotOf } from "./geometry.js";
import type { Load, SourceWord } from "./graph.js";
import type { Plane } from "./schedule.js";
import { rowAt, sizesInside } from "./sizes.js";
import type { Turns } from "./turns.js";

/** Row of the first that a turn computes, from the first one of all turns, and the words that are computed. */
const ROW = variable("row");
const WORD = variable("j");

/** Where a word lies: `offset` words, which are known, behind a pointer. */
export interface Place {
  readonly pointer: Pointer;
  readonly offset: number;
}

/** Words of one plane, by their place relative to the computed one: before the loop over rows, and inside it. */
export interface PlaneAccess {
  readonly before: (place: Pick<SourceWord, "row" | "word">) => Place;
  readonly inside: (place: Pick<SourceWord, "row" | "word">) => Place;
}

/** Makes pointers as they are asked for; the statements that name them come before what uses them. */
export class PlanePointers {
  /** Before the loop over rows. */
  readonly columns: Statement[] = [];
  /** At the beginning of each turn. */
  readonly rows: Statement[] = [];
  /** At its end. */
  readonly moves: Statement[] = [];
  readonly #geometry: Geometry;
  readonly #turns: Turns;
  readonly #known = new Set<string>();

  constructor(geometry: Geometry, turns: Turns) {
    this.#geometry = geometry;
    this.#turns = turns;
  }

  /**
   * Access to the words of a plane, of which none is asked for that lies above or to the left of a corner.
   * @param name for the pointers
   * @param corner row and word, relative to the ones that are computed
   */
  access(name: string, slot: number, corner: Pick<SourceWord, "row" | "word">): PlaneAccess {
    const geometry = this.#geometry;
    const sizes = sizesInside(geometry);
    const { stride } = sizes;
    const start = (row: Index): Index =>
      subtract(add(rowAt(geometry, sizes, slot, row, corner.word), WORD), multiply(this.#turns.before, stride));
    if (stride.kind === "constant") {
      const at = ({ row, word }: Pick<SourceWord, "row" | "word">): Place => ({
        pointer: this.#moving(`at_${name}`, start(constant(corner.row)), stride),
        offset: (row - corner.row) * stride.value + word - corner.word,
      });
      return { before: at, inside: at };
    }
    const ownName = (row: number): string => (row === 0 ? name : `${name}_${row < 0 ? `up${-row}` : `down${row}`}`);
    const named = (statements: Statement[], pointer: string, row: Index): Pointer => {
      this.#once(pointer, statements, () => letPointer(pointer, relative("planes", start(row))));
      return relative(pointer);
    };
    return {
      before: ({ row, word }) => ({
        pointer: named(this.columns, `column_${ownName(row)}`, constant(row)),
        offset: word - corner.word,
      }),
      inside: ({ row, word }) => ({
        pointer: named(this.rows, `at_${ownName(row)}`, add(ROW, row)),
        offset: word - corner.word,
      }),
    };
  }

  /** A pointer that goes on from turn to turn: after the last one it has gone a row too far at most, past a halo without rows. */
  #moving(pointer: string, start: Index, stride: Index): Pointer {
    this.#once(pointer, this.columns, () => {
      this.moves.push(assignPointer(pointer, relative(pointer, multiply(stride, this.#turns.rows))));
      return letPointer(pointer, relative("planes", start), true);
    });
    return relative(pointer);
  }

  #once(pointer: string, statements: Statement[], make: () => Statement): void {
    if (this.#known.has(pointer)) return;
    this.#known.add(pointer);
    statements.push(make());
  }
}

/** Loads of the planes that a graph reads, by the names of its sources. */
export class PlaneLoads {
  readonly #access = new Map<string, PlaneAccess>();

  /** @param loads all that will be asked for */
  constructor(
    pointers: PlanePointers,
    geometry: Geometry,
    sources: ReadonlyMap<string, Plane>,
    loads: readonly SourceWord[],
  ) {
    const corners = new Map<string, { readonly row: number; readonly word: number }>();
    for (const { source, row, word } of loads) {
      const known = corners.get(source) ?? { row, word };
      corners.set(source, { row: Math.min(known.row, row), word: Math.min(known.word, word) });
    }
    for (const [source, corner] of corners) {
      const plane = sources.get(source);
      if (plane === undefined) throw new InternalError(`no source ${source}`);
      const slot = slotOf(geometry, plane.value, plane.surroundings);
      this.#access.set(source, pointers.access(source, slot, corner));
    }
  }

  before(place: SourceWord): Load {
    return { kind: "load", ...this.#of(place).before(place) };
  }

  inside(place: SourceWord): Load {
    return { kind: "load", ...this.#of(place).inside(place) };
  }

  #of({ source }: SourceWord): PlaneAccess {
    const access = this.#access.get(source);
    if (access === undefined) throw new InternalError(`no access to ${source}`);
    return access;
  }
}
