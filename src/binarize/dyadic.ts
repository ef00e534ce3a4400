/** Exact arithmetic on floating-point numbers: every finite double is an integer times a power of two. */
import { InternalError } from "../diagnostics.js";
import { floorDivide } from "../morph/integers.js";

/**
 * The exact number `mantissa · 2^exponent`, and the double `approximation` within a relative 2^-50 of it (below the
 * normal doubles within their least one; infinite above them).
 */
export interface Dyadic {
  readonly mantissa: bigint;
  readonly exponent: number;
  readonly approximation: number;
}

/** A product of two doubles. */
export type Product = readonly [number, number];

const view = new DataView(new ArrayBuffer(8));

/** The double as an odd integer times a power of two; 0 is 0 · 2^0. */
export function dyadic(value: number): Dyadic {
  if (!Number.isFinite(value)) throw new InternalError(`not finite: ${value}`);
  if (value === 0) return { mantissa: 0n, exponent: 0, approximation: 0 };
  view.setFloat64(0, value);
  const [high, low] = [view.getUint32(0), view.getUint32(4)];
  const biased = (high >>> 20) & 0x7ff;
  const upper = (high & 0xf_ffff) | (biased === 0 ? 0 : 0x10_0000);
  const zeros = low === 0 ? 32 + trailingZeros(upper) : trailingZeros(low);
  // At most 53 bits, and the division by a power of two is exact.
  const mantissa = BigInt((upper * 2 ** 32 + low) / 2 ** zeros);
  const exponent = (biased === 0 ? 1 : biased) - 1075 + zeros;
  return { mantissa: value < 0 ? -mantissa : mantissa, exponent, approximation: value };
}

/** Of 32 bits that are not all zero. */
function trailingZeros(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

/** Integers with `values[i] = integers[i] · 2^exponent`, at the largest exponent that makes all of them integers. */
export function scaleToIntegers(values: readonly (number | Dyadic)[]): {
  readonly integers: readonly bigint[];
  readonly exponent: number;
} {
  const parts = values.map((value) => (typeof value === "number" ? dyadic(value) : value));
  const exponent = leastExponent(parts);
  return { integers: parts.map((part) => atExponent(part, exponent)), exponent };
}

/** The product, exactly. */
export function multiplyDyadic(left: Dyadic, right: Dyadic): Dyadic {
  const mantissa = left.mantissa * right.mantissa;
  const exponent = left.exponent + right.exponent;
  return { mantissa, exponent, approximation: toNumber(mantissa, exponent) };
}

/** Σ a·b, exactly. */
export function sumOfProducts(products: Iterable<Product>): Dyadic {
  const terms: Dyadic[] = [];
  for (const [a, b] of products) {
    const [x, y] = [dyadic(a), dyadic(b)];
    terms.push({ mantissa: x.mantissa * y.mantissa, exponent: x.exponent + y.exponent, approximation: 0 });
  }
  return sumOf(terms);
}

/** The sum, exactly. */
export function sumOf(terms: readonly Dyadic[]): Dyadic {
  const exponent = leastExponent(terms);
  const mantissa = terms.reduce((total, term) => total + atExponent(term, exponent), 0n);
  return { mantissa, exponent, approximation: toNumber(mantissa, exponent) };
}

export function subtractDyadic(left: Dyadic, right: Dyadic): Dyadic {
  const exponent = leastExponent([left, right]);
  const mantissa = atExponent(left, exponent) - atExponent(right, exponent);
  return { mantissa, exponent, approximation: toNumber(mantissa, exponent) };
}

/** Sign of the exact difference `Σ a·b − right`: −1, 0 or 1. Decided in doubles where they are far enough apart. */
export function compareProducts(products: readonly Product[], right: Dyadic): -1 | 0 | 1 {
  let sum = 0;
  let magnitude = Math.abs(right.approximation);
  for (const [a, b] of products) {
    sum += a * b;
    magnitude += Math.abs(a * b);
  }
  // n + 1 products and as many sums, each off by at most a relative 2^-53; doubled twice for the error of the bound.
  // A product below the normal doubles is off by at most the least one instead.
  const error = (products.length + 8) * (2 ** -50 * magnitude + Number.MIN_VALUE);
  const difference = sum - right.approximation;
  if (difference > error) return 1;
  if (difference < -error) return -1;
  const exact = subtractDyadic(sumOfProducts(products), right).mantissa;
  if (exact === 0n) return 0;
  return exact > 0n ? 1 : -1;
}

/** Greatest common divisor of the absolute values; 0 for none. */
export function greatestCommonDivisor(integers: readonly bigint[]): bigint {
  let divisor = 0n;
  for (const integer of integers) {
    let [a, b] = [divisor, integer < 0n ? -integer : integer];
    while (b !== 0n) [a, b] = [b, a % b];
    divisor = a;
    if (divisor === 1n) break;
  }
  return divisor;
}

/** ⌊value / 2^exponent⌋ */
export function floorToUnit({ mantissa, exponent: own }: Dyadic, exponent: number): bigint {
  return own >= exponent ? mantissa << BigInt(own - exponent) : floorDivide(mantissa, 1n << BigInt(exponent - own));
}

function leastExponent(parts: readonly Dyadic[]): number {
  let least: number | null = null;
  for (const part of parts) {
    if (part.mantissa !== 0n && (least === null || part.exponent < least)) least = part.exponent;
  }
  return least ?? 0;
}

function atExponent(part: Dyadic, exponent: number): bigint {
  return part.mantissa === 0n ? 0n : part.mantissa << BigInt(part.exponent - exponent);
}

/** Nearest double from the leading 64 bits. */
function toNumber(mantissa: bigint, exponent: number): number {
  const magnitude = mantissa < 0n ? -mantissa : mantissa;
  const excess = Math.max(0, magnitude.toString(16).length * 4 - 64);
  const leading = Number(magnitude >> BigInt(excess));
  // In two steps, as the power of two alone may lie beyond a double's range.
  const scale = excess + exponent;
  const half = Math.trunc(scale / 2);
  return (mantissa < 0n ? -1 : 1) * leading * 2 ** half * 2 ** (scale - half);
}
