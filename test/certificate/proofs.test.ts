/** The checker's proofs against truth tables and against all corners of almost-binary inputs. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { BitFunction } from "../../src/certificate/bit-function.js";
import { findGap } from "../../src/certificate/bounds.js";
import { distanceTo } from "../../src/certificate/distance.js";
import { differenceBeyond, differenceOnBits } from "../../src/certificate/equality.js";
import { toDouble, toUnits } from "../../src/certificate/exact.js";
import type { ExactNeuron } from "../../src/certificate/literals.js";
import { distanceBySolver } from "../binarize/projection-solver.js";

const INPUTS = 6;

const neuron: fc.Arbitrary<ExactNeuron> = fc.record({
  weights: fc.array(fc.constantFrom(0, 1, 2, 3, 3, 5, 7, 8, 8, -1, -3, -8).map(BigInt), {
    minLength: 1,
    maxLength: INPUTS,
  }),
  bound: fc.integer({ min: -12, max: 30 }).map(BigInt),
  exponent: fc.constantFrom(0, -3, 4),
  sign: fc.constantFrom(1, -1),
});

function patternsOf(count: number): readonly (readonly number[])[] {
  return Array.from({ length: 2 ** count }, (_, pattern) =>
    Array.from({ length: count }, (__, input) => (pattern >> input) & 1),
  );
}

/** Before the complement of P < 0. */
function isTrue({ weights, bound, sign }: ExactNeuron, bits: readonly number[]): boolean {
  const sum = weights.reduce((total, weight, input) => total + Number(weight) * bits[input]!, 0);
  return sign > 0 ? sum > Number(bound) : sum >= Number(bound);
}

function evaluate(bits: BitFunction, pattern: readonly number[]): boolean {
  if (bits.kind === "sets") return bits.sets.some((set) => set.every((member) => pattern[member] === 1));
  return bits.weights.reduce((sum, weight, input) => sum + Number(weight) * pattern[input]!, 0) > Number(bits.bound);
}

/** Minimal sets that make the neuron true; complete where no weight is negative. */
function primeSets(own: ExactNeuron): number[][] {
  const setOf = (bits: readonly number[]): number[] => bits.flatMap((bit, input) => (bit === 1 ? [input] : []));
  const sets = patternsOf(own.weights.length)
    .filter((bits) => isTrue(own, bits))
    .map(setOf);
  return sets.filter((set) => !sets.some((other) => other.length < set.length && other.every((m) => set.includes(m))));
}

/** A function like the neuron's: its sets or weights, a little changed or not at all. */
function like(own: ExactNeuron, change: number): BitFunction {
  if (change % 2 === 0) {
    const sets = primeSets(own);
    if (change % 4 === 0 || sets.length === 0) return { kind: "sets", sets };
    const [first = [], ...rest] = sets;
    const added = change % own.weights.length;
    const changed = change % 8 === 2 ? first.slice(1) : [...new Set([...first, added])].sort((a, b) => a - b);
    return { kind: "sets", sets: change % 16 === 6 ? rest : [changed, ...rest] };
  }
  const cap = own.sign > 0 ? own.bound : own.bound - 1n;
  const factor = BigInt(1 + (change % 3));
  const weights = own.weights.map((weight, input) =>
    change % 5 === 0 && input === change % own.weights.length ? weight + (weight > 0n ? 1n : 0n) : factor * weight,
  );
  const nudge = BigInt((change % 7) - 3);
  return {
    kind: "sum",
    weights,
    bound: factor * cap + nudge,
  };
}

test("a function is accepted iff it is the neuron's on all patterns", () => {
  let equal = 0;
  fc.assert(
    fc.property(neuron, fc.nat({ max: 10_000 }), (own, change) => {
      const bits = like(own, change);
      const patterns = patternsOf(own.weights.length);
      const truth = patterns.every((pattern) => evaluate(bits, pattern) === isTrue(own, pattern));
      if (truth) equal++;
      expect(differenceOnBits(bits, own) === null).toBe(truth);
    }),
    { numRuns: 3000 },
  );
  expect(equal).toBeGreaterThan(300);
});

test("rounded weights differ at most where it is claimed, however large they are", () => {
  fc.assert(
    fc.property(neuron, fc.nat({ max: 10_000 }), fc.constantFrom(1n, 2n ** 25n), (own, change, scale) => {
      const bits = like(own, 2 * change + 1);
      if (bits.kind !== "sum") return;
      const cap = own.sign > 0 ? own.bound : own.bound - 1n;
      const wrong = patternsOf(own.weights.length).filter((each) => evaluate(bits, each) !== isTrue(own, each));
      const worst = wrong.reduce((most, pattern) => {
        const sum = own.weights.reduce((total, weight, input) => total + weight * BigInt(pattern[input]!), 0n);
        return Math.max(most, Math.abs(Number(sum - cap)));
      }, 0);
      const unit = 2 ** own.exponent;
      const large: BitFunction = {
        kind: "sum",
        weights: bits.weights.map((weight) => weight * scale),
        bound: (bits.bound + 1n) * scale - 1n,
      };
      // Zero weights and signs other than the neuron's are refused.
      if (differenceBeyond(large, own, 1e9) !== null) return;
      if (worst > 0) expect(differenceBeyond(large, own, (worst - 0.5) * unit)).not.toBeNull();
      if (scale === 1n) expect(differenceBeyond(large, own, worst * unit)).toBeNull();
    }),
    { numRuns: 500 },
  );
});

test("bounds prove a function only if it holds at all corners, and the linear check and the patterns miss none", () => {
  const steps = 8;
  const bound = fc.constantFrom([0, 8], [0, 8], [1, 7], [2, 6], [3, 5], [8, 0] as const);
  let proved = 0;
  fc.assert(
    fc.property(neuron, fc.array(bound, { minLength: INPUTS, maxLength: INPUTS }), (own, eighths) => {
      const patterns = patternsOf(own.weights.length);
      const bounds = own.weights.map((_, input) => ({
        zeroUpper: eighths[input]![0] / steps,
        oneLower: eighths[input]![1] / steps,
      }));
      // In eighths: the least and greatest sum of every pattern.
      const fine = { ...own, bound: own.bound * BigInt(steps) };
      const sumsOf = (bits: readonly number[]): readonly [number, number] => {
        let [least, greatest] = [0, 0];
        own.weights.forEach((weight, input) => {
          const [zero, one] = eighths[input]!;
          const ends = bits[input] === 1 ? [one, steps] : [0, zero];
          const products = ends.map((end) => end * Number(weight));
          least += Math.min(...products);
          greatest += Math.max(...products);
        });
        return [least, greatest];
      };
      const decide = (sum: number): boolean => (own.sign > 0 ? sum > Number(fine.bound) : sum >= Number(fine.bound));
      const holds = patterns.every((bits) => sumsOf(bits).every((sum) => decide(sum) === isTrue(own, bits)));
      const negative = own.weights.reduce((sum, weight) => sum + (weight < 0n ? -Number(weight) : 0), 0) * steps;
      const falses = patterns.filter((bits) => !isTrue(own, bits)).map((bits) => sumsOf(bits)[1] + negative);
      const trues = patterns.filter((bits) => isTrue(own, bits)).map((bits) => sumsOf(bits)[0] + negative);
      const inEighths = (sum: bigint | null): number | null => (sum === null ? null : Number(sum) * steps * 2 ** -50);

      const cap = own.sign > 0 ? own.bound : own.bound - 1n;
      const sum: BitFunction = { kind: "sum", weights: own.weights, bound: cap };
      const found = findGap("patterns", sum, own, bounds);
      expect(found !== null).toBe(holds);
      if (found !== null) {
        proved++;
        expect(inEighths(found.lower)).toBe(falses.length === 0 ? null : Math.max(...falses));
        expect(inEighths(found.upper)).toBe(trues.length === 0 ? null : Math.min(...trues));
      }
      for (const method of ["inequality", "gap"] as const) {
        const gap = findGap(method, sum, own, bounds);
        if (gap === null) continue;
        expect(holds).toBe(true);
        // Other literals at their greatest, or common bounds: no tighter than the truth.
        if (falses.length > 0) expect(inEighths(gap.lower)).toBeGreaterThanOrEqual(Math.max(...falses));
        if (trues.length > 0) expect(inEighths(gap.upper)).toBeLessThanOrEqual(Math.min(...trues));
      }
    }),
    { numRuns: 1500 },
  );
  expect(proved).toBeGreaterThan(100);
});

test("the distance to the activated space is that of a general solver", () => {
  const weight = fc.float({ min: -1, max: 2, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(weight, { minLength: 1, maxLength: 7 }),
      fc.float({ min: -1, max: 5, noNaN: true }),
      (w, bias) => {
        const weights = Float32Array.from(w);
        const level = w[0]!;
        const members = w.map((each) => each >= level);
        for (const operation of ["dilation", "erosion"] as const) {
          const bound = operation === "dilation" ? bias : weights.reduce((sum, each) => sum + each, 0) - bias;
          const distance = distanceTo("approximate-activated", w, bias, { operation, members })!;
          expect(distance).toBeCloseTo(Math.max(0, distanceBySolver(weights, bound, members)), 7);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test("units are exact, and as large as can be", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 5 }),
      (values) => {
        const { integers, exponent } = toUnits(values);
        integers.forEach((integer, index) => expect(toDouble(integer, exponent)).toBe(values[index]! + 0));
        if (values.some((value) => value !== 0)) expect(integers.some((integer) => integer % 2n !== 0n)).toBe(true);
      },
    ),
  );
});
