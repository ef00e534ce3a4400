/** Neurons in exact numbers, and their signs taken out. */
import { sumOfIntegers } from "../morph/integers.js";
import { absolute } from "./exact.js";
import type { Bounds } from "./format.js";

/** Bounds of values are whole multiples of 2^-50. */
export const GRID = 2 ** 50;
export const ONE = BigInt(GRID);

/** `[P·(Σ weights·bit − bound) > 0]`; weights and bound are whole multiples of 2^exponent. */
export interface ExactNeuron {
  readonly weights: readonly bigint[];
  readonly bound: bigint;
  readonly exponent: number;
  /** The sign of P. */
  readonly sign: number;
}

/**
 * An input or its complement, so that its weight is positive: a negative weight on x is a positive one on 1 − x. Its values
 * are at most `zeroUpper` for bit 0, at least `oneLower` for bit 1, both in units of 2^-50.
 */
export interface Literal {
  readonly input: number;
  readonly weight: bigint;
  readonly zeroUpper: bigint;
  readonly oneLower: bigint;
}

/**
 * The neuron before the complement that P < 0 makes: `[Σ weight·l > bound]`, for P < 0 `≥ bound`, as the bit of the neuron is
 * [Σ < bound]. On bits both are [Σ > cap].
 */
export interface LiteralNeuron {
  readonly literals: readonly Literal[];
  readonly total: bigint;
  /** B and the absolute negative weights. */
  readonly bound: bigint;
  readonly cap: bigint;
  readonly isTrue: (sum: bigint, unit?: bigint) => boolean;
}

/** @param bounds of each input; bits where they are left out */
export function literalsOf(neuron: ExactNeuron, bounds?: readonly Bounds[]): LiteralNeuron {
  const literals = neuron.weights.flatMap((weight, input): Literal[] => {
    if (weight === 0n) return [];
    const { zeroUpper, oneLower } = bounds?.[input] ?? { zeroUpper: 0, oneLower: 1 };
    const [zero, one] = [BigInt(zeroUpper * GRID), BigInt(oneLower * GRID)];
    const own = weight > 0n ? { zeroUpper: zero, oneLower: one } : { zeroUpper: ONE - one, oneLower: ONE - zero };
    return [{ input, weight: absolute(weight), ...own }];
  });
  const bound = neuron.bound + sumOfIntegers(neuron.weights.map((weight) => (weight < 0n ? -weight : 0n)));
  return {
    literals,
    total: sumOfIntegers(literals.map(({ weight }) => weight)),
    bound,
    cap: neuron.sign < 0 ? bound - 1n : bound,
    isTrue: (sum, unit = 1n) => (neuron.sign < 0 ? sum >= bound * unit : sum > bound * unit),
  };
}
