import * as fc from "fast-check";
import { expect, test } from "vitest";
import { closestOperation } from "../../src/binarize/closest/closest.js";

/** Weights and B are whole multiples of this. */
const UNIT = 2 ** -20;

const weight = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 21 }),
  fc.integer({ min: -(2 ** 20), max: 2 ** 20 }),
  // Equal weights, and equal sums.
  fc.integer({ min: -2, max: 4 }).map((each) => each * 2 ** 18),
);
const neuron = fc.record({
  weights: fc.array(weight, { minLength: 1, maxLength: 7 }),
  bias: fc.oneof(
    fc.integer({ min: -(2 ** 21), max: 2 ** 23 }),
    fc.integer({ min: -4, max: 20 }).map((each) => each * 2 ** 18),
  ),
});

interface Candidate {
  readonly operation: "erosion" | "dilation";
  /** A bit for each weight. */
  readonly set: number;
  readonly violation: number;
  /** No B lies between its bounds. */
  readonly isEmpty: boolean;
}

/** Every non-empty set, by the definition of the bounds, in whole units. */
function candidatesOf(weights: readonly number[], bias: number): Candidate[] {
  const sum = (isCounted: (each: number, input: number) => boolean): number =>
    weights.reduce((total, each, input) => total + (isCounted(each, input) ? each : 0), 0);
  const negative = sum((each) => each < 0);
  const positive = sum((each) => each > 0);
  return (["dilation", "erosion"] as const).flatMap((operation) =>
    Array.from({ length: 2 ** weights.length - 1 }, (_, index): Candidate => {
      const set = index + 1;
      const isInside = (input: number): boolean => ((set >> input) & 1) === 1;
      const least = Math.min(...weights.filter((__, input) => isInside(input)));
      const [lower, upper] =
        operation === "dilation"
          ? [sum((each, input) => each > 0 && !isInside(input)), least + negative]
          : [positive - least, sum((each, input) => each > 0 && isInside(input)) + negative];
      return { operation, set, violation: Math.max(lower - bias, bias - upper, 0), isEmpty: lower >= upper };
    }),
  );
}

function inUnits(weights: readonly number[]): Float32Array {
  return Float32Array.from(weights, (each) => each * UNIT);
}

function setOf(members: readonly boolean[]): number {
  return members.reduce((set, member, input) => set | (member ? 1 << input : 0), 0);
}

test("no operation by any set is violated less", () => {
  fc.assert(
    fc.property(neuron, ({ weights, bias }) => {
      const candidates = candidatesOf(weights, bias);
      const { operation, members, distance } = closestOperation("bounds", inUnits(weights), bias * UNIT);
      const least = Math.min(...candidates.map((each) => each.violation));
      expect(distance).toBe(least * UNIT);
      const found = candidates.find((each) => each.operation === operation && each.set === setOf(members));
      expect(found?.violation).toBe(least);
    }),
    { numRuns: 500 },
  );
});

test("of equal ones the first: dilations before erosions, more inputs before fewer, always {W ≥ w}", () => {
  fc.assert(
    fc.property(neuron, ({ weights, bias }) => {
      const sizeOf = ({ set }: Candidate): number => set.toString(2).replaceAll("0", "").length;
      const isThreshold = ({ set }: Candidate): boolean => {
        const inside = weights.filter((_, input) => ((set >> input) & 1) === 1);
        return weights.every((each, input) => ((set >> input) & 1) === 1 || each < Math.min(...inside));
      };
      const ordered = candidatesOf(weights, bias)
        .filter(isThreshold)
        .sort((first, second) =>
          first.operation === second.operation
            ? sizeOf(second) - sizeOf(first)
            : first.operation === "dilation"
              ? -1
              : 1,
        );
      const least = Math.min(...ordered.map((each) => each.violation));
      const expected = ordered.find((each) => each.violation === least)!;
      const { operation, members } = closestOperation("bounds", inUnits(weights), bias * UNIT);
      expect({ operation, set: setOf(members) }).toEqual({ operation: expected.operation, set: expected.set });
    }),
    { numRuns: 300 },
  );
});

test("nothing is violated exactly where the neuron is the operation, or B is at the open end", () => {
  fc.assert(
    fc.property(neuron, ({ weights, bias }) => {
      const { operation, members, distance } = closestOperation("bounds", inUnits(weights), bias * UNIT);
      // Where the bounds meet, none lies between them; B at both of them violates neither all the same.
      const chosen = candidatesOf(weights, bias).find(
        (each) => each.operation === operation && each.set === setOf(members),
      );
      if (chosen?.isEmpty === true) return;
      const patterns = Array.from({ length: 2 ** weights.length }, (_, pattern) => pattern);
      const set = setOf(members);
      const isTheOperation = (beyond: (sum: number) => boolean): boolean =>
        patterns.every((pattern) => {
          const sum = weights.reduce((total, each, input) => total + ((pattern >> input) & 1) * each, 0);
          return beyond(sum) === (operation === "dilation" ? (pattern & set) !== 0 : (pattern & set) === set);
        });
      // At the open end B is the sum of a pattern that the operation answers with 1, so that ≥ is what it computes.
      const isIt = isTheOperation((sum) => sum > bias) || isTheOperation((sum) => sum >= bias);
      expect(distance === 0).toBe(isIt);
    }),
    { numRuns: 400 },
  );
});
