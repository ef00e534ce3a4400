import { describe, expect, it } from "vitest";
import { InternalError } from "../../src/diagnostics.js";
import { createInterpreterRunner } from "../../src/run/run-interpreter.js";
import { absolute, constant, load, typedIndex, typedPointer } from "../../src/word/build.js";
import { evaluateScratchWords, interpretProgram } from "../../src/word/interpret.js";
import type { Index, Statement, Wide, WordProgram } from "../../src/word/node.js";
import { printProgram } from "../../src/word/print.js";
import { verifyProgram } from "../../src/word/verify.js";
import { type Case, erosionCase, gateCase, halvingCase, levelSetCase, scoreCase } from "../support/word-programs.js";

const cases: readonly (readonly [string, Case, readonly number[]])[] = [
  ["erosion by a square", erosionCase(16), [1, 2, 4, 8, 16]],
  ["level sets", levelSetCase(), [1]],
  ["gates from tables", gateCase(), [1]],
  ["scores", scoreCase(), [1]],
  ["halving", halvingCase(), [1]],
];

describe.each(cases)("interpretProgram: %s", (_, { program, pictures, expected }, lanes) => {
  it("is a valid program", () => verifyProgram(program));

  it.each(lanes)("answers as expected with %i lanes", async (count) => {
    const runner = createInterpreterRunner(program, { lanes: count });
    expect(await runner.run(pictures)).toEqual(expected);
  });
});

/** A program for one word in and one out, whose entry point has the given statements. */
function programOf(body: readonly Statement[]): WordProgram {
  return {
    name: "small",
    lanes: 1,
    interface: {
      kind: "images",
      inputChannels: 1,
      samples: "bits",
      height: 1,
      width: 32,
      outputChannels: 1,
      outputHalvings: 0,
    },
    scratchWords: constant(2),
    tables: [{ name: "numbers", element: "u8", values: [3, 5], comment: "" }],
    functions: [{ name: "run", comment: [], mode: "scalar", parameters: [], body, result: null }],
  };
}

const run = (body: readonly Statement[]): Uint32Array => {
  const output = new Uint32Array(1);
  const program = programOf(body);
  verifyProgram(program);
  interpretProgram(program, { input: Uint32Array.of(0x80000001), output, scratch: new Uint32Array(2) }, []);
  return output;
};
const store = (index: Index, offset = 0): Statement => ({
  kind: "store",
  pointer: absolute("output", index),
  offset,
  value: load(absolute("input", 0)),
});
const letWide = (value: Wide): Statement => ({
  kind: "let",
  name: "x",
  mutable: false,
  value: { type: "wide", value },
});
const constantWide = (value: number): Wide => ({ kind: "constant", value });

describe("interpretProgram finds broken promises", () => {
  it("runs the sound program that the others are variations of", () => {
    expect(run([store(constant(0))])).toEqual(Uint32Array.of(0x80000001));
  });

  const broken: readonly (readonly [string, Statement, RegExp])[] = [
    ["a store beyond the output", store(constant(1)), /store to output\[1\], which has 1 elements/],
    ["a store before the output", store(constant(0), -1), /store to output\[-1\]/],
    [
      "a load beyond the input",
      { kind: "store", pointer: absolute("output", 0), offset: 0, value: load(absolute("input", 1)) },
      /load from input\[1\]/,
    ],
    [
      "a pointer beyond the end",
      { kind: "let", name: "p", mutable: false, value: typedPointer(absolute("scratch", 3)) },
      /pointer to scratch\[3\] of 2/,
    ],
    [
      "a negative index",
      {
        kind: "let",
        name: "i",
        mutable: false,
        value: typedIndex({ kind: "subtract", left: constant(1), right: constant(2) }),
      },
      /index -1 is out of range/,
    ],
    [
      "an index beyond 2^32 - 1",
      {
        kind: "let",
        name: "i",
        mutable: false,
        value: typedIndex({ kind: "multiply", left: constant(65536), right: constant(65536) }),
      },
      /index 4294967296 is out of range/,
    ],
    [
      "a table read beyond its end",
      {
        kind: "let",
        name: "i",
        mutable: false,
        value: typedIndex({
          kind: "table",
          table: "numbers",
          index: { kind: "table", table: "numbers", index: constant(0) },
        }),
      },
      /numbers\[3\] is beyond its 2 entries/,
    ],
    [
      "a wide beyond 2^53",
      letWide({ kind: "add", left: constantWide(2 ** 53), right: constantWide(1) }),
      /wide 9007199254740993 is beyond/,
    ],
    [
      "a loop without progress",
      {
        kind: "for",
        variable: "i",
        from: constant(0),
        to: constant(1),
        step: { kind: "low-bits", value: constant(32), bits: 5 },
        body: [],
      },
      /never ends/,
    ],
  ];
  it.each(broken)("%s", (_, statement, message) => {
    expect(() => run([statement])).toThrow(InternalError);
    expect(() => run([statement])).toThrow(message);
  });

  it("allows wides of exactly 2^53 and no more", () => {
    const half = constantWide(2 ** 52);
    run([letWide({ kind: "add", left: half, right: half })]);
    // The exact sum is 2^53 + 1, which rounds to 2^53 in a double.
    const odd: Wide = { kind: "multiply", left: constantWide(3), right: constantWide(3002399751580331) };
    expect(() => run([letWide(odd)])).toThrow(/9007199254740993/);
  });
});

it("evaluates the scratch formula with the program's own lanes", () => {
  const { program } = erosionCase(4);
  expect(evaluateScratchWords(program, [10, 33])).toBe(12 * (2 + 5) + 10 * (2 + 4));
});

describe("a level set of 32 bytes", () => {
  const program: WordProgram = {
    ...programOf([
      {
        kind: "store",
        pointer: absolute("output", 0),
        offset: 0,
        value: { kind: "level-set", pointer: absolute("bytes", constant(2)), threshold: constant(200) },
      },
    ]),
    interface: {
      kind: "images",
      inputChannels: 1,
      samples: "bytes",
      height: 1,
      width: 34,
      outputChannels: 1,
      outputHalvings: 0,
    },
  };
  const bytes = new Uint8Array(34);
  bytes[0] = 255;
  bytes[2] = 200;
  bytes[3] = 199;
  bytes[33] = 255;
  const scratch = new Uint32Array(2);

  it("has bit i for byte i from the place on", () => {
    verifyProgram(program);
    const output = new Uint32Array(1);
    interpretProgram(program, { bytes, output, scratch }, []);
    expect([...output]).toEqual([0x80000001]);
    expect(printProgram(program)).toContain("store @output[0] = (@bytes[2] ... >= 200)");
  });

  it("reads all of them", () => {
    const memory = { bytes: bytes.subarray(0, 33), output: new Uint32Array(1), scratch };
    expect(() => interpretProgram(program, memory, [])).toThrow("load from bytes[33]");
  });
});
