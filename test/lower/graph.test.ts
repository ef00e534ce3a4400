import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type NodeId, WordGraph } from "../../src/lower/graph.js";
import { relative } from "../../src/word/build.js";
import { evaluateGraph, everyPattern, LANES, loadInput } from "./evaluate-graph.js";

const SEED = Number(process.env["FC_SEED"] ?? 20240611);
const INPUTS = 4;
const MEMORY = Uint32Array.from(everyPattern().flatMap((words) => [...words]));

interface Step {
  readonly operation: "and" | "or" | "xor" | "not" | "shiftLeft" | "shiftRight" | "funnel";
  readonly left: number;
  readonly right: number;
  readonly amount: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  operation: fc.constantFrom("and", "or", "xor", "not", "shiftLeft", "shiftRight", "funnel"),
  left: fc.nat({ max: 30 }),
  right: fc.nat({ max: 30 }),
  amount: fc.integer({ min: 0, max: 31 }),
});

/** Adds the steps to a graph; operands count from the first value, modulo their number. */
function build(graph: WordGraph, steps: readonly Step[], isSwapped = false): NodeId[] {
  const inputs = Array.from({ length: INPUTS }, (_, index) => loadInput(graph, index));
  const values = [graph.zeros, graph.ones, ...inputs];
  for (const { operation, left, right, amount } of steps) {
    const [a, b] = [values[left % values.length]!, values[right % values.length]!];
    const [x, y] = isSwapped ? [b, a] : [a, b];
    switch (operation) {
      case "and":
      case "or":
      case "xor":
        values.push(graph[operation](x, y));
        break;
      case "not":
        values.push(graph.not(a));
        break;
      case "shiftLeft":
      case "shiftRight":
        values.push(graph[operation](a, amount));
        break;
      case "funnel":
        values.push(graph.funnel(a, b, amount));
        break;
    }
  }
  return values;
}

/** The same on plain numbers. */
function compute(steps: readonly Step[]): Uint32Array[] {
  const patterns = everyPattern();
  const values = [new Uint32Array(LANES), new Uint32Array(LANES).fill(0xffffffff), ...patterns.slice(0, INPUTS)];
  for (const { operation, left, right, amount } of steps) {
    const [a, b] = [values[left % values.length]!, values[right % values.length]!];
    const result = a.map((word, lane) => {
      switch (operation) {
        case "and":
          return word & b[lane]!;
        case "or":
          return word | b[lane]!;
        case "xor":
          return word ^ b[lane]!;
        case "not":
          return ~word;
        case "shiftLeft":
          return word << amount;
        case "shiftRight":
          return word >>> amount;
        case "funnel":
          return Number(BigInt.asUintN(32, ((BigInt(b[lane]!) << 32n) | BigInt(word)) >> BigInt(amount)));
      }
    });
    values.push(result);
  }
  return values;
}

describe("a word graph", () => {
  test(`computes what its operations say, whatever it simplifies, seed ${SEED}`, () => {
    const property = fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const graph = new WordGraph();
      expect(evaluateGraph(graph, build(graph, steps), MEMORY)).toEqual(compute(steps));
    });
    fc.assert(property, { seed: SEED, numRuns: 300 });
  });

  test(`holds equal expressions once, with operands in either order, seed ${SEED}`, () => {
    const property = fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const graph = new WordGraph();
      const values = build(graph, steps);
      const cost = graph.cost(values);
      expect(build(graph, steps)).toEqual(values);
      expect(evaluateGraph(graph, build(graph, steps, true), MEMORY)).toEqual(compute(steps));
      expect(graph.cost([...values, ...build(graph, steps)])).toBe(cost);
    });
    fc.assert(property, { seed: SEED, numRuns: 100 });
  });

  test("knows the laws of and, or, xor and not", () => {
    const graph = new WordGraph();
    const [x, y] = [loadInput(graph, 0), loadInput(graph, 1)];
    const { zeros, ones } = graph;
    for (const [law, result] of [
      [graph.and(x, zeros), zeros],
      [graph.and(ones, x), x],
      [graph.and(x, x), x],
      [graph.or(x, ones), ones],
      [graph.or(zeros, x), x],
      [graph.or(x, x), x],
      [graph.xor(x, x), zeros],
      [graph.xor(zeros, x), x],
      [graph.xor(x, ones), graph.not(x)],
      [graph.not(graph.not(x)), x],
      [graph.not(zeros), ones],
      [graph.shiftLeft(x, 0), x],
      [graph.shiftRight(x, 0), x],
      [graph.and(x, y), graph.and(y, x)],
      [graph.or(x, y), graph.or(y, x)],
      [graph.xor(x, y), graph.xor(y, x)],
      [graph.and(x, graph.not(y)), graph.and(graph.not(y), x)],
    ] as const) {
      expect(law).toBe(result);
    }
    expect(graph.and(x, graph.not(y))).not.toBe(graph.and(y, graph.not(x)));
    // and-not is one operation
    expect(graph.cost([graph.and(x, graph.not(y))])).toBe(1);
  });

  test("tells what it loads, of the roots alone", () => {
    const graph = new WordGraph();
    const sum = graph.or(graph.load("in", 0, -2), graph.and(graph.load("in", 1, 3), graph.load("other", 0, 1)));
    graph.load("in", 0, 9);
    expect(graph.loads([sum]).map(({ source, row, word }) => `${source} ${row} ${word}`)).toEqual([
      "in 0 -2",
      "in 1 3",
      "other 0 1",
    ]);
    expect(graph.cost([sum])).toBe(2);
  });

  test("names what is used twice and breaks long expressions", () => {
    const graph = new WordGraph();
    const shared = graph.xor(loadInput(graph, 0), loadInput(graph, 1));
    const roots = [graph.and(shared, loadInput(graph, 2)), graph.or(shared, loadInput(graph, 3))];
    const emitted = (each: readonly NodeId[]): number => {
      const emitter = graph.emitter(each, "w", ({ word }) => ({
        kind: "load",
        pointer: relative("in", word),
        offset: 0,
      }));
      return each.flatMap((root) => emitter.compute(root).statements).length;
    };
    expect(emitted(roots)).toBe(1);
    const long = Array.from({ length: 30 }, (_, index) => graph.load("in", 0, index)).reduce((a, b) => graph.xor(a, b));
    expect(emitted([long])).toBeGreaterThan(5);
  });

  test(`finds the expression of other rows, and makes it, seed ${SEED}`, () => {
    const property = fc.property(fc.array(step, { maxLength: 30 }), fc.integer({ min: 1, max: 3 }), (steps, rows) => {
      const graph = new WordGraph();
      const here = build(graph, steps);
      const moved = here.map((node) => graph.moved(node, rows));
      // The same steps on inputs that lie `rows` rows further down.
      expect(evaluateGraph(graph, moved, MEMORY, { stride: LANES })).toEqual(
        evaluateGraph(graph, here, MEMORY, { stride: LANES, origin: rows * LANES }),
      );
      const found = graph.translate(graph.reachable(here), rows);
      expect(here.map((node) => found.get(node))).toEqual(moved);
    });
    fc.assert(property, { seed: SEED, numRuns: 100 });
  });
});
