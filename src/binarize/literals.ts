/**
 * A neuron with its signs taken out: a negative weight on x is a positive one on 1 − x, so that every neuron is
 * `[Σ a_i·l_i > bound]` with a_i > 0 over literals l_i, each an input or its complement. Zero weights drop out.
 */

import { type Dyadic, dyadic, subtractDyadic, sumOfProducts } from "./dyadic.js";
import type { ChannelBounds } from "./report.js";

export interface Literal {
  /** Position in the neuron's weights. */
  readonly input: number;
  readonly negated: boolean;
  /** a > 0. */
  readonly weight: number;
  /** Bounds of the literal's values: at most `zeroUpper` for bit 0, at least `oneLower` for bit 1. */
  readonly zeroUpper: number;
  readonly oneLower: number;
}

export interface LiteralNeuron {
  readonly literals: readonly Literal[];
  /** B' = B + Σ of the absolute negative weights. */
  readonly bound: Dyadic;
  /** Σ a. */
  readonly total: Dyadic;
}

/**
 * @param weights W of one neuron
 * @param bias B, subtracted
 * @param bounds where the values of each input can lie; multiples of 2^-50, so that 1 − v is exact
 */
export function toLiterals(
  weights: ArrayLike<number>,
  bias: number | Dyadic,
  bounds: readonly ChannelBounds[],
): LiteralNeuron {
  const literals: Literal[] = [];
  for (let input = 0; input < weights.length; input++) {
    const weight = weights[input] ?? 0;
    if (weight === 0) continue;
    const negated = weight < 0;
    const { zeroUpper, oneLower } = bounds[input] ?? UNKNOWN;
    literals.push(
      negated
        ? { input, negated, weight: -weight, zeroUpper: 1 - oneLower, oneLower: 1 - zeroUpper }
        : { input, negated, weight, zeroUpper, oneLower },
    );
  }
  const exactBias = typeof bias === "number" ? dyadic(bias) : bias;
  const negative = literals.filter((literal) => literal.negated);
  return {
    literals,
    bound:
      negative.length === 0
        ? exactBias
        : subtractDyadic(exactBias, sumOfProducts(negative.map((literal) => [-literal.weight, 1] as const))),
    total: sumOfProducts(literals.map((literal) => [literal.weight, 1] as const)),
  };
}

/** The same neuron fed with true bits. */
export function onBits(neuron: LiteralNeuron): LiteralNeuron {
  return {
    ...neuron,
    literals: neuron.literals.map((literal) => ({ ...literal, zeroUpper: 0, oneLower: 1 })),
  };
}

/** True if every input is known to be exactly 0 or 1. */
export function readsBits(neuron: LiteralNeuron): boolean {
  return neuron.literals.every((literal) => literal.zeroUpper === 0 && literal.oneLower === 1);
}

/** Bounds of a value of which only 0 ≤ value ≤ 1 is known: either bit may stand for anything. */
export const UNKNOWN: ChannelBounds = { zeroUpper: 1, oneLower: 0 };

/** Bounds of a true bit. */
export const BIT: ChannelBounds = { zeroUpper: 0, oneLower: 1 };
