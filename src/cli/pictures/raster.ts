/** A picture file's samples, before they are fitted to a network. */
import { fail } from "../../diagnostics.js";
import { MAXIMUM_SIDE } from "../../word/node.js";

/** Largest picture file that is read, in bytes. */
export const MAXIMUM_PICTURE_BYTES = 64 * 2 ** 20;

/** Most pixels in one picture file; bounds the memory that decoding takes. */
export const MAXIMUM_PIXELS = 2 ** 26;

/** Gray or colour samples of 0 … 255, one byte each, row-major, per channel. Height and width are at least 1. */
export interface Raster {
  readonly height: number;
  readonly width: number;
  /** One (gray) or three (red, green, blue) channels of `height · width` samples. */
  readonly channels: readonly Uint8Array[];
}

/**
 * Refuses sizes that no picture of ours has; called on a file's header, before anything is decoded.
 * @throws DiagnosticError BMN0602 for an empty picture, BMN0605 for one that is too large
 */
export function checkRasterSize(height: number, width: number): void {
  if (height < 1 || width < 1) fail("BMN0602", `the picture has no pixels: ${height}×${width} (height × width)`);
  if (height > MAXIMUM_SIDE || width > MAXIMUM_SIDE) {
    fail("BMN0605", `a picture of ${height}×${width} pixels (height × width) is too large`, {
      hint: `no side may exceed ${MAXIMUM_SIDE} pixels`,
    });
  }
  if (height * width > MAXIMUM_PIXELS) {
    fail("BMN0605", `a picture of ${height}×${width} pixels (height × width) is too large`, {
      hint: `at most ${MAXIMUM_PIXELS} pixels; cut it into tiles`,
    });
  }
}
