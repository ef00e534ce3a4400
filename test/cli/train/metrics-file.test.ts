import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openMetricsFile } from "../../../src/cli/train/metrics-file.js";
import { DiagnosticError } from "../../../src/diagnostics.js";
import { enterFolder } from "../harness.js";

let leave = (): void => undefined;
beforeAll(() => {
  leave = enterFolder();
});
afterAll(() => leave());

function lines(path: string): unknown[] {
  const text = readFileSync(path, "utf8");
  expect(text === "" || text.endsWith("\n")).toBe(true);
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

/** The file after going on at a step and writing one more record. */
function resumed(path: string, content: string | Uint8Array, step: number): unknown[] {
  writeFileSync(path, content);
  const file = openMetricsFile(path, step);
  file.write({ step: 999 });
  file.close();
  return lines(path);
}

function codesOf(action: () => unknown): string[] {
  try {
    action();
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics.map(({ code, source }) => `${code} ${source}`);
    throw error;
  }
  return [];
}

test("a line is there as soon as it is written, in a folder that is made", () => {
  const file = openMetricsFile("made/here/metrics.jsonl", null);
  expect(lines("made/here/metrics.jsonl")).toEqual([]);
  file.write({ step: 1, loss: 0.5, phase: "a\nb" });
  expect(lines("made/here/metrics.jsonl")).toEqual([{ step: 1, loss: 0.5, phase: "a\nb" }]);
  file.write({ step: 2, loss: Number.NaN, float: Number.NEGATIVE_INFINITY });
  expect(lines("made/here/metrics.jsonl")[1]).toEqual({ step: 2, loss: "NaN", float: "-Infinity" });
  file.close();
  file.close();
  expect(() => file.write({})).toThrow("closed");
});

test("a new training begins the file anew", () => {
  writeFileSync("old.jsonl", '{"step":5}\n');
  openMetricsFile("old.jsonl", null).close();
  expect(readFileSync("old.jsonl", "utf8")).toBe("");
});

describe("going on", () => {
  test("without a file", () => {
    const file = openMetricsFile("none.jsonl", 7);
    file.write({ step: 8 });
    file.close();
    expect(lines("none.jsonl")).toEqual([{ step: 8 }]);
  });

  test.each<[string, string, number[]]>([
    ["records up to the step stay", '{"step":10}\n{"step":20}\n{"step":30}\n', [10, 20, 999]],
    ["all stay", '{"step":1}\n{"step":2}\n', [1, 2, 999]],
    ["none stays", '{"step":21}\n', [999]],
    ["an empty file", "", [999]],
    ["a broken last line", '{"step":10}\n{"step":1', [10, 999]],
    ["a last line without its end", '{"step":10}\n{"step":20}', [10, 20, 999]],
    ["lines that are no records", '[1]\nnull\n7\n{"a":1}\n{"step":"3"}\n\n{"step":1e999}\n{"step":4}\n', [4, 999]],
    ["lines ended as on Windows", '{"step":10}\r\n{"step":30}\r\n', [10, 999]],
    ["zeros where a block was lost", `{"step":10}\n${"\0".repeat(4096)}`, [10, 999]],
    ["deep nesting", `${"[".repeat(60_000)}\n{"step":3}\n`, [3, 999]],
    ["a line that is too long", `{"step":1,"a":"${"x".repeat(70_000)}"}\n{"step":3}\n`, [3, 999]],
  ])("%s", (_, content, steps) => {
    expect(resumed("resumed.jsonl", content, 20)).toMatchObject(steps.map((step) => ({ step })));
  });

  test("bytes that are no text", () => {
    const content = Buffer.concat([
      Buffer.from('{"step":1}\n{"step":2,"a":"'),
      Uint8Array.of(0xff, 0xfe),
      Buffer.from('"}\n'),
    ]);
    expect(resumed("bytes.jsonl", content, 20)).toEqual([{ step: 1 }, { step: 999 }]);
  });

  test("a million empty lines", () => {
    expect(resumed("empty-lines.jsonl", "\n".repeat(2 ** 20), 20)).toEqual([{ step: 999 }]);
  });

  test("what stays is not touched", () => {
    const content = '{ "step" : 10, "x": 1.50 }\n';
    writeFileSync("exact.jsonl", content);
    openMetricsFile("exact.jsonl", 10).close();
    expect(readFileSync("exact.jsonl", "utf8")).toBe(content);
  });
});

test("what cannot be read or written", () => {
  mkdirSync("folder");
  writeFileSync("file", "");
  expect(codesOf(() => openMetricsFile("folder", null))).toEqual(["BMN0102 folder"]);
  expect(codesOf(() => openMetricsFile("folder", 3))).toEqual(["BMN0101 folder"]);
  expect(codesOf(() => openMetricsFile("file/below", null))).toEqual(["BMN0102 file/below"]);
});

test.skipIf(!existsSync("/dev/full"))("a full disk; a device has nothing to cut back", () => {
  for (const step of [null, 4]) {
    const file = openMetricsFile("/dev/full", step);
    expect(codesOf(() => file.write({ step: 1 }))).toEqual(["BMN0102 /dev/full"]);
    file.close();
  }
});
