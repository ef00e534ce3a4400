/** The rules of the house that a machine can check: who may import whom, what may touch the machine, how large files are. */
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { describe, expect, test } from "vitest";
import { type Import, readSource, type SourceFile } from "./support/house.js";

const COMMON = ["morph", "diagnostics.ts"];

/** What each folder or file of `src` may import besides itself. One that is missing here may import nothing. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  morph: ["diagnostics.ts"],
  model: [...COMMON, "gen"],
  ir: [...COMMON, "gen"],
  word: [...COMMON, "gen"],
  target: ["diagnostics.ts", "gen"],
  binarize: [...COMMON, "model", "ir"],
  passes: [...COMMON, "ir", "target"],
  lower: [...COMMON, "ir", "word", "target"],
  "backends/backend.ts": ["word", "target"],
  "backends/js-api": [...COMMON, "word", "target", "backends/backend.ts"],
  "backends/c": [...COMMON, "word", "target", "backends/backend.ts"],
  "backends/js": [...COMMON, "word", "target", "backends/backend.ts", "backends/js-api"],
  "backends/wasm": [...COMMON, "word", "target", "backends/backend.ts", "backends/js-api"],
  // It checks what `binarize` says and shares nothing with it but the formats.
  certificate: [...COMMON, "model", "ir", "gen"],
  importers: [...COMMON, "model"],
  data: [...COMMON],
  device: ["diagnostics.ts"],
  trainer: [...COMMON, "model", "binarize", "data", "gen"],
  report: [...COMMON, "model", "ir", "binarize"],
  run: [...COMMON, "word"],
};

/** Types that cross the borders above; they leave no trace in the compiled code. */
const MAY_IMPORT_TYPES: readonly {
  readonly from: string;
  readonly to: string;
  readonly names: readonly string[] | "any";
}[] = [
  // One word of MorphIR is a word of WordIR too.
  { from: "word", to: "ir/node.ts", names: ["ScoreActivation"] },
  { from: "backends/js-api", to: "ir/node.ts", names: ["ScoreActivation"] },
  { from: "run", to: "ir", names: "any" },
  // An artifact's manifest says how it was made.
  { from: "run", to: "binarize/report.ts", names: ["BinarizationPolicy"] },
  { from: "run", to: "target/target.ts", names: ["Target"] },
];

/** Join the others, and may import everything but `cli`, `index.ts` and `train.ts`. */
const JOINTS = new Set(["index.ts", "train.ts", "compile.ts", "cli"]);
const ENTRIES = new Set(["cli", "index.ts", "train.ts"]);
/** May read files, start processes and write to the terminal. */
const RIM = new Set(["cli", "run", "device"]);

/** Libraries that cost much time to load, with the folder that loads them when it needs them. */
const HEAVY: Readonly<Record<string, string>> = { binaryen: "backends/wasm", "ts-morph": "backends/js" };

/** TensorFlow.js takes a second to load: these compute with it. */
const TENSOR_UNITS: Readonly<Record<string, (specifier: string) => boolean>> = {
  trainer: (specifier) => specifier === "@tensorflow/tfjs",
  device: () => true,
};
/** Whatever loads it, and must itself be loaded by `import(…)` from elsewhere. */
const LOADS_TENSORS = /^(?:trainer\/|device\/|train\.ts$|cli\/(?:train|data)\/|cli\/commands\/(?:train|data)\.ts$)/;

const MOST_LINES = 400;

/** Every rule that the file breaks, one sentence each. */
function complaintsAbout(file: SourceFile): string[] {
  const unit = unitOf(file.path);
  const { imports, globals, escapes } = readSource(file);
  const found = imports.flatMap((each) => complaintsAboutImport(file.path, each));
  if (unit === "gen") return found;
  const lines = file.text.trimEnd().split("\n").length;
  if (lines > MOST_LINES) found.push(`has ${lines} lines, more than ${MOST_LINES}`);
  if (!RIM.has(unit)) found.push(...globals.map((name) => `touches ${name}`));
  found.push(...escapes.map((escape) => `escapes the type checker by ${escape}`));
  return found;
}

function complaintsAboutImport(path: string, { specifier, typeOnly, dynamic, names }: Import): string[] {
  const unit = unitOf(path);
  if (!specifier.startsWith(".")) {
    if (specifier.startsWith("node:")) return RIM.has(unit) ? [] : [`imports ${specifier}`];
    if (specifier.startsWith("@tensorflow/")) {
      return TENSOR_UNITS[unit]?.(specifier) === true ? [] : [`imports ${specifier}, which is not for it`];
    }
    const owner = HEAVY[specifier];
    if (owner === undefined) return [];
    if (owner !== unit) return [`imports ${specifier}, which is for ${owner}`];
    return typeOnly || dynamic ? [] : [`loads ${specifier} before it is needed`];
  }
  const target = posix.join(posix.dirname(path), specifier).replace(/\.js$/, ".ts");
  const targetUnit = unitOf(target);
  if (LOADS_TENSORS.test(target) && !LOADS_TENSORS.test(path) && !typeOnly && !dynamic) {
    return [`loads ${target} before it is needed`];
  }
  if (unit === targetUnit) return [];
  if (ENTRIES.has(targetUnit)) return [`imports ${target}, which nothing may`];
  if (JOINTS.has(unit) || MAY_IMPORT[unit]?.includes(targetUnit) === true) return [];
  const types = MAY_IMPORT_TYPES.some(
    (rule) =>
      rule.from === unit &&
      (rule.to === target || rule.to === targetUnit) &&
      (rule.names === "any" || (names.length > 0 && names.every((name) => rule.names.includes(name)))),
  );
  return typeOnly && types ? [] : [`imports ${target}`];
}

/** The part of the house that a file belongs to: its first folder, `backends` and the folder there, or the file itself. */
function unitOf(path: string): string {
  const parts = path.split("/");
  return parts[0] === "backends" ? parts.slice(0, 2).join("/") : (parts[0] ?? "");
}

const SOURCE = new URL("../src/", import.meta.url);

const files: readonly SourceFile[] = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => path.endsWith(".ts"))
  .sort()
  .map((path) => ({ path, text: readFileSync(new URL(path, SOURCE), "utf8") }));

test("every source file keeps the rules", () => {
  expect(files.length).toBeGreaterThan(10);
  expect(files.flatMap((file) => complaintsAbout(file).map((complaint) => `${file.path} ${complaint}`))).toEqual([]);
});

describe("the checker finds", () => {
  test.each<[string, string, string[]]>([
    ["passes/a.ts", 'import { lower } from "../lower/lower.js";', ["imports lower/lower.ts"]],
    ["passes/a.ts", 'import type { Lowered } from "../lower/lower.js";', ["imports lower/lower.ts"]],
    ["passes/a.ts", 'import { binarize } from "../binarize/binarize.js";', ["imports binarize/binarize.ts"]],
    ["passes/a.ts", 'import type { Backend } from "../backends/backend.js";', ["imports backends/backend.ts"]],
    [
      "passes/a.ts",
      'import type { Target } from "../target/target.js";\nimport { printModule } from "../ir/print.js";',
      [],
    ],
    ["passes/a.ts", 'import type { WordProgram } from "../word/node.js";', ["imports word/node.ts"]],
    ["lower/a.ts", 'import { optimize } from "../passes/pipeline.js";', ["imports passes/pipeline.ts"]],
    ["binarize/a.ts", 'export { fuse } from "../passes/fuse.js";', ["imports passes/fuse.ts"]],
    ["lower/a.ts", 'const wasm = await import("../backends/wasm/wasm.js");', ["imports backends/wasm/wasm.ts"]],
    ["lower/a.ts", 'type A = import("../backends/backend.js").Artifact;', ["imports backends/backend.ts"]],
    ["backends/c/a.ts", 'import { print } from "../js/js.js";', ["imports backends/js/js.ts"]],
    ["backends/c/a.ts", 'import type { Target } from "../../target/target.js";\nimport "../backend.js";', []],
    ["morph/a.ts", 'import type { MorphNode } from "../ir/node.js";', ["imports ir/node.ts"]],
    ["ir/a.ts", 'import type { Model } from "../model/types.js";', ["imports model/types.ts"]],
    ["word/a.ts", 'import type { ScoreActivation } from "../ir/node.js";', []],
    ["word/a.ts", 'import type { ScoreActivation, MorphNode } from "../ir/node.js";', ["imports ir/node.ts"]],
    ["word/a.ts", 'type A = import("../ir/node.js").ScoreActivation;', []],
    ["word/a.ts", 'type A = import("../ir/node.js").MorphNode;', ["imports ir/node.ts"]],
    ["word/a.ts", 'import type * as ir from "../ir/node.js";', ["imports ir/node.ts"]],
    ["word/a.ts", 'import { type ScoreActivation, operandsOf } from "../ir/node.js";', ["imports ir/node.ts"]],
    ["run/a.ts", 'import { type MorphModule } from "../ir/node.js";\nimport { join } from "node:path";', []],
    ["run/a.ts", 'import { operandsOf } from "../ir/node.js";', ["imports ir/node.ts"]],
    ["run/a.ts", 'import { compile } from "../compile.js";', ["imports compile.ts"]],
    ["certificate/a.ts", 'import { proof } from "../binarize/report.js";', ["imports binarize/report.ts"]],
    ["compile.ts", 'import { main } from "./cli/main.js";', ["imports cli/main.ts, which nothing may"]],
    ["cli/a.ts", 'import { compile } from "../index.js";', ["imports index.ts, which nothing may"]],
    ["cli/a.ts", 'import { compile } from "../compile.js";\nconsole.log(process.argv);', []],
    ["new/a.ts", 'import { fail } from "../diagnostics.js";', ["imports diagnostics.ts"]],
    ["model/a.ts", 'import { readFileSync } from "node:fs";', ["imports node:fs"]],
    ["lower/a.ts", "if (process.env.DEBUG) console.log(1);", ["touches process", "touches console"]],
    ["lower/a.ts", "globalThis.console.log(1);", ["touches console"]],
    ["lower/a.ts", "job.process(); // console.log in words\nconst text = `process.exit()`;", []],
    ["backends/wasm/a.ts", 'import binaryen from "binaryen";', ["loads binaryen before it is needed"]],
    ["backends/wasm/a.ts", 'import type binaryen from "binaryen";\nawait import("binaryen");', []],
    ["backends/js/a.ts", 'import { type A, Project } from "ts-morph";', ["loads ts-morph before it is needed"]],
    ["cli/a.ts", 'await import("ts-morph");', ["imports ts-morph, which is for backends/js"]],
    ["trainer/a.ts", 'import * as tf from "@tensorflow/tfjs";\nimport * as z from "zod";', []],
    [
      "trainer/a.ts",
      'import "@tensorflow/tfjs-backend-wasm";',
      ["imports @tensorflow/tfjs-backend-wasm, which is not for it"],
    ],
    ["trainer/a.ts", 'import { openDevice } from "../device/device.js";', ["imports device/device.ts"]],
    ["trainer/a.ts", 'import type { Outcome } from "../run/runner.js";', ["imports run/runner.ts"]],
    [
      "trainer/a.ts",
      'import { linearCheck } from "../binarize/activation.js";\nimport type { A } from "../data/a.js";',
      [],
    ],
    ["data/a.ts", 'import type { Model } from "../model/types.js";', ["imports model/types.ts"]],
    ["data/a.ts", 'import { readFileSync } from "node:fs";', ["imports node:fs"]],
    ["data/a.ts", 'import type * as tf from "@tensorflow/tfjs";', ["imports @tensorflow/tfjs, which is not for it"]],
    ["device/a.ts", 'import "@tensorflow/tfjs-backend-wasm";\nimport { sep } from "node:path";\nprocess.env;', []],
    ["device/a.ts", 'import { Trainer } from "../trainer/trainer.js";', ["imports trainer/trainer.ts"]],
    ["train.ts", 'export { train } from "./trainer/train.js";\nexport type * from "./data/description.js";', []],
    ["index.ts", 'export { train } from "./trainer/train.js";', ["loads trainer/train.ts before it is needed"]],
    ["compile.ts", 'import { train } from "./train.js";', ["loads train.ts before it is needed"]],
    ["compile.ts", 'await import("./train.js");', ["imports train.ts, which nothing may"]],
    [
      "cli/a.ts",
      'import { trainCommand } from "./commands/train.js";',
      ["loads cli/commands/train.ts before it is needed"],
    ],
    ["cli/a.ts", 'import { openDevice } from "../device/device.js";', ["loads device/device.ts before it is needed"]],
    ["cli/a.ts", 'import "@tensorflow/tfjs";', ["imports @tensorflow/tfjs, which is not for it"]],
    [
      "cli/a.ts",
      'await import("./commands/train.js");\nimport type { TrainingConfig } from "../trainer/config.js";',
      [],
    ],
    ["cli/commands/train.ts", 'import { train } from "../../trainer/train.js";\nimport "../train/curves.js";', []],
    ["ir/a.ts", "const a = b as any;", ["escapes the type checker by any"]],
    ["ir/a.ts", "const a = b!;\n// any! comment", ["escapes the type checker by !"]],
    ["ir/a.ts", "// @ts-ignore\nconst a = 1;", ["escapes the type checker by @ts-ignore"]],
    ["gen/a.ts", "// @ts-nocheck\nconst a = b as any;", []],
  ])("in %s: %j", (path, text, expected) => {
    expect(complaintsAbout({ path, text })).toEqual(expected);
  });

  test("files of more than 400 lines, generated ones aside", () => {
    const longest = "const a = 1;\n".repeat(400);
    expect(complaintsAbout({ path: "ir/a.ts", text: longest })).toEqual([]);
    expect(complaintsAbout({ path: "ir/a.ts", text: `${longest}// 401` })).toEqual(["has 401 lines, more than 400"]);
    expect(complaintsAbout({ path: "gen/a.ts", text: `${longest}// 401` })).toEqual([]);
  });
});
