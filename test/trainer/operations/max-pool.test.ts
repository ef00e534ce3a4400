import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { maxPool2x2 } from "../../../src/trainer/operations/max-pool.js";
import { BACKENDS, differentiate, expectDerivatives, expectSameAs, randomArgument } from "./backends.js";

describe("max-pooling", () => {
  it.each([[[2, 6, 8, 1]], [[1, 7, 5, 3]], [[3, 2, 3, 2]]])("of %j is that of plain TensorFlow.js", async (shape) => {
    const inputs = [randomArgument(shape, 8)];
    const operation = (x?: tf.Tensor) => maxPool2x2(x as tf.Tensor4D);
    await expectSameAs((x) => tf.maxPool(x as tf.Tensor4D, 2, 2, "valid"), operation, inputs, 1e-6);
    await expectDerivatives(operation, inputs, 1e-3, 2e-3);
  });

  it.each(BACKENDS)("of equal pixels hands the gradient to the first on %s", async (backend) => {
    const values = Float32Array.from([1, 1, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    const inputs = [{ shape: [1, 4, 4, 1], values }];
    const { gradients } = await differentiate(backend, (x) => maxPool2x2(x as tf.Tensor4D), inputs);
    const places = [...(gradients[0] ?? [])].map((gradient) => (gradient === 0 ? 0 : 1));
    expect(places).toEqual([1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1]);
  });
});
