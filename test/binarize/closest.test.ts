import * as fc from "fast-check";
import { expect, test } from "vitest";
import { closestConstantSet } from "../../src/binarize/closest.js";
import { binarizeNeuron } from "../../src/binarize/neuron.js";

/** Score (Σ_S W)/√|S| of a set, one bit per weight. */
function scoreOf(weights: Float32Array, set: number): number {
  const inside = [...weights].filter((_, input) => ((set >> input) & 1) === 1);
  return inside.reduce((sum, weight) => sum + weight, 0) / Math.sqrt(inside.length);
}

function asBits(members: readonly boolean[]): number {
  return members.reduce((set, member, input) => set | (member ? 1 << input : 0), 0);
}

/** Distance of W to θ·1_S at the best θ, by its definition. */
function distanceTo(weights: Float32Array, members: readonly boolean[]): number {
  const inside = [...weights].filter((_, input) => members[input] === true);
  const mean = inside.reduce((sum, weight) => sum + weight, 0) / inside.length;
  return [...weights].reduce((sum, weight, input) => sum + (weight - (members[input] === true ? mean : 0)) ** 2, 0);
}

const weight = fc.oneof(fc.float({ min: 0, max: 2, noNaN: true }), fc.constantFrom(0, 0.25, 0.5, 0.5, 0.75, 1, 1, 2));
const positive = fc.array(weight, { minLength: 1, maxLength: 10 }).map((values) => Float32Array.from(values));

test("no set is closer, and the distance is the one to it", () => {
  fc.assert(
    fc.property(positive, fc.double({ min: -1, max: 12, noNaN: true }), (weights, bias) => {
      const { members, distance, operation } = closestConstantSet(weights, bias);
      const scores = Array.from({ length: 2 ** weights.length - 1 }, (_, index) => scoreOf(weights, index + 1));
      const best = Math.max(...scores);
      expect(members.some(Boolean)).toBe(true);
      expect(scoreOf(weights, asBits(members))).toBeCloseTo(best, 10);
      const nearlyBest = scores.filter((score) => score > best - 1e-9).length;
      if (nearlyBest === 1) expect(scores[asBits(members) - 1]).toBe(Math.max(...scores));
      expect(distance).toBeGreaterThanOrEqual(0);
      expect(distance).toBeCloseTo(distanceTo(weights, members), 9);
      const half = weights.reduce((sum, each) => sum + each, 0) / 2;
      expect(operation).toBe(bias <= half ? "dilation" : "erosion");
    }),
    { numRuns: 400 },
  );
});

test("the bias decides the operation, half of the sum included", () => {
  const operation = (bias: number): string => closestConstantSet(Float32Array.of(1, 0.5, 0.25, 0.25), bias).operation;
  expect([0, 1, 1 + 2 ** -20, 2].map(operation)).toEqual(["dilation", "dilation", "erosion", "erosion"]);
});

/** The rule of the authors' code: the prefix of the distinct values, each counted once. */
function distinctValuesOnce(weights: Float32Array): boolean[] {
  const distinct = [...new Set(weights)].sort((first, second) => second - first);
  const scores = distinct.map((_, position) => scoreOf(Float32Array.from(distinct), 2 ** (position + 1) - 1));
  const least = distinct[scores.indexOf(Math.max(...scores))]!;
  return Array.from(weights, (each) => each >= least);
}

test("repeated weights are counted as often as they occur; the authors' code, counting each value once, stops too early", () => {
  const weights = Float32Array.of(1, 0.375, 0.375, 0.375, 0.375, 0.375, 0.375, 0.375, 0.375);
  const theirs = distinctValuesOnce(weights);
  const { members, distance } = closestConstantSet(weights, 0);
  expect(theirs).toEqual([true, ...Array.from({ length: 8 }, () => false)]);
  expect(members).toEqual(Array.from({ length: 9 }, () => true));
  // ‖W‖² = 2.125: less 1² for the first alone, less 4²/9 for all.
  expect(distanceTo(weights, theirs)).toBe(1.125);
  expect(distance).toBeCloseTo(2.125 - 16 / 9, 12);
});

test("a neuron that is an operation keeps it, whatever constant set is closest", () => {
  // OR of both inputs, by the bias; the closest constant set is the first input alone.
  const weights = Float32Array.of(1, 0.125);
  const bounds = Array.from(weights, () => ({ zeroUpper: 0, oneLower: 1 }));
  const neuron = { weights, bias: 0.0625, scale: 1, activation: "tanh" } as const;
  expect(closestConstantSet(weights, 0.0625).members).toEqual([true, false]);
  expect(binarizeNeuron(neuron, bounds, "approximate-constant")).toMatchObject({
    function: { kind: "dilation", members: [true, true] },
    grade: "exact",
    distance: null,
  });
});
