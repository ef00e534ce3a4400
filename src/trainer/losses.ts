/**
 * What a training step makes smaller, as a scalar with gradients on every backend, and the metrics that a user reads.
 *
 * Images are batch-first tensors of any further shape, targets bits, predictions in [0, 1].
 */
import * as tf from "@tensorflow/tfjs";

/** Mean of (target − prediction)² over all values. */
export function meanSquaredError(target: tf.Tensor, prediction: tf.Tensor): tf.Scalar {
  return tf.tidy(() => tf.mean(tf.square(tf.sub(prediction, target))));
}

/** Logarithms are at least this, as in PyTorch's binary_cross_entropy, so that a saturated wrong value costs 100. */
const LEAST_LOGARITHM = -100;
/** The least p·(1−p) that the gradient divides by, as in PyTorch; ξ′ of a saturated neuron is 0, and so is the product. */
const LEAST_VARIANCE = 1e-12;

/**
 * Mean of −t·log p − (1−t)·log(1−p) over all values, with logarithms of at least −100; its gradient is
 * (p − t) / max(p·(1−p), 10⁻¹²), divided by the number of values. The target has none.
 */
export function binaryCrossEntropy(target: tf.Tensor, prediction: tf.Tensor): tf.Scalar {
  const entropy = tf.customGrad((_, save) => {
    // Intermediate tensors are gone by the time the gradient is computed.
    (save as tf.GradSaveFunc)([prediction, target]);
    const logarithm = tf.maximum(tf.log(prediction), LEAST_LOGARITHM);
    const complement = tf.maximum(tf.log(tf.sub(1, prediction)), LEAST_LOGARITHM);
    const likelihood = tf.add(tf.mul(target, logarithm), tf.mul(tf.sub(1, target), complement));
    const gradFunc = (upstream: tf.Scalar, saved: tf.Tensor[]): tf.Tensor => {
      const [p, t] = saved as [tf.Tensor, tf.Tensor];
      const variance = tf.maximum(tf.mul(p, tf.sub(1, p)), LEAST_VARIANCE);
      return tf.mul(tf.div(tf.sub(p, t), variance), tf.div(upstream, p.size));
    };
    const value: tf.Scalar = tf.neg(tf.mean(likelihood));
    return { value, gradFunc };
  });
  return entropy(prediction);
}

/** Keeps DICE defined, and 1, where target and prediction are both empty; that of the recorded metric. */
const DICE_SMOOTHING = 1e-6;

/** Mean over the images of 1 − (2·Σ t·p + 10⁻⁶) / (Σ t + Σ p + 10⁻⁶). */
export function dice(target: tf.Tensor, prediction: tf.Tensor): tf.Scalar {
  return tf.tidy(() => {
    const common = tf.mul(sumPerImage(tf.mul(target, prediction)), 2);
    const sizes = sumPerImage(tf.add(target, prediction));
    return meanComplement(tf.add(common, DICE_SMOOTHING), tf.add(sizes, DICE_SMOOTHING));
  });
}

/**
 * DICE of values moved to [−1, 1], a = 2t − 1 and b = 2p − 1: the mean over the images of 1 − 2·Σ a·b / (Σ a² + Σ b²).
 *
 * 0 for a perfect prediction, 1 for the constant ½ that says nothing, 2 for the complement; and the same when target and
 * prediction are complemented, so that black counts as white does, unlike in {@link dice}. The papers name a normalised
 * DICE; this formula is ours.
 */
export function normalisedDice(target: tf.Tensor, prediction: tf.Tensor): tf.Scalar {
  return tf.tidy(() => {
    const truth = tf.sub(tf.mul(target, 2), 1);
    const answer = tf.sub(tf.mul(prediction, 2), 1);
    const common = tf.mul(sumPerImage(tf.mul(truth, answer)), 2);
    return meanComplement(common, sumPerImage(tf.add(tf.square(truth), tf.square(answer))));
  });
}

/** Mean over the batch of −Σ_c t_c · log softmax(scores)_c; one-hot labels and scores, both [batch, classes]. */
export function crossEntropy(labels: tf.Tensor2D, scores: tf.Tensor2D): tf.Scalar {
  return tf.tidy(() => tf.neg(tf.mean(tf.sum(tf.mul(labels, tf.logSoftmax(scores)), 1))));
}

/** Mean of 1 − part / whole. */
function meanComplement(parts: tf.Tensor, wholes: tf.Tensor): tf.Scalar {
  return tf.sub(1, tf.mean(tf.div(parts, wholes)));
}

function sumPerImage(values: tf.Tensor): tf.Tensor {
  return tf.sum(tf.reshape(values, [values.shape[0] ?? 1, -1]), 1);
}

/**
 * DICE of each image, (2·|A∩B| + 10⁻⁶) / (|A| + |B| + 10⁻⁶) with A = {target > ½}, B = {prediction > ½}; 1 where both
 * are empty.
 * @param images how many images of equal size the values hold, one after the other
 */
export function diceMetric(target: Float32Array, prediction: Float32Array, images: number): Float64Array {
  const size = target.length / images;
  return Float64Array.from({ length: images }, (_, image) => {
    let common = 0;
    let sizes = 0;
    for (let pixel = image * size; pixel < (image + 1) * size; pixel++) {
      const truth = (target[pixel] ?? 0) > 0.5 ? 1 : 0;
      const answer = (prediction[pixel] ?? 0) > 0.5 ? 1 : 0;
      common += truth * answer;
      sizes += truth + answer;
    }
    return (2 * common + DICE_SMOOTHING) / (sizes + DICE_SMOOTHING);
  });
}

/** Share of the samples whose largest score, the first of equal ones, is that of their label. */
export function accuracy(labels: ArrayLike<number>, scores: Float32Array): number {
  const classes = scores.length / labels.length;
  const right = Array.from(labels).filter((label, sample) => {
    const own = scores.subarray(sample * classes, (sample + 1) * classes);
    return own.indexOf(own.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY)) === label;
  });
  return right.length / labels.length;
}
