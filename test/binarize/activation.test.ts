import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type ActivatedSet, linearCheck } from "../../src/binarize/activation.js";
import { toLiterals } from "../../src/binarize/literals.js";
import {
  applyLiterals,
  arbitraryNeuron,
  cubeOf,
  extremeSums,
  floatBias,
  floatBounds,
  floatWeights,
  holds,
  type Literals,
  literalSum,
  ONE,
  type WholeNeuron,
} from "./truth.js";

function check(neuron: WholeNeuron): ActivatedSet | null {
  return linearCheck(toLiterals(floatWeights(neuron), floatBias(neuron), floatBounds(neuron)), neuron.comparison);
}

function literalsOf(set: ActivatedSet): Literals {
  const bits = (literals: ActivatedSet["members"]): number =>
    literals.reduce((sum, literal) => sum | (1 << literal.input), 0);
  return { inputs: bits(set.members), negated: bits(set.members.filter((literal) => literal.negated)) };
}

function patternsOf(neuron: WholeNeuron): number[] {
  return Array.from({ length: 2 ** neuron.weights.length }, (_, pattern) => pattern);
}

/** What a function on bits is, from its table. */
function classify(neuron: WholeNeuron): { readonly operation: string; readonly literals: Literals } | null {
  const n = neuron.weights.length;
  const none = { inputs: 0, negated: 0 };
  const whenTrue = patternsOf(neuron).filter((pattern) => holds(neuron, extremeSums(neuron, pattern)[0]));
  const whenFalse = patternsOf(neuron).filter((pattern) => !whenTrue.includes(pattern));
  if (whenTrue.length === 0) return { operation: "constant 0", literals: none };
  if (whenFalse.length === 0) return { operation: "constant 1", literals: none };
  const and = cubeOf(whenTrue, n);
  if (and !== null) return { operation: "erosion", literals: and };
  // An OR is false exactly on the AND of the opposite literals.
  const nor = cubeOf(whenFalse, n);
  return nor === null
    ? null
    : { operation: "dilation", literals: { inputs: nor.inputs, negated: nor.inputs & ~nor.negated } };
}

test("on bits: the operation that the table of all patterns shows, and the ends of its gap", () => {
  const found = new Map<string, number>();
  fc.assert(
    fc.property(arbitraryNeuron(8, true), (neuron) => {
      const truth = classify(neuron);
      const set = check(neuron);
      const operation = set === null ? "none" : set.operation === "constant" ? `constant ${set.value}` : set.operation;
      expect(operation).toBe(truth?.operation ?? "none");
      found.set(operation, (found.get(operation) ?? 0) + 1);
      if (set === null || truth === null) return;
      expect(literalsOf(set)).toEqual(truth.literals);

      const sums = patternsOf(neuron).map((pattern) => extremeSums(neuron, pattern)[0]);
      const [whenFalse, whenTrue] = [
        sums.filter((sum) => !holds(neuron, sum)),
        sums.filter((sum) => holds(neuron, sum)),
      ];
      expect(set.lower).toBe(literalSum(neuron, Math.max(...whenFalse)));
      expect(set.upper).toBe(literalSum(neuron, Math.min(...whenTrue)));
    }),
    { numRuns: 4000 },
  );
  for (const operation of ["none", "constant 0", "constant 1", "erosion", "dilation"]) {
    expect(found.get(operation) ?? 0, operation).toBeGreaterThan(100);
  }
});

test("one literal is both operations and is called an erosion", () => {
  const weights = Float32Array.of(0, -2, 0.25);
  const bounds = Array.from(weights, () => ({ zeroUpper: 0, oneLower: 1 }));
  const set = linearCheck(toLiterals(weights, -1, bounds), "above");
  expect(set).toMatchObject({ operation: "erosion", members: [{ input: 1, negated: true }], lower: 0.25, upper: 2 });
});

test("ties: a bias on the lower end is inside for P > 0, on the upper end for P < 0", () => {
  const weights = Float32Array.of(1, 1, 0.25);
  const bounds = Array.from(weights, () => ({ zeroUpper: 0, oneLower: 1 }));
  const operations = (comparison: "above" | "at-least"): string[] =>
    [0.25, 1, 1.25, 2].map((bias) => {
      const set = linearCheck(toLiterals(weights, bias, bounds), comparison);
      return set === null ? "none" : `${set.operation} of ${set.members.length}`;
    });
  // By the first two inputs: a dilation from 0.25 to 1, an erosion from 1.25 to 2; at the ends, perhaps by all three.
  expect(operations("above")).toEqual(["dilation of 2", "none", "erosion of 2", "erosion of 3"]);
  expect(operations("at-least")).toEqual(["dilation of 3", "dilation of 2", "none", "erosion of 2"]);
});

/** Every pair of an operation and a set of literals that no admissible input contradicts, by the ends of each pattern. */
function consistent(neuron: WholeNeuron): string[] {
  const n = neuron.weights.length;
  const negated = neuron.weights.reduce((bits, weight, input) => (weight < 0 ? bits | (1 << input) : bits), 0);
  const ends = patternsOf(neuron).map((pattern) => extremeSums(neuron, pattern));
  const names: string[] = [];
  for (const operation of ["erosion", "dilation"] as const) {
    for (let inputs = 1; inputs < 2 ** n; inputs++) {
      const literals = { inputs, negated: negated & inputs };
      const agrees = ends.every(([least, greatest], pattern) =>
        applyLiterals(operation, literals, pattern) ? holds(neuron, least) : !holds(neuron, greatest),
      );
      if (agrees) names.push(`${operation} ${inputs}`);
    }
  }
  return names;
}

/** The pairs that satisfy the table of the theory: Theorem 2.3 of arXiv 2401.03830, bounds per literal. */
function fromTable(neuron: WholeNeuron): string[] {
  const literals = neuron.weights.map((weight, input) => {
    const [zero, one] = neuron.bounds[input]!;
    const size = Math.abs(weight);
    return weight < 0 ? { size, v1: ONE - one, v2: ONE - zero } : { size, v1: zero, v2: one };
  });
  const bias = neuron.bias + neuron.weights.reduce((sum, weight) => sum + Math.max(0, -weight) * ONE, 0);
  const between = (lower: number, upper: number): boolean =>
    neuron.comparison === "above" ? lower <= bias && bias < upper : lower < bias && bias <= upper;
  const add = (parts: readonly number[]): number => parts.reduce((sum, part) => sum + part, 0);
  const total = add(literals.map(({ size }) => size * ONE));
  const names: string[] = [];
  for (let inputs = 1; inputs < 2 ** literals.length; inputs++) {
    const inside = literals.filter((_, input) => ((inputs >> input) & 1) === 1);
    const outside = literals.filter((each) => !inside.includes(each));
    const erosionLower = total - Math.min(...inside.map(({ size, v1 }) => (ONE - v1) * size));
    if (between(erosionLower, add(inside.map(({ size, v2 }) => v2 * size)))) names.push(`erosion ${inputs}`);
    const dilationLower = add(outside.map(({ size }) => size * ONE)) + add(inside.map(({ size, v1 }) => v1 * size));
    if (between(dilationLower, Math.min(...inside.map(({ size, v2 }) => v2 * size)))) names.push(`dilation ${inputs}`);
  }
  return names.sort();
}

test("on almost binary inputs: sound and complete, with bounds per input, known or not", () => {
  let [operations, refused] = [0, 0];
  fc.assert(
    fc.property(arbitraryNeuron(6, false), (neuron) => {
      const possible = consistent(neuron);
      expect(fromTable(neuron)).toEqual(possible.toSorted());
      const set = check(neuron);
      const ends = patternsOf(neuron).map((pattern) => extremeSums(neuron, pattern));
      if (set?.operation === "constant") {
        expect(ends.every((pair) => pair.every((sum) => holds(neuron, sum) === (set.value === 1)))).toBe(true);
        return;
      }
      if (set === null) {
        refused++;
        expect(possible).toEqual([]);
        const values = new Set(ends.flat().map((sum) => holds(neuron, sum)));
        expect(values.size, "it is no constant either").toBe(2);
        return;
      }
      operations++;
      expect(possible).toContain(`${set.operation} ${literalsOf(set).inputs}`);
      const whenTrue = (pattern: number): boolean =>
        applyLiterals(set.operation as "erosion" | "dilation", literalsOf(set), pattern);
      const upper = Math.min(...ends.flatMap(([least], pattern) => (whenTrue(pattern) ? [least] : [])));
      const lower = Math.max(...ends.flatMap(([, greatest], pattern) => (whenTrue(pattern) ? [] : [greatest])));
      expect([set.lower, set.upper]).toEqual([literalSum(neuron, lower), literalSum(neuron, upper)]);
    }),
    { numRuns: 3000 },
  );
  expect(operations, "erosions and dilations").toBeGreaterThan(300);
  expect(refused, "neither").toBeGreaterThan(300);
});

test("literals of weights that doubles cannot add keep their exact bound", () => {
  // The negative weight moves the bound from 2^-60 to 2^60 + 2^-60: above the first literal alone, below both.
  const weights = Float32Array.of(2 ** 60, -(2 ** 60));
  const bounds = Array.from(weights, () => ({ zeroUpper: 0, oneLower: 1 }));
  const operation = (bias: number): string | undefined =>
    linearCheck(toLiterals(weights, bias, bounds), "above")?.operation;
  expect([2 ** -60, 0, -(2 ** -60)].map(operation)).toEqual(["erosion", "erosion", "dilation"]);
});
