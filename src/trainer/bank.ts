/** The trained parameters of some neurons, and what the neurons answer. */
import * as tf from "@tensorflow/tfjs";
import { unreachable } from "../diagnostics.js";
import type { BankConfig } from "./config.js";
import { onGrid, replaceForward } from "./grid.js";
import type { BankParameters } from "./initialisation.js";
import { activateTensor, stepWithSurrogate } from "./operations/activations.js";
import {
  type BiasParametrisation,
  effectiveBiases,
  effectiveWeights,
  type WeightParametrisation,
} from "./parametrisation.js";
import type { LayerSetting } from "./schedule.js";

/** W, B and P as they act, [neurons, inputs] and [neurons]. */
export interface EffectiveParameters {
  readonly weights: tf.Tensor2D;
  readonly biases: tf.Tensor1D;
  readonly scales: tf.Tensor1D;
}

/** Σ W·x of every neuron for other weights of the same shape; the neurons are the last dimension. */
export type Linear = (weights: tf.Tensor2D) => tf.Tensor;

/**
 * A soft erosion with only input i clear answers exp(−P·W_i): below ½, so that i belongs to S, from this exponent on. A
 * dilation with only input i set answers 1 − exp(−P·W_i), above ½ from there on.
 */
export const MEMBER_EXPONENT = Math.LN2;

export class Bank {
  /** `layers[0].bise` */
  readonly path: string;
  readonly config: BankConfig;
  readonly weightParametrisation: WeightParametrisation;
  readonly biasParametrisation: BiasParametrisation;
  /** [neurons, inputs] */
  readonly weights: tf.Variable<tf.Rank.R2>;
  /** [neurons] */
  readonly biases: tf.Variable<tf.Rank.R1>;
  /** [neurons] */
  readonly scales: tf.Variable<tf.Rank.R1>;

  constructor(path: string, config: BankConfig, initial: BankParameters) {
    this.path = path;
    this.config = config;
    this.weightParametrisation =
      config.weights === "dual" ? { kind: "dual", factor: initial.factor } : { kind: config.weights };
    this.biasParametrisation = config.bias === "softplus" ? { kind: "softplus", offset: 0 } : { kind: config.bias };
    const { count, inputs } = initial;
    [this.weights, this.biases, this.scales] = tf.tidy(() => [
      tf.variable(tf.tensor2d(initial.weights, [count, inputs])),
      tf.variable(tf.tensor1d(initial.biases)),
      tf.variable(tf.fill([count], config.scale)),
    ]);
  }

  get count(): number {
    return this.weights.shape[0];
  }

  /** What is trained, with a name that is unique in the network. */
  get variables(): readonly { readonly name: string; readonly variable: tf.Variable; readonly trained: boolean }[] {
    const { form, learnedScale } = this.config;
    return [
      { name: `${this.path}.weights`, variable: this.weights, trained: true },
      { name: `${this.path}.biases`, variable: this.biases, trained: form === "threshold" },
      { name: `${this.path}.scales`, variable: this.scales, trained: learnedScale },
    ];
  }

  effective(grid: number | null): EffectiveParameters {
    const weights = effectiveWeights(this.weightParametrisation, this.weights);
    const biases = effectiveBiases(this.biasParametrisation, this.biases, weights);
    return { ...(grid === null ? { weights, biases } : onGrid(weights, biases, grid)), scales: this.scales };
  }

  /** The neurons' answers to inputs of which `linear` takes weighted sums. */
  respond(linear: Linear, setting: LayerSetting): tf.Tensor {
    const parameters = this.effective(setting.grid);
    const sharp = tf.mul(parameters.scales, setting.sharpness);
    switch (this.config.form) {
      case "threshold": {
        const distance = tf.sub(linear(parameters.weights), parameters.biases);
        const u = tf.mul(distance, sharp);
        return setting.hardened ? stepWithSurrogate(u, SURROGATE_SLOPE) : activateTensor(this.config.activation, u);
      }
      case "erosion": {
        const missing = tf.sub(tf.sum(parameters.weights, 1), linear(parameters.weights));
        const soft = tf.exp(tf.neg(tf.mul(missing, sharp)));
        if (!setting.hardened) return soft;
        // All members are set: their number is more than |S| − ½.
        return replaceForward(soft, () => {
          const members = memberMask(parameters, setting.sharpness);
          return bitsAbove(linear(members), tf.sub(tf.sum(members, 1), 0.5));
        });
      }
      case "dilation": {
        const soft = tf.sub(1, tf.exp(tf.neg(tf.mul(linear(parameters.weights), sharp))));
        if (!setting.hardened) return soft;
        return replaceForward(soft, () => bitsAbove(linear(memberMask(parameters, setting.sharpness)), 0.5));
      }
      default:
        return unreachable(this.config.form);
    }
  }

  dispose(): void {
    for (const { variable } of this.variables) variable.dispose();
  }
}

/** Of sigmoid(2u) = ½tanh(u) + ½. */
const SURROGATE_SLOPE = 2;

/** 1 for the inputs in S of each neuron, 0 for others, [neurons, inputs]. */
export function memberMask({ weights, scales }: EffectiveParameters, sharpness: number): tf.Tensor2D {
  const exponents = tf.mul(weights, tf.reshape(tf.mul(scales, sharpness), [-1, 1]));
  return tf.cast(tf.greater(exponents, MEMBER_EXPONENT), "float32");
}

function bitsAbove(sums: tf.Tensor, bound: tf.Tensor | number): tf.Tensor {
  return tf.cast(tf.greater(sums, bound), "float32");
}
