/** Exact numbers for the tests, made without the compiler's own arithmetic. */

/** x · 2^1074, a whole number for every finite double. */
export function leastUnits(x: number): bigint {
  let whole = x;
  let doublings = 0;
  while (!Number.isInteger(whole)) {
    whole *= 2;
    doublings++;
  }
  return BigInt(whole) << BigInt(1074 - doublings);
}

/** Sum of the values at the set bits of every pattern: entry p of 2^n. */
export function subsetSums(values: readonly bigint[]): bigint[] {
  const sums = [0n];
  for (const value of values) sums.push(...sums.map((sum) => sum + value));
  return sums;
}

export function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** Euclid's algorithm by remainders, of the absolute values. */
export function commonDivisor(values: readonly bigint[]): bigint {
  return values.map(absolute).reduce((left, right) => {
    let [a, b] = [left, right];
    while (b !== 0n) [a, b] = [b, a % b];
    return a;
  }, 0n);
}

/** Numbers 0 … 2^32 − 1 that look random, the same ones for a seed. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  };
}
