/** Programs full of random expressions, to compare backends with the interpreter on every operator and nesting. */
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
  typedIndex,
  typedPointer,
  variable,
} from "../../src/word/build.js";
import type { Index, Statement, Wide, Word, WordProgram } from "../../src/word/node.js";

/** Words of the one row that random words read. */
const ROW_WORDS = 16;
/** Zeros before the row and noise behind it, for the offsets and the last vector. */
const BEFORE = 2;
const BEHIND = 20;

const edgeWords = fc.oneof(
  fc.constantFrom(0, 1, 5, 0x7fffffff, 0x80000000, 0xffffffff),
  fc.integer({ min: 0, max: 0xffffffff }),
);

const amount: fc.Arbitrary<Index> = fc.oneof(
  fc.integer({ min: 0, max: 31 }).map(constant),
  fc.integer({ min: 0, max: 9 }).map((plus) => lowBitsIndex(add(variable("k"), plus), 5)),
);

/** Words of a vector function with a pointer `source` and an index `k`. */
const words: fc.Arbitrary<Word> = fc.letrec<{ word: Word }>((tie) => ({
  word: fc.oneof(
    { maxDepth: 5, depthSize: "medium" },
    edgeWords.map((value): Word => ({ kind: "constant", value })),
    fc.integer({ min: -2, max: 2 }).map((offset) => load(relative("source"), offset)),
    fc.integer({ min: -1, max: 2 }).map((offset) => load(relative("source", lowBitsIndex(variable("k"), 1)), offset)),
    fc
      .tuple(fc.constantFrom("and", "or", "xor", "and-not"), tie("word"), tie("word"))
      .map(([kind, left, right]): Word => ({ kind, left, right })),
    fc.tuple(fc.constantFrom("not", "negate"), tie("word")).map(([kind, value]): Word => ({ kind, value })),
    fc
      .tuple(fc.constantFrom("shift-left", "shift-right"), tie("word"), amount)
      .map(([kind, value, by]): Word => ({ kind, value, amount: by })),
    fc
      .tuple(tie("word"), fc.oneof(edgeWords.map(constant), fc.constant(variable("k"))))
      .map(([value, threshold]): Word => ({ kind: "at-least", value, threshold })),
  ),
})).word;

/** One output channel per expression: its value at each word of a row. */
export function randomWordProgram(seed: number, count: number, lanes: number): WordProgram {
  const expressions = fc.sample(words, { seed, numRuns: count });
  const target = BEFORE + ROW_WORDS + BEHIND;
  const body: Statement[] = expressions.map((value, index) => ({
    kind: "store",
    pointer: relative("target", index * (ROW_WORDS + BEHIND)),
    offset: 0,
    value,
  }));
  const loop = (
    name: string,
    to: Index | number,
    statements: readonly Statement[],
    step: Index = constant(1),
  ): Statement => ({
    kind: "for",
    variable: name,
    from: constant(0),
    to: typeof to === "number" ? constant(to) : to,
    step,
    body: statements,
  });
  return {
    name: "words",
    lanes,
    interface: {
      kind: "images",
      inputChannels: 1,
      samples: "bits",
      height: 1,
      width: 32 * ROW_WORDS,
      outputChannels: count,
      outputHalvings: 0,
    },
    scratchWords: constant(target + count * (ROW_WORDS + BEHIND)),
    tables: [],
    functions: [
      {
        name: "compute",
        comment: ["Random expressions."],
        mode: "vector",
        parameters: [
          { name: "source", type: "pointer", space: "scratch" },
          { name: "target", type: "pointer", space: "scratch" },
          { name: "k", type: "index" },
        ],
        body,
        result: null,
      },
      {
        name: "run",
        comment: ["Every word of the row."],
        mode: "scalar",
        parameters: [],
        body: [
          loop("i", target, [
            {
              kind: "store",
              pointer: absolute("scratch", variable("i")),
              offset: 0,
              value: { kind: "constant", value: 0 },
            },
          ]),
          loop("j", ROW_WORDS, [
            {
              kind: "store",
              pointer: absolute("scratch", variable("j")),
              offset: BEFORE,
              value: load(absolute("input", variable("j"))),
            },
          ]),
          loop(
            "k",
            ROW_WORDS,
            [
              {
                kind: "call",
                callee: "compute",
                arguments: [
                  typedPointer(absolute("scratch", add(variable("k"), BEFORE))),
                  typedPointer(absolute("scratch", add(variable("k"), target))),
                  // The same for every lane, whatever their number.
                  typedIndex({ kind: "shift-right", value: variable("k"), amount: 4 }),
                ],
                result: null,
              },
            ],
            LANES,
          ),
          loop("channel", count, [
            loop("c", ROW_WORDS, [
              {
                kind: "store",
                pointer: absolute("output", add(multiply(variable("channel"), ROW_WORDS), variable("c"))),
                offset: 0,
                value: load(
                  absolute("scratch", add(multiply(variable("channel"), ROW_WORDS + BEHIND), variable("c"), target)),
                ),
              },
            ]),
          ]),
        ],
        result: null,
      },
    ],
  };
}

const indices: fc.Arbitrary<Index> = fc.letrec<{ index: Index }>((tie) => {
  const small = tie("index").map((value): Index => ({ kind: "low-bits", value, bits: 8 }));
  return {
    index: fc.oneof(
      { maxDepth: 4, depthSize: "medium" },
      fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 70000 })).map(constant),
      fc.constant(variable("sample")),
      small.map((index): Index => ({ kind: "table", table: "bytes", index })),
      fc
        .tuple(fc.constantFrom("add", "minimum", "maximum"), tie("index"), tie("index"))
        .map(([kind, left, right]): Index => ({ kind, left, right })),
      fc.tuple(small, small).map(([left, right]): Index => ({ kind: "multiply", left, right })),
      fc.tuple(tie("index"), tie("index")).map(
        ([a, b]): Index => ({
          kind: "subtract",
          left: { kind: "maximum", left: a, right: b },
          right: { kind: "minimum", left: b, right: a },
        }),
      ),
      fc
        .tuple(tie("index"), fc.integer({ min: 0, max: 9 }))
        .map(([value, by]): Index => ({ kind: "shift-right", value, amount: by })),
    ),
  };
}).index;

const wides: fc.Arbitrary<Wide> = fc.letrec<{ wide: Wide }>((tie) => {
  const low = fc
    .tuple(tie("wide"), fc.integer({ min: 0, max: 30 }))
    .map(([value, bits]): Wide => ({ kind: "low-bits", value, bits }));
  return {
    wide: fc.oneof(
      { maxDepth: 4, depthSize: "medium" },
      fc
        .oneof(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }))
        .map((value): Wide => ({ kind: "constant", value })),
      fc.constant<Wide>({ kind: "table", table: "numbers", index: lowBitsIndex(variable("sample"), 3) }),
      fc.constant<Wide>({ kind: "from-word", value: load(absolute("bytes", variable("sample"))) }),
      edgeWords.map((value): Wide => ({ kind: "from-word", value: { kind: "constant", value } })),
      fc
        .tuple(fc.constantFrom("add", "subtract"), tie("wide"), tie("wide"))
        .map(([kind, left, right]): Wide => ({ kind, left, right })),
      fc
        .tuple(fc.integer({ min: -1000, max: 1000 }), low)
        .map(([factor, right]): Wide => ({ kind: "multiply", left: { kind: "constant", value: factor }, right })),
      fc
        .tuple(tie("wide"), fc.integer({ min: 0, max: 40 }))
        .map(([value, by]): Wide => ({ kind: "shift-right", value, amount: by })),
      low,
    ),
  };
}).wide;

/**
 * Scores of `count` classes: class j of sample s is the j-th random wide, in two limbs of 31 bits; the class of sample s
 * is the random index number s mod `count`.
 */
export function randomNumberProgram(seed: number, count: number): WordProgram {
  const randomIndices = fc.sample(indices, { seed, numRuns: count });
  const randomWides = fc.sample(wides, { seed, numRuns: count });
  return {
    name: "numbers",
    lanes: 1,
    interface: {
      kind: "samples",
      inputChannels: 1,
      samples: "bytes",
      height: 1,
      width: 1,
      output: {
        kind: "scores",
        classes: count,
        limbs: 2,
        limbBits: 31,
        exponent: 0,
        activation: Array.from({ length: count }, () => "identity" as const),
      },
    },
    scratchWords: constant(0),
    tables: [
      { name: "bytes", element: "u8", values: Array.from({ length: 256 }, (_, i) => (i * 77) % 256), comment: "" },
      {
        name: "numbers",
        element: "i32",
        values: [-(2 ** 31), 2 ** 31 - 1, -1, 0, 1, -77, 77, 123456789],
        comment: "Signed.",
      },
    ],
    functions: [
      {
        name: "run",
        comment: ["Random expressions."],
        mode: "scalar",
        parameters: [{ name: "count", type: "index" }],
        body: [
          {
            kind: "for",
            variable: "sample",
            from: constant(0),
            to: variable("count"),
            step: constant(1),
            body: [
              ...randomIndices.map(
                (value, number): Statement => ({
                  kind: "if",
                  condition: { kind: "index", operator: "==", left: variable("sample"), right: constant(number) },
                  then: [{ kind: "store-class", pointer: absolute("classes", variable("sample")), offset: 0, value }],
                  else: [],
                }),
              ),
              ...randomWides.flatMap((value, number): Statement[] => {
                const pointer = absolute("scores", add(multiply(variable("sample"), 2 * count), 2 * number));
                return [
                  { kind: "store-score", pointer, offset: 0, value: { kind: "low-bits", value, bits: 31 } },
                  { kind: "store-score", pointer, offset: 1, value: { kind: "shift-right", value, amount: 31 } },
                ];
              }),
            ],
          },
        ],
        result: null,
      },
    ],
  };
}
