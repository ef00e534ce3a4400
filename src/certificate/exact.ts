/** Exact numbers: every finite double is a whole number of units, the unit a power of two. */
import { bitLength } from "../morph/integers.js";

/** The number i is `integers[i] · 2^exponent`. */
export interface Units {
  readonly integers: readonly bigint[];
  readonly exponent: number;
}

/** The largest unit that makes all numbers whole; 1 if all are 0. The numbers are finite. */
export function toUnits(values: readonly number[]): Units {
  // Scaled by a power of two to 54 or 55 binary digits, of which a double has 53, every number is whole.
  const parts = values.map((value) => {
    if (value === 0) return { integer: 0n, exponent: Number.POSITIVE_INFINITY };
    const digits = 53 - Math.floor(Math.log2(Math.abs(value)));
    // In two steps: the power of two alone may be no double.
    const half = Math.trunc(digits / 2);
    return { integer: BigInt(value * 2 ** half * 2 ** (digits - half)), exponent: -digits };
  });
  const least = parts.reduce((smallest, { exponent }) => Math.min(smallest, exponent), Number.POSITIVE_INFINITY);
  if (least === Number.POSITIVE_INFINITY) return { integers: values.map(() => 0n), exponent: 0 };
  const integers = parts.map(({ integer, exponent }) => (integer === 0n ? 0n : integer << BigInt(exponent - least)));
  const union = integers.reduce((all, each) => all | absolute(each), 0n);
  const zeros = bitLength(union & -union) - 1;
  return { integers: integers.map((each) => each >> BigInt(zeros)), exponent: least + zeros };
}

/** The nearest double, but for the last bit; infinite beyond their range. */
export function toDouble(integer: bigint, exponent: number): number {
  const dropped = Math.max(0, bitLength(integer) - 64);
  const scale = exponent + dropped;
  const half = Math.trunc(scale / 2);
  return Number(integer >> BigInt(dropped)) * 2 ** half * 2 ** (scale - half);
}

export function absolute(integer: bigint): bigint {
  return integer < 0n ? -integer : integer;
}
