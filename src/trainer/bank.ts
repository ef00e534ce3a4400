/** The trained parameters of some neurons, and what the neurons answer. */
import * as tf from "@tensorflow/tfjs";
import type { BankConfig } from "./config.js";
import { inGridUnits, onGrid, throughIdentity } from "./grid.js";
import { biasParametrisation } from "./initial-bank.js";
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

/** What of a layer's setting concerns its banks. */
export type BankSetting = Pick<LayerSetting, "hardened" | "sharpness" | "surrogate" | "grid">;

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
    this.biasParametrisation = biasParametrisation(config.bias);
    const { count, inputs } = initial;
    [this.weights, this.biases, this.scales] = tf.tidy(() => [
      tf.variable(tf.tensor2d(initial.weights, [count, inputs])),
      tf.variable(tf.tensor1d(initial.biases)),
      tf.variable(tf.mul(tf.ones([count]), config.scale) as tf.Tensor1D),
    ]);
  }

  get count(): number {
    return this.weights.shape[0];
  }

  /** Inputs of each neuron. */
  get inputs(): number {
    const width = this.weights.shape[1];
    return this.config.weights === "literals" ? 2 * width : width;
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
    const { scales } = this;
    if (grid !== null) return { ...onGrid(weights, this.#biasesOf, grid), scales };
    return { weights, biases: this.#biasesOf(weights), scales };
  }

  /** The same neurons with integer weights, where they are on a grid. */
  exported(grid: number | null): EffectiveParameters {
    if (grid === null) return this.effective(null);
    const weights = effectiveWeights(this.weightParametrisation, this.weights);
    return inGridUnits(weights, this.#biasesOf, this.scales, grid);
  }

  readonly #biasesOf = (weights: tf.Tensor2D): tf.Tensor1D =>
    effectiveBiases(this.biasParametrisation, this.biases, weights);

  /** The neurons' answers to inputs of which `linear` takes weighted sums. */
  respond(linear: Linear, setting: BankSetting): tf.Tensor {
    const parameters = this.effective(setting.grid);
    if (this.config.form === "threshold") {
      const distance = tf.sub(linear(parameters.weights), parameters.biases);
      if (setting.hardened) {
        return stepWithSurrogate(tf.mul(distance, parameters.scales), SIGMOID_SLOPE * setting.surrogate);
      }
      return activateTensor(this.config.activation, tf.mul(distance, tf.mul(parameters.scales, setting.sharpness)));
    }
    const { form } = this.config;
    if (!setting.hardened) {
      const exponents = against(form, parameters.weights, linear);
      return softAnswer(form, tf.mul(exponents, tf.mul(parameters.scales, setting.sharpness)));
    }
    const members = throughIdentity(parameters.weights, () => memberMask(parameters, setting.sharpness));
    const count = against(form, members, linear);
    // An erosion holds when no member is clear, a dilation when one is set.
    return throughSurrogate(form, count, setting.surrogate);
  }

  dispose(): void {
    for (const { variable } of this.variables) variable.dispose();
  }
}

/** ½tanh(u) + ½ = sigmoid(2u). */
const SIGMOID_SLOPE = 2;

type SetForm = Exclude<BankConfig["form"], "threshold">;

/** What speaks against an erosion, Σ W·(1 − x), or for a dilation, Σ W·x; at least 0. */
function against(form: SetForm, weights: tf.Tensor2D, linear: Linear): tf.Tensor {
  const sums = linear(weights);
  return form === "erosion" ? tf.sub(tf.sum(weights, 1), sums) : sums;
}

function softAnswer(form: SetForm, exponents: tf.Tensor): tf.Tensor {
  // Rounding can leave an exponent just below 0, and an answer beyond 0 … 1, of which losses have no logarithm.
  const soft = tf.exp(tf.neg(throughIdentity(exponents, () => tf.relu(exponents))));
  return form === "erosion" ? soft : tf.sub(1, soft);
}

/** The bit of a count of members, with the gradient of the soft answer of exponents slope · count. */
function throughSurrogate(form: SetForm, count: tf.Tensor, slope: number): tf.Tensor {
  const bits = tf.customGrad((_, save) => {
    (save as tf.GradSaveFunc)([count]);
    const isNone = tf.less(count, 0.5);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => {
      const [counted] = saved as [tf.Tensor];
      const derivative = tf.mul(tf.exp(tf.mul(counted, -slope)), form === "erosion" ? -slope : slope);
      return tf.mul(dy, derivative);
    };
    return { value: tf.cast(form === "erosion" ? isNone : tf.logicalNot(isNone), "float32"), gradFunc };
  });
  return bits(count);
}

/** 1 for the inputs in S of each neuron, 0 for others, [neurons, inputs]. */
export function memberMask({ weights, scales }: EffectiveParameters, sharpness: number): tf.Tensor2D {
  const exponents = tf.mul(weights, tf.reshape(tf.mul(scales, sharpness), [-1, 1]));
  return tf.cast(tf.greater(exponents, MEMBER_EXPONENT), "float32");
}
