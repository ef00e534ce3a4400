/** From a pattern of a frame's bits to a picture that shows it. */
import type { InputDescription } from "../../model/types.js";
import { buildBitImage } from "../../morph/bit-image.js";
import type { Picture } from "../../morph/picture.js";
import { bitPlace, type InputBit } from "./cells.js";
import { type Frame, type InputSize, placeFrame } from "./frames.js";
import type { Reach } from "./graph.js";
import type { Plane } from "./planes.js";

export interface Witness {
  readonly picture: Picture;
  /** The pixel at which the bit is asked for. */
  readonly row: number;
  readonly column: number;
}

export interface Setting {
  readonly frame: Frame;
  readonly reach: Reach;
  readonly size: InputSize;
  readonly planes: readonly Plane[];
  readonly input: InputDescription;
  /** Bit i of a pattern. */
  readonly bits: readonly InputBit[];
}

/** Pixels that the pattern does not name are 0. A gray pixel is the greatest threshold of the level sets that it is in. */
export function witnessOf(setting: Setting, pattern: number): Witness {
  const { frame, reach, size, planes, input, bits } = setting;
  const { height, width, row, column, firstRow, firstColumn } = placeFrame(frame, reach, size);
  const samples = Array.from({ length: input.channels }, () => new Uint8Array(height * width));
  bits.forEach((bit, index) => {
    if (((pattern >>> index) & 1) === 0) return;
    const place = bitPlace(bit, frame);
    const plane = planes[place.plane];
    const channel = plane === undefined ? undefined : samples[plane.channel];
    if (plane === undefined || channel === undefined) return;
    const at = (firstRow + place.row) * width + firstColumn + place.column;
    channel[at] = Math.max(channel[at] ?? 0, plane.threshold ?? 1);
  });
  const picture: Picture =
    input.encoding.kind === "level-sets"
      ? { kind: "bytes", height, width, channels: samples }
      : {
          kind: "bits",
          height,
          width,
          channels: samples.map((bytes) => buildBitImage(height, width, (r, c) => bytes[r * width + c] === 1)),
        };
  return { picture, row, column };
}

/** Pairs of places in `bits` of the same pixel, of which the second, the higher level, cannot be set without the first. */
export function levelPairs(
  bits: readonly InputBit[],
  frame: Frame,
  planes: readonly Plane[],
): readonly (readonly [number, number])[] {
  const pixels = new Map<string, { readonly threshold: number; readonly index: number }[]>();
  bits.forEach((bit, index) => {
    const { row, column, plane } = bitPlace(bit, frame);
    const { channel, threshold } = planes[plane] ?? { channel: 0, threshold: null };
    if (threshold === null) return;
    const key = `${row},${column},${channel}`;
    pixels.set(key, [...(pixels.get(key) ?? []), { threshold, index }]);
  });
  return [...pixels.values()].flatMap((levels) => {
    const ascending = levels.sort((first, second) => first.threshold - second.threshold);
    return ascending.slice(1).map((level, below) => [ascending[below]?.index ?? 0, level.index] as const);
  });
}
