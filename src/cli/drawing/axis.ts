/** Scales of drawings, and where their ticks and labels are. */

export interface Range {
  readonly least: number;
  readonly greatest: number;
}

export interface Axis {
  /** Share of the way along the axis, 0 … 1. */
  readonly place: (value: number) => number;
  readonly ticks: readonly { readonly value: number; readonly text: string }[];
}

/** Of the finite values; null if there are none. */
export function rangeOf(values: readonly number[]): Range | null {
  const known = values.filter(Number.isFinite);
  const [first] = known;
  if (first === undefined) return null;
  return known.reduce<Range>(
    ({ least, greatest }, value) => ({ least: Math.min(least, value), greatest: Math.max(greatest, value) }),
    { least: first, greatest: first },
  );
}

export function linearAxis(range: Range, step: number): Axis {
  const { least, greatest } = range;
  const decimals = Math.max(-Math.floor(Math.log10(step) + 1e-9), 0);
  return {
    place: (value) => (value - least) / (greatest - least),
    ticks: multiplesOf(step, range).map((value) => ({ value, text: value.toFixed(decimals) })),
  };
}

/** Around the positive values; others lie at its beginning. */
export function logarithmicAxis(values: readonly number[]): Axis {
  const exponents = rangeOf(values.filter((value) => value > 0).map(Math.log10)) ?? { least: -1, greatest: 0 };
  const span = exponents.greatest - exponents.least;
  const margin = Math.max(0.04 * span, (0.1 - span) / 2);
  const [from, to] = [exponents.least - margin, exponents.greatest + margin];
  const decades = multiplesOf(Math.max(roundStep((to - from) / 7), 1), { least: from, greatest: to });
  const range = { least: 10 ** from, greatest: 10 ** to };
  const candidates = [
    decades.map((exponent) => Number(`1e${exponent}`)),
    multiplesOf(1, { least: Math.floor(from), greatest: to }).flatMap((exponent) =>
      [1, 2, 5].map((digit) => Number(`${digit}e${exponent}`)),
    ),
    multiplesOf(roundStep((range.greatest - range.least) / 5), range),
  ].map((ticks) => ticks.filter((value) => value >= range.least && value <= range.greatest));
  const ticks = candidates.find(({ length }) => length >= 3) ?? [];
  return {
    place: (value) => (value > 0 ? (Math.log10(value) - from) / (to - from) : 0),
    ticks: ticks.map((value) => ({ value, text: numberText(value) })),
  };
}

/** 1, 2 or 5 times a power of ten, from `least` up. */
export function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((digit) => digit * power >= least * (1 - 1e-9)) ?? 10);
}

/** Without the rounding errors of the products; none at the ends of what doubles can hold. */
function multiplesOf(step: number, { least, greatest }: Range): number[] {
  if (!Number.isFinite(step) || step <= 0) return [];
  const first = Math.ceil(least / step - 1e-9);
  const count = Math.floor(greatest / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

export function numberText(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-4 || size >= 1e7) ? value.toExponential().replace("e+", "e") : String(value);
}

/** Pixels. */
const LABEL_HEIGHT = 16;

/** Moves labels, topmost first, as far apart as they are high, and back into the panel. */
export function spread(wanted: readonly number[], { least, greatest }: Range): number[] {
  const heights = [...wanted];
  for (const [index, height] of heights.entries()) {
    const above = index === 0 ? least : (heights[index - 1] ?? least) + LABEL_HEIGHT;
    heights[index] = Math.max(height, above);
  }
  for (let index = heights.length - 1; index >= 0; index--) {
    const below = index === heights.length - 1 ? greatest : (heights[index + 1] ?? greatest) - LABEL_HEIGHT;
    heights[index] = Math.min(heights[index] ?? below, below);
  }
  return heights;
}
