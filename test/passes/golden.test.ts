/** Modules before and after each pass: test/cases/passes/NAME.txt, which says what it is made of and is kept up to date by `-u`. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseModule } from "../../src/ir/parse.js";
import { printModule } from "../../src/ir/print.js";
import { verifyModule } from "../../src/ir/verify.js";
import { bitOperations } from "../../src/passes/cost.js";
import { optimize, passesOf } from "../../src/passes/pipeline.js";
import { targetWithLanes } from "../lower/targets.js";

const FOLDER = new URL("../cases/passes/", import.meta.url);
const PASSES = new Map(passesOf(3).map((pass) => [pass.name, pass]));

interface GoldenCase {
  readonly title: string;
  /** MorphIR as it is printed. */
  readonly before: string;
}

/** `=== title`, a module, `---`, the module after the pass. */
function readCases(file: string): GoldenCase[] {
  return readFileSync(new URL(file, FOLDER), "utf8")
    .split(/^=== /m)
    .slice(1)
    .map((part) => {
      const newline = part.indexOf("\n");
      return { title: part.slice(0, newline), before: part.slice(newline + 1).split(/^---/m)[0] ?? "" };
    });
}

test("every pass has its cases", () => {
  const named = [...PASSES.keys(), "pipeline"].map((name) => `${name}.txt`);
  expect(readdirSync(FOLDER).sort()).toEqual(named.sort());
});

const DOCUMENTATION = readFileSync(new URL("../../docs/passes.md", import.meta.url), "utf8");

test("the documentation names every pass, and its example is what the pass does", () => {
  for (const name of PASSES.keys()) expect(DOCUMENTATION).toContain(`\n| ${name} | `);
  const [before = "", after] = [...DOCUMENTATION.matchAll(/^```morph\n(.*?)^```$/gms)].map((match) => match[1] ?? "");
  expect(printModule(PASSES.get("push-complements")!.run(parseModule(before)))).toBe(after);
});

describe.each([...PASSES.keys(), "pipeline"])("%s", (name) => {
  test("makes of its cases what is written there", async () => {
    const cases = readCases(`${name}.txt`);
    expect(cases.length).toBeGreaterThan(0);
    const parts = cases.map(({ title, before }) => {
      const module = parseModule(before);
      verifyModule(module);
      expect(printModule(module)).toBe(before);
      const pass = PASSES.get(name);
      const after = pass === undefined ? optimize(module, targetWithLanes(4), 2).module : pass.run(module);
      const figures = `${bitOperations(module)} → ${bitOperations(after)}`;
      return `=== ${title}\n${before}--- ${figures}\n${after === module ? "unchanged\n" : printModule(after)}`;
    });
    await expect(parts.join("\n")).toMatchFileSnapshot(`../cases/passes/${name}.txt`);
  });
});
