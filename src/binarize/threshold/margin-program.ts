/**
 * The real weights of least sum that give a threshold function with margin 1: a linear program over the function's false
 * and true sets. Small integer weights lie near its solution, much nearer than near the given weights, which may have
 * hardly any margin; up to seven inputs the solution is integral (Muroga, "Threshold Logic and its Applications", 1971).
 */
import type { SearchBudget } from "./budget.js";
import type { Knapsacks } from "./positive-threshold.js";

/** Inputs of equal size, which only matter by how many of them are set. */
export interface InputClass {
  readonly size: number;
  readonly count: number;
}

/** Combinations of counts that are enumerated, one class aside. */
export const MOST_PATTERNS = 2 ** 17;

/** Columns that enter, per row. */
const MOST_PIVOTS_PER_ROW = 60;
const TOLERANCE = 1e-9;
/** Right-hand sides are moved by about as much, so that no two ratios tie and no pivot is wasted on a zero. */
const PERTURBATION = 1e-6;

/** How many patterns a pivot looks at: Π (count + 1) over all classes but the largest, or Infinity where too many. */
export function patternCount(classes: readonly InputClass[]): number {
  const largest = classes.reduce((most, { count }) => Math.max(most, count), 0);
  let patterns = 1;
  for (const { count } of classes) {
    patterns *= count + 1;
    if (patterns > MOST_PATTERNS * (largest + 1)) return Number.POSITIVE_INFINITY;
  }
  return patterns / (largest + 1);
}

/**
 * Minimises Σ count·w subject to w ≥ 0, θ ≥ 0, w·F ≤ θ for every false set F and w·T ≥ θ + 1 for every true set T. The
 * simplex method on the dual, whose columns are the sets: the one that the weights so far violate most enters.
 *
 * @returns one weight per class, right up to rounding, or null where the budget does not suffice or the method stalls
 */
export function widestMargin(
  classes: readonly InputClass[],
  knapsacks: Knapsacks,
  budget: SearchBudget,
): Float64Array | null {
  if (!Number.isFinite(patternCount(classes))) return null;
  const patterns = enumeratePatterns(classes, knapsacks);
  const rows = classes.length + 1;
  const state = startTableau(classes);
  for (let pivot = 0; pivot < MOST_PIVOTS_PER_ROW * rows; pivot++) {
    budget.remaining -= 4 * patterns.sums.length + 3 * rows * rows;
    if (budget.remaining < 0) return null;
    const duals = multipliers(state, rows);
    const entering = mostViolated(duals, classes, patterns);
    if (entering === null) return duals.subarray(0, classes.length);
    if (!enter(state, rows, entering)) return null;
  }
  return null;
}

/**
 * Counts j of all classes but one, the *filler*; the first class's fastest. Of the filler only two counts matter to a
 * pattern: the most that leave it false and the fewest that make it true.
 */
interface Patterns {
  readonly filler: number;
  /** −1 where the pattern is true without any. */
  readonly falseCounts: Int32Array;
  /** More than the filler has where the pattern is false with all of it. */
  readonly trueCounts: Int32Array;
  /** Room for Σ j·w. */
  readonly sums: Float64Array;
}

function enumeratePatterns(classes: readonly InputClass[], { falseCapacity, restCapacity }: Knapsacks): Patterns {
  let filler = 0;
  classes.forEach(({ count }, index) => {
    if (count > (classes[filler]?.count ?? 0)) filler = index;
  });
  const { size, count } = classes[filler] ?? { size: 1, count: 0 };
  const total = classes.reduce((sum, each) => sum + each.size * each.count, 0);
  const sums = new Float64Array(patternCount(classes));
  sumPatterns(sums, classes, filler, (index) => classes[index]?.size ?? 0);
  const falseCounts = Int32Array.from(sums, (sum) =>
    sum > falseCapacity ? -1 : Math.min(count, Math.floor((falseCapacity - sum) / size)),
  );
  // Sums that are rounded may leave a count or two neither surely false nor surely true; those set no condition.
  const trueCounts = Int32Array.from(sums, (sum) => {
    const left = restCapacity - (total - size * count - sum);
    return left < 0 ? count + 1 : Math.max(0, count - Math.floor(left / size));
  });
  return { filler, falseCounts, trueCounts, sums };
}

/** Fills in Σ j_c·value(c). */
function sumPatterns(
  sums: Float64Array,
  classes: readonly InputClass[],
  filler: number,
  value: (index: number) => number,
): void {
  let filled = 1;
  sums[0] = 0;
  classes.forEach(({ count }, index) => {
    if (index === filler) return;
    const each = value(index);
    for (let taken = 1; taken <= count; taken++) {
      const added = taken * each;
      const start = taken * filled;
      for (let pattern = 0; pattern < filled; pattern++) sums[start + pattern] = (sums[pattern] ?? 0) + added;
    }
    filled *= count + 1;
  });
}

interface Tableau {
  /** The basis's inverse, row by row. */
  readonly inverse: Float64Array;
  /** Values of the basic variables. */
  readonly values: Float64Array;
  /** Costs of the basic variables: 1 for true sets, else 0. */
  readonly costs: Float64Array;
}

interface Column {
  readonly entries: Float64Array;
  readonly cost: number;
}

function startTableau(classes: readonly InputClass[]): Tableau {
  const rows = classes.length + 1;
  const inverse = new Float64Array(rows * rows);
  for (let row = 0; row < rows; row++) inverse[row * (rows + 1)] = 1;
  const values = Float64Array.from({ length: rows }, (_, row) => {
    // Fractional parts of multiples of the golden ratio: no pattern among them.
    const moved = PERTURBATION * (1 + ((row * 0.618034) % 1));
    return (classes[row]?.count ?? 0) + moved;
  });
  return { inverse, values, costs: new Float64Array(rows) };
}

/** One weight per class, then θ. */
function multipliers({ inverse, costs }: Tableau, rows: number): Float64Array {
  const duals = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const cost = costs[row] ?? 0;
    if (cost === 0) continue;
    for (let column = 0; column < rows; column++) {
      duals[column] = (duals[column] ?? 0) + cost * (inverse[row * rows + column] ?? 0);
    }
  }
  return duals;
}

function mostViolated(
  duals: Float64Array,
  classes: readonly InputClass[],
  { filler, falseCounts, trueCounts, sums }: Patterns,
): Column | null {
  sumPatterns(sums, classes, filler, (index) => duals[index] ?? 0);
  const theta = duals[classes.length] ?? 0;
  const each = duals[filler] ?? 0;
  const count = classes[filler]?.count ?? 0;
  let heaviestFalse = Number.NEGATIVE_INFINITY;
  let falsePattern = 0;
  let lightestTrue = Number.POSITIVE_INFINITY;
  let truePattern = 0;
  for (let pattern = 0; pattern < sums.length; pattern++) {
    const sum = sums[pattern] ?? 0;
    const falseCount = falseCounts[pattern] ?? 0;
    const falseSum = sum + falseCount * each;
    if (falseSum > heaviestFalse && falseCount >= 0) {
      heaviestFalse = falseSum;
      falsePattern = pattern;
    }
    const trueCount = trueCounts[pattern] ?? 0;
    const trueSum = sum + trueCount * each;
    if (trueSum < lightestTrue && trueCount <= count) {
      lightestTrue = trueSum;
      truePattern = pattern;
    }
  }
  let [worst, negative] = [TOLERANCE, -1];
  duals.forEach((value, row) => {
    if (-value > worst) [worst, negative] = [-value, row];
  });
  const byFalse = heaviestFalse - theta;
  const byTrue = theta + 1 - lightestTrue;
  if (Math.max(byFalse, byTrue, worst) <= TOLERANCE) return null;
  const column = (pattern: number, fillerCount: number, sign: 1 | -1): Float64Array =>
    setColumn(classes, filler, pattern, fillerCount, sign);
  if (byTrue >= byFalse && byTrue >= worst) {
    return { entries: column(truePattern, trueCounts[truePattern] ?? 0, 1), cost: 1 };
  }
  if (byFalse >= worst) return { entries: column(falsePattern, falseCounts[falsePattern] ?? 0, -1), cost: 0 };
  const entries = new Float64Array(duals.length);
  entries[negative] = 1;
  return { entries, cost: 0 };
}

/** Counts of a pattern, then −1 for θ; all times `sign`. */
function setColumn(
  classes: readonly InputClass[],
  filler: number,
  pattern: number,
  fillerCount: number,
  sign: 1 | -1,
): Float64Array {
  const entries = new Float64Array(classes.length + 1);
  let rest = pattern;
  classes.forEach(({ count }, index) => {
    if (index === filler) {
      entries[index] = sign * fillerCount;
      return;
    }
    entries[index] = sign * (rest % (count + 1));
    rest = Math.floor(rest / (count + 1));
  });
  entries[classes.length] = -sign;
  return entries;
}

/** Puts the column into the basis, in place; false if nothing bounds it. */
function enter({ inverse, values, costs }: Tableau, rows: number, { entries, cost }: Column): boolean {
  const direction = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let column = 0; column < rows; column++) {
      sum += (inverse[row * rows + column] ?? 0) * (entries[column] ?? 0);
    }
    direction[row] = sum;
  }
  let leaving = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let row = 0; row < rows; row++) {
    const slope = direction[row] ?? 0;
    const ratio = (values[row] ?? 0) / slope;
    if (slope > TOLERANCE && ratio < least) [least, leaving] = [ratio, row];
  }
  if (leaving === -1) return false;

  const pivot = direction[leaving] ?? 1;
  for (let column = 0; column < rows; column++) {
    const cell = leaving * rows + column;
    inverse[cell] = (inverse[cell] ?? 0) / pivot;
  }
  for (let row = 0; row < rows; row++) {
    const slope = direction[row] ?? 0;
    if (row === leaving || slope === 0) continue;
    for (let column = 0; column < rows; column++) {
      const cell = row * rows + column;
      inverse[cell] = (inverse[cell] ?? 0) - slope * (inverse[leaving * rows + column] ?? 0);
    }
    values[row] = (values[row] ?? 0) - slope * least;
  }
  values[leaving] = least;
  costs[leaving] = cost;
  return true;
}
