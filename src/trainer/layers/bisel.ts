/** Layer of binary structuring elements (arXiv 2401.03830, Definition 2.4) in training. */
import * as tf from "@tensorflow/tfjs";
import { InternalError } from "../../diagnostics.js";
import type { BiselLayer } from "../../model/types.js";
import type { Bank } from "../bank.js";
import type { BiselConfig } from "../config.js";
import { modelBank } from "../model-bank.js";
import { correlateChannels } from "../operations/correlate-channels.js";
import { matMul } from "../operations/mat-mul.js";
import type { LayerSetting } from "../schedule.js";
import { outputSetting, type Signal, type TrainableLayer, writtenOut } from "./layer.js";

export class TrainableBisel implements TrainableLayer {
  readonly #config: BiselConfig;
  readonly #inChannels: number;
  readonly #bise: Bank;
  /** Null for one input channel. */
  readonly #lui: Bank | null;

  constructor(config: BiselConfig, inChannels: number, bise: Bank, lui: Bank | null) {
    this.#config = config;
    this.#inChannels = inChannels;
    this.#bise = bise;
    this.#lui = lui;
  }

  get banks(): readonly Bank[] {
    return this.#lui === null ? [this.#bise] : [this.#bise, this.#lui];
  }

  forward(input: Signal, setting: LayerSetting): Signal {
    if (input.kind !== "images") throw new InternalError("a BiSEL reads images");
    const { kernel, channels, border } = this.#config;
    const [kernelHeight, kernelWidth] = kernel;
    const values = writtenOut(input);
    const lui = this.#lui;
    const output = outputSetting(setting);
    const answers = this.#bise.respond(
      (weights) => correlateChannels(values, tf.reshape(weights, [-1, kernelHeight, kernelWidth]), channels, border),
      lui === null ? output : setting,
    );
    const joined = lui === null ? answers : lui.respond((weights) => joinChannels(answers, weights), output);
    return { kind: "images", values: joined as tf.Tensor4D, complements: false };
  }

  toModel(setting: LayerSetting): BiselLayer {
    const { kernel, channels, border } = this.#config;
    const [kernelHeight, kernelWidth] = kernel;
    return {
      kind: "bisel",
      inChannels: this.#inChannels,
      outChannels: channels,
      kernelHeight,
      kernelWidth,
      border,
      bise: modelBank(this.#bise, setting),
      lui: this.#lui === null ? null : modelBank(this.#lui, setting),
    };
  }
}

/**
 * Σ_i weights[j, i] · x[…, i·outChannels + j] at every pixel, as one product with a matrix that is block-diagonal in j.
 * @param x [batch, height, width, inChannels · outChannels]
 * @param weights [outChannels, inChannels]
 */
export function joinChannels(x: tf.Tensor, weights: tf.Tensor2D): tf.Tensor {
  const [outChannels, inChannels] = weights.shape;
  const columns = tf.mul(tf.expandDims(tf.transpose(weights), 2), tf.expandDims(tf.eye(outChannels), 0));
  const matrix = tf.reshape(columns, [inChannels * outChannels, outChannels]) as tf.Tensor2D;
  const rows = tf.reshape(x, [-1, inChannels * outChannels]) as tf.Tensor2D;
  return tf.reshape(matMul(rows, matrix), [...x.shape.slice(0, -1), outChannels]);
}
