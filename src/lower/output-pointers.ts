/** Pointers into the caller's output for code that goes down the rows of a picture. */
import type { ValueId } from "../ir/node.js";
import { absolute, add, multiply, relative, subtract, typedPointer, variable } from "../word/build.js";
import { letIndex, letPointer } from "../word/build-statement.js";
import type { Index, Pointer, Statement } from "../word/node.js";
import type { Candidate } from "./function.js";
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
  /** Before the loop over rows. */
  readonly columns: Statement[] = [];
  /** At the beginning of each turn. */
  readonly rows: Statement[] = [];
  readonly candidates: readonly Candidate[];
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
      {
        parameter: { name: "target", type: "pointer", space: "output" },
        argument: typedPointer(absolute("output", place.at)),
      },
      ...rowWords.candidates,
      ...channelWords.candidates,
    ];
  }

  get isUsed(): boolean {
    return this.#known.size > 0;
  }

  /** Where the computed words of row `at` of a turn belong in an output channel. */
  at(channel: number, at: number): Pointer {
    const column = `column_target${channel}`;
    const start = add(multiply(this.#channelWords, channel), variable("j"));
    this.#once(column, this.columns, () => letPointer(column, relative("target", start)));
    const pointer = at === 0 ? `target${channel}` : `target${channel}_down${at}`;
    const row = multiply(this.#row(at), this.#rowWords);
    this.#once(pointer, this.rows, () => letPointer(pointer, relative(column, row)));
    return relative(pointer);
  }

  /** Rows above the region take the place of its first one, which is stored after them. */
  #row(at: number): Index {
    const { rows, before } = this.#turns;
    const row = add(variable("row"), at);
    if (before.kind === "constant" && before.value === 0) return row;
    const inside = at === rows - 1 ? row : ({ kind: "maximum", left: row, right: before } as const);
    const name = `row${at}`;
    this.#once(name, this.rows, () => letIndex(name, subtract(inside, before)));
    return variable(name);
  }

  #once(name: string, statements: Statement[], make: () => Statement): void {
    if (this.#known.has(name)) return;
    this.#known.add(name);
    statements.push(make());
  }
}
