/** Programs whose loads and stores go everywhere: random sums of loop counters, and copies of every small length. */
import * as fc from "fast-check";
import {
  absolute,
  add,
  constant,
  LANES,
  load,
  lowBitsIndex,
  multiply,
  relative,
  subtract,
  typedPointer,
  variable,
} from "../../src/word/build.js";
import { and, assignIndex, letIndex, letPointer, loop, store } from "../../src/word/build-statement.js";
import type { Index, Statement, Word, WordProgram } from "../../src/word/node.js";

/** A place in the picture: constant + a · outer + b · inner + falling · (8 − outer − inner), and an offset. */
export interface DrawnPlace {
  readonly constant: number;
  readonly outer: number;
  readonly inner: number;
  readonly falling: number;
  readonly offset: number;
  /** How the program comes to it. */
  readonly way: "direct" | "let" | "let-outside" | "mutable" | "mutable-index" | "conditional";
}

const OUTER = 3;
const INNER = 4;
const MOST_PLACES = 6;
const LEAST_OFFSET = -2;
/** Beyond the place furthest behind. */
const LAST_WORD = 150;

export function arbitraryPlaces(): fc.Arbitrary<DrawnPlace[]> {
  const upTo = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max });
  const place = fc.record({
    constant: upTo(40),
    outer: upTo(34),
    inner: upTo(4),
    falling: upTo(3),
    offset: fc.integer({ min: LEAST_OFFSET, max: 3 }),
    way: fc.constantFrom(
      "direct" as const,
      "let" as const,
      "let-outside" as const,
      "mutable" as const,
      "mutable-index" as const,
      "conditional" as const,
    ),
  });
  return fc.array(place, { minLength: 1, maxLength: MOST_PLACES });
}

/** Copies the words at the places, for all counters, one after the other to the output. */
export function placesProgram(places: readonly DrawnPlace[], lanes: number): WordProgram {
  const words = Math.max(OUTER * INNER * MOST_PLACES * lanes, LAST_WORD + lanes);
  const [a, b] = [variable("a"), variable("b")];
  const indexOf = (place: DrawnPlace, inner: Index): Index =>
    add(
      multiply(a, place.outer),
      multiply(inner, place.inner),
      multiply(subtract(8, add(a, inner)), place.falling),
      place.constant - LEAST_OFFSET,
    );
  const copy = (place: DrawnPlace, number: number): Statement[] => {
    const target = absolute(
      "output",
      multiply(add(multiply(add(multiply(a, INNER), b), places.length), number), LANES),
    );
    const direct = absolute("input", indexOf(place, b));
    const name = `p${number}`;
    const named = store(target, load(relative(name), place.offset));
    switch (place.way) {
      case "direct":
        return [store(target, load(direct, place.offset))];
      case "let":
        return [letPointer(name, direct), named];
      case "let-outside":
        return [store(target, load(relative(name, multiply(b, place.inner)), place.offset))];
      case "mutable":
        return [named, { kind: "assign", name, value: typedPointer(relative(name, place.inner)) }];
      case "mutable-index":
        return [
          store(target, load(absolute("input", add(variable(name), place.constant)), place.offset)),
          assignIndex(name, add(variable(name), place.inner)),
        ];
      case "conditional":
        return [
          {
            kind: "if",
            condition: { kind: "index", operator: "<", left: b, right: constant(2) },
            then: [letPointer(name, direct), named],
            else: [store(target, load(absolute("input", indexOf(place, b))))],
          },
        ];
    }
  };
  const prepare = (place: DrawnPlace, number: number): Statement[] => {
    const start = absolute("input", indexOf(place, constant(0)));
    const name = `p${number}`;
    switch (place.way) {
      case "let-outside":
        return [letPointer(name, start)];
      case "mutable":
        return [{ kind: "let", name, mutable: true, value: typedPointer(start) }];
      case "mutable-index":
        return [letIndex(name, add(multiply(a, place.outer), -LEAST_OFFSET), true)];
      default:
        return [];
    }
  };
  const kernel = [loop("a", OUTER, [...places.flatMap(prepare), loop("b", INNER, places.flatMap(copy))])];
  return copier("places", words, lanes, kernel);
}

/** Ands eight rows of a plane of a fixed stride into a row of the next plane. */
export function fixedStrides(lanes: number): WordProgram {
  const [stride, plane] = [34, 1598];
  const row = (at: number): Index => add(multiply(add(variable("row"), at), stride), variable("j"));
  const rows = Array.from({ length: 8 }, (_, at) => at);
  const kernel: Statement[] = [
    loop("row", 8, [
      loop(
        "j",
        32,
        [
          ...rows.map((at) => letPointer(`in${at}`, relative("planes", row(at)))),
          letPointer("out", relative("planes", add(plane, row(0)))),
          store(
            relative("out"),
            rows.map((at): Word => load(relative(`in${at}`), 1)).reduce((left, right) => and(left, right)),
          ),
        ],
        LANES,
      ),
    ]),
  ];
  const program = copier("strides", 32, lanes, []);
  return {
    ...program,
    scratchWords: constant(2 * plane),
    functions: [
      {
        name: "kernel",
        comment: [],
        mode: "vector",
        parameters: [{ name: "planes", type: "pointer", space: "scratch" }],
        body: kernel,
        result: null,
      },
      {
        name: "run",
        comment: [],
        mode: "scalar",
        parameters: [],
        body: [
          loop("z", plane, [
            store(absolute("scratch", variable("z")), load(absolute("input", lowBitsIndex(variable("z"), 5)))),
          ]),
          { kind: "call", callee: "kernel", arguments: [typedPointer(absolute("scratch", 0))], result: null },
          loop("k", 32, [
            store(absolute("output", variable("k")), load(absolute("scratch", add(plane + 2 * stride, variable("k"))))),
          ]),
        ],
        result: null,
      },
    ],
  };
}

const MOST_COPIED = 9;

/**
 * Runs of 0 … 9 vectors: copied, with a length that is a constant and one that is not, and spread, each vector from the one
 * before it, which the same loop has just written.
 */
export function runsProgram(lanes: number): WordProgram {
  const lengths = Array.from({ length: MOST_COPIED + 1 }, (_, length) => length);
  const most = MOST_COPIED * lanes;
  const statements = lengths.flatMap((length): Statement[] => {
    const [i, j, k] = [`i${length}`, `j${length}`, `k${length}`];
    const begin = 3 * most * length;
    const words = length * lanes;
    const copy = (counter: string, space: "input" | "output", from: number, to: number): Statement[] => [
      store(absolute("output", add(variable(counter), to)), load(absolute(space, add(variable(counter), from)))),
    ];
    return [
      letIndex(`n${length}`, words),
      loop(i, words, copy(i, "input", begin, begin + 1), LANES),
      loop(j, variable(`n${length}`), copy(j, "input", begin + most, begin + most), LANES),
      loop(k, words, copy(k, "output", begin + 2 * most, begin + 2 * most + lanes), LANES),
    ];
  });
  // A bound that is an operation of its own, in languages where & binds less than <.
  const last = 3 * most * (MOST_COPIED + 1);
  const bounded = [
    letIndex("few", 7),
    loop(
      "b",
      lowBitsIndex(variable("few"), 1),
      [store(absolute("output", add(variable("b"), last)), load(absolute("input", add(variable("b"), last))))],
      LANES,
    ),
  ];
  return copier("runs", 3 * most * (MOST_COPIED + 2), lanes, [...statements, ...bounded]);
}

/** A program for pictures of one row of `words` words that clears the output and then runs the statements. */
function copier(name: string, words: number, lanes: number, body: readonly Statement[]): WordProgram {
  return {
    name,
    lanes,
    interface: {
      kind: "images",
      inputChannels: 1,
      samples: "bits",
      height: 1,
      width: 32 * words,
      outputChannels: 1,
      outputHalvings: 0,
    },
    scratchWords: constant(0),
    tables: [],
    functions: [
      { name: "kernel", comment: [], mode: "vector", parameters: [], body, result: null },
      {
        name: "run",
        comment: [],
        mode: "scalar",
        parameters: [],
        body: [
          loop("z", words, [store(absolute("output", variable("z")), { kind: "constant", value: 0 })]),
          { kind: "call", callee: "kernel", arguments: [], result: null },
        ],
        result: null,
      },
    ],
  };
}
