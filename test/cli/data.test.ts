/**
 * What `bimonnc data` says, word for word, and what it draws. Each case is a file of test/cases/cli; `vitest -u` writes
 * them anew. The cases of BMN0805 and BMN0806 are in data-fetch.test.ts, that of BMN0807 in data-folders.test.ts.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { decode } from "fast-png";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { drawSheet } from "../../src/cli/data/contact-sheet.js";
import { encodeIdx } from "../../src/data/idx.js";
import { DIAGNOSTIC_CODES } from "../../src/diagnostics.js";
import { enterFolder, grayPng, run } from "./harness.js";

function write(path: string, content: Uint8Array | string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function writeIdx(folder: string, [height, width]: readonly [number, number], labels = 6): void {
  for (const part of ["train", "t10k"]) {
    const samples = Uint8Array.from({ length: 6 * height * width }, (_, at) => (at * 37) % 256);
    write(`${folder}/${part}-images-idx3-ubyte`, encodeIdx({ dimensions: [6, height, width], samples }));
    const classes = Uint8Array.from({ length: labels }, (_, at) => at % 2);
    write(`${folder}/${part}-labels-idx1-ubyte`, encodeIdx({ dimensions: [labels], samples: classes }));
  }
}

const dot = (value: number): Uint8Array => grayPng([[value]]);
const wide = grayPng([[0, 255]]);

let leave = (): void => undefined;
beforeAll(() => {
  leave = enterFolder();
  writeIdx("idx", [2, 3]);
  writeIdx("few-labels", [2, 3], 5);
  writeIdx("cut", [2, 3]);
  write("cut/train-labels-idx1-ubyte", "IDX");
  writeIdx("zipped", [2, 3]);
  write("zipped/train-labels-idx1-ubyte", Uint8Array.of(0x1f, 0x8b, 8, 0));
  writeIdx("huge", [2, 3]);
  truncateSync("huge/train-images-idx3-ubyte", 2 ** 30 + 1);
  mkdirSync("empty");
  for (let index = 0; index < 4; index++) {
    write(`classes/circles/${index}.png`, dot(50 * index));
    write(`classes/squares/${index}.png`, dot(255 - index));
    write(`pairs/input/${index}.png`, grayPng([[0, 255, index]]));
    write(`pairs/target/${index}.png`, grayPng([[255, 0, 0]]));
  }
  write("one/circles/a.png", dot(0));
  write("photos/circles/a.jpg", "a photo");
  mkdirSync("hollow/circles", { recursive: true });
  write("sizes/circles/a.png", dot(0));
  write("sizes/circles/b.png", wide);
  write("sizes/circles/c.png", dot(0));
  write("broken/circles/a.png", dot(0).subarray(0, 40));
  for (const name of ["b", "c"]) write(`broken/circles/${name}.png`, dot(0));
  write("parts/test/circles/a.png", dot(0));
  for (const name of ["a", "b", "c"]) write(`strange/training/circles/${name}.png`, dot(0));
  write("strange/test/squares/a.png", dot(0));
  write("no-target/input/a.png", dot(0));
  write("lonely/input/a.png", dot(0));
  write("lonely/target/b.png", dot(0));
  write("twice/input/a.png", dot(0));
  write("twice/input/a.pgm", "P5 1 1 255\n0");
  write("twice/target/a.png", dot(0));
  for (const name of ["a", "b", "c"]) {
    write(`unlike/input/${name}.png`, dot(0));
    write(`unlike/target/${name}.png`, wide);
    write(`mixed/input/${name}.png`, name === "c" ? wide : dot(0));
    write(`mixed/target/${name}.png`, name === "c" ? wide : dot(0));
  }
});
afterAll(() => leave());

const MNIST_OF = (folder: string): string => `data preview --task mnist --data ${folder} --set data.validation=2`;

/** File under test/cases/cli, and the command line after `bimonnc`. */
const CASES: readonly (readonly [file: string, command: string, status: number])[] = [
  ["data-list", "data list", 0],
  ["data-preview-classes", "data preview --task classes --data classes", 0],
  ["data-preview-json", `${MNIST_OF("idx")} --count 1 --json`, 0],
  ["usage-data", "data", 2],
  ["usage-data-action", "data fech mnist", 2],
  ["usage-data-idle", "data list --mirror https://example.org", 2],
  ["usage-data-name", "data list mnist", 2],
  ["usage-data-set", "data fetch", 2],
  ["usage-data-unknown", "data fetch imagenet", 2],
  ["usage-data-mirror", "data fetch mnist --mirror ftp://example.org", 2],
  ["usage-data-task", "data preview", 2],
  ["usage-data-folder", "data preview --task classes", 2],
  ["usage-data-split", "data preview --task noisy-sticks --split all", 2],
  ["usage-data-count", "data preview --task noisy-sticks --count 0", 2],
  ["usage-data-output", "data preview --task noisy-sticks -o sheet.jpg", 2],
  ["BMN0101-data", "data preview --task classes --data missing", 3],
  ["BMN0103-data", MNIST_OF("huge"), 3],
  ["BMN0602-data", "data preview --task classes --data broken", 3],
  ["BMN0801", "data preview --task opening --element disc7", 3],
  ["BMN0801-few", "data preview --task classes --data one", 3],
  ["BMN0801-validation", "data preview --task mnist --data idx --set data.validation=6", 3],
  ["BMN0801-empty", "data preview --task classes --data classes --set data.fractions.validation=0", 3],
  ["BMN0802", MNIST_OF("cut"), 3],
  ["BMN0802-gzip", MNIST_OF("zipped"), 3],
  ["BMN0803-idx", "data preview --task mnist --data empty", 3],
  ["BMN0803-classes", "data preview --task classes --data empty", 3],
  ["BMN0803-class", "data preview --task classes --data hollow", 3],
  ["BMN0803-format", "data preview --task classes --data photos", 3],
  ["BMN0803-parts", "data preview --task classes --data parts", 3],
  ["BMN0803-strange", "data preview --task classes --data strange", 3],
  ["BMN0803-pairs", "data preview --task pairs --data no-target", 3],
  ["BMN0803-lonely", "data preview --task pairs --data lonely", 3],
  ["BMN0803-twice", "data preview --task pairs --data twice", 3],
  ["BMN0804-labels", MNIST_OF("few-labels"), 3],
  ["BMN0804-classes", "data preview --task classes --data sizes", 3],
  ["BMN0804-pair", "data preview --task pairs --data unlike", 3],
  ["BMN0804-pairs", "data preview --task pairs --data mixed", 3],
];

describe("golden answers", () => {
  test.each(CASES)("%s", async (file, command, status) => {
    rmSync("preview.png", { force: true });
    const answered = await run(command.split(" "));
    const parts = [`$ bimonnc ${command}`, `status ${answered.status}`];
    if (answered.stdout !== "") parts.push("---- stdout", answered.stdout.trimEnd());
    if (answered.stderr !== "") parts.push("---- stderr", answered.stderr.trimEnd());
    const text = `${parts.join("\n")}\n`;
    await expect(text).toMatchFileSnapshot(`../cases/cli/${file}.txt`);
    expect(answered.status).toBe(status);
    if (file.startsWith("BMN")) expect(text).toContain(file.slice(0, 7));
    expect(existsSync("preview.png")).toBe(status === 0 && command.includes("preview"));
  });

  test("every code of the data has a case", () => {
    const elsewhere = ["BMN0805", "BMN0806", "BMN0807"];
    const files = [...CASES.map(([file]) => file), ...elsewhere];
    const codes = Object.keys(DIAGNOSTIC_CODES).filter((code) => code.startsWith("BMN08"));
    expect(codes.length).toBeGreaterThan(6);
    expect(codes.filter((code) => !files.some((file) => file.startsWith(code)))).toEqual([]);
  });
});

describe("sheets", () => {
  test("enlarge small tiles, and keep them apart", () => {
    const tile = { height: 60, width: 30, samples: new Uint8Array(1800).map((_, at) => at % 251) };
    const white = { ...tile, samples: new Uint8Array(1800).fill(255) };
    const { height, width, samples } = drawSheet([[tile, white], [white]]);
    expect([height, width]).toEqual([2 * 124 + 4, 2 * 64 + 4]);
    const at = (row: number, column: number): number | undefined => samples[row * width + column];
    for (const [row, column] of [
      [0, 0],
      [59, 29],
      [17, 3],
    ] as const) {
      for (const [down, right] of [
        [0, 0],
        [1, 1],
      ] as const) {
        expect(at(4 + 2 * row + down, 4 + 2 * column + right)).toBe(tile.samples[row * 30 + column]);
      }
    }
    // The gap, and the place of the tile that the second row lacks.
    expect([at(3, 3), at(124, 10), at(130, 70)]).toEqual([96, 96, 96]);
    expect([at(4, 68), at(130, 10)]).toEqual([255, 255]);
  });

  test("of pairs show inputs above targets", async () => {
    const answered = await run("data preview --task pairs --data pairs -o p.png --count 3".split(" "));
    expect(answered).toMatchObject({ status: 0, stderr: "" });
    const png = decode(readFileSync("p.png"));
    // 3 pixels wide, 40 times as large: 2 columns of the training samples, 2 rows.
    expect([png.height, png.width]).toEqual([4 + 2 * 44, 4 + 2 * 124]);
    const row = (y: number): number[] => [0, 1, 2].map((pixel) => png.data[y * png.width + 4 + 40 * pixel + 20] ?? -1);
    expect(row(20)).toEqual([0, 255, 0]);
    expect(row(64)).toEqual([255, 0, 0]);
  });

  test("of classes show one class a row, in the order that is said", async () => {
    const answered = await run("data preview --task classes --data classes -o - --count 1".split(" "));
    expect(answered.status).toBe(0);
    const png = decode(answered.stdoutBytes);
    expect([png.height, png.width]).toEqual([4 + 2 * 124, 4 + 124]);
    // Circles are dark or light, squares are light.
    expect(png.data[(4 + 124 + 60) * png.width + 60]).toBe(255);
  });

  test("of a configuration, and the same for the same seed", async () => {
    const config = await run("train --task closing --element hstick3 --print-config".split(" "));
    writeFileSync("closing.yaml", config.stdout);
    const [a, b] = [
      await run("data preview closing.yaml -o -".split(" ")),
      await run("data preview closing.yaml -o -".split(" ")),
    ];
    expect(a.status).toBe(0);
    expect(a.stdoutBytes).toEqual(b.stdoutBytes);
    const other = await run("data preview closing.yaml -o - --set data.seed=9".split(" "));
    expect(other.stdoutBytes).not.toEqual(a.stdoutBytes);
  });
});
