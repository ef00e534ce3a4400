import * as tf from "@tensorflow/tfjs";
import { unreachable } from "../../diagnostics.js";
import type { Activation } from "../../model/types.js";
import { defineOperation } from "./operation.js";

/**
 * sigmoid(slope · u), and ½tanh(u) + ½ = sigmoid(2u): on the WebAssembly backend sigmoid is twenty times as fast as tanh.
 */
const logistic = defineOperation({
  name: "logistic",
  inputs: ["u"],
  savesValue: true,
  value: ({ u }, { slope }: { slope: number }) => tf.sigmoid(slope === 1 ? u : tf.mul(u, slope)),
  gradients: (dy, { value }, { slope }) => ({ u: () => tf.mul(dy, logisticDerivative(value, slope)) }),
});

/** slope · y · (1 − y) */
function logisticDerivative(y: tf.Tensor, slope: number): tf.Tensor {
  const derivative = tf.mul(y, tf.sub(1, y));
  return slope === 1 ? derivative : tf.mul(derivative, slope);
}

/** ½erf(u) + ½, derivative exp(−u²) / √π. */
const normal = defineOperation({
  name: "normal",
  inputs: ["u"],
  value: ({ u }) => tf.add(tf.mul(tf.erf(u), 0.5), 0.5),
  gradients: (dy, { u }) => ({
    u: () => tf.mul(dy, tf.mul(tf.exp(tf.neg(tf.square(u))), 1 / Math.sqrt(Math.PI))),
  }),
});

/** arctan(u)/π + ½, derivative 1 / (π(1 + u²)). */
const cauchy = defineOperation({
  name: "cauchy",
  inputs: ["u"],
  value: ({ u }) => tf.add(tf.mul(tf.atan(u), 1 / Math.PI), 0.5),
  gradients: (dy, { u }) => ({ u: () => tf.div(dy, tf.mul(tf.add(tf.square(u), 1), Math.PI)) }),
});

const surrogate = defineOperation({
  name: "stepWithSurrogate",
  inputs: ["u"],
  value: ({ u }) => tf.step(u),
  gradients: (dy, { u }, { slope }: { slope: number }) => ({
    u: () => tf.mul(dy, logisticDerivative(tf.sigmoid(tf.mul(u, slope)), slope)),
  }),
});

/**
 * ξ(u) element by element, differentiable once (`step` has derivative 0). Within 2·10⁻⁷ of `activate` on the
 * WebAssembly and CPU backends; the CPU backend's erf is the approximation 7.1.26 of Abramowitz & Stegun.
 */
export function activateTensor<T extends tf.Tensor>(activation: Activation, u: T): T {
  switch (activation) {
    case "tanh":
      return logistic({ u }, { slope: 2 }) as T;
    case "sigmoid":
      return logistic({ u }, { slope: 1 }) as T;
    case "erf":
      return normal({ u }, {}) as T;
    case "arctan":
      return cauchy({ u }, {}) as T;
    case "step":
      return tf.step(u);
    case "identity":
      return tf.clone(u);
    default:
      return unreachable(activation);
  }
}

/** [u > 0] as 0 or 1, with the derivative of sigmoid(slope · u) in place of its own, which is 0. */
export function stepWithSurrogate<T extends tf.Tensor>(u: T, slope: number): T {
  return surrogate({ u }, { slope }) as T;
}
