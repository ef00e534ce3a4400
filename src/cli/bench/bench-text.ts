/** What was measured, as a table for people and as fields for programs. */
import type { Extent, ProgramInterface } from "../../run/exchange.js";
import type { Slices } from "../../run/timing/alternate.js";
import { MEMCPY } from "../../run/timing/c-contenders.js";
import { median } from "../../run/timing/median.js";
import { layoutTable } from "../table.js";

/** One contender's row. */
export interface Speed {
  readonly label: string;
  readonly nanosecondsPerCall: number;
  /** Null for networks that answer vectors or classes. */
  readonly nanosecondsPerPixel: number | null;
  readonly picturesPerSecond: number;
  /** Speed by that of copying the input: the median of the ratios within a slice. */
  readonly shareOfMemcpy: number;
}

export function speedsOf(contract: ProgramInterface, { height, width, count }: Extent, slices: Slices): Speed[] {
  const copying = slices.get(MEMCPY) ?? [];
  return [...slices].map(([label, times]) => {
    const call = median(times);
    return {
      label,
      nanosecondsPerCall: call,
      nanosecondsPerPixel: contract.kind === "images" ? call / (height * width) : null,
      picturesPerSecond: (1e9 * count) / call,
      shareOfMemcpy: median(times.map((time, slice) => (copying[slice] ?? Number.NaN) / time)),
    };
  });
}

export async function speedTable(contract: ProgramInterface, speeds: readonly Speed[]): Promise<string> {
  if (contract.kind === "images") {
    const rows = speeds.map((speed) => [
      speed.label,
      digits(speed.nanosecondsPerPixel ?? Number.NaN),
      digits(speed.picturesPerSecond),
      `${digits(100 * speed.shareOfMemcpy)} %`,
    ]);
    return layoutTable(["target", "ns/pixel", "pictures/s", "of memcpy's speed"], rows, [1, 2, 3]);
  }
  // Copying pictures compares with nothing where the answer is a class.
  const rows = speeds
    .filter(({ label }) => label !== MEMCPY)
    .map((speed) => [speed.label, digits(1e9 / speed.picturesPerSecond), digits(speed.picturesPerSecond)]);
  return layoutTable(["target", "ns/picture", "pictures/s"], rows, [1, 2]);
}

/** Three digits, never as a power of ten; large numbers in thousands and millions. */
function digits(value: number): string {
  if (value >= 1e6) return `${digits(value / 1e6)} M`;
  if (value >= 1e4) return `${digits(value / 1e3)} k`;
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
