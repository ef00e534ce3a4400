import type { Timer } from "./c-harness.js";

/** Nanoseconds per call of each contender, one entry a slice. */
export type Slices = ReadonlyMap<string, readonly number[]>;

/**
 * Asks the timers in turn, slice by slice, so that whatever slows the machine down for a while slows all contenders down.
 * @param goesOn whether there is another slice, after so many
 */
export async function alternate(timers: readonly Timer[], goesOn: (slices: number) => boolean): Promise<Slices> {
  const times = new Map(timers.flatMap(({ labels }) => labels.map((label): [string, number[]] => [label, []])));
  for (let slice = 0; goesOn(slice); slice++) {
    for (const timer of timers) {
      const measured = await timer.slice();
      timer.labels.forEach((label, index) => times.get(label)?.push(measured[index] ?? Number.NaN));
    }
  }
  return times;
}
