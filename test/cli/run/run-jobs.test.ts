/** `run --jobs`: whatever the number of threads, the same bytes and the same errors. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeModel } from "../../../src/model/encode.js";
import { createRandom } from "../../../src/morph/random.js";
import { findCompiler } from "../../../src/run/run-c.js";
import {
  bitPng,
  digits,
  enterFolder,
  grayPng,
  type Outcome,
  opening,
  type RunOptions,
  run,
  twins,
} from "../harness.js";
import { replaceCode } from "./replace-code.js";

const PICTURES = Array.from({ length: 7 }, (_, index) => `p${index}.png`);
const GRAYS = Array.from({ length: 70 }, (_, index) => `g${index}.png`);
const HAS_GCC = findCompiler("gcc") !== null;

let leave = (): void => undefined;
beforeAll(async () => {
  leave = enterFolder();
  for (const model of [opening, twins, digits]) writeFileSync(`${model.name}.pb`, encodeModel(model));
  const random = createRandom(5);
  for (const [index, name] of PICTURES.entries()) {
    const rows = Array.from({ length: 20 + index }, () =>
      Array.from({ length: 40 - index }, () => (random.below(10) < 9 ? "1" : "0")).join(""),
    );
    writeFileSync(name, bitPng(rows));
  }
  for (const name of GRAYS) {
    writeFileSync(name, grayPng(Array.from({ length: 4 }, () => Array.from({ length: 5 }, () => random.below(256)))));
  }
  writeFileSync("cut.png", bitPng(["101", "010"]).subarray(0, 40));
  writeFileSync("gray.png", grayPng([[0, 128, 255]]));
  await run(["compile", "opening.pb", "-t", HAS_GCC ? "js,wasm,c" : "js,wasm", "-o", "opening"]);
  await run(["compile", "digits.pb", "-t", "js", "-o", "digits"]);
  await run(["compile", "opening.pb", "-t", "js", "-o", "throwing"]);
  replaceCode(
    "throwing/opening.js",
    "export function run(input, height) { if (height === 22) throw new Error('no luck'); return new Uint32Array(height * 2); }\n",
  );
  await run(["compile", "opening.pb", "-t", "js", "-o", "broken"]);
  replaceCode("broken/opening.js", "no module at all\n");
});
afterAll(() => leave());

interface Left {
  readonly answered: Outcome;
  /** What lies in `out`, by name. */
  readonly files: ReadonlyMap<string, string>;
}

async function runAndLook(args: readonly string[], jobs: string, options: RunOptions = {}): Promise<Left> {
  rmSync("out", { recursive: true, force: true });
  const answered = await run(["run", ...args, "--jobs", jobs], options);
  const names = readdirSync(".").includes("out") ? readdirSync("out").toSorted() : [];
  return { answered, files: new Map(names.map((name) => [name, readFileSync(join("out", name), "base64")])) };
}

describe("any number of threads gives the same bytes", () => {
  const [first = ""] = PICTURES;
  test.each<[string, readonly string[], number]>([
    ["a model, by channel", ["twins.pb", ...PICTURES, "-o", "out/%p-%c.pbm", "--json"], 14],
    ["JavaScript", ["opening/js", ...PICTURES, "-o", "out/%p.png"], 7],
    ["WebAssembly", ["opening/wasm", ...PICTURES, "-o", "out/%p.pbm"], 7],
    ["one picture", ["opening/wasm", first, "-o", "-"], 0],
    ["scores", ["digits", ...GRAYS, "--json"], 0],
    ...(HAS_GCC ? [["C", ["opening/c", ...PICTURES, "-o", "out/%p.pbm"], 7] as const] : []),
  ] as [string, readonly string[], number][])("%s", async (_, args, files) => {
    const one = await runAndLook(args, "1");
    expect(one.answered.status).toBe(0);
    expect(one.files.size).toBe(files);
    const many = await runAndLook(args, "2");
    expect(many).toEqual(one);
  });

  test("standard input is one of the pictures", async () => {
    const args = ["opening/js", "p1.png", "-", "p2.png", "-o", "out/%p.pbm"];
    const options = { stdin: readFileSync("p0.png") };
    const one = await runAndLook(args, "1", options);
    expect(one.answered.status).toBe(0);
    expect([...one.files.keys()]).toEqual(["p1.pbm", "p2.pbm", "stdin.pbm"]);
    expect(await runAndLook(args, "2", options)).toEqual(one);
  });
});

describe("any number of threads fails alike, and writes nothing", () => {
  test.each<[string, readonly string[], number, RegExp]>([
    [
      "the first bad picture",
      ["opening.pb", "p0.png", "p1.png", "gray.png", "cut.png", "p2.png"],
      3,
      /BMN0604.*\n.*gray\.png/,
    ],
    ["code that throws before a bad picture", ["throwing", "p0.png", "p2.png", "cut.png"], 1, /BMN0703.*no luck/],
    ["code that throws after a bad picture", ["throwing", "p0.png", "cut.png", "p2.png"], 3, /BMN0602/],
    ["code that is none", ["broken", "p0.png", "cut.png"], 1, /BMN0703/],
    ["scores as pictures", ["digits", "g0.png", "g1.png"], 2, /networks that answer pictures/],
    ["half a name", ["opening.pb", "none.png", "p0.png+"], 2, /a file name is missing/],
    ["too much on standard input", ["opening.pb", "p0.png", "-"], 3, /BMN0103.*\n.*standard input/],
  ])("%s", async (_, args, status, message) => {
    const options = { stdin: new Uint8Array(2 ** 26 + 1) };
    const one = await runAndLook([...args, "-o", "out/%p.png", "--json"], "1", options);
    expect(one.answered.status).toBe(status);
    expect(one.answered.stderr).toMatch(message);
    expect(one.files.size).toBe(0);
    expect(await runAndLook([...args, "-o", "out/%p.png", "--json"], "2", options)).toEqual(one);
  });
});
