/** Lowered programs, interpreted with every access checked, against the reference semantics of MorphIR. */
import * as fc from "fast-check";
import { describe, test } from "vitest";
import { interpretModule } from "../../src/ir/interpret.js";
import type { MorphModule } from "../../src/ir/node.js";
import { lower } from "../../src/lower/lower.js";
import type { Picture } from "../../src/morph/picture.js";
import { createInterpreterRunner } from "../../src/run/run-interpreter.js";
import { verifyProgram } from "../../src/word/verify.js";
import { expectSameOutcomes } from "../differential/outcomes.js";
import { arbitraryModule, arbitraryPicture } from "../support/arbitrary-module.js";
import { accepted, withLongWeights } from "./modules.js";
import { targetWithLanes } from "./targets.js";

const SEED = Number(process.env["FC_SEED"] ?? 20240611);
const RUNS = Number(process.env["FC_RUNS"] ?? 150);

const withPictures = (kind: "images" | "samples", most: number): fc.Arbitrary<[MorphModule, Picture[]]> =>
  arbitraryModule(kind).chain((module) =>
    fc.tuple(fc.constant(module), fc.array(arbitraryPicture(module), { minLength: 1, maxLength: most })),
  );

/** Compares for programs of 1, 4, 8 and 16 lanes, and for one of 16 lanes that a machine without vectors runs. */
async function expectLoweringExact(
  module: MorphModule,
  pictures: readonly Picture[],
  order: readonly number[],
): Promise<void> {
  const answers = pictures.map((picture) => interpretModule(module, picture));
  const repeated = order.map((index) => pictures[index]!);
  const expected = order.map((index) => answers[index]!);
  for (const { lanes, run } of [
    { lanes: 1, run: 1 },
    { lanes: 4, run: 4 },
    { lanes: 8, run: 8 },
    { lanes: 16, run: 16 },
    { lanes: 16, run: 1 },
  ] as const) {
    const program = lower(module, targetWithLanes(lanes));
    verifyProgram(program);
    const actual = await createInterpreterRunner(program, { lanes: run }).run(repeated);
    expectSameOutcomes(`program of ${lanes} lanes, run with ${run}`, module, repeated, actual, expected);
  }
}

describe("a lowered module answers what the module answers", () => {
  test(`pictures to pictures, seed ${SEED}`, async () => {
    const property = fc.asyncProperty(withPictures("images", 3), ([module, pictures]) => {
      const fitting = accepted(module, pictures);
      return expectLoweringExact(module, fitting, [...fitting.keys()]);
    });
    await fc.assert(property, { seed: SEED, numRuns: RUNS });
  });

  test(`pictures to pictures by way of gate tables, seed ${SEED}`, async () => {
    const property = fc.asyncProperty(withPictures("images", 2), ([module, pictures]) => {
      const fitting = accepted(module, pictures);
      return expectLoweringExact(withLongWeights(module), fitting, [...fitting.keys()]);
    });
    await fc.assert(property, { seed: SEED, numRuns: Math.ceil(RUNS / 5) });
  });

  test(`samples in groups of less, as much and more than a vector, seed ${SEED}`, async () => {
    const counts = fc.constantFrom(1, 8, 9, 31, 32, 33, 140);
    const property = fc.asyncProperty(withPictures("samples", 7), counts, ([module, pictures], count) =>
      expectLoweringExact(
        module,
        pictures,
        Array.from({ length: count }, (_, index) => index % pictures.length),
      ),
    );
    await fc.assert(property, { seed: SEED, numRuns: RUNS });
  });
});
