/** The pictures that patterns are tried on: where the edges lie, and which bits a pixel has. */
import { levelThreshold } from "../model/level-sets.js";
import type { InputDescription } from "../model/types.js";
import type { Distances } from "./patterns.js";

const MOST_FRAMES = 2 ** 14;

/** Ways in which the edges can lie, as far as they are felt; null for too many. */
export function framesOf(
  reaches: readonly Distances[],
  { height, width }: { readonly height: number | null; readonly width: number | null },
): readonly Distances[] | null {
  const most = (side: keyof Distances): number => reaches.reduce((far, reach) => Math.max(far, reach[side]), 0);
  const rows = positionsOf(most("top"), most("bottom"), height);
  const columns = positionsOf(most("left"), most("right"), width);
  if (rows.length * columns.length > MOST_FRAMES) return null;
  return rows.flatMap(([top, bottom]) => columns.map(([left, right]) => ({ top, bottom, left, right })));
}

/** Distances to both ends of a side, each up to its reach; of a fixed side only those that occur in it. */
function positionsOf(before: number, after: number, side: number | null): readonly (readonly [number, number])[] {
  if (side === null) {
    return Array.from(
      { length: (before + 1) * (after + 1) },
      (_, index) => [Math.floor(index / (after + 1)), index % (after + 1)] as const,
    );
  }
  const found = new Map<string, readonly [number, number]>();
  for (let at = 0; at < side; at++) {
    const position = [Math.min(at, before), Math.min(side - 1 - at, after)] as const;
    found.set(position.join(), position);
  }
  return [...found.values()];
}

/** A binary channel, or the pixels of a gray one whose byte is at least `threshold`. */
export interface Plane {
  readonly channel: number;
  readonly threshold: number;
}

export type Pair = readonly [higher: number, lower: number];

/** Bits of one pixel's byte: one that reaches the higher threshold reaches the lower one. */
export function dependentBits(variables: readonly number[], planes: readonly Plane[]): readonly Pair[] {
  return variables.flatMap((higher, index) =>
    variables.flatMap((lower, other): Pair[] => {
      const [a, b] = [planes[higher % planes.length], planes[lower % planes.length]];
      const samePixel = Math.floor(higher / planes.length) === Math.floor(lower / planes.length);
      return samePixel && a?.channel === b?.channel && (a?.threshold ?? 0) > (b?.threshold ?? 0)
        ? [[index, other]]
        : [];
    }),
  );
}

export function isImpossible([higher, lower]: Pair, pattern: number): boolean {
  return ((pattern >>> higher) & ~(pattern >>> lower) & 1) === 1;
}

/** 1 for the patterns from `first` on that no picture has. */
export function impossiblePatterns(pairs: readonly Pair[], first: number, length: number): Uint8Array {
  const impossible = new Uint8Array(length);
  for (const pair of pairs) {
    for (let x = 0; x < length; x++) if (isImpossible(pair, first + x)) impossible[x] = 1;
  }
  return impossible;
}

export function planesOf({ encoding, channels }: InputDescription): readonly Plane[] {
  if (encoding.kind === "binary") return Array.from({ length: channels }, (_, channel) => ({ channel, threshold: 1 }));
  return encoding.values.flatMap((levels, channel) =>
    levels.map((_, level) => ({ channel, threshold: levelThreshold(encoding, channel, level) })),
  );
}
