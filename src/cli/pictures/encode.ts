/** Picture files from packed images and gray channels. */
import { fail } from "../../diagnostics.js";
import { type BitImage, buildBitImage, getPixel } from "../../morph/bit-image.js";

/** Rows of ⌈width/8⌉ bytes, most significant bit first, as PNG and PBM have them. */
function packRows(image: BitImage): Uint8Array {
  const rowBytes = Math.ceil(image.width / 8);
  const bytes = new Uint8Array(rowBytes * image.height);
  for (let row = 0; row < image.height; row++) {
    for (let column = 0; column < image.width; column++) {
      const index = row * rowBytes + (column >>> 3);
      bytes[index] = (bytes[index] ?? 0) | (getPixel(image, row, column) << (7 - (column & 7)));
    }
  }
  return bytes;
}

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
  const height = first?.height ?? 0;
  const width = first?.width ?? 0;
  return buildBitImage(height, width * images.length, (row, column) => {
    const image = images[Math.floor(column / width)];
    return image === undefined ? 0 : getPixel(image, row, column % width);
  });
}
