/**
 * Room for rounding: a proof in exact arithmetic holds for a network evaluated in float32 when no sum comes so near to the
 * bound that rounding could carry it across, and no activation so near to ½ that it is rounded to it.
 *
 * A float32 sum of n products in any order is off by at most γ_m · Σ|W_i x_i|, γ_m = m·u / (1 − m·u), u = 2^-24, with m roundings on
 * the way of each term (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1); values are in [0, 1]. Of an
 * implementation of ξ it is assumed that it is right within 2^-20, and that it keeps the sign: at most ½ for arguments up to 0.
 */
import { activate } from "../model/activation.js";
import type { Activation } from "../model/types.js";
import type { Comparison } from "./activation.js";
import { scaleToIntegers } from "./dyadic.js";
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

/** Unit round-off of float32. */
const UNIT_ROUND_OFF = 2 ** -24;

/** Below the least normal float32 a product may be flushed to zero; at half the greatest one a sum might overflow. */
const LEAST_NORMAL = 2 ** -126;
const OVERFLOW = 2 ** 127;

/** The least |P·z| at which every ξ is above ½ in float32: the least of their slopes at 0, ¼, lifts ½ by 2^-22, four of its units. */
const LEAST_ARGUMENT = 2 ** -20;

/** Absolute error of ξ that is allowed for: of float32 implementations with the rounding of P·z, or of doubles. */
const ACTIVATION_ERROR: Readonly<Record<Arithmetic, number>> = { float32: 2 ** -20, real: 2 ** -40 };

/** Terms of two roundings (product, bias) and at most one for each addition. */
const EXTRA_ROUNDINGS = 3;

/** Error of the neuron's sum with its bias in float32; 0 where every partial sum is a float32 itself, whatever the order. */
export function sumError(neuron: LiteralNeuron, { arithmetic, activation }: Evaluation): number {
  if (arithmetic === "real" || activation === "step" || sumsAreExact(neuron)) return 0;
  const count = neuron.literals.length + EXTRA_ROUNDINGS;
  const roundings = count * UNIT_ROUND_OFF;
  const magnitude = magnitudeOf(neuron);
  if (roundings >= 1 || magnitude >= OVERFLOW) return Number.POSITIVE_INFINITY;
  return (roundings / (1 - roundings)) * magnitude + count * LEAST_NORMAL;
}

/** At least Σ|W| + |B|: |B| is at most |B'| and the negative weights, which are among the literals. */
function magnitudeOf(neuron: LiteralNeuron): number {
  return 2 * neuron.total.approximation + Math.abs(neuron.bound.approximation);
}

/** Sums of bits whose weights and bound are multiples of one unit, and together no more than 2^24 of it. */
function sumsAreExact(neuron: LiteralNeuron): boolean {
  const magnitude = magnitudeOf(neuron);
  // Every weight is at least the unit; the cheap test first.
  if (!readsBits(neuron) || neuron.literals.some(({ weight }) => weight * 2 ** 24 < magnitude)) return false;
  const { exponent } = scaleToIntegers(neuron.literals.map(({ weight }) => weight));
  const unit = Math.min(exponent, neuron.bound.mantissa === 0n ? exponent : neuron.bound.exponent);
  return magnitude < OVERFLOW && unit >= -126 && magnitude <= 2 ** (24 + unit);
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
  return ofZero >= error && (ofOne - error) * Math.abs(scale) >= LEAST_ARGUMENT;
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
  const zeroUpper = Math.min(0.5, Math.ceil(low * GRID) / GRID);
  const oneLower = Math.max(0.5, Math.floor(high * GRID) / GRID);
  return scale > 0 ? { zeroUpper, oneLower } : { zeroUpper: 1 - oneLower, oneLower: 1 - zeroUpper };
}

/** The ends of a gap and the bound are sums of doubles to the nearest: more than all their roundings. */
function doubleSlack(neuron: LiteralNeuron): number {
  const magnitude = neuron.total.approximation + Math.abs(neuron.bound.approximation);
  return magnitude * (neuron.literals.length + 8) * 2 ** -50;
}

/** Grid of the bounds: coarse enough that 1 − v is exact, fine enough to lose nothing that matters. */
const GRID = 2 ** 50;
