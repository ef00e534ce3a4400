/** Statistics of binary pictures, to compare drawn with recorded ones. */

export interface Moments {
  readonly mean: number;
  readonly deviation: number;
  /** Standard error of the mean. */
  readonly error: number;
}

export function moments(values: readonly number[]): Moments {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, deviation: Math.sqrt(variance), error: Math.sqrt(variance / values.length) };
}

export function density(pixels: Uint8Array): number {
  return pixels.reduce((sum, pixel) => sum + pixel, 0) / pixels.length;
}

/** Unequal neighbours, in rows and in columns. */
export function transitions(pixels: Uint8Array, width: number): number {
  let count = 0;
  pixels.forEach((pixel, index) => {
    if ((index + 1) % width !== 0 && pixel !== pixels[index + 1]) count++;
    if (index + width < pixels.length && pixel !== pixels[index + width]) count++;
  });
  return count;
}

/** 4-connected regions of one value, of both values. */
export function regions(pixels: Uint8Array, width: number): number {
  const seen = new Uint8Array(pixels.length);
  let count = 0;
  for (let start = 0; start < pixels.length; start++) {
    if (seen[start] === 1) continue;
    count++;
    seen[start] = 1;
    for (const stack = [start]; stack.length > 0; ) {
      const at = stack.pop() ?? 0;
      const neighbours = [at - width, at + width];
      if (at % width > 0) neighbours.push(at - 1);
      if (at % width < width - 1) neighbours.push(at + 1);
      for (const next of neighbours) {
        if (pixels[next] !== pixels[at] || seen[next] === 1) continue;
        seen[next] = 1;
        stack.push(next);
      }
    }
  }
  return count;
}

/** Lengths of the runs of ones in rows, or in columns, that the frame does not cut, from the fifth pixel on. */
export function runLengths(pixels: Uint8Array, side: number, inRows: boolean): number[] {
  const at = (line: number, place: number): number => pixels[inRows ? line * side + place : place * side + line] ?? 0;
  const lengths: number[] = [];
  for (let line = 0; line < side; line++) {
    for (let start = 1; start < side; start++) {
      if (at(line, start) === 0 || at(line, start - 1) === 1) continue;
      let end = start;
      while (end < side && at(line, end) === 1) end++;
      if (end < side && end - start >= 5) lengths.push(end - start);
    }
  }
  return lengths;
}
