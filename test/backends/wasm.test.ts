import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import * as fc from "fast-check";
import { Project } from "ts-morph";
import { afterAll, describe, expect, test } from "vitest";
import wabtLoader from "wabt";
import type { Artifact } from "../../src/backends/backend.js";
import { wasmBackend } from "../../src/backends/wasm/wasm.js";
import type { Picture } from "../../src/morph/picture.js";
import { createInterpreterRunner } from "../../src/run/run-interpreter.js";
import { importFile } from "../../src/run/run-js.js";
import { openWasmRunner } from "../../src/run/run-wasm.js";
import type { WordProgram } from "../../src/word/node.js";
import { arbitraryPlaces, fixedStrides, placesProgram, runsProgram } from "./address-programs.js";
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
  targetOf,
  toyReadout,
  type Wrapper,
  writeArtifacts,
} from "./small-programs.js";

/** As far as these tests use it; the TypeScript library of Node does not know it. */
const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: {
    validate(bytes: Uint8Array): boolean;
    instantiate(bytes: Uint8Array): Promise<{ readonly instance: { readonly exports: Record<string, unknown> } }>;
    readonly CompileError: new () => Error;
    readonly Module: {
      new (bytes: Uint8Array): object;
      imports(module: object): unknown[];
      exports(module: object): unknown[];
    };
  };
};

const SEED = Number(process.env["FC_SEED"] ?? 20240611);
const LANES = [
  ["SIMD", 4],
  ["MVP", 1],
] as const;
const folders: { remove(): void }[] = [];
afterAll(() => {
  for (const folder of folders) folder.remove();
});

const emit = (program: WordProgram, lanes: 1 | 4): Promise<readonly Artifact[]> =>
  wasmBackend.emit(program, targetOf(wasmBackend, lanes), HEADER);

async function emitFolder(program: WordProgram, lanes: 1 | 4): Promise<string> {
  const folder = writeArtifacts(await emit(program, lanes));
  folders.push(folder);
  return folder.directory;
}

async function compare(program: WordProgram, lanes: 1 | 4, pictures: readonly Picture[]): Promise<void> {
  const directory = await emitFolder(program, lanes);
  const runner = await openWasmRunner({ directory, name: program.name, interface: program.interface });
  expect(await runner.run(pictures)).toEqual(await createInterpreterRunner(program, { lanes }).run(pictures));
}

const bytesOf = (artifacts: readonly Artifact[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(artifacts.find(({ path }) => path.endsWith(".wasm"))?.content as Uint8Array);

/** The wrapper of the erosion by neighbours, and its folder. */
async function importWrapper(program = rowErosion(4)): Promise<Wrapper<ImageModule> & { readonly directory: string }> {
  const directory = await emitFolder(program, 4);
  const wrapper = await importFile(`${directory}/${program.name}.wasm.js`);
  return { directory, load: wrapper["load"] as Wrapper<ImageModule>["load"] };
}

async function loadNetwork(program = rowErosion(4)): Promise<ImageModule> {
  const { directory, load } = await importWrapper(program);
  return load(Uint8Array.from(readFileSync(`${directory}/${program.name}.wasm`)));
}

describe.each(LANES)("%s computes what the interpreter computes", (_, lanes) => {
  test("an erosion at sizes around word boundaries", async () => {
    const pictures = [1, 31, 32, 33, 63, 64, 65, 130, 300].map((width) => bitPicture(3, width, 1, width));
    await compare(rowErosion(lanes), lanes, pictures);
  });

  test("a read-out in two limbs, negative sums and ties", async () => {
    const pictures = [
      [0, 0, 0, 0],
      [255, 255, 255, 255],
      [1, 9, 10, 11],
      [0, 200, 0, 0],
      [200, 0, 0, 0],
    ].map((bytes) => bytePicture(bytes));
    await compare(toyReadout(lanes), lanes, pictures);
  });

  test(`random words, seed ${SEED}`, async () => {
    const pictures = [bitPicture(1, 512, 2, 1), bitPicture(1, 512, 2, 2)];
    const words = fc.array(arbitraryWord(), { minLength: 20, maxLength: 40 });
    const property = fc.asyncProperty(words, (expressions) =>
      compare(expressionProgram(expressions, lanes), lanes, pictures),
    );
    await fc.assert(property, { seed: SEED, numRuns: 10, endOnFailure: true });
  });

  test(`random indices and wides, seed ${SEED}`, async () => {
    const pictures = Array.from({ length: 9 }, (_unused, index) => bitPicture(1, 32, 1, 7 + index));
    const wides = fc.array(arbitraryWide(), { minLength: 10, maxLength: 20 });
    const property = fc.asyncProperty(arbitraryIndex(), wides, (index, values) =>
      compare(numberProgram(index, values, lanes), lanes, pictures),
    );
    await fc.assert(property, { seed: SEED, numRuns: 15, endOnFailure: true });
  });

  test(`random words of bytes, seed ${SEED}`, async () => {
    const pictures = [noisyBytes(512, 2, 3), noisyBytes(512, 2, 4)];
    const words = fc.array(arbitraryWord(), { minLength: 20, maxLength: 40 });
    const property = fc.asyncProperty(words, (expressions) =>
      compare(expressionProgram(expressions, lanes, "bytes"), lanes, pictures),
    );
    await fc.assert(property, { seed: SEED, numRuns: 10, endOnFailure: true });
  });
});

describe.each(LANES)("%s finds every word", (_, lanes) => {
  test(`at random places, seed ${SEED}`, async () => {
    const property = fc.asyncProperty(arbitraryPlaces(), (places) => {
      const program = placesProgram(places, lanes);
      const { height, width } = program.interface;
      return compare(program, lanes, [bitPicture(Number(height), Number(width), 1, 5)]);
    });
    await fc.assert(property, { seed: SEED, numRuns: 40, endOnFailure: true });
  });

  test("in runs of any length", async () => {
    const program = runsProgram(lanes);
    await compare(program, lanes, [bitPicture(1, Number(program.interface.width), 1, 6)]);
  });
});

describe.each(LANES)("the %s module", (name, lanes) => {
  const features = {
    mutable_globals: false,
    sat_float_to_int: false,
    sign_extension: false,
    simd: lanes === 4,
    multi_value: false,
    bulk_memory: false,
    reference_types: false,
  };

  test.each([rowErosion(lanes), toyReadout(lanes)])("$name is valid with its features only", async (program) => {
    const bytes = bytesOf(await emit(program, lanes));
    expect(WebAssembly.validate(bytes)).toBe(true);
    const wabt = await wabtLoader();
    const module = wabt.readWasm(bytes, features);
    module.validate();
    module.destroy();
  });

  test("has no imports and two exports", async () => {
    const module = new WebAssembly.Module(bytesOf(await emit(rowErosion(lanes), lanes)));
    expect(WebAssembly.Module.imports(module)).toEqual([]);
    expect(WebAssembly.Module.exports(module)).toEqual([
      { name: "memory", kind: "memory" },
      { name: "run", kind: "function" },
    ]);
  });

  test("is as recorded", async () => {
    const wabt = await wabtLoader();
    const module = wabt.readWasm(bytesOf(await emit(rowErosion(lanes), lanes)), features);
    module.generateNames();
    module.applyNames();
    await expect(module.toText({ foldExprs: true })).toMatchFileSnapshot(
      `../cases/wasm/row_erosion.${name.toLowerCase()}.wat`,
    );
    module.destroy();
  });

  test("is the same twice", async () => {
    expect(await emit(toyReadout(lanes), lanes)).toEqual(await emit(toyReadout(lanes), lanes));
  });

  test("returns 1 for sizes out of range and touches nothing", async () => {
    const { instance } = await WebAssembly.instantiate(bytesOf(await emit(rowErosion(lanes), lanes)));
    const run = instance.exports["run"] as (...numbers: number[]) => number;
    expect([run(0, 0, 0, 0, 5), run(0, 0, 0, 5, 65536), run(0, 0, 0, -1, 5), run(0, 64, 128, 1, 5)]).toEqual([
      1, 1, 1, 0,
    ]);
  });
});

/** Counts of instructions in the innermost loop that stores vectors. */
async function vectorLoop(program: WordProgram): Promise<(instruction: string) => number> {
  const wabt = await wabtLoader();
  const module = wabt.readWasm(bytesOf(await emit(program, 4)), { simd: true });
  module.generateNames();
  module.applyNames();
  const text = module.toText({ foldExprs: false });
  module.destroy();
  const loops = text
    .split(/^\s*loop /mu)
    .slice(1)
    .map((part) => part.split(/^\s*end$/mu)[0] ?? "");
  const vector = loops.filter((part) => part.includes("v128.store"));
  expect(vector).toHaveLength(1);
  return (instruction) => (vector[0] ?? "").split(new RegExp(`\\b${instruction}\\b`, "u")).length - 1;
}

test("the inner loop of a vector kernel spends one addition a pointer, and shifts by a scalar", async () => {
  const count = await vectorLoop(rowErosion(4));
  // Two pointers and the counter.
  expect(count("i32\\.add")).toBe(3);
  expect(count("i32\\.shl") + count("i32\\.mul")).toBe(0);
  expect(count("i32x4\\.shl")).toBe(2);
  expect(count("i32x4\\.shr_u")).toBe(2);
});

test("pointers that differ by constants are one address, and the rest immediates", async () => {
  const program = fixedStrides(4);
  await compare(program, 4, [bitPicture(1, 1024, 1, 8)]);
  const count = await vectorLoop(program);
  // The address and the counter.
  expect(count("i32\\.add")).toBe(2);
  expect(count("i32\\.shl") + count("i32\\.mul") + count("i32\\.sub")).toBe(0);
  expect(count("v128\\.load offset=\\d+")).toBe(8);
});

describe("the wrapper", () => {
  test.each([rowErosion(4), toyReadout(4)])("of $name is as recorded", async (program) => {
    for (const { path, content } of await emit(program, 4)) {
      if (typeof content === "string") await expect(content).toMatchFileSnapshot(`../cases/wasm/${path}.txt`);
    }
  });

  test("packs, runs and unpacks; memory grows with the picture", async () => {
    const { pack, run, unpack } = await loadNetwork();
    const pixels = Uint8Array.from([1, 1, 1, 0, 1, 255, 7, 1, 0, 0]);
    const small = (): number[] => [...unpack(run(pack(pixels, 2, 5), 2, 5), 2, 5)];
    expect(small()).toEqual([0, 1, 0, 0, 0, 0, 1, 0, 0, 0]);
    const side = 2000;
    const large = unpack(run(pack(new Uint8Array(side * side).fill(1), side, side), side, side), side, side);
    expect(large.reduce((sum, bit) => sum + bit, 0)).toBe(side * (side - 2));
    expect(small()).toEqual([0, 1, 0, 0, 0, 0, 1, 0, 0, 0]);
  });

  test("takes bytes, buffers, modules, responses, addresses and promises, or finds its file", async () => {
    const { directory, load } = await importWrapper();
    const file = pathToFileURL(`${directory}/row_erosion.wasm`);
    const bytes = Uint8Array.from(readFileSync(file));
    const response = new Response(bytes, { headers: { "content-type": "application/octet-stream" } });
    const sources = [
      bytes,
      bytes.buffer,
      new WebAssembly.Module(bytes),
      response,
      file,
      file.href,
      Promise.resolve(bytes),
    ];
    for (const source of sources) {
      const network = await load(source);
      expect([...network.run(Uint32Array.of(7), 1, 3)]).toEqual([2]);
    }
    // A folder of ES modules, as of any package with "type": "module".
    const copy = writeArtifacts([
      ...(await emit(rowErosion(4), 4)),
      { path: "package.json", content: '{ "type": "module" }' },
    ]);
    folders.push(copy);
    const wrapper = await import(pathToFileURL(`${copy.directory}/row_erosion.wasm.js`).href);
    const network = await wrapper.load();
    expect([...network.run(Uint32Array.of(7), 1, 3)]).toEqual([2]);
  });

  test("refuses a failed response and a module of another model", async () => {
    const { load } = await importWrapper();
    await expect(load(new Response("", { status: 404 }))).rejects.toThrow("HTTP status 404");
    await expect(load(bytesOf(await emit(toyReadout(4), 4)))).rejects.toThrow("row_erosion");
    await expect(load(Uint8Array.of(1, 2, 3))).rejects.toThrow(WebAssembly.CompileError);
  });

  test("fills a result that it is given", async () => {
    const { run } = await loadNetwork();
    const into = new Uint32Array(1);
    expect(run(Uint32Array.of(7), 1, 3, into)).toBe(into);
    expect([...into]).toEqual([2]);
    expect(() => run(Uint32Array.of(7), 1, 3, new Uint32Array(2))).toThrow(
      new RangeError("into must have 1 elements, got 2"),
    );
    expect(() => run(Uint32Array.of(7), 1, 3, null)).toThrow(new TypeError("into must be a Uint32Array"));
    const both = Uint32Array.of(7, 0);
    expect(() => run(both.subarray(0, 1), 1, 3, both.subarray(0, 1))).toThrow("must not share memory");
    run(both.subarray(0, 1), 1, 3, both.subarray(1));
    expect([...both]).toEqual([7, 2]);
  });

  test("wrong sizes and types are refused", async () => {
    const { pack, run, unpack } = await loadNetwork();
    const words = new Uint32Array(3);
    expect(() => run(words, 0, 5)).toThrow(new RangeError("height must be 1 … 65535, got 0"));
    expect(() => run(words, 3, 65536)).toThrow(new RangeError("width must be 1 … 65535, got 65536"));
    expect(() => run(words, 3, 33)).toThrow(new RangeError("input must have 6 elements, got 3"));
    expect(() => run(new Uint8Array(3), 3, 5)).toThrow(new TypeError("input must be a Uint32Array"));
    expect(() => pack(new Uint8Array(14), 3, 5)).toThrow(new RangeError("pixels must have 15 elements, got 14"));
    expect(() => unpack(new Uint32Array(4), 3, 5)).toThrow(new RangeError("words must have 3 elements, got 4"));
  });

  test("a need beyond 4 GiB is a RangeError with the sizes", async () => {
    const program = { ...rowErosion(4), scratchWords: { kind: "constant", value: 2 ** 30 } } as const;
    const { run } = await loadNetwork(program);
    expect(() => run(new Uint32Array(1), 1, 5)).toThrow(/^row_erosion at height 1, width 5 needs 4294967328 bytes/u);
  });

  test("two loads share nothing", async () => {
    const { load, directory } = await importWrapper();
    const bytes = Uint8Array.from(readFileSync(`${directory}/row_erosion.wasm`));
    const [first, second] = [await load(bytes), await load(bytes)];
    const kept = first.run(Uint32Array.of(7), 1, 3);
    second.run(Uint32Array.of(0), 1, 3);
    first.run(Uint32Array.of(0), 1, 3);
    expect([...kept]).toEqual([2]);
  });

  test("the declarations type-check a correct use and refuse a wrong one", async () => {
    const artifacts = await emit(toyReadout(4), 4);
    const declarations = String(artifacts.find(({ path }) => path.endsWith(".d.ts"))?.content);
    const problems = (use: string): string[] => {
      const project = new Project({
        useInMemoryFileSystem: true,
        compilerOptions: { strict: true, lib: ["lib.es2022.d.ts"], module: 99, moduleResolution: 100, target: 9 },
      });
      project.createSourceFile("toy_readout.wasm.d.ts", declarations);
      const source = project.createSourceFile(
        "use.ts",
        `import { load } from "./toy_readout.wasm.js";\n${use}\nexport {};`,
      );
      return source.getPreEmitDiagnostics().map((diagnostic) => JSON.stringify(diagnostic.getMessageText()));
    };
    const start = "const { run } = await load(new Uint8Array(8));";
    expect(problems(`${start} const c: number | undefined = run(new Uint8Array(4), 1).classes[0]; c;`)).toEqual([]);
    expect(problems(`${start} run(new Uint32Array(4), 1);`)).toHaveLength(1);
    expect(problems("await load(5);")).toHaveLength(1);
  });
});

test("targets with other lanes are refused", async () => {
  await expect(wasmBackend.emit(rowErosion(8), targetOf(wasmBackend, 8), HEADER)).rejects.toThrow("BMN0502");
});

test("a wrapper beside another module, or none, is diagnosed", async () => {
  const { interface: contract } = toyReadout();
  const wrapper = (await emit(toyReadout(4), 4)).filter(({ path }) => path.endsWith(".js"));
  const alone = writeArtifacts(wrapper);
  const mixed = writeArtifacts([
    ...wrapper,
    { path: "toy_readout.wasm", content: bytesOf(await emit(rowErosion(4), 4)) },
  ]);
  folders.push(alone, mixed);
  const open = (directory: string) => openWasmRunner({ directory, name: "toy_readout", interface: contract });
  await expect(open(alone.directory)).rejects.toThrow("BMN0101");
  await expect(open(mixed.directory)).rejects.toThrow("BMN0703");
});
