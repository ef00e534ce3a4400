/**
 * The rules of the authors' code as the notes on the recorded values state them, in double precision; what they compute in
 * float32 agrees with it but for rounding. Independent of the binarizer, which decides the same questions exactly.
 */

export type Operation = "erosion" | "dilation";

/** Inputs lie in [0, v1] or [v2, 1]. */
export interface InputBounds {
  readonly v1: number;
  readonly v2: number;
}

export const BITS: InputBounds = { v1: 0, v2: 1 };

export interface Neuron {
  readonly weights: Float32Array;
  /** B, subtracted. */
  readonly bias: number;
}

export interface Range {
  readonly lower: number;
  readonly upper: number;
}

/** S as a text of digits, one per weight. */
export interface OperationBySet {
  readonly operation: Operation;
  readonly set: string;
}

/** How far the authors' float32 sums over this neuron's parameters are from exact ones: errors add up like √n. */
export function sumTolerance({ weights, bias }: Neuron): number {
  return 2 ** -24 * (4 + Math.sqrt(weights.length)) * (sumOf(weights.map(Math.abs)) + Math.abs(bias));
}

/** Every sum of the parameters is the same in float32 as in reals, in any order: multiples of one unit below 2^24 of it. */
export function hasExactSums({ weights, bias }: Neuron): boolean {
  const values = [...weights, bias];
  const size = values.reduce((sum, value) => sum + Math.abs(value), 0);
  const unit = 2 ** (Math.floor(Math.log2(size === 0 ? 1 : size)) - 22);
  return values.every((value) => Number.isInteger(value / unit));
}

/** Dilation iff ½ΣW ≥ B. */
export function sideOfBias({ weights, bias }: Neuron): Operation {
  return sumOf(weights) / 2 >= bias ? "dilation" : "erosion";
}

/** S of the activation test is what is at least this. */
export function threshold({ weights, bias }: Neuron, operation: Operation, { v1, v2 }: InputBounds): number {
  return operation === "dilation" ? bias / v2 : (sumOf(weights) - bias) / (1 - v1);
}

export function setFrom(weights: Float32Array, least: number): string {
  return textOf(weights, (weight) => weight >= least);
}

function setAbove(weights: Float32Array, limit: number): string {
  return textOf(weights, (weight) => weight > limit);
}

function textOf(weights: Float32Array, isMember: (weight: number) => boolean): string {
  return Array.from(weights, (weight) => (isMember(weight) ? "1" : "0")).join("");
}

/** Between which B must lie for the operation by S; the minimum over an empty set is +∞. */
export function boundsOf({ weights }: Neuron, { operation, set }: OperationBySet, { v1, v2 }: InputBounds): Range {
  const inside = weights.filter((_, input) => set[input] === "1");
  const least = inside.reduce((minimum, weight) => Math.min(minimum, weight), Number.POSITIVE_INFINITY);
  const positiveInside = sumOf(inside.filter((weight) => weight > 0));
  const positive = sumOf(weights.filter((weight) => weight > 0));
  const negative = sumOf(weights.filter((weight) => weight < 0));
  return operation === "dilation"
    ? { lower: positive - positiveInside + v1 * positiveInside, upper: v2 * least + negative }
    : { lower: positive - (1 - v1) * least, upper: v2 * positiveInside + negative };
}

/** {W ≥ threshold of the bias's side}, tried as an erosion, then as a dilation; both bounds are strict. */
export function learnedOperation(neuron: Neuron, inputs: InputBounds): OperationBySet | null {
  const set = setFrom(neuron.weights, threshold(neuron, sideOfBias(neuron), inputs));
  for (const operation of ["erosion", "dilation"] as const) {
    if (isStrictlyInside(neuron, { operation, set }, inputs)) return { operation, set };
  }
  return null;
}

/** The other implementation: {W > threshold}, tried as the operation of the bias's side only. */
export function learnedByChannel(neuron: Neuron): OperationBySet | null {
  const operation = sideOfBias(neuron);
  const set = setAbove(neuron.weights, threshold(neuron, operation, BITS));
  return isStrictlyInside(neuron, { operation, set }, BITS) ? { operation, set } : null;
}

function isStrictlyInside(neuron: Neuron, tried: OperationBySet, inputs: InputBounds): boolean {
  const { lower, upper } = boundsOf(neuron, tried, inputs);
  return tried.set.includes("1") && lower < neuron.bias && neuron.bias < upper;
}

/**
 * Smallest distance of B or of a weight to a limit that decides: the half sum, the threshold, the bounds of both operations
 * by the set of the bias's side.
 */
export function decisionMargin(neuron: Neuron, inputs: InputBounds): number {
  const { weights, bias } = neuron;
  const limit = threshold(neuron, sideOfBias(neuron), inputs);
  const set = setFrom(weights, limit);
  const bounds = (["erosion", "dilation"] as const).flatMap((operation) => {
    const { lower, upper } = boundsOf(neuron, { operation, set }, inputs);
    return [lower, upper];
  });
  const distances = [...bounds, sumOf(weights) / 2].map((each) => Math.abs(bias - each));
  return Math.min(...distances, ...weights.map((weight) => Math.abs(weight - limit)));
}

/** The nearest constant set with each distinct value counted once: (w₁ + … + w_j)/√j over the distinct values. */
export function distinctValuesOnce(weights: Float32Array): string {
  const descending = [...new Set(weights)].sort((first, second) => second - first);
  let best = { score: Number.NEGATIVE_INFINITY, level: Number.POSITIVE_INFINITY };
  let sum = 0;
  descending.forEach((level, position) => {
    sum += level;
    const score = sum / Math.sqrt(position + 1);
    if (score > best.score) best = { score, level };
  });
  return setFrom(weights, best.level);
}

/** ‖W‖² − (Σ_S W)²/|S|, as a sum of squares; NaN for an empty S, as in the authors' code. */
export function constantSetDistance(weights: Float32Array, set: string): number {
  if (!set.includes("1")) return Number.NaN;
  const theta = meanOf(weights, set);
  return weights.reduce((sum, weight, input) => sum + (weight - (set[input] === "1" ? theta : 0)) ** 2, 0);
}

/** θ: the mean of W on S. */
export function meanOf(weights: Float32Array, set: string): number {
  const inside = weights.filter((_, input) => set[input] === "1");
  return sumOf(inside) / inside.length;
}

/** (Σ_S W)/√|S| of the prefixes of the descending weights, the best first. */
export function prefixScores(weights: Float32Array): number[] {
  let sum = 0;
  const descending = weights.toSorted().reverse();
  return Array.from(descending, (weight, position) => {
    sum += weight;
    return sum / Math.sqrt(position + 1);
  }).sort((first, second) => second - first);
}

/** In double precision. */
export function sumOf(weights: Float32Array): number {
  return weights.reduce((sum, weight) => sum + weight, 0);
}
