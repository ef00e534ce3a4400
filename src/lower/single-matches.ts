/**
 * Ands of one sample's bits: each compares words of them with a value where a mask is set. The words of a mask belong to one and,
 * those of a vector to neighbouring ands, so that no result depends on more than its own lane; every word of the sample is
 * spread over a vector before.
 */
import { InternalError } from "../diagnostics.js";
import { add, constant, LANES, load, multiply, relative, variable } from "../word/build.js";
import {
  and,
  assignIndex,
  assignWord,
  letIndex,
  letWord,
  loop,
  ONE,
  or,
  store,
  wordVariable,
  xor,
  ZEROS,
} from "../word/build-statement.js";
import type { Index, Statement, Table, Word } from "../word/node.js";
import { type Callable, type Candidate, indexCandidate, makeCallable, pointerCandidate } from "./function.js";
import type { Matches } from "./single-plan.js";

const TABLE = "match_masks";

/** Words of the table for one and and one word of the sample: the mask, and the value there. */
const MASK_AND_VALUE = 2;

/** Words of the table that the ands of a level take: whole blocks of `blockGates` ands. */
export function sizeOfMatches({ words, gates }: Matches, blockGates: number): number {
  return MASK_AND_VALUE * words * blockGates * Math.ceil(gates.length / blockGates);
}

/** Operators to compare `words` words for one and, which shares them with a block of others. */
export function costOfMatch(words: number, blockGates: number): number {
  return (MASK_AND_VALUE * words) / blockGates;
}

/** Operators of a word or a vector: two loads and a word spread over a vector for each word of the sample. */
export function costOfMatches(matches: Matches, blockGates: number): number {
  return sizeOfMatches(matches, blockGates) / blockGates + (blockGates === 1 ? 0 : matches.words * blockGates);
}

/** The masks of all levels, in blocks of `blockGates` ands: word by word, the masks of the block, then the values. */
export class MatchTable {
  readonly #values: number[] = [];
  readonly #blockGates: number;

  /** @param blockGates lanes of the target; whatever vectors the code is compiled for, their lanes divide it */
  constructor(blockGates: number) {
    this.#blockGates = blockGates;
  }

  /** Appends the masks of a level. @returns where they begin */
  add(matches: Matches): number {
    const { firstWord, words, gates } = matches;
    const at = this.#values.length;
    const size = this.#blockGates;
    const block = words * MASK_AND_VALUE * size;
    for (let count = sizeOfMatches(matches, size); count > 0; count--) this.#values.push(0);
    gates.forEach((bits, gate) => {
      const own = at + Math.floor(gate / size) * block + (gate % size);
      for (const { place, complemented } of bits) {
        const entry = own + (Math.floor(place / 32) - firstWord) * MASK_AND_VALUE * size;
        const bit = 2 ** (place % 32);
        this.#values[entry] = (this.#values[entry] ?? 0) + bit;
        if (!complemented) this.#values[entry + size] = (this.#values[entry + size] ?? 0) + bit;
      }
    });
    return at;
  }

  tables(): readonly Table[] {
    if (this.#values.length === 0) return [];
    const comment = `for each ${this.#blockGates} ands and each word: masks, and what the bits there must be`;
    return [{ name: TABLE, element: "u32", values: this.#values, comment }];
  }
}

/** Where things lie in scratch memory, in the entry point. */
export interface MatchPlaces {
  /** Packed words of the sample. */
  readonly packed: Index;
  /** Words that are spread over vectors; as `packed` where vectors have one lane. */
  readonly spread: Index;
  /** Results, a word of 0 or 1 each. */
  readonly results: Index;
}

/** @returns calls in order; `blockGates` and `firstMask` are those of the table */
export function matchLevel(
  { firstWord, words, gates }: Matches,
  firstMask: number,
  blockGates: number,
  places: MatchPlaces,
): readonly Callable[] {
  if (gates.length === 0) throw new InternalError("nothing to match");
  const first = add(places.packed, firstWord);
  const compare = (bits: Index): Callable =>
    matchWords(blockGates, [
      pointerCandidate("bits", "scratch", bits),
      indexCandidate("words", words),
      indexCandidate("gates", gates.length),
      indexCandidate("first_mask", firstMask),
      pointerCandidate("results", "scratch", places.results),
    ]);
  if (blockGates === 1) return [compare(first)];
  return [spreadWords(blockGates, first, words, places.spread), compare(places.spread)];
}

function matchWords(blockGates: number, candidates: readonly Candidate[]): Callable {
  const mask = variable("mask");
  const lane = variable("lane");
  const entry = (at: Index): Word => ({ kind: "table", table: TABLE, index: blockGates === 1 ? at : add(at, lane) });
  const bits = load(relative("bits", atLane(multiply(variable("word"), blockGates), blockGates)));
  const differs = and(xor(bits, entry(add(mask, blockGates))), entry(mask));
  const isMatch: Word = xor({ kind: "at-least", value: wordVariable("differs"), threshold: constant(1) }, ONE);
  const match: Statement[] = [
    letIndex("mask", variable("block"), true),
    letWord("differs", ZEROS, true),
    loop("word", variable("words"), [
      assignWord("differs", or(wordVariable("differs"), differs)),
      assignIndex("mask", add(mask, MASK_AND_VALUE * blockGates)),
    ]),
    store(relative("results", atLane(variable("gate"), blockGates)), isMatch),
  ];
  return makeCallable(
    {
      name: "match_words",
      comment: ["Ands of a sample's bits: a result is 1 where all words have the bits of its values under its masks."],
      mode: "vector",
      body: [
        letIndex("block", variable("first_mask"), true),
        loop(
          "gate",
          variable("gates"),
          [
            ...(blockGates === 1 ? match : [loop("lane", blockGates, match, LANES)]),
            assignIndex("block", add(variable("block"), multiply(variable("words"), MASK_AND_VALUE * blockGates))),
          ],
          blockGates,
        ),
      ],
    },
    candidates,
  );
}

function atLane(index: Index, blockGates: number): Index {
  return blockGates === 1 ? index : add(index, variable("lane"));
}

function spreadWords(blockGates: number, from: Index, words: number, to: Index): Callable {
  const target = relative("spread", add(multiply(variable("word"), blockGates), variable("lane")));
  return makeCallable(
    {
      name: "spread_words",
      comment: [`Repeats each word ${blockGates} times.`],
      mode: "scalar",
      body: [
        loop("word", variable("words"), [
          letWord("value", load(relative("packed", variable("word")))),
          loop("lane", blockGates, [store(target, wordVariable("value"))]),
        ]),
      ],
    },
    [
      pointerCandidate("packed", "scratch", from),
      indexCandidate("words", words),
      pointerCandidate("spread", "scratch", to),
    ],
  );
}
