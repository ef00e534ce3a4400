/**
 * From trained parameters to effective weights and bounds, and back.
 *
 * A bank of neurons has a weight parameter [neurons, inputs] and a bias parameter [neurons]; a neuron computes
 * `ξ(P·(W·x − B))` with the effective W and B given here. B is subtracted (the authors store −B).
 * Source: Aouad & Talbot, arXiv 2204.08768 and 2401.03830; softplus and clamp as PyTorch defines them.
 */
import * as tf from "@tensorflow/tfjs";
import { InternalError, unreachable } from "../diagnostics.js";

/**
 * - `softplus`: W = softplus(w), positive;
 * - `dual`: W = factor · softplus(w) / Σ softplus(w), positive with a fixed sum per neuron;
 * - `literals`: of 2n inputs, x and then 1 − x, of which one parameter each takes one or none: W = max(w, 0) on x and
 *   max(−w, 0) on 1 − x. Ours;
 * - `raw`: W = w, of any sign.
 */
export type WeightParametrisation =
  | { readonly kind: "softplus" }
  | { readonly kind: "dual"; readonly factor: number }
  | { readonly kind: "literals" }
  | { readonly kind: "raw" };

/**
 * - `softplus`: B = softplus(b) + offset;
 * - `projected`, `reparametrised`: B = softplus(b) clamped to the {@link usefulInterval} of the weights, without and with
 *   a gradient through its ends;
 * - `share`: B = Σ min(W, 0) + sigmoid(b) · Σ|W|, a share of the range that W·x has on bits. Ours: as the weights grow, B
 *   keeps its place among the sums, and complementing inputs and output turns b into −b, so that an erosion is as easy to
 *   learn as a dilation;
 * - `raw`: B = b.
 */
export type BiasParametrisation =
  | { readonly kind: "softplus"; readonly offset: number }
  | { readonly kind: "projected" }
  | { readonly kind: "reparametrised" }
  | { readonly kind: "share" }
  | { readonly kind: "raw" };

/** W, [neurons, inputs]; of `literals` the parameter is half as wide. */
export function effectiveWeights(parametrisation: WeightParametrisation, parameter: tf.Tensor2D): tf.Tensor2D {
  switch (parametrisation.kind) {
    case "softplus":
      return tf.softplus(parameter);
    case "dual":
      return tf.tidy(() => {
        const positive = tf.softplus(parameter);
        return tf.mul(positive, tf.div(parametrisation.factor, tf.sum(positive, 1, true)));
      });
    case "literals":
      return tf.tidy(() => tf.concat([positivePart(parameter), positivePart(tf.neg(parameter))], 1));
    case "raw":
      return parameter;
    default:
      return unreachable(parametrisation);
  }
}

/** max(x, 0), with the derivative ½ at 0: a literal that is not used yet can come to be on either side. */
function positivePart(x: tf.Tensor2D): tf.Tensor2D {
  const part = tf.customGrad((_, save) => {
    (save as tf.GradSaveFunc)([x]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => {
      const [at] = saved as [tf.Tensor];
      // tf.abs has the derivative −1 at 0, tf.relu 0.
      return tf.mul(dy, tf.mul(tf.sub(tf.add(tf.step(at), 1), tf.step(tf.neg(at))), 0.5));
    };
    return { value: tf.relu(x), gradFunc };
  });
  return part(x);
}

/**
 * B, [neurons], from the bias parameter and the effective weights.
 *
 * Gradients of the clamped kinds, as of torch.clamp: within the closed interval ∂B/∂b = sigmoid(b) and ∂B/∂W = 0;
 * outside ∂B/∂b = 0, so that a projected bias stands still until the interval moves over softplus(b), and ∂B/∂W is that
 * of the end where B lies for `reparametrised` (½ for each of w₁ and w₂ at the lower one; 1 for every weight but ½ for
 * w₁ at the upper one), 0 for `projected`.
 */
export function effectiveBiases(
  parametrisation: BiasParametrisation,
  parameter: tf.Tensor1D,
  weights: tf.Tensor2D,
): tf.Tensor1D {
  switch (parametrisation.kind) {
    case "softplus":
      return tf.tidy(() => tf.add(tf.softplus(parameter), parametrisation.offset));
    case "projected":
    case "reparametrised":
      return tf.tidy(() => {
        const { lower, upper } = usefulInterval(weights);
        const ends = parametrisation.kind === "projected" ? detached : tf.clone;
        return tf.minimum(tf.maximum(tf.softplus(parameter), ends(lower)), ends(upper));
      });
    case "share":
      return tf.tidy(() => {
        const least = tf.sum(tf.minimum(weights, 0), 1);
        return tf.add(least, tf.mul(tf.sigmoid(parameter), tf.sum(tf.abs(weights), 1)));
      });
    case "raw":
      return parameter;
    default:
      return unreachable(parametrisation);
  }
}

/** Ends of an interval per neuron, each [neurons]. */
export interface Interval {
  readonly lower: tf.Tensor1D;
  readonly upper: tf.Tensor1D;
}

/**
 * The bounds B for which a neuron on bits is neither constant nor blind to an input, with a margin:
 * [½(w₁+w₂), Σw − ½w₁], w₁ ≤ w₂ the two smallest weights; a neuron of one input has [½w₁, ½w₁]. Of equal smallest
 * weights the first ones receive the gradient.
 */
export function usefulInterval(weights: tf.Tensor2D): Interval {
  const inputs = weights.shape[1];
  if (inputs === 1) {
    const half = tf.mul(tf.reshape(weights, [-1]), 0.5) as tf.Tensor1D;
    return { lower: half, upper: half };
  }
  const isSmallest = choose(weights, (values) => oneHotOfLeast(values, inputs));
  const smallest: tf.Tensor1D = tf.sum(tf.mul(weights, isSmallest), 1);
  const isNext = choose(weights, (values) => {
    const others = tf.where(tf.cast(isSmallest, "bool"), tf.fill(weights.shape, Number.POSITIVE_INFINITY), values);
    return oneHotOfLeast(others, inputs);
  });
  const next: tf.Tensor1D = tf.sum(tf.mul(weights, isNext), 1);
  return {
    lower: tf.mul(tf.add(smallest, next), 0.5),
    upper: tf.sub(tf.sum(weights, 1), tf.mul(smallest, 0.5)),
  };
}

function oneHotOfLeast(values: tf.Tensor, inputs: number): tf.Tensor {
  // As float32 at once, the wasm backend fills it with the bits of integers.
  return tf.cast(tf.oneHot(tf.argMin(values, 1) as tf.Tensor1D, inputs, 1, 0, "int32"), "float32");
}

function detached(values: tf.Tensor): tf.Tensor {
  return choose(values, tf.clone);
}

/** A function of values that hides from the gradient, whose kernels may have none. */
function choose(values: tf.Tensor, compute: (values: tf.Tensor) => tf.Tensor): tf.Tensor {
  const shape = values.shape;
  const hidden = tf.customGrad(() => ({ value: compute(values), gradFunc: () => tf.zeros(shape) }));
  return hidden(values);
}

/** From here on the inverse is the identity, by the papers' convention; softplus(10) − 10 is 5·10⁻⁵. */
const SOFTPLUS_IS_IDENTITY = 10;

/** Least normal single-precision number: 0, which softplus does not reach, is taken for it. */
const LEAST_POSITIVE = 2 ** -126;

/**
 * x with softplus(x) = y: log(exp(y) − 1) below y = 10, and y from there on. y = 0, which no x has, becomes the x of
 * 2⁻¹²⁶.
 * @throws InternalError for y < 0 or NaN; callers refuse such weights first.
 */
export function softplusInverse(values: Float32Array): Float32Array {
  return values.map((value) => {
    if (!(value >= 0)) throw new InternalError(`softplus never gives ${value}`);
    return value < SOFTPLUS_IS_IDENTITY ? Math.log(Math.expm1(Math.max(value, LEAST_POSITIVE))) : value;
  });
}

/** Weight parameters with these effective weights; of `dual` those whose softplus is W itself, for any sum. */
export function weightParametersFor(parametrisation: WeightParametrisation, weights: Float32Array): Float32Array {
  switch (parametrisation.kind) {
    case "softplus":
    case "dual":
      return softplusInverse(weights);
    case "literals":
      throw new InternalError("literals are drawn as parameters");
    case "raw":
      return weights.slice();
    default:
      return unreachable(parametrisation);
  }
}

/** Bias parameters with these effective bounds B, where they are in reach: at least the offset, within the interval. */
export function biasParametersFor(
  parametrisation: BiasParametrisation,
  biases: Float32Array,
  weights: Float32Array,
): Float32Array {
  switch (parametrisation.kind) {
    case "softplus":
      return softplusInverse(biases.map((bias) => Math.max(0, bias - parametrisation.offset)));
    case "projected":
    case "reparametrised":
      return softplusInverse(biases.map((bias) => Math.max(0, bias)));
    case "share":
      return shareParameters(biases, weights);
    case "raw":
      return biases.slice();
    default:
      return unreachable(parametrisation);
  }
}

/** Shares nearer to 0 or 1 than this are moved: there sigmoid is flat. */
const LEAST_SHARE = 1e-3;

function shareParameters(biases: Float32Array, weights: Float32Array): Float32Array {
  const inputs = weights.length / biases.length;
  return biases.map((bias, neuron) => {
    const own = weights.subarray(neuron * inputs, (neuron + 1) * inputs);
    const least = own.reduce((sum, weight) => sum + Math.min(weight, 0), 0);
    const range = own.reduce((sum, weight) => sum + Math.abs(weight), 0);
    const share = Math.min(Math.max((bias - least) / range, LEAST_SHARE), 1 - LEAST_SHARE);
    return Math.log(share / (1 - share));
  });
}
