/** What replaces a neuron that is no erosion or dilation. */

export interface ClosestOperation {
  readonly operation: "erosion" | "dilation";
  /** S, one boolean per weight; empty only for the constant sets of weights whose mean is negative. */
  readonly members: readonly boolean[];
  /** In the measure of the method that found it; never negative. */
  readonly distance: number;
}

/** S = {W ≥ level}. */
export function membersFrom(weights: Float32Array, level: number): boolean[] {
  return Array.from(weights, (weight) => weight >= level);
}
