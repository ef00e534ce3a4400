/**
 * Projection of a neuron's weights on the constant set {θ·1_S} (Aouad & Talbot, arXiv 2401.03830, Proposition 3.2): S is
 * always {W ≥ level}, θ the mean of W on S, and the squared distance ‖W‖² − (Σ_S W)²/|S|.
 */
import { compareProducts, dyadic, type Product } from "../dyadic.js";
import { type ClosestOperation, membersFrom } from "./operation.js";

/** How S is chosen: the nearest (`exact`), W ≥ ⅔ of the mean weight (`uniform`), W ≥ ¾ of it (`normal`). */
export type ConstantSetMode = "exact" | "uniform" | "normal";

const SHARE_OF_MEAN = { uniform: [2, 3], normal: [3, 4] } as const;

/**
 * Dilation iff B ≤ ½ΣW, decided exactly, else erosion; B takes no part in the distance. With a negative mean S can be empty
 * in the modes `uniform` and `normal` (all weights −1): then nothing is near but 0, and the distance is ‖W‖².
 */
export function closestConstantSet(mode: ConstantSetMode, weights: Float32Array, bias: number): ClosestOperation {
  const level = constantSetLevel(mode, weights);
  const theta = meanFrom(weights, level);
  let distance = 0;
  for (const weight of weights) distance += (weight >= level ? weight - theta : weight) ** 2;
  const halves = Array.from(weights, (weight): Product => [weight, 0.5]);
  return {
    operation: compareProducts(halves, dyadic(bias)) >= 0 ? "dilation" : "erosion",
    members: membersFrom(weights, level),
    distance,
  };
}

/**
 * The least weight of S, +∞ for an empty one. In mode `exact` no non-empty set has a larger (Σ_S W)/√|S|; where a weight
 * is positive, that is the nearest θ·1_S with θ ≥ 0, whatever the signs. Sums are those of doubles, exact for weights that
 * span less than 2^29/n.
 *
 * The authors' code counts repeated weights once in this mode; its set can be further away.
 */
export function constantSetLevel(mode: ConstantSetMode, weights: Float32Array): number {
  return mode === "exact" ? nearestLevel(weights) : levelFromMean(SHARE_OF_MEAN[mode], weights);
}

/** θ: the mean of the weights that are at least `level`; 0 where there are none. */
export function meanFrom(weights: Float32Array, level: number): number {
  let sum = 0;
  let size = 0;
  for (const weight of weights) {
    if (weight >= level) {
      sum += weight;
      size++;
    }
  }
  return size === 0 ? 0 : sum / size;
}

/**
 * The end of the prefix of the descending weights that maximises Σ w / √j. Equal weights need no care, because a maximum
 * never ends among them: with a sum a ≥ 0 before and t equal weights w, (a + t·w)/√(j + t) is largest at one of the ends; and
 * if the largest weight is negative, no set does better than one of its occurrences.
 */
function nearestLevel(weights: Float32Array): number {
  const ascending = weights.toSorted();
  let best = Number.NEGATIVE_INFINITY;
  let level = Number.POSITIVE_INFINITY;
  let sum = 0;
  for (let size = 1; size <= ascending.length; size++) {
    const weight = ascending[ascending.length - size] ?? 0;
    sum += weight;
    const score = sum / Math.sqrt(size);
    if (score > best) {
      best = score;
      level = weight;
    }
  }
  return level;
}

/** W ≥ p/q · ΣW/n as q·n·W ≥ p·ΣW, which has no quotient to round. */
function levelFromMean([p, q]: readonly [number, number], weights: Float32Array): number {
  let sum = 0;
  for (const weight of weights) sum += weight;
  let level = Number.POSITIVE_INFINITY;
  for (const weight of weights) {
    if (weight < level && q * weights.length * weight >= p * sum) level = weight;
  }
  return level;
}
