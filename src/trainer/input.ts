/** From a batch of bytes to the planes that the first layer reads. */
import * as tf from "@tensorflow/tfjs";
import type { SampleShape } from "../data/sample-set.js";
import { levelThreshold } from "../model/level-sets.js";
import type { InputDescription } from "../model/types.js";
import type { Batch } from "./batches.js";
import type { Signal } from "./layers/layer.js";

/** Images of zeros and ones, [batch, height, width, planes], channel-major; complements are not written out. */
export function inputSignal(input: InputDescription, shape: SampleShape, batch: Batch): Signal {
  const { channels, height, width } = shape;
  const pixels = height * width;
  const levels = planeLevels(input);
  const values = new Float32Array(batch.count * pixels * levels.length);
  let position = 0;
  for (let sample = 0; sample < batch.count; sample++) {
    const start = sample * channels * pixels;
    for (let pixel = 0; pixel < pixels; pixel++) {
      for (const { channel, threshold } of levels) {
        const byte = batch.inputs[start + channel * pixels + pixel] ?? 0;
        values[position++] = byte >= threshold ? 1 : 0;
      }
    }
  }
  const tensor = tf.tensor4d(values, [batch.count, height, width, levels.length]);
  return { kind: "images", values: tensor, complements: input.complements };
}

/** Channel and least byte of every plane; a binary channel is the plane of the values of at least 1. */
function planeLevels({ channels, encoding }: InputDescription): { channel: number; threshold: number }[] {
  return Array.from({ length: channels }, (_, channel) => channel).flatMap((channel) => {
    if (encoding.kind === "binary") return [{ channel, threshold: 1 }];
    return (encoding.values[channel] ?? []).map((__, level) => ({
      channel,
      threshold: levelThreshold(encoding, channel, level),
    }));
  });
}

/** What the network should answer: images [batch, height, width, channels], or one-hot classes [batch, classes]. */
export function targetTensor(shape: SampleShape, batch: Batch): tf.Tensor {
  const { target, height, width } = shape;
  if (target.kind === "classes") {
    const count = target.names.length;
    const values = new Float32Array(batch.count * count);
    for (let sample = 0; sample < batch.count; sample++) values[sample * count + (batch.targets[sample] ?? 0)] = 1;
    return tf.tensor2d(values, [batch.count, count]);
  }
  const channelsFirst = tf.tensor4d(Float32Array.from(batch.targets), [batch.count, target.channels, height, width]);
  if (target.channels === 1) return tf.reshape(channelsFirst, [batch.count, height, width, 1]);
  return tf.transpose(channelsFirst, [0, 2, 3, 1]);
}
