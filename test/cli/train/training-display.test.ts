import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Context } from "../../../src/cli/context.js";
import { openTrainingDisplay, type TrainingDisplayOptions } from "../../../src/cli/train/training-display.js";
import type { Look } from "../../../src/trainer/progress.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

interface Stage {
  readonly context: Context;
  readonly options: TrainingDisplayOptions;
  /** Everything written so far. */
  readonly written: () => string;
  /** Lets the clocks go on. */
  readonly wait: (milliseconds: number) => void;
}

function openStage(terminal: boolean, quiet = false): Stage {
  let stderr = "";
  let time = 5000;
  const io = {
    env: { NO_COLOR: "1" },
    stdoutIsTerminal: false,
    stderrIsTerminal: terminal,
    readStdin: async () => new Uint8Array(),
    writeStdout: () => expect.unreachable("nothing is for standard output"),
    writeStderr: (text: string) => {
      stderr += text;
    },
  };
  return {
    context: new Context(io, { json: true, quiet }),
    options: { totalSteps: 1000, metric: "DICE", now: () => time },
    written: () => stderr,
    wait: (milliseconds) => {
      time += milliseconds;
      vi.advanceTimersByTime(milliseconds);
    },
  };
}

function lookAt(step: number, changes: Partial<Look> = {}): Look {
  const scores = { trainingLoss: 0.04, loss: 0.05, float: 0.9512, bits: 0.9001, activated: 0.855, learningRate: 0.01 };
  return { step, phase: "core", ...scores, ...changes };
}

const ESCAPE = "\u001b";
const TERMINAL_PART = new RegExp(`${ESCAPE}\\[(\\d*)([A-Za-z])|([\\r\\n])|([^${ESCAPE}\\r\\n]+)`, "g");

/** What a terminal shows: lines, without blanks at their ends. Knows what ECMA-48 calls CHA, CUU, EL and ED. */
function screen(text: string): string[] {
  const rows: string[] = [""];
  let [row, column] = [0, 0];
  const parts = [...text.matchAll(TERMINAL_PART)];
  expect(parts.map(([part]) => part).join("")).toBe(text);
  for (const [, count, command, mark, plain] of parts) {
    const line = rows[row] ?? "";
    if (plain !== undefined) {
      rows[row] = line.padEnd(column).slice(0, column) + plain + line.slice(column + plain.length);
      column += plain.length;
    } else if (mark === "\r" || command === "G") {
      column = 0;
    } else if (mark === "\n") {
      [row, column] = [row + 1, 0];
      rows[row] ??= "";
    } else if (command === "A") {
      row -= Number(count);
    } else if (command === "K") {
      rows[row] = count === "2" ? "" : line.slice(0, column);
    } else if (command === "J") {
      rows.length = row + 1;
      rows[row] = line.slice(0, column);
    } else {
      throw new Error(`unknown command ${command ?? ""}`);
    }
  }
  return rows.map((each) => each.trimEnd());
}

describe("on a terminal", () => {
  test("two lines that fit 80 columns, and are gone in the end", async () => {
    const { context, options, written, wait } = openStage(true);
    const display = await openTrainingDisplay(context, options);
    for (let step = 1; step <= 100; step++) {
      display.step(0.12345, step / 1000, "core");
      if (step === 50) display.look(lookAt(50));
      wait(50);
    }
    wait(200);
    // 900 steps of 50 ms are left.
    const [bar, ...others] = screen(written());
    expect(bar).toMatch(/^\[=+-+\] {2}10% {2}core {2}step 100 of 1000 {2}0:45 left$/);
    expect((bar?.match(/=/g) ?? []).length / (bar?.match(/[=-]/g) ?? []).length).toBeCloseTo(0.1, 1);
    expect(others).toEqual(["loss 0.123  DICE 0.951 float, 0.900 cut to bits  activated 85%"]);
    expect(Math.max(...screen(written()).map((line) => line.length))).toBeLessThan(80);
    display.stop();
    display.stop();
    expect(screen(written()).join("")).toBe("");
  });

  test("long names and numbers", async () => {
    const { context, options, written, wait } = openStage(true);
    const display = await openTrainingDisplay(context, { ...options, totalSteps: 12_345_678, metric: "accuracy" });
    display.look(lookAt(1, { float: Number.NaN, bits: 1, activated: 1 }));
    display.step(1, 0, "start");
    wait(60_000);
    display.step(1.2345e-10, 0.99, "harden\u001b[2J all of the layers");
    wait(100);
    const lines = screen(written());
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain("99%  harden?[2J all of th  step 12222221 of 12345678");
    expect(lines[1]).toBe("loss 1.23e-10  accuracy – float, 1.000 cut to bits  activated 100%");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(80);
    display.stop();
  });

  test("at most ten redraws a second, without colours", async () => {
    const { context, options, written, wait } = openStage(true);
    const display = await openTrainingDisplay(context, options);
    const before = written().length;
    for (let step = 1; step <= 900; step++) {
      display.step(step, step / 1000, "core");
      if (step % 9 === 0) wait(10);
    }
    const redraws = written().slice(before).split("step ").length - 1;
    expect(redraws).toBeGreaterThan(5);
    expect(redraws).toBeLessThanOrEqual(10);
    expect(written().replaceAll(ESCAPE, "^")).not.toMatch(/\^\[[\d;]*m/);
    display.stop();
  });

  test("messages stay above", async () => {
    const { context, options, written, wait } = openStage(true);
    const display = await openTrainingDisplay(context, options);
    display.step(0.5, 0.25, "core");
    wait(100);
    display.message("a first line\nand a second");
    wait(100);
    expect(screen(written()).slice(0, 2)).toEqual(["a first line", "and a second"]);
    expect(screen(written())[2]).toContain("25%  core  step 250 of 1000");
    expect(screen(written())[3]).toBe("loss 0.500");
    display.message("at the end");
    display.stop();
    display.message("after it");
    expect(screen(written()).filter((line) => line !== "")).toEqual([
      "a first line",
      "and a second",
      "at the end",
      "after it",
    ]);
  });

  test("time left follows the steps that are made, not those passed over", async () => {
    const { context, options, written, wait } = openStage(true);
    const display = await openTrainingDisplay(context, options);
    // The first step takes long, and says nothing of the others.
    wait(30_000);
    for (let step = 1; step <= 10; step++) {
      display.step(1, step / 1000, "free");
      wait(1000);
    }
    expect(screen(written())[0]).toContain("16:30 left");
    display.step(1, 0.5, "core");
    wait(100);
    expect(screen(written())[0]).toContain("8:20 left");
    display.stop();
  });
});

describe("elsewhere", () => {
  test("a line a look, at most every ten seconds, with the first and the last", async () => {
    const { context, options, written, wait } = openStage(false);
    const display = await openTrainingDisplay(context, options);
    for (let step = 1; step <= 100; step++) {
      display.step(0.1, step / 1000, "core");
      if (step % 4 === 0) display.look(lookAt(step));
      wait(1000);
    }
    display.stop();
    display.stop();
    const lines = written().trimEnd().split("\n");
    // Looks come every 4 s: the third is the first that is 10 s after the one before.
    const steps = lines.map((line) => Number(/^step (\d+) of 1000, core, /.exec(line)?.[1]));
    expect(steps).toEqual([4, 16, 28, 40, 52, 64, 76, 88, 100]);
    expect(lines.at(-1)).toBe("step 100 of 1000, core, loss 0.0500, DICE 0.951, bits 0.900, act. 85%, 15:00 left");
  });

  test("one look is told once; messages at once", async () => {
    const { context, options, written } = openStage(false);
    const display = await openTrainingDisplay(context, options);
    display.message("resumed");
    expect(written()).toBe("resumed\n");
    display.look(lookAt(1));
    display.stop();
    expect(written()).toBe("resumed\nstep 1 of 1000, core, loss 0.0500, DICE 0.951, bits 0.900, act. 85%\n");
  });

  test("long names give way", async () => {
    const { context, options, written } = openStage(false);
    const display = await openTrainingDisplay(context, { ...options, totalSteps: 20_000 });
    display.look(lookAt(12_000, { phase: "harden all of the layers, one after another\n" }));
    expect(written().trimEnd().length).toBeLessThan(80);
    expect(written().split("\n")).toHaveLength(2);
    display.stop();
  });
});

test.each([true, false])("quiet, terminal %s", async (terminal) => {
  const { context, options, written, wait } = openStage(terminal, true);
  const display = await openTrainingDisplay(context, options);
  display.step(1, 0.5, "core");
  display.look(lookAt(1));
  display.message("hello");
  wait(20_000);
  display.stop();
  expect(written()).toBe("");
});
