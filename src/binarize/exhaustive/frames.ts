/** Where a pixel can lie in relation to the edges of the picture, as far as a value there can tell. */
import type { Reach } from "./graph.js";

/**
 * Distances from the pixel to the edges. A value of reach R depends on a distance only up to R: it is the value at pixel
 * (top, left) of a picture of (top + bottom + 1)×(left + right + 1) pixels.
 */
export interface Frame {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** Height and width of the input; null for any. */
export interface InputSize {
  readonly height: number | null;
  readonly width: number | null;
}

/** Distances to the two ends of a side, and a position in a side of that size where they occur. */
interface Position {
  readonly before: number;
  readonly after: number;
}

/** Every frame that occurs in pictures of the size, each once; null if there are more than `most`. */
export function framesOf(reach: Reach, size: InputSize, most: number): Frame[] | null {
  const rows = positions(reach.top, reach.bottom, size.height, most);
  const columns = positions(reach.left, reach.right, size.width, most);
  if (rows === null || columns === null || rows.length * columns.length > most) return null;
  return rows.flatMap(({ before: top, after: bottom }) =>
    columns.map(({ before: left, after: right }): Frame => ({ top, bottom, left, right })),
  );
}

function positions(before: number, after: number, side: number | null, most: number): Position[] | null {
  if (side === null) {
    if ((before + 1) * (after + 1) > most) return null;
    return Array.from({ length: (before + 1) * (after + 1) }, (_, index) => ({
      before: Math.floor(index / (after + 1)),
      after: index % (after + 1),
    }));
  }
  const found = new Map<string, Position>();
  for (let index = 0; index < side; index++) {
    const position = { before: Math.min(index, before), after: Math.min(side - 1 - index, after) };
    found.set(`${position.before},${position.after}`, position);
    if (found.size > most) return null;
  }
  return [...found.values()];
}

/** Side of a free picture that is as good as endless. */
const ENDLESS = 2 ** 12;

/** A frame that surely occurs, as far from every edge as any. */
export function innermostFrame(size: InputSize): Frame {
  const [height, width] = [size.height ?? 2 * ENDLESS + 1, size.width ?? 2 * ENDLESS + 1];
  const [top, left] = [Math.floor(height / 2), Math.floor(width / 2)];
  return { top, bottom: height - 1 - top, left, right: width - 1 - left };
}

/** A picture's size and pixel where the frame occurs, and where the frame's first pixel lies in it. */
export interface Placement {
  readonly height: number;
  readonly width: number;
  readonly row: number;
  readonly column: number;
  readonly firstRow: number;
  readonly firstColumn: number;
}

export function placeFrame(frame: Frame, reach: Reach, size: InputSize): Placement {
  const row = place(frame.top, frame.bottom, reach.bottom, size.height);
  const column = place(frame.left, frame.right, reach.right, size.width);
  return {
    height: row.side,
    width: column.side,
    row: row.at,
    column: column.at,
    firstRow: row.at - frame.top,
    firstColumn: column.at - frame.left,
  };
}

/** Nearest to the end where that is in reach, else nearest to the beginning. */
function place(before: number, after: number, reachAfter: number, side: number | null): { side: number; at: number } {
  if (side === null) return { side: before + after + 1, at: before };
  return { side, at: after < reachAfter ? side - 1 - after : before };
}
