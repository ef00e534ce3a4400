/**
 * Pointers into planes for code that goes down their rows. Where the distance between rows is known, one pointer a plane is
 * enough, and all words lie at known distances from it; else each row has its own. They go on from turn to turn.
 */
import { InternalError } from "../diagnostics.js";
import { add, constant, multiply, relative, subtract, variable } from "../word/build.js";
import { assignPointer, letPointer } from "../word/build-statement.js";
import type { Pointer, Statement } from "../word/node.js";
import { type Geometry, slotOf } from "./geometry.js";
import type { Load, SourceWord } from "./graph.js";
import type { Plane } from "./schedule.js";
import { rowAt, sizesInside } from "./sizes.js";
import type { Turns } from "./turns.js";

/** The words that are computed. */
const WORD = variable("j");

/** Where a word lies: `offset` words, which are known, behind a pointer. */
export interface Place {
  readonly pointer: Pointer;
  readonly offset: number;
}

/** Words of one plane, by their place relative to the computed one of the turn at hand: the first one, before the loop over rows. */
export type PlaneAccess = (place: Pick<SourceWord, "row" | "word">) => Place;

/** Makes pointers as they are asked for; the statements that name them come before what uses them. */
export class PlanePointers {
  /** Before the loop over rows. */
  readonly columns: Statement[] = [];
  /** At the end of each turn: on to the next one. */
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
    const { stride } = sizesInside(this.#geometry);
    if (stride.kind === "constant") {
      return ({ row, word }) => ({
        pointer: this.#pointer(name, slot, corner),
        offset: (row - corner.row) * stride.value + word - corner.word,
      });
    }
    const ownName = (row: number): string => (row === 0 ? name : `${name}_${row < 0 ? `up${-row}` : `down${row}`}`);
    return ({ row, word }) => ({
      pointer: this.#pointer(ownName(row), slot, { row, word: corner.word }),
      offset: word - corner.word,
    });
  }

  #pointer(name: string, slot: number, { row, word }: Pick<SourceWord, "row" | "word">): Pointer {
    const pointer = `at_${name}`;
    if (!this.#known.has(pointer)) {
      const sizes = sizesInside(this.#geometry);
      const { rows, before } = this.#turns;
      const first = add(rowAt(this.#geometry, sizes, slot, constant(row), word), WORD);
      const start = subtract(first, multiply(before, sizes.stride));
      this.columns.push(letPointer(pointer, relative("planes", start), true));
      this.moves.push(assignPointer(pointer, relative(pointer, multiply(sizes.stride, rows))));
      this.#known.add(pointer);
    }
    return relative(pointer);
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

  at(place: SourceWord): Load {
    const access = this.#access.get(place.source);
    if (access === undefined) throw new InternalError(`no access to ${place.source}`);
    return { kind: "load", ...access(place) };
  }
}
