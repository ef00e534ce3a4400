/** Networks whose lists are longer than a call may have arguments, and stages of thousands of values. */
import { describe, expect, test } from "vitest";
import { ModuleBuilder } from "../../src/ir/build.js";
import type { MorphModule } from "../../src/ir/node.js";
import { RUN_FIELDS } from "../../src/lower/gate-tables.js";
import { lower } from "../../src/lower/lower.js";
import { planStages } from "../../src/lower/plan.js";
import { schedule } from "../../src/lower/schedule.js";
import { type BitImage, buildBitImage } from "../../src/morph/bit-image.js";
import { createInterpreterRunner } from "../../src/run/run-interpreter.js";
import { FREE } from "./modules.js";
import { targetWithLanes } from "./targets.js";

const SIDE = 512;
const BITS = SIDE * SIDE;

/** [more than `bound` of 2^18 pixels are set], [any is set]. */
function dense(bound: bigint): MorphModule {
  const builder = new ModuleBuilder("dense", { channels: 1, height: SIDE, width: SIDE, samples: "bits" });
  const x = builder.add({ kind: "input", channel: 0 }, "x");
  const pixels = builder.add({ kind: "flatten", inputs: [x] }, "pixels");
  const bits = Array.from({ length: BITS }, (_, index) =>
    builder.add({ kind: "element", input: pixels, index }, `bit${index}`),
  );
  const offset = { row: 0, column: 0 };
  const terms = bits.map((input) => ({ input, offset, weight: 1n }));
  const many = builder.add({ kind: "threshold", terms, bound, border: "zeros" }, "many");
  const some = builder.add({ kind: "union", inputs: bits }, "some");
  return builder.finish([builder.add({ kind: "flatten", inputs: [many, some] }, "result")]);
}

/** The first `count` pixels, row by row, are set. */
function firstPixels(count: number): BitImage {
  return buildBitImage(SIDE, SIDE, (row, column) => row * SIDE + column < count);
}

test("a sum and a union of 2^18 bits", async () => {
  const bound = 100_003;
  const program = lower(dense(BigInt(bound)), targetWithLanes(1));
  const pictures = [0, 1, bound, bound + 1, BITS].map((count) => ({
    kind: "bits" as const,
    height: SIDE,
    width: SIDE,
    channels: [firstPixels(count)],
  }));
  const outcomes = await createInterpreterRunner(program).run(pictures);
  expect(outcomes.map((outcome) => (outcome.kind === "bits" ? [...outcome.bits] : outcome))).toEqual([
    [0, 0],
    [0, 1],
    [0, 1],
    [1, 1],
    [1, 1],
  ]);
});

/** Unions of a dilation of every channel; `members` are those of a 3×3 element. */
function convolutionLike(channels: number, outputs: number, members: readonly boolean[]): MorphModule {
  const builder = new ModuleBuilder("layer", { ...FREE, channels });
  const element = { height: 3, width: 3, originRow: 1, originColumn: 1, members };
  const inputs = Array.from({ length: channels }, (_, channel) =>
    builder.add({ kind: "input", channel }, `x${channel}`),
  );
  return builder.finish(
    Array.from({ length: outputs }, (_, output) => {
      const grown = inputs.map((input, channel) =>
        builder.add({ kind: "dilation", input, element, border: "zeros" }, `grown${output}_${channel}`),
      );
      return builder.add({ kind: "union", inputs: grown }, `out${output}`);
    }),
  );
}

describe("comments above functions", () => {
  const full = Array.from({ length: 9 }, () => true);

  test("end with what they leave out", () => {
    const [stage] = planStages(schedule(convolutionLike(100, 3, full)), targetWithLanes(4));
    expect(stage?.form).toBe("gathered");
    expect(stage?.comment.length).toBe(16);
    expect(stage?.comment[0]).toBe("grown0_0: dilation");
    expect(stage?.comment.at(-1)).toBe(`… and ${3 * 101 - 15} more`);
  });

  test("name each value once, all of them if they fit", () => {
    const builder = new ModuleBuilder("shared", FREE);
    const x = builder.add({ kind: "input", channel: 0 }, "x");
    const shared = builder.add({ kind: "complement", input: x }, "shared");
    const outputs = Array.from({ length: 14 }, (_, index) =>
      builder.add({ kind: "union", inputs: [shared, x] }, `out${index}`),
    );
    const [stage] = planStages(schedule(builder.finish(outputs)), targetWithLanes(4));
    expect(stage?.comment).toEqual([
      "shared: complement",
      ...Array.from({ length: 14 }, (_, index) => `out${index}: union`),
    ]);
    const more = builder.add({ kind: "complement", input: x }, "more");
    const [fuller] = planStages(schedule(builder.finish([...outputs, more])), targetWithLanes(4));
    expect(fuller?.comment.length).toBe(16);
    expect(fuller?.comment.at(-1)).toBe("more: complement");
  });
});

test("1024 channels to 64 are gathered, equal gates computed once", () => {
  const members = Array.from({ length: 9 }, (_, index) => index % 2 === 0);
  const program = lower(convolutionLike(1024, 64, members), targetWithLanes(4));
  const runs = program.tables.find((table) => table.name === "gate_runs")?.values ?? [];
  const count = runs.reduce((sum, value, index) => (index % RUN_FIELDS === 1 ? sum + value : sum), 0);
  // A dilation of every channel, and their union.
  expect(count).toBe(1024 + 1);
  const rows = program.tables.find((table) => table.name === "stage_row");
  expect(rows?.values.length).toBe(1024 * 5);
});
