/** What a neuron with whole weights does, found by trying everything. */
import * as fc from "fast-check";
import type { Comparison } from "../../src/binarize/activation.js";
import type { ChannelBounds } from "../../src/binarize/report.js";

/** The neurons of these tests have weights and biases on this grid, so that every sum in doubles is exact. */
export const WEIGHT_UNIT = 1 / 16;
/** Their inputs have bounds on this grid. */
export const VALUE_UNIT = 1 / 64;

/** `[Σ w·x > bias]` or `[Σ w·x ≥ bias]`. Weights in units of 1/16, bounds of 1/64, the bias of 1/1024. */
export interface WholeNeuron {
  readonly weights: readonly number[];
  readonly bias: number;
  readonly comparison: Comparison;
  /** Per input, [upper bound of the values for 0, lower bound of those for 1]. */
  readonly bounds: readonly (readonly [number, number])[];
}

export const ONE = 1 / VALUE_UNIT;

export function floatWeights(neuron: WholeNeuron): Float32Array {
  return Float32Array.from(neuron.weights, (weight) => weight * WEIGHT_UNIT);
}

export function floatBias(neuron: WholeNeuron): number {
  return neuron.bias * WEIGHT_UNIT * VALUE_UNIT;
}

export function floatBounds(neuron: WholeNeuron): ChannelBounds[] {
  return neuron.bounds.map(([zero, one]) => ({ zeroUpper: zero * VALUE_UNIT, oneLower: one * VALUE_UNIT }));
}

/** Σ w·x + Σ|negative w|: the sum over literals, as the compiler counts it; in doubles, exactly. */
export function literalSum(neuron: WholeNeuron, sum: number): number {
  const negative = neuron.weights.reduce((total, weight) => total + Math.max(0, -weight), 0);
  return (sum + negative * ONE) * WEIGHT_UNIT * VALUE_UNIT;
}

export function holds(neuron: WholeNeuron, sum: number): boolean {
  return neuron.comparison === "above" ? sum > neuron.bias : sum >= neuron.bias;
}

/** Least and greatest Σ w·x over all values that stand for the bits of a pattern. */
export function extremeSums(neuron: WholeNeuron, pattern: number): readonly [least: number, greatest: number] {
  let [least, greatest] = [0, 0];
  neuron.weights.forEach((weight, input) => {
    const [zero, one] = neuron.bounds[input]!;
    const ends = ((pattern >> input) & 1) === 1 ? [weight * one, weight * ONE] : [0, weight * zero];
    least += Math.min(...ends);
    greatest += Math.max(...ends);
  });
  return [least, greatest];
}

export interface Literals {
  /** Bit i: input i is read. */
  readonly inputs: number;
  /** Bit i: it is read complemented. */
  readonly negated: number;
}

/** The only AND of literals that may be true exactly on `patterns`, or null. */
export function cubeOf(patterns: readonly number[], n: number): Literals | null {
  const all = 2 ** n - 1;
  const set = patterns.reduce((common, pattern) => common & pattern, all);
  const clear = patterns.reduce((common, pattern) => common & ~pattern, all);
  const inputs = set | clear;
  const free = n - [...Array(n).keys()].filter((input) => ((inputs >> input) & 1) === 1).length;
  if (patterns.length !== 2 ** free) return null;
  return { inputs, negated: clear };
}

/** A pattern's value under the AND (erosion) or OR (dilation) of literals. */
export function applyLiterals(
  operation: "erosion" | "dilation",
  { inputs, negated }: Literals,
  pattern: number,
): boolean {
  const satisfied = (pattern ^ negated) & inputs;
  return operation === "erosion" ? satisfied === inputs : satisfied !== 0;
}

/**
 * Neurons near a constant set, with ties: weights in and around a set, of either sign, some zero or repeated, and a bias
 * near one of the four ends of the intervals of an erosion or dilation by the set, on it, or a unit beside it.
 */
export function arbitraryNeuron(maximumInputs: number, binary: boolean): fc.Arbitrary<WholeNeuron> {
  const member = fc.oneof(fc.constantFrom(16, 16, 12, 20), fc.integer({ min: 8, max: 24 }));
  const other = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 4 }));
  const bound = binary
    ? fc.constant<readonly [number, number]>([0, ONE])
    : fc.oneof(
        { weight: 6, arbitrary: fc.tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 56, max: ONE })) },
        { weight: 3, arbitrary: fc.constant<readonly [number, number]>([0, ONE]) },
        { weight: 1, arbitrary: fc.tuple(fc.integer({ min: 0, max: 32 }), fc.integer({ min: 32, max: ONE })) },
        { weight: 1, arbitrary: fc.constant<readonly [number, number]>([ONE, 0]) },
      );
  const sign = fc.constantFrom(1, 1, -1);
  const input = fc.record({ inside: fc.boolean(), member, other, sign, bound });
  return fc
    .record({
      inputs: fc.array(input, { minLength: 1, maxLength: maximumInputs }),
      positive: fc.boolean(),
      comparison: fc.constantFrom<Comparison[]>("above", "at-least"),
      end: fc.constantFrom("dilation low", "dilation high", "erosion low", "erosion high", "any"),
      nudge: fc.constantFrom(0, 0, 1, -1, 16, -16, 64, -64),
      share: fc.double({ min: -0.05, max: 1.05, noNaN: true }),
    })
    .map(({ inputs, positive, comparison, end, nudge, share }) => {
      const sizes = inputs.map((each) => (each.inside ? each.member : each.other));
      const signs = inputs.map((each) => (positive ? 1 : each.sign));
      const ends = inputs.map(({ bound: [zero, one] }, index) =>
        signs[index] === 1 ? [zero, one] : [ONE - one, ONE - zero],
      );
      const total = sizes.reduce((sum, size) => sum + size * ONE, 0);
      const inside = (part: (size: number, zero: number, one: number) => number): number[] =>
        inputs.flatMap((each, index) => (each.inside ? [part(sizes[index]!, ends[index]![0]!, ends[index]![1]!)] : []));
      const sum = (parts: readonly number[]): number => parts.reduce((partial, part) => partial + part, 0);
      const biases = {
        "dilation low": total - sum(inside((size, zero) => size * (ONE - zero))),
        "dilation high": Math.min(total, ...inside((size, _, one) => size * one)),
        "erosion low": total - Math.min(total, ...inside((size, zero) => size * (ONE - zero))),
        "erosion high": sum(inside((size, _, one) => size * one)),
        any: Math.round(total * share),
      };
      const negative = sizes.reduce((partial, size, index) => (signs[index] === 1 ? partial : partial + size * ONE), 0);
      return {
        weights: sizes.map((size, index) => size * signs[index]!),
        bias: biases[end] - negative + nudge,
        comparison,
        bounds: inputs.map((each) => each.bound),
      };
    });
}
