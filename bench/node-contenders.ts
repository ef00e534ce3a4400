/** The contenders that run in this process: generated WASM and JavaScript. */
import { compile } from "../src/compile.js";
import { findPreset } from "../src/target/presets.js";
import type { Target } from "../src/target/target.js";
import { evaluateScratchWords } from "../src/word/interpret.js";
import { entryParameters, type WordProgram } from "../src/word/node.js";
import type { BenchCase } from "./cases.js";

export interface NodeContender {
  readonly label: string;
  readonly run: () => void;
  /** Runs once and answers the result as the C harness writes it: words, then scores. */
  readonly result: () => Uint32Array;
  /** Bytes of linear memory after a run; null outside of WASM. */
  readonly memoryBytes: () => number | null;
}

export interface Extent {
  readonly height: number;
  readonly width: number;
  readonly count: number;
}

/** Through the generated wrappers, as users call them; and the WASM function alone, on memory that holds the input. */
export async function createNodeContenders(
  each: BenchCase,
  input: Uint32Array,
  extent: Extent,
): Promise<readonly NodeContender[]> {
  const contenders: NodeContender[] = [];
  for (const name of ["wasm", "wasm-mvp"]) {
    const { program, wrapper, bytes } = await compileWasm(each, preset(name));
    const sizes = entryParameters(program).map((parameter) => extent[parameter]);
    contenders.push(wrapped(name, (await wrapper.load(bytes)).run, input, sizes));
    contenders.push(await inPlace(`${name}, in place`, program, bytes, input, sizes));
  }
  const { program, artifacts } = await compileFor(each, preset("js"));
  const { run } = (await importText(textOf(artifacts, ".js"))) as { run: Run };
  contenders.push(
    wrapped(
      "js",
      run,
      input,
      entryParameters(program).map((parameter) => extent[parameter]),
    ),
  );
  return contenders;
}

type Answer = Uint32Array | { readonly classes: Uint32Array; readonly limbs: Int32Array };
type Run = (input: Uint32Array, ...sizes: number[]) => Answer;

function wrapped(label: string, run: Run, input: Uint32Array, sizes: readonly number[]): NodeContender {
  return {
    label,
    run: () => {
      run(input, ...sizes);
    },
    result: () => {
      const answer = run(input, ...sizes);
      if (answer instanceof Uint32Array) return answer;
      return Uint32Array.from([...answer.classes, ...answer.limbs]);
    },
    memoryBytes: () => null,
  };
}

interface LinearMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** What this file needs of the engine; the types of Node have no WebAssembly. */
const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: {
    instantiate(bytes: Uint8Array): Promise<{
      readonly instance: {
        readonly exports: { readonly memory: LinearMemory; readonly run: (...operands: number[]) => number };
      };
    }>;
  };
};

const PAGE_BYTES = 65536;
/** Everything begins on a new cache line. */
const ALIGNMENT = 64;

async function inPlace(
  label: string,
  program: WordProgram,
  bytes: Uint8Array,
  input: Uint32Array,
  sizes: readonly number[],
): Promise<NodeContender> {
  const { instance } = await WebAssembly.instantiate(bytes);
  const { memory, run: call } = instance.exports;
  const tableBytes = program.tables.reduce((sum, { values }) => sum + ALIGNMENT + 4 * values.length, 0);
  const contract = program.interface;
  const [count = 1] = sizes;
  const results =
    contract.kind === "images"
      ? [input.length * contract.outputChannels]
      : contract.output.kind === "scores"
        ? [count, count * contract.output.classes * contract.output.limbs]
        : [count * Math.ceil(contract.output.length / 32)];
  const starts: number[] = [];
  let end = align(tableBytes);
  for (const words of [input.length, ...results, evaluateScratchWords(program, sizes)]) {
    starts.push(end);
    end = align(end + 4 * words);
  }
  const missing = Math.ceil((end - memory.buffer.byteLength) / PAGE_BYTES);
  if (missing > 0) memory.grow(missing);
  const words = new Uint32Array(memory.buffer);
  words.set(input, (starts[0] ?? 0) / 4);
  const run = (): void => {
    call(...starts, ...sizes);
  };
  return {
    label,
    run,
    result: () => {
      run();
      return Uint32Array.from(
        results.flatMap((length, index) => {
          const start = (starts[index + 1] ?? 0) / 4;
          return [...words.subarray(start, start + length)];
        }),
      );
    },
    memoryBytes: () => memory.buffer.byteLength,
  };
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

interface WasmArtifacts {
  readonly program: WordProgram;
  readonly wrapper: { load(source: Uint8Array): Promise<{ readonly run: Run }> };
  readonly bytes: Uint8Array;
}

async function compileWasm(each: BenchCase, target: Target): Promise<WasmArtifacts> {
  const { program, artifacts } = await compileFor(each, target);
  const module = artifacts.find(({ path }) => path.endsWith(".wasm"))?.content;
  if (!(module instanceof Uint8Array)) throw new Error("no WASM module");
  const wrapper = (await importText(textOf(artifacts, ".wasm.js"))) as unknown as WasmArtifacts["wrapper"];
  return { program, wrapper, bytes: Uint8Array.from(module) };
}

function compileFor(each: BenchCase, target: Target): ReturnType<typeof compile> {
  return compile(each.model, { target, policy: "auto", modelSha256: "0".repeat(64) });
}

function preset(name: string): Target {
  const target = findPreset(name);
  if (target === null) throw new Error(`no target ${name}`);
  return target;
}

function textOf(
  artifacts: readonly { readonly path: string; readonly content: string | Uint8Array }[],
  end: string,
): string {
  const content = artifacts.find(({ path }) => path.endsWith(end))?.content;
  if (typeof content !== "string") throw new Error(`no file *${end}`);
  return content;
}

async function importText(text: string): Promise<Readonly<Record<string, unknown>>> {
  const address = `data:text/javascript;base64,${Buffer.from(text).toString("base64")}`;
  return (await import(address)) as Readonly<Record<string, unknown>>;
}
