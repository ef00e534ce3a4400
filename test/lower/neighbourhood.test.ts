import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WordGraph, type WordMachine } from "../../src/lower/graph.js";
import { JOIN_ORDERS, joinOffsets, shiftedWord } from "../../src/lower/neighbourhood.js";
import { evaluateGraph, LANES } from "./evaluate-graph.js";
import { randomNumbers } from "./modules.js";

const SEED = Number(process.env["FC_SEED"] ?? 20240611);

/** Rows of a picture in memory, one after the other, and the word that is computed. */
const STRIDE = 24;
const ROWS = 9;
const MIDDLE = 4 * STRIDE + 8;
const PLACE = { origin: MIDDLE, stride: STRIDE };
const random = randomNumbers(3);
const MEMORY = Uint32Array.from({ length: ROWS * STRIDE }, () => Math.floor(random() * 2 ** 32));

/** Pixel `column` to the right and `row` below the first one that is computed. */
function pixel(row: number, column: number): number {
  const word = MIDDLE + row * STRIDE + Math.floor(column / 32);
  return (MEMORY[word]! >>> (((column % 32) + 32) % 32)) & 1;
}

/** The bits of the computed words, as 0 or 1. */
function bitsOf(words: Uint32Array): number[] {
  return Array.from({ length: 32 * LANES }, (_, column) => (words[column >>> 5]! >>> (column & 31)) & 1);
}

/** Whose graphs load the words beside others, and whose move lanes. */
const MACHINES: readonly WordMachine[] = [false, true].map((movesLanes) => ({ hasFunnelShift: false, movesLanes }));

const columns = Array.from({ length: 32 * LANES }, (_, column) => column);

describe("neighbours", () => {
  test.each(MACHINES)("a word shifted by any number of columns, %o", (machine) => {
    for (let offset = -100; offset <= 100; offset++) {
      const graph = new WordGraph(machine);
      const shifted = shiftedWord(graph, (word) => graph.load("in", 0, word), offset);
      const [actual] = evaluateGraph(graph, [shifted], MEMORY, PLACE);
      expect(bitsOf(actual!), `offset ${offset}`).toEqual(columns.map((column) => pixel(0, column + offset)));
    }
  });

  test(`and and or of the pixels at any offsets, seed ${SEED}`, () => {
    const offset = fc.record({ row: fc.integer({ min: -4, max: 4 }), column: fc.integer({ min: -70, max: 70 }) });
    const run = fc.record({
      row: fc.integer({ min: -4, max: 4 }),
      first: fc.integer({ min: -34, max: 3 }),
      length: fc.integer({ min: 1, max: 36 }),
    });
    const property = fc.property(
      fc.array(offset, { maxLength: 20 }),
      fc.array(run, { maxLength: 3 }),
      fc.constantFrom("intersection" as const, "union" as const),
      fc.constantFrom(...JOIN_ORDERS),
      fc.constantFrom(...MACHINES),
      (single, runs, operation, order, machine) => {
        const inRuns = runs.flatMap(({ row, first, length }) =>
          Array.from({ length }, (_, at) => ({ row, column: first + at })),
        );
        const offsets = [...single, ...inRuns];
        const graph = new WordGraph(machine);
        const joined = joinOffsets(graph, operation, offsets, (row, word) => graph.load("in", row, word), order);
        const [actual] = evaluateGraph(graph, [joined], MEMORY, PLACE);
        const expected = columns.map((column) => {
          const pixels = offsets.map((each) => pixel(each.row, column + each.column));
          return Number(operation === "intersection" ? !pixels.includes(0) : pixels.includes(1));
        });
        expect(bitsOf(actual!)).toEqual(expected);
      },
    );
    fc.assert(property, { seed: SEED, numRuns: 600 });
  });

  test("a rectangle shares its rows between its columns", () => {
    const graph = new WordGraph();
    const offsets = Array.from({ length: 49 }, (_, index) => ({
      row: Math.floor(index / 7) - 3,
      column: (index % 7) - 3,
    }));
    const joined = joinOffsets(graph, "intersection", offsets, (row, word) => graph.load("in", row, word));
    // By default, six ands on each of three words, two shifts and an or for each of six columns, six ands of columns.
    expect(graph.cost([joined])).toBe(3 * 6 + 6 * 3 + 6);
  });
});
