/** Times all contenders of one case in alternation, after checking that they answer the same. */
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { binarize } from "../src/binarize/binarize.js";
import { interpretModule } from "../src/ir/interpret.js";
import type { Picture } from "../src/morph/picture.js";
import { type BuildPeers, buildCProgram, type CProgram, cTargets } from "./c-program.js";
import { type BenchCase, packedInput } from "./cases.js";
import { createNodeContenders, type Extent, type NodeContender } from "./node-contenders.js";

/** Nanoseconds per call of each contender, one entry a slice; the slices of all contenders alternate. */
export interface Measurement {
  readonly each: BenchCase;
  readonly slices: ReadonlyMap<string, readonly number[]>;
}

/** A size at which the interpreter, the judge of all, is quick: it straddles words. */
const SMALL = { height: 45, width: 131 };

export async function measure(each: BenchCase, slices: number, buildPeers?: BuildPeers): Promise<Measurement> {
  return withProgram(each, buildPeers, async (program, folder) => {
    const small = each.count === 1 ? SMALL : { height: each.height, width: each.width };
    await checkAnswers(each, program, folder, { ...small, count: each.count }, expectedAnswer(each, small));
    await checkAnswers(each, program, folder, each, null);
    return { each, slices: await alternate(each, program, folder, slices) };
  });
}

async function withProgram<T>(
  each: BenchCase,
  buildPeers: BuildPeers | undefined,
  action: (program: CProgram, folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "bimonnc-bench-"));
  try {
    mkdirSync(folder, { recursive: true });
    return await action(await buildCProgram(each, folder, buildPeers), folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The interpreter's answer: packed words, or classes. */
function expectedAnswer(each: BenchCase, { height, width }: { height: number; width: number }): Uint32Array {
  const { module } = binarize(each.model, { policy: "auto" });
  const words = packedInput(each, height, width);
  const length = words.length / each.count;
  const strideWords = Math.ceil(width / 32);
  const answers = Array.from({ length: each.count }, (_, index) => {
    const image = { height, width, strideWords, words: words.slice(index * length, (index + 1) * length) };
    const picture: Picture = { kind: "bits", height, width, channels: [image] };
    return interpretModule(module, picture);
  });
  return Uint32Array.from(
    answers.flatMap((answer) => {
      switch (answer.kind) {
        case "images":
          return answer.images.flatMap((image) => [...image.words]);
        case "scores":
          return [answer.class];
        case "bits":
          throw new Error("no case answers bits");
      }
    }),
  );
}

/** @throws Error when two contenders, or one and `expected`, differ; scores come after what is expected */
async function checkAnswers(
  each: BenchCase,
  program: CProgram,
  folder: string,
  extent: Extent,
  expected: Uint32Array | null,
): Promise<void> {
  const input = packedInput(each, extent.height, extent.width);
  const file = join(folder, "answers");
  const operands = timeOperands(folder, input, extent, file);
  execFileSync(program.executable, operands, { input: "" });
  const bytes = readFileSync(file);
  const all = new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const node = await createNodeContenders(each, input, extent);
  const length = all.length / program.labels.length;
  const answers = [
    ...program.labels.map((label, index) => ({ label, words: all.slice(index * length, (index + 1) * length) })),
    ...node.map((contender) => ({ label: contender.label, words: contender.result() })),
  ];
  const reference = expected ?? answers[0]?.words ?? new Uint32Array();
  for (const { label, words } of answers) {
    const mask = comparedBits(extent, program.margins.get(label) ?? 0);
    const isEqual = reference.every((word, index) => ((word ^ (words[index] ?? 0)) & mask(index)) === 0);
    if (!isEqual || words.length !== length) throw new Error(`${each.title}: ${label} answers something else`);
  }
}

/** Of each word of a picture of one channel, the bits that are `margin` or more rows and columns from the edge. */
function comparedBits({ height, width }: Extent, margin: number): (index: number) => number {
  if (margin === 0) return () => -1;
  const stride = Math.ceil(width / 32);
  const columns = new Int32Array(stride);
  for (let column = margin; column < width - margin; column++) {
    columns[column >> 5] = (columns[column >> 5] ?? 0) | (1 << (column & 31));
  }
  return (index) => {
    const row = Math.floor(index / stride);
    return row >= margin && row < height - margin ? (columns[index % stride] ?? 0) : 0;
  };
}

function timeOperands(folder: string, input: Uint32Array, extent: Extent, answers: string): string[] {
  const file = join(folder, "input");
  writeFileSync(file, new Uint8Array(input.buffer, input.byteOffset, input.byteLength));
  return ["time", file, answers, ...[extent.height, extent.width, extent.count].map(String)];
}

const SLICE_MILLISECONDS = 4;
/** Until the engines have compiled what they run often. */
const WARM_UP_MILLISECONDS = 300;

async function alternate(
  each: BenchCase,
  program: CProgram,
  folder: string,
  slices: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const input = packedInput(each);
  const node = (await createNodeContenders(each, input, each)).map((contender) => ({
    contender,
    calls: warmUp(contender),
  }));
  const child = spawn(program.executable, timeOperands(folder, input, each, join(folder, "answers")), {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error("the harness ended early");
    return value;
  };
  const times = new Map<string, number[]>(
    [...program.labels, ...node.map(({ contender }) => contender.label)].map((label) => [label, []]),
  );
  try {
    await nextLine();
    for (let slice = 0; slice < slices; slice++) {
      child.stdin.write("\n");
      const measured = (await nextLine()).trim().split(" ").map(Number);
      program.labels.forEach((label, index) => times.get(label)?.push(measured[index] ?? Number.NaN));
      for (const { contender, calls } of node) times.get(contender.label)?.push(timeCalls(contender, calls));
    }
  } finally {
    child.stdin.end();
  }
  return times;
}

/** Nanoseconds per call. */
function timeCalls({ run }: NodeContender, calls: number): number {
  const start = process.hrtime.bigint();
  for (let call = 0; call < calls; call++) run();
  return Number(process.hrtime.bigint() - start) / calls;
}

/** @returns calls that fill a slice */
function warmUp(contender: NodeContender): number {
  const start = performance.now();
  let calls = 1;
  while (performance.now() - start < WARM_UP_MILLISECONDS) {
    const milliseconds = timeCalls(contender, calls) / 1e6;
    calls = Math.max(1, Math.round(SLICE_MILLISECONDS / milliseconds));
  }
  return calls;
}

export interface MemoryMeasurement {
  readonly title: string;
  readonly side: number;
  /** Largest resident memory of a process that runs a C target once, in bytes, by target. */
  readonly processBytes: ReadonlyMap<string, number>;
  /** Linear memory of the WASM module after one picture. */
  readonly wasmBytes: number;
}

export async function measureMemory(each: BenchCase, side: number): Promise<MemoryMeasurement> {
  return withProgram(each, undefined, async ({ executable, labels }) => {
    const processBytes = new Map<string, number>();
    for (const { label } of cTargets()) {
      const operands = ["memory", String(labels.indexOf(label)), String(side), String(side)];
      processBytes.set(label, 1024 * Number(execFileSync(executable, operands, { encoding: "utf8" })));
    }
    const extent = { height: side, width: side, count: 1 };
    const node = await createNodeContenders(each, packedInput(each, side, side), extent);
    const wasm = node.find(({ label }) => label === "wasm, in place");
    wasm?.run();
    return { title: each.title, side, processBytes, wasmBytes: wasm?.memoryBytes() ?? Number.NaN };
  });
}
