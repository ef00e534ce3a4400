/** Tables in Markdown of generated code against the libraries. */
import { MEMCPY } from "../../src/run/timing/c-contenders.js";
import { type Machine, machineText } from "../../src/run/timing/machine.js";
import { median } from "../../src/run/timing/median.js";
import type { Measurement } from "../measure.js";
import { nanoseconds, perPixel, table, times } from "../report.js";
import { bytesLabel, KERNEL, KERNEL_NATIVE, OPENCV, PUBLIC_LABELS } from "./contenders.js";
import { describeElements } from "./elements.js";
import type { Libraries } from "./libraries.js";
import { layersLabel } from "./streams.js";

export interface PeerResults {
  readonly machine: Machine;
  readonly libraries: Libraries;
  readonly slices: number;
  readonly elements: readonly Measurement[];
  /** The same elements on a picture beyond the caches, without the libraries. */
  readonly large: readonly Measurement[];
  readonly largeSlices: number;
  readonly chain: Measurement;
  /** Networks in tiles and layer by layer, on a picture as large. */
  readonly streams: readonly Measurement[];
}

/** A row of the table of ratios: their geometric mean over measurements, and the worst of them. */
interface Comparison {
  readonly title: string;
  /** Time of `over` divided by that of `of`, so that more is better; of `of` by that of `over` where `isCost`. */
  readonly of: string;
  readonly over: string | ((measurement: Measurement) => string | null);
  readonly isCost: boolean;
  readonly measurements: readonly Measurement[];
  readonly goal: { readonly mean: number; readonly worst: number | null } | null;
}

/** The public call that was fastest on an element; null where none was measured. */
function bestPublic({ slices }: Measurement): string | null {
  const measured = PUBLIC_LABELS.filter((label) => slices.has(label));
  const time = (label: string): number => median(slices.get(label) ?? []);
  return measured.reduce<string | null>(
    (best, label) => (best === null || time(label) < time(best) ? label : best),
    null,
  );
}

/** Median of the ratios within a slice, so that drift cancels; null where a contender is missing. */
function ratio({ slices }: Measurement, numerator: string, denominator: string): number | null {
  const [upper, lower] = [slices.get(numerator), slices.get(denominator)];
  if (upper === undefined || lower === undefined) return null;
  return median(upper.map((time, slice) => time / (lower[slice] ?? Number.NaN)));
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

function comparisons({ elements, large, chain, streams }: PeerResults): Comparison[] {
  const disk5 = elements.filter(({ each }) => each.title === "disk5");
  const faster = (
    of: string,
    over: Comparison["over"],
    title: string,
    goal: Comparison["goal"] = null,
    measurements = elements,
  ): Comparison => ({ title: `${of} against ${title}`, of, over, isCost: false, measurements, goal });
  const cost = (
    of: string,
    over: string,
    title: string,
    goal: NonNullable<Comparison["goal"]>,
    measurements = elements,
  ): Comparison => ({ title: `${of} over ${title}`, of, over, isCost: true, measurements, goal });
  const goals = [
    { of: "c", kernel: { mean: 12, worst: 6 }, opencv: 20 },
    { of: "c-avx2", kernel: { mean: 17, worst: 9 }, opencv: 27 },
    { of: "c-avx512", kernel: { mean: 25, worst: 12 }, opencv: 40 },
  ];
  return [
    ...goals.map(({ of, kernel }) => faster(of, KERNEL, KERNEL, kernel)),
    faster("c-avx2", KERNEL_NATIVE, KERNEL_NATIVE, { mean: 6.8, worst: 1 }),
    ...goals.map(({ of }) => faster(of, bestPublic, "Leptonica's best public call")),
    ...goals.map(({ of, opencv }) => faster(of, OPENCV, `${OPENCV}, packed in and out`, { mean: opencv, worst: null })),
    faster(bytesLabel("c-avx2"), OPENCV, `${OPENCV}, disk5`, { mean: 5, worst: null }, disk5),
    faster(bytesLabel("c-avx2"), OPENCV, `${OPENCV}, ${chain.each.title}`, { mean: 13, worst: null }, [chain]),
    cost("c-avx2", MEMCPY, `${MEMCPY}, ${sideOf(large)}²`, { mean: 1.6, worst: null }, large),
    cost("c-avx512", MEMCPY, `${MEMCPY}, ${sideOf(large)}²`, { mean: 1.25, worst: null }, large),
    ...streams.flatMap((stream) =>
      [
        { of: "c-avx2", mean: 1.2 },
        { of: "c-avx512", mean: 1.7 },
      ].map(({ of, mean }) =>
        faster(of, layersLabel(of), `the same ${stream.each.title}, layer by layer`, { mean, worst: null }, [stream]),
      ),
    ),
    cost("wasm, in place", "c", "c", { mean: 1, worst: 1.15 }),
    cost("js", "wasm, in place", "wasm, in place", { mean: 4.5, worst: null }),
  ];
}

function sideOf(measurements: readonly Measurement[]): number {
  return measurements[0]?.each.width ?? 0;
}

function comparisonRow({ title, of, over, isCost, measurements, goal }: Comparison): string[] | null {
  const found = measurements.flatMap((measurement) => {
    const other = typeof over === "string" ? over : over(measurement);
    const value = other === null ? null : isCost ? ratio(measurement, of, other) : ratio(measurement, other, of);
    return value === null ? [] : [{ value, name: measurement.each.title }];
  });
  if (found.length === 0) return null;
  const mean = geometricMean(found.map(({ value }) => value));
  const order = found.toSorted((a, b) => (isCost ? b.value - a.value : a.value - b.value));
  const [worst] = order;
  const bracket = worst === undefined || found.length === 1 ? "" : ` (${times(worst.value)}, ${worst.name})`;
  return [title, `${times(mean)}${bracket}`, ...goalCells(goal, isCost, mean, worst?.value ?? mean)];
}

function goalCells(goal: Comparison["goal"], isCost: boolean, mean: number, worst: number): string[] {
  if (goal === null) return ["", ""];
  const sign = isCost ? "≤" : "≥";
  const isReached = (value: number, bound: number): boolean => (isCost ? value <= bound : value >= bound);
  const reached = isReached(mean, goal.mean) && (goal.worst === null || isReached(worst, goal.worst));
  const text = `${sign} ${goal.mean}${goal.worst === null ? "" : ` (${sign} ${goal.worst})`}`;
  return [text, reached ? "reached" : "missed"];
}

/** Nanoseconds per pixel of every contender on every case, and the geometric mean of those that ran on several. */
function timeTable(measurements: readonly Measurement[]): string[] {
  const isOne = measurements.length === 1;
  const labels = [...new Set(measurements.flatMap(({ slices }) => [...slices.keys()]))];
  const rows = labels.map((label) => {
    const values = measurements.map((each) => (each.slices.has(label) ? perPixel(each, label) : null));
    const present = values.filter((value) => value !== null);
    const mean = present.length === values.length ? nanoseconds(geometricMean(present)) : "";
    return [label, ...values.map((value) => (value === null ? "" : nanoseconds(value))), ...(isOne ? [] : [mean])];
  });
  return table(["", ...measurements.map(({ each }) => each.title), ...(isOne ? [] : ["mean"])], rows);
}

export function printPeers(results: PeerResults): string {
  const { machine, libraries, slices, elements, large, largeSlices, chain, streams } = results;
  const rows = comparisons(results)
    .map(comparisonRow)
    .filter((row) => row !== null);
  const versions = [
    libraries.leptonica?.version ?? "Leptonica was not found and is left out",
    libraries.opencv?.version ?? "OpenCV was not found and is left out",
  ];
  const lines = [
    "## Against Leptonica and OpenCV",
    "",
    `Machine: ${machineText(machine)}; ${versions.join("; ")}.`,
    "",
    `Medians of ${slices} slices of about 4 ms each (${largeSlices} at ${sideOf(large)}²), one thread. The contenders in C`,
    "alternate in one process, those in Node after each of its slices. Ratios are medians of the ratios within a slice;",
    "means are geometric ones over the elements, the worst element in brackets. Before, every answer on random pictures",
    "was compared with the interpreter's, at 45×131 pixels, and with generated code's at full size.",
    "",
    "- `c…`: generated C, gcc -O2, from packed rows to packed rows; `from bytes to bytes` packs and unpacks with the",
    "  functions of the generated header.",
    "- `wasm`, `wasm-mvp`, `js`: the generated wrappers, into the result of the call before; `in place`: the module's own function on its memory.",
    "- `pixErode…`: Leptonica's public calls into a picture that exists. Beyond the frame they see zeros, and we the",
    "  edge's pixels: answers are compared where the element's window lies inside the frame.",
    "- Leptonica's generated code: what `fmorphautogen2` writes for the element, without the copy into a picture with a",
    "  border of 32 pixels that it needs. Here the border continues the edge, and all pixels are compared. Distributions",
    "  leave the generator's templates out; bench/peers/leptonica-template.txt stands in for them, with loops like theirs.",
    "- `layer by layer`: the layers compiled as programs of their own, each over the whole picture.",
    "- OpenCV: pixels of one byte, `BORDER_REPLICATE`, one thread; all pixels are compared.",
    ...describeElements(),
    "",
    "### Generated code against the others",
    "",
    ...table(["", "mean (worst)", "goal", ""], rows),
    "",
    `### Erosion, ${sideOf(elements)}×${sideOf(elements)} pixels, nanoseconds per pixel`,
    "",
    ...timeTable(elements),
    "",
    `### ${chain.each.title.charAt(0).toUpperCase()}${chain.each.title.slice(1)}, nanoseconds per pixel`,
    "",
    ...timeTable([chain]),
    "",
    `### Erosion, ${sideOf(large)}×${sideOf(large)} pixels, nanoseconds per pixel`,
    "",
    ...timeTable(large),
    "",
    `### Networks in tiles and layer by layer, ${sideOf(large)}×${sideOf(large)} pixels, nanoseconds per pixel`,
    "",
    ...timeTable(streams),
  ];
  return `${lines.join("\n")}\n`;
}
