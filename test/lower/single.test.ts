/** The gates of one sample, its bits side by side, against their definitions. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ModuleBuilder } from "../../src/ir/build.js";
import { interpretModule } from "../../src/ir/interpret.js";
import type { MorphModule, Readout } from "../../src/ir/node.js";
import { GateList } from "../../src/lower/gates.js";
import { toLimbs } from "../../src/lower/limbs.js";
import { lower } from "../../src/lower/lower.js";
import { ProgramBuilder } from "../../src/lower/program-builder.js";
import { scoresOutput } from "../../src/lower/scores.js";
import { planSingle, type SinglePlan } from "../../src/lower/single-plan.js";
import { answerSingle, singlePlaces, singleProgram } from "../../src/lower/single-sample.js";
import { createInterpreterRunner } from "../../src/run/run-interpreter.js";
import { constant } from "../../src/word/build.js";
import { interpretProgram } from "../../src/word/interpret.js";
import type { SampleInterface, WordProgram } from "../../src/word/node.js";
import { verifyProgram } from "../../src/word/verify.js";
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
  const builder = new ProgramBuilder();
  const where = singlePlaces(single, lanes, constant(0));
  const statements = answerSingle(single, where, lanes, constant(0), builder);
  const output: SampleInterface["output"] =
    readout === null ? { kind: "bits", length: plan.outputs.length } : scoresOutput(readout);
  const program: WordProgram = {
    name: "single",
    lanes,
    interface: { kind: "samples", inputChannels: 1, samples: "bits", height: 1, width: 1, output },
    scratchWords: constant(single.slots * lanes),
    tables: builder.tables,
    functions: builder.functions([], [{ name: "count", type: "index" }], statements),
  };
  verifyProgram(program);
  if (where.packed.kind !== "constant") throw new Error("places are known");
  const packedAt = where.packed.value;
  return Array.from({ length: 256 }, (_, pattern) => {
    // Where nothing was written, anything may lie.
    const scratch = new Uint32Array(single.slots * lanes).fill(0xdeadbeef);
    scratch.fill(0, packedAt, packedAt + plan.inputs / 32);
    places.forEach((place, input) => {
      const word = packedAt + Math.floor(place / GROUP);
      if (((pattern >> input) & 1) === 1) scratch[word] = scratch[word]! | (1 << (place % GROUP));
    });
    const words = Math.ceil(plan.outputs.length / 32);
    const limbs = output.kind === "scores" ? output.classes * output.limbs : 0;
    const memory = {
      scratch,
      ...(output.kind === "bits"
        ? { output: new Uint32Array(words).fill(0xffffffff) }
        : { classes: new Uint32Array(1), scores: new Int32Array(limbs) }),
    };
    interpretProgram(program, memory, [1], { lanes: run });
    return { output: new Uint32Array(), classes: new Uint32Array(), scores: new Int32Array(), ...memory };
  });
}

const shape = fc.constantFrom<readonly [number, number]>([1, 1], [4, 4], [8, 8], [16, 16], [8, 1]);

describe("the gates of one sample", () => {
  test(`every gate on every pattern of eight inputs, seed ${SEED}`, () => {
    const seen = { matches: 0, sets: 0, sums: 0, packed: 0, constants: 0 };
    const recipes = fc.array(recipe, { minLength: 1, maxLength: 40 });
    const property = fc.property(recipes, fc.constantFrom(1, 3, 8, 20), shape, (list, groups, lanes) => {
      const gates = new GateList();
      const { values, places } = inputsIn(gates, groups);
      for (const each of list) addGate(gates, values, each);
      const plan = planSingle(
        gates,
        values.map(({ signal }) => signal),
        GROUP,
        lanes[0],
      );
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

  test(`scores and the first class with the greatest, seed ${SEED}`, () => {
    const weight = fc.oneof(
      fc.bigInt({ min: -3n, max: 3n }),
      fc.bigInt({ min: -(2n ** 40n), max: 2n ** 40n }),
      fc.bigInt({ min: -(2n ** 130n), max: 2n ** 130n }),
    );
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
      const plan = planSingle(
        gates,
        values.map(({ signal }) => signal),
        GROUP,
        lanes[0],
      );
      if (singleProgram(plan, readout, lanes[0]) === null) return;
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
  });
});

/** Ands of half of the pixels, in two layers, and a read-out. */
function wideNetwork(neurons: number, classes: number): MorphModule {
  const random = randomNumbers(3);
  const builder = new ModuleBuilder("wide", { channels: 1, height: 9, width: 40, samples: "bits" });
  const image = builder.add({ kind: "input", channel: 0 }, "image");
  let vector = builder.add({ kind: "flatten", inputs: [image] }, "vector");
  for (const [layer, length] of [360, neurons].entries()) {
    const bits = Array.from({ length }, (_, index) =>
      builder.add({ kind: "element", input: vector, index }, `x${layer}_${index}`),
    );
    const gates = Array.from({ length: neurons }, (_, neuron) =>
      builder.add(
        { kind: neuron % 2 === 0 ? "union" : "intersection", inputs: bits.filter(() => random() < 0.05) },
        `neuron${layer}_${neuron}`,
      ),
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

describe("few samples", () => {
  const module = wideNetwork(300, 10);
  const pictures = Array.from({ length: 40 }, (_, index) => noise(module.input, 9, 40, index));
  const expected = pictures.map((picture) => interpretModule(module, picture));

  test.each([4, 8, 16] as const)("are answered one by one on %i lanes, and more of them together", async (lanes) => {
    const program = lower(module, targetWithLanes(lanes));
    expect(program.functions.map(({ name }) => name)).toEqual(expect.arrayContaining(["match_words", "sum_scores"]));
    const runner = createInterpreterRunner(program);
    for (const count of [1, 2, 3, 4, 5, 6, 7, 8, 40]) {
      const part = pictures.slice(0, count);
      expectSameOutcomes(`${count} samples`, module, part, await runner.run(part), expected.slice(0, count));
    }
  });
});
