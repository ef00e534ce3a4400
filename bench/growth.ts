/**
 * `npm run bench:growth [-- --quick] [--write]`: how the cost of running grows with the picture's side, with channels and with
 * layers, and how long compiling takes. `--write` also writes docs/growth.md and docs/growth.svg. Needs gcc and the output of
 * `npm run build`; takes eight minutes at most, and leaves out what it has no time for.
 */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findCompiler } from "../src/run/run-c.js";
import { describeMachine } from "../src/run/timing/machine.js";
import { COMPILER } from "./c-program.js";
import { STICKS_CASE } from "./cases.js";
import { MAIN, measureCCompile, measureCompile } from "./growth/measure-compile.js";
import { growthTargets, measureSteps, networkSteps, type Series, type Step, sideSteps } from "./growth/measure-run.js";
import { layeredNetwork } from "./growth/networks.js";
import { growthSvg } from "./growth/plot.js";
import { type Growth, HEADING, panelsOf, plottedLabels, printGrowth } from "./growth/report.js";

/** Of each part, so that a busy machine does not spend all on the first; what was begun before may take half a minute more. */
const MINUTES = { compile: 2, cCompile: 1, series: 1.5 } as const;
const SECONDS = 1.5;
const QUICK_SECONDS = 0.1;

const SIDES = [256, 512, 1024, 2048, 4096, 8192];
const CHANNELS = [1, 2, 4, 8, 16, 32, 64];
const LAYERS = [1, 2, 4, 8, 16];
const CHANNELS_OF_LAYERS = 8;
/** The one with a goal comes first, as time may run out. */
const COMPILED_SIZES = [
  [16, 32],
  [1, 8],
  [4, 8],
  [16, 8],
  [8, 32],
] as const;

/** Whether so much time has passed from now on. */
function deadline(minutes: number): () => boolean {
  const end = performance.now() + 60_000 * minutes;
  return () => performance.now() > end;
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { quick: { type: "boolean" }, write: { type: "boolean" } } });
  if (findCompiler(COMPILER) === null) {
    console.error(`${COMPILER} was not found; the benchmark measures C compiled by it`);
    return 2;
  }
  if (!existsSync(MAIN)) {
    console.error("dist/cli/main.js is missing; run: npm run build");
    return 2;
  }
  const seconds = values.quick === true ? QUICK_SECONDS : SECONDS;
  const measure = async (head: Omit<Series, "points">, steps: readonly Step[]): Promise<Series> => {
    console.error(head.title);
    return { ...head, points: await measureSteps(steps, seconds, deadline(MINUTES.series)) };
  };
  console.error("compiling");
  const [cTarget = "c"] = growthTargets();
  const compileTimes = measureCompile(COMPILED_SIZES, growthTargets(), deadline(MINUTES.compile));
  const cCompileTimes = await measureCCompile(cTarget, deadline(MINUTES.cCompile));
  const series = [
    await measure(
      { title: "Network noisy_sticks, by the picture's side", axis: "side, pixels", unit: null },
      sideSteps(STICKS_CASE.model, SIDES),
    ),
    await measure(
      { title: "Two layers, by channels between them", axis: "channels", unit: "channel" },
      networkSteps(
        CHANNELS,
        (channels) => layeredNetwork(1, channels),
        (channels) => channels,
      ),
    ),
    await measure(
      { title: `Layers of ${CHANNELS_OF_LAYERS} channels, by layers`, axis: "layers", unit: "layer × channel" },
      networkSteps(
        LAYERS,
        (layers) => layeredNetwork(layers, CHANNELS_OF_LAYERS),
        (layers) => layers * CHANNELS_OF_LAYERS,
      ),
    ),
  ];
  const growth: Growth = { machine: describeMachine(COMPILER), seconds, cTarget, series, compileTimes, cCompileTimes };
  const report = printGrowth(growth);
  console.log(report.trimEnd());
  if (values.write === true) {
    const docs = join(import.meta.dirname, "../docs");
    writeFileSync(join(docs, "growth.md"), report);
    writeFileSync(join(docs, "growth.svg"), growthSvg(HEADING, panelsOf(growth), plottedLabels(cTarget)));
  }
  return 0;
}

process.exitCode = await main();
