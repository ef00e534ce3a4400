/** Pointers into the caller's output for code that goes down the rows of a picture. */
import type { ValueId } from "../ir/node.js";
import { add, constant, maximum, multiply, relative, subtract, variable } from "../word/build.js";
import { assignIndex, letIndex, letPointer } from "../word/build-statement.js";
import type { Index, Pointer, Statement } from "../word/node.js";
import { type Candidate, pointerCandidate } from "./function.js";
import type { Geometry } from "./geometry.js";
import { sizesOutside } from "./sizes.js";
import { frameDistance, frameWords } from "./transfer.js";
import type { Turns } from "./turns.js";

/** Where a region of the output begins in each channel, in the entry point, and which channels a value is. */
export interface OutputPlace {
  readonly at: Index;
  readonly channels: ReadonlyMap<ValueId, readonly number[]>;
}

/** Makes pointers as they are asked for. */
export class OutputPointers {
  readonly candidates: readonly Candidate[];
  readonly #columns: Statement[] = [];
  readonly #rowWords: Index;
  readonly #channelWords: Index;
  readonly #turns: Turns;
  readonly #known = new Set<string>();

  constructor(geometry: Geometry, place: OutputPlace, turns: Turns) {
    const rowWords = frameWords(geometry);
    const { height, words } = sizesOutside(geometry);
    const channelWords = frameDistance("channel_words", multiply(height, words));
    this.#turns = turns;
    this.#rowWords = rowWords.inside;
    this.#channelWords = channelWords.inside;
    this.candidates = [
      pointerCandidate("target", "output", place.at),
      ...rowWords.candidates,
      ...channelWords.candidates,
    ];
  }

  get isUsed(): boolean {
    return this.#known.size > 0;
  }

  /** Before the loop over rows: where the rows of the first turn lie. Those above the region take the place of its first one. */
  get columns(): readonly Statement[] {
    if (!this.isUsed) return [];
    const { rows, before } = this.#turns;
    const places = this.#rows().map((row) => {
      const inside = row === rows - 1 ? subtract(row, before) : subtract(maximum(row, before), before);
      return letIndex(placeName(row), multiply(row === 0 ? constant(0) : inside, this.#rowWords), true);
    });
    return [...this.#columns, ...places];
  }

  /** At the end of each turn: where the rows of the next one lie. */
  get moves(): readonly Statement[] {
    if (!this.isUsed) return [];
    const { rows } = this.#turns;
    return this.#rows().map((row) =>
      assignIndex(placeName(row), add(variable(placeName((row + rows - 1) % rows)), this.#rowWords)),
    );
  }

  /** Where the computed words of row `row` of a turn belong in an output channel. */
  at(channel: number, row: number): Pointer {
    const column = `column_target${channel}`;
    if (!this.#known.has(column)) {
      const start = add(multiply(this.#channelWords, channel), variable("j"));
      this.#columns.push(letPointer(column, relative("target", start)));
      this.#known.add(column);
    }
    return relative(column, variable(placeName(row)));
  }

  #rows(): number[] {
    return Array.from({ length: this.#turns.rows }, (_, row) => row);
  }
}

/** The variable that holds how far a row of the turn lies from the region's first one in the output. */
function placeName(row: number): string {
  return `row${row}_at`;
}
