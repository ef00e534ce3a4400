/** How the cost of running grows: nanoseconds per pixel of networks of several sizes, on pictures of several sizes. */
import { binarize } from "../../src/binarize/binarize.js";
import { checkMemory } from "../../src/cli/bench/bench-input.js";
import { type CompiledTarget, compileTargets, scratchWordsOf } from "../../src/cli/bench/bench-targets.js";
import { measureTargets } from "../../src/cli/bench/measure-targets.js";
import { planTrials } from "../../src/cli/bench/plan-trials.js";
import { Context } from "../../src/cli/context.js";
import type { MorphModule } from "../../src/ir/node.js";
import type { Model } from "../../src/model/types.js";
import { MEMCPY } from "../../src/run/timing/c-contenders.js";
import { missingExtension } from "../../src/run/timing/machine.js";
import { median } from "../../src/run/timing/median.js";
import { COMPILER, preset } from "../c-program.js";

/** Nanoseconds per pixel and unit of size, by contender. */
export interface Point {
  readonly size: number;
  readonly cost: ReadonlyMap<string, number>;
}

export interface Series {
  readonly title: string;
  /** What grows. */
  readonly axis: string;
  /** What the cost is divided by besides pixels; null if nothing. */
  readonly unit: string | null;
  readonly points: readonly Point[];
}

/** One network on one picture. */
export interface Step {
  readonly size: number;
  readonly model: Model;
  readonly side: number;
  /** Units that the cost is divided by. */
  readonly units: number;
}

const SIDE = 1024;

export const sideSteps = (model: Model, sides: readonly number[]): readonly Step[] =>
  sides.map((side) => ({ size: side, model, side, units: 1 }));

export const networkSteps = (
  sizes: readonly number[],
  modelOf: (size: number) => Model,
  unitsOf: (size: number) => number,
): readonly Step[] => sizes.map((size) => ({ size, model: modelOf(size), side: SIDE, units: unitsOf(size) }));

/** C for the widest vectors up to AVX2 that the machine has, WASM and JavaScript. */
export function growthTargets(): readonly string[] {
  return [missingExtension(preset("c-avx2").lanes) === null ? "c-avx2" : "c", "wasm", "js"];
}

/** Of what is left when time runs out, nothing is measured. */
export async function measureSteps(
  steps: readonly Step[],
  seconds: number,
  isLate: () => boolean,
): Promise<readonly Point[]> {
  const points: Point[] = [];
  let compiled: Compiled | null = null;
  for (const step of steps) {
    if (isLate()) {
      console.error(`size ${step.size} is left out: time is up`);
      continue;
    }
    if (compiled === null || compiled.model !== step.model) compiled = await compileAll(step.model);
    points.push({ size: step.size, cost: await measureStep(step, compiled, seconds) });
  }
  return points;
}

const LEAST_SLICES = 5;
const WARM_UP_MILLISECONDS = 150;
const INTERPRETED_STEPS = 2 ** 24;

interface Compiled {
  readonly model: Model;
  readonly module: MorphModule;
  readonly targets: readonly CompiledTarget[];
}

async function compileAll(model: Model): Promise<Compiled> {
  const binarization = binarize(model, { policy: "auto", forCode: true });
  const options = { policy: "auto", modelSha256: "0".repeat(64) } as const;
  const subject = { title: model.name, fields: {}, binarization, options, source: model.name };
  return {
    model,
    module: binarization.module,
    targets: await compileTargets(subject, growthTargets().map(preset), QUIET),
  };
}

async function measureStep(
  { side, units }: Step,
  { module, targets }: Compiled,
  seconds: number,
): Promise<ReadonlyMap<string, number>> {
  const [first] = targets;
  if (first === undefined) throw new Error("no targets");
  const contract = first.compilation.program.interface;
  const extent = { height: side, width: side, count: 1 };
  for (const target of targets) checkMemory(contract, extent, scratchWordsOf(target, extent));
  const trials = planTrials(module, contract, extent, INTERPRETED_STEPS);
  const effort = { seconds, leastSlices: LEAST_SLICES, warmUpMilliseconds: WARM_UP_MILLISECONDS };
  const slices = await measureTargets({ contract, targets, compiler: COMPILER, trials, ...effort }, QUIET);
  return new Map([...slices].map(([label, times]) => [label, median(times) / (side * side * units)]));
}

/** Contenders in the order of tables. */
export function labelsOf(points: readonly Point[]): readonly string[] {
  const labels = new Set(points.flatMap(({ cost }) => [...cost.keys()]));
  return [...labels].toSorted((a, b) => Number(a === MEMCPY) - Number(b === MEMCPY));
}

const QUIET = new Context(
  {
    env: {},
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    readStdin: async () => new Uint8Array(),
    writeStdout: () => undefined,
    writeStderr: () => undefined,
  },
  { json: false, quiet: true },
);
