/** Folders of IDX files, pairs and classes, as they are opened for a training. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { gzipSync } from "node:zlib";
import { encode } from "fast-png";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Context } from "../../src/cli/context.js";
import { countClasses, openSampleSplits } from "../../src/cli/data/open-splits.js";
import { MemoryBudget } from "../../src/cli/memory-budget.js";
import { gunzip } from "../../src/cli/read-idx-file.js";
import { DATA_DEFAULTS, type DataDescription } from "../../src/data/description.js";
import { encodeIdx } from "../../src/data/idx.js";
import { type SampleSet, type SampleSplits, sampleSizes } from "../../src/data/sample-set.js";
import { renderFailure } from "../support/error-cases.js";
import { enterFolder, grayPng } from "./harness.js";

let leave = (): void => undefined;
beforeAll(() => {
  leave = enterFolder();
});
afterAll(() => leave());

const context = new Context(
  {
    env: {},
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    readStdin: async () => new Uint8Array(),
    writeStdout: () => undefined,
    writeStderr: () => undefined,
  },
  { json: false, quiet: true },
);

function write(path: string, content: Uint8Array | string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** Input and target of every sample. */
function samplesOf(set: SampleSet, count = set.count ?? 0): { input: number[]; target: number[] }[] {
  const sizes = sampleSizes(set.shape);
  return Array.from({ length: count }, (_, index) => {
    const [input, target] = [new Uint8Array(sizes.input), new Uint8Array(sizes.target)];
    set.read(index, input, target);
    return { input: [...input], target: [...target] };
  });
}

function sizesOf({ training, validation, test: tests }: SampleSplits): (number | null)[] {
  return [training.count, validation.count, tests.count];
}

/** Everything in the three sets, in an order that does not depend on the splits. */
function allOf({ training, validation, test: tests }: SampleSplits): string[] {
  return [training, validation, tests].flatMap((set) => samplesOf(set).map((each) => JSON.stringify(each))).sort();
}

const BYTES = { kind: "bytes" } as const;

describe("what is drawn", () => {
  test.each<[string, DataDescription]>([
    ["noisy sticks", { kind: "noisy-sticks", ...DATA_DEFAULTS.noisySticks, seed: 4 }],
    ["an operator", { kind: "operator", operator: "opening", element: "disk3", ...DATA_DEFAULTS.operator, seed: 4 }],
  ])("%s: training without end, the others with their counts, all different", async (_, data) => {
    const splits = await openSampleSplits(data, context);
    expect(sizesOf(splits)).toEqual([null, 200, 1000]);
    const first = [splits.training, splits.validation, splits.test].map((set) => JSON.stringify(samplesOf(set, 1)));
    expect(new Set(first).size).toBe(3);
    const again = await openSampleSplits(data, context);
    expect(samplesOf(again.test, 3)).toEqual(samplesOf(splits.test, 3));
    const other = await openSampleSplits({ ...data, seed: 5 }, context);
    expect(samplesOf(other.test, 3)).not.toEqual(samplesOf(splits.test, 3));
  });
});

/** `count` pictures of 2×3; every sample is the number of its picture, from `first` on. */
function writeIdx(folder: string, part: string, first: number, count: number, [separator, ending] = ["-", ""]): void {
  const pictures = Uint8Array.from({ length: count * 6 }, (_, at) => first + Math.floor(at / 6));
  const labels = Uint8Array.from({ length: count }, (_, at) => (first + at) % 3);
  const file = (name: string, bytes: Uint8Array): void =>
    write(`${folder}/${part}-${name}${ending}`, ending === "" ? bytes : gzipSync(bytes));
  file(`images${separator}idx3-ubyte`, encodeIdx({ dimensions: [count, 2, 3], samples: pictures }));
  file(`labels${separator}idx1-ubyte`, encodeIdx({ dimensions: [count], samples: labels }));
}

describe("IDX folders", () => {
  const data = (folder: string, more: object = {}): DataDescription => ({
    kind: "idx",
    folder,
    ...DATA_DEFAULTS.idx,
    encoding: BYTES,
    validation: 5,
    ...more,
  });

  test("validation is cut off the training files, the test set is the folder's own", async () => {
    writeIdx("idx", "train", 0, 20);
    writeIdx("idx", "t10k", 100, 4);
    const splits = await openSampleSplits(data("idx"), context);
    expect(sizesOf(splits)).toEqual([15, 5, 4]);
    const numbers = [splits.training, splits.validation].flatMap((set) =>
      samplesOf(set).map(({ input, target }) => {
        expect(input).toEqual(Array(6).fill(input[0]));
        expect(target).toEqual([(input[0] ?? 0) % 3]);
        return input[0] ?? 0;
      }),
    );
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index));
    expect(samplesOf(splits.test).map(({ input }) => input[0])).toEqual([100, 101, 102, 103]);
    expect(splits.training.shape).toMatchObject({ height: 2, width: 3, target: { names: ["0", "1", "2"] } });
  });

  test("the other names that the files go by, compressed or not, hold the same", async () => {
    const expected = allOf(await openSampleSplits(data("idx"), context));
    for (const [folder, separator, ending] of [
      ["idx-gz", "-", ".gz"],
      ["idx-dot", ".", ""],
      ["idx-dot-gz", ".", ".gz"],
    ] as const) {
      writeIdx(folder, "train", 0, 20, [separator, ending]);
      writeIdx(folder, "t10k", 100, 4, [separator, ending]);
      expect(allOf(await openSampleSplits(data(folder), context))).toEqual(expected);
    }
  });

  test("another seed holds back other samples", async () => {
    const [a, b] = await Promise.all([0, 1].map((seed) => openSampleSplits(data("idx", { seed }), context)));
    if (a === undefined || b === undefined) throw new Error("unreachable");
    expect(samplesOf(a.validation)).not.toEqual(samplesOf(b.validation));
    expect(allOf(a)).toEqual(allOf(b));
  });

  test("an operator is learned on the pictures, without labels", async () => {
    writeIdx("idx-pictures", "train", 0, 20);
    writeIdx("idx-pictures", "t10k", 100, 4);
    const pictures = { kind: "idx", folder: "idx-pictures", threshold: 10, invert: false, validation: 5 } as const;
    const splits = await openSampleSplits(
      { kind: "operator", operator: "dilation", element: "disk3", ...DATA_DEFAULTS.operator, pictures },
      context,
    );
    expect(sizesOf(splits)).toEqual([15, 5, 4]);
    const [first] = samplesOf(splits.test);
    expect(first).toEqual({ input: Array(6).fill(1), target: Array(6).fill(1) });
    // Of 0 … 19, ten reach the threshold.
    const ones = [splits.training, splits.validation].flatMap((set) => samplesOf(set).map(({ input }) => input[0]));
    expect(ones.filter((value) => value === 1)).toHaveLength(10);
  });

  test("nothing is decompressed beyond the limit", () => {
    const bomb = gzipSync(new Uint8Array(10_000));
    expect(gunzip(bomb, 10_000)).toHaveLength(10_000);
    expect(renderFailure(() => gunzip(bomb, 9_999))).toBe("error BMN0103: more than 9999 bytes without compression");
    expect(renderFailure(() => gunzip(bomb.subarray(0, 20), 10_000))).toMatch(
      /^error BMN0802: .*corrupt \(Z_BUF_ERROR\)/,
    );
    expect(renderFailure(() => gunzip(Buffer.from("text"), 10_000))).toMatch(/^error BMN0802: .*\(Z_DATA_ERROR\)/);
  });
});

function colourPng(height: number, width: number, pixel: readonly [number, number, number]): Uint8Array {
  const data = Uint8Array.from({ length: 3 * height * width }, (_, at) => pixel[at % 3] ?? 0);
  return encode({ height, width, channels: 3, depth: 8, data });
}

const flat = (value: number, width = 2): Uint8Array => grayPng([Array<number>(width).fill(value)]);

describe("folders of classes", () => {
  const data = (folder: string, more: object = {}): DataDescription => ({
    kind: "classes",
    folder,
    ...DATA_DEFAULTS.classes,
    encoding: BYTES,
    ...more,
  });

  test("every picture is in one split, with the number of its class", async () => {
    for (let index = 0; index < 10; index++) {
      write(`classes/cats/${index}.png`, flat(index));
      write(`classes/dogs/${index}.pgm`, Buffer.concat([Buffer.from("P5 2 1 255\n"), Buffer.of(100, index)]));
    }
    write("classes/dogs/.hidden.png", "no picture");
    write("classes/dogs/notes.txt", "no picture");
    write("classes/README.md", "no class");
    const splits = await openSampleSplits(data("classes"), context);
    expect(countClasses("classes")).toBe(2);
    expect(sizesOf(splits)).toEqual([16, 2, 2]);
    expect(splits.test.shape.target).toEqual({ kind: "classes", names: ["cats", "dogs"] });
    const expected = Array.from({ length: 10 }, (_, index) => [
      JSON.stringify({ input: [index, index], target: [0] }),
      JSON.stringify({ input: [100, index], target: [1] }),
    ]);
    expect(allOf(splits)).toEqual(expected.flat().sort());
  });

  test("classes that are numbers are in their order", async () => {
    for (const name of ["10", "9", "0"]) for (const file of ["a", "b"]) write(`numbers/${name}/${file}.png`, flat(1));
    const { training } = await openSampleSplits(data("numbers"), context);
    expect(training.shape.target).toMatchObject({ names: ["0", "9", "10"] });
  });

  test("parts in folders of their own are kept apart; only what is missing is cut off", async () => {
    for (const name of ["a", "b"]) {
      for (let index = 0; index < 5; index++) write(`parts/training/${name}/${index}.png`, flat(index));
      write(`parts/test/${name}/x.png`, flat(200));
    }
    const splits = await openSampleSplits(data("parts", { fractions: { validation: 0.2, test: 0.5 } }), context);
    expect(countClasses("parts")).toBe(2);
    expect(sizesOf(splits)).toEqual([8, 2, 2]);
    expect(samplesOf(splits.test)).toEqual([
      { input: [200, 200], target: [0] },
      { input: [200, 200], target: [1] },
    ]);
    write("parts/validation/b/y.png", flat(150));
    const apart = await openSampleSplits(data("parts"), context);
    expect(sizesOf(apart)).toEqual([10, 1, 2]);
    expect(samplesOf(apart.validation)).toEqual([{ input: [150, 150], target: [1] }]);
  });

  test("colours have three channels, gray ones in a file of colours have one", async () => {
    for (let index = 0; index < 4; index++) write(`gray/a/${index}.png`, colourPng(1, 1, [7, 7, 7]));
    const gray = await openSampleSplits(data("gray"), context);
    expect(gray.training.shape.channels).toBe(1);
    write("gray/a/4.png", colourPng(1, 1, [1, 2, 3]));
    const colours = await openSampleSplits(data("gray"), context);
    expect(colours.training.shape.channels).toBe(3);
    expect(new Set(allOf(colours))).toEqual(
      new Set([JSON.stringify({ input: [1, 2, 3], target: [0] }), JSON.stringify({ input: [7, 7, 7], target: [0] })]),
    );
  });
});

describe("folders of pairs", () => {
  const data = (folder: string, more: object = {}): DataDescription => ({
    kind: "pairs",
    folder,
    ...DATA_DEFAULTS.pairs,
    ...more,
  });

  test("inputs and targets of one name belong together", async () => {
    for (let index = 0; index < 10; index++) {
      write(`pairs/input/${index}.png`, grayPng([[index, 100 + index, 200]]));
      write(`pairs/target/${index}.pbm`, `P1 3 1 ${index % 2} 1 0`);
    }
    const splits = await openSampleSplits(data("pairs", { encoding: BYTES }), context);
    expect(sizesOf(splits)).toEqual([8, 1, 1]);
    expect(splits.training.shape).toMatchObject({ channels: 1, height: 1, width: 3, samples: "bytes" });
    expect(allOf(splits)).toEqual(
      Array.from({ length: 10 }, (_, index) =>
        JSON.stringify({ input: [index, 100 + index, 200], target: [index % 2, 1, 0] }),
      ).sort(),
    );
  });

  test("thresholds, and inversion before them", async () => {
    const read = async (more: object): Promise<string[]> => allOf(await openSampleSplits(data("pairs", more), context));
    const bits = { encoding: { kind: "bits", threshold: 101 } };
    expect(await read(bits)).toContain(JSON.stringify({ input: [0, 1, 1], target: [1, 1, 0] }));
    expect((await read(bits)).filter((text) => text.startsWith('{"input":[0,0,1]'))).toHaveLength(1);
    expect(await read({ ...bits, invert: true })).toContain(JSON.stringify({ input: [1, 1, 0], target: [0, 0, 1] }));
  });

  test("pieces: training has no end, the others have some of every picture", async () => {
    const sizes = [
      [3, 5],
      [4, 4],
      [6, 3],
      [3, 3],
      [9, 9],
    ] as const;
    sizes.forEach(([height, width], index) => {
      const rows = Array.from({ length: height }, () => Array<number>(width).fill(index % 2 === 0 ? 255 : 0));
      write(`crops/training/input/${index}.png`, grayPng(rows));
      write(`crops/training/target/${index}.png`, grayPng(rows));
      write(`crops/test/input/${index}.png`, grayPng(rows));
      write(`crops/test/target/${index}.png`, grayPng(rows));
    });
    const splits = await openSampleSplits(data("crops", { crop: { height: 3, width: 2 } }), context);
    expect(sizesOf(splits)).toEqual([null, 4, 20]);
    const ones = samplesOf(splits.test).map(({ input, target }) => {
      expect(input).toEqual(target);
      return input[0];
    });
    expect(ones.filter((value) => value === 1)).toHaveLength(12);
    expect(samplesOf(splits.training, 5)).toEqual(
      samplesOf((await openSampleSplits(data("crops", { crop: { height: 3, width: 2 } }), context)).training, 5),
    );
    await expect(openSampleSplits(data("crops"), context)).rejects.toThrow(/BMN0804/);
  });
});

test("what would not fit into memory is refused before it is allocated", async () => {
  const budget = new MemoryBudget(100);
  budget.take(60);
  expect(budget.left).toBe(40);
  await expect(`${renderFailure(() => budget.take(41))}\n`).toMatchFileSnapshot("../cases/cli/BMN0807.txt");
});
