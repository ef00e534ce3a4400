import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AND_PAIRS, OR_PAIRS } from "../../src/lower/gate-operations.js";
import { encodeGates, FIRST_INPUT_SLOT, ONES_SLOT, ZERO_SLOT } from "../../src/lower/gate-program.js";
import { callOfGates, gateRoutines } from "../../src/lower/gate-routines.js";
import { GateTables } from "../../src/lower/gate-tables.js";
import { GateList, type Signal } from "../../src/lower/gates.js";
import { absolute } from "../../src/word/build.js";
import { interpretProgram } from "../../src/word/interpret.js";
import { bitOf, everyPattern, LANES, programOf } from "./evaluate-graph.js";
import { randomNumbers } from "./modules.js";
import { addGate, recipe } from "./random-gates.js";

const SEED = Number(process.env["FC_SEED"] ?? 20240611);

const SHAPE = { lanes: { kind: "lanes" }, groupSlots: 32, mostPairs: 2048, isTernary: false } as const;

/** A list with what it is asked for. */
interface Asked {
  readonly gates: GateList;
  readonly signals: readonly Signal[];
}

/**
 * Runs the gates of a list that is encoded behind `before` other lists; the words of each of the signals. With several
 * vectors in a slot, they hold the inputs turned around by one lane each, and all of them are checked against the first.
 */
function evaluateGates(
  gates: GateList,
  inputs: readonly Uint32Array[],
  signals: readonly Signal[],
  { before = [], vectors = 1, outputsInOrder = false }: EvaluateOptions = {},
): Uint32Array[] {
  const tables = new GateTables("gate", {
    ...SHAPE,
    vectors,
    slotWords: vectors * LANES,
    isTernary: vectors === 2,
  });
  for (const list of before) encodeGates(list.gates, list.signals, tables);
  const { range, outputSlots, slotCount } = encodeGates(gates, signals, tables, {
    kind: outputsInOrder ? "in order" : "anywhere",
  });
  const program = programOf(gateRoutines(tables), callOfGates(tables, range, absolute("scratch", 0)), tables.tables());
  const size = vectors * LANES;
  const scratch = new Uint32Array(slotCount * size).fill(0xdeadbeef);
  scratch.fill(0, ZERO_SLOT * size, (ZERO_SLOT + 1) * size);
  scratch.fill(0xffffffff, ONES_SLOT * size, (ONES_SLOT + 1) * size);
  const turned = (words: Uint32Array, by: number): Uint32Array => words.map((_, lane) => words[(lane + by) % LANES]!);
  inputs.forEach((words, index) => {
    for (let vector = 0; vector < vectors; vector++) {
      scratch.set(turned(words, vector), (FIRST_INPUT_SLOT + index) * size + vector * LANES);
    }
  });
  interpretProgram(program, { scratch }, []);
  if (outputsInOrder) expect(outputSlots).toEqual(outputSlots.map((_, index) => outputSlots[0]! + index));
  return signals.map((_, index) => {
    const at = outputSlots[index]! * size;
    const words = scratch.slice(at, at + LANES);
    for (let vector = 1; vector < vectors; vector++) {
      expect(scratch.slice(at + vector * LANES, at + (vector + 1) * LANES)).toEqual(turned(words, vector));
    }
    return words;
  });
}

interface EvaluateOptions {
  readonly before?: readonly Asked[];
  readonly vectors?: number;
  readonly outputsInOrder?: boolean;
}

const packed = (bits: Uint8Array): Uint32Array => {
  const words = new Uint32Array(LANES);
  bits.forEach((bit, index) => {
    words[index >>> 5] = words[index >>> 5]! | (bit << (index & 31));
  });
  return words;
};

describe("gates in tables", () => {
  test(`every gate on every pattern of eight inputs, seed ${SEED}`, () => {
    const shapes = fc.record({ vectors: fc.constantFrom(1, 2, 4), outputsInOrder: fc.boolean() });
    const property = fc.property(fc.array(recipe, { minLength: 1, maxLength: 12 }), shapes, (recipes, shape) => {
      const gates = new GateList();
      const inputs = everyPattern();
      const values = inputs.map((words) => ({
        signal: gates.addInput(),
        bits: Uint8Array.from({ length: 256 }, (_, pattern) => bitOf(words, pattern)),
      }));
      for (const each of recipes) addGate(gates, values, each);
      const actual = evaluateGates(
        gates,
        inputs,
        values.map(({ signal }) => signal),
        shape,
      );
      expect(actual).toEqual(values.map(({ bits }) => packed(bits)));
    });
    fc.assert(property, { seed: SEED, numRuns: 200 });
  });

  test("sums of hundreds of inputs, whose counters are deep", () => {
    const random = randomNumbers(7);
    for (const [inputCount, most] of [
      [64, 1],
      [300, 1],
      [300, 200],
      [700, 3],
    ] as const) {
      const gates = new GateList();
      const inputs = Array.from({ length: inputCount }, () =>
        Uint32Array.from({ length: LANES }, () => Math.floor(random() * 2 ** 32)),
      );
      const weights = inputs.map(() => BigInt(1 + Math.floor(random() * most)) * (random() < 0.3 ? -1n : 1n));
      const terms = inputs.map((_, index) => ({ operand: gates.addInput(), weight: weights[index]! }));
      const sums = Array.from({ length: 32 * LANES }, (_, position) =>
        weights.reduce((sum, each, index) => (bitOf(inputs[index]!, position) === 1 ? sum + each : sum), 0n),
      );
      // Bounds that sums meet, so that the comparison is decided by its last digit, and both ends.
      const total = weights.reduce((sum, each) => sum + (each > 0n ? each : 0n), 0n);
      const bounds = [...sums.slice(0, 6).flatMap((sum) => [sum - 1n, sum]), total - 1n, total];
      const signals = bounds.map((bound) => gates.sumAbove(terms, bound));
      const actual = evaluateGates(gates, inputs, signals);
      const expected = bounds.map((bound) => packed(Uint8Array.from(sums, (sum) => Number(sum > bound))));
      expect(actual).toEqual(expected);
    }
  });

  test("many ands and ors of the same operands share pairs, on every pattern", () => {
    const random = randomNumbers(5);
    const gates = new GateList();
    const inputs = everyPattern();
    const operands = inputs.map(() => gates.addInput());
    const expected: Uint8Array[] = [];
    const signals = Array.from({ length: 120 }, (_, index) => {
      const literals = operands
        .map((operand, input) => ({ operand, input, isComplement: random() < 0.3 }))
        .filter(() => random() < 0.6);
      const isAnd = index % 2 === 0;
      const complemented = index % 3 === 0;
      const bits = Uint8Array.from({ length: 256 }, (_unused, pattern) => {
        const holds = literals.map(({ input, isComplement }) => (((pattern >> input) & 1) === 1) !== isComplement);
        const joined = isAnd ? holds.every((each) => each) : holds.some((each) => each);
        return Number(joined !== complemented);
      });
      expected.push(bits);
      const signalsOf = literals.map(({ operand, isComplement }) =>
        isComplement ? gates.complement(operand) : operand,
      );
      return isAnd ? gates.all(signalsOf, complemented) : gates.any(signalsOf, complemented);
    });
    const tables = new GateTables("gate", { ...SHAPE, vectors: 1, slotWords: LANES });
    encodeGates(gates, signals, tables);
    const pairs = tables.runs.filter(({ operation }) => operation === AND_PAIRS || operation === OR_PAIRS);
    expect(pairs.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(20);
    expect(evaluateGates(gates, inputs, signals, { vectors: 2 })).toEqual(expected.map(packed));
  });

  test("hundreds of gates on random words", () => {
    const random = randomNumbers(6);
    const gates = new GateList();
    const inputs = Array.from({ length: 200 }, () => Uint32Array.from({ length: LANES }, () => random() * 2 ** 32));
    const operands = inputs.map(() => gates.addInput());
    const words: Uint32Array[] = [...inputs];
    const all: Signal[] = [...operands];
    for (let index = 0; index < 600; index++) {
      const isAnd = random() < 0.5;
      // Two operands mostly, so that results stay mixed through several layers of gates.
      const chosen = Array.from({ length: random() < 0.8 ? 2 : 25 }, () => Math.floor(random() * all.length));
      all.push(isAnd ? gates.all(chosen.map((each) => all[each]!)) : gates.any(chosen.map((each) => all[each]!)));
      words.push(
        Uint32Array.from({ length: LANES }, (_, lane) =>
          chosen
            .map((each) => words[each]![lane]!)
            .reduce((left, right) => (isAnd ? left & right : left | right), isAnd ? -1 : 0),
        ),
      );
    }
    expect(evaluateGates(gates, inputs, all.slice(500), { vectors: 2 })).toEqual(words.slice(500));
  });

  test("several lists share tables", () => {
    const lists = [1, 2].map((count) => {
      const list = new GateList();
      const terms = Array.from({ length: count }, () => ({ operand: list.addInput(), weight: 3n }));
      const signals = [list.sumAbove(terms, 2n), list.any(terms.map((term) => term.operand))];
      return { gates: list, signals };
    });
    const gates = new GateList();
    const [a, b] = [gates.addInput(), gates.addInput()];
    const both = gates.all([a, b]);
    const [x, y] = everyPattern();
    expect(evaluateGates(gates, [x!, y!], [both], { before: lists })).toEqual([
      x!.map((word, lane) => word & y![lane]!),
    ]);
  });

  test("a complement is computed once, a sum that never or always passes is a constant", () => {
    const gates = new GateList();
    const x = gates.addInput();
    expect(gates.complement(gates.complement(x))).toEqual(x);
    const never = gates.sumAbove([{ operand: x, weight: 2n }], 2n);
    const always = gates.sumAbove([{ operand: x, weight: 2n }], -1n);
    const notNever = gates.sumAbove([{ operand: x, weight: 2n }], 2n, true);
    const [zeros, ones, more] = evaluateGates(gates, [everyPattern()[0]!], [never, always, notNever]);
    expect(zeros).toEqual(new Uint32Array(LANES));
    expect(ones).toEqual(new Uint32Array(LANES).fill(0xffffffff));
    expect(more).toEqual(ones);
  });
});
