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

/** Of the largest weight at least this share stays: neurons with few large weights are not normally distributed. */
const LEAST_RANGE = 0.7;

/** s of each neuron, [neurons, 1]. Weights beyond largest·s are cut off. */
export function gridSteps(weights: tf.Tensor2D, largest: number): tf.Tensor2D {
  const factor = STEP_OF_THREE_LEVELS * largest ** STEP_POWER;
  return tf.tidy(() => {
    const sizes = tf.abs(weights);
    const typical = tf.mul(tf.mean(sizes, 1, true), factor);
    const range = tf.mul(tf.max(sizes, 1, true), LEAST_RANGE / largest);
    return tf.maximum(tf.maximum(typical, range), LEAST_STEP);
  });
}

function integers(weights: tf.Tensor2D, steps: tf.Tensor2D, largest: number): tf.Tensor2D {
  return tf.clipByValue(tf.round(tf.div(weights, steps)), -largest, largest);
}

/** B for weights W: of some parametrisations it depends on them. */
export type BiasesOf = (weights: tf.Tensor2D) => tf.Tensor1D;

/** The weights moved to the grid, and the biases that go with them. */
export function onGrid(weights: tf.Tensor2D, biasesOf: BiasesOf, largest: number): GridParameters {
  const steps = gridSteps(weights, largest);
  const moved = throughIdentity(weights, () => tf.mul(integers(weights, steps, largest), steps));
  const biases = biasesOf(moved);
  const biasSteps = tf.reshape(steps, [-1]);
  return {
    weights: moved,
    biases: throughIdentity(biases, () => tf.mul(halfIntegers(biases, biasSteps), biasSteps) as tf.Tensor1D),
  };
}

/** The same neurons in units of s: W = k and B an integer and a half, without rounding, and P·s. */
export function inGridUnits(
  weights: tf.Tensor2D,
  biasesOf: BiasesOf,
  scales: tf.Tensor1D,
  largest: number,
): EffectiveParameters {
  const steps = gridSteps(weights, largest);
  const biasSteps = tf.reshape(steps, [-1]) as tf.Tensor1D;
  const whole = integers(weights, steps, largest);
  return {
    weights: whole,
    biases: halfIntegers(biasesOf(tf.mul(whole, steps)), biasSteps) as tf.Tensor1D,
    scales: tf.mul(scales, biasSteps),
  };
}

function halfIntegers(biases: tf.Tensor1D, steps: tf.Tensor): tf.Tensor {
  return tf.add(tf.floor(tf.div(biases, steps)), 0.5);
}

/** Forward `value()`, backward the identity. */
export function throughIdentity<T extends tf.Tensor>(x: T, value: () => T): T {
  const operation = tf.customGrad(() => ({ value: value(), gradFunc: (dy: tf.Tensor) => dy }));
  return operation(x) as T;
}
