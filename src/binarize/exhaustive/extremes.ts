/** The patterns at which a bit is nearest to being wrong. */

/** Largest float sum where the bit is 0 and smallest where it is 1, with their patterns; infinite where there is none. */
export interface Extremes {
  zeroSum: number;
  zeroPattern: number;
  oneSum: number;
  onePattern: number;
}

export function noExtremes(): Extremes {
  return { zeroSum: Number.NEGATIVE_INFINITY, zeroPattern: 0, oneSum: Number.POSITIVE_INFINITY, onePattern: 0 };
}

/**
 * Updates the extremes from a block of patterns from `first` on. The bit is 1 where `bits` is positive; patterns whose `impossible`
 * is positive do not count.
 * @returns whether they changed
 */
export function updateExtremes(
  extremes: Extremes,
  sums: Float64Array,
  bits: Float64Array,
  impossible: Float64Array | null,
  first: number,
): boolean {
  let { zeroSum, zeroPattern, oneSum, onePattern } = extremes;
  for (let x = 0; x < sums.length; x++) {
    const sum = sums[x] ?? 0;
    if ((bits[x] ?? 0) > 0) {
      if (sum < oneSum && (impossible === null || !((impossible[x] ?? 0) > 0))) {
        oneSum = sum;
        onePattern = first + x;
      }
    } else if (sum > zeroSum && (impossible === null || !((impossible[x] ?? 0) > 0))) {
      zeroSum = sum;
      zeroPattern = first + x;
    }
  }
  const changed = zeroSum !== extremes.zeroSum || oneSum !== extremes.oneSum;
  Object.assign(extremes, { zeroSum, zeroPattern, oneSum, onePattern });
  return changed;
}

/** The first pattern that can occur and whose sum is not known (NaN), or null. */
export function firstUnknown(sums: Float64Array, impossible: Float64Array | null, first: number): number | null {
  for (let x = 0; x < sums.length; x++) {
    if (Number.isNaN(sums[x]) && (impossible === null || !((impossible[x] ?? 0) > 0))) return first + x;
  }
  return null;
}
