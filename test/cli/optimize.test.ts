/** `compile -O`: what it says, what it writes, and that every level answers as MorphIR does. */
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseModule } from "../../src/ir/parse.js";
import { printModule } from "../../src/ir/print.js";
import { verifyModule } from "../../src/ir/verify.js";
import { encodeModel } from "../../src/model/encode.js";
import { enterFolder, opening, run } from "./harness.js";

const CORNERS = new URL("../../fixtures/corner_detector.pb", import.meta.url);

let leave = (): void => undefined;
beforeAll(() => {
  leave = enterFolder();
  copyFileSync(CORNERS, "corners.pb");
  writeFileSync("opening.pb", encodeModel(opening));
});
afterAll(() => leave());

interface Optimization {
  readonly level: number;
  readonly operationsPerPixel: { readonly before: number; readonly after: number };
  readonly passes: readonly string[];
}

async function compiled(
  ...options: readonly string[]
): Promise<{ readonly optimization: Optimization; readonly stderr: string }> {
  const answered = await run(["compile", "corners.pb", "-t", "js", ...options, "--json"]);
  expect(answered.status).toBe(0);
  const { artifacts } = JSON.parse(answered.stdout) as { artifacts: readonly { optimization: Optimization }[] };
  return { optimization: artifacts[0]!.optimization, stderr: answered.stderr };
}

describe.each([0, 1, 2, 3])("-O%i", (level) => {
  test("answers what MorphIR answers, and keeps its certificate", async () => {
    const { optimization } = await compiled(`-O${level}`, "-o", `level${level}`);
    expect(optimization.level).toBe(level);
    const verified = await run(["verify", `level${level}`, "--model", "corners.pb", "--seed", "5"]);
    expect(verified.stdout).toMatch(/equal on .*\n.*accepted/);
    expect(verified.status).toBe(0);
  });

  test("is named in generated files where it is not the default", () => {
    const [text, header] = [`level${level}/corner_detector.js`, "--target js --binarize auto"];
    const expected = level === 2 ? `${header}\n` : `${header} -O${level}\n`;
    expect(readFileSync(text, "utf8")).toContain(expected);
  });
});

test("MorphIR in the folder is what was binarized, whatever the level", () => {
  const texts = [0, 1, 2, 3].map((level) => readFileSync(`level${level}/corner_detector.ir`, "utf8"));
  expect(new Set(texts).size).toBe(1);
});

test("higher levels take fewer operations, and say so in a line", async () => {
  const none = await compiled("-O", "0", "-o", "none");
  const usual = await compiled("-o", "usual");
  expect(none.optimization.passes).toEqual([]);
  expect(none.optimization.operationsPerPixel.after).toBe(none.optimization.operationsPerPixel.before);
  expect(usual.optimization.operationsPerPixel.before).toBe(none.optimization.operationsPerPixel.before);
  expect(usual.optimization.operationsPerPixel.after).toBeLessThan(usual.optimization.operationsPerPixel.before);
  expect(usual.stderr).toMatch(/^corner_detector: \d+\.\d+ → \d+\.\d+ operations per pixel, 19 → \d+ values \(-O2\)$/m);
  expect((await compiled("-o", "quiet", "--quiet")).stderr).toBe("");
});

test("--dump-ir after-each prints the MorphIR of every pass that changed something", async () => {
  const { optimization, stderr } = await compiled("--dump-ir", "after-each", "--quiet", "-o", "dumped");
  const dumps = stderr.split(/^; after /m).slice(1);
  expect(dumps.map((dump) => dump.slice(0, dump.indexOf("\n")))).toEqual(optimization.passes);
  expect(dumps.length).toBeGreaterThan(1);
  for (const dump of dumps) {
    const text = dump.slice(dump.indexOf("\n") + 1);
    const module = parseModule(text);
    verifyModule(module);
    expect(printModule(module)).toBe(text);
  }
});

test("levels and dumps that there are not", async () => {
  for (const options of [
    ["-O4"],
    ["-O", "fast"],
    ["-O", "1.5"],
    ["-O", "1", "--optimize", "2"],
    ["--dump-ir", "before"],
  ]) {
    const answered = await run(["compile", "opening.pb", ...options]);
    expect([options, answered.status]).toEqual([options, 2]);
  }
});
