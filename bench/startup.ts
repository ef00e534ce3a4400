/**
 * `npm run bench:startup [-- --json]`: how long `bimonnc compile` takes on a small model beyond what Node itself takes
 * to start. Needs the output of `npm run build`.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeMachine, machineText } from "../src/run/timing/machine.js";
import { median } from "../src/run/timing/median.js";
import { COMPILER } from "./c-program.js";

const ROOT = join(import.meta.dirname, "..");
const MAIN = join(ROOT, "dist/cli/main.js");
const MODEL = join(ROOT, "fixtures/erosion_square3.pb");
const RUNS = 11;

/** Milliseconds beyond Node's own start. */
const GOALS = { c: 300, js: 700, wasm: 700 } as const;

function timeNode(operands: readonly string[]): number {
  const start = performance.now();
  execFileSync(process.execPath, operands, { stdio: "ignore" });
  return performance.now() - start;
}

/** Runs alternate, so that drift hits all alike; the first round, which fills caches, does not count. */
function measureStartup(folder: string): ReadonlyMap<string, readonly number[]> {
  const commands = new Map<string, readonly string[]>([
    ["node", ["-e", "0"]],
    ...Object.keys(GOALS).map((target): [string, readonly string[]] => [
      target,
      [MAIN, "compile", MODEL, "--target", target, "--quiet", "-o", join(folder, target)],
    ]),
  ]);
  const times = new Map<string, number[]>([...commands.keys()].map((name) => [name, []]));
  for (let round = 0; round <= RUNS; round++) {
    for (const [name, operands] of commands) {
      const milliseconds = timeNode(operands);
      if (round > 0) times.get(name)?.push(milliseconds);
    }
  }
  return times;
}

function main(): number {
  const { values } = parseArgs({ options: { json: { type: "boolean" } } });
  if (!existsSync(MAIN)) {
    console.error("dist/cli/main.js is missing; run: npm run build");
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), "bimonnc-startup-"));
  try {
    const times = measureStartup(folder);
    const node = median(times.get("node") ?? []);
    const rows = Object.entries(GOALS).map(([target, goal]) => {
      const total = median(times.get(target) ?? []);
      return { target, milliseconds: total - node, goal };
    });
    const machine = describeMachine(COMPILER);
    if (values.json === true) {
      console.log(JSON.stringify({ machine, runs: RUNS, nodeMilliseconds: node, targets: rows }, null, 2));
      return 0;
    }
    console.log(`${machineText(machine)}\nnode -e 0: ${node.toFixed(0)} ms, median of ${RUNS}`);
    for (const { target, milliseconds, goal } of rows) {
      const verdict = milliseconds < goal ? "reached" : "missed";
      console.log(
        `compile --target ${target}: ${milliseconds.toFixed(0)} ms more (goal: less than ${goal}, ${verdict})`,
      );
    }
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = main();
