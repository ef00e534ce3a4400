/** What one neuron pays for being no operation: a distance to the parameters of operations, and its gradient. */

export interface Penalty {
  readonly value: number;
  /** Derivative by B; the caller's array has taken those by W. */
  readonly biasGradient: number;
}

/**
 * @param weights W of one neuron, of any sign
 * @param bias B, subtracted
 * @param gradient as long as the weights; becomes the derivative by W
 */
export type PenaltyFunction = (weights: Float32Array, bias: number, gradient: Float32Array) => Penalty;
