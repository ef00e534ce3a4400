import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { openDevice } from "../../../src/device/device.js";
import { activate } from "../../../src/model/activation.js";
import type { Activation } from "../../../src/model/types.js";
import { activateTensor, stepWithSurrogate } from "../../../src/trainer/operations/activations.js";
import { roundThrough } from "../../../src/trainer/operations/round-through.js";
import { BACKENDS, differentiate, expectClose } from "./backends.js";

const POINTS = Float32Array.from({ length: 241 }, (_, index) => (index - 120) / 10);
const INPUT = [{ shape: [POINTS.length], values: POINTS }];

const ACTIVATIONS: readonly Activation[] = ["tanh", "sigmoid", "erf", "arctan", "step", "identity"];

/** Central difference in double precision. */
function slopeOf(activation: Activation, u: number): number {
  if (activation === "step") return 0;
  const step = 1e-5;
  return (activate(activation, u + step) - activate(activation, u - step)) / (2 * step);
}

/** The gradient of Σ y·dy, divided by dy. */
async function derivative(backend: "wasm" | "cpu", operation: (u: tf.Tensor) => tf.Tensor): Promise<Float32Array> {
  await openDevice(backend);
  return tf.tidy(() => {
    const gradient = tf.grad(operation)(tf.tensor1d(POINTS), tf.mul(tf.onesLike(tf.tensor1d(POINTS)), 3));
    return tf.div(gradient, 3).dataSync<"float32">();
  });
}

describe.each(BACKENDS)("on %s", (backend) => {
  it.each(ACTIVATIONS)("%s has the values and slopes of the model's activation", async (activation) => {
    const operation = (u?: tf.Tensor) => activateTensor(activation, u as tf.Tensor);
    const { value } = await differentiate(backend, operation, INPUT);
    expectClose(
      value,
      POINTS.map((u) => activate(activation, u)),
      2e-7,
    );
    expectClose(
      await derivative(backend, operation),
      POINTS.map((u) => slopeOf(activation, u)),
      1e-6,
    );
  });

  it("a step with a surrogate is the step, with the slope of a logistic function", async () => {
    const operation = (u?: tf.Tensor) => stepWithSurrogate(u as tf.Tensor, 3);
    const { value } = await differentiate(backend, operation, INPUT);
    expect(value).toEqual(POINTS.map((u) => (u > 0 ? 1 : 0)));
    const step = 1e-5;
    const logistic = (u: number): number => activate("sigmoid", 3 * u);
    expectClose(
      await derivative(backend, operation),
      POINTS.map((u) => (logistic(u + step) - logistic(u - step)) / (2 * step)),
      1e-6,
    );
  });

  it("rounding lets gradients through", async () => {
    const { value } = await differentiate(backend, (x) => roundThrough(x), INPUT);
    for (const [index, rounded] of value.entries()) {
      expect(Number.isInteger(rounded)).toBe(true);
      expect(Math.abs(rounded - (POINTS[index] ?? NaN))).toBeLessThanOrEqual(0.5);
    }
    expect(await derivative(backend, (x) => roundThrough(x))).toEqual(POINTS.map(() => 1));
  });

  it("rounding adds up with other uses of its argument", async () => {
    const both = (x: tf.Tensor): tf.Tensor => tf.add(roundThrough(x), tf.mul(roundThrough(x), x));
    const points = POINTS.map((u) => u + Math.fround(roundedEven(u)) + 1);
    expectClose(await derivative(backend, both), points, 1e-6);
  });
});

/** Of two integers that are equally near, the even one. */
function roundedEven(u: number): number {
  const floor = Math.floor(u);
  if (u - floor !== 0.5) return Math.round(u);
  return floor % 2 === 0 ? floor : floor + 1;
}
