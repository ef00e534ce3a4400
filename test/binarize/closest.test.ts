import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ApproximationMethod, closestOperation } from "../../src/binarize/closest/closest.js";
import { binarizeNeuron } from "../../src/binarize/neuron.js";

/** Score (Σ_S W)/√|S| of a set, one bit per weight. */
function scoreOf(weights: Float32Array, set: number): number {
  const inside = [...weights].filter((_, input) => ((set >> input) & 1) === 1);
  return inside.reduce((sum, weight) => sum + weight, 0) / Math.sqrt(inside.length);
}

function asBits(members: readonly boolean[]): number {
  return members.reduce((set, member, input) => set | (member ? 1 << input : 0), 0);
}

/** Distance of W to θ·1_S, at the best θ unless one is given. */
function distanceTo(weights: Float32Array, members: readonly boolean[], theta?: number): number {
  const inside = [...weights].filter((_, input) => members[input] === true);
  const mean = theta ?? inside.reduce((sum, weight) => sum + weight, 0) / inside.length;
  return [...weights].reduce((sum, weight, input) => sum + (weight - (members[input] === true ? mean : 0)) ** 2, 0);
}

const repeated = fc.constantFrom(0, 0.25, 0.5, 0.5, 0.75, 1, 1, 2);
const positive = fc.oneof(fc.float({ min: 0, max: 2, noNaN: true }), repeated);
const signed = fc.oneof(fc.float({ min: -1, max: 1, noNaN: true }), fc.constantFrom(-1, -0.5, -0.5), repeated);
/** Whole multiples of 2^-20: their sums are exact. */
const onGrid = fc.oneof(
  fc.integer({ min: -(2 ** 20), max: 2 ** 21 }).map((each) => each / 2 ** 20),
  repeated,
);

function neuronOf(weight: fc.Arbitrary<number>, maxLength = 10): fc.Arbitrary<{ weights: Float32Array; bias: number }> {
  const weights = fc.array(weight, { minLength: 1, maxLength }).map((values) => Float32Array.from(values));
  return fc.record({ weights, bias: fc.double({ min: -1, max: 12, noNaN: true }) });
}

describe.each([
  ["positive", positive],
  ["of any sign", signed],
] as const)("weights %s", (_, weight) => {
  test("no set has a larger score, and the distance is the one to it", () => {
    fc.assert(
      fc.property(neuronOf(weight), ({ weights, bias }) => {
        const { members, distance } = closestOperation("constant", weights, bias);
        const scores = Array.from({ length: 2 ** weights.length - 1 }, (__, index) => scoreOf(weights, index + 1));
        const best = Math.max(...scores);
        expect(members.some(Boolean)).toBe(true);
        expect(distance).toBeCloseTo(distanceTo(weights, members), 12);
        if (best < 0) return;
        expect(scoreOf(weights, asBits(members))).toBeCloseTo(best, 10);
        const nearlyBest = scores.filter((score) => score > best - 1e-9).length;
        if (nearlyBest === 1) expect(scores[asBits(members) - 1]).toBe(best);
      }),
      { numRuns: 400 },
    );
  });

  test("no θ·1_S with θ ≥ 0 is nearer, whatever the set", () => {
    fc.assert(
      fc.property(neuronOf(weight, 8), fc.double({ min: 0, max: 2, noNaN: true }), ({ weights, bias }, theta) => {
        const { distance } = closestOperation("constant", weights, bias);
        for (let set = 0; set < 2 ** weights.length; set++) {
          const members = Array.from(weights, (__, input) => ((set >> input) & 1) === 1);
          expect(distanceTo(weights, members, theta)).toBeGreaterThan(distance - 1e-12);
        }
      }),
      { numRuns: 100 },
    );
  });
});

test.each([
  ["uniform", 2n, 3n],
  ["normal", 3n, 4n],
] as const)("%s: W ≥ the share of the mean, in whole numbers", (method, share, of) => {
  fc.assert(
    fc.property(neuronOf(onGrid), ({ weights, bias }) => {
      const { members, distance } = closestOperation(method, weights, bias);
      const whole = Array.from(weights, (weight) => BigInt(weight * 2 ** 20));
      const sum = whole.reduce((total, weight) => total + weight, 0n);
      expect(members).toEqual(whole.map((weight) => of * BigInt(whole.length) * weight >= share * sum));
      if (members.includes(true)) expect(distance).toBeCloseTo(distanceTo(weights, members), 12);
    }),
    { numRuns: 400 },
  );
});

test("the share of the mean is met exactly: of (1, 2) two thirds of the mean are 1, of (3, 5) three quarters are 3", () => {
  const scales = [1, 1 / 3, 0.1, 2 ** -100].map(Math.fround);
  for (const scale of scales) {
    // Twice a float32 is one.
    expect(closestOperation("uniform", Float32Array.of(scale, 2 * scale), 0).members).toEqual([true, true]);
  }
  expect(closestOperation("normal", Float32Array.of(3, 5), 0).members).toEqual([true, true]);
  expect(closestOperation("normal", Float32Array.of(2.999999, 5), 0).members).toEqual([false, true]);
});

test.each(["uniform", "normal"] as const)(
  "%s: a negative mean can leave no member; the authors' distance is 0/0",
  (method) => {
    expect(closestOperation(method, Float32Array.of(-1, -1, -1), 0)).toEqual({
      operation: "erosion",
      members: [false, false, false],
      distance: 3,
    });
  },
);

const CONSTANT_METHODS = ["constant", "uniform", "normal"] as const;
const METHODS: readonly ApproximationMethod[] = [...CONSTANT_METHODS, "activated", "bounds"];

test.each(CONSTANT_METHODS)("%s: the bias decides the operation, half of the sum included", (method) => {
  const operation = (bias: number): string =>
    closestOperation(method, Float32Array.of(1, 0.5, 0.25, 0.25), bias).operation;
  expect([0, 1, 1 + 2 ** -50, 2].map(operation)).toEqual(["dilation", "dilation", "erosion", "erosion"]);
  // The half sum is 2^23 + 2^-28: added to 2^24 one by one, the small weights are lost even in doubles.
  const wide = Float32Array.of(2 ** 24, ...Array.from({ length: 8 }, () => 2 ** -30));
  expect(closestOperation(method, wide, 2 ** 23 + 2 ** -28).operation).toBe("dilation");
  expect(closestOperation(method, wide, 2 ** 23 + 2 ** -28 + 2 ** -29).operation).toBe("erosion");
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
  const { members, distance } = closestOperation("constant", weights, 0);
  expect(theirs).toEqual([true, ...Array.from({ length: 8 }, () => false)]);
  expect(members).toEqual(Array.from({ length: 9 }, () => true));
  // ‖W‖² = 2.125: less 1² for the first alone, less 4²/9 for all.
  expect(distanceTo(weights, theirs)).toBe(1.125);
  expect(distance).toBeCloseTo(2.125 - 16 / 9, 12);
});

describe.each(METHODS)("%s", (method) => {
  test("any finite float32 weights and bias have an answer", () => {
    const any = fc.float({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 12 }), any, (values, bias) => {
        const { operation, members, distance } = closestOperation(method, Float32Array.from(values), bias);
        expect(["erosion", "dilation"]).toContain(operation);
        expect(members).toHaveLength(values.length);
        expect(distance).toBeGreaterThanOrEqual(0);
        expect(distance).toBeLessThan(Number.POSITIVE_INFINITY);
        const inside = values.filter((_, input) => members[input]);
        // S is what lies above some level.
        expect(values.every((each, input) => members[input] === true || each < Math.min(...inside))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("a power of two as a factor changes the distance only", () => {
    const power = method === "bounds" ? 1 : 2;
    fc.assert(
      fc.property(neuronOf(onGrid), fc.integer({ min: -100, max: 100 }), ({ weights, bias: real }, exponent) => {
        const bias = Math.fround(real);
        const factor = 2 ** exponent;
        const plain = closestOperation(method, weights, bias);
        const scaled = closestOperation(
          method,
          weights.map((each) => each * factor),
          bias * factor,
        );
        expect(scaled).toEqual({ ...plain, distance: plain.distance * factor ** power });
      }),
    );
  });

  test("no weights but zeros, and one weight", () => {
    const zeros = closestOperation(method, new Float32Array(4), 0);
    expect(zeros).toEqual({ operation: "dilation", members: [true, true, true, true], distance: 0 });
    const one = closestOperation(method, Float32Array.of(0.75), 0.25);
    expect(one).toEqual({ operation: "dilation", members: [true], distance: 0 });
  });
});

test("a neuron that is an operation keeps it, whatever constant set is closest", () => {
  // OR of both inputs, by the bias; the closest constant set is the first input alone.
  const weights = Float32Array.of(1, 0.125);
  const bounds = Array.from(weights, () => ({ zeroUpper: 0, oneLower: 1 }));
  const neuron = { weights, bias: 0.0625, scale: 1, activation: "tanh" } as const;
  expect(closestOperation("constant", weights, 0.0625).members).toEqual([true, false]);
  expect(binarizeNeuron(neuron, bounds, { policy: "approximate-constant", arithmetic: "real" })).toMatchObject({
    function: { kind: "dilation", members: [true, true] },
    grade: "exact",
    distance: null,
  });
});
