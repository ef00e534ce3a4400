/** Picture files from packed images and gray channels. */
import { fail } from "../../diagnostics.js";
import { type BitImage, createBitImage } from "../../morph/bit-image.js";
import { packRows } from "./samples.js";

/** A raw portable bitmap (P4); a set bit is written as 1. */
export function encodePbm(image: BitImage): Uint8Array {
  return Buffer.concat([Buffer.from(`P4\n${image.width} ${image.height}\n`, "latin1"), packRows(image)]);
}

/** A PNG file of 1 bit a sample; a set bit is white. @throws DiagnosticError BMN0102 for an empty image */
export async function encodeBitPng(image: BitImage): Promise<Uint8Array> {
  refuseEmpty(image.height, image.width);
  const { encode } = await import("fast-png");
  return encode({ width: image.width, height: image.height, depth: 1, channels: 1, data: packRows(image) });
}

/** A PNG file of 8 bits a sample. @throws DiagnosticError BMN0102 for an empty image */
export async function encodeGrayPng(height: number, width: number, samples: Uint8Array): Promise<Uint8Array> {
  refuseEmpty(height, width);
  const { encode } = await import("fast-png");
  return encode({ width, height, depth: 8, channels: 1, data: samples });
}

/** A PNG file of 8 bits a sample in colours; red, green and blue of a pixel follow each other. @throws DiagnosticError BMN0102 for an empty image */
export async function encodeColourPng(height: number, width: number, samples: Uint8Array): Promise<Uint8Array> {
  refuseEmpty(height, width);
  const { encode } = await import("fast-png");
  return encode({ width, height, depth: 8, channels: 3, data: samples });
}

function refuseEmpty(height: number, width: number): void {
  if (height === 0 || width === 0) {
    fail("BMN0102", `PNG cannot hold an image of ${height}×${width} pixels`, { hint: "write a .pbm file" });
  }
}

/** Images of one size, left to right. */
export function joinSideBySide(images: readonly BitImage[]): BitImage {
  const [first] = images;
  if (first === undefined) return createBitImage(0, 0);
  if (images.length === 1) return first;
  const { height, width } = first;
  const joined = createBitImage(height, width * images.length);
  for (const [index, image] of images.entries()) paste(image, joined, index * width);
  return joined;
}

/** Sets the pixels of `image` in `target`, which has zeros there, from column `left` on. */
function paste(image: BitImage, target: BitImage, left: number): void {
  const { height, width, strideWords, words } = image;
  const shift = left & 31;
  const tailMask = (width & 31) === 0 ? -1 : (1 << (width & 31)) - 1;
  for (let row = 0; row < height; row++) {
    const start = row * target.strideWords + (left >>> 5);
    const end = (row + 1) * target.strideWords;
    for (let index = 0; index < strideWords; index++) {
      const word = (words[row * strideWords + index] ?? 0) & (index === strideWords - 1 ? tailMask : -1);
      const place = start + index;
      target.words[place] = (target.words[place] ?? 0) | (word << shift);
      // Beyond the end of the row there are no pixels left.
      if (shift > 0 && place + 1 < end)
        target.words[place + 1] = (target.words[place + 1] ?? 0) | (word >>> (32 - shift));
    }
  }
}
