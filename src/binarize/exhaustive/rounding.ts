/**
 * How far sums may be off. A sum of n products in floating point, in any order, is off by at most γ_m · Σ|W_i x_i|,
 * γ_m = m·u / (1 − m·u), with m roundings on the way of each term (Higham, Accuracy and Stability of Numerical Algorithms,
 * section 3.1). Values are at most 1. Of an implementation of ξ it is assumed that it is right within
 * {@link ACTIVATION_ERROR}, at most ½ for arguments up to 0, and above ½ from {@link LEAST_ARGUMENT} on.
 */
import { compareProducts, dyadic, type Product, scaleToIntegers, subtractDyadic, sumOfProducts } from "../dyadic.js";
import type { Arithmetic } from "../report.js";
import { type ExactSum, NO_ERROR, type SumError } from "./graph.js";

/** Absolute error of ξ that is allowed for: of float32 implementations, or of the doubles that it is computed in here. */
export const ACTIVATION_ERROR: Readonly<Record<Arithmetic, number>> = { float32: 2 ** -20 + 2 ** -40, real: 2 ** -40 };

/** The least |P·z| at which ξ is taken to be above ½ in float32: the least slope at 0, ¼, lifts ½ by 2^-22, four of its units. */
export const LEAST_ARGUMENT = 2 ** -20;

/** Unit round-offs. */
const SINGLE = { unit: 2 ** -24, digits: 24 };
const DOUBLE = { unit: 2 ** -53, digits: 53 };

/** Least exponent of a float32 that is not flushed to zero, as a product or a sum. */
const LEAST_EXPONENT = -126;
/** At half the greatest float32 a sum might overflow. */
const OVERFLOW = 2 ** 127;

/** A term's product, the bias, P and the additions: one rounding each besides those of the other terms. */
const EXTRA_ROUNDINGS = 2;
/** Sums are taken here in parts, and equal terms put together first. */
const EXTRA_DOUBLE_ROUNDINGS = 8;

/**
 * What the sum `Σ W·x + constant` in doubles, of values up to 1, may be off.
 * @param readsBits the values are bits, and right: the sum can be exact, and where it is not it can be had exactly
 */
export function neuronRounding(
  weights: readonly number[],
  constant: number,
  readsBits: boolean,
  arithmetic: Arithmetic,
): { readonly error: SumError; readonly exact: ExactSum | null } {
  const magnitude = weights.reduce((sum, weight) => sum + Math.abs(weight), Math.abs(constant));
  if (weights.length === 0 && magnitude === 0) return { error: NO_ERROR, exact: null };
  const digits = readsBits ? digitsOf(weights, constant) : Number.POSITIVE_INFINITY;
  const inDoubles =
    digits <= DOUBLE.digits ? 0 : relativeError(weights.length + EXTRA_DOUBLE_ROUNDINGS, DOUBLE.unit) * magnitude;
  if (arithmetic === "real") {
    const exact = readsBits && inDoubles > 0 ? exactSum(weights, constant, inDoubles) : null;
    return { error: { sign: readsBits ? 0 : inDoubles, value: inDoubles }, exact };
  }
  const count = weights.length + EXTRA_ROUNDINGS;
  const inSingles =
    magnitude >= OVERFLOW
      ? Number.POSITIVE_INFINITY
      : relativeError(count, SINGLE.unit) * magnitude + 2 * count * 2 ** LEAST_EXPONENT;
  // Even an exact sum is rounded once more, by P.
  const value = inSingles + inDoubles;
  const isExact = digits <= SINGLE.digits && magnitude < OVERFLOW;
  return { error: { sign: isExact ? 0 : value, value }, exact: null };
}

/** γ, with room for the rounding of what it is multiplied by, and for values a little above 1. */
function relativeError(roundings: number, unit: number): number {
  const part = roundings * unit;
  return part >= 0.5 ? Number.POSITIVE_INFINITY : (part / (1 - part)) * (1 + 2 ** -18);
}

/** Binary digits that hold every partial sum, over a common unit; infinite where that unit might be flushed to zero. */
function digitsOf(weights: readonly number[], constant: number): number {
  const { integers, exponent } = scaleToIntegers([...weights, constant]);
  if (exponent < LEAST_EXPONENT) return Number.POSITIVE_INFINITY;
  const total = integers.reduce((sum, each) => sum + (each < 0n ? -each : each), 0n);
  return (total - 1n).toString(2).length;
}

function exactSum(weights: readonly number[], constant: number, within: number): ExactSum {
  return {
    within,
    evaluate: (values) => {
      const products = weights.map((weight, index): Product => [weight, values[index] ?? 0]);
      const bound = dyadic(-constant);
      if (compareProducts(products, bound) === 0) return 0;
      return subtractDyadic(sumOfProducts(products), bound).approximation;
    },
  };
}
