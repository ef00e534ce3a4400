/**
 * What is assumed of a float32 evaluation of the network. A sum of n products in floating point, in any order, is off by at most
 * γ_m · Σ|W_i x_i|, γ_m = m·u / (1 − m·u), with m roundings on the way of each term (Higham, Accuracy and Stability of Numerical
 * Algorithms, section 3.1). An implementation of ξ is right within {@link ACTIVATION_ERROR}, at most ½ for arguments up to 0, above
 * ½ from {@link LEAST_ARGUMENT} on, and at most 1. Numbers below the least normal one may be flushed to zero.
 */
import type { Arithmetic } from "./report.js";

/** Unit round-offs and binary digits of significands. */
export const SINGLE = { unit: 2 ** -24, digits: 24 } as const;
export const DOUBLE = { unit: 2 ** -53, digits: 53 } as const;

/** Roundings on the way of a term besides the additions of the others: its product, the bias, P. */
export const EXTRA_ROUNDINGS = 3;

/** Absolute error of ξ that is allowed for: of float32 implementations, or of the doubles that it is computed in here. */
export const ACTIVATION_ERROR: Readonly<Record<Arithmetic, number>> = { float32: 2 ** -20 + 2 ** -40, real: 2 ** -40 };

/** The least |P·z| at which ξ is above ½ in float32: the least slope at 0, ¼, lifts ½ by 2^-22, four of its units. */
export const LEAST_ARGUMENT = 2 ** -20;

/** Least exponent of a float32 that is not flushed to zero, as a product, a sum or P. */
export const LEAST_EXPONENT = -126;

/** At half the greatest float32 a sum might overflow. */
export const OVERFLOW = 2 ** 127;

/** γ, with room for the rounding of what it is multiplied by; infinite for too many roundings. */
export function relativeError(roundings: number, unit: number): number {
  const part = roundings * unit;
  return part >= 0.5 ? Number.POSITIVE_INFINITY : (part / (1 - part)) * (1 + 2 ** -18);
}

/** Error of a float32 sum of `terms` products, of absolute values that add up to `magnitude` with the bias. */
export function float32SumError(terms: number, magnitude: number): number {
  if (magnitude >= OVERFLOW) return Number.POSITIVE_INFINITY;
  const count = terms + EXTRA_ROUNDINGS;
  return relativeError(count, SINGLE.unit) * magnitude + 2 * count * 2 ** LEAST_EXPONENT;
}

/** Grid of the bounds of values: coarse enough that 1 − v is exact, fine enough to lose nothing that matters. */
const BOUNDS_GRID = 2 ** 50;

export function roundBoundUp(value: number): number {
  return Math.ceil(value * BOUNDS_GRID) / BOUNDS_GRID;
}

export function roundBoundDown(value: number): number {
  return Math.floor(value * BOUNDS_GRID) / BOUNDS_GRID;
}
