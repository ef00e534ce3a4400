/**
 * Projection of a neuron on the parameters of erosions and dilations (Aouad & Talbot, arXiv 2401.03830, section 3).
 *
 * The projection of (W, B) on the dilations by S with positive weights,
 *
 *   minimise ½‖W′ − W‖² + ½(B′ − B)²  subject to  Σ_{i∉S} W′_i ≤ B′,  B′ ≤ W′_s for s ∈ S,  W′ ≥ 0,
 *
 * has W′_s = max(W_s, B′) on S and W′_i = max(W_i − λ, 0) elsewhere, λ ≥ 0 the multiplier of the first constraint; so
 * one unknown is left, the root B′ of a piecewise linear increasing function, found exactly. An erosion by S is the
 * dilation by S of the dual neuron, with B → Σ W − B; distances are those of the dual.
 */

export interface ActivatedProjection {
  readonly operation: "erosion" | "dilation";
  /** S = {W ≥ level}. */
  readonly level: number;
  /** B of the neuron, or of its dual for an erosion. */
  readonly bound: number;
  /** B′. */
  readonly nearestBound: number;
  /** λ. */
  readonly multiplier: number;
  /** Optimum of the program: half the squared distance. */
  readonly value: number;
}

/**
 * The nearest of the dilations and erosions by S = {W ≥ w}, w a weight. Of equally near ones the first counts, dilations
 * first and large S first, as in the authors' code.
 */
export function nearestActivated(weights: Float32Array, bias: number): ActivatedProjection {
  const ranking = rank(weights);
  const sizes = candidateSizes(ranking);
  let nearest: ActivatedProjection | null = null;
  for (const { operation, bound } of duals(ranking, bias)) {
    for (const size of sizes) {
      if (nearest !== null && leastValue(ranking, size, bound) >= nearest.value) continue;
      const found: ActivatedProjection = project(ranking, operation, size, bound, nearest?.value);
      if (nearest === null || found.value < nearest.value) nearest = found;
      if (nearest.value === 0) return nearest;
    }
  }
  return nearest ?? { operation: "dilation", level: 0, bound: bias, nearestBound: bias, multiplier: 0, value: 0 };
}

/** The projections on all of them, in that order. */
export function activatedProjections(weights: Float32Array, bias: number): ActivatedProjection[] {
  const ranking = rank(weights);
  const sizes = candidateSizes(ranking);
  return duals(ranking, bias).flatMap(({ operation, bound }) =>
    sizes.map((size) => project(ranking, operation, size, bound)),
  );
}

/** W′ of one weight. */
export function projectedWeight(
  weight: number,
  { level, nearestBound, multiplier }: Pick<ActivatedProjection, "level" | "nearestBound" | "multiplier">,
): number {
  return weight >= level ? Math.max(weight, nearestBound) : Math.max(weight - multiplier, 0);
}

/** Weights in descending order, with the sums of the first 0, 1, 2, … of them. */
interface Ranking {
  readonly descending: Float64Array;
  readonly sums: Float64Array;
  /** How many are positive. */
  readonly positive: number;
  /** Σ |W| */
  readonly size: number;
}

function rank(weights: Float32Array): Ranking {
  const descending = Float64Array.from(weights).sort().reverse();
  const sums = new Float64Array(weights.length + 1);
  descending.forEach((weight, position) => {
    sums[position + 1] = at(sums, position) + weight;
  });
  const firstOther = descending.findIndex((weight) => weight <= 0);
  const positive = firstOther === -1 ? weights.length : firstOther;
  const size = 2 * at(sums, positive) - at(sums, weights.length);
  return { descending, sums, positive, size };
}

/** The neuron as a dilation, and the dual dilation of its erosions. */
function duals(ranking: Ranking, bias: number): readonly Pick<ActivatedProjection, "operation" | "bound">[] {
  const total = at(ranking.sums, ranking.descending.length);
  return [
    { operation: "dilation", bound: bias },
    { operation: "erosion", bound: total - bias },
  ];
}

/** |S| of every S, the largest first. */
function candidateSizes({ descending }: Ranking): number[] {
  const sizes: number[] = [];
  for (let size = descending.length; size >= 1; size--) {
    if (descending[size] !== at(descending, size - 1)) sizes.push(size);
  }
  return sizes;
}

/**
 * A number that the value is not below, less what rounding may have added: half the squared distance to one of the
 * half-spaces Σ W′_i ≤ B′ and Σ W′_i ≤ W′_s, the sum over i ∉ S with W_i > 0, and B′ ≤ W′_s, s the least of S. The
 * projection lies in all of them.
 */
function leastValue(ranking: Ranking, size: number, bound: number): number {
  const member = at(ranking.descending, size - 1);
  const outside = positiveSum(ranking, size);
  const rounding = 2 ** -44 * (ranking.size + Math.abs(bound));
  const others = Math.max(0, ranking.positive - size);
  const first = Math.max(0, outside - Math.min(bound, member) - rounding);
  const second = Math.max(0, bound - member - rounding);
  return Math.max((first * first) / (2 * (others + 1)), (second * second) / 4) * (1 - 2 ** -44);
}

/**
 * Projection on the dilations by the first `size` weights. The value is complete if it is less than `limit`; else it is
 * some number that is not.
 */
function project(
  ranking: Ranking,
  operation: ActivatedProjection["operation"],
  size: number,
  bound: number,
  limit = Number.POSITIVE_INFINITY,
): ActivatedProjection {
  // Members that B′ lifts: those at which the increasing function is still negative. B′ ≥ 0 lifts all negative ones.
  const lifted = countWhile(size, (count) => {
    const member = at(ranking.descending, size - count);
    return member < 0 || excess(ranking, size, bound, count, member) < 0;
  });
  const target = bound + sumBetween(ranking, size - lifted, size);
  const { nearestBound, multiplier } = balance(ranking, size, target, 1 + lifted);
  const level = at(ranking.descending, size - 1);
  const projection = { operation, level, bound, nearestBound, multiplier };
  let squares = (nearestBound - bound) ** 2;
  for (let position = 0; position < ranking.descending.length && squares < 2 * limit; position++) {
    const weight = at(ranking.descending, position);
    squares += (weight - projectedWeight(weight, projection)) ** 2;
  }
  return { ...projection, value: squares / 2 };
}

/** B′ − B + Σ_S max(B′ − W_s, 0) − λ(B′) at B′ = the count-th smallest member: its sign is that of B′ minus the root. */
function excess(ranking: Ranking, size: number, bound: number, count: number, member: number): number {
  const lift = count * member - sumBetween(ranking, size - count, size);
  return member - bound + lift - multiplierAt(ranking, size, member);
}

/** λ(B′): the least λ ≥ 0 with Σ_{i∉S} max(W_i − λ, 0) ≤ B′, for B′ ≥ 0. */
function multiplierAt(ranking: Ranking, size: number, nearestBound: number): number {
  if (positiveSum(ranking, size) <= nearestBound) return 0;
  const kept = countWhile(ranking.descending.length - size, (count) => {
    const weight = at(ranking.descending, size + count - 1);
    return sumBetween(ranking, size, size + count) - count * weight < nearestBound;
  });
  if (kept === 0) return at(ranking.descending, size);
  return (sumBetween(ranking, size, size + kept) - nearestBound) / kept;
}

/** The root of slope·B′ − λ(B′) = target, B′ ≥ 0, and λ there. */
function balance(
  ranking: Ranking,
  size: number,
  target: number,
  slope: number,
): { readonly nearestBound: number; readonly multiplier: number } {
  const free = target / slope;
  if (positiveSum(ranking, size) <= free) return { nearestBound: free, multiplier: 0 };
  const kept = countWhile(ranking.descending.length - size, (count) => {
    const weight = at(ranking.descending, size + count - 1);
    return slope * (sumBetween(ranking, size, size + count) - count * weight) < target + weight;
  });
  const sum = sumBetween(ranking, size, size + kept);
  const multiplier = (slope * sum - target) / (1 + kept * slope);
  return { nearestBound: sum - kept * multiplier, multiplier };
}

/** Σ_{i∉S} max(W_i, 0) */
function positiveSum(ranking: Ranking, size: number): number {
  return ranking.positive > size ? sumBetween(ranking, size, ranking.positive) : 0;
}

function sumBetween(ranking: Ranking, start: number, end: number): number {
  return at(ranking.sums, end) - at(ranking.sums, start);
}

/** The largest count ≤ limit that satisfies the condition, 0 if none; it holds for every smaller one, and for none beyond. */
function countWhile(limit: number, condition: (count: number) => boolean): number {
  let least = 0;
  let most = limit;
  while (least < most) {
    const middle = (least + most + 1) >> 1;
    if (condition(middle)) least = middle;
    else most = middle - 1;
  }
  return least;
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? Number.NaN;
}
