/**
 * `npm run bench [-- --quick] [--json] [--write]`: speed and memory of generated code against a plain loop over bytes,
 * on this machine. `--write` also writes its part of bench/RESULTS.md. Needs gcc.
 */
import { parseArgs } from "node:util";
import { findCompiler } from "../src/run/run-c.js";
import { describeMachine } from "../src/run/timing/machine.js";
import { COMPILER } from "./c-program.js";
import { DENSE_CASE, ELEMENT_CASES, NETWORK_CASES, SQUARE_CASE, STICKS_CASE } from "./cases.js";
import { type Measurement, type MemoryMeasurement, measure, measureMemory } from "./measure.js";
import { printJson, printReport, type Results } from "./report.js";
import { writePart } from "./results-file.js";

const SLICES = 61;
const QUICK_SLICES = 9;
const MEMORY_SIDE = 2048;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { quick: { type: "boolean" }, json: { type: "boolean" }, write: { type: "boolean" } },
  });
  if (findCompiler(COMPILER) === null) {
    console.error("gcc was not found; the benchmark compares with C compiled by it");
    return 2;
  }
  const slices = values.quick === true ? QUICK_SLICES : SLICES;
  const measureEach = async (cases: readonly Parameters<typeof measure>[0][]): Promise<Measurement[]> => {
    const measurements: Measurement[] = [];
    for (const each of cases) {
      console.error(each.title);
      measurements.push(await measure(each, slices));
    }
    return measurements;
  };
  const elements = await measureEach(ELEMENT_CASES);
  const networks = await measureEach(NETWORK_CASES);
  const [dense] = await measureEach([DENSE_CASE]);
  if (dense === undefined) throw new Error("nothing was measured");
  const memory: MemoryMeasurement[] = [];
  for (const each of [SQUARE_CASE, STICKS_CASE]) memory.push(await measureMemory(each, MEMORY_SIDE));
  const results: Results = { machine: describeMachine(COMPILER), slices, elements, networks, dense, memory };
  const report = printReport(results);
  console.log(values.json === true ? printJson(results).trimEnd() : report.trimEnd());
  if (values.write === true) writePart("bench", report);
  return 0;
}

process.exitCode = await main();
