/** Pointers into the caller's output for code that goes down the rows of a picture. */
import type { ValueId } from "../ir/node.js";
import {
  absolute,
  add,
  minimum,
  multiply,
  relative,
  subtract,
  typedIndex,
  typedPointer,
  variable,
} from "../word/build.js";
import { letIndex, letPointer } from "../word/build-statement.js";
import type { Index, Pointer, Statement } from "../word/node.js";
import type { Candidate } from "./function.js";
import type { Geometry } from "./geometry.js";
import { sizesInside, sizesOutside } from "./sizes.js";
import { frameWords } from "./transfer.js";

/** Where a region of the output begins in each channel, in the entry point, and which channels a value is. */
export interface OutputPlace {
  readonly at: Index;
  readonly channels: ReadonlyMap<ValueId, readonly number[]>;
}

/** Makes pointers as they are asked for. */
export class OutputPointers {
  /** Before all loops. */
  readonly names: Statement[] = [];
  /** Before the loop over rows. */
  readonly columns: Statement[] = [];
  /** At the beginning of each turn. */
  readonly rows: Statement[] = [];
  readonly candidates: readonly Candidate[];
  /**
   * The last turn may compute rows below the region, which take the place of its last one: they must be stored before it.
   */
  readonly isClamped: boolean;
  readonly #rowWords: Index;
  readonly #channelWords: Index;
  readonly #height: Index;
  readonly #known = new Set<string>();

  /** @param rowsPerTurn rows that are computed at a time */
  constructor(geometry: Geometry, place: OutputPlace, rowsPerTurn: number) {
    const rowWords = frameWords(geometry);
    const { height, words } = sizesOutside(geometry);
    const channelWords = multiply(height, words);
    this.#height = sizesInside(geometry).height;
    const fits = this.#height.kind === "constant" && this.#height.value % rowsPerTurn === 0;
    this.isClamped = place.channels.size > 0 && rowsPerTurn > 1 && !fits;
    this.#rowWords = rowWords.inside;
    this.#channelWords = channelWords.kind === "constant" ? channelWords : variable("channel_words");
    this.candidates = [
      {
        parameter: { name: "target", type: "pointer", space: "output" },
        argument: typedPointer(absolute("output", place.at)),
      },
      ...rowWords.candidates,
      { parameter: { name: "channel_words", type: "index" }, argument: typedIndex(channelWords) },
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

  #row(at: number): Index {
    const row = add(variable("row"), at);
    if (!this.isClamped || at === 0) return row;
    this.#once("last_row", this.names, () => letIndex("last_row", subtract(this.#height, 1)));
    const name = `row${at}`;
    this.#once(name, this.rows, () => letIndex(name, minimum(row, variable("last_row"))));
    return variable(name);
  }

  #once(name: string, statements: Statement[], make: () => Statement): void {
    if (this.#known.has(name)) return;
    this.#known.add(name);
    statements.push(make());
  }
}
