/** The gates of one sample, its bits side by side, against their definitions. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ModuleBuilder } from "../../src/ir/build.js";
import { interpretModule } from "../../src/ir/interpret.js";
import type { MorphModule, MorphNode, Readout, ValueId } from "../../src/ir/node.js";
import { GateList } from "../../src/lower/gates.js";
import { toLimbs } from "../../src/lower/limbs.js";
import { lower } from "../../src/lower/lower.js";
import { ProgramBuilder } from "../../src/lower/program-builder.js";
import { scoresOutput } from "../../src/lower/scores.js";
import { planSingle, type SinglePlan } from "../../src/lower/single-plan.js";
import { answerSingle, singlePlaces, singleProgram, slotsOfSingle } from "../../src/lower/single-sample.js";
import { createInterpreterRunner } from "../../src/run/run-interpreter.js";
import { constant } from "../../src/word/build.js";
import { interpretProgram } from "../../src/word/interpret.js";
import type { SampleInterface, WordProgram } from "../../src/word/node.js";
import { verifyProgram } from "../../src/word/verify.js";
import { visitStatements } from "../../src/word/visit.js";
import { expectSameOutcomes } from "../differential/outcomes.js";
import { noise, randomNumbers } from "./modules.js";
import { addGate, type KnownSignal, recipe } from "./random-gates.js";
import { targetWithLanes } from "./targets.js";

const SEED = Number(process.env["FC_SEED"] ?? 20240611);

/** Inputs of a list from one group of 32 to the next. */
const GROUP = 33;

/** Eight inputs in up to eight of the groups, the others unused. */
function inputsIn(gates: GateList, groups: number): { readonly values: KnownSignal[]; readonly places: number[] } {
  const all = Array.from({ length: groups * GROUP }, () => gates.addInput());
  const places = Array.from({ length: 8 }, (_, input) => GROUP * (input % groups) + 4 * input - (input % groups));
  const values = places.map((place, input) => ({
    signal: all[place]!,
    bits: Uint8Array.from({ length: 256 }, (_, pattern) => (pattern >> input) & 1),
  }));
  return { values, places };
}

/** The plan that asks for all of the signals. */
function planOf(gates: GateList, values: readonly KnownSignal[], lanes: number): SinglePlan {
  return planSingle(
    gates,
    values.map(({ signal }) => signal),
    GROUP,
    lanes,
  )!;
}

interface Evaluated {
  readonly output: Uint32Array;
  readonly classes: Uint32Array;
  readonly scores: Int32Array;
}

/** Answers of a plan for every pattern of the eight inputs. */
function evaluate(
  plan: SinglePlan,
  readout: Readout | null,
  places: readonly number[],
  [lanes, run]: readonly [lanes: number, run: number],
): Evaluated[] {
  const single = singleProgram(plan, readout, lanes)!;
  const words = slotsOfSingle(single, lanes) * lanes;
  const builder = new ProgramBuilder();
  const where = singlePlaces(single, lanes, constant(0));
  const statements = answerSingle(single, where, lanes, constant(0), builder);
  const output: SampleInterface["output"] =
    readout === null ? { kind: "bits", length: plan.outputs.length } : scoresOutput(readout);
  const program: WordProgram = {
    name: "single",
    lanes,
    interface: { kind: "samples", inputChannels: 1, samples: "bits", height: 1, width: 1, output },
    scratchWords: constant(words),
    tables: builder.tables,
    functions: builder.functions([], [{ name: "count", type: "index" }], statements),
  };
  verifyProgram(program);
  if (where.packed.kind !== "constant") throw new Error("places are known");
  const packedAt = where.packed.value;
  return Array.from({ length: 256 }, (_, pattern) => {
    // Where nothing was written, anything may lie.
    const scratch = new Uint32Array(words).fill(0xdeadbeef);
    scratch.fill(0, packedAt, packedAt + plan.inputs / 32);
    places.forEach((place, input) => {
      const word = packedAt + Math.floor(place / GROUP);
      if (((pattern >> input) & 1) === 1) scratch[word] = scratch[word]! | (1 << (place % GROUP));
    });
    const outputWords = Math.ceil(plan.outputs.length / 32);
    const limbs = output.kind === "scores" ? output.classes * output.limbs : 0;
    const memory = {
      scratch,
      ...(output.kind === "bits"
        ? { output: new Uint32Array(outputWords).fill(0xffffffff) }
        : { classes: new Uint32Array(1), scores: new Int32Array(limbs) }),
    };
    interpretProgram(program, memory, [1], { lanes: run });
    return { output: new Uint32Array(), classes: new Uint32Array(), scores: new Int32Array(), ...memory };
  });
}

const shape = fc.constantFrom<readonly [number, number]>([1, 1], [4, 4], [8, 8], [16, 16], [8, 1]);

describe("the gates of one sample", () => {
  test(`every gate on every pattern of eight inputs, seed ${SEED}`, () => {
    const seen = { matches: 0, sets: 0, sums: 0, packed: 0, constants: 0, evaluated: 0 };
    const recipes = fc.array(recipe, { minLength: 1, maxLength: 40 });
    const forms = fc.record({ groups: fc.constantFrom(1, 3, 8, 20), withInputs: fc.boolean() });
    const property = fc.property(recipes, forms, shape, (list, { groups, withInputs }, lanes) => {
      const gates = new GateList();
      const { values: all, places } = inputsIn(gates, groups);
      for (const each of list) addGate(gates, all, each);
      const values = withInputs ? all : all.slice(8);
      const plan = planOf(gates, values, lanes[0]);
      // Sums whose bits have all cancelled out have no tables.
      if (singleProgram(plan, null, lanes[0]) === null) return;
      seen.evaluated++;
      for (const { matches, sets, sums, isPacked } of plan.levels) {
        seen.matches += matches === null ? 0 : 1;
        seen.sets += sets.length === 0 ? 0 : 1;
        seen.sums += sums.length === 0 ? 0 : 1;
        seen.packed += isPacked ? 1 : 0;
      }
      seen.constants += plan.outputs.some(({ place }) => place === null) ? 1 : 0;
      evaluate(plan, null, places, lanes).forEach(({ output }, pattern) => {
        const bits = values.map((_, index) => (output[index >>> 5]! >>> (index & 31)) & 1);
        expect(bits).toEqual(values.map((value) => value.bits[pattern]));
        expect(values.length % 32 === 0 ? 0 : output.at(-1)! >>> (values.length % 32)).toBe(0);
      });
    });
    fc.assert(property, { seed: SEED, numRuns: 100 });
    expect(Object.values(seen).every((count) => count > 5)).toBe(true);
  });

  test("a constant among outputs is that, whatever lies in memory that was never written", () => {
    const gates = new GateList();
    const { values, places } = inputsIn(gates, 1);
    const [a, b, c] = values.map(({ signal }) => signal);
    const outputs = [gates.constant(0), gates.all([a!, b!]), gates.constant(1), gates.any([b!, c!])];
    const plan = planSingle(gates, outputs, GROUP, 4)!;
    expect(plan.areInputsUnpacked).toBe(false);
    evaluate(plan, null, places, [4, 4]).forEach(({ output }, pattern) => {
      const bits = [0, 1, 2].map((input) => (pattern >> input) & 1);
      expect(output[0]).toBe(((bits[0]! & bits[1]!) << 1) | 4 | ((bits[1]! | bits[2]!) << 3));
    });
  });

  test("networks that would take too much code or too large tables are left to batches", () => {
    const gates = new GateList();
    const { values } = inputsIn(gates, 1);
    let signal = values[0]!.signal;
    for (let level = 0; level < 65; level++)
      signal = gates.all([gates.complement(signal), values[1 + (level % 7)]!.signal]);
    expect(planSingle(gates, [signal], GROUP, 4)).toBe(null);
    const huge = Array.from({ length: 2 ** 18 }, () => gates.addInput());
    const sums = Array.from({ length: 17 }, (_, index) =>
      gates.sumAbove(
        huge.map((operand, place) => ({ operand, weight: BigInt(place % (2 + index)) + 1n })),
        2n ** 18n,
      ),
    );
    expect(planSingle(gates, sums, GROUP, 4)).toBe(null);
  });

  test("masks of many words and many ands are left to batches", () => {
    const gates = new GateList();
    const bits = Array.from({ length: 33 * 128 }, () => gates.addInput()).filter((_, index) => index % 33 < 32);
    // 128 words of two operands each, which are all that a mask may have; 16,384 such ands take as many masks and values.
    const ands = Array.from({ length: 2 ** 14 }, (_, index) =>
      gates.all(
        Array.from({ length: 64 }, (__, member) => bits[(64 * member + (index >> (member % 14)) + index) % 4096]!),
      ),
    );
    const plan = planSingle(gates, ands, GROUP, 16)!;
    expect(plan.levels[0]!.matches!.gates.length).toBeGreaterThan(2 ** 13);
    expect(singleProgram(plan, null, 16)).not.toBe(null);
    const twice = { ...plan, levels: [...plan.levels, ...plan.levels, ...plan.levels] };
    expect(singleProgram(twice, null, 16)).toBe(null);
  });

  test(`scores and the first class with the greatest, seed ${SEED}`, () => {
    const weight = fc.oneof(
      fc.bigInt({ min: -3n, max: 3n }),
      fc.bigInt({ min: -(2n ** 40n), max: 2n ** 40n }),
      fc.bigInt({ min: -(2n ** 130n), max: 2n ** 130n }),
    );
    let evaluated = 0;
    const rows = fc.array(fc.array(weight, { minLength: 20, maxLength: 20 }), { minLength: 2, maxLength: 17 });
    const recipes = fc.array(recipe, { minLength: 12, maxLength: 12 });
    const property = fc.property(recipes, rows, shape, (list, weights, lanes) => {
      const gates = new GateList();
      const { values, places } = inputsIn(gates, 2);
      for (const each of list) addGate(gates, values, each);
      const readout: Readout = {
        kind: "readout",
        input: 0,
        weights: weights.map((row) => row.slice(0, values.length)),
        biases: weights.map((row) => row.at(-1)!),
        exponent: 0,
        activation: weights.map(() => "identity"),
      };
      const plan = planOf(gates, values, lanes[0]);
      if (singleProgram(plan, readout, lanes[0]) === null) return;
      evaluated++;
      const { limbs } = scoresOutput(readout);
      evaluate(plan, readout, places, lanes).forEach(({ classes, scores }, pattern) => {
        const expected = readout.weights.map((row, label) =>
          values.reduce((sum, { bits }, index) => sum + BigInt(bits[pattern]!) * row[index]!, readout.biases[label]!),
        );
        expect([...scores]).toEqual(expected.flatMap((score) => toLimbs(score, limbs)));
        const greatest = expected.reduce((most, score) => (score > most ? score : most));
        expect(classes[0]).toBe(expected.indexOf(greatest));
      });
    });
    fc.assert(property, { seed: SEED, numRuns: 60 });
    expect(evaluated).toBeGreaterThan(40);
  });
});

type Neuron = (bits: readonly ValueId[], index: number, random: () => number) => MorphNode;

/** Two layers of neurons on 9×40 pixels, and a read-out. */
function network(neurons: number, classes: number, neuron: Neuron): MorphModule {
  const random = randomNumbers(3);
  const builder = new ModuleBuilder("network", { channels: 1, height: 9, width: 40, samples: "bits" });
  const image = builder.add({ kind: "input", channel: 0 }, "image");
  let vector = builder.add({ kind: "flatten", inputs: [image] }, "vector");
  for (const [layer, length] of [360, neurons].entries()) {
    const bits = Array.from({ length }, (_, index) =>
      builder.add({ kind: "element", input: vector, index }, `x${layer}_${index}`),
    );
    const gates = Array.from({ length: neurons }, (_, index) =>
      builder.add(neuron(bits, index, random), `neuron${layer}_${index}`),
    );
    vector = builder.add({ kind: "flatten", inputs: gates }, `vector${layer}`);
  }
  const weights = Array.from({ length: classes }, () =>
    Array.from({ length: neurons }, () => BigInt(Math.floor(random() * 2000) - 1000)),
  );
  const biases = weights.map(() => 5n);
  const activation = weights.map(() => "identity" as const);
  const scores = { kind: "readout", input: vector, weights, biases, exponent: 0, activation } as const;
  return builder.finish([builder.add(scores, "scores")]);
}

/** Ands and ors of a twentieth of the bits. */
function wideNetwork(neurons: number, classes: number): MorphModule {
  return network(neurons, classes, (bits, index, random) => ({
    kind: index % 2 === 0 ? "union" : "intersection",
    inputs: bits.filter(() => random() < 0.05),
  }));
}

/** Weighted sums of all bits. */
function weightedNetwork(neurons: number, classes: number): MorphModule {
  return network(neurons, classes, (bits, _, random) => ({
    kind: "threshold",
    terms: bits.map((input) => ({
      input,
      offset: { row: 0, column: 0 },
      weight: BigInt(Math.floor(random() * 2 ** 31) - 2 ** 30),
    })),
    bound: 0n,
    border: "replicate",
  }));
}

/** Samples of a pass that the entry point answers one by one. */
function mostOneByOne({ functions }: WordProgram): number {
  const conditions: number[] = [];
  visitStatements(functions.at(-1)!.body, {
    statement: (statement) => {
      if (statement.kind !== "if" || statement.condition.kind !== "index") return;
      const { left, right } = statement.condition;
      if (left.kind === "variable" && left.name === "samples" && right.kind === "constant")
        conditions.push(right.value);
    },
  });
  expect(conditions).toHaveLength(1);
  return conditions[0]! - 1;
}

describe("few samples", () => {
  const module = wideNetwork(300, 10);
  const pictures = Array.from({ length: 40 }, (_, index) => noise(module.input, 9, 40, index));
  const expected = pictures.map((picture) => interpretModule(module, picture));

  test.each([1, 4, 8, 16] as const)("are answered one by one on %i lanes, and more of them together", async (lanes) => {
    const program = lower(module, { ...targetWithLanes(lanes), backend: lanes === 1 ? "js" : "c" });
    const kernel = lanes === 1 ? "match_sets" : "match_words";
    expect(program.functions.map(({ name }) => name)).toEqual(expect.arrayContaining([kernel, "sum_scores"]));
    const runner = createInterpreterRunner(program);
    const most = mostOneByOne(program);
    expect(most).toBeGreaterThan(1);
    for (const count of [1, most, most + 1, pictures.length]) {
      const part = pictures.slice(0, count);
      expectSameOutcomes(`${count} samples`, module, part, await runner.run(part), expected.slice(0, count));
    }
  });

  test("on microcontrollers there are tables for one sample, or for batches, but not both", async () => {
    const target = { ...targetWithLanes(1), backend: "c" } as const;
    const namesOf = ({ functions }: WordProgram): string[] => functions.map(({ name }) => name);
    // Ands of few bits take little in both; weights of many digits take much more in batches.
    const small = lower(module, target);
    expect(namesOf(small)).toContain("evaluate_gates");
    expect(namesOf(small)).not.toContain("sum_scores");
    const weighted = weightedNetwork(20, 4);
    const program = lower(weighted, target);
    expect(namesOf(program)).toEqual(expect.arrayContaining(["sum_gates", "sum_scores"]));
    expect(namesOf(program)).not.toContain("evaluate_gates");
    expect(program.tables.map(({ name }) => name)).not.toContain("gate_operands");
    const part = pictures.slice(0, 9);
    const answers = part.map((picture) => interpretModule(weighted, picture));
    expectSameOutcomes("9 samples", weighted, part, await createInterpreterRunner(program).run(part), answers);
  });
});
