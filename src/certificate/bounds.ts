/** Proofs by the bounds of values, with room for rounding; theory in docs/certificate.md. */

import { activate } from "../model/activation.js";
import type { Activation } from "../model/types.js";
import { sumOfIntegers } from "../morph/integers.js";
import type { BitFunction } from "./bit-function.js";
import { gapOfSum, literalSum } from "./equality.js";
import { absolute, toDouble } from "./exact.js";
import { LEAST_ARGUMENT, LEAST_NORMAL, OVERFLOW, UNIT_ROUND_OFF } from "./float32.js";
import type { Arithmetic, Bounds, Claim } from "./format.js";
import { type ExactNeuron, type Literal, type LiteralNeuron, literalsOf, ONE } from "./literals.js";

/** Sums of the literals over all admissible values, in units of 2^-50 of the neuron's; null where no pattern has the bit. */
export interface Gap {
  /** The greatest that gives 0, before the complement of P < 0. */
  readonly lower: bigint | null;
  /** The least that gives 1. */
  readonly upper: bigint | null;
}

export type BoundsMethod = "inequality" | "patterns" | "gap";

/** The gap that the method finds where its conditions hold, so that the function of the inputs' bits is the neuron's bit; else null. */
export function findGap(
  method: BoundsMethod,
  bits: BitFunction,
  neuron: ExactNeuron,
  bounds?: readonly Bounds[],
): Gap | null {
  const own = literalsOf(neuron, bounds);
  switch (method) {
    case "inequality":
      return inequalityGap(bits, own);
    case "patterns":
      return patternsGap(own);
    case "gap":
      return commonBoundsGap(bits, neuron, own);
  }
}

/** The table of the linear check, for the literals that the function names. */
function inequalityGap(bits: BitFunction, own: LiteralNeuron): Gap | null {
  const named = new Set(
    bits.kind === "sets" ? bits.sets.flat() : bits.weights.flatMap((weight, input) => (weight === 0n ? [] : [input])),
  );
  const members = own.literals.filter(({ input }) => named.has(input));
  const [first, ...rest] = members;
  if (first === undefined) return constantGap(bits, own);
  const least = (measure: (literal: Literal) => bigint): bigint =>
    rest.map(measure).reduce((smallest, each) => (each < smallest ? each : smallest), measure(first));
  const sumOver = (literals: readonly Literal[], measure: (literal: Literal) => bigint): bigint =>
    sumOfIntegers(literals.map(measure));

  const erosion: Gap = {
    lower: own.total * ONE - least(({ weight, zeroUpper }) => weight * (ONE - zeroUpper)),
    upper: sumOver(members, ({ weight, oneLower }) => weight * oneLower),
  };
  if (isOpen(erosion, own)) return erosion;
  const dilation: Gap = {
    lower: own.total * ONE - sumOver(members, ({ weight, zeroUpper }) => weight * (ONE - zeroUpper)),
    upper: least(({ weight, oneLower }) => weight * oneLower),
  };
  return isOpen(dilation, own) ? dilation : null;
}

function constantGap(bits: BitFunction, own: LiteralNeuron): Gap | null {
  if (bits.kind !== "sets") return null;
  const gap: Gap = bits.sets.length === 0 ? { lower: own.total * ONE, upper: null } : { lower: null, upper: 0n };
  return isOpen(gap, own) ? gap : null;
}

function isOpen({ lower, upper }: Gap, { isTrue }: LiteralNeuron): boolean {
  return (lower === null || !isTrue(lower, ONE)) && (upper === null || isTrue(upper, ONE));
}

const MOST_ENUMERATED = 12;

/** Pattern by pattern: the sums of the least values of its ones, and of ones and the greatest values of its zeros. */
function patternsGap(own: LiteralNeuron): Gap | null {
  if (own.literals.length > MOST_ENUMERATED) return null;
  let patterns: readonly (readonly [bits: bigint, least: bigint, greatest: bigint])[] = [[0n, 0n, 0n]];
  for (const { weight, zeroUpper, oneLower } of own.literals) {
    patterns = patterns.flatMap(([bits, least, greatest]) => [
      [bits, least, greatest + weight * zeroUpper],
      [bits + weight, least + weight * oneLower, greatest + weight * ONE],
    ]);
  }
  let [lower, upper]: (bigint | null)[] = [null, null];
  for (const [bits, least, greatest] of patterns) {
    if (own.isTrue(bits)) upper = upper === null || upper === undefined || least < upper ? least : upper;
    else lower = lower === null || lower === undefined || greatest > lower ? greatest : lower;
  }
  const gap: Gap = { lower: lower ?? null, upper: upper ?? null };
  return isOpen(gap, own) ? gap : null;
}

/** m0 + v1·(Σ − m0) and v2·m1, with bounds v1, v2 that hold for every literal. */
function commonBoundsGap(bits: BitFunction, neuron: ExactNeuron, own: LiteralNeuron): Gap | null {
  if (bits.kind === "sets") return null;
  const sum = literalSum(bits, neuron, own);
  const found = typeof sum === "string" ? null : gapOfSum(sum, own);
  if (found === null || found.falseMost === null || found.trueLeast === null) return null;
  const zeroUpper = own.literals.reduce((most, literal) => (literal.zeroUpper > most ? literal.zeroUpper : most), 0n);
  const oneLower = own.literals.reduce((least, literal) => (literal.oneLower < least ? literal.oneLower : least), ONE);
  const gap: Gap = {
    lower: found.falseMost * ONE + zeroUpper * (own.total - found.falseMost),
    upper: oneLower * found.trueLeast,
  };
  return isOpen(gap, own) ? gap : null;
}

export interface Evaluation {
  readonly activation: Activation;
  readonly arithmetic: Arithmetic;
  /** |P| */
  readonly steepness: number;
}

/** Roundings of a term besides the additions: its product, the bias, and one to spare. */
const EXTRA_ROUNDINGS = 3;
const ACTIVATION_ERROR: Readonly<Record<Arithmetic, number>> = { float32: 2 ** -20, real: 2 ** -40 };
/** For roundings of the error bounds themselves, which are doubles. */
const ROOM = 1 + 2 ** -40;

/** How far Σ W·x − B, in float32 and any order, can lie from the exact one. */
export function sumError(neuron: ExactNeuron, readsBits: boolean, { activation, arithmetic }: Evaluation): number {
  if (arithmetic === "real" || activation === "step") return 0;
  const units = sumOfIntegers(neuron.weights.map(absolute)) + absolute(neuron.bound);
  const magnitude = toDouble(units, neuron.exponent);
  if (magnitude >= OVERFLOW) return Number.POSITIVE_INFINITY;
  // Every partial sum is a whole number of units, of at most 24 binary digits.
  if (readsBits && units <= 2n ** 24n && neuron.exponent >= -126) return 0;
  const roundings = (neuron.weights.filter((weight) => weight !== 0n).length + EXTRA_ROUNDINGS) * UNIT_ROUND_OFF;
  if (roundings >= 0.5) return Number.POSITIVE_INFINITY;
  return ((roundings / (1 - roundings)) * magnitude + (roundings / UNIT_ROUND_OFF) * LEAST_NORMAL) * ROOM;
}

/** B − lower and upper − B as doubles, infinite where a side is empty: how far z is from 0 for bit 0, and for bit 1. */
function margins({ lower, upper }: Gap, neuron: ExactNeuron): readonly [below: number, above: number] {
  const bound = literalsOf(neuron).bound * ONE;
  const exponent = neuron.exponent - 50;
  return [
    lower === null ? Number.POSITIVE_INFINITY : toDouble(bound - lower, exponent),
    upper === null ? Number.POSITIVE_INFINITY : toDouble(upper - bound, exponent),
  ];
}

/** Whether float32 rounding leaves every bit as it is. */
export function hasRoom(gap: Gap, neuron: ExactNeuron, error: number, evaluation: Evaluation): boolean {
  if (evaluation.arithmetic === "real" || evaluation.activation === "step") return true;
  const [below, above] = margins(gap, neuron);
  const [ofZero, ofOne] = neuron.sign > 0 ? [below, above] : [above, below];
  // A P that may be flushed to zero makes every value ½.
  const steepness = evaluation.steepness < LEAST_NORMAL ? 0 : evaluation.steepness;
  return ofZero >= error && (ofOne - error) * steepness >= LEAST_ARGUMENT;
}

/** The tightest bounds of ξ's values that the gap proves; without a gap, the side of ½. */
export function provedBounds(gap: Gap | null, neuron: ExactNeuron, error: number, evaluation: Evaluation): Bounds {
  const { activation, arithmetic, steepness } = evaluation;
  if (activation === "step") return { zeroUpper: 0, oneLower: 1 };
  if (gap === null) return { zeroUpper: 0.5, oneLower: 0.5 };
  const [below, above] = margins(gap, neuron);
  const [ofZero, ofOne] = neuron.sign > 0 ? [below, above] : [above, below];
  // ξ is at most ½ up to 0; no value at all stands for a bit that never occurs.
  const zero = activate(activation, -steepness * Math.max(0, ofZero - error)) + ACTIVATION_ERROR[arithmetic];
  const one = activate(activation, steepness * Math.max(0, ofOne - error)) - ACTIVATION_ERROR[arithmetic];
  return {
    zeroUpper: ofZero === Number.POSITIVE_INFINITY ? 0 : Math.min(0.5, zero),
    oneLower: ofOne === Number.POSITIVE_INFINITY ? 1 : Math.max(0.5, one),
  };
}

/** Evaluations of ξ in doubles may differ by so much. */
const EVALUATION_ERROR = 2 ** -45;
/** Bounds that are looser than so much are not what the proof gives. */
const LOOSENESS = 1e-9 + 2 ** -19;

/** @param loosest the proof's bounds with as much room for rounding as is ever left */
export function boundsComplaint(claimed: Bounds, proved: Bounds, loosest: Bounds = proved): string | null {
  const isSound =
    claimed.zeroUpper >= proved.zeroUpper - EVALUATION_ERROR && claimed.oneLower <= proved.oneLower + EVALUATION_ERROR;
  const isTight =
    claimed.zeroUpper <= loosest.zeroUpper + LOOSENESS && claimed.oneLower >= loosest.oneLower - LOOSENESS;
  if (isSound && isTight) return null;
  return `the output is proved to lie in [0, ${proved.zeroUpper}] or [${proved.oneLower}, 1]`;
}

/** Whether the claimed numbers are those of the gap, within 1e-9 of the sums' size. */
export function matchesGap(claimed: NonNullable<Claim["inequality"]>, gap: Gap, neuron: ExactNeuron): boolean {
  const own = literalsOf(neuron);
  const scale = toDouble(own.total + absolute(own.bound), neuron.exponent);
  const near = (a: number, b: number): boolean => a === b || Math.abs(a - b) <= 1e-9 * scale;
  const { lower, upper } = gapInDoubles(gap, neuron);
  return (
    near(claimed.bias, toDouble(own.bound, neuron.exponent)) && near(claimed.lower, lower) && near(claimed.upper, upper)
  );
}

export function gapInDoubles({ lower, upper }: Gap, { exponent }: ExactNeuron): { lower: number; upper: number } {
  return {
    lower: lower === null ? Number.NEGATIVE_INFINITY : toDouble(lower, exponent - 50),
    upper: upper === null ? Number.POSITIVE_INFINITY : toDouble(upper, exponent - 50),
  };
}
