/** The contenders that run in a thread of Node: generated WASM and JavaScript. */
import { unreachable } from "../../diagnostics.js";
import { evaluateScratchWords } from "../../word/interpret.js";
import { entryParameters, type WordProgram } from "../../word/node.js";
import { type Extent, type ProgramInterface, resultLengths } from "../exchange.js";
import { type GeneratedRun, guard, importText, rawResults } from "../run-js.js";
import { joinAnswer } from "./answer.js";
import { MEMCPY } from "./c-contenders.js";

export interface NodeContender {
  readonly label: string;
  readonly run: () => void;
  /** Runs once; see answer.ts. Empty for what answers nothing. */
  readonly answer: () => Uint32Array;
  /** Bytes of linear memory after a run; null outside of WASM. */
  readonly memoryBytes: () => number | null;
}

/** A contender that can be opened in any thread: plain data. */
export type NodeArtifact =
  | { readonly kind: "js"; readonly label: string; readonly text: string }
  | {
      readonly kind: "wasm";
      readonly label: string;
      /** The wrapper's. */
      readonly text: string;
      readonly module: Uint8Array<ArrayBuffer>;
      /** At the beginning of the module's memory. */
      readonly tableBytes: number;
      readonly scratch: Parameters<typeof evaluateScratchWords>[0];
    }
  /** Copies the input, as memcpy does. */
  | { readonly kind: "memcpy" };

/** A program and the files that a backend wrote for it. */
export interface GeneratedProgram {
  readonly program: WordProgram;
  readonly artifacts: readonly { readonly path: string; readonly content: string | Uint8Array }[];
}

/** What all contenders are called with. */
export interface TimedCall {
  readonly contract: ProgramInterface;
  readonly extent: Extent;
  readonly input: Uint32Array | Uint8Array;
}

export function jsArtifact(label: string, { artifacts }: GeneratedProgram): NodeArtifact {
  return { kind: "js", label, text: textOf(artifacts, ".js") };
}

export function wasmArtifact(label: string, { program, artifacts }: GeneratedProgram): NodeArtifact {
  const { interface: contract, lanes, scratchWords } = program;
  const module = artifacts.find(({ path }) => path.endsWith(".wasm"))?.content;
  if (!(module instanceof Uint8Array)) throw new Error("no WASM module");
  return {
    kind: "wasm",
    label,
    text: textOf(artifacts, ".wasm.js"),
    module: Uint8Array.from(module),
    tableBytes: program.tables.reduce((sum, { values }) => sum + ALIGNMENT + 4 * values.length, 0),
    scratch: { interface: contract, lanes, scratchWords },
  };
}

function textOf(artifacts: GeneratedProgram["artifacts"], end: string): string {
  const content = artifacts.find(({ path }) => path.endsWith(end))?.content;
  if (typeof content !== "string") throw new Error(`no file *${end}`);
  return content;
}

export function inPlaceLabel(label: string): string {
  return `${label}, in place`;
}

/** Labels of what {@link openNodeContenders} opens, in its order. */
export function nodeLabels(artifacts: readonly NodeArtifact[]): readonly string[] {
  return artifacts.flatMap((artifact) => {
    if (artifact.kind === "memcpy") return [MEMCPY];
    return artifact.kind === "js" ? [artifact.label] : [artifact.label, inPlaceLabel(artifact.label)];
  });
}

/**
 * Through the generated wrappers, as users call them; and the WASM function alone, on memory that holds the input.
 * @throws DiagnosticError BMN0703 if generated code cannot be loaded
 */
export async function openNodeContenders(
  artifacts: readonly NodeArtifact[],
  call: TimedCall,
): Promise<readonly NodeContender[]> {
  const contenders: NodeContender[] = [];
  for (const artifact of artifacts) {
    const label = artifact.kind === "memcpy" ? MEMCPY : artifact.label;
    contenders.push(...(await guard(label, async () => openOne(artifact, call))));
  }
  return contenders;
}

async function openOne(artifact: NodeArtifact, call: TimedCall): Promise<readonly NodeContender[]> {
  switch (artifact.kind) {
    case "memcpy":
      return [copying(call)];
    case "js": {
      const { run } = await importText(Buffer.from(artifact.text));
      return [wrapped(artifact.label, run as GeneratedRun, call)];
    }
    case "wasm": {
      const wrapper = await importText(Buffer.from(artifact.text));
      const { run } = await (wrapper["load"] as Load)(artifact.module);
      return [wrapped(artifact.label, run, call), await inPlace(artifact, call)];
    }
    default:
      return unreachable(artifact);
  }
}

type Load = (source: Uint8Array) => Promise<{ readonly run: GeneratedRun }>;

function sizesOf(contract: ProgramInterface, extent: Extent): number[] {
  return entryParameters({ interface: contract }).map((parameter) => extent[parameter]);
}

function wrapped(label: string, run: GeneratedRun, { contract, extent, input }: TimedCall): NodeContender {
  const sizes = sizesOf(contract, extent);
  let result = run(input, ...sizes);
  return {
    label,
    // As in a loop over pictures: into the result of the call before.
    run: () => {
      result = run(input, ...sizes, result);
    },
    answer: () => joinAnswer(rawResults(run(input, ...sizes))),
    memoryBytes: () => null,
  };
}

function copying({ input }: TimedCall): NodeContender {
  const target = input.slice();
  return {
    label: MEMCPY,
    run: () => target.set(input),
    answer: () => new Uint32Array(),
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
  { label, module, tableBytes, scratch }: Extract<NodeArtifact, { kind: "wasm" }>,
  { contract, extent, input }: TimedCall,
): Promise<NodeContender> {
  const { instance } = await WebAssembly.instantiate(module);
  const { memory, run: call } = instance.exports;
  const sizes = sizesOf(contract, extent);
  const { output, classes, scores } = resultLengths(contract, extent);
  const results = [output, classes, scores].filter((length) => length !== null);
  const starts: number[] = [];
  let end = align(tableBytes);
  for (const bytes of [
    input.byteLength,
    ...[...results, evaluateScratchWords(scratch, sizes)].map((words) => 4 * words),
  ]) {
    starts.push(end);
    end = align(end + bytes);
  }
  const missing = Math.ceil((end - memory.buffer.byteLength) / PAGE_BYTES);
  if (missing > 0) memory.grow(missing);
  const [inputStart = 0, ...resultStarts] = starts;
  new Uint8Array(memory.buffer).set(new Uint8Array(input.buffer, input.byteOffset, input.byteLength), inputStart);
  const run = (): void => {
    call(...starts, ...sizes);
  };
  return {
    label: inPlaceLabel(label),
    run,
    answer: () => {
      run();
      const answer = new Uint32Array(results.reduce((sum, length) => sum + length, 0));
      let first = 0;
      for (const [index, length] of results.entries()) {
        answer.set(new Uint32Array(memory.buffer, resultStarts[index] ?? 0, length), first);
        first += length;
      }
      return answer;
    },
    memoryBytes: () => memory.buffer.byteLength,
  };
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/** Nanoseconds per call. */
export function timeCalls({ run }: NodeContender, calls: number): number {
  const start = process.hrtime.bigint();
  for (let call = 0; call < calls; call++) run();
  return Number(process.hrtime.bigint() - start) / calls;
}

const SLICE_MILLISECONDS = 4;

/**
 * Runs until the engine has compiled what it runs often.
 * @returns calls that fill a slice
 */
export function warmUp(contender: NodeContender, milliseconds: number): number {
  const start = performance.now();
  let calls = 1;
  do {
    const each = timeCalls(contender, calls) / 1e6;
    calls = Math.max(1, Math.round(SLICE_MILLISECONDS / each));
  } while (performance.now() - start < milliseconds);
  return calls;
}
