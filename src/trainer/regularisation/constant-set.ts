/**
 * Squared distance of a neuron's weights to the constant set {θ·1_S} (Aouad & Talbot, arXiv 2401.03830, Proposition 3.2).
 */
import type { PenaltyFunction } from "./penalty.js";

/** How S is chosen: the nearest (`exact`), W ≥ ⅔ of the mean weight (`uniform`), W ≥ ¾ of it (`normal`). */
export type ConstantSetMode = "exact" | "uniform" | "normal";

const SHARE_OF_MEAN = { uniform: 2 / 3, normal: 3 / 4 } as const;

/** The level with S = {W ≥ level}. In mode `exact` S is that of `closestConstantSet` of the binarizer. */
export function constantSetLevel(mode: ConstantSetMode, weights: Float32Array): number {
  return mode === "exact" ? nearestLevel(weights) : (SHARE_OF_MEAN[mode] * sumOf(weights)) / weights.length;
}

/**
 * Σ_{i∉S} W_i² + Σ_{i∈S} (W_i − θ)², θ the mean of W on S; equal to ‖W‖² − (Σ_S W)²/|S|. The gradient, 2·(W − θ·1_S),
 * is exact wherever S is locally constant, since θ is optimal. B takes no part.
 */
export function constantSetPenalty(mode: ConstantSetMode): PenaltyFunction {
  return (weights, _bias, gradient) => {
    const level = constantSetLevel(mode, weights);
    let sum = 0;
    let size = 0;
    for (const weight of weights) {
      if (weight >= level) {
        sum += weight;
        size++;
      }
    }
    // Empty for negative weights near their mean: the nearest multiple of 1_∅ is 0.
    const theta = size === 0 ? 0 : sum / size;
    let value = 0;
    weights.forEach((weight, input) => {
      const residual = weight >= level ? weight - theta : weight;
      value += residual * residual;
      gradient[input] = 2 * residual;
    });
    return { value, biasGradient: 0 };
  };
}

/**
 * The prefix of the descending weights that maximises Σ w / √j. Without the binarizer's lists, since training asks for it
 * for every neuron in every step; equal weights need no care here, because a maximum never ends among them (with a ≥ 0
 * before and t equal weights w, (a + t·w)/√(j + t) is largest at one of the ends).
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

function sumOf(weights: Float32Array): number {
  let sum = 0;
  for (const weight of weights) sum += weight;
  return sum;
}
