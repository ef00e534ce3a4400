import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { openDevice } from "../../../src/device/device.js";
import type { BorderRule } from "../../../src/morph/border.js";
import { correlateChannels } from "../../../src/trainer/operations/correlate-channels.js";
import { type Argument, BACKENDS, expectDerivatives, expectSameAs, randomArgument } from "./backends.js";
import { plainCorrelation } from "./plain-correlation.js";

const BORDERS: readonly BorderRule[] = ["replicate", "zeros"];

interface Case {
  readonly image: readonly [number, number, number, number];
  readonly kernel: readonly [number, number];
  readonly outChannels: number;
}

/** Odd, even and non-square kernels, both block widths, several channels, kernels larger than the image, single pixels. */
const CASES: readonly Case[] = [
  { image: [2, 9, 11, 1], kernel: [3, 3], outChannels: 1 },
  { image: [3, 17, 16, 1], kernel: [7, 7], outChannels: 1 },
  { image: [2, 10, 9, 1], kernel: [5, 5], outChannels: 3 },
  { image: [2, 12, 7, 3], kernel: [5, 5], outChannels: 1 },
  { image: [1, 8, 8, 2], kernel: [4, 6], outChannels: 2 },
  { image: [2, 5, 13, 2], kernel: [2, 5], outChannels: 3 },
  { image: [2, 6, 6, 1], kernel: [1, 1], outChannels: 2 },
  { image: [1, 3, 2, 2], kernel: [9, 12], outChannels: 1 },
  { image: [2, 1, 1, 1], kernel: [3, 2], outChannels: 2 },
  { image: [1, 4, 20, 1], kernel: [3, 13], outChannels: 2 },
];

function inputs({ image, kernel, outChannels }: Case): readonly Argument[] {
  return [randomArgument(image, 1), randomArgument([image[3] * outChannels, ...kernel], 2)];
}

function on(outChannels: number, border: BorderRule, correlation: typeof correlateChannels) {
  return (x?: tf.Tensor, weights?: tf.Tensor) =>
    correlation(x as tf.Tensor4D, weights as tf.Tensor3D, outChannels, border);
}

describe.each(BORDERS)("correlation with border %s", (border) => {
  it.each(CASES)("$image under $kernel to $outChannels channels is that of plain convolutions", async (one) => {
    const plain = on(one.outChannels, border, plainCorrelation);
    await expectSameAs(plain, on(one.outChannels, border, correlateChannels), inputs(one), 1e-6);
  });

  it.each(CASES.filter(({ image }) => image[1] * image[2] < 70))(
    "$image under $kernel to $outChannels channels has the derivatives of differences",
    async (one) => {
      // Bilinear: a large step has no error but rounding.
      await expectDerivatives(on(one.outChannels, border, correlateChannels), inputs(one), 1, 1e-5);
    },
  );
});

describe.each(BACKENDS)("on %s", (backend) => {
  it("the gradient to an input that is no variable is not computed", async () => {
    await openDevice(backend);
    const kernelsOf = async (wanted: readonly ("x" | "weights")[]): Promise<readonly string[]> => {
      const profile = await tf.profile(() =>
        tf.tidy(() => {
          const x = tf.ones([1, 8, 8, 1]) as tf.Tensor4D;
          const weights = tf.ones([1, 3, 3]) as tf.Tensor3D;
          const gradients =
            wanted.length === 2
              ? tf.grads((a: tf.Tensor, b: tf.Tensor) => on(1, "replicate", correlateChannels)(a, b))([x, weights])
              : [tf.grad((b: tf.Tensor) => on(1, "replicate", correlateChannels)(x, b))(weights)];
          return gradients;
        }),
      );
      return profile.kernelNames.length === 0 ? [] : profile.kernels.map(({ name }) => name);
    };
    const convolutions = (names: readonly string[]): number => names.filter((name) => name === "Conv2D").length;
    expect(convolutions(await kernelsOf(["weights"]))).toBe(2);
    expect(convolutions(await kernelsOf(["x", "weights"]))).toBe(3);
  });

  it("refuses a number of kernels that does not fit", async () => {
    await openDevice(backend);
    const x = tf.zeros([1, 4, 4, 2]) as tf.Tensor4D;
    const weights = tf.zeros([3, 3, 3]) as tf.Tensor3D;
    expect(() => correlateChannels(x, weights, 2, "zeros")).toThrow("3 kernels");
    tf.dispose([x, weights]);
  });
});
