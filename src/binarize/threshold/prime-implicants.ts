/** A positive threshold function with few prime implicants as a union of erosions. */

/**
 * The minimal sets of inputs that make `[Σ weights·b > bound]` true: the function is the union of the erosions by them.
 *
 * A set is minimal iff its sum exceeds the bound, but not without its least weight. Taken from the largest weight down,
 * these are the sequences whose sum exceeds the bound with the last input and not before, so that every step of the
 * search that can still reach the bound ends in at least one of them: at most n steps for each set that is found.
 *
 * @param weights non-negative integers
 * @param limit most sets of interest
 * @returns the sets, as ascending positions in `weights`: none for an always false function, the empty one for an always true
 *   one; null where there are more than `limit`
 */
export function unionOfErosions(weights: readonly number[], bound: number, limit: number): number[][] | null {
  const inputs = weights.map((weight, input) => ({ weight, input })).sort((a, b) => b.weight - a.weight);
  /** Sum of all weights from a rank on. */
  const remaining: number[] = Array.from({ length: inputs.length + 1 }, () => 0);
  for (let rank = inputs.length - 1; rank >= 0; rank--) {
    remaining[rank] = (remaining[rank + 1] ?? 0) + (inputs[rank]?.weight ?? 0);
  }
  if (bound < 0) return limit >= 1 ? [[]] : null;

  const sets: number[][] = [];
  /** Ranks taken so far, ascending, and their sum. */
  const taken: number[] = [];
  let sum = 0;
  let rank = 0;
  for (;;) {
    // Goes back to the last input that can be left out, where all that follow cannot reach the bound.
    while (sum + (remaining[rank] ?? 0) <= bound) {
      const last = taken.pop();
      if (last === undefined) return sets;
      sum -= inputs[last]?.weight ?? 0;
      rank = last + 1;
    }
    const weight = inputs[rank]?.weight ?? 0;
    if (sum + weight > bound) {
      if (sets.length === limit) return null;
      sets.push([...taken, rank].map((each) => inputs[each]?.input ?? 0).sort((a, b) => a - b));
    } else {
      taken.push(rank);
      sum += weight;
    }
    rank++;
  }
}
