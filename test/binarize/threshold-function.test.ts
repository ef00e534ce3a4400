import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Comparison } from "../../src/binarize/activation.js";
import { toLiterals } from "../../src/binarize/literals.js";
import {
  type IntegerThreshold,
  integerThreshold,
  MAXIMUM_ENUMERATED_LITERALS,
  proveByEnumeration,
} from "../../src/binarize/threshold-function.js";
import { commonDivisor, leastUnits, subsetSums } from "./exact-numbers.js";
import { arbitraryNeuron, extremeSums, floatBias, floatBounds, floatWeights, holds, literalSum } from "./truth.js";

const comparison = fc.constantFrom<Comparison[]>("above", "at-least");

/** Both give the same bit on every pattern; the neuron's sums in units of 2^-1074. */
function expectEqual(found: IntegerThreshold, weights: Float32Array, bias: number, kind: Comparison): void {
  const bound = leastUnits(bias);
  const expected = subsetSums(Array.from(weights, leastUnits)).map((sum) =>
    kind === "above" ? sum > bound : sum >= bound,
  );
  expect(subsetSums(found.weights).map((sum) => sum > found.bound)).toEqual(expected);
}

/** No smaller weights are in the same ratios, and B lies between the integer bound and the next one. */
function expectReduced(found: IntegerThreshold, weights: Float32Array, bias: number, kind: Comparison): void {
  expect(found.weights).toHaveLength(weights.length);
  const first = weights.findIndex((weight) => weight !== 0);
  if (first === -1) {
    expect(found.weights.every((weight) => weight === 0n)).toBe(true);
    return;
  }
  expect(commonDivisor(found.weights)).toBe(1n);
  const unit = leastUnits(weights[first]!) / found.weights[first]!;
  expect(unit).toBeGreaterThan(0n);
  expect(found.weights.map((weight) => weight * unit)).toEqual(Array.from(weights, leastUnits));
  const [below, above, bound] = [found.bound * unit, (found.bound + 1n) * unit, leastUnits(bias)];
  if (kind === "above") expect(below <= bound && bound < above).toBe(true);
  else expect(below < bound && bound <= above).toBe(true);
}

/** Most of them from 1e-30 to 1e30, of either sign. */
const anyFloat = fc
  .oneof(
    {
      weight: 4,
      arbitrary: fc
        .tuple(fc.float({ min: -1, max: 1, noNaN: true }), fc.integer({ min: -100, max: 100 }))
        .map(([value, exponent]) => Math.fround(value * 2 ** exponent)),
    },
    { weight: 1, arbitrary: fc.constantFrom(0, -0, 2 ** -149, -(2 ** -149), 1e30, -1e30, 1e-30) },
    { weight: 2, arbitrary: fc.integer({ min: -48, max: 48 }).map((value) => value / 16) },
  )
  .map(Math.fround);

describe("integerThreshold", () => {
  test("equals the neuron on all patterns, with any float32 weights", () => {
    fc.assert(
      fc.property(fc.array(anyFloat, { minLength: 1, maxLength: 10 }), anyFloat, comparison, (values, bias, kind) => {
        const weights = Float32Array.from(values);
        const found = integerThreshold(weights, bias, kind);
        expectEqual(found, weights, bias, kind);
        expectReduced(found, weights, bias, kind);
      }),
      { numRuns: 300 },
    );
  });

  test("with a bias that is a sum of some of the weights", () => {
    const grid = fc.integer({ min: -64, max: 64 }).map((value) => value / 16);
    fc.assert(
      fc.property(fc.array(grid, { minLength: 1, maxLength: 10 }), fc.nat(), comparison, (values, pattern, kind) => {
        const weights = Float32Array.from(values);
        const bias = values.reduce((sum, value, input) => sum + (((pattern >> input) & 1) === 1 ? value : 0), 0);
        const found = integerThreshold(weights, bias, kind);
        expectEqual(found, weights, bias, kind);
        expectReduced(found, weights, bias, kind);
      }),
      { numRuns: 300 },
    );
  });

  test.each<readonly [readonly number[], number, Comparison, IntegerThreshold]>([
    [[1, 1, 1], 1.5, "above", { weights: [1n, 1n, 1n], bound: 1n }],
    [[1, 1, 1], 2, "above", { weights: [1n, 1n, 1n], bound: 2n }],
    [[1, 1, 1], 2, "at-least", { weights: [1n, 1n, 1n], bound: 1n }],
    [[0.75, 0, 1.5], 0.8, "above", { weights: [1n, 0n, 2n], bound: 1n }],
    [[-6, 9], -4, "above", { weights: [-2n, 3n], bound: -2n }],
    [[-6, 9], -6, "at-least", { weights: [-2n, 3n], bound: -3n }],
    [[0, 0], 0, "at-least", { weights: [0n, 0n], bound: -1n }],
    [[0, 0], 0, "above", { weights: [0n, 0n], bound: 0n }],
    [[2 ** 100, 2 ** -149], 0, "above", { weights: [2n ** 249n, 1n], bound: 0n }],
  ])("%j with the bias %d, %s", (weights, bias, kind, expected) => {
    expect(integerThreshold(Float32Array.from(weights), Math.fround(bias), kind)).toEqual(expected);
  });

  test("all-zero weights give a constant", () => {
    const constant = (bias: number, kind: Comparison): boolean =>
      0n > integerThreshold(Float32Array.of(0, -0), bias, kind).bound;
    expect([-0.5, 0, 0.5].map((bias) => constant(bias, "above"))).toEqual([true, false, false]);
    expect([-0.5, 0, 0.5].map((bias) => constant(bias, "at-least"))).toEqual([true, true, false]);
  });
});

describe("proveByEnumeration", () => {
  test("proves exactly where no admissible input contradicts the bits, and gives the ends of the gap", () => {
    let [proved, refused] = [0, 0];
    fc.assert(
      fc.property(arbitraryNeuron(6, false), (neuron) => {
        const literals = toLiterals(floatWeights(neuron), floatBias(neuron), floatBounds(neuron));
        const gap = proveByEnumeration(literals, neuron.comparison);

        let [sound, lower, upper] = [true, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
        for (let pattern = 0; pattern < 2 ** neuron.weights.length; pattern++) {
          const sumOnBits = neuron.weights.reduce(
            (sum, weight, input) => sum + ((pattern >> input) & 1) * weight * 64,
            0,
          );
          const [least, greatest] = extremeSums(neuron, pattern);
          const bit = holds(neuron, sumOnBits);
          sound &&= holds(neuron, bit ? least : greatest) === bit;
          if (bit) upper = Math.min(upper, literalSum(neuron, least));
          else lower = Math.max(lower, literalSum(neuron, greatest));
        }
        expect(gap).toEqual(sound ? { lower, upper } : null);
        if (sound) proved++;
        else refused++;
      }),
      { numRuns: 1500 },
    );
    expect(proved).toBeGreaterThan(150);
    expect(refused).toBeGreaterThan(150);
  });

  /** Median of n inputs whose values lie within 1/64 of a bit. */
  function proveMedian(inputs: number): ReturnType<typeof proveByEnumeration> {
    const weights = new Float32Array(inputs).fill(1);
    const bounds = Array.from(weights, () => ({ zeroUpper: 1 / 64, oneLower: 63 / 64 }));
    return proveByEnumeration(toLiterals(weights, inputs / 2, bounds), "above");
  }

  test("up to a number of literals", () => {
    expect(MAXIMUM_ENUMERATED_LITERALS).toBe(12);
    expect(proveMedian(11)).toEqual({ lower: 5 + 6 / 64, upper: 6 - 6 / 64 });
    expect(proveMedian(13)).toBeNull();
  });

  test("an unknown input that decides nothing does no harm", () => {
    const weights = Float32Array.of(1, 1, 1, 0.25);
    const known = { zeroUpper: 0.0625, oneLower: 0.9375 };
    const bounds = [known, known, known, { zeroUpper: 1, oneLower: 0 }];
    expect(proveByEnumeration(toLiterals(weights, 1.5, bounds), "above")).toEqual({ lower: 1.375, upper: 1.875 });
    expect(proveByEnumeration(toLiterals(weights, 1.375, bounds), "above")).toEqual({ lower: 1.375, upper: 1.875 });
    expect(proveByEnumeration(toLiterals(weights, 1.375, bounds), "at-least")).toBeNull();
  });
});
