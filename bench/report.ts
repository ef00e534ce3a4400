/** Tables in Markdown, and the same numbers as JSON. */
import { type Machine, machineText } from "../src/run/timing/machine.js";
import { median } from "../src/run/timing/median.js";
import { BYTE_LOOP } from "./c-program.js";
import type { Measurement, MemoryMeasurement } from "./measure.js";

export interface Results {
  readonly machine: Machine;
  readonly slices: number;
  readonly elements: readonly Measurement[];
  readonly networks: readonly Measurement[];
  readonly dense: Measurement;
  readonly memory: readonly MemoryMeasurement[];
}

const GOAL = 20;

function pixelsOf({ each }: Measurement): number {
  return each.height * each.width * each.count;
}

/** Median of nanoseconds per pixel. */
export function perPixel(measurement: Measurement, label: string): number {
  return median(measurement.slices.get(label) ?? []) / pixelsOf(measurement);
}

/** How many times faster than the byte loop: the median of the ratios within a slice, so that drift cancels. */
function speedUp({ slices }: Measurement, label: string): number {
  const loop = slices.get(BYTE_LOOP) ?? [];
  const own = slices.get(label) ?? [];
  return median(loop.map((time, slice) => time / (own[slice] ?? Number.NaN)));
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? "---" : "--:"))), ...rows.map(line)];
}

/** Three digits, never as a power of ten. */
export const nanoseconds = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
export const times = (value: number): string => (Number.isNaN(value) ? "" : `${nanoseconds(value)}×`);
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;

export function printReport(results: Results): string {
  const { machine, slices, elements, networks, dense, memory } = results;
  const [square] = elements;
  if (square === undefined) throw new Error("nothing was measured");
  const lines = [
    "## Against loops over bytes",
    "",
    `Machine: ${machineText(machine)}.`,
    "",
    `Medians of ${slices} slices of about 4 ms each; the slices of all contenders alternate. Ratios are medians of the`,
    "ratios within a slice. Before, every answer was compared with the interpreter's and with one another's.",
    "",
    `- \`${BYTE_LOOP}\`: bench/byte-loop.c, one byte a pixel, gcc -O2; for elements other than the square it goes through a`,
    "  list of offsets.",
    "- `c…`: generated C, gcc -O2, with -mavx2, or what the machine has of AVX-512, for the targets of these names; from packed rows to packed rows.",
    "- `wasm`, `wasm-mvp`, `js`: the generated wrappers in Node, which copy a picture in and the answer out.",
    "- `in place`: the WASM module's own function, on a picture in its memory.",
    "",
    `### Erosion by the 3×3 square, ${square.each.height}×${square.each.width} pixels`,
    "",
    ...squareTable(square),
    "",
    goalText(square),
    "",
    "### Other operators, nanoseconds per pixel",
    "",
    ...comparison([...elements, ...networks]),
    "",
    "Times faster than the byte loop:",
    "",
    ...ratioTable(elements),
    "",
    `### Dense classifier, ${dense.each.count} pictures of ${dense.each.height}×${dense.each.width} in a call`,
    "",
    ...denseTable(dense),
    "",
    "### Memory for one picture",
    "",
    ...memoryTable(memory),
    "",
    "C: largest resident memory of a process that holds the packed picture, its output and the scratch, with the C",
    "library's own share. WASM: linear memory.",
  ];
  return `${lines.join("\n")}\n`;
}

function squareTable(square: Measurement): string[] {
  const rows = [...square.slices.keys()].map((label) => [
    label,
    nanoseconds(perPixel(square, label)),
    times(speedUp(square, label)),
  ]);
  return table(["", "ns/pixel", `against the ${BYTE_LOOP}`], rows);
}

function goalText(square: Measurement): string {
  const verdicts = ["c", "wasm", "wasm, in place"].map((label) => {
    const ratio = speedUp(square, label);
    return `${label} ${times(ratio)} (${ratio >= GOAL ? "reached" : "missed"})`;
  });
  return `The goal is ${GOAL}× in C and in WASM: ${verdicts.join(", ")}.`;
}

function comparison(measurements: readonly Measurement[]): string[] {
  const labels = [...(measurements[0]?.slices.keys() ?? [])];
  const rows = measurements.map((measurement) => [
    measurement.each.title,
    ...labels.map((label) => (measurement.slices.has(label) ? nanoseconds(perPixel(measurement, label)) : "")),
  ]);
  return table(["", ...labels], rows);
}

function ratioTable(elements: readonly Measurement[]): string[] {
  const labels = [...(elements[0]?.slices.keys() ?? [])].filter((label) => label !== BYTE_LOOP);
  const rows = elements.map((measurement) => [
    measurement.each.title,
    ...labels.map((label) => times(speedUp(measurement, label))),
  ]);
  return table(["", ...labels], rows);
}

function denseTable(dense: Measurement): string[] {
  const rows = [...dense.slices].map(([label, slices]) => {
    const each = median(slices) / dense.each.count;
    return [label, nanoseconds(each), `${(1e3 / each).toPrecision(3)} million`];
  });
  return table(["", "ns/picture", "pictures/s"], rows);
}

function memoryTable(memory: readonly MemoryMeasurement[]): string[] {
  const labels = [...(memory[0]?.processBytes.keys() ?? [])];
  const rows = memory.map(({ title, side, processBytes, wasmBytes }) => [
    `${title}, ${side}×${side}`,
    ...labels.map((label) => megabytes(processBytes.get(label) ?? Number.NaN)),
    megabytes(wasmBytes),
  ]);
  return table(["", ...labels, "wasm"], rows);
}

export function printJson(results: Results): string {
  const plain = (measurement: Measurement): object => ({
    title: measurement.each.title,
    height: measurement.each.height,
    width: measurement.each.width,
    count: measurement.each.count,
    contenders: [...measurement.slices].map(([label, slices]) => ({
      label,
      nanosecondsPerCall: median(slices),
      nanosecondsPerPixel: perPixel(measurement, label),
      ...(measurement.each.erosion === null ? {} : { timesFasterThanByteLoop: speedUp(measurement, label) }),
    })),
  });
  const { machine, slices, elements, networks, dense, memory } = results;
  const measurements = [...elements, ...networks, dense].map(plain);
  const memoryFields = memory.map((each) => ({ ...each, processBytes: Object.fromEntries(each.processBytes) }));
  return `${JSON.stringify({ machine, slices, measurements, memory: memoryFields }, null, 2)}\n`;
}
