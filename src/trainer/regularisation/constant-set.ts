/**
 * Squared distance of a neuron's weights to the constant set {θ·1_S} (Aouad & Talbot, arXiv 2401.03830, Proposition 3.2).
 */
import { type ConstantSetMode, constantSetLevel, meanFrom } from "../../binarize/closest/constant-set.js";
import type { PenaltyFunction } from "./penalty.js";

/**
 * Σ_{i∉S} W_i² + Σ_{i∈S} (W_i − θ)², θ the mean of W on S; equal to ‖W‖² − (Σ_S W)²/|S|. The gradient, 2·(W − θ·1_S),
 * is exact wherever S is locally constant, since θ is optimal. B takes no part.
 */
export function constantSetPenalty(mode: ConstantSetMode): PenaltyFunction {
  return (weights, _bias, gradient) => {
    const level = constantSetLevel(mode, weights);
    const theta = meanFrom(weights, level);
    let value = 0;
    weights.forEach((weight, input) => {
      const residual = weight >= level ? weight - theta : weight;
      value += residual * residual;
      gradient[input] = 2 * residual;
    });
    return { value, biasGradient: 0 };
  };
}
