/** Threshold functions of the tests, and their truth by enumeration in exact integers. */
import * as fc from "fast-check";
import type { PositiveThreshold, SmallThreshold } from "../../../src/binarize/threshold/positive-threshold.js";
import { createRandom, type Random } from "../../../src/morph/random.js";
import { leastUnits, subsetSums } from "../exact-numbers.js";

export function total(weights: readonly bigint[]): bigint {
  return weights.reduce((sum, weight) => sum + weight, 0n);
}

/** Float32 weights as integers in units of 2^-149, and less where all are multiples of a larger power of two. */
export function exactOf(weights: readonly number[], bias: number): PositiveThreshold {
  const all = [...weights, bias].map((value) => leastUnits(Math.fround(value)));
  let shift = 0n;
  while (shift < 1074n && all.every((value) => ((value >> shift) & 1n) === 0n)) shift++;
  const integers = all.map((value) => value >> shift);
  return { weights: integers.slice(0, -1), bound: integers.at(-1)! };
}

/** The bit of every pattern. */
export function truth({ weights, bound }: PositiveThreshold): boolean[] {
  return subsetSums(weights).map((sum) => sum > bound);
}

export function smallTruth({ weights, bound }: SmallThreshold): boolean[] {
  return truth({ weights: weights.map(BigInt), bound: BigInt(bound) });
}

/** The largest sum that is false and the smallest that is true. */
export function gapOf({ weights, bound }: PositiveThreshold): { falseMost: bigint | null; trueLeast: bigint | null } {
  let falseMost: bigint | null = null;
  let trueLeast: bigint | null = null;
  for (const sum of subsetSums(weights)) {
    if (sum <= bound && (falseMost === null || sum > falseMost)) falseMost = sum;
    if (sum > bound && (trueLeast === null || sum < trueLeast)) trueLeast = sum;
  }
  return { falseMost, trueLeast };
}

/** Positive weights of up to `bits` bits, with a bound anywhere, often a sum of some of the weights or next to one. */
export function arbitraryThreshold(mostInputs: number, bits: number): fc.Arbitrary<PositiveThreshold> {
  return fc
    .record({
      weights: fc.array(fc.bigInt({ min: 1n, max: (1n << BigInt(bits)) - 1n }), {
        minLength: 1,
        maxLength: mostInputs,
      }),
      pattern: fc.nat(),
      offset: fc.constantFrom(-1n, 0n, 1n),
      part: fc.integer({ min: -50, max: 1050 }),
      onSum: fc.boolean(),
    })
    .map(({ weights, pattern, offset, part, onSum }) => ({
      weights,
      bound: onSum
        ? total(weights.filter((_, index) => ((pattern >> index) & 1) === 1)) + offset
        : (total(weights) * BigInt(part)) / 1000n,
    }));
}

/**
 * Looks for a pattern on which the two functions differ: patterns of growing size in random order, then exchanges that bring
 * the exact sum nearer to the bound from either side.
 * @returns such a pattern, or null
 */
export function attack(
  exact: PositiveThreshold,
  found: SmallThreshold,
  seed: number,
  rounds: number,
): boolean[] | null {
  const random = createRandom(seed);
  const inputs = exact.weights.length;
  const bits = Array.from({ length: inputs }, () => false);
  let sum = 0n;
  let small = 0;
  const flip = (input: number): void => {
    const sign = bits[input] ? -1 : 1;
    bits[input] = !bits[input];
    sum += BigInt(sign) * exact.weights[input]!;
    small += sign * found.weights[input]!;
  };
  const differs = (): boolean => sum > exact.bound !== small > found.bound;
  const distance = (): bigint => (sum > exact.bound ? sum - exact.bound : exact.bound - sum);
  for (let round = 0; round < rounds; round++) {
    for (let input = 0; input < inputs; input++) if (bits[input]) flip(input);
    for (const input of shuffled(inputs, random)) {
      if (differs()) return bits;
      if (sum > exact.bound && round % 2 === 0) break;
      if (round % 2 === 0 || sum + exact.weights[input]! <= exact.bound) flip(input);
    }
    for (let step = 0; step < 4 * inputs; step++) {
      const before = distance();
      const [first, second] = [random.below(inputs), random.below(inputs)];
      flip(first);
      if (differs()) return bits;
      if (first !== second) flip(second);
      if (differs()) return bits;
      if (distance() > before) {
        if (first !== second) flip(second);
        flip(first);
      }
    }
  }
  return null;
}

function shuffled(length: number, random: Random): number[] {
  const order = Array.from({ length }, (_, index) => index);
  for (let last = length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}
