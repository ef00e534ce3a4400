/**
 * `npm run bench:dense [-- --quick] [--write]`: pictures per second of dense networks, bytes in, class
 * out, on one core of this machine. `--write` also writes bench/DENSE.md. Needs gcc.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { interpretModule } from "../src/ir/interpret.js";
import type { MorphModule } from "../src/ir/node.js";
import { alternate, type Slices } from "../src/run/timing/alternate.js";
import { openHarness } from "../src/run/timing/c-harness.js";
import { describeMachine, machineText } from "../src/run/timing/machine.js";
import { median } from "../src/run/timing/median.js";
import { type NodeTimer, openNodeTimer } from "../src/run/timing/node-timer.js";
import type { SampleInterface } from "../src/word/node.js";
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
      case: { type: "string", default: "" },
    },
  });
  const measured: Measured[] = [];
  for (const [title, shape] of CASES.filter(([, { weights }]) => weights.includes(values.case))) {
    console.error(title);
    measured.push(await measure(title, shape, values.quick === true ? QUICK_SLICES : SLICES));
  }
  const text = report(measured, values.quick === true ? QUICK_SLICES : SLICES);
  console.log(text);
  if (values.write === true) {
    const head = "# Dense networks\n\nWritten by `npm run bench:dense -- --write`.\n\n";
    writeFileSync(join(import.meta.dirname, "DENSE.md"), head + text);
  }
}

async function measure(title: string, shape: DenseShape, slices: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "bimonnc-dense-"));
  try {
    const contenders = await buildContenders(denseModel("dense", shape, SEED), folder);
    const node = openNodeTimer(contenders.artifacts);
    const pictures = densePictures(shape, COUNT, SEED + 1);
    const time = (count: number): Promise<Slices> =>
      timeCalls({ ...contenders, folder, node }, shape, pictures.subarray(0, count * shape.side ** 2), slices);
    const times = async (): Promise<readonly [many: Slices, single: Slices]> => [await time(COUNT), await time(1)];
    const [many, single] = await times().finally(async () => node.close());
    const rows = [...many].map(([label, slicesOfMany]) => ({
      label,
      many: median(slicesOfMany),
      fastest: Math.min(...slicesOfMany),
      single: median(single.get(label) ?? []),
    }));
    return { title, rows, times: contenders.times, binarizeMilliseconds: contenders.binarizeMilliseconds };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Until the engines have compiled what they run often. */
const WARM_UP_MILLISECONDS = 300;

/** Nanoseconds per call with all of the pictures. */
async function timeCalls(
  { module, contract, labels, executable, folder, node }: DenseContenders & { folder: string; node: NodeTimer },
  { side }: DenseShape,
  pictures: Uint8Array,
  slices: number,
): Promise<Slices> {
  const extent = { height: side, width: side, count: pictures.length / side ** 2 };
  const harness = await openHarness({ folder, executable, labels, extent, input: pictures });
  try {
    const ofNode = await node.answer({ contract, extent, input: pictures });
    const expected = expectedAnswers(module, contract, side, pictures, Math.min(JUDGED, extent.count));
    const reference = harness.answers[0] ?? new Uint32Array();
    for (const [index, answer] of [...harness.answers, ...ofNode].entries()) {
      const label = [...labels, ...node.labels][index] ?? "";
      if (expected.some(([at, word]) => answer[at] !== word)) throw new Error(`${label} answers something else`);
      if (answer.some((word, at) => word !== reference[at]))
        throw new Error(`${label} differs from ${labels[0] ?? ""}`);
    }
    await node.warmUp(WARM_UP_MILLISECONDS);
    return await alternate([harness, node], (done) => done < slices);
  } finally {
    await harness.close();
  }
}

/** What the interpreter answers for the first pictures: places in an answer (see answer.ts) and their words. */
function expectedAnswers(
  module: MorphModule,
  { output }: SampleInterface,
  side: number,
  pictures: Uint8Array,
  judged: number,
): readonly (readonly [at: number, word: number])[] {
  if (output.kind !== "scores") throw new Error("no scores");
  const { classes, limbs, limbBits } = output;
  const count = pictures.length / side ** 2;
  return Array.from({ length: judged }, (_, index) => {
    const channels = [pictures.subarray(index * side ** 2, (index + 1) * side ** 2)];
    const outcome = interpretModule(module, { kind: "bytes", height: side, width: side, channels });
    if (outcome.kind !== "scores") throw new Error("no scores");
    const words = outcome.scores.flatMap((score) =>
      Array.from({ length: limbs }, (_unused, limb) => {
        const part = score >> BigInt(limbBits * limb);
        return Number(BigInt.asUintN(32, limb === limbs - 1 ? part : BigInt.asUintN(limbBits, part)));
      }),
    );
    return [
      [index, outcome.class] as const,
      ...words.map((word, at) => [count + index * classes * limbs + at, word] as const),
    ];
  }).flat();
}

function report(measured: readonly Measured[], slices: number): string {
  const lines = [
    `Machine: ${machineText(describeMachine(COMPILER))}.`,
    "",
    `Medians of ${slices} slices of about 4 ms or a call, in alternation, on one thread. A network of one layer from a seed: neurons of ${SHAPE.members} random`,
    "pixels, one half of them ands, the other ors, a quarter complemented. From bytes, cut at one level, to classes and",
    `scores, which were compared with the interpreter's before. ${COUNT} pictures in a call, and one. \`wasm\`, \`wasm-mvp\` and \`js\` are the`,
    "generated wrappers in Node, into the result of the call before; they copy pictures in and turn scores into doubles; `in place` is the module's own function.",
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
