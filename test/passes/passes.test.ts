/** Every pass, and every level of the pipeline, against the reference semantics. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { interpretModule } from "../../src/ir/interpret.js";
import type { MorphModule } from "../../src/ir/node.js";
import { printModule } from "../../src/ir/print.js";
import { verifyModule } from "../../src/ir/verify.js";
import { lower } from "../../src/lower/lower.js";
import type { Outcome, Picture } from "../../src/morph/picture.js";
import { bitOperations } from "../../src/passes/cost.js";
import { dropDead } from "../../src/passes/drop-dead.js";
import type { Pass } from "../../src/passes/pass.js";
import { OPTIMIZATION_LEVELS, type OptimizationLevel, optimize, passesOf } from "../../src/passes/pipeline.js";
import { createInterpreterRunner } from "../../src/run/run-interpreter.js";
import { verifyProgram } from "../../src/word/verify.js";
import { expectSameOutcomes } from "../differential/outcomes.js";
import { accepted } from "../lower/modules.js";
import { targetWithLanes } from "../lower/targets.js";
import { arbitraryModule, arbitraryPicture } from "../support/arbitrary-module.js";
import { arbitraryNetwork, arbitraryNoise } from "./arbitrary-network.js";

const SEED = Number(process.env["FC_SEED"] ?? 20261127);
const RUNS = Number(process.env["FC_RUNS"] ?? 250);

const PASSES = [...new Set(passesOf(3))];
const TARGET = targetWithLanes(4);

type Trial = readonly [module: MorphModule, pictures: readonly Picture[]];

const networks: fc.Arbitrary<Trial> = fc.tuple(
  arbitraryNetwork,
  fc.array(arbitraryNoise, { minLength: 1, maxLength: 3 }),
);
const mixed = (kind: "images" | "samples"): fc.Arbitrary<Trial> =>
  arbitraryModule(kind).chain((module) =>
    fc.tuple(fc.constant(module), fc.array(arbitraryPicture(module), { minLength: 1, maxLength: 3 })),
  );
const trials = fc.oneof(
  { weight: 4, arbitrary: networks },
  { weight: 1, arbitrary: mixed("images") },
  { weight: 1, arbitrary: mixed("samples") },
);

function answers(module: MorphModule, pictures: readonly Picture[]): Outcome[] {
  return pictures.map((picture) => interpretModule(module, picture));
}

/** Checks that `after` is valid, answers what was expected, and does not cost more. */
function check(
  what: string,
  before: MorphModule,
  after: MorphModule,
  pictures: readonly Picture[],
  expected: readonly Outcome[],
): void {
  verifyModule(after);
  const text = `${what} made of\n${printModule(before)}this:\n${printModule(after)}`;
  expectSameOutcomes(text, after, pictures, answers(after, pictures), expected);
  expect(bitOperations(after), text).toBeLessThanOrEqual(bitOperations(before) + 1e-6);
}

/** Passes that leave nothing to do for themselves. */
const IDEMPOTENT = new Set([
  "drop-dead",
  "fold-constants",
  "share-duplicates",
  "simplify-thresholds",
  "push-complements",
]);

describe("on random networks", () => {
  test.each(PASSES.map((pass) => [pass.name, pass] as const))(`%s keeps every answer, seed ${SEED}`, (_, pass) => {
    let changed = 0;
    fc.assert(
      fc.property(trials, ([module, pictures]) => {
        // What a pass does alone is hidden by dead values otherwise.
        const start = pass === dropDead ? module : dropDead.run(module);
        const after = pass.run(start);
        if (after === start) return;
        changed++;
        check(pass.name, start, after, pictures, answers(start, pictures));
        if (IDEMPOTENT.has(pass.name)) expect(printModule(pass.run(after))).toBe(printModule(after));
      }),
      { seed: SEED, numRuns: RUNS },
    );
    expect(changed).toBeGreaterThan(0);
  });

  test.each(OPTIMIZATION_LEVELS)(`level %s keeps every answer after every pass, seed ${SEED}`, (level) => {
    fc.assert(
      fc.property(trials, ([module, pictures]) => {
        const expected = answers(module, pictures);
        let before = module;
        const observe = (pass: Pass, after: MorphModule): void => {
          check(`-O${level}, ${pass.name}`, before, after, pictures, expected);
          before = after;
        };
        const { module: last, report } = optimize(module, TARGET, level, observe);
        expect(last).toBe(before);
        expect(report.operationsPerPixel.after).toBeLessThanOrEqual(report.operationsPerPixel.before + 1e-6);
        if (level === 0) expect(last).toBe(module);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  test(`what is lowered after all passes answers what the network answers, seed ${SEED}`, async () => {
    const property = fc.asyncProperty(
      trials,
      fc.constantFrom<OptimizationLevel>(2, 3),
      async ([module, pictures], level) => {
        const fitting = accepted(module, pictures);
        const { module: optimized } = optimize(module, TARGET, level);
        const program = lower(optimized, TARGET);
        verifyProgram(program);
        const actual = await createInterpreterRunner(program).run(fitting);
        const text = `-O${level}\n${printModule(module)}${printModule(optimized)}`;
        expectSameOutcomes(text, module, fitting, actual, answers(module, fitting));
      },
    );
    await fc.assert(property, { seed: SEED, numRuns: RUNS });
  });
});

test("every pass has a name of its own and says what it does", () => {
  expect(new Set(PASSES.map(({ name }) => name)).size).toBe(PASSES.length);
  for (const { name, description } of PASSES) {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(description).toMatch(/border|frame/);
  }
});
