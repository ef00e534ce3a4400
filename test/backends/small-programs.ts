/** Small hand-written programs, random expressions, and the way from a program to its runners. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import type { Artifact, Backend, Header } from "../../src/backends/backend.js";
import { buildBitImage } from "../../src/morph/bit-image.js";
import type { Picture } from "../../src/morph/picture.js";
import { DEFAULT_TILE, type Target } from "../../src/target/target.js";
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
  typedIndex,
  typedPointer,
  typedWord,
  variable,
  wordsForIndex,
} from "../../src/word/build.js";
import type { Index, Statement, Wide, Word, WordFunction, WordProgram } from "../../src/word/node.js";

export const HEADER: Header = {
  tool: "bimonnc 0.0.0-test",
  options: "--target test",
  modelSha256: "0123456789abcdef".repeat(4),
  license: "MIT",
  grade: "exact: equal to the float network on every input",
};

/** A generated module for pictures, called with right and wrong arguments alike. */
export interface ImageModule {
  run(input: unknown, ...sizes: unknown[]): Uint32Array;
  pack(pixels: Uint8Array, ...sizes: number[]): Uint32Array;
  unpack(words: Uint32Array, ...sizes: number[]): Uint8Array;
  readonly info: object;
}

/** A generated module with a read-out. */
export interface ScoreModule {
  run(
    input: unknown,
    ...sizes: unknown[]
  ): { readonly classes: Uint32Array; readonly scores: Float64Array; readonly limbs: Int32Array };
  readonly info: { readonly interface: { readonly output: object } };
}

export interface Wrapper<T> {
  load(source?: unknown): Promise<T>;
}

export function targetOf(backend: Backend, lanes: Target["lanes"]): Target {
  return {
    name: `${backend.name}-${lanes}`,
    description: "",
    backend: backend.name,
    lanes,
    tile: DEFAULT_TILE,
    hasFunnelShift: false,
    movesLanes: false,
  };
}

/** Writes the artifacts to a new folder; `remove` deletes it. */
export function writeArtifacts(artifacts: readonly Artifact[]): { readonly directory: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), "bimonnc-test-"));
  for (const { path, content } of artifacts) writeFileSync(join(directory, path), content);
  return { directory, remove: () => rmSync(directory, { recursive: true }) };
}

const word = (name: string): Word => ({ kind: "variable", name });
const wide = (name: string): Wide => ({ kind: "variable", name });
const loop = (name: string, to: Index, body: readonly Statement[], step: Index = constant(1)): Statement => ({
  kind: "for",
  variable: name,
  from: constant(0),
  to,
  step,
  body,
});

/**
 * Each pixel and its two neighbours in the row, zeros outside: an erosion by 1×3. Any size. Rows go through scratch,
 * with a word of zeros before and `lanes` words behind, and come back by way of a vector function.
 */
export function rowErosion(lanes: number): WordProgram {
  const words = wordsForIndex(variable("width"));
  const line = relative("at", 0);
  const kernel: WordFunction = {
    name: "erode_row",
    comment: ["Erosion of a row by its neighbours; */ must not end this comment."],
    mode: "vector",
    parameters: [
      { name: "line", type: "pointer", space: "scratch" },
      { name: "target", type: "pointer", space: "scratch" },
      { name: "words", type: "index" },
    ],
    body: [
      loop(
        "j",
        variable("words"),
        [
          { kind: "let", name: "at", mutable: false, value: typedPointer(relative("line", variable("j"))) },
          { kind: "let", name: "middle", mutable: false, value: typedWord(load(line, 1)) },
          {
            kind: "let",
            name: "right",
            mutable: false,
            value: typedWord({
              kind: "or",
              left: { kind: "shift-right", value: word("middle"), amount: constant(1) },
              right: { kind: "shift-left", value: load(line, 2), amount: constant(31) },
            }),
          },
          {
            kind: "store",
            pointer: relative("target", variable("j")),
            offset: 0,
            value: {
              kind: "and",
              left: { kind: "and", left: word("middle"), right: word("right") },
              right: {
                kind: "or",
                left: { kind: "shift-left", value: word("middle"), amount: constant(1) },
                right: { kind: "shift-right", value: load(line), amount: constant(31) },
              },
            },
          },
        ],
        LANES,
      ),
    ],
    result: null,
  };
  const outside: Word = {
    kind: "shift-left",
    value: {
      kind: "shift-left",
      value: { kind: "constant", value: 0xffffffff },
      amount: lowBitsIndex(add(variable("width"), 31), 5),
    },
    amount: constant(1),
  };
  const lineAt = absolute("scratch", 0);
  const last = absolute("scratch", variable("words"));
  const entry: WordFunction = {
    name: "row_erosion",
    comment: [],
    mode: "scalar",
    parameters: [
      { name: "height", type: "index" },
      { name: "width", type: "index" },
    ],
    body: [
      { kind: "let", name: "words", mutable: false, value: typedIndex(words) },
      { kind: "let", name: "padded", mutable: false, value: typedIndex(add(variable("words"), lanes + 2)) },
      { kind: "let", name: "outside", mutable: false, value: typedWord(outside) },
      { kind: "comment", text: "Zeros around the row." },
      loop("i", variable("padded"), [
        {
          kind: "store",
          pointer: absolute("scratch", variable("i")),
          offset: 0,
          value: { kind: "constant", value: 0 },
        },
      ]),
      loop("row", variable("height"), [
        loop("k", variable("words"), [
          {
            kind: "store",
            pointer: absolute("scratch", variable("k")),
            offset: 1,
            value: load(absolute("input", add(multiply(variable("row"), variable("words")), variable("k")))),
          },
        ]),
        {
          kind: "store",
          pointer: last,
          offset: 0,
          value: { kind: "and-not", left: load(last), right: word("outside") },
        },
        {
          kind: "call",
          callee: "erode_row",
          arguments: [
            typedPointer(lineAt),
            typedPointer(absolute("scratch", variable("padded"))),
            typedIndex(variable("words")),
          ],
          result: null,
        },
        loop("m", variable("words"), [
          {
            kind: "store",
            pointer: absolute("output", add(multiply(variable("row"), variable("words")), variable("m"))),
            offset: 0,
            value: load(absolute("scratch", add(variable("padded"), variable("m")))),
          },
        ]),
      ]),
    ],
    result: null,
  };
  return {
    name: "row_erosion",
    lanes,
    interface: {
      kind: "images",
      inputChannels: 1,
      samples: "bits",
      height: null,
      width: null,
      outputChannels: 1,
      outputHalvings: 0,
    },
    scratchWords: multiply(add(words, lanes + 2), 2),
    tables: [],
    functions: [kernel, entry],
  };
}

/**
 * A toy read-out on 1×4 bytes: z_j = Σ_k weights[j][k] · byte_k + biases[j] in two limbs of 24 bits, and the first
 * greatest class. Byte k counts only when at least 10.
 */
export function toyReadout(lanes = 1): WordProgram {
  const classes = 3;
  const weights = [1000000007, -77, 3, 0, -2000000000, 2000000000, 1, 5, 1000000007, -77, 3, 0];
  const pixel = load(relative("picture", variable("k")));
  const counted: Word = {
    kind: "and",
    left: pixel,
    right: { kind: "negate", value: { kind: "at-least", value: pixel, threshold: constant(10) } },
  };
  const score: WordFunction = {
    name: "score",
    comment: ["Scores of one sample."],
    mode: "scalar",
    parameters: [
      { name: "picture", type: "pointer", space: "bytes" },
      { name: "classes", type: "pointer", space: "classes" },
      { name: "scores", type: "pointer", space: "scores" },
    ],
    body: [
      { kind: "let", name: "winner", mutable: true, value: typedIndex(0) },
      { kind: "let", name: "best", mutable: true, value: { type: "wide", value: { kind: "constant", value: 0 } } },
      loop("label", constant(classes), [
        {
          kind: "let",
          name: "sum",
          mutable: true,
          value: { type: "wide", value: { kind: "table", table: "biases", index: variable("label") } },
        },
        loop("k", constant(4), [
          {
            kind: "assign",
            name: "sum",
            value: {
              type: "wide",
              value: {
                kind: "add",
                left: wide("sum"),
                right: {
                  kind: "multiply",
                  left: {
                    kind: "table",
                    table: "weights",
                    index: add(multiply(variable("label"), 4), variable("k")),
                  },
                  right: { kind: "from-word", value: counted },
                },
              },
            },
          },
        ]),
        {
          kind: "store-score",
          pointer: relative("scores", multiply(variable("label"), 2)),
          offset: 0,
          value: { kind: "low-bits", value: wide("sum"), bits: 24 },
        },
        {
          kind: "store-score",
          pointer: relative("scores", multiply(variable("label"), 2)),
          offset: 1,
          value: { kind: "shift-right", value: wide("sum"), amount: 24 },
        },
        {
          kind: "if",
          condition: {
            kind: "or",
            left: { kind: "index", operator: "==", left: variable("label"), right: constant(0) },
            right: { kind: "wide", operator: ">", left: wide("sum"), right: wide("best") },
          },
          then: [
            { kind: "assign", name: "winner", value: typedIndex(variable("label")) },
            { kind: "assign", name: "best", value: { type: "wide", value: wide("sum") } },
          ],
          else: [],
        },
      ]),
      { kind: "store-class", pointer: relative("classes"), offset: 0, value: variable("winner") },
    ],
    result: null,
  };
  const entry: WordFunction = {
    name: "run",
    comment: [],
    mode: "scalar",
    parameters: [{ name: "count", type: "index" }],
    body: [
      loop("sample", variable("count"), [
        {
          kind: "call",
          callee: "score",
          arguments: [
            typedPointer(absolute("bytes", multiply(variable("sample"), 4))),
            typedPointer(absolute("classes", variable("sample"))),
            typedPointer(absolute("scores", multiply(variable("sample"), 6))),
          ],
          result: null,
        },
      ]),
    ],
    result: null,
  };
  return {
    name: "toy_readout",
    lanes,
    interface: {
      kind: "samples",
      inputChannels: 1,
      samples: "bytes",
      height: 1,
      width: 4,
      output: {
        kind: "scores",
        classes,
        limbs: 2,
        limbBits: 24,
        exponent: -40,
        activation: ["tanh", "erf", "identity"],
      },
    },
    scratchWords: constant(0),
    tables: [
      { name: "weights", element: "i32", values: weights, comment: "[class][pixel]" },
      { name: "biases", element: "i32", values: [-5, 0, -6], comment: "[class]" },
    ],
    functions: [score, entry],
  };
}

/** Words of the single row that random expressions read and write. */
const ROW_WORDS = 16;

/**
 * One channel per expression: the expression at every word of a row of 16 words, in a vector function. It reads words,
 * or the bytes at the same positions.
 */
export function expressionProgram(
  expressions: readonly Word[],
  lanes: number,
  samples: "bits" | "bytes" = "bits",
): WordProgram {
  const space = samples === "bits" ? "input" : "bytes";
  const kernel: WordFunction = {
    name: "kernel",
    comment: [],
    mode: "vector",
    parameters: [
      { name: "source", type: "pointer", space },
      { name: "target", type: "pointer", space: "output" },
      { name: "shift", type: "index" },
    ],
    body: expressions.map((value, channel) => ({
      kind: "store",
      pointer: relative("target", channel * ROW_WORDS),
      offset: 0,
      value,
    })),
    result: null,
  };
  const entry: WordFunction = {
    name: "every_word",
    comment: [],
    mode: "scalar",
    parameters: [],
    body: [
      loop(
        "j",
        constant(ROW_WORDS),
        [
          {
            kind: "call",
            callee: "kernel",
            arguments: [
              typedPointer(absolute(space, variable("j"))),
              typedPointer(absolute("output", variable("j"))),
              typedIndex(add(variable("j"), 7)),
            ],
            result: null,
          },
        ],
        LANES,
      ),
    ],
    result: null,
  };
  return {
    name: "expressions",
    lanes,
    interface: {
      kind: "images",
      inputChannels: 2,
      samples,
      height: 1,
      width: 32 * ROW_WORDS,
      outputChannels: expressions.length,
      outputHalvings: 0,
    },
    scratchWords: constant(0),
    tables: [],
    functions: [kernel, entry],
  };
}

/** Random words over two loads, constants at the edges, and every operator. */
export function arbitraryWord(): fc.Arbitrary<Word> {
  const amount: fc.Arbitrary<Index> = fc.oneof(
    fc.nat({ max: 31 }).map(constant),
    // The parameter differs from lane group to lane group only, as every index does.
    fc.constant(lowBitsIndex(variable("shift"), 3)),
  );
  return fc.letrec<{ word: Word }>((tie) => ({
    word: fc.oneof(
      { maxDepth: 5, depthSize: "large" },
      fc.constantFrom<Word>(
        load(relative("source")),
        load(relative("source", ROW_WORDS)),
        load(relative("source"), ROW_WORDS),
      ),
      fc
        .constantFrom(0, 1, 255, 256, 0x7fffffff, 0x80000000, 0xaaaaaaaa, 0xffffff00, 0xffffffff)
        .map((value): Word => ({ kind: "constant", value })),
      fc
        .tuple(
          fc.constantFrom("and" as const, "or" as const, "xor" as const, "and-not" as const),
          tie("word"),
          tie("word"),
        )
        .map(([kind, left, right]): Word => ({ kind, left, right })),
      fc
        .tuple(fc.constantFrom("not" as const, "negate" as const), tie("word"))
        .map(([kind, value]): Word => ({ kind, value })),
      fc
        .tuple(fc.constantFrom("shift-left" as const, "shift-right" as const), tie("word"), amount)
        .map(([kind, value, by]): Word => ({ kind, value, amount: by })),
      fc
        .tuple(tie("word"), fc.constantFrom(0, 1, 128, 0x80000000, 0xffffffff))
        .map(([value, threshold]): Word => ({ kind: "at-least", value, threshold: constant(threshold) })),
    ),
  })).word;
}

const TABLES = [
  { name: "bytes8", element: "u8", values: [0, 255, 7, 128], comment: "u8" },
  { name: "shorts", element: "u16", values: [65535, 0, 256, 32768], comment: "u16" },
  { name: "longs", element: "u32", values: [4294967295, 1, 2147483648, 65536], comment: "u32" },
  { name: "signed8", element: "i8", values: [-128, 127, -1, 5], comment: "i8" },
  { name: "signed16", element: "i16", values: [-32768, 32767, -1, 300], comment: "i16" },
  { name: "signed", element: "i32", values: [-2147483648, 2147483647, -1, 12345], comment: "i32" },
] as const;

/** Per sample a class, the index expression, and a score for each wide expression (its low 31 bits). */
export function numberProgram(index: Index, wides: readonly Wide[], lanes = 1): WordProgram {
  const entry: WordFunction = {
    name: "numbers",
    comment: [],
    mode: "scalar",
    parameters: [{ name: "count", type: "index" }],
    body: [
      loop("n", variable("count"), [
        { kind: "let", name: "x", mutable: false, value: typedWord(load(absolute("input", variable("n")))) },
        { kind: "store-class", pointer: absolute("classes", variable("n")), offset: 0, value: index },
        ...wides.map(
          (value, position): Statement => ({
            kind: "store-score",
            pointer: absolute("scores", multiply(variable("n"), wides.length)),
            offset: position,
            value: { kind: "low-bits", value, bits: 31 },
          }),
        ),
      ]),
    ],
    result: null,
  };
  return {
    name: "numbers",
    lanes,
    interface: {
      kind: "samples",
      inputChannels: 1,
      samples: "bits",
      height: 1,
      width: 32,
      output: {
        kind: "scores",
        classes: wides.length,
        limbs: 1,
        limbBits: 31,
        exponent: 0,
        activation: wides.map(() => "identity"),
      },
    },
    scratchWords: constant(0),
    tables: TABLES,
    functions: [entry],
  };
}

/** Random indices of the sample number, whose intermediate results stay between 0 and 2^32 − 1. */
export function arbitraryIndex(): fc.Arbitrary<Index> {
  return fc.letrec<{ index: Index }>((tie) => ({
    index: fc.oneof(
      { maxDepth: 4, depthSize: "large" },
      fc.constant<Index>(variable("n")),
      fc.constantFrom(0, 1, 31, 65535, 4294967295).map(constant),
      fc.constantFrom("bytes8", "shorts", "longs").map((table): Index => {
        return { kind: "table", table, index: lowBitsIndex(variable("n"), 2) };
      }),
      fc.tuple(tie("index"), fc.nat({ max: 32 })).map(([value, bits]): Index => ({ kind: "low-bits", value, bits })),
      fc
        .tuple(tie("index"), fc.nat({ max: 31 }))
        .map(([value, by]): Index => ({ kind: "shift-right", value, amount: by })),
      fc.tuple(tie("index"), tie("index")).map(([left, right]): Index => {
        return { kind: "add", left: halve(left), right: halve(right) };
      }),
      fc.tuple(tie("index"), tie("index")).map(([left, right]): Index => {
        return { kind: "multiply", left: lowBitsIndex(left, 16), right: lowBitsIndex(right, 16) };
      }),
      fc.tuple(tie("index"), tie("index")).map(([left, right]): Index => {
        return subtract({ kind: "maximum", left, right }, { kind: "minimum", left, right });
      }),
    ),
  })).index;
}

const halve = (value: Index): Index => ({ kind: "shift-right", value, amount: 1 });

/** Random wides of the sample's word x, whose intermediate results stay within 2^53. */
export function arbitraryWide(): fc.Arbitrary<Wide> {
  const signed = (value: Wide): Wide => ({
    kind: "subtract",
    left: { kind: "low-bits", value, bits: 26 },
    right: { kind: "constant", value: 2 ** 25 },
  });
  const quarter = (value: Wide): Wide => ({ kind: "shift-right", value, amount: 2 });
  return fc.letrec<{ wide: Wide }>((tie) => ({
    wide: fc.oneof(
      { maxDepth: 4, depthSize: "large" },
      fc
        .constantFrom<Word>(word("x"), { kind: "not", value: word("x") })
        .map((value): Wide => ({ kind: "from-word", value })),
      fc.constantFrom(0, -1, 2 ** 31, -(2 ** 52), 2 ** 52 - 1).map((value): Wide => ({ kind: "constant", value })),
      fc
        .constantFrom("signed8", "signed16", "signed")
        .map((table): Wide => ({ kind: "table", table, index: lowBitsIndex(variable("n"), 2) })),
      fc
        .tuple(fc.constantFrom("add" as const, "subtract" as const), tie("wide"), tie("wide"))
        .map(([kind, left, right]): Wide => ({ kind, left: quarter(left), right: quarter(right) })),
      fc.tuple(tie("wide"), tie("wide")).map(([left, right]): Wide => {
        return { kind: "multiply", left: signed(left), right: signed(right) };
      }),
      fc
        .tuple(tie("wide"), fc.nat({ max: 53 }))
        .map(([value, by]): Wide => ({ kind: "shift-right", value, amount: by })),
      fc.tuple(tie("wide"), fc.nat({ max: 52 })).map(([value, bits]): Wide => ({ kind: "low-bits", value, bits })),
    ),
  })).wide;
}

/** Repeatable 16-bit noise. */
function noise(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state >>> 16;
  };
}

/** A repeatable picture of bits; tail bits are set, since inputs may hold anything there. */
export function bitPicture(height: number, width: number, channels: number, seed: number): Picture {
  const next = noise(seed);
  return {
    kind: "bits",
    height,
    width,
    channels: Array.from({ length: channels }, () => {
      const image = buildBitImage(height, width, () => next() % 4 !== 0);
      const tail = width % 32;
      if (tail !== 0) {
        for (let row = 1; row <= height; row++) {
          image.words[row * image.strideWords - 1] =
            (image.words[row * image.strideWords - 1] as number) | (-1 << tail);
        }
      }
      return image;
    }),
  };
}

/** One row of bytes a channel. */
export function bytePicture(...rows: readonly (readonly number[])[]): Picture {
  return { kind: "bytes", height: 1, width: rows[0]?.length ?? 0, channels: rows.map((row) => Uint8Array.from(row)) };
}

export function noisyBytes(width: number, channels: number, seed: number): Picture {
  const next = noise(seed);
  const row = (): number[] => Array.from({ length: width }, () => next() & 0xff);
  return bytePicture(...Array.from({ length: channels }, row));
}
