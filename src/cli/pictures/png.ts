/** PNG files of 1 to 8 bits a sample: gray, colour or palette, opaque. */
import { type DecodedPng, decode } from "fast-png";
import { fail } from "../../diagnostics.js";
import { checkPng, type PngHeader } from "./png-chunks.js";
import type { Raster } from "./raster.js";
import { unpackSamples } from "./samples.js";

/** @throws DiagnosticError BMN0601, BMN0602, BMN0604, BMN0605 */
export function decodePng(bytes: Uint8Array): Raster {
  const { header, thinned } = checkPng(bytes);
  const png = decodeChecked(thinned);
  const { height, width } = header;
  switch (header.colourType) {
    case 0:
      refuseTransparentColour(png, header);
      return { height, width, channels: [grayChannel(png, header)] };
    case 3:
      return { height, width, channels: paletteChannels(storedSamples(png, header, 1), png.palette ?? []) };
    case 4:
    case 6:
      return { height, width, channels: opaqueChannels(bytesOf(png), header.samplesPerPixel) };
    default:
      refuseTransparentColour(png, header);
      return { height, width, channels: channelsOf(bytesOf(png), header.samplesPerPixel, header.samplesPerPixel) };
  }
}

/** The decoder throws plain errors: for it, all of them mean that the file is corrupt. */
function decodeChecked(bytes: Uint8Array): DecodedPng {
  try {
    return decode(bytes, { checkCrc: true });
  } catch (error) {
    return fail("BMN0602", `the PNG file is corrupt: ${error instanceof Error ? error.message : "unknown error"}`);
  }
}

function bytesOf({ data }: DecodedPng): Uint8Array {
  return data instanceof Uint8Array ? data : Uint8Array.from(data);
}

/** One byte a sample: 0 … 2^depth − 1, times `scale`. Depths below 8 have one sample a pixel. */
function storedSamples(png: DecodedPng, { height, width, depth }: PngHeader, scale: number): Uint8Array {
  const data = bytesOf(png);
  return depth === 1 || depth === 2 || depth === 4 ? unpackSamples(data, height, width, depth, scale) : data;
}

/** 2^depth − 1 divides 255 for every depth up to 8, so that scaling loses nothing. */
function grayChannel(png: DecodedPng, header: PngHeader): Uint8Array {
  return storedSamples(png, header, 255 / (2 ** header.depth - 1));
}

/** Sample `channel` of every pixel. */
function deinterleave(samples: Uint8Array, samplesPerPixel: number, channel: number): Uint8Array {
  const plane = new Uint8Array(samples.length / samplesPerPixel);
  for (let pixel = 0; pixel < plane.length; pixel++) plane[pixel] = samples[pixel * samplesPerPixel + channel] ?? 0;
  return plane;
}

/** The first `count` channels. */
function channelsOf(samples: Uint8Array, samplesPerPixel: number, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, channel) => deinterleave(samples, samplesPerPixel, channel));
}

function opaqueChannels(samples: Uint8Array, samplesPerPixel: number): Uint8Array[] {
  const alpha = deinterleave(samples, samplesPerPixel, samplesPerPixel - 1);
  if (alpha.some((sample) => sample !== 255)) refuseTransparency();
  return channelsOf(samples, samplesPerPixel, samplesPerPixel - 1);
}

/** Gray if every colour in use is gray. */
function paletteChannels(samples: Uint8Array, palette: readonly (readonly number[])[]): Uint8Array[] {
  const used = new Set(samples);
  for (const index of used) {
    const colour = palette[index];
    if (colour === undefined) fail("BMN0602", `the picture uses colour ${index} of a palette of ${palette.length}`);
    if ((colour[3] ?? 255) !== 255) refuseTransparency();
  }
  const gray = [...used].every((index) => {
    const [red, green, blue] = palette[index] ?? [];
    return red === green && green === blue;
  });
  return Array.from({ length: gray ? 1 : 3 }, (_, channel) => samples.map((index) => palette[index]?.[channel] ?? 0));
}

/** The colour that tRNS names is transparent; harmless if no pixel has it. */
function refuseTransparentColour(png: DecodedPng, header: PngHeader): void {
  const colour = png.transparency;
  if (colour === undefined) return;
  const samples = storedSamples(png, header, 1);
  const step = header.samplesPerPixel;
  for (let index = 0; index < samples.length; index += step) {
    let equal = true;
    for (let channel = 0; channel < step; channel++) equal &&= samples[index + channel] === colour[channel];
    if (equal) refuseTransparency();
  }
}

function refuseTransparency(): never {
  fail("BMN0604", "the picture has transparent pixels", { hint: "remove the alpha channel" });
}
