/** How errors pass from sum to sum. */
import { activate } from "../../model/activation.js";
import type { Finish, SumError } from "./graph.js";

/** An operand: its weight, and the error of its values, or the earlier sum whose value it is. */
export interface CarriedError {
  readonly weight: number;
  readonly from: { readonly error: number } | { readonly sum: number };
}

export interface ErrorRule {
  readonly own: SumError;
  readonly carried: readonly CarriedError[];
  readonly finish: Finish;
  readonly finishError: number;
}

/** The bounds themselves are sums in doubles. */
const ROOM = 1 + 2 ** -40;

/**
 * The errors of sums, each of which may read those before it.
 * @param nearest for each sum, no more than the least of its absolute values over all patterns; left out, 0
 */
export function sumErrors(rules: readonly ErrorRule[], nearest: readonly number[] = []): readonly SumError[] {
  const finished: number[] = [];
  return rules.map(({ own, carried, finish, finishError }, index): SumError => {
    let total = 0;
    for (const { weight, from } of carried) {
      const error = "sum" in from ? (finished[from.sum] ?? 0) : from.error;
      if (error > 0) total += Math.abs(weight) * error;
    }
    const error = { sign: (own.sign + total) * ROOM, value: (own.value + total) * ROOM };
    finished.push(finishedError(finish, finishError, error.value, nearest[index] ?? 0));
    return error;
  });
}

/**
 * By how much an error of the sum, of absolute value at least `nearest`, moves the value. ξ is steepest at 0 and less so on both
 * sides, so that it changes most over an interval of a given length about 0, or as near to it as the sum comes, and towards it.
 */
export function finishedError(finish: Finish, finishError: number, error: number, nearest: number): number {
  if (finish.kind === "sign") return 0;
  if (finish.kind === "sum") return error;
  if (error === 0) return finishError;
  if (!Number.isFinite(error)) return 1;
  const { activation, steepness } = finish;
  const far = Math.max(nearest, error / 2);
  const moved = activate(activation, steepness * far) - activate(activation, steepness * (far - error));
  return Math.min(1, moved + finishError);
}
