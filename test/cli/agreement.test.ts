/** Calibration and agreement on folders of pictures, compared with counts made here. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { decode } from "fast-png";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeIdx } from "../../src/data/idx.js";
import { interpretModule } from "../../src/ir/interpret.js";
import { parseModule } from "../../src/ir/parse.js";
import { encodeModel } from "../../src/model/encode.js";
import { evaluateModel } from "../../src/model/evaluate.js";
import type { Model } from "../../src/model/types.js";
import { bitImageFromRows, bitImageToRows } from "../../src/morph/bit-image.js";
import type { Picture } from "../../src/morph/picture.js";
import { createRandom } from "../../src/morph/random.js";
import { decodeManifest } from "../../src/run/manifest.js";
import { bitPng, digits, enterFolder, grayPng, opening, pair, run, vague } from "./harness.js";

/** Values far from 0 and 1 after the first layer, halved in the end. */
const pooled: Model = { ...vague, name: "pooled", layers: [...vague.layers, { kind: "max-pool" }] };

/** Two dense layers of soft majorities over 3×3 pixels. */
const dense: Model = {
  name: "dense",
  input: { channels: 1, height: 3, width: 3, encoding: { kind: "binary" }, complements: false },
  layers: [
    { kind: "flatten" },
    denseLayer([3, 1, 4, 1, 5, 9, 2, 6, 5, 2, 7, 1, 8, 2, 8, 1, 8, 2], [17.5, 19.5], 9),
    denseLayer([2, 1, 1, 2], [1.4, 1.6], 2),
  ],
  provenance: null,
};

function denseLayer(
  weights: readonly number[],
  biases: readonly number[],
  inFeatures: number,
): Model["layers"][number] {
  const count = biases.length;
  return {
    kind: "dense-lui",
    inFeatures,
    outFeatures: count,
    lui: {
      count,
      inputsPerNeuron: inFeatures,
      weights: Float32Array.from(weights),
      biases: Float32Array.from(biases),
      scales: new Float32Array(count).fill(0.05),
      activation: "tanh",
    },
  };
}

const HEIGHT = 9;
const WIDTH = 11;

function rowsOf(seed: number, height = HEIGHT, width = WIDTH): string[] {
  const random = createRandom(seed);
  return Array.from({ length: height }, () => Array.from({ length: width }, () => random.below(2)).join(""));
}

const NAMES = ["a", "b", "c", "d", "e"] as const;
const ROWS = NAMES.map((_, index) => rowsOf(index));

let leave = (): void => undefined;
beforeAll(() => {
  leave = enterFolder();
  for (const model of [vague, pooled, dense, digits, pair, opening])
    writeFileSync(`${model.name}.pb`, encodeModel(model));
  for (const folder of [
    "pictures",
    "one",
    "none",
    "gray",
    "small",
    "idx",
    "channels/first",
    "channels/second",
    "classes/0",
  ]) {
    mkdirSync(folder, { recursive: true });
  }
  NAMES.forEach((name, index) => writeFileSync(`pictures/${name}.png`, bitPng(ROWS[index] ?? [])));
  writeFileSync("one/only.png", bitPng(ROWS[0] ?? []));
  writeFileSync("none/notes.txt", "no picture");
  writeFileSync("gray/x.png", grayPng([[0, 128, 255]]));
  writeFileSync("classes/0/x.png", bitPng(["1"]));
  for (let index = 0; index < 6; index++) writeFileSync(`small/${index}.png`, bitPng(rowsOf(100 + index, 3, 3)));
  for (const channel of ["first", "second"]) {
    for (const name of ["x", "y"]) writeFileSync(`channels/${channel}/${name}.png`, bitPng(rowsOf(name.length, 2, 3)));
  }
});
afterAll(() => leave());

function bitPicture(rows: readonly string[]): Picture {
  return { kind: "bits", height: rows.length, width: rows[0]?.length ?? 0, channels: [bitImageFromRows(rows)] };
}

/** Rows of `0` and `1` of the float network's only output channel. */
function floatRows(model: Model, picture: Picture): string[] {
  const { values, shape } = evaluateModel(model, picture).at(-1)!.output;
  const [, height = 0, width = 0] = shape;
  return Array.from({ length: height }, (_, row) =>
    Array.from(values.subarray(row * width, (row + 1) * width), (value) => (value > 0.5 ? "1" : "0")).join(""),
  );
}

function compiledRows(irFile: string, picture: Picture): string[] {
  const outcome = interpretModule(parseModule(readFileSync(irFile, "utf8")), picture);
  return outcome.kind === "images" ? bitImageToRows(outcome.images[0]!) : [];
}

function countEqual(one: readonly string[], other: readonly string[]): number {
  const [first, second] = [one.join(""), other.join("")];
  return Array.from(first).filter((bit, index) => bit === second[index]).length;
}

/** Agreement counted here, on the pictures of these indices. */
function countAgreement(model: Model, irFile: string, indices: readonly number[]) {
  const counts = indices.map((index) => {
    const picture = bitPicture(ROWS[index] ?? []);
    return countEqual(floatRows(model, picture), compiledRows(irFile, picture));
  });
  const least = Math.min(...counts);
  return {
    pictures: indices.length,
    equalPictures: counts.filter((count) => count === HEIGHT * WIDTH).length,
    unit: "pixels",
    answers: indices.length * HEIGHT * WIDTH,
    equal: counts.reduce((sum, count) => sum + count, 0),
    worst: { picture: `${NAMES[indices[counts.indexOf(least)]!]}.png`, answers: HEIGHT * WIDTH, equal: least },
  };
}

function manifestOf(folder: string, name: string) {
  return decodeManifest(readFileSync(`${folder}/${name}.js.json`, "utf8"));
}

describe("the agreement in the manifest is what is counted here", () => {
  test("measured alone", async () => {
    const answered = await run(["compile", "vague.pb", "-t", "js", "-o", "plain", "--measure", "pictures", "--json"]);
    expect(answered).toMatchObject({ status: 0 });
    const counted = { ...countAgreement(vague, "plain/vague.ir", [0, 1, 2, 3, 4]), calibratedOn: 0, independent: true };
    expect(counted.equal).toBeLessThan(counted.answers);
    expect(manifestOf("plain", "vague").agreement).toEqual(counted);
    expect(JSON.parse(answered.stdout).agreement).toEqual(counted);
    expect(answered.stderr).toContain(` % of ${counted.answers} pixels as the float network, on 5 pictures; `);
    expect(answered.stderr).toContain(`worst picture: ${counted.worst.picture}, `);
    expect((await run(["verify", "plain", "--images", "4"])).status).toBe(0);
  });

  test("calibrated on every other picture", async () => {
    const args = [
      "compile",
      "vague.pb",
      "-t",
      "js,c",
      "-o",
      "levels",
      "--calibrate",
      "pictures",
      "--hidden-levels",
      "8",
    ];
    expect(await run(args)).toMatchObject({ status: 0 });
    const agreement = manifestOf("levels/js", "vague").agreement!;
    const counted = countAgreement(vague, "levels/js/vague.ir", [1, 3]);
    expect(agreement).toMatchObject({ ...counted, worst: agreement.worst, calibratedOn: 3, independent: true });
    if (agreement.worst !== null) expect(agreement.worst).toEqual(counted.worst);
    expect(decodeManifest(readFileSync("levels/c/vague.c.json", "utf8")).agreement).toEqual(agreement);
    // Eight bits a hidden value lose less than one does.
    const plain = countAgreement(vague, "plain/vague.ir", [1, 3]);
    expect(agreement.equal).toBeGreaterThan(plain.equal);
    expect(readFileSync("levels/js/vague.js", "utf8")).toMatch(
      /--weight-bits 12 --calibrate \(at most \d bits? a value\)/,
    );
    expect((await run(["verify", "levels/js", "--images", "4"])).status).toBe(0);
  });

  test("calibrated on one folder, measured on another, or on the same", async () => {
    const args = ["compile", "vague.pb", "-t", "js", "--calibrate", "pictures", "--measure"];
    await run([...args, "one", "-o", "other"]);
    const other = manifestOf("other", "vague").agreement;
    expect(other).toMatchObject({ pictures: 1, calibratedOn: 5, independent: true });
    expect(other?.equal).toBe(countAgreement(vague, "other/vague.ir", [0]).equal);
    await run([...args, "./pictures/", "-o", "same"]);
    expect(manifestOf("same", "vague").agreement).toMatchObject({ pictures: 5, calibratedOn: 5, independent: false });
  });

  test("one picture alone calibrates and measures, and that is said", async () => {
    const answered = await run(["compile", "vague.pb", "-t", "js", "-o", "lonely", "--calibrate", "one"]);
    expect(answered.stderr).toContain("one has one picture only");
    expect(manifestOf("lonely", "vague").agreement).toMatchObject({ pictures: 1, calibratedOn: 1, independent: false });
  });

  test("an exact network is measured only when that is asked for", async () => {
    await run(["compile", "opening.pb", "-t", "js", "-o", "exact", "--calibrate", "pictures"]);
    expect(manifestOf("exact", "opening")).toMatchObject({ grade: "exact" });
    expect(manifestOf("exact", "opening").agreement).toBeUndefined();
    await run(["compile", "opening.pb", "-t", "js", "-o", "exact", "--measure", "pictures"]);
    expect(manifestOf("exact", "opening").agreement).toMatchObject({ pictures: 5, equalPictures: 5, worst: null });
    expect(existsSync("exact/opening.worst.png")).toBe(false);
  });
});

const COLOURS = { white: [255, 255, 255], black: [0, 0, 0], red: [255, 64, 64], blue: [64, 128, 255] } as const;

/** Colour in the middle of a cell of `scale` pixels, in a tile that begins at `left`. */
function colourAt(png: ReturnType<typeof decode>, left: number, scale: number, row: number, column: number) {
  const y = 4 + row * scale + (scale >> 1);
  const x = left + column * scale + (scale >> 1);
  return Array.from(png.data.subarray(3 * (y * png.width + x), 3 * (y * png.width + x) + 3));
}

describe("the worst picture", () => {
  test("shows input, float network, compiled network and difference, pixel by pixel", () => {
    const { agreement, files } = manifestOf("plain", "vague");
    expect(files.map((file) => file.path)).toContain("vague.worst.png");
    const png = decode(readFileSync("plain/vague.worst.png"));
    // 320 / 11 pixels, rounded down, for each of the picture's.
    const scale = 29;
    expect([png.height, png.width, png.channels]).toEqual([4 + 261 + 4, 4 + 4 * (319 + 4), 3]);
    const input = ROWS[NAMES.findIndex((name) => `${name}.png` === agreement!.worst!.picture)]!;
    const float = floatRows(vague, bitPicture(input));
    const compiled = compiledRows("plain/vague.ir", bitPicture(input));
    let differing = 0;
    for (let row = 0; row < HEIGHT; row++) {
      for (let column = 0; column < WIDTH; column++) {
        const [mine, its] = [float[row]![column], compiled[row]![column]];
        if (mine !== its) differing++;
        const shade = (bit: string | undefined) => COLOURS[bit === "1" ? "white" : "black"];
        const difference = mine === its ? shade(mine) : COLOURS[mine === "1" ? "red" : "blue"];
        const shown = [0, 1, 2, 3].map((tile) => colourAt(png, 4 + tile * 323, scale, row, column));
        expect(shown).toEqual([shade(input[row]![column]), shade(mine), shade(its), difference]);
      }
    }
    expect(differing).toBe(HEIGHT * WIDTH - agreement!.worst!.equal);
  });

  test("of halved pictures, of vectors", async () => {
    await run(["compile", "pooled.pb", "-t", "js", "--measure", "pictures"]);
    expect(manifestOf("pooled", "pooled").agreement).toMatchObject({ answers: 5 * 4 * 5 });
    const halved = decode(readFileSync("pooled/pooled.worst.png"));
    expect([halved.height, halved.width]).toEqual([269, 1296]);

    const answered = await run([
      "binarize",
      "dense.pb",
      "--measure",
      "small",
      "--worst",
      "worst.png",
      "-o",
      "dense.ir",
    ]);
    expect(answered).toMatchObject({ status: 0, stdout: "" });
    const counts = Array.from({ length: 6 }, (_, index) => {
      const picture = bitPicture(rowsOf(100 + index, 3, 3));
      const float = Array.from(evaluateModel(dense, picture).at(-1)!.output.values, (value) => (value > 0.5 ? 1 : 0));
      const outcome = interpretModule(parseModule(readFileSync("dense.ir", "utf8")), picture);
      const bits = outcome.kind === "bits" ? [...outcome.bits] : [];
      return { float: float.join(""), bits: bits.join(""), equal: countEqual([float.join("")], [bits.join("")]) };
    });
    const worst = counts.reduce((least, each) => (each.equal < least.equal ? each : least));
    expect(worst.equal).toBeLessThan(2);
    expect(answered.stderr).toContain(
      `float network ${worst.float}, compiled ${worst.bits}; worst.png shows the input`,
    );
    expect(decode(readFileSync("worst.png"))).toMatchObject({ height: 4 + 318 + 4, width: 4 + 318 + 4 });
  });
});

describe("pictures", () => {
  test("one folder for each channel", async () => {
    const answered = await run(["binarize", "pair.pb", "--measure", "channels", "--json"]);
    expect(JSON.parse(answered.stdout).agreement).toMatchObject({
      pictures: 2,
      answers: 12,
      equal: 12,
      unit: "pixels",
    });
  });

  test("IDX files, compressed or not, in a folder or alone; bits by a threshold", async () => {
    const samples = Uint8Array.from({ length: 3 * HEIGHT * WIDTH }, (_, index) => (index * 7919) % 256);
    const bytes = encodeIdx({ dimensions: [3, HEIGHT, WIDTH], samples });
    writeFileSync("idx/train-images-idx3-ubyte", bytes);
    writeFileSync("idx/t10k-images-idx3-ubyte.gz", gzipSync(bytes));
    writeFileSync("idx/train-labels-idx1-ubyte", "no pictures");
    const folder = await run(["binarize", "vague.pb", "--measure", "idx", "--json"]);
    const { agreement } = JSON.parse(folder.stdout);
    expect(agreement).toMatchObject({ pictures: 6, answers: 6 * HEIGHT * WIDTH });
    const alone = await run([
      "binarize",
      "vague.pb",
      "--measure",
      "idx/train-images-idx3-ubyte",
      "--json",
      "-o",
      "x.ir",
    ]);
    const picture = (threshold: number, index: number): Picture => {
      const own = samples.subarray(index * HEIGHT * WIDTH, (index + 1) * HEIGHT * WIDTH);
      const rows = Array.from({ length: HEIGHT }, (_, row) =>
        Array.from(own.subarray(row * WIDTH, (row + 1) * WIDTH), (sample) => (sample >= threshold ? 1 : 0)).join(""),
      );
      return bitPicture(rows);
    };
    const count = (threshold: number): number =>
      [0, 1, 2].reduce((sum, index) => {
        const each = picture(threshold, index);
        return sum + countEqual(floatRows(vague, each), compiledRows("x.ir", each));
      }, 0);
    expect(JSON.parse(alone.stdout).agreement.equal).toBe(count(128));
    expect(agreement.equal).toBe(2 * count(128));
    const low = ["binarize", "vague.pb", "--measure", "idx/train-images-idx3-ubyte", "--json", "--threshold", "40"];
    expect(JSON.parse((await run(low)).stdout).agreement.equal).toBe(count(40));
  });

  test("gray pictures for level sets: classes are counted", async () => {
    mkdirSync("grays");
    for (let index = 0; index < 4; index++) {
      const rows = Array.from({ length: 4 }, (_, row) =>
        [0, 60, 120, 180, 240].map((v) => (v + 11 * row * index) % 256),
      );
      writeFileSync(`grays/${index}.png`, grayPng(rows));
    }
    const answered = await run(["binarize", "digits.pb", "--measure", "grays", "--json"]);
    expect(JSON.parse(answered.stdout).agreement).toMatchObject({ pictures: 4, answers: 4, unit: "classes" });
  });

  test("a failure writes nothing", async () => {
    const before = readdirSync(".");
    for (const folder of ["none", "gray", "missing"]) {
      const answered = await run(["compile", "vague.pb", "-t", "js", "-o", "fresh", "--measure", folder]);
      expect(answered.status).toBe(3);
    }
    expect(readdirSync(".")).toEqual(before);
  });
});
