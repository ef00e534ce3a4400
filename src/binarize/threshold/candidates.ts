/** Candidate small weights: given ones in some unit, rounded. */

/** Weights become `⌊scale·weight + offset⌋`. */
export interface Rounding {
  readonly scale: number;
  readonly offset: number;
}

/** Every multiple of the largest weight's reciprocal up to this one is tried, then only a geometric series. */
const MOST_STEPS = 64;
/** Multiples of the other units. */
const MOST_UNIT_STEPS = 4;
const GROWTH = 1.5;
/** Largest weights up to which other roundings than to the nearest are tried. */
const MOST_OFFSET = 4;
const OFFSETS = [0.5, 0.75, 0.25];

/**
 * Relative to the largest weight: remainders of nearly common multiples. Of float32 multiples up to q, Euclid's algorithm
 * leaves 2·q²·2^-24 units.
 */
const UNIT_TOLERANCE = 2 ** -14;

/**
 * Roundings of ascending scale, to sums of about `leastTotal` (exclusive) to `mostTotal`: the largest weight, the mean, some quantiles become k, or
 * the unit of which all weights are nearly multiples becomes 1.
 */
export function roundings(weights: Float64Array, leastTotal: number, mostTotal: number): Rounding[] {
  const ascending = weights.slice().sort();
  const largest = ascending.at(-1) ?? 0;
  const sum = ascending.reduce((total, weight) => total + weight, 0);
  if (largest <= 0) return [];
  const [leastScale, mostScale] = [leastTotal / sum, mostTotal / sum];
  const scales = new Set<number>();
  for (let step = 1; step <= MOST_STEPS; step++) scales.add(step / largest);
  for (let step = MOST_STEPS * GROWTH; step / largest <= mostScale; step *= GROWTH) scales.add(step / largest);
  const units = [sum / weights.length, ...[0.02, 0.25, 0.5, 0.75].map((part) => quantile(ascending, part))];
  for (const unit of units) {
    for (let step = 1; step <= MOST_UNIT_STEPS; step++) scales.add(step / unit);
  }
  const common = commonUnit(ascending);
  if (common !== null) scales.add(1 / common);
  return [...scales]
    .filter((scale) => scale > leastScale && scale <= mostScale)
    .sort((a, b) => a - b)
    .flatMap((scale) =>
      (scale * largest <= MOST_OFFSET ? OFFSETS : [0.5]).map((offset): Rounding => ({ scale, offset })),
    );
}

/** In place of `out`. @returns the sum */
export function round(weights: Float64Array, { scale, offset }: Rounding, out: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < weights.length; index++) {
    const rounded = Math.floor(scale * (weights[index] ?? 0) + offset);
    out[index] = rounded;
    sum += rounded;
  }
  return sum;
}

function quantile(ascending: Float64Array, part: number): number {
  return ascending[Math.floor(part * (ascending.length - 1))] ?? 1;
}

/**
 * A unit of which every weight is nearly an integer multiple, by Euclid's algorithm with nearest remainders; null for
 * generic weights, whose common divisor falls below the tolerance. Each weight makes the unit more precise.
 */
function commonUnit(ascending: Float64Array): number | null {
  const largest = ascending.at(-1) ?? 0;
  const tolerance = largest * UNIT_TOLERANCE;
  let unit = largest;
  for (let index = ascending.length - 1; index >= 0; index--) {
    const weight = ascending[index] ?? 0;
    // Negligible weights are multiples of anything, with a factor of 0.
    if (weight <= tolerance) break;
    let [a, b] = [weight, unit];
    while (b > tolerance) [a, b] = [b, Math.abs(a - Math.round(a / b) * b)];
    if (a < tolerance * 4) return null;
    // The remainders have lost digits: take the unit from the largest weight.
    unit = largest / Math.round(largest / a);
  }
  return unit;
}
