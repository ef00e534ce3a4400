import { describe, expect, test } from "vitest";
import { durationText, percentText, summaryLines, type TrainingSummary } from "../../../src/cli/train/summary.js";
import type { Look } from "../../../src/trainer/progress.js";

function lookAt(step: number, phase: string, loss: number, bits: number): Look {
  return { step, phase, trainingLoss: 1, loss, float: bits + 0.05, bits, activated: bits, learningRate: 0.1 };
}

const SUMMARY: TrainingSummary = {
  name: "opening",
  device: "CPU, 2 threads",
  seconds: 3725.4,
  looks: [lookAt(50, "free", 0.8, 0.125), lookAt(100, "free", 0.4, 0.25), lookAt(130, "hard", 0.0123, 0.9)],
  metric: "DICE",
  test: { soft: 0.96, float: 0.95, bits: 0.946, compiled: 0.945 },
  files: ["out/opening.pb", "out/curves.svg"],
};

test("everything that there is to say", async () => {
  expect(await summaryLines(SUMMARY)).toEqual([
    "opening: 130 steps in 1:02:05",
    "device: CPU, 2 threads",
    "",
    "phase  steps  validation loss  DICE float  DICE bits  activated",
    "free     100            0.400      0.3000     0.2500        25%",
    "hard      30           0.0123      0.9500     0.9000        90%",
    "",
    "validation loss   █▄▁  0.800 to 0.0123",
    "DICE cut to bits  ▁▂█  0.1250 to 0.9000",
    "",
    "test DICE",
    "before hardening  0.9600",
    "trained network   0.9500",
    "cut to bits       0.9460",
    "compiled          0.9450",
    "",
    "files written:",
    "  out/opening.pb",
    "  out/curves.svg",
  ]);
});

describe("the difference between the float network and the compiled one", () => {
  test.each<[number, number, string | null]>([
    [0.95, 0.945, null],
    [0.945, 0.95, null],
    [0.95, 0.9449, "The compiled network scores 0.0051 below the float network: they answer differently."],
    [0.5, 0.75, "The compiled network scores 0.2500 above the float network: they answer differently."],
  ])("%f and %f", async (float, compiled, expected) => {
    const lines = await summaryLines({ ...SUMMARY, test: { soft: float, float, bits: compiled, compiled } });
    expect(lines.find((line) => line.startsWith("The compiled")) ?? null).toBe(expected);
  });
});

test("nothing was measured, tested or written", async () => {
  const lines = await summaryLines({ ...SUMMARY, looks: [], test: null, files: [], seconds: 0 });
  expect(lines).toEqual(["opening: 0 steps in 0:00", "device: CPU, 2 threads"]);
});

test("a phase that comes back, and one look", async () => {
  const again = await summaryLines({
    ...SUMMARY,
    looks: [..."aba"].map((phase, index) => lookAt(index + 1, phase, 1, 0.5)),
  });
  expect(again.slice(4, 7).map((line) => line.split(/ +/).slice(0, 2))).toEqual([
    ["a", "1"],
    ["b", "1"],
    ["a", "1"],
  ]);
  const one = await summaryLines({ ...SUMMARY, looks: [lookAt(1, "a", Number.NaN, 0.5)] });
  expect(one[0]).toBe("opening: 1 step in 1:02:05");
  expect(one[4]).toMatch(/^a +1 +– +0\.5500 +0\.5000 +50%$/);
  expect(one.some((line) => line.startsWith("validation loss"))).toBe(false);
});

test("names cannot steer the terminal, and lines fit it", async () => {
  const looks = Array.from({ length: 500 }, (_, index) =>
    lookAt(index, "free\u001b[2J\n", 1 / (index + 1), index / 500),
  );
  const lines = await summaryLines({
    ...SUMMARY,
    looks,
    device: "gpu\u0007",
    metric: "accuracy",
    files: ["a\u001b[31m"],
  });
  expect(lines.join("")).not.toMatch(/\p{Cc}/u);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
});

test.each<[number, string]>([
  [0, "0:00"],
  [59.4, "0:59"],
  [59.5, "1:00"],
  [600, "10:00"],
  [3599.9, "1:00:00"],
  [90_061, "25:01:01"],
  [400_000, "5 days"],
  [Number.NaN, "–"],
  [Number.POSITIVE_INFINITY, "–"],
])("%f seconds", (seconds, expected) => {
  expect(durationText(seconds)).toBe(expected);
});

test("100% are all of them", () => {
  expect([0, 0.29, 0.57, 0.999, 1, Number.NaN].map(percentText)).toEqual(["0%", "29%", "57%", "99%", "100%", "–"]);
});
