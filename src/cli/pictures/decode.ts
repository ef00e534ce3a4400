import { fail } from "../../diagnostics.js";
import { isPng } from "./png-chunks.js";
import { decodePnm, isPnm } from "./pnm.js";
import type { Raster } from "./raster.js";

/**
 * Decodes a picture file by its first bytes: PNG, PBM (P1, P4) or PGM (P2, P5). Hostile bytes cost no more than the
 * largest honest picture.
 * @throws DiagnosticError BMN0601, BMN0602, BMN0604, BMN0605
 */
export async function decodePicture(bytes: Uint8Array): Promise<Raster> {
  if (isPng(bytes)) return (await import("./png.js")).decodePng(bytes);
  if (isPnm(bytes)) return decodePnm(bytes);
  return fail("BMN0601", bytes.length === 0 ? "the picture is empty" : "the picture's format is not known", {
    hint: "PNG, PBM (P1, P4) and PGM (P2, P5) are read",
  });
}
