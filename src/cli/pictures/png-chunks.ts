/** The chunks of a PNG file, checked and thinned before its pixels are decoded. */
import { inflateSync } from "node:zlib";
import { fail } from "../../diagnostics.js";
import { checkRasterSize } from "./raster.js";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;

/** Chunks that matter to the pixels; all others are dropped unread, among them compressed ones of unknown length. */
const USED_CHUNKS: ReadonlySet<string> = new Set(["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]);

/** Samples a pixel has, and the depths allowed, by colour type (PNG specification, table 11.1). */
const COLOUR_TYPES: Readonly<Record<number, { readonly samples: number; readonly depths: readonly number[] }>> = {
  0: { samples: 1, depths: [1, 2, 4, 8, 16] },
  2: { samples: 3, depths: [8, 16] },
  3: { samples: 1, depths: [1, 2, 4, 8] },
  4: { samples: 2, depths: [8, 16] },
  6: { samples: 4, depths: [8, 16] },
};

export interface PngHeader {
  readonly height: number;
  readonly width: number;
  readonly depth: number;
  /** 0 gray, 2 colour, 3 palette, 4 gray with alpha, 6 colour with alpha. */
  readonly colourType: number;
  readonly samplesPerPixel: number;
}

export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, index) => bytes[index] === byte);
}

/**
 * The file's header, and the file without the chunks that pixels do not need. The compressed data is known to inflate
 * to exactly the length that the header asks for, so that decoding is bounded by the size of the picture.
 * @throws DiagnosticError BMN0601, BMN0602, BMN0604, BMN0605
 */
export function checkPng(bytes: Uint8Array): { readonly header: PngHeader; readonly thinned: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept: Uint8Array[] = [bytes.subarray(0, SIGNATURE.length)];
  const compressed: Uint8Array[] = [];
  let header: PngHeader | null = null;
  let position: number = SIGNATURE.length;
  for (let type = ""; type !== "IEND"; ) {
    if (position + 12 > bytes.length) fail("BMN0602", "the PNG file ends before its last chunk");
    const length = view.getUint32(position);
    type = String.fromCharCode(...bytes.subarray(position + 4, position + 8));
    const end = position + 12 + length;
    if (end > bytes.length)
      fail("BMN0602", "a chunk of the PNG file is longer than the file", { path: chunkName(type) });
    if ((header === null) !== (type === "IHDR")) fail("BMN0602", "the PNG file must start with its only header");
    const data = bytes.subarray(position + 8, end - 4);
    if (type === "IHDR") header = decodeHeader(data);
    if (type === "IDAT") compressed.push(data);
    if (USED_CHUNKS.has(type)) kept.push(bytes.subarray(position, end));
    else if (isCritical(type)) fail("BMN0602", "a chunk of the PNG file is unknown", { path: chunkName(type) });
    position = end;
  }
  if (header === null) fail("BMN0602", "the PNG file has no header");
  checkInflatedLength(compressed, header);
  return { header, thinned: Buffer.concat(kept) };
}

/** A chunk type as text, other bytes than letters left out. */
function chunkName(type: string): string {
  return `chunk ${type.replaceAll(/[^A-Za-z]/g, "?")}`;
}

/** Bit 5 of the first letter is clear: a decoder must understand the chunk. */
function isCritical(type: string): boolean {
  return (type.charCodeAt(0) & 0x20) === 0;
}

function decodeHeader(data: Uint8Array): PngHeader {
  if (data.length !== 13) fail("BMN0602", `the PNG header has ${data.length} bytes instead of 13`);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const width = view.getUint32(0);
  const height = view.getUint32(4);
  const depth = view.getUint8(8);
  const colourType = view.getUint8(9);
  const interlaced = view.getUint8(12) !== 0;
  checkRasterSize(height, width);
  const layout = COLOUR_TYPES[colourType];
  if (layout === undefined || !layout.depths.includes(depth)) {
    fail("BMN0602", `PNG has no colour type ${colourType} with ${depth} bits a sample`);
  }
  if (interlaced) {
    fail("BMN0601", "interlaced PNG files are not supported", { hint: "save the picture without interlacing" });
  }
  if (depth === 16) {
    fail("BMN0604", "the picture has 16 bits a sample", { hint: "save the picture with 8 bits a sample" });
  }
  return { height, width, depth, colourType, samplesPerPixel: layout.samples };
}

/** Every row is a filter byte and its packed samples; deflate may not say anything else. */
function checkInflatedLength(compressed: readonly Uint8Array[], header: PngHeader): void {
  const rowBytes = 1 + Math.ceil((header.width * header.samplesPerPixel * header.depth) / 8);
  const expected = rowBytes * header.height;
  let inflated: number;
  try {
    inflated = inflateSync(Buffer.concat(compressed), { maxOutputLength: expected }).length;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    fail("BMN0602", `the pixels of the PNG file cannot be inflated to ${expected} bytes (${code})`);
  }
  if (inflated !== expected) fail("BMN0602", `the PNG file has ${inflated} bytes of pixels instead of ${expected}`);
}
