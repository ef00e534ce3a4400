/** Samples that are drawn from a seed when they are asked for. */
import { createStream, type Random } from "../morph/random.js";
import { checkCount } from "./check-option.js";

export type SplitName = "training" | "validation" | "test";

const SPLIT_KEYS: Readonly<Record<SplitName, number>> = { training: 1, validation: 2, test: 3 };

/** What tells the samples of one set from all others. */
export interface DrawnFrom {
  readonly seed: number;
  readonly split: SplitName;
  /** Number of samples; null for a set without end. */
  readonly count: number | null;
}

/** The random numbers of sample `index`, the same at every call. */
export function streamOf({ seed, split }: DrawnFrom, index: number): Random {
  return createStream(seed, SPLIT_KEYS[split], index);
}

/** @throws DiagnosticError BMN0801 */
export function checkDrawnFrom({ seed, count }: DrawnFrom): void {
  checkCount("seed", seed, 0, Number.MAX_SAFE_INTEGER);
  if (count !== null) checkCount("count", count, 1, 2 ** 31);
}
