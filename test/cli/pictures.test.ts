import { deflateSync } from "node:zlib";
import * as fc from "fast-check";
import { encode } from "fast-png";
import { describe, expect, test } from "vitest";
import { decodePicture } from "../../src/cli/pictures/decode.js";
import { encodeBitPng, encodePbm, joinSideBySide } from "../../src/cli/pictures/encode.js";
import { fitPicture } from "../../src/cli/pictures/fit.js";
import type { Raster } from "../../src/cli/pictures/raster.js";
import { DiagnosticError } from "../../src/diagnostics.js";
import { type BitImage, bitImageFromRows, bitImageToRows, buildBitImage } from "../../src/morph/bit-image.js";
import type { Picture } from "../../src/morph/picture.js";

const text = (content: string): Uint8Array => Buffer.from(content, "latin1");

async function samplesOf(bytes: Uint8Array): Promise<readonly number[][]> {
  return (await decodePicture(bytes)).channels.map((channel) => [...channel]);
}

async function codeOf(bytes: Uint8Array): Promise<string> {
  try {
    await decodePicture(bytes);
    return "decoded";
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return error.diagnostics.map((diagnostic) => diagnostic.code).join(" ");
  }
}

/** Polynomial division by 0x104C11DB7 (PNG specification, annex D), bit by bit. */
function crc32(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) {
    remainder ^= byte;
    for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
  }
  return ~remainder >>> 0;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const bytes = Buffer.alloc(8 + body.length);
  bytes.writeUInt32BE(data.length, 0);
  body.copy(bytes, 4);
  bytes.writeUInt32BE(crc32(body), 4 + body.length);
  return bytes;
}

interface Header {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colourType: number;
  readonly interlace?: number;
}

/** A PNG file by hand; `rows` are the packed bytes of each row, the filter byte included. */
function png(header: Header, rows: Uint8Array, extra: readonly Uint8Array[] = []): Uint8Array {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(header.width, 0);
  head.writeUInt32BE(header.height, 4);
  head.set([header.depth, header.colourType, 0, 0, header.interlace ?? 0], 8);
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  const idat = chunk("IDAT", deflateSync(rows));
  return Buffer.concat([signature, chunk("IHDR", head), ...extra, idat, chunk("IEND", new Uint8Array())]);
}

describe("portable anymaps", () => {
  test.each<[string, string, number[]]>([
    ["P1, digits together, comments", "P1 # one\n3 # two\n2\n0 1 0\n1#x\n11\n", [0, 255, 0, 255, 255, 255]],
    ["P2", "P2\n3 1\n255\n0 128 255\n", [0, 128, 255]],
    ["P2 of 15 grays", "P2 2 1 15 1 15", [17, 255]],
    [
      "P4, rows padded to bytes",
      "P4\n9 2\n\u0080\u0080\u0001\u0000",
      [255, 0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 255, 0],
    ],
    ["P5", "P5 2 2 255\n\u0000\u0001\u00fe\u00ff", [0, 1, 254, 255]],
    ["P5 that starts with a line feed", "P5 1 1 255\n\u000a", [10]],
    ["P5 of two grays", "P5 2 1 1\n\u0000\u0001", [0, 255]],
  ])("%s", async (_, content, expected) => {
    expect(await samplesOf(text(content))).toEqual([expected]);
  });

  test.each<[string, string, string]>([
    ["no size", "P1", "BMN0602"],
    ["no pixels", "P4 0 4\n", "BMN0602"],
    ["too few pixels", "P1 2 2 0 1 1", "BMN0602"],
    ["another digit", "P1 2 1 0 2", "BMN0602"],
    ["more pixels", "P1 2 1 0 1 1", "BMN0602"],
    ["raw bytes missing", "P5 2 2 255\nabc", "BMN0602"],
    ["raw bytes too many", "P5 2 2 255\nabcde", "BMN0602"],
    ["a sample too large", "P5 1 1 15\n\u0010", "BMN0602"],
    ["a plain sample too large", "P2 1 1 15 16", "BMN0602"],
    ["no grays", "P2 1 1 0 0", "BMN0602"],
    ["16 bits", "P5 1 1 65535\n\u0000\u0000", "BMN0604"],
    ["grays that do not scale", "P2 1 1 100 100", "BMN0604"],
    ["a side too long", "P4 65536 1\n", "BMN0605"],
    ["too many pixels", "P4 65535 65535\n", "BMN0605"],
    ["endless digits", `P4 ${"9".repeat(400)} 1\n`, "BMN0605"],
    ["colour", "P6 1 1 255\nabc", "BMN0601"],
    ["nothing", "", "BMN0601"],
    ["text", "hello", "BMN0601"],
  ])("refuses %s", async (_, content, expected) => {
    expect(await codeOf(text(content))).toBe(expected);
  });
});

describe("PNG", () => {
  test.each([1, 2, 4, 8] as const)("gray of %i bits scales to 255", async (depth) => {
    const most = 2 ** depth - 1;
    const row = depth === 8 ? [0, most] : [most << (8 - 2 * depth)];
    expect(await samplesOf(png({ width: 2, height: 1, depth, colourType: 0 }, Uint8Array.of(0, ...row)))).toEqual([
      [0, 255],
    ]);
  });

  test("agrees with another encoder on colour, alpha and widths that do not fill bytes", async () => {
    for (const channels of [1, 2, 3, 4] as const) {
      const data = Uint8Array.from({ length: 5 * 3 * channels }, (_, index) =>
        channels % 2 === 0 && index % channels === channels - 1 ? 255 : (index * 37) % 256,
      );
      const colours = channels > 2 ? 3 : 1;
      const expected = Array.from({ length: colours }, (_, channel) =>
        Array.from({ length: 15 }, (__, pixel) => data[pixel * channels + channel]),
      );
      expect(await samplesOf(encode({ width: 5, height: 3, channels, depth: 8, data }))).toEqual(expected);
    }
  });

  test("a palette of grays is gray, one of colours is not", async () => {
    const row = Uint8Array.of(0, 0b01000000);
    const header = { width: 2, height: 1, depth: 1, colourType: 3 };
    const gray = chunk("PLTE", Uint8Array.of(9, 9, 9, 255, 255, 255));
    const colour = chunk("PLTE", Uint8Array.of(9, 9, 9, 1, 2, 3));
    expect(await samplesOf(png(header, row, [gray]))).toEqual([[9, 255]]);
    expect(await samplesOf(png(header, row, [colour]))).toEqual([
      [9, 1],
      [9, 2],
      [9, 3],
    ]);
  });

  const gray = { width: 2, height: 1, depth: 8, colourType: 0 };
  const row = Uint8Array.of(0, 7, 8);
  const bomb = deflateSync(Buffer.alloc(2 ** 24));
  const flipped = Buffer.from(png(gray, row));
  flipped[flipped.length - 20] = (flipped[flipped.length - 20] ?? 0) ^ 1;
  test.each<[string, Uint8Array, string]>([
    ["a broken checksum", flipped, "BMN0602"],
    ["a cut file", png(gray, row).subarray(0, 50), "BMN0602"],
    ["the signature alone", png(gray, row).subarray(0, 8), "BMN0602"],
    ["16 bits", png({ ...gray, depth: 16 }, Uint8Array.of(0, 1, 2, 3, 4)), "BMN0604"],
    ["interlacing", png({ ...gray, interlace: 1 }, row), "BMN0601"],
    ["an impossible depth", png({ ...gray, depth: 3 }, row), "BMN0602"],
    ["an impossible filter", png(gray, Uint8Array.of(9, 7, 8)), "BMN0602"],
    ["too few bytes", png(gray, row.subarray(0, 2)), "BMN0602"],
    ["too many bytes", png(gray, Uint8Array.of(0, 7, 8, 9)), "BMN0602"],
    ["an unknown critical chunk", png(gray, row, [chunk("ABCD", row)]), "BMN0602"],
    ["a second header", png(gray, row, [chunk("IHDR", new Uint8Array(13))]), "BMN0602"],
    ["a palette that is too short", png({ ...gray, colourType: 3 }, row, [chunk("PLTE", row)]), "BMN0602"],
    [
      "a transparent pixel",
      encode({ width: 2, height: 1, depth: 8, channels: 2, data: Uint8Array.of(7, 255, 8, 254) }),
      "BMN0604",
    ],
    ["a transparent colour in use", png(gray, row, [chunk("tRNS", Uint8Array.of(0, 8))]), "BMN0604"],
    ["gigabytes in the header", png({ ...gray, width: 65535, height: 65535 }, row), "BMN0605"],
    ["sides beyond any picture", png({ ...gray, width: 2 ** 31, height: 1 }, row), "BMN0605"],
    ["no width", png({ ...gray, width: 0 }, row), "BMN0602"],
    ["a bomb in the pixels", png(gray, Buffer.alloc(2 ** 24)), "BMN0602"],
  ])("refuses %s", async (_, bytes, expected) => {
    expect(await codeOf(bytes)).toBe(expected);
  });

  test("a transparent colour that no pixel has is harmless", async () => {
    expect(await samplesOf(png(gray, row, [chunk("tRNS", Uint8Array.of(0, 9))]))).toEqual([[7, 8]]);
  });

  test("bombs in other chunks are never inflated", async () => {
    const profile = chunk("iCCP", Buffer.concat([Buffer.from("x\0\0"), bomb]));
    const note = chunk("zTXt", Buffer.concat([Buffer.from("x\0\0"), bomb]));
    expect(await samplesOf(png(gray, row, [profile, note]))).toEqual([[7, 8]]);
  });
});

describe("hostile bytes give diagnostics only", () => {
  const honest = [
    text("P1 # one\n3 2\n0 1 0 1 1 1\n"),
    text("P5 3 2 255\nabcdef"),
    png({ width: 3, height: 2, depth: 1, colourType: 0 }, Uint8Array.of(0, 0xa0, 1, 0x40)),
    encode({ width: 3, height: 2, channels: 4, depth: 8, data: new Uint8Array(24).fill(255) }),
    png({ width: 2, height: 1, depth: 8, colourType: 3 }, Uint8Array.of(0, 0, 1), [
      chunk("PLTE", Uint8Array.of(0, 0, 0, 255, 255, 255)),
      chunk("tRNS", Uint8Array.of(255)),
    ]),
  ];

  test("random, cut and changed files", async () => {
    const changed = fc
      .tuple(
        fc.constantFrom(...honest),
        fc.array(fc.tuple(fc.nat(200), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
        fc.nat(200),
      )
      .map(([bytes, changes, end]) => {
        const copy = Uint8Array.from(bytes);
        for (const [index, value] of changes) if (index < copy.length) copy[index] = value;
        return copy.subarray(0, end < copy.length ? end : copy.length);
      });
    await fc.assert(
      fc.asyncProperty(fc.oneof(changed, fc.uint8Array({ maxLength: 64 })), async (bytes) => {
        expect(await codeOf(bytes)).toMatch(/^(decoded|BMN060[1245])$/);
      }),
      { numRuns: 3000 },
    );
  });

  test("changed headers with right checksums", async () => {
    const headers = fc.record({
      width: fc.nat(4),
      height: fc.nat(4),
      depth: fc.constantFrom(1, 2, 4, 8, 16, 0, 5),
      colourType: fc.nat(7),
      interlace: fc.nat(2),
    });
    const extra = fc.array(
      fc.tuple(fc.constantFrom("PLTE", "tRNS", "gAMA", "IDAT", "IEND", "IHDR"), fc.uint8Array({ maxLength: 12 })),
      { maxLength: 2 },
    );
    await fc.assert(
      fc.asyncProperty(headers, fc.uint8Array({ maxLength: 40 }), extra, async (header, rows, chunks) => {
        const bytes = png(
          header,
          rows,
          chunks.map(([type, data]) => chunk(type, data)),
        );
        expect(await codeOf(bytes)).toMatch(/^(decoded|BMN060[1245])$/);
      }),
      { numRuns: 3000 },
    );
  });
});

function bitChannels(picture: Picture): readonly BitImage[] {
  return picture.kind === "bits" ? picture.channels : [];
}

describe("fitting", () => {
  const raster = (width: number, ...channels: readonly (readonly number[])[]): Raster => ({
    height: (channels[0]?.length ?? 0) / width,
    width,
    channels: channels.map((channel) => Uint8Array.from(channel)),
  });
  const bits = { channels: 1, samples: "bits", height: null, width: null } as const;

  function codes(rasters: readonly Raster[], need: Parameters<typeof fitPicture>[1]): string {
    try {
      fitPicture(rasters, need, null);
      return "fits";
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      return error.diagnostics[0]?.code ?? "";
    }
  }

  test("white is 1, and a threshold says where white begins", () => {
    const picture = fitPicture([raster(2, [0, 255])], bits, null);
    expect(bitChannels(picture).map(bitImageToRows)).toEqual([["01"]]);
    const cut = fitPicture([raster(4, [0, 127, 128, 255])], bits, 128);
    expect(bitChannels(cut).map(bitImageToRows)).toEqual([["0011"]]);
  });

  test("gray stored as colour has one channel; true colour has three", () => {
    expect(fitPicture([raster(2, [0, 255], [0, 255], [0, 255])], bits, null).channels).toHaveLength(1);
    expect(codes([raster(2, [0, 255], [0, 255], [255, 255])], bits)).toBe("BMN0604");
    const three = { ...bits, channels: 3, samples: "bytes" } as const;
    expect(fitPicture([raster(1, [1], [2], [3])], three, null).channels).toEqual([
      Uint8Array.of(1),
      Uint8Array.of(2),
      Uint8Array.of(3),
    ]);
    expect(codes([raster(1, [7])], three)).toBe("BMN0604");
    expect(codes([raster(1, [7]), raster(1, [7]), raster(1, [7])], three)).toBe("fits");
  });

  test("sizes and grays that do not suit", () => {
    expect(codes([raster(2, [0, 0])], { ...bits, height: 1, width: 3 })).toBe("BMN0603");
    expect(codes([raster(2, [0, 0])], { ...bits, height: 1 })).toBe("fits");
    expect(codes([raster(2, [0, 0]), raster(1, [0, 0])], { ...bits, channels: 2 })).toBe("BMN0603");
    expect(codes([raster(2, [0, 9])], bits)).toBe("BMN0604");
  });
});

describe("what is written is read again", () => {
  test("PNG and PBM, widths around bytes and words", async () => {
    for (const width of [1, 7, 8, 9, 31, 32, 33, 65]) {
      const image = buildBitImage(3, width, (row, column) => (row * 5 + column * 3) % 7 < 3);
      for (const bytes of [await encodeBitPng(image), encodePbm(image)]) {
        const need = { channels: 1, samples: "bits", height: 3, width } as const;
        const picture = fitPicture([await decodePicture(bytes)], need, null);
        expect(bitChannels(picture)[0]).toEqual(image);
      }
    }
  });

  test("channels side by side", () => {
    const joined = joinSideBySide([bitImageFromRows(["10", "01"]), bitImageFromRows(["11", "00"])]);
    expect(bitImageToRows(joined)).toEqual(["1011", "0100"]);
  });
});
