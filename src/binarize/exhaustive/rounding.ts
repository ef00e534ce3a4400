/** How far the sums of float neurons may be off, in float32 (see float32.ts) and in the doubles that they are taken in here. */
import { compareProducts, dyadic, type Product, scaleToIntegers, subtractDyadic, sumOfProducts } from "../dyadic.js";
import { DOUBLE, float32SumError, LEAST_EXPONENT, OVERFLOW, relativeError, SINGLE } from "../float32.js";
import type { Arithmetic } from "../report.js";
import { type ExactSum, NO_ERROR, type SumError } from "./graph.js";

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
  const inSingles = float32SumError(weights.length, magnitude);
  // Even an exact sum is rounded once more, by P.
  const value = inSingles + inDoubles;
  const isExact = digits <= SINGLE.digits && magnitude < OVERFLOW;
  return { error: { sign: isExact ? 0 : value, value }, exact: null };
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
