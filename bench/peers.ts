/**
 * `npm run bench:peers [-- --quick] [--write]`: generated code against what one would use instead, Leptonica and OpenCV,
 * in one run on this machine. `--write` also writes its part of bench/RESULTS.md. Needs gcc, and one of the libraries at least.
 */
import { parseArgs } from "node:util";
import { findCompiler } from "../src/run/run-c.js";
import { describeMachine } from "../src/run/timing/machine.js";
import { COMPILER } from "./c-program.js";
import { type Measurement, measure } from "./measure.js";
import { peersOf } from "./peers/contenders.js";
import { chainCase, elementCases, type PeerCase } from "./peers/elements.js";
import { findLibraries, type Libraries } from "./peers/libraries.js";
import { printPeers } from "./peers/report.js";
import { layersOf, streamCases } from "./peers/streams.js";
import { writePart } from "./results-file.js";

const SIDE = 1024;
const LARGE_SIDE = 4096;
const SLICES = 61;
const LARGE_SLICES = 21;
const QUICK_SLICES = 9;

/** The libraries of this machine; says which are missing and how Debian calls them. */
function findThem(): Libraries | null {
  if (findCompiler(COMPILER) === null) {
    console.error("gcc was not found; the benchmark compares C compiled by it");
    return null;
  }
  const libraries = findLibraries();
  if (libraries.leptonica === null) {
    console.error("Leptonica was not found (apt-get install libleptonica-dev): left out");
  }
  if (libraries.opencv === null) {
    console.error("OpenCV or g++ was not found (apt-get install g++ libopencv-imgproc-dev): left out");
  }
  if (libraries.leptonica === null && libraries.opencv === null) {
    console.error("there is nothing to compare with");
    return null;
  }
  return libraries;
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { quick: { type: "boolean" }, write: { type: "boolean" } } });
  const libraries = findThem();
  if (libraries === null) return 2;
  const measureAll = async (cases: readonly PeerCase[], slices: number, own: Libraries): Promise<Measurement[]> => {
    const measurements: Measurement[] = [];
    for (const each of cases) {
      console.error(`${each.title}, ${each.height}×${each.width}`);
      measurements.push(await measure(each, slices, peersOf(each, own)));
    }
    return measurements;
  };
  const slices = values.quick === true ? QUICK_SLICES : SLICES;
  const largeSlices = values.quick === true ? QUICK_SLICES : LARGE_SLICES;
  const elements = await measureAll(elementCases(SIDE), slices, libraries);
  const [chain] = await measureAll([chainCase(SIDE)], slices, libraries);
  if (chain === undefined) throw new Error("nothing was measured");
  const large = await measureAll(elementCases(LARGE_SIDE), largeSlices, { leptonica: null, opencv: null });
  const streams: Measurement[] = [];
  for (const each of streamCases(LARGE_SIDE)) {
    console.error(`${each.title}, ${LARGE_SIDE}×${LARGE_SIDE}, layer by layer`);
    streams.push(await measure(each, largeSlices, layersOf(each)));
  }
  const report = printPeers({
    machine: describeMachine(COMPILER),
    libraries,
    slices,
    elements,
    large,
    largeSlices,
    chain,
    streams,
  });
  console.log(report.trimEnd());
  if (values.write === true) writePart("bench:peers", report);
  return 0;
}

process.exitCode = await main();
