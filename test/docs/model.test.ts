import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { binarize } from "../../src/binarize/binarize.js";
import { decodeModel } from "../../src/model/decode.js";
import { elementOffsets } from "../../src/morph/structuring-element.js";

const page = readFileSync(join(import.meta.dirname, "../../docs/model.md"), "utf8");
const hasPython = spawnSync("python3", ["--version"]).status === 0;

test.skipIf(!hasPython)("the Python exporter of the documentation writes an exact opening (needs python3)", () => {
  const code = /```python\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
  const { stdout, stderr, status } = spawnSync("python3", ["-"], { input: code, encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
  const { module, report } = binarize(decodeModel(Buffer.from(stdout)), { policy: "exact" });
  expect(report.grade).toBe("exact");
  const operations = module.values.flatMap(({ node }) =>
    node.kind === "erosion" || node.kind === "dilation" ? [[node.kind, elementOffsets(node.element).length]] : [],
  );
  expect(operations).toEqual([
    ["erosion", 9],
    ["dilation", 9],
  ]);
});

test("every field in camelCase that the page names is in the schema", () => {
  const schema = readFileSync(join(import.meta.dirname, "../../schemas/model.proto"), "utf8");
  const known = new Set([...schema.matchAll(/(\w+) = \d+;/g)].map(([, name]) => camelCase(name ?? "")));
  const named = [...page.matchAll(/"([a-z]\w*)":/g)].map(([, name]) => name ?? "");
  expect(named.length).toBeGreaterThan(10);
  for (const name of named) expect(known, name).toContain(name);
});

function camelCase(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
