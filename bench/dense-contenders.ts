/** A dense network compiled for every target: one C program with all the C ones, and functions in this process. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Binarization, binarize } from "../src/binarize/binarize.js";
import { type Compilation, compileBinarized } from "../src/compile.js";
import type { Model } from "../src/model/types.js";
import { importText } from "../src/run/run-js.js";
import { vectorFlags } from "../src/run/timing/machine.js";
import type { WordProgram } from "../src/word/node.js";
import { COMPILER, cTargets, preset } from "./c-program.js";

/** What it took to compile for one target. */
export interface CompileTime {
  readonly label: string;
  /** Lowering and printing, after binarization. */
  readonly bimonncMilliseconds: number;
  /** gcc -O2; NaN outside of C. */
  readonly gccMilliseconds: number;
  /** Constant tables, and the working memory of a call. */
  readonly tableBytes: number;
  readonly scratchBytes: number;
}

export interface DenseAnswer {
  readonly classes: Uint32Array;
  readonly limbs: Int32Array;
}

export interface NodeContender {
  readonly label: string;
  readonly run: (bytes: Uint8Array, count: number) => DenseAnswer;
}

export interface DenseContenders {
  readonly binarization: Binarization;
  readonly binarizeMilliseconds: number;
  readonly executable: string;
  /** Labels of the C contenders, in the order of the program's answers. */
  readonly labels: readonly string[];
  readonly node: readonly NodeContender[];
  readonly times: readonly CompileTime[];
  readonly program: WordProgram;
}

export async function buildContenders(model: Model, folder: string, filter: RegExp): Promise<DenseContenders> {
  const start = performance.now();
  const binarization = binarize(model, { policy: "auto", forCode: true });
  const binarizeMilliseconds = performance.now() - start;
  const times: CompileTime[] = [];
  const programs: WordProgram[] = [];
  const objects: string[] = [];
  const targets = cTargets().filter(({ name }) => filter.test(name));
  for (const { name: label, lanes } of targets) {
    const name = `dense_${label.replaceAll("-", "_")}`;
    const { compilation, milliseconds } = await compileFor(binarization, name, label);
    for (const { path, content } of compilation.artifacts) writeFileSync(join(folder, path), content);
    const object = join(folder, `${name}.o`);
    const begin = performance.now();
    gcc([...vectorFlags(lanes), "-I", folder, "-c", "-o", object, join(folder, `${name}.c`)]);
    times.push(timeOf(label, compilation, milliseconds, performance.now() - begin));
    programs.push(compilation.program);
    objects.push(object);
  }
  const list = join(folder, "contenders.c");
  writeFileSync(list, printList(programs));
  const executable = join(folder, "dense-harness");
  const harness = join(import.meta.dirname, "dense-harness.c");
  gcc(["-I", folder, "-I", import.meta.dirname, "-o", executable, list, harness, ...objects]);

  const node: NodeContender[] = [];
  for (const target of ["wasm", "wasm-mvp", "js"].filter((label) => filter.test(label))) {
    const { compilation, milliseconds } = await compileFor(binarization, "dense", target);
    times.push(timeOf(target, compilation, milliseconds, Number.NaN));
    node.push({ label: target, run: await load(compilation) });
    if (target === "wasm") node.push({ label: "wasm, in place", run: await loadInPlace(compilation) });
    programs.push(compilation.program);
  }
  const [program] = programs;
  if (program === undefined) throw new Error("no target is left");
  const labels = targets.map(({ name }) => name);
  return { binarization, binarizeMilliseconds, executable, labels, node, times, program };
}

function gcc(operands: readonly string[]): void {
  execFileSync(COMPILER, ["-std=c99", "-O2", ...operands], { stdio: "inherit" });
}

async function compileFor(
  { module, report }: Binarization,
  name: string,
  targetName: string,
): Promise<{ readonly compilation: Compilation; readonly milliseconds: number }> {
  const options = { target: preset(targetName), policy: "auto", modelSha256: "0".repeat(64) } as const;
  const start = performance.now();
  const compilation = await compileBinarized({ module: { ...module, name }, report }, options);
  return { compilation, milliseconds: performance.now() - start };
}

function timeOf(label: string, { program }: Compilation, bimonnc: number, gccMilliseconds: number): CompileTime {
  const bytes = { u8: 1, u16: 2, u32: 4, i32: 4 } as const;
  const { scratchWords, tables } = program;
  return {
    label,
    bimonncMilliseconds: bimonnc,
    gccMilliseconds,
    tableBytes: tables.reduce((sum, { element, values }) => sum + bytes[element] * values.length, 0),
    scratchBytes: scratchWords.kind === "constant" ? 4 * scratchWords.value : Number.NaN,
  };
}

function printList(programs: readonly WordProgram[]): string {
  const [first] = programs;
  if (first === undefined) return "";
  const lines = [
    '#include "dense-harness.h"',
    ...programs.map(({ name }) => `#include "${name}.h"`),
    ...programs.flatMap(({ name }) => [
      `static void call_${name}(const struct dense_job *job)`,
      "{",
      `    ${name}_run(job->bytes, job->count, job->classes, job->scores, job->scratch);`,
      "}",
    ]),
    "const struct dense_contender contenders[] = {",
    ...programs.map(({ name }) => `    {call_${name}, ${name.toUpperCase()}_SCRATCH_WORDS(1)},`),
    "};",
    `const size_t contender_count = ${programs.length};`,
    `size_t input_bytes(size_t count) { return ${first.name.toUpperCase()}_INPUT_BYTES(count); }`,
    `size_t score_limbs(size_t count) { return ${first.name.toUpperCase()}_SCORE_LIMBS(count); }`,
  ];
  return `${lines.join("\n")}\n`;
}

async function load({ artifacts }: Compilation): Promise<NodeContender["run"]> {
  const script = artifacts.find(({ path }) => path.endsWith(".js"))?.content;
  const binary = artifacts.find(({ path }) => path.endsWith(".wasm"))?.content;
  if (typeof script !== "string") throw new Error("no JavaScript");
  const loaded = (await importText(Buffer.from(script))) as unknown as {
    readonly run: NodeContender["run"];
    load(bytes: Uint8Array): Promise<{ readonly run: NodeContender["run"] }>;
  };
  return binary instanceof Uint8Array ? (await loaded.load(Uint8Array.from(binary))).run : loaded.run;
}

/** What this file needs of the engine; the types of Node have no WebAssembly. */
const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: {
    instantiate(bytes: Uint8Array): Promise<{
      readonly instance: {
        readonly exports: {
          readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
          readonly run: (...operands: number[]) => number;
        };
      };
    }>;
  };
};

const PAGE_BYTES = 65536;

/** The module's own function, which leaves scores as limbs; pictures are copied in when they are others than before. */
async function loadInPlace({ program, artifacts }: Compilation): Promise<NodeContender["run"]> {
  const binary = artifacts.find(({ path }) => path.endsWith(".wasm"))?.content;
  const { interface: contract, scratchWords, tables } = program;
  if (!(binary instanceof Uint8Array) || contract.kind !== "samples" || contract.output.kind !== "scores") {
    throw new Error("no WASM module with scores");
  }
  const { limbs, classes: labels } = contract.output;
  const { instance } = await WebAssembly.instantiate(Uint8Array.from(binary));
  const { memory, run } = instance.exports;
  const tableBytes = tables.reduce((sum, { values }) => sum + 16 + 4 * values.length, 0);
  const align = (bytes: number): number => Math.ceil(bytes / 64) * 64;
  let copied: Uint8Array | null = null;
  return (bytes, count) => {
    const scratch = align(tableBytes);
    const classes = align(scratch + 4 * (scratchWords.kind === "constant" ? scratchWords.value : 0));
    const scores = align(classes + 4 * count);
    const pictures = align(scores + 4 * count * labels * limbs);
    const missing = pictures + bytes.length - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    if (copied?.length !== bytes.length || copied.byteOffset !== bytes.byteOffset) {
      new Uint8Array(memory.buffer).set(bytes, pictures);
      copied = bytes;
    }
    run(pictures, classes, scores, scratch, count);
    return {
      classes: new Uint32Array(memory.buffer, classes, count),
      limbs: new Int32Array(memory.buffer, scores, count * labels * limbs),
    };
  };
}
