/** Times all contenders of one case in alternation, after checking that they answer the same. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { binarize } from "../src/binarize/binarize.js";
import { interpretModule } from "../src/ir/interpret.js";
import type { Picture } from "../src/morph/picture.js";
import type { Extent, ProgramInterface } from "../src/run/exchange.js";
import { alternate, type Slices } from "../src/run/timing/alternate.js";
import { openHarness } from "../src/run/timing/c-harness.js";
import { inPlaceLabel, openNodeContenders } from "../src/run/timing/node-contenders.js";
import { type NodeTimer, openNodeTimer } from "../src/run/timing/node-timer.js";
import { type BuildPeers, buildCProgram, type CProgram, cTargets } from "./c-program.js";
import { type BenchCase, packedInput } from "./cases.js";
import { nodeWork } from "./node-work.js";

/** Nanoseconds per call of each contender, one entry a slice; the slices of all contenders alternate. */
export interface Measurement {
  readonly each: BenchCase;
  readonly slices: Slices;
}

/** A size at which the interpreter, the judge of all, is quick: it straddles words. */
const SMALL = { height: 45, width: 131 };

export async function measure(each: BenchCase, slices: number, buildPeers?: BuildPeers): Promise<Measurement> {
  return withProgram(each, buildPeers, async (program, folder) => {
    const { artifacts, contract } = await nodeWork(each);
    const contenders = { program, folder, contract, node: openNodeTimer(artifacts) };
    const small = each.count === 1 ? SMALL : { height: each.height, width: each.width };
    try {
      await checkAnswers(each, contenders, { ...small, count: each.count }, expectedAnswer(each, small));
      await checkAnswers(each, contenders, each, null);
      return { each, slices: await timeAll(each, contenders, slices) };
    } finally {
      await contenders.node.close();
    }
  });
}

interface Contenders {
  readonly program: CProgram;
  readonly folder: string;
  readonly contract: ProgramInterface;
  readonly node: NodeTimer;
}

async function withProgram<T>(
  each: BenchCase,
  buildPeers: BuildPeers | undefined,
  action: (program: CProgram, folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "bimonnc-bench-"));
  try {
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
  { program, folder, contract, node }: Contenders,
  { height, width, count }: Extent,
  expected: Uint32Array | null,
): Promise<void> {
  const input = packedInput(each, height, width);
  const extent = { height, width, count };
  const harness = await openHarness({ folder, ...program, extent, input });
  await harness.close();
  const ofNode = await node.answer({ contract, extent, input });
  const answers = [
    ...program.labels.map((label, index) => ({ label, words: harness.answers[index] ?? new Uint32Array() })),
    ...node.labels.map((label, index) => ({ label, words: ofNode[index] ?? new Uint32Array() })),
  ];
  const length = answers[0]?.words.length;
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

/** Until the engines have compiled what they run often. */
const WARM_UP_MILLISECONDS = 300;

/** What was answered last. */
async function timeAll(each: BenchCase, { program, folder, node }: Contenders, slices: number): Promise<Slices> {
  const harness = await openHarness({ folder, ...program, extent: each, input: packedInput(each) });
  try {
    await node.warmUp(WARM_UP_MILLISECONDS);
    return await alternate([harness, node], (done) => done < slices);
  } finally {
    await harness.close();
  }
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
    for (const { name: label } of cTargets()) {
      const operands = ["memory", String(labels.indexOf(label)), String(side), String(side)];
      processBytes.set(label, 1024 * Number(execFileSync(executable, operands, { encoding: "utf8" })));
    }
    const extent = { height: side, width: side, count: 1 };
    const { artifacts, contract } = await nodeWork(each);
    const node = await openNodeContenders(artifacts, { contract, extent, input: packedInput(each, side, side) });
    const wasm = node.find(({ label }) => label === inPlaceLabel("wasm"));
    wasm?.run();
    return { title: each.title, side, processBytes, wasmBytes: wasm?.memoryBytes() ?? Number.NaN };
  });
}
