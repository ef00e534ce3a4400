/** From picture files to what a network reads. */
import { fail } from "../../diagnostics.js";
import type { BitImage } from "../../morph/bit-image.js";
import type { Picture } from "../../morph/picture.js";
import type { Raster } from "./raster.js";
import { findGray, imageOfSamples } from "./samples.js";

/** What a network reads: the fields that its model, its MorphIR and its artifacts share. */
export interface PictureNeed {
  readonly channels: number;
  readonly samples: "bits" | "bytes";
  /** Pixels; null when free. */
  readonly height: number | null;
  readonly width: number | null;
}

/**
 * Joins the channels of `rasters`, in order, into a picture that the network takes. For a network on bits a sample must
 * be 0 (bit 0) or 255 (bit 1), unless `threshold` is given: then samples of at least `threshold` are 1.
 * @throws DiagnosticError BMN0603 (size), BMN0604 (number of channels, gray where bits are needed)
 */
export function fitPicture(rasters: readonly Raster[], need: PictureNeed, threshold: number | null): Picture {
  const channels = joinChannels(rasters, need.channels);
  const { height, width } = commonSize(rasters);
  checkSize(height, width, need);
  if (need.samples === "bytes") return { kind: "bytes", height, width, channels };
  return {
    kind: "bits",
    height,
    width,
    channels: channels.map((samples) => toBits(samples, height, width, threshold)),
  };
}

function joinChannels(rasters: readonly Raster[], needed: number): readonly Uint8Array[] {
  const channels = rasters.flatMap((raster) => raster.channels);
  if (channels.length === needed) return channels;
  const collapsed = rasters.flatMap((raster) => collapseGray(raster.channels));
  if (collapsed.length === needed) return collapsed;
  return fail("BMN0604", `the network reads ${plural(needed, "channel")}, the picture has ${channels.length}`, {
    hint:
      needed === 1 ? "give a gray or black-and-white picture" : "join one file per channel with +, as in a.png+b.png",
  });
}

/** A colour picture in which every pixel is gray has one channel in truth. */
export function collapseGray(channels: readonly Uint8Array[]): readonly Uint8Array[] {
  const [first, ...others] = channels;
  if (first === undefined) return channels;
  const gray = others.every((other) => Buffer.compare(first, other) === 0);
  return gray ? [first] : channels;
}

function commonSize(rasters: readonly Raster[]): { height: number; width: number } {
  const height = rasters[0]?.height ?? 0;
  const width = rasters[0]?.width ?? 0;
  for (const raster of rasters) {
    if (raster.height !== height || raster.width !== width) {
      fail("BMN0603", `the channels differ in size: ${height}×${width} and ${raster.height}×${raster.width}`, {
        hint: "files joined with + must have one size",
      });
    }
  }
  return { height, width };
}

function checkSize(height: number, width: number, need: PictureNeed): void {
  const fits = (need.height ?? height) === height && (need.width ?? width) === width;
  if (fits) return;
  const expected = `${need.height ?? "any"}×${need.width ?? "any"}`;
  fail("BMN0603", `expected ${expected} pixels (height × width), got ${height}×${width}`, {
    hint: "scale, crop or pad the picture to that size",
  });
}

function toBits(samples: Uint8Array, height: number, width: number, threshold: number | null): BitImage {
  const least = threshold ?? 255;
  if (threshold === null) {
    const index = findGray(samples);
    if (index >= 0) {
      fail("BMN0604", `a pixel is ${samples[index]}, neither 0 nor 255`, {
        path: `row ${Math.floor(index / width)}, column ${index % width}`,
        hint: "the network reads bits: give --threshold N to turn samples of at least N into 1",
      });
    }
  }
  return imageOfSamples(samples, height, width, least);
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
