/** Fully connected layers in training: unions and intersections on a vector, and the real scores of the classes. */
import * as tf from "@tensorflow/tfjs";
import { InternalError } from "../../diagnostics.js";
import type { DenseLuiLayer, ReadoutLayer } from "../../model/types.js";
import type { Bank } from "../bank.js";
import { modelBank } from "../model-bank.js";
import { matMulTransposed } from "../operations/mat-mul.js";
import type { LayerSetting } from "../schedule.js";
import { outputSetting, type Signal, type TrainableLayer } from "./layer.js";

export class TrainableDenseLui implements TrainableLayer {
  readonly #lui: Bank;

  constructor(lui: Bank) {
    this.#lui = lui;
  }

  get banks(): readonly Bank[] {
    return [this.#lui];
  }

  forward(input: Signal, setting: LayerSetting): Signal {
    const values = this.#lui.respond((weights) => weightedSums(input, weights), outputSetting(setting));
    return { kind: "vectors", values: values as tf.Tensor2D, complements: false };
  }

  toModel(setting: LayerSetting): DenseLuiLayer {
    const { inputs: inFeatures, count: outFeatures } = this.#lui;
    return { kind: "dense-lui", inFeatures, outFeatures, lui: modelBank(this.#lui, setting) };
  }
}

export class TrainableReadout implements TrainableLayer {
  readonly #bank: Bank;

  constructor(bank: Bank) {
    this.#bank = bank;
  }

  get banks(): readonly Bank[] {
    return [this.#bank];
  }

  /** Scores z = W·x − B, one a class. */
  forward(input: Signal): Signal {
    const { weights, biases } = this.#bank.effective(null);
    const values = tf.sub(weightedSums(input, weights), biases) as tf.Tensor2D;
    return { kind: "vectors", values, complements: false };
  }

  toModel(setting: LayerSetting): ReadoutLayer {
    const { inputs: inFeatures, count: classes } = this.#bank;
    const bank = modelBank(this.#bank, { ...setting, hardened: false, grid: null, sharpness: 1 });
    return { kind: "readout", inFeatures, classes, bank: { ...bank, activation: "identity" } };
  }
}

/**
 * Σ W·x of a batch of vectors, [batch, neurons]. Complements are not written out: with weights W of x and V of 1 − x the
 * sum is ΣV + (W − V)·x, one product of half the size.
 */
function weightedSums(input: Signal, weights: tf.Tensor2D): tf.Tensor2D {
  if (input.kind !== "vectors") throw new InternalError("a dense layer reads vectors");
  const { values, complements } = input;
  if (!complements) return matMulTransposed(values, weights);
  const [neurons, inputs] = weights.shape;
  const half = inputs / 2;
  const direct = tf.slice(weights, [0, 0], [neurons, half]);
  const negated = tf.slice(weights, [0, half], [neurons, half]);
  return tf.add(matMulTransposed(values, tf.sub(direct, negated)), tf.sum(negated, 1));
}
