/** Many picture files of one data set. */
import type { Context } from "../context.js";
import { readFile } from "../files.js";
import { withLateProgress } from "../late-progress.js";
import type { MemoryBudget } from "../memory-budget.js";
import { naming } from "../naming.js";
import { decodePicture } from "../pictures/decode.js";
import { collapseGray } from "../pictures/fit.js";
import { MAXIMUM_PICTURE_BYTES, type Raster } from "../pictures/raster.js";

/**
 * The pictures of files, in order, with one channel where every pixel is gray.
 * @throws DiagnosticError BMN0101, BMN0103, BMN0601, BMN0602, BMN0604, BMN0605, BMN0807
 */
export async function readRasters(
  paths: readonly string[],
  budget: MemoryBudget,
  context: Context,
): Promise<readonly Raster[]> {
  return withLateProgress(context, "read pictures", async (update) => {
    const rasters: Raster[] = [];
    for (const [index, path] of paths.entries()) {
      const bytes = readFile(path, MAXIMUM_PICTURE_BYTES);
      const raster = await naming(path, async () => {
        const { height, width, channels } = await decodePicture(bytes);
        const kept = collapseGray(channels);
        budget.take(kept.length * height * width);
        return { height, width, channels: kept };
      });
      rasters.push(raster);
      await update((index + 1) / paths.length);
    }
    return rasters;
  });
}

/** 3 if any of the pictures has colours, else 1. */
export function channelsOf(rasters: readonly Raster[]): number {
  return rasters.reduce((most, { channels }) => Math.max(most, channels.length), 1);
}

/** `[channels][height][width]`; a gray picture has its one channel in all of them. */
export function joinSamples({ height, width, channels }: Raster, count: number): Uint8Array {
  const samples = new Uint8Array(count * height * width);
  for (let channel = 0; channel < count; channel++) {
    samples.set(channels[channels.length === 1 ? 0 : channel] ?? [], channel * height * width);
  }
  return samples;
}
