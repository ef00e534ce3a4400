/** How far a neuron is from the operation that replaced it, by the definitions of Aouad & Talbot, arXiv 2401.03830, section 3. */
import type { Policy } from "./format.js";

export interface Replacement {
  readonly operation: "erosion" | "dilation";
  /** One boolean per weight. */
  readonly members: readonly boolean[];
}

/** @param weights W of the neuron, over its bits; `bias` B, subtracted */
export function distanceTo(
  policy: Policy,
  weights: readonly number[],
  bias: number,
  chosen: Replacement,
): number | null {
  switch (policy) {
    case "auto":
    case "exact":
      return null;
    case "approximate-constant":
    case "approximate-uniform":
    case "approximate-normal":
      return constantSetDistance(weights, chosen.members);
    case "approximate-activated":
      return activatedDistance(weights, bias, chosen);
    case "approximate-bounds":
      return violation(weights, bias, chosen);
  }
}

/** ‖W‖² − (Σ_S W)²/|S|, as Σ_S (W − θ)² + Σ_{∉S} W² with θ the mean on S, in which nothing cancels. */
function constantSetDistance(weights: readonly number[], members: readonly boolean[]): number {
  const inside = weights.filter((_, input) => members[input]);
  const mean = sum(inside) / Math.max(1, inside.length);
  return sum(weights.map((weight, input) => (members[input] === true ? weight - mean : weight) ** 2));
}

/** max(lower − B, B − upper, 0) of the inequalities on bits. */
function violation(weights: readonly number[], bias: number, { operation, members }: Replacement): number {
  const positive = (values: readonly number[]): number => sum(values.map((value) => Math.max(0, value)));
  const inside = weights.filter((_, input) => members[input]);
  const negative = sum(weights) - positive(weights);
  const least = Math.min(...inside);
  const [lower, upper] =
    operation === "dilation"
      ? [positive(weights) - positive(inside), least + negative]
      : [positive(weights) - least, positive(inside) + negative];
  return Math.max(lower - bias, bias - upper, 0);
}

/**
 * ½‖(W′, B′) − (W, B)‖² of the projection on Σ_{∉S} W′ ≤ B′ ≤ W′_s, W′ ≥ 0; an erosion is the dilation after B → ΣW − B. For a given
 * B′ the weights outside S lose λ(B′) = max_k ((sum of the k largest) − B′)/k, if positive, and those in S are lifted to B′; the
 * derivative by B′, B′ − B + Σ_S max(B′ − W, 0) − λ(B′), increases, and B′ is its root.
 */
function activatedDistance(weights: readonly number[], bias: number, { operation, members }: Replacement): number {
  const bound = operation === "dilation" ? bias : sum(weights) - bias;
  const inside = weights.filter((_, input) => members[input]);
  const outside = weights.filter((_, input) => members[input] !== true).sort((a, b) => b - a);
  let partial = 0;
  const sums = outside.map((weight) => (partial += weight));
  const multiplier = (at: number): number => sums.reduce((most, each, k) => Math.max(most, (each - at) / (k + 1)), 0);
  const slope = (at: number): number =>
    at - bound + sum(inside.map((weight) => Math.max(at - weight, 0))) - multiplier(at);
  let [low, high] = [0, Math.abs(bound) + sum(weights.map(Math.abs)) + 1];
  for (let step = 0; step < 128; step++) {
    const middle = (low + high) / 2;
    if (slope(middle) < 0) low = middle;
    else high = middle;
  }
  const lambda = multiplier(high);
  const moved = [
    high - bound,
    ...inside.map((weight) => Math.max(weight, high) - weight),
    ...outside.map((weight) => Math.max(weight - lambda, 0) - weight),
  ];
  return sum(moved.map((each) => each ** 2)) / 2;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
