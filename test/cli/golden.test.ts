/**
 * What the command line says, word for word: help texts, wrong usage, and the diagnostics of files, targets, pictures
 * and artifacts. Each case is a file of test/cases/cli; `vitest -u` writes them anew.
 */
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DIAGNOSTIC_CODES } from "../../src/diagnostics.js";
import { encodeModel } from "../../src/model/encode.js";
import { sha256 } from "../../src/run/open-artifact.js";
import { bitPng, corner, digits, enterFolder, grayPng, opening, pair, run, twins, vague } from "./harness.js";

let leave = (): void => undefined;
beforeAll(async () => {
  leave = enterFolder();
  for (const model of [opening, corner, digits, pair, twins, vague])
    writeFileSync(`${model.name}.pb`, encodeModel(model));
  mkdirSync("empty");
  writeFileSync("noise.checkpoint", "not a checkpoint");
  writeFileSync("broken.yaml", "name: [mine\n");
  await run(["compile", "opening.pb", "-t", "js,c", "-o", "several"]);
  writeFileSync("mute", "#!/bin/sh\n", { mode: 0o755 });
  mkdirSync("several/other");
  writeFileSync("several/other/tsconfig.build.json", "{}");
  writeFileSync("bits.png", bitPng(["101", "010"]));
  writeFileSync("cut.png", bitPng(["101", "010"]).subarray(0, 40));
  writeFileSync("gray.png", grayPng([[0, 128, 255]]));
  writeFileSync("gray45.png", grayPng(Array.from({ length: 4 }, () => [0, 64, 128, 192, 255])));
  writeFileSync("deep.pgm", "P5 1 1 65535\n\u0001\u0002");
  writeFileSync("picture.ppm", "P6 1 1 255\nabc");
  writeFileSync("bomb.pbm", "P4 65535 65535\n");
  writeFileSync("huge.pb", "");
  truncateSync("huge.pb", 2 ** 30 + 1);
  writeFileSync("huge.png", "");
  truncateSync("huge.png", 2 ** 26 + 1);
  mkdirSync("grays");
  writeFileSync("grays/gray.png", grayPng([[0, 128, 255]]));
  mkdirSync("jpegs");
  writeFileSync("jpegs/photo.jpg", "no picture");
  mkdirSync("planes/first", { recursive: true });
  mkdirSync("planes/second");
  writeFileSync("planes/first/a.png", bitPng(["1"]));
  writeFileSync("planes/second/b.png", bitPng(["1"]));
  writeFileSync("target.json", '{"name": "mine", "backend": "js", "vectorBits": 64}');
  await run(["compile", "opening.pb", "-t", "js", "-o", "good"]);
  await run(["compile", "opening.pb", "-t", "c", "-o", "c"]);
  await run(["compile", "opening.pb", "-t", "js", "-o", "changed"]);
  writeFileSync("changed/opening.ir", "x");
  await run(["compile", "opening.pb", "-t", "js", "-o", "failing"]);
  const old = readFileSync("failing/opening.js");
  const code = "export function run() { throw new Error('no luck'); }\n";
  const manifest = readFileSync("failing/opening.js.json", "utf8");
  writeFileSync("failing/opening.js", code);
  writeFileSync(
    "failing/opening.js.json",
    manifest
      .replace(sha256(old), sha256(code))
      .replace(`"bytes":${old.length},`, `"bytes":${Buffer.byteLength(code)},`),
  );
  writeFileSync("opening.mine.json", manifest.replace('"grade": "exact"', '"grade": "perfect"'));
});
afterAll(() => leave());

/** File under test/cases/cli, and the command line after `bimonnc`. */
const CASES: readonly (readonly [file: string, command: string, status: number])[] = [
  ["help", "--help", 0],
  ["help-data", "data --help", 0],
  ["help-train", "train --help", 0],
  ["help-compile", "compile --help", 0],
  ["help-run", "run --help", 0],
  ["help-inspect", "inspect --help", 0],
  ["help-binarize", "binarize --help", 0],
  ["help-verify", "verify --help", 0],
  ["help-targets", "targets --help", 0],
  ["help-bench", "bench --help", 0],
  ["help-completion", "completion --help", 0],
  ["inspect", "inspect vague.pb", 0],
  ["inspect-drawn", "inspect corner.pb --shape 4x4", 0],
  ["inspect-approximate", "inspect vague.pb --binarize approximate", 0],
  ["report", "binarize vague.pb --report", 0],
  ["report-exact", "binarize opening.pb --report", 0],
  ["report-approximate", "binarize vague.pb --report --binarize approximate=uniform", 0],
  ["report-weight-bits", "binarize vague.pb --report --weight-bits 2 --arithmetic real", 0],
  ["report-json", "binarize corner.pb --report --json", 0],
  ["targets", "targets", 0],
  ["usage-train-nothing", "train", 2],
  ["usage-train-task", "train --task openin", 2],
  ["usage-train-element", "train --task opening", 2],
  ["usage-train-folder", "train --task mnist", 2],
  ["usage-train-idle-element", "train --task noisy-sticks --element disk7", 2],
  ["usage-train-idle-data", "train --task noisy-sticks --data .", 2],
  ["usage-train-both", "train mine.yaml --task noisy-sticks", 2],
  ["usage-train-output", "train --task noisy-sticks -o sticks.txt", 2],
  ["usage-train-device", "train --task noisy-sticks --device abacus", 2],
  ["usage-train-set", "train --task noisy-sticks --set training", 2],
  ["usage-train-set-index", "train --task noisy-sticks --set training.phases[9].steps=1", 2],
  ["BMN0901-train", "train --resume -o noise.pb", 3],
  ["BMN0905-yaml", "train broken.yaml", 3],
  ["BMN0905-set", "train --task noisy-sticks --set training.batchSize=none", 3],
  ["BMN0905-field", "train --task noisy-sticks --set training.batchsize=3", 3],
  ["BMN0101-checkpoint", "train --task noisy-sticks --resume -o none.pb", 3],
  ["usage-bench-nothing", "bench", 2],
  ["usage-bench-count", "bench opening.pb --count 9 -t js", 2],
  ["BMN0504-bench", "bench opening.pb -t c --compiler ./no-such-compiler", 3],
  ["usage-bench-size", "bench --erosion disk5 -t js --size 70000x1", 2],
  ["BMN0801-bench", "bench --erosion disc5", 3],
  ["usage-nothing", "", 2],
  ["usage-command", "compil opening.pb", 2],
  ["usage-option", "compile opening.pb --targt c", 2],
  ["usage-option-json", "compile opening.pb --far --json", 2],
  ["usage-missing", "run opening.pb", 2],
  ["usage-more", "compile opening.pb more.pb", 2],
  ["usage-choice", "compile opening.pb --binarize perfectly", 2],
  ["usage-twice", "compile opening.pb -o a -o b", 2],
  ["usage-shape", "compile opening.pb --shape 5", 2],
  ["usage-license", "compile opening.pb --license */", 2],
  ["usage-stdin", "run - -", 2],
  ["usage-jobs", "run opening.pb bits.png --jobs many", 2],
  ["usage-output", "run opening.pb bits.png -o answer.jpg", 2],
  ["usage-binarize", "run good bits.png --binarize exact", 2],
  ["usage-arithmetic", "run good bits.png --arithmetic real", 2],
  ["usage-prove", "compile opening.pb --binarize approximate --prove exhaustive", 2],
  ["usage-weight-bits", "binarize opening.pb --weight-bits 25", 2],
  ["usage-hidden-levels", "compile opening.pb --hidden-levels 8", 2],
  ["usage-hidden-levels-range", "compile opening.pb --calibrate grays --hidden-levels 65", 2],
  ["usage-calibrate", "binarize opening.pb --calibrate grays --binarize approximate", 2],
  ["usage-threshold", "compile opening.pb --threshold 128", 2],
  ["usage-threshold-gray", "compile digits.pb --measure grays --threshold 128", 2],
  ["usage-worst", "binarize opening.pb --worst worst.png", 2],
  ["usage-report", "binarize opening.pb --report --emit report", 2],
  ["usage-classes", "run digits.pb gray45.png -o answer.png", 2],
  ["BMN0101-model", "inspect missing.pb", 3],
  ["BMN0101-folder", "inspect good", 3],
  ["BMN0101-picture", "run opening.pb missing.png", 3],
  ["BMN0101-target", "compile opening.pb -t ./missing.json", 3],
  ["BMN0102-folder", "compile opening.pb -o opening.pb/below", 3],
  ["BMN0102-ir", "binarize opening.pb -o opening.pb/x.ir", 3],
  ["BMN0103-model", "compile huge.pb", 3],
  ["BMN0103-picture", "run opening.pb huge.png", 3],
  ["BMN0201", "inspect bits.png", 3],
  ["BMN0301", "compile vague.pb --binarize exact", 1],
  ["BMN0501", "compile opening.pb --target c-avx3", 3],
  ["BMN0501-far", "compile opening.pb --target quantum --json", 3],
  ["BMN0502", "compile opening.pb --target target.json", 3],
  ["BMN0503", "compile digits.pb --shape 9x9", 3],
  ["BMN0504-program", "verify c --compiler ./mute", 3],
  ["BMN0504", "verify c --compiler no-such-compiler", 3],
  ["BMN0601", "run opening.pb picture.ppm", 3],
  ["BMN0602", "run opening.pb cut.png", 3],
  ["BMN0603", "run digits.pb gray.png", 3],
  ["BMN0603-channels", "run pair.pb bits.png+gray.png", 3],
  ["BMN0604-gray", "run opening.pb gray.png", 3],
  ["BMN0604-channels", "run opening.pb bits.png+bits.png", 3],
  ["BMN0604-depth", "run opening.pb deep.pgm", 3],
  ["BMN0604-measure", "compile vague.pb --measure grays", 3],
  ["BMN0101-calibrate", "compile vague.pb --calibrate missing", 3],
  ["BMN0803-calibrate", "compile vague.pb --calibrate empty", 3],
  ["BMN0803-calibrate-format", "compile vague.pb --calibrate jpegs", 3],
  ["BMN0803-channels", "binarize pair.pb --measure planes", 3],
  ["BMN0605", "run opening.pb bomb.pbm --json", 3],
  ["BMN0701-model", "verify opening.pb", 3],
  ["BMN0701-field", "verify opening.mine.json", 3],
  ["BMN0701-folder", "verify empty", 3],
  ["BMN0701-below", "verify several", 3],
  ["BMN0702", "verify changed", 1],
  ["BMN0702-run", "run changed bits.png", 1],
  ["BMN0703", "verify failing --seed 1", 1],
  ["BMN0704", "verify good --model corner.pb --seed 1", 1],
  ["verify-model", "verify good --model opening.pb --seed 1", 0],
];

describe("golden answers", () => {
  test.each(CASES)("%s", async (file, command, status) => {
    const answered = await run(command === "" ? [] : command.split(" "));
    const parts = [`$ bimonnc ${command}`.trimEnd(), `status ${answered.status}`];
    if (answered.stdout !== "") parts.push("---- stdout", answered.stdout.trimEnd());
    if (answered.stderr !== "") parts.push("---- stderr", answered.stderr.trimEnd());
    // Hashes of generated files change with every release.
    const text = `${parts.join("\n").replaceAll(/\b[0-9a-f]{64}\b/g, "<sha256>")}\n`;
    await expect(text).toMatchFileSnapshot(`../cases/cli/${file}.txt`);
    expect(answered.status).toBe(status);
    if (file.startsWith("BMN")) expect(text).toContain(file.slice(0, 7));
  });

  test("every code of the command line has a case", () => {
    const ours = Object.keys(DIAGNOSTIC_CODES).filter((code) => /^BMN0[1567]/.test(code));
    expect(ours.filter((code) => !CASES.some(([file]) => file.startsWith(code)))).toEqual([]);
  });
});

test("bugs are ours: status 70, the version, a request to report", async () => {
  const bug = new Proxy(["targets"], {
    get: (target, property) => {
      if (property === "map") throw new TypeError("a bug");
      return Reflect.get(target, property) as unknown;
    },
  });
  const answered = await run(bug);
  expect(answered).toMatchObject({ status: 70, stdout: "" });
  expect(answered.stderr).toMatch(
    /^bimonnc \d+\.\d+\.\d+: a bug, not your mistake\nTypeError: a bug\n[^]*Please report it/,
  );
});

test("red on a terminal, unless NO_COLOR is set", async () => {
  const red = "\u001b[1;31merror BMN0101\u001b[0m";
  expect((await run(["inspect", "no.pb"], { terminal: true })).stderr).toContain(red);
  expect((await run(["inspect", "no.pb"], { terminal: true, env: { NO_COLOR: "1" } })).stderr).not.toContain("\u001b");
  expect((await run(["inspect", "no.pb"])).stderr).not.toContain("\u001b");
});
