/** Integers of any length. */

/** Binary digits of the absolute value; 0 for 0. A BigInt has no such operation: its hexadecimal text is the quickest. */
export function bitLength(value: bigint): number {
  if (value === 0n) return 0;
  const digits = (value < 0n ? -value : value).toString(16);
  return 4 * digits.length - (Math.clz32(Number.parseInt(digits.charAt(0), 16)) - 28);
}

/** Ones among the binary digits of the absolute value. */
export function countSetBits(value: bigint): number {
  let count = 0;
  for (let rest = value < 0n ? -value : value; rest > 0n; rest >>= 32n) {
    let word = Number(rest & 0xffff_ffffn) | 0;
    word -= (word >>> 1) & 0x5555_5555;
    word = (word & 0x3333_3333) + ((word >>> 2) & 0x3333_3333);
    word = (word + (word >>> 4)) & 0x0f0f_0f0f;
    count += Math.imul(word, 0x0101_0101) >>> 24;
  }
  return count;
}

export function sumOfIntegers(integers: readonly bigint[]): bigint {
  return integers.reduce((sum, each) => sum + each, 0n);
}

/** ⌊dividend / divisor⌋ for a positive divisor. */
export function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend % divisor < 0n ? quotient - 1n : quotient;
}
