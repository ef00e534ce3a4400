/** The papers' closest erosion or dilation of a neuron that is none (Aouad & Talbot, arXiv 2401.03830, section 3). */
import { nearestActivated } from "./activated-space.js";
import { leastViolation } from "./bounds.js";
import { closestConstantSet } from "./constant-set.js";
import { type ClosestOperation, membersFrom } from "./operation.js";

export type { ClosestOperation } from "./operation.js";

/**
 * - `constant`, `uniform`, `normal`: the constant set {θ·1_S} nearest to W, or S = {W ≥ ⅔ mean}, or S = {W ≥ ¾ mean};
 *   the distance is ‖W‖² − (Σ_S W)²/|S|, the operation decided by B;
 * - `activated`: the nearest parameters (W, B) of an erosion or dilation with positive weights; half the squared distance;
 * - `bounds`: the operation whose inequalities B violates least; by how much.
 */
export type ApproximationMethod = "constant" | "uniform" | "normal" | "activated" | "bounds";

/**
 * @param weights W of one neuron, at least one, finite, of any sign
 * @param bias B, subtracted, finite
 */
export function closestOperation(method: ApproximationMethod, weights: Float32Array, bias: number): ClosestOperation {
  switch (method) {
    case "constant":
      return closestConstantSet("exact", weights, bias);
    case "uniform":
    case "normal":
      return closestConstantSet(method, weights, bias);
    case "activated": {
      const { operation, level, value } = nearestActivated(weights, bias);
      return { operation, members: membersFrom(weights, level), distance: value };
    }
    case "bounds": {
      const { operation, level, violation } = leastViolation(weights, bias);
      return { operation, members: membersFrom(weights, level), distance: violation };
    }
  }
}
