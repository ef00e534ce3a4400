/** Decoded pictures of one size, and how they become the samples of a set. */
import { InternalError, unreachable } from "../diagnostics.js";
import { checkCount } from "./check-option.js";

/** Pictures one after the other: `[count][channels][height][width]` bytes, 0 black and 255 white. */
export interface GrayPictures {
  readonly count: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly samples: Uint8Array;
}

/** Bytes as they are, for level sets; or bits that are 1 from `threshold` (1 … 255) on. */
export type PictureEncoding = { readonly kind: "bytes" } | { readonly kind: "bits"; readonly threshold: number };

/** How pictures become samples. Inverting (255 − x) comes before the threshold. */
export interface PictureReading {
  readonly encoding: PictureEncoding;
  readonly invert: boolean;
}

/** @throws DiagnosticError BMN0801 */
export function checkReading({ encoding }: PictureReading): void {
  if (encoding.kind === "bits") checkCount("threshold", encoding.threshold, 1, 255);
}

/** Writes one picture, all channels, as samples. */
export function readGrayPicture(
  pictures: GrayPictures,
  index: number,
  { encoding, invert }: PictureReading,
  output: Uint8Array,
): void {
  if (index < 0 || index >= pictures.count) throw new InternalError(`there is no picture ${index}`);
  const size = pictures.channels * pictures.height * pictures.width;
  const samples = pictures.samples.subarray(index * size, (index + 1) * size);
  const flip = invert ? 255 : 0;
  switch (encoding.kind) {
    case "bytes":
      // 255 − x flips every bit of x.
      for (let at = 0; at < size; at++) output[at] = (samples[at] ?? 0) ^ flip;
      return;
    case "bits":
      for (let at = 0; at < size; at++) output[at] = ((samples[at] ?? 0) ^ flip) >= encoding.threshold ? 1 : 0;
      return;
    default:
      unreachable(encoding);
  }
}
