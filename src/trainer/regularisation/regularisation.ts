/** The morphological regularisation of a training loss (Aouad & Talbot, arXiv 2401.03830, section 3). */
import * as tf from "@tensorflow/tfjs";
import type { ConstantSetMode } from "../../binarize/closest/constant-set.js";
import { activatedPenalty } from "./activated-space.js";
import { constantSetPenalty } from "./constant-set.js";
import type { PenaltyFunction } from "./penalty.js";

/**
 * - `exact`, `uniform`, `normal`: squared distance of W to the constant set, S chosen accordingly;
 * - `activated`: half the squared distance of (W, B) to the nearest erosion or dilation.
 */
export type RegularisationKind = ConstantSetMode | "activated";

/** Neurons as they act, that is after the parametrisation. */
export interface EffectiveBank {
  /** W, [neurons, inputs]. */
  readonly weights: tf.Tensor2D;
  /** B, subtracted, [neurons]. */
  readonly biases: tf.Tensor1D;
}

/**
 * Sum over all neurons of the banks; gradients flow to weights and biases.
 *
 * The nearest operation of each neuron is found on the host, from a copy of the values; backends that cannot read
 * synchronously use {@link hostPenalties} and {@link penaltyTensor} instead.
 */
export function regularisation(kind: RegularisationKind, banks: readonly EffectiveBank[]): tf.Scalar {
  return tf.tidy(() =>
    banks.reduce((sum: tf.Scalar, bank) => {
      const { weights, biases } = bank;
      const penalties = hostPenalties(kind, weights.dataSync<"float32">(), biases.dataSync<"float32">());
      return tf.add(sum, penaltyTensor(bank, penalties));
    }, tf.scalar(0)),
  );
}

/** Penalties of a bank at one point of its parameters. */
export interface BankPenalties {
  /** One per neuron. */
  readonly values: Float64Array;
  /** Derivative by W, neuron after neuron. */
  readonly weightGradient: Float32Array;
  /** Derivative by B. */
  readonly biasGradient: Float32Array;
}

/** @param weights W, neuron after neuron */
export function hostPenalties(kind: RegularisationKind, weights: Float32Array, biases: Float32Array): BankPenalties {
  const penalty: PenaltyFunction = kind === "activated" ? activatedPenalty : constantSetPenalty(kind);
  const inputs = weights.length / biases.length;
  const values = new Float64Array(biases.length);
  const weightGradient = new Float32Array(weights.length);
  const biasGradient = new Float32Array(biases.length);
  biases.forEach((bias, neuron) => {
    const start = neuron * inputs;
    const gradient = weightGradient.subarray(start, start + inputs);
    const found = penalty(weights.subarray(start, start + inputs), bias, gradient);
    values[neuron] = found.value;
    biasGradient[neuron] = found.biasGradient;
  });
  return { values, weightGradient, biasGradient };
}

/** The sum of penalties that were computed for the bank's present values, with their gradients. */
export function penaltyTensor(bank: EffectiveBank, penalties: BankPenalties): tf.Scalar {
  const shape = bank.weights.shape;
  const sum = tf.customGrad(() => ({
    value: tf.scalar(penalties.values.reduce((partial, value) => partial + value, 0)),
    gradFunc: (upstream: tf.Scalar) => [
      tf.mul(tf.tensor2d(penalties.weightGradient, shape), upstream),
      tf.mul(tf.tensor1d(penalties.biasGradient), upstream),
    ],
  }));
  return sum(bank.weights, bank.biases);
}
