import * as tf from "@tensorflow/tfjs";
import { describe, it } from "vitest";
import { matMul, matMulTransposed } from "../../../src/trainer/operations/mat-mul.js";
import { expectDerivatives, expectSameAs, randomArgument } from "./backends.js";

/** Rows of a, their length, columns of the product: with few rows and with many. */
const SIZES = [
  [3, 5, 7],
  [64, 4, 3],
  [2, 40, 30],
  [1, 1, 1],
] as const;

describe.each(SIZES)("product of [%i, %i] with %i columns", (rows, inner, columns) => {
  it("is that of plain matrices", async () => {
    const inputs = [randomArgument([rows, inner], 4), randomArgument([inner, columns], 5)];
    const operation = (a?: tf.Tensor, b?: tf.Tensor) => matMul(a as tf.Tensor2D, b as tf.Tensor2D);
    await expectSameAs((a, b) => tf.matMul(a ?? 0, b ?? 0), operation, inputs, 1e-6);
    await expectDerivatives(operation, inputs, 1, 1e-5);
  });

  it("with a transposed matrix is that of plain matrices", async () => {
    const inputs = [randomArgument([rows, inner], 6), randomArgument([columns, inner], 7)];
    const operation = (a?: tf.Tensor, b?: tf.Tensor) => matMulTransposed(a as tf.Tensor2D, b as tf.Tensor2D);
    await expectSameAs((a, b) => tf.matMul(a ?? 0, b ?? 0, false, true), operation, inputs, 1e-6);
    await expectDerivatives(operation, inputs, 1, 1e-5);
  });
});
