/** Evaluates the words of a graph, on as many random or exhaustive bits as fit. */
import type { NodeId, WordGraph } from "../../src/lower/graph.js";
import { absolute, relative } from "../../src/word/build.js";
import { letPointer, store } from "../../src/word/build-statement.js";
import { interpretProgram } from "../../src/word/interpret.js";
import type { WordFunction, WordProgram } from "../../src/word/node.js";
import { verifyProgram } from "../../src/word/verify.js";

/** Words of a load in these tests; 8 words hold every pattern of 8 bits. */
export const LANES = 8;

/** Bit p of input i is bit i of p: all 256 patterns of 8 bits. */
export function everyPattern(): Uint32Array[] {
  return Array.from({ length: 8 }, (_, input) => {
    const words = new Uint32Array(LANES);
    for (let pattern = 0; pattern < 256; pattern++) {
      const word = pattern >>> 5;
      if (((pattern >> input) & 1) === 1) words[word] = words[word]! | (1 << (pattern & 31));
    }
    return words;
  });
}

export function bitOf(words: Uint32Array, position: number): number {
  return (words[position >>> 5]! >>> (position & 31)) & 1;
}

/** The graph's load of input `index`. */
export function loadInput(graph: WordGraph, index: number): NodeId {
  return graph.load("in", 0, index * LANES);
}

/**
 * What the roots hold when a load of `in` reads word `row`·`stride` + `word` of `memory`, counted from `origin`, on LANES words.
 */
export function evaluateGraph(
  graph: WordGraph,
  roots: readonly NodeId[],
  memory: Uint32Array,
  { origin = 0, stride = 0 }: { readonly origin?: number; readonly stride?: number } = {},
): Uint32Array[] {
  const emitter = graph.emitter(roots, "w", ({ row, word }) => ({
    kind: "load",
    pointer: relative("memory", origin + row * stride + word),
    offset: 0,
  }));
  const compute: WordFunction = {
    name: "compute",
    comment: [],
    mode: "vector",
    parameters: [{ name: "memory", type: "pointer", space: "scratch" }],
    body: [
      letPointer("out", relative("memory", memory.length)),
      ...roots.flatMap((root, index) => {
        const { statements, word } = emitter.compute(root);
        return [...statements, store(relative("out"), word, index * LANES)];
      }),
    ],
    result: null,
  };
  return runVector([compute], memory, roots.length);
}

/** Runs the last of some vector functions on scratch: `memory`, then noise, then `results` times LANES words. */
export function runVector(functions: readonly WordFunction[], memory: Uint32Array, results: number): Uint32Array[] {
  const callee = functions.at(-1)!;
  const program = programOf(functions, [
    {
      kind: "call",
      callee: callee.name,
      arguments: [{ type: "pointer", value: absolute("scratch", 0) }],
      result: null,
    },
  ]);
  const scratch = new Uint32Array(memory.length + results * LANES).fill(0xdeadbeef);
  scratch.set(memory);
  interpretProgram(program, { scratch }, []);
  return Array.from({ length: results }, (_, index) =>
    scratch.slice(memory.length + index * LANES, memory.length + (index + 1) * LANES),
  );
}

/** A program without arguments around some functions, verified. */
export function programOf(
  functions: readonly WordFunction[],
  body: WordFunction["body"],
  tables: WordProgram["tables"] = [],
): WordProgram {
  const program: WordProgram = {
    name: "fragment",
    lanes: LANES,
    interface: {
      kind: "images",
      inputChannels: 1,
      samples: "bits",
      height: 1,
      width: 1,
      outputChannels: 1,
      outputHalvings: 0,
    },
    scratchWords: { kind: "constant", value: 0 },
    tables,
    functions: [...functions, { name: "run", comment: [], mode: "scalar", parameters: [], body, result: null }],
  };
  verifyProgram(program);
  return program;
}
