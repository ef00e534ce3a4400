import * as fc from "fast-check";
import { expect, test } from "vitest";
import { activatedProjections, projectedWeight } from "../../src/binarize/closest/activated-space.js";
import { closestOperation } from "../../src/binarize/closest/closest.js";
import { distanceBySolver } from "./projection-solver.js";

const weight = fc.oneof(
  fc.float({ min: 0, max: 2, noNaN: true }),
  fc.float({ min: -1, max: 1, noNaN: true }),
  fc.constantFrom(0, 0.25, 0.5, 0.5, 1),
);
const neuron = fc.record({
  weights: fc.array(weight, { minLength: 1, maxLength: 9 }).map((values) => Float32Array.from(values)),
  bias: fc.float({ min: -1, max: 6, noNaN: true }),
});

/** What the solver leaves of its constraints. */
const DIGITS = 8;

function sumOf(values: Float32Array): number {
  return values.reduce((sum, each) => sum + each, 0);
}

function membersAtLeast(weights: Float32Array, level: number): boolean[] {
  return Array.from(weights, (each) => each >= level);
}

test("the distance is the least that a general solver finds over all operations and sets {W ≥ w}", () => {
  fc.assert(
    fc.property(neuron, ({ weights, bias }) => {
      const bounds = { dilation: bias, erosion: sumOf(weights) - bias };
      const distances = [...weights].flatMap((level) =>
        Object.values(bounds).map((bound) => distanceBySolver(weights, bound, membersAtLeast(weights, level))),
      );
      const { operation, members, distance } = closestOperation("activated", weights, bias);
      expect(distance).toBeCloseTo(Math.max(0, Math.min(...distances)), DIGITS);
      expect(distance).toBeCloseTo(Math.max(0, distanceBySolver(weights, bounds[operation], members)), DIGITS);
    }),
    { numRuns: 300 },
  );
});

test("each projection is that of the solver, and its point lies in the space at that distance", () => {
  fc.assert(
    fc.property(neuron, ({ weights, bias }) => {
      const projections = activatedProjections(weights, bias);
      expect(projections).toHaveLength(2 * new Set([...weights].map((each) => each + 0)).size);
      for (const projection of projections) {
        const { level, bound, nearestBound, value } = projection;
        const members = membersAtLeast(weights, level);
        expect(value).toBeCloseTo(Math.max(0, distanceBySolver(weights, bound, members)), DIGITS);
        const point = Array.from(weights, (each) => projectedWeight(each, projection));
        const outside = point.reduce((sum, each, input) => sum + (members[input] === true ? 0 : each), 0);
        expect(outside).toBeLessThanOrEqual(nearestBound + 1e-12);
        expect(Math.min(...point)).toBeGreaterThanOrEqual(-1e-12);
        expect(Math.min(...point.filter((_, input) => members[input]))).toBeGreaterThanOrEqual(nearestBound - 1e-12);
        const squares = point.reduce((sum, each, input) => sum + (each - weights[input]!) ** 2, 0);
        expect(value).toBeCloseTo((squares + (nearestBound - bound) ** 2) / 2, 12);
      }
    }),
    { numRuns: 150 },
  );
});

test("stopping a sum that is already too long changes nothing: the first of the least projections is found", () => {
  fc.assert(
    fc.property(neuron, ({ weights, bias }) => {
      const projections = activatedProjections(weights, bias);
      const least = Math.min(...projections.map((each) => each.value));
      const first = projections.find((each) => each.value === least)!;
      expect(closestOperation("activated", weights, bias)).toEqual({
        operation: first.operation,
        members: membersAtLeast(weights, first.level),
        distance: least,
      });
    }),
  );
});

/**
 * The authors' training loss puts B into the dilations' formula for an erosion too. W = (1, 1), B = 2.25 is nearest to the
 * erosion by both, whose dual bound ΣW − B = −¼ has to become 0. With B itself the formula levels (1, 1, 2.25) to their
 * mean, half of the squared distance 25/24.
 */
test("an erosion's distance is that of its dual bound, not of the bound itself", () => {
  const weights = Float32Array.of(1, 1);
  expect(closestOperation("activated", weights, 2.25)).toEqual({
    operation: "erosion",
    members: [true, true],
    distance: 1 / 32,
  });
  const theirs = activatedProjections(weights, 2.25).find((each) => each.operation === "dilation");
  expect(theirs?.value).toBeCloseTo(25 / 48, 12);
});
