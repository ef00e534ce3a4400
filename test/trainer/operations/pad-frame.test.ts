import type * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { paddingForKernel, padFrame } from "../../../src/trainer/operations/pad-frame.js";
import { expectDerivatives, expectSameAs, randomArgument } from "./backends.js";
import { plainPadding } from "./plain-correlation.js";

const CASES = [
  { image: [2, 5, 7, 1], padding: { top: 1, bottom: 1, left: 1, right: 1 } },
  { image: [2, 4, 3, 3], padding: { top: 2, bottom: 1, left: 3, right: 2 } },
  { image: [1, 2, 3, 2], padding: { top: 7, bottom: 0, left: 0, right: 9 } },
  { image: [2, 1, 1, 2], padding: { top: 3, bottom: 2, left: 1, right: 0 } },
  { image: [2, 1, 4, 1], padding: { top: 0, bottom: 2, left: 0, right: 0 } },
  { image: [1, 4, 4, 2], padding: { top: 0, bottom: 0, left: 2, right: 2 } },
  { image: [1, 4, 4, 2], padding: { top: 0, bottom: 0, left: 0, right: 0 } },
] as const;

describe.each(["replicate", "zeros"] as const)("padding by %s", (border) => {
  it.each(CASES)("$image by $padding is that of a gather", async ({ image, padding }) => {
    const argument = [randomArgument(image, 3)];
    const operation = (x?: tf.Tensor) => padFrame(x as tf.Tensor4D, padding, border);
    await expectSameAs((x) => plainPadding(x as tf.Tensor4D, padding, border), operation, argument, 1e-6);
    await expectDerivatives(operation, argument, 1, 1e-5);
  });
});

describe("padding for a kernel", () => {
  it("has the centre of even sizes after the middle", () => {
    expect(paddingForKernel(4, 7)).toEqual({ top: 2, bottom: 1, left: 3, right: 3 });
    expect(paddingForKernel(1, 2)).toEqual({ top: 0, bottom: 0, left: 1, right: 0 });
  });
});
