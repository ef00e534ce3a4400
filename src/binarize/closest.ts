/**
 * The closest erosion or dilation of a neuron that is none (Aouad & Talbot, arXiv 2401.03830, Proposition 3.2): the
 * projection of W onto the constant set {θ·1_S}.
 */

export interface ClosestOperation {
  readonly operation: "erosion" | "dilation";
  /** S, one boolean per weight. */
  readonly members: readonly boolean[];
  /** Squared distance ‖W‖² − (Σ_S W)² / |S|; the bias is not part of it. */
  readonly distance: number;
}

/**
 * The prefix of the weights in descending order that maximises Σ w / √j; equal weights enter together. Dilation iff
 * B ≤ ½ΣW, else erosion. For raw negative weights it is the authors' rule, not a projection.
 *
 * The authors' code counts each distinct value once; with repeated weights its set can be further away than this one.
 */
export function closestConstantSet(weights: Float32Array, bias: number): ClosestOperation {
  const descending = weights.toSorted().reverse();
  let best = { score: Number.NEGATIVE_INFINITY, least: 0 };
  let sum = 0;
  descending.forEach((weight, position) => {
    sum += weight;
    if (descending[position + 1] === weight) return;
    const score = sum / Math.sqrt(position + 1);
    if (score > best.score) best = { score, least: weight };
  });
  const members = Array.from(weights, (weight) => weight >= best.least);
  const total = weights.reduce((partial, weight) => partial + weight, 0);
  const squares = weights.reduce((partial, weight) => partial + weight * weight, 0);
  return {
    operation: bias <= total / 2 ? "dilation" : "erosion",
    members,
    distance: Math.max(0, squares - best.score ** 2),
  };
}
