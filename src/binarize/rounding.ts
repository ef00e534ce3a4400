/**
 * Room for rounding: a proof in exact arithmetic holds for a network evaluated in float32 when no sum comes so near to the
 * bound that rounding could carry it across, and no activation so near to ½ that it is rounded to it (float32.ts).
 */
import { activate } from "../model/activation.js";
import type { Activation } from "../model/types.js";
import type { Comparison } from "./activation.js";
import { scaleToIntegers } from "./dyadic.js";
import {
  ACTIVATION_ERROR,
  float32SumError,
  LEAST_ARGUMENT,
  LEAST_EXPONENT,
  OVERFLOW,
  roundBoundDown,
  roundBoundUp,
  SINGLE,
} from "./float32.js";
import { BIT, type LiteralNeuron, readsBits } from "./literals.js";
import type { Arithmetic, ChannelBounds } from "./report.js";

/** The two ends of the gap around B: the largest sum that gives bit 0 and the smallest that gives bit 1. */
export interface SubsetSumGap {
  readonly lower: number;
  readonly upper: number;
}

export interface Evaluation {
  readonly scale: number;
  readonly activation: Activation;
  readonly comparison: Comparison;
  readonly arithmetic: Arithmetic;
}

/** Error of the neuron's sum with its bias in float32; 0 where every partial sum is a float32 itself, whatever the order. */
export function sumError(neuron: LiteralNeuron, { arithmetic, activation }: Evaluation): number {
  if (arithmetic === "real" || activation === "step" || sumsAreExact(neuron)) return 0;
  return float32SumError(neuron.literals.length, magnitudeOf(neuron));
}

/** At least Σ|W| + |B|: |B| is at most |B'| and the negative weights, which are among the literals. */
function magnitudeOf(neuron: LiteralNeuron): number {
  return 2 * neuron.total.approximation + Math.abs(neuron.bound.approximation);
}

/** Sums of bits whose weights and bound are multiples of one unit, and together no more than 2^24 of it. */
function sumsAreExact(neuron: LiteralNeuron): boolean {
  const magnitude = magnitudeOf(neuron);
  const most = 2 ** SINGLE.digits;
  // Every weight is at least the unit; the cheap test first.
  if (!readsBits(neuron) || neuron.literals.some(({ weight }) => weight * most < magnitude)) return false;
  const { exponent } = scaleToIntegers(neuron.literals.map(({ weight }) => weight));
  const unit = Math.min(exponent, neuron.bound.mantissa === 0n ? exponent : neuron.bound.exponent);
  return magnitude < OVERFLOW && unit >= LEAST_EXPONENT && magnitude <= most * 2 ** unit;
}

/** Whether a float32 evaluation decides every admissible input as exact arithmetic does, given the gap there. */
export function hasRoom(neuron: LiteralNeuron, gap: SubsetSumGap, evaluation: Evaluation): boolean {
  const { arithmetic, activation, scale, comparison } = evaluation;
  if (arithmetic === "real" || activation === "step") return true;
  const error = sumError(neuron, evaluation);
  const bound = neuron.bound.approximation;
  const slack = error === 0 ? 0 : doubleSlack(neuron);
  const [below, above] = [bound - gap.lower - slack, gap.upper - bound - slack];
  // Bit 1 is above B for P > 0, below it for P < 0; its side must be seen in ξ, for the other the sign is enough.
  const [ofZero, ofOne] = comparison === "above" ? [below, above] : [above, below];
  return ofZero >= error && (ofOne - error) * steepnessOf(scale) >= LEAST_ARGUMENT;
}

/** |P|, as float32 may take it. */
function steepnessOf(scale: number): number {
  const steepness = Math.abs(scale);
  return steepness < 2 ** LEAST_EXPONENT ? 0 : steepness;
}

/** Why {@link hasRoom} failed, in one clause. */
export function describeLackOfRoom(neuron: LiteralNeuron, evaluation: Evaluation): string {
  const error = sumError(neuron, evaluation);
  if (error === Number.POSITIVE_INFINITY) return "its sum may overflow in float32";
  if (error === 0) return "|P| is so small that float32 cannot tell its value from ½";
  return `float32 rounding (${Number(error.toPrecision(2))}) may carry a sum across the bound`;
}

/** P = 0: the value is ½ whatever the input, unless float32 multiplies 0 by a sum that overflows. */
export function isSurelyHalf(neuron: LiteralNeuron, { arithmetic, activation }: Evaluation): boolean {
  return arithmetic === "real" || activation === "step" || magnitudeOf(neuron) < OVERFLOW;
}

/**
 * Bounds of χ's values from the extreme pre-activations: z0 = lower − B for bit 0 and z1 = upper − B for bit 1 (for
 * P < 0 the roles are swapped), rounded outwards. Without a known gap only the side of ½ is known.
 */
export function outputBounds(neuron: LiteralNeuron, gap: SubsetSumGap | null, evaluation: Evaluation): ChannelBounds {
  const { scale, activation, arithmetic } = evaluation;
  if (activation === "step") return BIT;
  if (gap === null) return { zeroUpper: 0.5, oneLower: 0.5 };
  const bound = neuron.bound.approximation;
  const slack = doubleSlack(neuron) + sumError(neuron, evaluation);
  const error = ACTIVATION_ERROR[arithmetic];
  const steepness = Math.abs(scale);
  const low = activate(activation, steepness * Math.min(0, gap.lower - bound + slack)) + error;
  const high = activate(activation, steepness * Math.max(0, gap.upper - bound - slack)) - error;
  const zeroUpper = Math.min(0.5, roundBoundUp(low));
  const oneLower = Math.max(0.5, roundBoundDown(high));
  return scale > 0 ? { zeroUpper, oneLower } : { zeroUpper: 1 - oneLower, oneLower: 1 - zeroUpper };
}

/** More than all roundings of a sum over literals in doubles, and of B: sums farther apart are so in truth. */
export function doubleSlack({ literals, total, bound }: LiteralNeuron): number {
  return (literals.length + 8) * 2 ** -50 * (total.approximation + Math.abs(bound.approximation));
}
