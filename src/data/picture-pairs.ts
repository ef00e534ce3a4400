/** Pairs of an input picture and the binary picture that a network should answer. */
import { fail, InternalError } from "../diagnostics.js";
import { checkCount, LARGEST_PICTURE_SIDE } from "./check-option.js";
import { checkDrawnFrom, type DrawnFrom, streamOf } from "./drawn.js";
import type { SampleSet } from "./sample-set.js";

/** One decoded pair. */
export interface PicturePair {
  /** Names the pair in messages. */
  readonly name: string;
  readonly height: number;
  readonly width: number;
  /** `[inputChannels][height][width]`: 0 and 1, or bytes of gray. */
  readonly input: Uint8Array;
  /** `[targetChannels][height][width]` of 0 and 1. */
  readonly target: Uint8Array;
}

/** Pairs that differ in nothing but their size. */
export interface PicturePairs {
  readonly pairs: readonly PicturePair[];
  readonly inputChannels: number;
  readonly targetChannels: number;
  readonly samples: "bits" | "bytes";
}

/** Size of the pieces that are cut out of the pictures, in pixels. */
export interface CropSize {
  readonly height: number;
  readonly width: number;
}

/**
 * The pairs of `indices`, in that order, as they are: all of one size.
 * @throws DiagnosticError BMN0804
 */
export function createPairSet(name: string, data: PicturePairs, indices: Uint32Array): SampleSet {
  const chosen = choosePairs(data, indices);
  const [first] = chosen;
  const { height, width } = first;
  const other = chosen.find((pair) => pair.height !== height || pair.width !== width);
  if (other !== undefined) {
    fail(
      "BMN0804",
      `${first.name} has ${height}×${width} pixels (height × width), ${other.name} ${other.height}×${other.width}`,
      { hint: "cut all pictures to one size by giving the size of crops" },
    );
  }
  return {
    name,
    shape: shapeOf(data, { height, width }),
    count: chosen.length,
    read: (index, input, target) => {
      const pair = chosen[index];
      if (pair === undefined) throw new InternalError(`there is no sample ${index}`);
      input.set(pair.input);
      target.set(pair.target);
    },
  };
}

/**
 * Pieces of the pairs of `indices`, at random places. A set without end chooses a random pair for every sample; in one
 * with an end, sample i is of pair i modulo their number.
 * @throws DiagnosticError BMN0804 for a picture smaller than the piece
 */
export function createCropSet(
  name: string,
  data: PicturePairs,
  indices: Uint32Array,
  size: CropSize,
  from: DrawnFrom,
): SampleSet {
  const chosen = choosePairs(data, indices);
  checkCount("crop.height", size.height, 1, LARGEST_PICTURE_SIDE);
  checkCount("crop.width", size.width, 1, LARGEST_PICTURE_SIDE);
  checkDrawnFrom(from);
  const small = chosen.find((pair) => pair.height < size.height || pair.width < size.width);
  if (small !== undefined) {
    fail("BMN0804", `${small.name} has ${small.height}×${small.width} pixels (height × width)`, {
      hint: `no piece of ${size.height}×${size.width} pixels fits into it: give smaller crops`,
    });
  }
  return {
    name,
    shape: shapeOf(data, size),
    count: from.count,
    read: (index, input, target) => {
      const random = streamOf(from, index);
      const pair = chosen[from.count === null ? random.below(chosen.length) : index % chosen.length] ?? chosen[0];
      const top = random.below(pair.height - size.height + 1);
      const left = random.below(pair.width - size.width + 1);
      cut(pair.input, pair, data.inputChannels, top, left, size, input);
      cut(pair.target, pair, data.targetChannels, top, left, size, target);
    },
  };
}

function choosePairs(data: PicturePairs, indices: Uint32Array): readonly [PicturePair, ...PicturePair[]] {
  const [first, ...others] = Array.from(indices, (index) => {
    const pair = data.pairs[index];
    if (pair === undefined) throw new InternalError(`there is no pair ${index}`);
    return pair;
  });
  if (first === undefined) fail("BMN0804", "there are no pairs of pictures", { hint: "add pairs" });
  return [first, ...others];
}

function shapeOf(data: PicturePairs, { height, width }: CropSize): SampleSet["shape"] {
  const { inputChannels: channels, samples, targetChannels } = data;
  return { channels, height, width, samples, target: { kind: "images", channels: targetChannels } };
}

/** Copies a piece of every channel of `from`, pictures of the pair's size, to `to`. */
function cut(
  from: Uint8Array,
  pair: PicturePair,
  channels: number,
  top: number,
  left: number,
  size: CropSize,
  to: Uint8Array,
): void {
  for (let line = 0; line < channels * size.height; line++) {
    const channel = Math.floor(line / size.height);
    const row = channel * pair.height + top + (line % size.height);
    const start = row * pair.width + left;
    to.set(from.subarray(start, start + size.width), line * size.width);
  }
}
