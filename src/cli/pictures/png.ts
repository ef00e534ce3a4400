/** PNG files of 1 to 8 bits a sample: gray, colour or palette, opaque. */
import { type DecodedPng, decode } from "fast-png";
import { fail } from "../../diagnostics.js";
import { checkPng, type PngHeader } from "./png-chunks.js";
import type { Raster } from "./raster.js";

/** @throws DiagnosticError BMN0601, BMN0602, BMN0604, BMN0605 */
export function decodePng(bytes: Uint8Array): Raster {
  const { header, thinned } = checkPng(bytes);
  const png = decodeChecked(thinned);
  const { height, width } = header;
  const samples = unpackSamples(png, header);
  switch (header.colourType) {
    case 3:
      return { height, width, channels: paletteChannels(samples, png.palette ?? []) };
    case 4:
    case 6:
      return { height, width, channels: opaqueChannels(samples, header.samplesPerPixel) };
    default:
      refuseTransparentColour(samples, header, png.transparency);
      return { height, width, channels: scaledChannels(samples, header) };
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

/** One byte a sample, as stored: 0 … 2^depth − 1. */
function unpackSamples(png: DecodedPng, header: PngHeader): Uint8Array {
  const { height, width, depth } = header;
  const data = Uint8Array.from(png.data);
  if (depth === 8) return data;
  const rowBytes = Math.ceil((width * depth) / 8);
  const samples = new Uint8Array(height * width);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const bit = column * depth;
      const byte = data[row * rowBytes + (bit >>> 3)] ?? 0;
      samples[row * width + column] = (byte >>> (8 - depth - (bit & 7))) & (2 ** depth - 1);
    }
  }
  return samples;
}

/** Sample `channel` of every pixel. */
function deinterleave(samples: Uint8Array, samplesPerPixel: number, channel: number): Uint8Array {
  const plane = new Uint8Array(samples.length / samplesPerPixel);
  for (let pixel = 0; pixel < plane.length; pixel++) plane[pixel] = samples[pixel * samplesPerPixel + channel] ?? 0;
  return plane;
}

/** 2^depth − 1 divides 255 for every depth up to 8, so that scaling loses nothing. */
function scaledChannels(samples: Uint8Array, header: PngHeader): Uint8Array[] {
  const scale = 255 / (2 ** header.depth - 1);
  return Array.from({ length: header.samplesPerPixel }, (_, channel) => {
    const plane = deinterleave(samples, header.samplesPerPixel, channel);
    return scale === 1 ? plane : plane.map((sample) => sample * scale);
  });
}

function opaqueChannels(samples: Uint8Array, samplesPerPixel: number): Uint8Array[] {
  const alpha = deinterleave(samples, samplesPerPixel, samplesPerPixel - 1);
  if (alpha.some((sample) => sample !== 255)) refuseTransparency();
  return Array.from({ length: samplesPerPixel - 1 }, (_, channel) => deinterleave(samples, samplesPerPixel, channel));
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
function refuseTransparentColour(samples: Uint8Array, header: PngHeader, colour: Uint16Array | undefined): void {
  if (colour === undefined) return;
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
