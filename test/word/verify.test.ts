import { describe, expect, it } from "vitest";
import { InternalError } from "../../src/diagnostics.js";
import {
  absolute,
  constant,
  load,
  relative,
  typedIndex,
  typedPointer,
  typedWord,
  variable,
} from "../../src/word/build.js";
import type { Index, Statement, Typed, Wide, Word, WordFunction, WordProgram } from "../../src/word/node.js";
import { verifyProgram } from "../../src/word/verify.js";
import { erosionCase, gateCase, halvingCase, levelSetCase, scoreCase } from "../support/word-programs.js";

const bits = (value: number): Word => ({ kind: "constant", value });
const bind = (name: string, value: Typed, mutable = false): Statement => ({ kind: "let", name, mutable, value });
const bindIndex = (name: string, value: Index): Statement => bind(name, typedIndex(value));
const typedWide = (value: Wide): Typed => ({ type: "wide", value });

const KERNEL: WordFunction = {
  name: "kernel",
  comment: [],
  mode: "vector",
  parameters: [
    { name: "p", type: "pointer", space: "scratch" },
    { name: "n", type: "index" },
  ],
  body: [],
  result: load(relative("p")),
};

/** A sound program of a vector function and an entry point with the given statements. */
function programOf(body: readonly Statement[], kernel: readonly Statement[] = []): WordProgram {
  return {
    name: "small",
    lanes: 4,
    interface: {
      kind: "images",
      inputChannels: 1,
      samples: "bits",
      height: null,
      width: null,
      outputChannels: 1,
      outputHalvings: 0,
    },
    scratchWords: variable("height"),
    tables: [
      { name: "unsigned", element: "u8", values: [255], comment: "" },
      { name: "signed", element: "i32", values: [-1], comment: "" },
    ],
    functions: [
      { ...KERNEL, body: kernel },
      {
        name: "run",
        comment: [],
        mode: "scalar",
        parameters: [
          { name: "height", type: "index" },
          { name: "width", type: "index" },
        ],
        body,
        result: null,
      },
    ],
  };
}

const call = (callee: string, operands: readonly Typed[], result: string | null = null): Statement => ({
  kind: "call",
  callee,
  arguments: operands,
  result,
});
const loop = (name: string, body: readonly Statement[]): Statement => ({
  kind: "for",
  variable: name,
  from: constant(0),
  to: constant(2),
  step: constant(1),
  body,
});
const scratch = typedPointer(absolute("scratch", 0));

describe("verifyProgram accepts", () => {
  const sound: readonly (readonly [string, WordProgram])[] = [
    ["an erosion", erosionCase(4).program],
    ["level sets", levelSetCase().program],
    ["gates", gateCase().program],
    ["scores", scoreCase().program],
    ["halving", halvingCase().program],
    ["a call", programOf([call("kernel", [scratch, typedIndex(1)])])],
    ["names of blocks side by side", programOf([loop("i", [bindIndex("x", variable("i"))]), loop("j", [])])],
  ];
  it.each(sound)("%s", (_, program) => verifyProgram(program));
});

describe("verifyProgram refuses", () => {
  const store = (value: Word, space: "output" | "input" | "scores" = "output"): Statement => ({
    kind: "store",
    pointer: absolute(space, 0),
    offset: 0,
    value,
  });
  const statements: readonly (readonly [string, readonly Statement[], RegExp])[] = [
    ["an unknown name", [bindIndex("x", variable("y"))], /y is used where it is not defined/],
    ["a name before its let", [bindIndex("x", variable("x"))], /x is used where it is not defined/],
    ["a name twice", [bindIndex("x", constant(1)), bindIndex("x", constant(1))], /x is defined twice/],
    ["a name in two blocks", [loop("i", []), loop("i", [])], /i is defined twice/],
    [
      "a name after its block",
      [loop("i", [bindIndex("x", constant(1))]), bindIndex("y", variable("x"))],
      /x is used where/,
    ],
    ["a name of C++", [bindIndex("a-b", constant(1))], /a-b is no identifier/],
    [
      "an index for a word",
      [bindIndex("x", constant(1)), store({ kind: "variable", name: "x" })],
      /used as word and is index/,
    ],
    [
      "an assignment to a constant",
      [bindIndex("x", constant(1)), { kind: "assign", name: "x", value: typedIndex(2) }],
      /not mutable/,
    ],
    [
      "an assignment of another type",
      [bind("x", typedIndex(1), true), { kind: "assign", name: "x", value: typedWord(bits(2)) }],
      /x is index and gets word/,
    ],
    [
      "an assignment from another space",
      [bind("x", scratch, true), { kind: "assign", name: "x", value: typedPointer(absolute("output", 0)) }],
      /x is pointer into scratch and gets pointer into output/,
    ],
    ["a store to the input", [store(bits(1), "input")], /a word is stored to input/],
    ["a space of another interface", [store(bits(1), "scores")], /the program has no scores/],
    ["bytes in a program of bits", [store(load(absolute("bytes", 0)))], /the program has no bytes/],
    [
      "a level set of words",
      [store({ kind: "level-set", pointer: absolute("input", 0), threshold: constant(1) })],
      /a level set of input/,
    ],
    ["a word of 33 bits", [store(bits(2 ** 32))], /a word is 4294967296/],
    ["a shift by 32", [store({ kind: "shift-left", value: bits(1), amount: constant(32) })], /a shift is 32/],
    ["a negative index", [bindIndex("x", constant(-1))], /an index is -1/],
    [
      "an unknown table",
      [bindIndex("x", { kind: "table", table: "none", index: constant(0) })],
      /there is no table none/,
    ],
    [
      "a signed index",
      [bindIndex("x", { kind: "table", table: "signed", index: constant(0) })],
      /table signed is not unsigned/,
    ],
    ["a wide beyond 2^53", [bind("x", typedWide({ kind: "constant", value: 2 ** 54 }))], /a wide is/],
    ["a call of an unknown function", [call("none", [])], /none is not an earlier function/],
    ["a call of itself", [call("run", [])], /run is not an earlier function/],
    ["a call with too few arguments", [call("kernel", [scratch])], /kernel takes \(pointer into scratch, index\), not/],
    [
      "a call with a pointer elsewhere",
      [call("kernel", [typedPointer(absolute("output", 0)), typedIndex(1)])],
      /kernel takes .* not \(pointer into output, index\)/,
    ],
    ["a vector for a word", [call("kernel", [scratch, typedIndex(1)], "x")], /kernel returns no word for here/],
    [
      "a score among images",
      [{ kind: "store-score", pointer: absolute("output", 0), offset: 0, value: { kind: "constant", value: 1 } }],
      /a score is stored to output/,
    ],
    [
      "an endless loop",
      [{ kind: "for", variable: "i", from: constant(0), to: constant(1), step: constant(0), body: [] }],
      /never ends/,
    ],
  ];
  const check = (program: WordProgram, message: RegExp): void => {
    expect(() => verifyProgram(program)).toThrow(InternalError);
    expect(() => verifyProgram(program)).toThrow(message);
  };
  it.each(statements)("%s", (_, body, message) => check(programOf(body), message));

  const kernels: readonly (readonly [string, Statement, RegExp])[] = [
    [
      "a store of a class",
      { kind: "store-class", pointer: absolute("classes", 0), offset: 0, value: constant(0) },
      /classes/,
    ],
    ["a wide", bind("x", typedWide({ kind: "constant", value: 1 })), /a vector function computes a wide/],
  ];
  it.each(kernels)("%s in a vector function", (_, statement, message) => check(programOf([], [statement]), message));

  const sound = programOf([]);
  const programs: readonly (readonly [string, Partial<WordProgram>, RegExp])[] = [
    ["a name that is no identifier", { name: "two words" }, /the name is no identifier/],
    ["no functions", { functions: [] }, /there are no functions/],
    [
      "a table without entries",
      { tables: [{ name: "t", element: "u8", values: [], comment: "" }] },
      /table t is empty/,
    ],
    [
      "an entry that does not fit",
      { tables: [{ name: "t", element: "u8", values: [256], comment: "" }] },
      /table t: 256 is no u8/,
    ],
    ["two tables of one name", { tables: [...sound.tables, ...sound.tables] }, /table name unsigned is taken/],
    ["two functions of one name", { functions: [KERNEL, KERNEL] }, /function name kernel is taken/],
    ["a vector entry point", { functions: [KERNEL] }, /the entry point must be scalar/],
    [
      "an entry point without its sizes",
      { interface: gateCase().program.interface, scratchWords: constant(1) },
      /takes \(index height, index width\), not \(index count\)/,
    ],
    ["scratch from unknown sizes", { scratchWords: variable("count") }, /scratchWords: count is used where/],
  ];
  it.each(programs)("%s", (_, change, message) => check({ ...sound, ...change }, message));
});
