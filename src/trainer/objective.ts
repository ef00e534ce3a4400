/** The configured loss, and the metric that a user reads. */
import type * as tf from "@tensorflow/tfjs";
import type { SampleTarget } from "../data/sample-set.js";
import { unreachable } from "../diagnostics.js";
import type { Batch } from "./batches.js";
import type { LossKind } from "./config.js";
import {
  accuracy,
  binaryCrossEntropy,
  crossEntropy,
  dice,
  diceMetric,
  meanSquaredError,
  normalisedDice,
} from "./losses.js";

/** Loss of answers to a batch, [batch, …]; classes are one-hot. */
export function lossOf(kind: LossKind, targets: tf.Tensor, answers: tf.Tensor): tf.Scalar {
  switch (kind) {
    case "mean-squared-error":
      return meanSquaredError(targets, answers);
    case "binary-cross-entropy":
      return binaryCrossEntropy(targets, answers);
    case "dice":
      return dice(targets, answers);
    case "normalised-dice":
      return normalisedDice(targets, answers);
    case "cross-entropy":
      return crossEntropy(targets as tf.Tensor2D, answers as tf.Tensor2D);
    default:
      return unreachable(kind);
  }
}

/** Mean DICE of images, or accuracy of classes. */
export function metricOf(target: SampleTarget, batch: Batch, targets: tf.Tensor, answers: tf.Tensor): number {
  const found = answers.dataSync<"float32">();
  if (target.kind === "classes") return accuracy(batch.targets, found);
  const each = diceMetric(targets.dataSync<"float32">(), found, batch.count);
  return each.reduce((sum, score) => sum + score, 0) / batch.count;
}

/** Its name in reports. */
export function metricName(target: SampleTarget): "DICE" | "accuracy" {
  return target.kind === "images" ? "DICE" : "accuracy";
}
