/**
 * Weights on a grid of small integers: a neuron's weights are k·s with integers |k| ≤ largest and one step s a neuron, its
 * bias lies half-way between two multiples of s, where no sum of bits can meet it. The gradient passes as if nothing was
 * rounded, so the real weights behind the grid go on moving.
 */
import * as tf from "@tensorflow/tfjs";
import type { EffectiveParameters } from "./bank.js";

export interface GridParameters {
  readonly weights: tf.Tensor2D;
  readonly biases: tf.Tensor1D;
}

/** Keeps 0 / 0 out of a neuron whose weights are all 0. */
const LEAST_STEP = 1e-12;

/** s = max|W| / largest, [neurons, 1]: no weight is cut off. */
export function gridSteps(weights: tf.Tensor2D, largest: number): tf.Tensor2D {
  return tf.tidy(() => tf.maximum(tf.div(tf.max(tf.abs(weights), 1, true), largest), LEAST_STEP));
}

/** Effective weights and biases moved to the grid. */
export function onGrid(weights: tf.Tensor2D, biases: tf.Tensor1D, largest: number): GridParameters {
  const steps = gridSteps(weights, largest);
  const biasSteps = tf.reshape(steps, [-1]);
  return {
    weights: replaceForward(weights, () => tf.mul(tf.round(tf.div(weights, steps)), steps)),
    biases: replaceForward(biases, () => tf.mul(tf.add(tf.floor(tf.div(biases, biasSteps)), 0.5), biasSteps)),
  };
}

/** The same neurons in units of s: W = k and B an integer and a half, without rounding, and P·s. */
export function inGridUnits(parameters: EffectiveParameters, largest: number): EffectiveParameters {
  const { weights, biases, scales } = parameters;
  const steps = gridSteps(weights, largest);
  const biasSteps = tf.reshape(steps, [-1]) as tf.Tensor1D;
  return {
    weights: tf.round(tf.div(weights, steps)),
    biases: tf.add(tf.floor(tf.div(biases, biasSteps)), 0.5),
    scales: tf.mul(scales, biasSteps),
  };
}

/** Forward `value()`, backward the identity. */
export function replaceForward<T extends tf.Tensor>(x: T, value: () => T): T {
  const operation = tf.customGrad(() => ({ value: value(), gradFunc: (dy: tf.Tensor) => dy }));
  return operation(x) as T;
}
