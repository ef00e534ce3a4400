/** One layer of a network in training, and what runs between layers. */
import * as tf from "@tensorflow/tfjs";
import type { Layer } from "../../model/types.js";
import type { Bank } from "../bank.js";
import type { LayerSetting } from "../schedule.js";

/**
 * A batch of images [batch, height, width, channels], or of vectors [batch, features]. With `complements` the layer
 * reads the channels or features and then 1 − each of them, which nobody has written out yet.
 */
export type Signal =
  | { readonly kind: "images"; readonly values: tf.Tensor4D; readonly complements: boolean }
  | { readonly kind: "vectors"; readonly values: tf.Tensor2D; readonly complements: boolean };

export interface TrainableLayer {
  readonly banks: readonly Bank[];
  /** @param setting the layer's own */
  forward(input: Signal, setting: LayerSetting): Signal;
  /** The layer as the compiler reads it, with the parameters of now. */
  toModel(setting: LayerSetting): Layer;
}

/** The channels or features that a layer reads, complements written out. */
export function writtenOut<T extends Signal>(signal: T): T["values"] {
  const { values, complements } = signal;
  return complements ? tf.concat([values, tf.sub(1, values)], -1) : values;
}

/** Channels or features that a layer reads. */
export function widthOf({ values, complements }: Signal): number {
  return (values.shape.at(-1) ?? 0) * (complements ? 2 : 1);
}

/** Mean of all values that a layer reads, 0 … 1. */
export function meanOf({ values, complements }: Signal): number {
  return complements ? 0.5 : tf.tidy(() => tf.mean(values).dataSync()[0] ?? 0);
}

/** The setting of the neurons that make a layer's output. */
export function outputSetting(setting: LayerSetting): LayerSetting {
  return { ...setting, hardened: setting.hardened && !setting.realOutput };
}
