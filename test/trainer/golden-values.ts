/** Recorded values for the trainer: a few that are always there, and all of them where the folder of golden values is. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { GOLDEN_FOLDER, SMALL_FOLDER } from "../golden/golden-networks.js";

/** One file, or its small copy, with a name for the test. */
export interface GoldenFile<T> {
  readonly label: string;
  readonly path: string;
  readonly present: boolean;
  read(): T;
}

export function goldenFiles<T>(name: string): readonly GoldenFile<T>[] {
  return [
    { label: "a few", path: join(SMALL_FOLDER, `trainer-${name}`) },
    { label: "all", path: join(GOLDEN_FOLDER, name) },
  ].map(({ label, path }) => ({
    label: `${label} of ${name}`,
    path,
    present: existsSync(path),
    read: () => JSON.parse(readFileSync(path, "utf8")) as T,
  }));
}

/** Largest |found − expected|, relative to the largest |expected|; not finite where a value is missing or NaN. */
export function worstError(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  const values = Array.from(expected);
  const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), Number.MIN_VALUE);
  return values.reduce((worst, value, index) => {
    const error = Math.abs((found[index] ?? Number.NaN) - value) / scale;
    // Written so that NaN is never better.
    return error <= worst ? worst : error;
  }, 0);
}
