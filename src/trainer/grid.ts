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

/**
 * Steps of the uniform quantiser with the least squared error on normally distributed weights, in units of mean |W|, are
 * near 1.53 for 3 levels, 0.42 for 15 and 0.24 for 31 (Max, "Quantizing for minimum distortion", 1960); in between
 * they follow this power of the largest integer.
 */
const STEP_OF_THREE_LEVELS = 1.53;
const STEP_POWER = -2 / 3;

/** s of each neuron, [neurons, 1]. Weights beyond largest·s are cut off. */
export function gridSteps(weights: tf.Tensor2D, largest: number): tf.Tensor2D {
  const factor = STEP_OF_THREE_LEVELS * largest ** STEP_POWER;
  return tf.tidy(() => tf.maximum(tf.mul(tf.mean(tf.abs(weights), 1, true), factor), LEAST_STEP));
}

function integers(weights: tf.Tensor2D, steps: tf.Tensor2D, largest: number): tf.Tensor2D {
  return tf.clipByValue(tf.round(tf.div(weights, steps)), -largest, largest);
}

/** Effective weights and biases moved to the grid. */
export function onGrid(weights: tf.Tensor2D, biases: tf.Tensor1D, largest: number): GridParameters {
  const steps = gridSteps(weights, largest);
  const biasSteps = tf.reshape(steps, [-1]);
  return {
    weights: throughIdentity(weights, () => tf.mul(integers(weights, steps, largest), steps)),
    biases: throughIdentity(biases, () => tf.mul(tf.add(tf.floor(tf.div(biases, biasSteps)), 0.5), biasSteps)),
  };
}

/** The same neurons in units of s: W = k and B an integer and a half, without rounding, and P·s. */
export function inGridUnits(parameters: EffectiveParameters, largest: number): EffectiveParameters {
  const { weights, biases, scales } = parameters;
  const steps = gridSteps(weights, largest);
  const biasSteps = tf.reshape(steps, [-1]) as tf.Tensor1D;
  return {
    weights: integers(weights, steps, largest),
    biases: tf.add(tf.floor(tf.div(biases, biasSteps)), 0.5),
    scales: tf.mul(scales, biasSteps),
  };
}

/** Forward `value()`, backward the identity. */
export function throughIdentity<T extends tf.Tensor>(x: T, value: () => T): T {
  const operation = tf.customGrad(() => ({ value: value(), gradFunc: (dy: tf.Tensor) => dy }));
  return operation(x) as T;
}
