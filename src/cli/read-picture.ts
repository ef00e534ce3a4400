import type { Picture } from "../morph/picture.js";
import { UsageError } from "./context.js";
import { type InputContext, readInput } from "./files.js";
import { naming } from "./naming.js";
import { decodePicture } from "./pictures/decode.js";
import { fitPicture, type PictureNeed } from "./pictures/fit.js";
import { MAXIMUM_PICTURE_BYTES, type Raster } from "./pictures/raster.js";

/** The files of one argument, one or one per channel. @throws UsageError */
export function filesOf(argument: string): readonly string[] {
  const paths = argument.split("+");
  if (paths.includes("")) throw new UsageError(`${argument}: a file name is missing beside +`);
  return paths;
}

/**
 * The picture of one argument: a file, or one file per channel joined by `+`.
 * @throws UsageError, DiagnosticError BMN0101, BMN0103, BMN0601 … BMN0605
 */
export async function readPicture(
  argument: string,
  need: PictureNeed,
  threshold: number | null,
  context: InputContext,
): Promise<Picture> {
  const rasters: Raster[] = [];
  for (const path of filesOf(argument)) {
    const bytes = await readInput(path, MAXIMUM_PICTURE_BYTES, context);
    rasters.push(await naming(path, async () => decodePicture(bytes)));
  }
  return naming(argument, async () => fitPicture(rasters, need, threshold));
}
