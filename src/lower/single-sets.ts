/**
 * Ands of one sample's bits, each as a list of places: those that must be 1, then those that must be 0. Some of both are read first,
 * since an and of many bits mostly fails at them.
 */
import { add, constant, load, minimum, multiply, relative, subtract, variable } from "../word/build.js";
import {
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
import type { Condition, Index, Statement, Table } from "../word/node.js";
import { type Callable, indexCandidate, makeCallable, pointerCandidate } from "./function.js";
import type { PlacedBit } from "./single-plan.js";
import { unsignedTable } from "./table.js";

/** Bits of each polarity that are read first. */
const FIRST = 3;

/** Operators of one word, about, where bits are as often 0 as 1: a place, a bit and an or for each that is read. */
export function costOfSet(bits: readonly PlacedBit[]): number {
  const [plain, complemented] = polarities(bits);
  const first = Math.min(FIRST, plain.length) + Math.min(FIRST, complemented.length);
  return 8 + 3 * (first + (bits.length - first) / 2 ** first);
}

/** In tables, in words. */
export function sizeOfSet(bits: readonly PlacedBit[]): number {
  return (bits.length + 1) / 2;
}

function polarities(bits: readonly PlacedBit[]): readonly [plain: number[], complemented: number[]] {
  const placesOf = (isComplemented: boolean): number[] =>
    bits.filter(({ complemented }) => complemented === isComplemented).map(({ place }) => place);
  return [placesOf(false), placesOf(true)];
}

/** Where the ands of a level begin in the tables. */
interface SetRange {
  readonly gates: number;
  readonly firstSize: number;
  readonly firstBit: number;
}

/** The tables of all such ands of a program. */
export class SetTables {
  readonly #sizes: number[] = [];
  readonly #bits: number[] = [];

  add(gates: readonly (readonly PlacedBit[])[]): SetRange {
    const range = { gates: gates.length, firstSize: this.#sizes.length, firstBit: this.#bits.length };
    for (const bits of gates) {
      const [plain, complemented] = polarities(bits);
      this.#sizes.push(plain.length, complemented.length);
      for (const part of [
        plain.slice(0, FIRST),
        complemented.slice(0, FIRST),
        plain.slice(FIRST),
        complemented.slice(FIRST),
      ]) {
        for (const place of part) this.#bits.push(place);
      }
    }
    return range;
  }

  tables(): Table[] {
    if (this.#sizes.length === 0) return [];
    return [
      unsignedTable("set_sizes", this.#sizes, "for each and: bits that must be 1, bits that must be 0"),
      unsignedTable(
        "set_bits",
        this.#bits,
        `for each and: the first ${FIRST} bits at most that must be 1, as many that must be 0, the others that must be 1, the others that must be 0`,
      ),
    ];
  }
}

/** @param values where the bits of the sample lie, and `results` those of the ands, a word of 0 or 1 each */
export function matchSets(range: SetRange, values: Index, results: Index): Callable {
  const [place, ones, zeros, others] = [variable("place"), variable("ones"), variable("zeros"), variable("others")];
  const size = (which: number): Index => ({
    kind: "table",
    table: "set_sizes",
    index: add(variable("sizes_at"), multiply(variable("gate"), 2), which),
  });
  /** Reads the bits `from` … `to` − 1 of the table. */
  const read = (name: string, from: Index, to: Index, isOne: boolean): Statement => {
    const bit = load(relative("values", { kind: "table", table: "set_bits", index: variable(name) }));
    const miss = isOne ? xor(bit, ONE) : bit;
    const body = [assignWord("misses", or(wordVariable("misses"), miss))];
    return { kind: "for", variable: name, from, to, step: constant(1), body };
  };
  const afterOnes = add(place, variable("first_ones"));
  const isOpen: Condition = {
    kind: "wide",
    operator: "==",
    left: { kind: "from-word", value: wordVariable("misses") },
    right: { kind: "constant", value: 0 },
  };
  return makeCallable(
    {
      name: "match_sets",
      comment: ["Ands of a sample's bits: a result is 1 where no bit misses what it must be."],
      mode: "scalar",
      body: [
        letIndex("place", variable("bits_at"), true),
        loop("gate", variable("gates"), [
          letIndex("ones", size(0)),
          letIndex("zeros", size(1)),
          letIndex("first_ones", minimum(ones, FIRST)),
          letIndex("others", add(afterOnes, minimum(zeros, FIRST))),
          letWord("misses", ZEROS, true),
          read("first_one", place, afterOnes, true),
          read("first_zero", afterOnes, others, false),
          {
            kind: "if",
            condition: isOpen,
            then: [
              letIndex("other_zeros", subtract(add(others, ones), variable("first_ones"))),
              read("one", others, variable("other_zeros"), true),
              read("zero", variable("other_zeros"), add(place, ones, zeros), false),
            ],
            else: [],
          },
          store(relative("results", variable("gate")), xor(wordVariable("misses"), ONE)),
          assignIndex("place", add(place, ones, zeros)),
        ]),
      ],
    },
    [
      pointerCandidate("values", "scratch", values),
      indexCandidate("gates", range.gates),
      indexCandidate("sizes_at", range.firstSize),
      indexCandidate("bits_at", range.firstBit),
      pointerCandidate("results", "scratch", results),
    ],
  );
}
