/** How long compiling takes: `bimonnc compile` by the size of the network, and the C compiler on what comes of large ones. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { operatorBinarization } from "../../src/cli/bench/operator-module.js";
import { compileBinarized } from "../../src/compile.js";
import type { MorphModule } from "../../src/ir/node.js";
import { encodeModel } from "../../src/model/encode.js";
import { vectorFlags } from "../../src/run/timing/machine.js";
import { COMPILER, preset } from "../c-program.js";
import { fullNetwork, gateModule } from "./networks.js";

export const MAIN = join(import.meta.dirname, "../../dist/cli/main.js");

export interface Duration {
  /** By the clock. */
  readonly seconds: number;
  /** Of the processor, all threads together; null where it is not known. */
  readonly processorSeconds: number | null;
}

export interface CompileTime extends Duration {
  readonly layers: number;
  readonly channels: number;
  readonly target: string;
}

export interface CCompileTime extends Duration {
  readonly title: string;
  readonly bytes: number;
}

/** Goals, in seconds. */
export const COMPILE_GOAL = { layers: 16, channels: 32, seconds: 5 } as const;
export const C_COMPILE_GOAL = 20;

/** Told by the process itself when it ends. */
const TELLING = `data:text/javascript,${encodeURIComponent(
  `process.on("exit", () => { const { user, system } = process.cpuUsage(); console.error((user + system) / 1e6); });`,
)}`;

const MOST_MILLISECONDS = 60_000;

/** Chance matters little for what takes longer. */
const LONG_SECONDS = 8;

/** The faster of two runs, unless the first takes long; small networks first. */
export function measureCompile(
  sizes: readonly (readonly [layers: number, channels: number])[],
  targets: readonly string[],
  isLate: () => boolean,
): readonly CompileTime[] {
  const times = inFolder((folder) =>
    sizes.flatMap(([layers, channels]) => {
      const model = join(folder, "model.pb");
      writeFileSync(model, encodeModel(fullNetwork(layers, channels)));
      return targets.flatMap((target): CompileTime[] => {
        if (isLate()) {
          console.error(`${layers} × ${channels} for ${target} is left out: time is up`);
          return [];
        }
        const operands = [
          "--import",
          TELLING,
          MAIN,
          "compile",
          model,
          "-t",
          target,
          "-o",
          join(folder, target),
          "--quiet",
        ];
        const run = (): Duration => {
          const start = performance.now();
          const { status, stderr } = spawnSync(process.execPath, operands, {
            encoding: "utf8",
            timeout: MOST_MILLISECONDS,
          });
          if (status !== 0) throw new Error(`bimonnc compile ended with ${status}: ${stderr}`);
          return { seconds: (performance.now() - start) / 1000, processorSeconds: Number(stderr) };
        };
        const first = run();
        const runs = first.seconds > LONG_SECONDS ? [first] : [first, run()];
        const fastest = runs.reduce((best, each) => (each.seconds < best.seconds ? each : best));
        return [{ layers, channels, target, ...fastest }];
      });
    }),
  );
  return times.toSorted((a, b) => a.layers * a.channels - b.layers * b.channels);
}

const GATE_LAYERS = 6;
const GATES_PER_LAYER = 8000;

/** The C compiler with -O2 on generated C of large networks. */
export async function measureCCompile(target: string, isLate: () => boolean): Promise<readonly CCompileTime[]> {
  const { layers, channels } = COMPILE_GOAL;
  const cases: readonly { readonly title: string; readonly files: () => Promise<readonly CFile[]> }[] = [
    {
      title: `${layers} layers of ${channels} channels`,
      files: async () =>
        inFolder((folder) => {
          const model = join(folder, "model.pb");
          writeFileSync(model, encodeModel(fullNetwork(layers, channels)));
          spawnSync(process.execPath, [MAIN, "compile", model, "-t", target, "-o", folder, "--quiet"]);
          return ["growth.c", "growth.h"].map((path) => ({ path, content: readFileSync(join(folder, path), "utf8") }));
        }),
    },
    {
      title: `${GATE_LAYERS * GATES_PER_LAYER} gates in ${GATE_LAYERS} layers, and a read-out`,
      files: () => generate(gateModule(GATE_LAYERS, GATES_PER_LAYER), target),
    },
  ];
  const times: CCompileTime[] = [];
  for (const { title, files } of cases) {
    if (isLate()) console.error(`${COMPILER} on ${title} is left out: time is up`);
    else times.push({ title, ...timeC(await files(), vectorFlags(preset(target).lanes)) });
  }
  return times;
}

interface CFile {
  readonly path: string;
  readonly content: string;
}

async function generate(module: MorphModule, target: string): Promise<readonly CFile[]> {
  const options = { policy: "auto", target: preset(target), modelSha256: "0".repeat(64) } as const;
  const { artifacts } = await compileBinarized(operatorBinarization(module), options);
  return artifacts.map(({ path, content }) => ({ path, content: String(content) }));
}

function timeC(files: readonly CFile[], flags: readonly string[]): Duration & { readonly bytes: number } {
  return inFolder((folder) => {
    for (const { path, content } of files) writeFileSync(join(folder, path), content);
    const source = join(folder, "growth.c");
    const start = performance.now();
    const { status } = spawnSync(
      COMPILER,
      ["-std=c99", "-O2", ...flags, "-c", "-o", join(folder, "growth.o"), source],
      {
        timeout: MOST_MILLISECONDS,
      },
    );
    if (status !== 0) throw new Error(`${COMPILER} ended with ${status}`);
    const seconds = (performance.now() - start) / 1000;
    return { seconds, processorSeconds: null, bytes: readFileSync(source).length };
  });
}

function inFolder<T>(action: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "bimonnc-growth-"));
  try {
    return action(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
