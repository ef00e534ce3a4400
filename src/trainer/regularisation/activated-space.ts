/** Distance of a neuron to the parameters of erosions and dilations (Aouad & Talbot, arXiv 2401.03830, section 3). */
import { nearestActivated, projectedWeight } from "../../binarize/closest/activated-space.js";
import type { Penalty } from "./penalty.js";

/**
 * Half the squared distance to the nearest operation; 0 for a neuron that is one. The gradient, the difference to the
 * projection, is exact wherever S and the operation are locally constant; that of an erosion passes through its dual
 * bound Σ W − B to every weight.
 */
export function activatedPenalty(weights: Float32Array, bias: number, gradient: Float32Array): Penalty {
  const nearest = nearestActivated(weights, bias);
  const { operation, bound, nearestBound, value } = nearest;
  const boundResidual = bound - nearestBound;
  const shared = operation === "erosion" ? boundResidual : 0;
  weights.forEach((weight, input) => {
    gradient[input] = shared + weight - projectedWeight(weight, nearest);
  });
  return { value, biasGradient: operation === "erosion" ? -boundResidual : boundResidual };
}
