/**
 * `npm run bench:dense [-- --quick] [--write] [--only PATTERN]`: pictures per second of dense networks, bytes in, class
 * out, on one core of this machine. `--write` also writes bench/DENSE.md. Needs gcc.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { interpretModule } from "../src/ir/interpret.js";
import { describeMachine, machineText } from "../src/run/timing/machine.js";
import { median } from "../src/run/timing/median.js";
import { COMPILER } from "./c-program.js";
import { buildContenders, type CompileTime, type DenseContenders } from "./dense-contenders.js";
import { type DenseShape, denseModel, densePictures } from "./dense-model.js";

const SEED = 20261127;
const SHAPE: DenseShape = { side: 28, neurons: 4096, members: 40, classes: 10, weights: "integers" };
const CASES: readonly (readonly [string, DenseShape])[] = [
  ["784 → 4096 → 10, weights of the read-out −7 … 7", SHAPE],
  ["784 → 4096 → 10, weights of the read-out float32", { ...SHAPE, weights: "floats" }],
];

/** Pictures in one call; a multiple of what any target takes at a time. */
const COUNT = 4096;
/** Pictures that the interpreter judges: neither a whole number of words nor of vectors. */
const JUDGED = 150;
const SLICES = 21;
const QUICK_SLICES = 5;

interface Row {
  readonly label: string;
  /** Nanoseconds of a call with `COUNT` pictures: median and fastest slice. */
  readonly many: number;
  readonly fastest: number;
  /** Median nanoseconds of a call with one picture. */
  readonly single: number;
}

interface Measured {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly times: readonly CompileTime[];
  readonly binarizeMilliseconds: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean" },
      write: { type: "boolean" },
      only: { type: "string", default: "" },
      case: { type: "string", default: "" },
    },
  });
  const measured: Measured[] = [];
  for (const [title, shape] of CASES.filter(([, { weights }]) => weights.includes(values.case))) {
    console.error(title);
    measured.push(await measure(title, shape, new RegExp(values.only), values.quick === true ? QUICK_SLICES : SLICES));
  }
  const text = report(measured, values.quick === true ? QUICK_SLICES : SLICES);
  console.log(text);
  if (values.write === true) {
    const head = "# Dense networks\n\nWritten by `npm run bench:dense -- --write`.\n\n";
    writeFileSync(join(import.meta.dirname, "DENSE.md"), head + text);
  }
}

async function measure(title: string, shape: DenseShape, filter: RegExp, slices: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "bimonnc-dense-"));
  try {
    const contenders = await buildContenders(denseModel("dense", shape, SEED), folder, filter);
    const bytes = densePictures(shape, COUNT, SEED + 1);
    checkAnswers(contenders, shape, bytes, folder);
    const rows = await timeAll(contenders, shape, bytes, folder, slices);
    return { title, rows, times: contenders.times, binarizeMilliseconds: contenders.binarizeMilliseconds };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @throws Error where a contender's classes or scores are not the interpreter's, or another contender's */
function checkAnswers(contenders: DenseContenders, shape: DenseShape, bytes: Uint8Array, folder: string): void {
  const pixels = shape.side * shape.side;
  const { output } = contenders.program.interface as Extract<
    DenseContenders["program"]["interface"],
    { kind: "samples" }
  >;
  if (output.kind !== "scores") throw new Error("no scores");
  const { module } = contenders.binarization;
  const expected = Array.from({ length: JUDGED }, (_, index) => {
    const channels = [bytes.subarray(index * pixels, (index + 1) * pixels)];
    const outcome = interpretModule(module, { kind: "bytes", height: shape.side, width: shape.side, channels });
    if (outcome.kind !== "scores") throw new Error("no scores");
    return outcome;
  });
  const perSample = output.classes * output.limbs;
  const check = (label: string, classes: Uint32Array, limbs: Int32Array): void => {
    for (const [index, { class: winner, scores }] of expected.entries()) {
      const own = scores.map((_, each) => {
        const at = index * perSample + each * output.limbs;
        return limbs
          .subarray(at, at + output.limbs)
          .reduceRight((sum, limb) => (sum << BigInt(output.limbBits)) + BigInt(limb), 0n);
      });
      if (classes[index] !== winner || own.some((score, each) => score !== scores[each])) {
        throw new Error(`${label} answers something else for picture ${index}`);
      }
    }
  };
  const words = runProgram(contenders, bytes, folder, COUNT);
  const length = COUNT * (1 + perSample);
  const reference = words.subarray(0, length);
  contenders.labels.forEach((label, index) => {
    const own = words.subarray(index * length, (index + 1) * length);
    check(label, own.subarray(0, COUNT), new Int32Array(own.buffer, own.byteOffset + 4 * COUNT, COUNT * perSample));
    if (!own.every((word, at) => word === reference[at])) throw new Error(`${label} answers something else`);
  });
  for (const { label, run } of contenders.node) {
    const { classes, limbs } = run(bytes.subarray(0, JUDGED * pixels), JUDGED);
    check(label, classes, limbs);
  }
}

function runProgram({ executable }: DenseContenders, bytes: Uint8Array, folder: string, count: number): Uint32Array {
  const file = join(folder, "answers");
  writeFileSync(join(folder, "pictures"), bytes);
  execFileSync(executable, [join(folder, "pictures"), file, String(count)], { input: "" });
  const answers = readFileSync(file);
  return new Uint32Array(answers.buffer.slice(answers.byteOffset, answers.byteOffset + answers.length));
}

async function timeAll(
  { executable, labels, node }: DenseContenders,
  { side }: DenseShape,
  bytes: Uint8Array,
  folder: string,
  slices: number,
): Promise<Row[]> {
  const operands = [join(folder, "pictures"), join(folder, "answers"), String(COUNT)];
  const child = spawn(executable, operands, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error("the harness ended early");
    return value;
  };
  const times = new Map<string, { many: number[]; single: number[] }>(
    [...labels, ...node.map(({ label }) => label)].map((label) => [label, { many: [], single: [] }]),
  );
  try {
    await nextLine();
    for (let slice = 0; slice < slices; slice++) {
      for (const [field, count] of [
        ["many", COUNT],
        ["single", 1],
      ] as const) {
        child.stdin.write(`${count}\n`);
        const measured = (await nextLine()).trim().split(" ").map(Number);
        labels.forEach((label, index) => times.get(label)?.[field].push(measured[index] ?? Number.NaN));
        const pictures = bytes.subarray(0, count * side * side);
        for (const { label, run } of node) times.get(label)?.[field].push(timeCalls(() => run(pictures, count)));
      }
    }
  } finally {
    child.stdin.end();
  }
  return [...times].map(([label, { many, single }]) => ({
    label,
    many: median(many),
    fastest: Math.min(...many),
    single: median(single),
  }));
}

const SLICE_NANOSECONDS = 1e7;

/** Nanoseconds per call, the mean over a slice. */
function timeCalls(run: () => void): number {
  const start = cpuNanoseconds();
  for (let calls = 1; ; calls++) {
    run();
    const spent = cpuNanoseconds() - start;
    if (spent >= SLICE_NANOSECONDS) return spent / calls;
  }
}

/** Of this process, as the C harness counts. */
function cpuNanoseconds(): number {
  const { user, system } = process.cpuUsage();
  return 1e3 * (user + system);
}

function report(measured: readonly Measured[], slices: number): string {
  const lines = [
    `Machine: ${machineText(describeMachine(COMPILER))}.`,
    "",
    `Medians of ${slices} slices of 10 ms of processor time or a call, in alternation, on one core. A network of one layer from a seed: neurons of ${SHAPE.members} random`,
    "pixels, one half of them ands, the other ors, a quarter complemented. From bytes, cut at one level, to classes and",
    `scores, which were compared with the interpreter's before. ${COUNT} pictures in a call, and one. \`wasm\`, \`wasm-mvp\` and \`js\` are the`,
    "generated wrappers in Node, which copy pictures in and turn scores into doubles; `in place` is the module's own function.",
  ];
  for (const { title, rows, times, binarizeMilliseconds } of measured) {
    lines.push(
      "",
      `## ${title}`,
      "",
      "|  | million pictures/s | in the fastest slice | ns/picture | one picture, µs |",
      "| --- | --: | --: | --: | --: |",
      ...rows.map(({ label, many, fastest, single }) => {
        const each = many / COUNT;
        return `| ${label} | ${(1e3 / each).toPrecision(3)} | ${((1e3 * COUNT) / fastest).toPrecision(3)} | ${each.toPrecision(3)} | ${(single / 1e3).toPrecision(3)} |`;
      }),
      "",
      `Compilation (binarization, ${(binarizeMilliseconds / 1e3).toFixed(1)} s, is common to all):`,
      "",
      "|  | lowering and printing, s | gcc -O2, s | tables, KB | scratch, KB |",
      "| --- | --: | --: | --: | --: |",
      ...times.map((time) => {
        const seconds = (milliseconds: number): string =>
          Number.isNaN(milliseconds) ? "" : (milliseconds / 1e3).toFixed(2);
        const kilobytes = (bytes: number): string => (bytes / 1024).toFixed(0);
        return `| ${time.label} | ${seconds(time.bimonncMilliseconds)} | ${seconds(time.gccMilliseconds)} | ${kilobytes(time.tableBytes)} | ${kilobytes(time.scratchBytes)} |`;
      }),
    );
  }
  return `${lines.join("\n")}\n`;
}

await main();
