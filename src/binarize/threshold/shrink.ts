/** Lowers small weights one after another while they give the same function. */

/** Weights are lowered one by one and in pairs up to so many inputs; beyond, only all equal ones together. */
const MOST_SINGLE = 25;
const MOST_PAIRED = 16;

/**
 * @param weights that give the function
 * @param holds whether weights of that sum give it too; the last ones it accepts are returned
 * @param least a lower bound of any such weights' sum
 * @returns weights that none of the steps can lower further
 */
export function shrink(
  weights: Float64Array,
  holds: (weights: Float64Array, total: number) => boolean,
  least: number,
): Float64Array {
  let current = weights;
  let total = current.reduce((sum, weight) => sum + weight, 0);
  const accept = (changed: Float64Array, newTotal: number): boolean => {
    if (newTotal < least || !holds(changed, newTotal)) return false;
    current = changed;
    total = newTotal;
    return true;
  };
  const divide = (): void => {
    const divisor = commonDivisor(current);
    if (divisor > 1) {
      accept(
        current.map((weight) => weight / divisor),
        total / divisor,
      );
    }
  };
  const lower = (): boolean => {
    let lowered = false;
    for (const step of steps(current)) {
      const changed = current.slice();
      let change = 0;
      for (const [index, by] of step) {
        changed[index] = (changed[index] ?? 0) + by;
        change += by;
      }
      if (step.some(([index]) => (changed[index] ?? 0) < 0)) continue;
      if (accept(changed, total + change)) lowered = true;
    }
    return lowered;
  };
  divide();
  let lowered = total > least;
  while (lowered) lowered = lower();
  divide();
  return current;
}

type Step = readonly (readonly [index: number, by: number])[];

function* steps(weights: Float64Array): Generator<Step> {
  const classes = new Map<number, number[]>();
  weights.forEach((weight, index) => {
    if (weight === 0) return;
    const members = classes.get(weight);
    if (members === undefined) classes.set(weight, [index]);
    else members.push(index);
  });
  const descending = [...classes].sort(([a], [b]) => b - a).map(([, members]) => members);
  for (const members of descending) yield members.map((index) => [index, -1] as const);
  if (weights.length > MOST_SINGLE) return;
  const inputs = descending.flat();
  for (const input of inputs) yield [[input, -1]];
  if (weights.length > MOST_PAIRED) return;
  for (const [rank, first] of inputs.entries()) {
    for (const [otherRank, second] of inputs.entries()) {
      if (rank === otherRank) continue;
      const lowered = [first, -1] as const;
      if (rank < otherRank) yield [lowered, [second, -1]];
      yield [
        [first, -2],
        [second, 1],
      ];
    }
  }
}

function commonDivisor(weights: Float64Array): number {
  let divisor = 0;
  for (const weight of weights) {
    let [a, b] = [divisor, weight];
    while (b > 0) [a, b] = [b, a % b];
    divisor = a;
    if (divisor === 1) break;
  }
  return divisor;
}
