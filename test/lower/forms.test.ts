/** The two forms of a stage: straight-line code, and gates in tables for what would be too long. */
import { describe, expect, test } from "vitest";
import { ModuleBuilder } from "../../src/ir/build.js";
import { interpretModule } from "../../src/ir/interpret.js";
import type { ModuleInput, MorphModule, ValueId } from "../../src/ir/node.js";
import { verifyModule } from "../../src/ir/verify.js";
import { lower } from "../../src/lower/lower.js";
import { planStages } from "../../src/lower/plan.js";
import { schedule } from "../../src/lower/schedule.js";
import { createInterpreterRunner } from "../../src/run/run-interpreter.js";
import { verifyProgram } from "../../src/word/verify.js";
import { expectSameOutcomes } from "../differential/outcomes.js";
import { FREE, middleBound, noise, randomNumbers, windowTerms } from "./modules.js";
import { targetWithLanes } from "./targets.js";

const LANES = [1, 4, 16] as const;

async function expectExact(
  module: MorphModule,
  sizes: readonly (readonly [number, number])[],
  count = 1,
): Promise<void> {
  verifyModule(module);
  const distinct = sizes.map(([height, width], seed) => noise(module.input, height, width, seed));
  const answers = distinct.map((picture) => interpretModule(module, picture));
  const order = Array.from({ length: distinct.length * count }, (_, index) => index % distinct.length);
  const pictures = order.map((index) => distinct[index]!);
  for (const lanes of LANES) {
    const program = lower(module, targetWithLanes(lanes));
    verifyProgram(program);
    const actual = await createInterpreterRunner(program).run(pictures);
    expectSameOutcomes(
      `${lanes} lanes`,
      module,
      pictures,
      actual,
      order.map((index) => answers[index]!),
    );
  }
}

function formsOf(module: MorphModule): string[] {
  return planStages(schedule(module), targetWithLanes(4)).map(({ form, values }) => `${form} ${values.length}`);
}

/** A threshold over a window: small ones are straight, those of hundreds of pixels are not. */
function window(
  builder: ModuleBuilder,
  input: ValueId,
  side: number,
  most: number,
  border: "replicate" | "zeros" = "replicate",
): ValueId {
  const terms = windowTerms(input, side, side, most, randomNumbers(side * 31 + most));
  return builder.add({ kind: "threshold", terms, bound: middleBound(terms), border }, `window${side}`);
}

const SIZES = [
  [3, 33],
  [9, 70],
] as const;

describe("forms", () => {
  test("a small sum is straight, a large one is gathered, in one stage", async () => {
    const builder = new ModuleBuilder("both", FREE);
    const x = builder.add({ kind: "input", channel: 0 }, "x");
    const small = window(builder, x, 3, 3);
    const large = window(builder, x, 21, 9);
    const module = builder.finish([small, large]);
    expect(formsOf(module)).toEqual(["straight 1", "gathered 1"]);
    await expectExact(module, SIZES);
  });

  test("a gathered stage reads planes of both borders, complements, joins, constants, erosions, dilations", async () => {
    const builder = new ModuleBuilder("mixed", FREE);
    const x = builder.add({ kind: "input", channel: 0 }, "x");
    const first = window(builder, x, 3, 3);
    const zeros = window(builder, first, 21, 5, "zeros");
    const repeated = window(builder, first, 21, 6);
    const outside = builder.add({ kind: "complement", input: zeros }, "outside");
    const one = builder.add({ kind: "constant", like: first, value: 1 }, "one");
    const nothing = builder.add({ kind: "complement", input: one }, "nothing");
    const everywhere = { height: 15, width: 40, originRow: 7, originColumn: 38 };
    const members = Array.from({ length: 600 }, (_, index) => index % 7 < 4);
    const eroded = builder.add(
      { kind: "dilation", input: x, element: { ...everywhere, members }, border: "zeros" },
      "grown",
    );
    const inner = builder.add({ kind: "complement", input: eroded }, "inner");
    const twice = builder.add({ kind: "complement", input: inner }, "twice");
    const joined = builder.add({ kind: "union", inputs: [outside, nothing, inner, repeated, x] }, "joined");
    const met = builder.add({ kind: "intersection", inputs: [outside, one, twice, repeated, first] }, "met");
    const none = builder.add({ kind: "complement", input: met }, "none");
    const votes = builder.add(
      {
        kind: "threshold",
        terms: [joined, met, x, outside].map((input, index) => ({
          input,
          offset: { row: 0, column: 0 },
          weight: [3n, -2n, 1n, 2n][index]!,
        })),
        bound: 2n,
        border: "zeros",
      },
      "votes",
    );
    const module = builder.finish([joined, met, none, votes]);
    expect(formsOf(module).some((form) => form.startsWith("gathered"))).toBe(true);
    await expectExact(module, SIZES);
  });

  test("values beyond the program's limit of operators are gathered", async () => {
    const builder = new ModuleBuilder("wide", FREE);
    const x = builder.add({ kind: "input", channel: 0 }, "x");
    const outputs = Array.from({ length: 60 }, (_, channel) => {
      const terms = windowTerms(x, 9, 9, 3, randomNumbers(channel));
      return builder.add({ kind: "threshold", terms, bound: middleBound(terms), border: "replicate" }, "sum");
    });
    const module = builder.finish(outputs);
    const stages = planStages(schedule(module), targetWithLanes(4));
    expect(stages.at(-1)?.form).toBe("gathered");
    expect(stages.filter((stage) => stage.form === "straight").length).toBeGreaterThan(1);
    expect(stages.flatMap((stage) => stage.values).sort((a, b) => a - b)).toEqual(outputs);
    await expectExact(module, [[5, 40]]);
  });

  test("a gathered stage inside a network of samples leaves other samples alone", async () => {
    const input: ModuleInput = { channels: 1, height: 5, width: 6, samples: "bits" };
    const builder = new ModuleBuilder("dense", input);
    const x = builder.add({ kind: "input", channel: 0 }, "x");
    const seen = window(builder, x, 21, 9);
    const small = window(builder, x, 3, 3);
    const pixels = builder.add({ kind: "flatten", inputs: [x, seen, small] }, "pixels");
    const bits = Array.from({ length: 40 }, (_, index) =>
      builder.add({ kind: "element", input: pixels, index: (index * 7) % 90 }, "bit"),
    );
    const terms = bits.map((bit, index) => ({
      input: bit,
      offset: { row: 0, column: 0 },
      weight: BigInt((index % 5) - 2 || 3),
    }));
    const sum = builder.add({ kind: "threshold", terms, bound: middleBound(terms), border: "zeros" }, "sum");
    const vector = builder.add({ kind: "flatten", inputs: [sum, ...bits] }, "result");
    const module = builder.finish([vector]);
    expect(formsOf(module)).toContain("gathered 1");
    await expectExact(
      module,
      Array.from({ length: 7 }, () => [5, 6] as const),
      5,
    );
  });
});
