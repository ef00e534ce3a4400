/** Whole commands on small networks: what they write, answer and refuse. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseModule } from "../../src/ir/parse.js";
import { encodeModel, encodeModelJson } from "../../src/model/encode.js";
import { sha256 } from "../../src/run/open-artifact.js";
import { findCompiler } from "../../src/run/run-c.js";
import { presets } from "../../src/target/presets.js";
import { bitPng, corner, digits, enterFolder, grayPng, halved, opening, pair, run, twins } from "./harness.js";

let leave = (): void => undefined;
beforeAll(() => {
  leave = enterFolder();
  for (const model of [opening, corner, digits, halved, pair, twins])
    writeFileSync(`${model.name}.pb`, encodeModel(model));
  writeFileSync("opening.json", encodeModelJson(opening));
  writeFileSync("noisy.png", bitPng(["1000000", "0011100", "0011100", "0011101", "0000000"]));
  writeFileSync("clean.pbm", "P1 7 5 0000000 0011100 0011100 0011100 0000000");
  writeFileSync("gray.png", grayPng(Array.from({ length: 4 }, (_, row) => [0, 60, 64, 191, 192].map((v) => v + row))));
});
afterAll(() => leave());

const hasCompiler = ["gcc", "clang"].some((name) => findCompiler(name) !== null);

/** Rows of a PBM file in text form, as `run` writes it in raw form. */
function rowsOfRawBitmap(path: string): string[] {
  const bytes = readFileSync(path);
  const [, width, height] = /^P4\n(\d+) (\d+)\n/.exec(bytes.toString("latin1")) ?? [];
  const rowBytes = Math.ceil(Number(width) / 8);
  const data = bytes.subarray(bytes.length - rowBytes * Number(height));
  return Array.from({ length: Number(height) }, (_, row) =>
    [...data.subarray(row * rowBytes, (row + 1) * rowBytes)]
      .map((byte) => byte.toString(2).padStart(8, "0"))
      .join("")
      .slice(0, Number(width)),
  );
}

describe("compile and verify", () => {
  const names = presets.map((target) => target.name);

  test("all targets of an image network, side by side, with fixtures", async () => {
    const compiled = await run(["compile", "opening.pb", "-t", names.join(","), "-o", "all", "--fixtures", "--json"]);
    expect(compiled).toMatchObject({ status: 0 });
    const { artifacts } = JSON.parse(compiled.stdout);
    expect(artifacts.map((artifact: { target: string }) => artifact.target)).toEqual(names);
    expect(readdirSync("all").sort()).toEqual([...names].sort());
    for (const artifact of artifacts) {
      for (const file of artifact.files) expect(existsSync(file), file).toBe(true);
    }
  });

  for (const { name, backend } of presets) {
    const skipped = backend === "c" && !hasCompiler;
    test.skipIf(skipped)(`${name} answers as MorphIR does${skipped ? " (no C compiler here)" : ""}`, async () => {
      const verified = await run(["verify", `all/${name}`, "--seed", "3", "--json"]);
      expect(verified.stderr).toBe("");
      expect(JSON.parse(verified.stdout)).toMatchObject({
        equal: true,
        fixtures: 8,
        random: 40,
        seed: 3,
        failures: [],
      });
      expect(verified.status).toBe(0);
    });
  }

  test("a classifier on gray pictures", async () => {
    expect(await run(["compile", "digits.pb", "-t", "js", "--fixtures", "--quiet"])).toMatchObject({
      status: 0,
      stderr: "",
    });
    const verified = await run(["verify", "digits/digits.js", "--images", "70"]);
    expect(verified.stdout).toMatch(/^digits, js: equal on 8 fixtures and 70 random pictures, seed \d+\n.*not checked/);
    const manifest = JSON.parse(readFileSync("digits/digits.js.json", "utf8"));
    expect(manifest).toMatchObject({
      input: { encoding: "level-sets", grayRange: [0, 1], complements: true },
      entryParameters: ["count"],
      scratch: { arguments: { count: 1024 } },
      modelSha256: sha256(readFileSync("digits.pb")),
    });
  });

  test("the same model gives the same bytes, whichever file it comes in by name", async () => {
    await run(["compile", "opening.pb", "-t", "js", "-o", "once", "--fixtures"]);
    writeFileSync("copy.pb", readFileSync("opening.pb"));
    await run(["compile", "copy.pb", "-t", "js", "-o", "twice", "--fixtures"]);
    const read = (folder: string): unknown =>
      readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((path) => path.includes("."))
        .filter((path) => !path.endsWith(".fixtures"))
        .map((path) => [path, readFileSync(`${folder}/${path}`, "latin1")]);
    expect(read("once")).toEqual(read("twice"));
  });

  test("manifest, certificate and MorphIR agree with the files", async () => {
    const manifest = JSON.parse(readFileSync("once/opening.js.json", "utf8"));
    const certificate = JSON.parse(readFileSync("once/opening.js.cert.json", "utf8"));
    for (const file of [...manifest.files, ...certificate.artifacts]) {
      const content = readFileSync(`once/${file.path}`);
      expect([file.bytes, file.sha256]).toEqual([content.length, sha256(content)]);
    }
    expect(certificate.layers[0].neurons[0]).toMatchObject({ operation: "erosion", members: "111/111/111" });
    expect(parseModule(readFileSync("once/opening.ir", "utf8")).name).toBe("opening");
  });

  test("the default folder has the model's name, a fixed shape is in the manifest", async () => {
    expect((await run(["compile", "corner.pb", "--target", "js", "--shape", "8x33"])).status).toBe(0);
    const manifest = JSON.parse(readFileSync("corner/corner.js.json", "utf8"));
    expect(manifest).toMatchObject({
      interface: { height: 8, width: 33 },
      entryParameters: [],
      scratch: { arguments: {} },
    });
    expect((await run(["verify", "corner", "--images", "5", "--quiet"])).status).toBe(0);
  });

  test("pictures that halving would empty are not tried", async () => {
    await run(["compile", "halved.pb", "-t", "js", "--fixtures"]);
    expect((await run(["verify", "halved"])).stdout).toContain("equal on 8 fixtures and 40 random pictures");
  });

  test("a target of one's own", async () => {
    writeFileSync("mine.json", '{"name": "mine", "backend": "js", "vectorBits": 32}');
    expect((await run(["compile", "corner.pb", "-t", "./mine.json", "-o", "own"])).status).toBe(0);
    expect((await run(["verify", "own/corner.mine.json"])).stdout).toContain("corner, mine: equal");
  });

  test("verify sees wrong code behind a right manifest, and counts the pixels", async () => {
    await run(["compile", "opening.pb", "-t", "js", "-o", "wrong", "--fixtures"]);
    await run(["compile", "corner.pb", "-t", "js", "-o", "other"]);
    // The dilation's code under the opening's name, the manifest brought up to date.
    const code = readFileSync("other/corner.js", "utf8").replaceAll("corner", "opening");
    const path = "wrong/opening.js.json";
    const old = readFileSync("wrong/opening.js");
    const manifest = readFileSync(path, "utf8")
      .replace(sha256(old), sha256(code))
      .replace(`"bytes":${old.length},`, `"bytes":${Buffer.byteLength(code)},`);
    writeFileSync(path, manifest);
    writeFileSync("wrong/opening.js", code);
    const verified = await run(["verify", "wrong", "--seed", "1", "--json"]);
    expect(verified.status).toBe(1);
    const { failures, equal } = JSON.parse(verified.stdout);
    expect(equal).toBe(false);
    expect(failures.length).toBeGreaterThan(5);
    expect(failures[0].text).toMatch(/^\d+ of \d+ pixels differ/);
    expect((await run(["verify", "wrong", "--seed", "1"])).stdout).toMatch(/answers differ on 8 fixtures/);
  });

  test("verify sees fixtures that MorphIR does not answer", async () => {
    await run(["compile", "opening.pb", "-t", "js", "-o", "stale", "--fixtures"]);
    const path = "stale/opening.fixtures/fixtures.json";
    const old = readFileSync(path, "utf8");
    const changed = old.replace(
      /("channels":\["[0-9a-f])([0-9a-f])/,
      (_, head, digit) => head + (digit === "0" ? "1" : "0"),
    );
    writeFileSync(path, changed);
    writeFileSync(
      "stale/opening.js.json",
      readFileSync("stale/opening.js.json", "utf8").replace(sha256(old), sha256(changed)),
    );
    const verified = await run(["verify", "stale", "--json"]);
    expect(verified.status).toBe(1);
    expect(JSON.parse(verified.stdout).failures.map((failure: { picture: string }) => failure.picture)).toEqual([
      "fixture 0-0.png, by MorphIR",
      "fixture 0-0.png, alone",
      "fixture 0-0.png",
    ]);
  });

  test("a failure after the model is read writes nothing", async () => {
    const before = readdirSync(".");
    expect((await run(["compile", "opening.pb", "-t", "js,nosuch", "-o", "none"])).status).toBe(3);
    expect((await run(["compile", "digits.pb", "-t", "c", "-o", "none", "--shape", "9x9"])).status).toBe(3);
    expect((await run(["compile", "opening.pb", "-t", "c", "-o", "opening.pb/below"])).status).toBe(3);
    expect(readdirSync(".")).toEqual(before);
  });
});

describe("run", () => {
  test("model, JSON model and artifact give the same picture", async () => {
    await run(["compile", "opening.pb", "-t", "js", "-o", "js"]);
    for (const network of ["opening.pb", "opening.json", "js", "js/opening.js", "js/opening.js.json"]) {
      const answered = await run(["run", network, "noisy.png", "-o", "answer.pbm"]);
      expect(answered).toMatchObject({ status: 0, stdout: "noisy.png: 1 image of 5×7, pixels set: 9\n" });
      expect(rowsOfRawBitmap("answer.pbm")).toEqual(["0000000", "0011100", "0011100", "0011100", "0000000"]);
    }
  });

  test("standard input and output", async () => {
    const answered = await run(["run", "opening.pb", "-", "-o", "-"], { stdin: readFileSync("noisy.png") });
    expect(answered.status).toBe(0);
    writeFileSync("stdout.png", answered.stdoutBytes);
    const again = await run(["run", "-", "stdout.png", "-o", "again.pbm"], { stdin: readFileSync("opening.pb") });
    expect(again.status).toBe(0);
    expect(rowsOfRawBitmap("again.pbm")).toEqual(["0000000", "0011100", "0011100", "0011100", "0000000"]);
  });

  test("standard input has the limits of a file", async () => {
    const long = await run(["run", "opening.pb", "-"], { stdin: new Uint8Array(2 ** 26 + 1) });
    expect(long).toMatchObject({ status: 3, stderr: expect.stringContaining("BMN0103") });
    expect(long.stderr).toContain("at standard input");
  });

  test("several pictures and channels, by pattern or side by side", async () => {
    const both = ["run", "twins.pb", "noisy.png", "clean.pbm"];
    const answered = await run([...both, "-o", "out/%p-%c.pbm", "--json"]);
    expect(JSON.parse(answered.stdout).written).toEqual([
      "out/noisy-0.pbm",
      "out/noisy-1.pbm",
      "out/clean-0.pbm",
      "out/clean-1.pbm",
    ]);
    expect(rowsOfRawBitmap("out/clean-0.pbm")[2]).toBe("0001000");
    expect(rowsOfRawBitmap("out/clean-1.pbm")[2]).toBe("0111110");
    await run(["run", "twins.pb", "clean.pbm", "-o", "joined.pbm"]);
    expect(rowsOfRawBitmap("joined.pbm")[2]).toBe("00010000111110");
    expect((await run([...both, "-o", "same.pbm"])).status).toBe(2);
    mkdirSync("again");
    writeFileSync("again/noisy.png", readFileSync("noisy.png"));
    const clash = await run(["run", "opening.pb", "noisy.png", "again/noisy.png", "-o", "%p.pbm"]);
    expect(clash).toMatchObject({ status: 2, stderr: expect.stringContaining("noisy.pbm") });
    expect(existsSync("noisy.pbm")).toBe(false);
  });

  test("one file per channel", async () => {
    await run(["run", "pair.pb", "noisy.png+clean.pbm", "-o", "%p-union.pbm"]);
    expect(rowsOfRawBitmap("noisy-union.pbm")).toEqual(["1000000", "0011100", "0011100", "0011101", "0000000"]);
    expect((await run(["run", "pair.pb", "noisy.png+"])).status).toBe(2);
    expect((await run(["run", "pair.pb", "noisy.png"])).status).toBe(3);
  });

  test("classes and scores, by model and artifact alike", async () => {
    const byModel = await run(["run", "digits.pb", "gray.png", "--json"]);
    const byArtifact = await run(["run", "digits", "gray.png", "--json"]);
    expect(byModel.status).toBe(0);
    expect(byArtifact.stdout).toBe(byModel.stdout);
    const [answer] = JSON.parse(byModel.stdout).answers;
    expect(answer).toMatchObject({ picture: "gray.png", kind: "scores", exponent: -1 });
    expect(answer.z).toEqual(answer.scores.map((score: string) => Number(score) / 2));
    // The activation of its classes is the identity.
    expect(answer.score).toEqual(answer.z);
    expect((await run(["run", "digits.pb", "gray.png"])).stdout).toMatch(
      /^gray\.png: class [012], z = (\S+ \S+ \S+), score = \1\n$/,
    );
  });

  test("--binarize is refused for artifacts, whatever it says", async () => {
    await run(["compile", "opening.pb", "-t", "js", "-o", "fixed", "--binarize", "approximate"]);
    for (const policy of ["exact", "auto"]) {
      const answered = await run(["run", "fixed", "noisy.png", "--binarize", policy]);
      expect(answered).toMatchObject({ status: 2, stdout: "" });
      expect(answered.stderr).toContain(
        "--binarize is for models; this artifact was compiled with --binarize approximate=constant\n",
      );
    }
    expect((await run(["run", "opening.pb", "noisy.png", "--binarize", "exact"])).status).toBe(0);
  });

  test("a threshold makes bits of gray, and is refused where gray is read", async () => {
    const cut = await run(["run", "opening.pb", "gray.png", "--threshold", "192", "--json"]);
    expect(JSON.parse(cut.stdout).answers[0].images[0].pixelsSet).toBe(6);
    expect((await run(["run", "digits.pb", "gray.png", "--threshold", "192"])).status).toBe(2);
    expect((await run(["run", "opening.pb", "gray.png", "--threshold", "0"])).status).toBe(2);
  });
});

describe("inspect, binarize, targets", () => {
  test("binarize writes MorphIR or the report", async () => {
    const ir = await run(["binarize", "corner.pb"]);
    expect(ir.stdout).toContain("dilation %");
    expect(parseModule(ir.stdout).name).toBe("corner");
    expect(JSON.parse((await run(["binarize", "corner.pb", "--json"])).stdout).ir).toBe(ir.stdout);
    expect((await run(["binarize", "corner.pb", "-o", "deep/corner.ir", "--quiet"])).stdout).toBe("");
    expect(readFileSync("deep/corner.ir", "utf8")).toBe(ir.stdout);
    const report = JSON.parse((await run(["binarize", "corner.pb", "--emit", "report"])).stdout);
    expect(report.layers[0].neurons[0]).toMatchObject({
      operation: "dilation",
      grade: "exact",
      members: "110/100/000",
    });
  });

  test("inspect draws a dilation's element as the reflection of its kernel, as MorphIR prints it", async () => {
    const drawn = await run(["inspect", "corner.pb"]);
    expect(drawn.stdout).toContain("    ┌─━─┐\n    ╽  ▄│\n    │ ▀▀│\n    └───┘\n");
    const [, element] = /by (\S+ "\S+")/.exec((await run(["binarize", "corner.pb"])).stdout) ?? [];
    expect(element).toBe('3x3@1,1 "000/001/011"');
  });

  test("inspect explains its drawings once, and only where there are some", async () => {
    const legends = async (...args: string[]): Promise<number> =>
      (await run(["inspect", ...args])).stdout.split("drawings: ").length - 1;
    expect(await legends("opening.pb")).toBe(1);
    expect(await legends("digits.pb")).toBe(0);
    expect(await legends("opening.pb", "--json")).toBe(0);
  });

  test("inspect tells the size that is compiled", async () => {
    expect((await run(["inspect", "corner.pb"])).stdout).toContain("input: 1 channel of any×any pixels");
    const fixed = await run(["inspect", "corner.pb", "--shape", "4x5"]);
    expect(fixed.stdout).toContain("input: 1 channel of 4×5 pixels");
    const fields = JSON.parse((await run(["inspect", "corner.pb", "--shape", "4x5", "--json"])).stdout);
    expect(fields.input).toMatchObject({ height: 4, width: 5, channels: 1 });
  });

  test("inspect limits what it shows, and shows no control characters", async () => {
    const shown = (await run(["inspect", "digits.pb", "--limit", "2"])).stdout;
    expect(shown).toContain("… 4 more neurons (--limit 0 shows all)");
    expect(shown).toContain("notes: evil ?[31m");
    expect((await run(["inspect", "digits.pb", "--limit", "0"])).stdout).not.toContain("more neuron");
    const parsed = JSON.parse((await run(["inspect", "digits.pb", "--json"])).stdout);
    expect(parsed).toMatchObject({ name: "digits", input: digits.input, report: { grade: "exact" } });
  });

  test("targets are all there", async () => {
    const parsed = JSON.parse((await run(["targets", "--json"])).stdout);
    expect(parsed.map((target: { name: string }) => target.name)).toEqual(presets.map((target) => target.name));
    const table = (await run(["targets"])).stdout;
    for (const { name, description } of presets) expect(table).toMatch(new RegExp(`^${name} .*${description}$`, "m"));
  });
});
