import * as fc from "fast-check";
import { Project } from "ts-morph";
import { afterAll, describe, expect, test } from "vitest";
import type { Artifact } from "../../src/backends/backend.js";
import { jsBackend } from "../../src/backends/js/js.js";
import type { ScoreActivation } from "../../src/ir/node.js";
import type { Picture } from "../../src/morph/picture.js";
import { createInterpreterRunner } from "../../src/run/run-interpreter.js";
import { importFile, openJsRunner } from "../../src/run/run-js.js";
import { constant, multiply } from "../../src/word/build.js";
import type { WordProgram } from "../../src/word/node.js";
import { arbitraryPlaces, placesProgram, runsProgram } from "./address-programs.js";
import {
  arbitraryIndex,
  arbitraryWide,
  arbitraryWord,
  bitPicture,
  bytePicture,
  expressionProgram,
  HEADER,
  type ImageModule,
  noisyBytes,
  numberProgram,
  rowErosion,
  type ScoreModule,
  targetOf,
  toyReadout,
  writeArtifacts,
} from "./small-programs.js";

const SEED = Number(process.env["FC_SEED"] ?? 20240611);
const folders: { remove(): void }[] = [];
afterAll(() => {
  for (const folder of folders) folder.remove();
});

const emit = (program: WordProgram): Promise<readonly Artifact[]> =>
  jsBackend.emit(program, targetOf(jsBackend, 1), HEADER);

async function emitFolder(program: WordProgram): Promise<string> {
  const folder = writeArtifacts(await emit(program));
  folders.push(folder);
  return folder.directory;
}

async function openRunner(program: WordProgram) {
  return openJsRunner({ directory: await emitFolder(program), name: program.name, interface: program.interface });
}

async function compare(program: WordProgram, pictures: readonly Picture[]): Promise<void> {
  const runner = await openRunner(program);
  expect(await runner.run(pictures)).toEqual(await createInterpreterRunner(program).run(pictures));
}

const textOf = (artifacts: readonly Artifact[], path: string): string =>
  String(artifacts.find((artifact) => artifact.path === path)?.content);

async function importModule<T>(program: WordProgram): Promise<T> {
  return (await importFile(`${await emitFolder(program)}/${program.name}.js`)) as T;
}

describe("JavaScript computes what the interpreter computes", () => {
  test("an erosion at sizes around word boundaries", async () => {
    const program = rowErosion(1);
    const pictures = [1, 31, 32, 33, 63, 64, 65, 130].map((width) => bitPicture(3, width, 1, width));
    const outcomes = await (await openRunner(program)).run(pictures);
    expect(outcomes).toEqual(await createInterpreterRunner(program).run(pictures));
  });

  test("a read-out in two limbs, negative sums and ties", async () => {
    const program = toyReadout();
    const pictures = [
      [0, 0, 0, 0],
      [255, 255, 255, 255],
      [1, 9, 10, 11],
      [0, 200, 0, 0],
      [200, 0, 0, 0],
    ].map((bytes) => bytePicture(bytes));
    const outcomes = await (await openRunner(program)).run(pictures);
    expect(outcomes).toEqual(await createInterpreterRunner(program).run(pictures));
    expect(outcomes.map((outcome) => outcome.kind === "scores" && outcome.class)).toEqual([1, 0, 1, 1, 0]);
  });

  test(`random words, seed ${SEED}`, async () => {
    const pictures = [bitPicture(1, 512, 2, 1), bitPicture(1, 512, 2, 2)];
    const words = fc.array(arbitraryWord(), { minLength: 20, maxLength: 40 });
    const property = fc.asyncProperty(words, async (expressions) => {
      const program = expressionProgram(expressions, 1);
      const outcomes = await (await openRunner(program)).run(pictures);
      expect(outcomes).toEqual(await createInterpreterRunner(program).run(pictures));
    });
    await fc.assert(property, { seed: SEED, numRuns: 15, endOnFailure: true });
  });

  test(`random words of bytes, seed ${SEED}`, async () => {
    const pictures = [noisyBytes(512, 2, 3), noisyBytes(512, 2, 4)];
    const words = fc.array(arbitraryWord(), { minLength: 20, maxLength: 40 });
    const property = fc.asyncProperty(words, async (expressions) => {
      const program = expressionProgram(expressions, 1, "bytes");
      const outcomes = await (await openRunner(program)).run(pictures);
      expect(outcomes).toEqual(await createInterpreterRunner(program).run(pictures));
    });
    await fc.assert(property, { seed: SEED, numRuns: 15, endOnFailure: true });
  });

  test(`random indices and wides, seed ${SEED}`, async () => {
    const pictures = Array.from({ length: 9 }, (_, index) => bitPicture(1, 32, 1, 7 + index));
    const wides = fc.array(arbitraryWide(), { minLength: 10, maxLength: 20 });
    const property = fc.asyncProperty(arbitraryIndex(), wides, async (index, values) => {
      const program = numberProgram(index, values);
      const outcomes = await (await openRunner(program)).run(pictures);
      expect(outcomes).toEqual(await createInterpreterRunner(program).run(pictures));
    });
    await fc.assert(property, { seed: SEED, numRuns: 25, endOnFailure: true });
  });
});

describe("JavaScript finds every word", () => {
  test(`at random places, seed ${SEED}`, async () => {
    const property = fc.asyncProperty(arbitraryPlaces(), (places) => {
      const program = placesProgram(places, 1);
      const { height, width } = program.interface;
      return compare(program, [bitPicture(Number(height), Number(width), 1, 5)]);
    });
    await fc.assert(property, { seed: SEED, numRuns: 20, endOnFailure: true });
  });

  test("in runs of any length", async () => {
    const program = runsProgram(1);
    await compare(program, [bitPicture(1, Number(program.interface.width), 1, 6)]);
  });
});

describe("the module's functions", () => {
  test("pack, run and unpack are each other's counterparts", async () => {
    const { pack, run, unpack } = await importModule<ImageModule>(rowErosion(1));
    const pixels = Uint8Array.from([1, 1, 1, 0, 1, 255, 7, 1, 0, 0]);
    const words = pack(pixels, 2, 5);
    expect([...words]).toEqual([0b10111, 0b00111]);
    expect([...unpack(run(words, 2, 5), 2, 5)]).toEqual([0, 1, 0, 0, 0, 0, 1, 0, 0, 0]);
  });

  test("scratch grows and shrinking pictures do not see what larger ones left", async () => {
    const { pack, run, unpack } = await importModule<ImageModule>(rowErosion(1));
    const ones = (width: number): Uint8Array => new Uint8Array(width).fill(1);
    run(pack(ones(4000), 1, 4000), 1, 4000);
    expect([...unpack(run(pack(ones(3), 1, 3), 1, 3), 1, 3)]).toEqual([0, 1, 0]);
  });

  test("a scratch too large to be had at once grows with the pictures", async () => {
    const program = rowErosion(1);
    const { pack, run, unpack } = await importModule<ImageModule>({
      ...program,
      scratchWords: multiply(program.scratchWords, 1000),
    });
    for (const width of [3, 4000, 5]) {
      const pixels = new Uint8Array(width).fill(1);
      const eroded = Uint8Array.from(pixels, (_, column) => (column === 0 || column === width - 1 ? 0 : 1));
      expect(unpack(run(pack(pixels, 1, width), 1, width), 1, width)).toEqual(eroded);
    }
  });

  test("scores are activated, limbs exact", async () => {
    const { run } = await importModule<ScoreModule>(toyReadout());
    const { classes, scores, limbs } = run(Uint8Array.from([200, 0, 0, 0]), 1);
    const z0 = 200 * 1000000007 - 5;
    const z1 = -2000000000 * 200;
    const z2 = 200 * 1000000007 - 6;
    expect([...classes]).toEqual([0]);
    const sums = [z0, z1, z2];
    expect(sums.map((_, label) => Number(limbs[2 * label]) + Number(limbs[2 * label + 1]) * 2 ** 24)).toEqual(sums);
    expect(scores[0]).toBeCloseTo(0.5 * Math.tanh(z0 / 2 ** 40) + 0.5, 14);
    expect(scores[1]).toBeCloseTo(0.5 * erfBySeries(z1 / 2 ** 40) + 0.5, 13);
    expect(scores[2]).toBe(z2 / 2 ** 40);
  });

  test("erf agrees with tabulated values", async () => {
    const table: readonly (readonly [number, number])[] = [
      [0, 0],
      [0.5, 0.5204998778130465],
      [1, 0.8427007929497149],
      [2, 0.9953222650189527],
      [3, 0.9999779095030014],
      [-1, -0.8427007929497149],
      [7, 1],
      [-7, -1],
    ];
    const scores = await activationsOf(
      "erf",
      table.map(([z]) => z),
    );
    for (const [index, [, erf]] of table.entries()) expect(scores[index]).toBeCloseTo((erf + 1) / 2, 14);
  });

  test.each([
    ["sigmoid", (z: number) => 1 / (1 + Math.exp(-z))],
    ["arctan", (z: number) => Math.atan(z) / Math.PI + 0.5],
    ["step", (z: number) => (z > 0 ? 1 : 0)],
  ] as const)("%s", async (activation, reference) => {
    const points = [-3, -0.5, 0, 0.5, 4];
    const scores = await activationsOf(activation, points);
    for (const [index, z] of points.entries()) expect(scores[index]).toBeCloseTo(reference(z), 14);
  });

  test("limbs beyond 53 bits are rounded once", async () => {
    const { run } = await importModule<ScoreModule>(limbProgram([1, 0, 1 << 30], 30, -90));
    const { scores } = run(new Uint32Array(1), 1);
    // 2^90 + 1 rounds to 2^90.
    expect(scores[0]).toBe(1);
  });

  test("fills a result that it is given", async () => {
    const { run } = await importModule<ImageModule>(rowErosion(1));
    const into = new Uint32Array(1);
    expect(run(Uint32Array.of(7), 1, 3, into)).toBe(into);
    expect([...into]).toEqual([2]);
    expect(() => run(Uint32Array.of(7), 1, 3, new Uint32Array(2))).toThrow(
      new RangeError("into must have 1 elements, got 2"),
    );
    expect(() => run(Uint32Array.of(7), 1, 3, new Int32Array(1))).toThrow(new TypeError("into must be a Uint32Array"));
    const both = Uint32Array.of(7, 0);
    expect(() => run(both.subarray(0, 1), 1, 3, both.subarray(0, 1))).toThrow(
      new RangeError("into must not share memory with the input"),
    );
    run(both.subarray(0, 1), 1, 3, both.subarray(1));
    expect([...both]).toEqual([7, 2]);
  });

  test("fills the arrays of a read-out that it is given", async () => {
    const { run } = await importModule<ScoreModule>(toyReadout());
    const [first, second] = [Uint8Array.of(200, 0, 0, 0), Uint8Array.of(0, 200, 0, 0)];
    const into = run(first, 1);
    const expected = run(second, 1);
    expect(into).not.toEqual(expected);
    expect(run(second, 1, into)).toBe(into);
    expect(into).toEqual(expected);
    expect(() => run(second, 1, {})).toThrow(new TypeError("into.classes must be a Uint32Array"));
    expect(() => run(second, 1, { ...into, scores: new Float64Array(4) })).toThrow(
      new RangeError("into.scores must have 3 elements, got 4"),
    );
  });

  test("wrong sizes and types are refused", async () => {
    const { pack, run, unpack } = await importModule<ImageModule>(rowErosion(1));
    const words = new Uint32Array(3);
    expect(() => run(words, 0, 5)).toThrow(new RangeError("height must be 1 … 65535, got 0"));
    expect(() => run(words, 3, 65536)).toThrow(new RangeError("width must be 1 … 65535, got 65536"));
    expect(() => run(words, 3, 1.5)).toThrow(RangeError);
    expect(() => run(words, 3)).toThrow(new RangeError("width must be 1 … 65535, got undefined"));
    expect(() => run(words, 3, 33)).toThrow(new RangeError("input must have 6 elements, got 3"));
    expect(() => run(new Uint8Array(3), 3, 5)).toThrow(new TypeError("input must be a Uint32Array"));
    expect(() => run(null, 3, 5)).toThrow(TypeError);
    expect(() => pack(new Uint8Array(14), 3, 5)).toThrow(new RangeError("pixels must have 15 elements, got 14"));
    expect(() => unpack(new Uint32Array(4), 3, 5)).toThrow(new RangeError("words must have 3 elements, got 4"));
    const readout = await importModule<ScoreModule>(toyReadout());
    expect(() => readout.run(new Uint8Array(4), 0)).toThrow(new RangeError("count must be 1 … 65535, got 0"));
  });

  test("info says what the module was made from and is frozen", async () => {
    const { info } = await importModule<ScoreModule>(toyReadout());
    expect(info).toMatchObject({ name: "toy_readout", modelSha256: HEADER.modelSha256, tool: HEADER.tool });
    expect(Object.isFrozen(info) && Object.isFrozen(info.interface) && Object.isFrozen(info.interface.output)).toBe(
      true,
    );
  });
});

describe("the emitted text", () => {
  test.each([rowErosion(1), toyReadout()])("$name is as recorded", async (program) => {
    for (const { path, content } of await emit(program)) {
      await expect(content).toMatchFileSnapshot(`../cases/js/${path}.txt`);
    }
  });

  test("is the same twice, has no date, no path, and no dependency", async () => {
    const first = await emit(toyReadout());
    expect(await emit(toyReadout())).toEqual(first);
    const text = textOf(first, "toy_readout.js");
    expect(text).not.toMatch(/import|require|process|eval|new Function|20\d\d-|\/home|\/tmp/u);
  });

  test("a hostile header cannot leave its comment", async () => {
    const program = rowErosion(1);
    const license = "MIT */\nthrow new Error('escaped');\u2028throw 1;";
    const artifacts = await jsBackend.emit(program, targetOf(jsBackend, 1), { ...HEADER, license, grade: license });
    const folder = writeArtifacts(artifacts);
    folders.push(folder);
    const { info } = (await importFile(`${folder.directory}/row_erosion.js`)) as { info: { license: string } };
    expect(info.license).toBe(license);
  });

  test("names that JavaScript reserves or the module uses are spelled differently", async () => {
    const program = reservedNames();
    const { run } = await importModule<ImageModule>(program);
    expect([...run(new Uint32Array(2))]).toEqual([3, 0]);
  });

  test("the declarations type-check a correct use and refuse a wrong one", async () => {
    const declarations = textOf(await emit(toyReadout()), "toy_readout.d.ts");
    const problems = (use: string): string[] => {
      const project = new Project({
        useInMemoryFileSystem: true,
        compilerOptions: { strict: true, lib: ["lib.es2022.d.ts"] },
      });
      project.createSourceFile("toy_readout.d.ts", declarations);
      const source = project.createSourceFile("use.ts", `import { run, info } from "./toy_readout";\n${use}`);
      return source.getPreEmitDiagnostics().map((diagnostic) => JSON.stringify(diagnostic.getMessageText()));
    };
    const good =
      'const s: number | undefined = run(new Uint8Array(4), 1).scores[0]; const k: "scores" = info.interface.output.kind; s; k;';
    expect(problems(good)).toEqual([]);
    expect(problems("run(new Uint32Array(4), 1);")).toHaveLength(1);
    expect(problems("run(new Uint8Array(4));")).toHaveLength(1);
  });
});

describe("the runner", () => {
  test("a missing file and a file that is no module are diagnosed", async () => {
    const { interface: contract } = rowErosion(1);
    await expect(openJsRunner({ directory: "/nonexistent", name: "x", interface: contract })).rejects.toThrow(
      "BMN0101",
    );
    const folder = writeArtifacts([{ path: "x.js", content: "export const run = ;" }]);
    folders.push(folder);
    await expect(openJsRunner({ directory: folder.directory, name: "x", interface: contract })).rejects.toThrow(
      "BMN0703",
    );
  });

  test("what the module throws becomes BMN0703", async () => {
    const folder = writeArtifacts([{ path: "x.js", content: "export function run() { throw new Error('broken'); }" }]);
    folders.push(folder);
    const { interface: contract } = rowErosion(1);
    const runner = await openJsRunner({ directory: folder.directory, name: "x", interface: contract });
    await expect(runner.run([bitPicture(1, 1, 1, 1)])).rejects.toThrow(/BMN0703.*broken/u);
  });
});

function erfBySeries(z: number): number {
  let sum = 0;
  let term = z;
  for (let n = 0; n < 40; n++) {
    sum += term / (2 * n + 1);
    term *= -(z * z) / (n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

/** Answers constant limbs for its only class. */
function limbProgram(
  limbs: readonly number[],
  limbBits: number,
  exponent: number,
  activation: ScoreActivation = "identity",
): WordProgram {
  return {
    name: "limbs",
    lanes: 1,
    interface: {
      kind: "samples",
      inputChannels: 1,
      samples: "bits",
      height: 1,
      width: 1,
      output: { kind: "scores", classes: 1, limbs: limbs.length, limbBits, exponent, activation: [activation] },
    },
    scratchWords: constant(0),
    tables: [],
    functions: [
      {
        name: "answer",
        comment: [],
        mode: "scalar",
        parameters: [{ name: "count", type: "index" }],
        body: limbs.map((value, offset) => ({
          kind: "store-score",
          pointer: { kind: "absolute", space: "scores", index: constant(0) },
          offset,
          value: { kind: "constant", value },
        })),
        result: null,
      },
    ],
  };
}

/** The activation at multiples of 1/2. */
async function activationsOf(activation: ScoreActivation, points: readonly number[]): Promise<number[]> {
  const scores: number[] = [];
  for (const z of points) {
    const { run } = await importModule<ScoreModule>(limbProgram([2 * z], 30, -1, activation));
    scores.push(Number(run(new Uint32Array(1), 1).scores[0]));
  }
  return scores;
}

function reservedNames(): WordProgram {
  const names = ["run", "output", "class", "Math", "checkArray", "scratch", "info"];
  const program = rowErosion(1);
  return {
    ...program,
    interface: { ...program.interface, kind: "images", height: 1, width: 64 } as WordProgram["interface"],
    scratchWords: constant(1),
    functions: [
      ...names.map((name, position): WordProgram["functions"][number] => ({
        name,
        comment: [],
        mode: "scalar",
        parameters: [{ name: "eval", type: "index" }],
        body: names.map((local) => ({
          kind: "let",
          name: `${local}`,
          mutable: false,
          value: { type: "index", value: { kind: "variable", name: "eval" } },
        })),
        result: { kind: "constant", value: position },
      })),
      {
        name: "default",
        comment: [],
        mode: "scalar",
        parameters: [],
        body: [
          { kind: "call", callee: "Math", arguments: [{ type: "index", value: constant(1) }], result: "input" },
          {
            kind: "store",
            pointer: { kind: "absolute", space: "output", index: constant(0) },
            offset: 0,
            value: { kind: "variable", name: "input" },
          },
        ],
        result: null,
      },
    ],
  };
}
