/** Float32 room: what is called exact stays so in float32, whatever the order of the sums. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type BinarizedNeuron, binarizeNeuron } from "../../src/binarize/neuron.js";
import type { Arithmetic, ChannelBounds } from "../../src/binarize/report.js";
import type { Activation } from "../../src/model/types.js";

const BIT: ChannelBounds = { zeroUpper: 0, oneLower: 1 };

function binarized(
  weights: readonly number[],
  bias: number,
  scale: number,
  arithmetic: Arithmetic,
  activation: Activation = "tanh",
): BinarizedNeuron {
  return binarizeNeuron(
    { weights: Float32Array.from(weights), bias: Math.fround(bias), scale, activation },
    weights.map(() => BIT),
    { policy: "auto", arithmetic },
  );
}

/** ξ(P·(Σ W·b − B)) in float32, the terms added in the order that is given, the bias before or after them. */
function float32Bit(
  weights: Float32Array,
  bias: number,
  scale: number,
  pattern: number,
  order: readonly number[],
  biasFirst: boolean,
): boolean {
  let sum = biasFirst ? Math.fround(-bias) : 0;
  for (const input of order) if (((pattern >> input) & 1) === 1) sum = Math.fround(sum + (weights[input] ?? 0));
  const z = biasFirst ? sum : Math.fround(sum - bias);
  const value = Math.fround(Math.fround(0.5 * Math.fround(Math.tanh(Math.fround(scale * z)))) + 0.5);
  return value > 0.5;
}

test("an exact neuron gives the compiled bit in float32, in any order of summation", () => {
  const counts = { exact: 0, hardened: 0, narrow: 0 };
  fc.assert(
    fc.property(
      fc.array(fc.float({ min: Math.fround(-1), max: 1, noNaN: true }), { minLength: 2, maxLength: 7 }),
      // A bias that some subset sum nearly meets.
      fc.nat(),
      fc.integer({ min: -6, max: 6 }),
      fc.constantFrom(-40, -1, 0.25, 8),
      fc.array(fc.nat(), { minLength: 7, maxLength: 7 }),
      fc.boolean(),
      (values, chosen, ulps, scale, keys, biasFirst) => {
        const weights = Float32Array.from(values);
        const near = values.reduce((sum, value, input) => (((chosen >> input) & 1) === 1 ? sum + value : sum), 0);
        const bias = Math.fround(near + ulps * 2 ** -24);
        const found = binarized([...weights], bias, scale, "float32");
        counts[found.grade === "exact" ? "exact" : "hardened"]++;
        if (found.grade !== "exact") return;
        const order = weights.length;
        const orders = [...Array(order).keys()].sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0));
        for (let pattern = 0; pattern < 2 ** order; pattern++) {
          const exact = [...weights].reduce((sum, w, i) => (((pattern >> i) & 1) === 1 ? sum + w : sum), 0) - bias;
          // Float32 values below 1 of at most 2^-50 … sum exactly in doubles; others are decided by their sign alone.
          if (Math.abs(exact) < 1e-6) counts.narrow++;
          const expected = scale > 0 ? exact > 0 : exact < 0;
          expect(float32Bit(weights, bias, scale, pattern, orders, biasFirst)).toBe(expected);
        }
      },
    ),
    { numRuns: 4000 },
  );
  expect(counts.exact).toBeGreaterThan(300);
  expect(counts.hardened).toBeGreaterThan(300);
});

test("a sum within rounding of the bound is exact in real arithmetic only", () => {
  // 0.1 + 0.2 + 0.4 in float32 against the float32 next to it.
  const weights = [0.1, 0.2, 0.4, 0.3, 0.15];
  const sum = weights.slice(0, 3).reduce((total, weight) => total + Math.fround(weight), 0);
  expect(binarized(weights, sum, 8, "float32")).toMatchObject({ grade: "hardened", proof: null });
  expect(binarized(weights, sum, 8, "float32").reason).toContain("float32 rounding");
  expect(binarized(weights, sum, 8, "real").grade).toBe("exact");
  // The step is exact arithmetic by definition.
  expect(binarized(weights, sum, 8, "float32", "step").grade).toBe("exact");
});

test("sums on a grid are exact in float32, ties included", () => {
  const weights = [1, 2, 3, 5, 7].map((weight) => weight / 16);
  expect(binarized(weights, 8 / 16, 8, "float32").grade).toBe("exact");
  expect(binarized(weights, 8 / 16, -8, "float32").grade).toBe("exact");
  // The nearest sum on the side of bit 1 lies 1/16 above, which a tiny P hides in the rounding of ξ.
  expect(binarized(weights, 8 / 16, 2 ** -17, "float32").grade).toBe("hardened");
  expect(binarized(weights, 8 / 16, 2 ** -15, "float32").grade).toBe("exact");
});

test("sums that may overflow, or vanish, are not proved", () => {
  expect(binarized([3e38, 2e38, 3e38], 4e38 / 1.5, 1, "float32").grade).toBe("hardened");
  expect(binarized([2 ** -140, 2 ** -139], 2 ** -139.5, 2 ** 100, "float32").grade).toBe("hardened");
});

test("1 of a value is proved as far as every order of many terms allows", () => {
  const count = 2000;
  const weights = Array.from({ length: count }, () => Math.fround(0.1));
  // All weights are equal: the exact sums lie 0.1 apart, float32 sums of 2000 terms are off by 0.05 or so.
  expect(binarized(weights, 100.05, 8, "float32").grade).toBe("hardened");
  expect(binarized(weights.slice(0, 20), 1.05, 8, "float32").grade).toBe("exact");
});
