import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type GoldenNetwork, readGoldenFolder } from "../../scripts/golden/format.js";

/** One recorded network with one image, always there. */
export const SMALL_FOLDER = fileURLToPath(new URL("data", import.meta.url));

/** All the recorded networks, which are not part of the repository. */
export const GOLDEN_FOLDER =
  process.env["BIMONN_GOLDEN"] ?? fileURLToPath(new URL("../../../shared/golden", import.meta.url));

/** Whether the full set is there; tests that need it say so in their name. */
export const HAS_GOLDEN = existsSync(GOLDEN_FOLDER);

/** The small set, and the full one where it is there. */
export function goldenNetworks(): GoldenNetwork[] {
  return [SMALL_FOLDER, ...(HAS_GOLDEN ? [GOLDEN_FOLDER] : [])].flatMap(readGoldenFolder);
}
