/** A curve in one line of text. */

const BLOCKS = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/**
 * At most `width` columns from the least value, ▁, to the greatest, █; where there are more values, each column is the
 * mean of its share of them. Values that are not finite count for nothing, and a column without others is blank; a
 * constant curve is ▄ throughout.
 */
export function sparkline(values: readonly number[], width: number): string {
  const count = Math.min(Math.max(Math.floor(width), 0), values.length);
  const columns = Array.from({ length: count }, (_, column) => {
    const from = Math.floor((column * values.length) / count);
    const to = Math.floor(((column + 1) * values.length) / count);
    return meanOf(values.slice(from, to));
  });
  const known = columns.filter((column) => column !== null);
  // Halves, as the difference of two finite numbers need not be finite.
  const least = known.reduce((found, column) => Math.min(found, column / 2), Number.POSITIVE_INFINITY);
  const greatest = known.reduce((found, column) => Math.max(found, column / 2), Number.NEGATIVE_INFINITY);
  return columns
    .map((column) => {
      if (column === null) return " ";
      if (least === greatest) return "▄";
      return BLOCKS[Math.round(((column / 2 - least) / (greatest - least)) * (BLOCKS.length - 1))] ?? " ";
    })
    .join("");
}

function meanOf(values: readonly number[]): number | null {
  const known = values.filter(Number.isFinite);
  return known.length === 0 ? null : known.reduce((mean, value) => mean + value / known.length, 0);
}
