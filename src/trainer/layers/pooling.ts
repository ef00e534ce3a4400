/** Layers without parameters. */
import * as tf from "@tensorflow/tfjs";
import { InternalError } from "../../diagnostics.js";
import type { FlattenLayer, MaxPoolLayer } from "../../model/types.js";
import { maxPool2x2 } from "../operations/max-pool.js";
import { type Signal, type TrainableLayer, writtenOut } from "./layer.js";

export const maxPoolLayer: TrainableLayer = {
  banks: [],
  forward: (input): Signal => {
    if (input.kind !== "images") throw new InternalError("max-pooling reads images");
    return { kind: "images", values: maxPool2x2(writtenOut(input)), complements: false };
  },
  toModel: (): MaxPoolLayer => ({ kind: "max-pool" }),
};

/** In the order (channel, row, column), complements of all of them after that. */
export const flattenLayer: TrainableLayer = {
  banks: [],
  forward: (input): Signal => {
    if (input.kind !== "images") throw new InternalError("only images are flattened");
    const channelsFirst = tf.transpose(input.values, [0, 3, 1, 2]);
    const values = tf.reshape(channelsFirst, [channelsFirst.shape[0], -1]) as tf.Tensor2D;
    return { kind: "vectors", values, complements: input.complements };
  },
  toModel: (): FlattenLayer => ({ kind: "flatten" }),
};
