/** From the description of data to its samples. */
import type { DataDescription } from "../../data/description.js";
import type { SampleSplits } from "../../data/sample-set.js";
import { unreachable } from "../../diagnostics.js";
import type { Context } from "../context.js";
import { openClassSplits } from "./class-folder.js";
import { openDiskorectSplits, openNoisySticksSplits } from "./drawn-splits.js";
import { openIdxOperatorSplits, openIdxSplits } from "./idx-splits.js";
import { openPairSplits } from "./pair-folder.js";

export { countClasses } from "./class-folder.js";

/**
 * The three sets of a training. Files are read and decoded here, once; what is drawn is drawn when it is asked for.
 * @throws DiagnosticError BMN0101, BMN0103, BMN0601 … BMN0605 (files), BMN0801 … BMN0804, BMN0807 (data)
 */
export async function openSampleSplits(data: DataDescription, context: Context): Promise<SampleSplits> {
  switch (data.kind) {
    case "operator":
      return data.pictures.kind === "idx"
        ? openIdxOperatorSplits(data, data.pictures)
        : openDiskorectSplits(data, data.pictures);
    case "noisy-sticks":
      return openNoisySticksSplits(data);
    case "idx":
      return openIdxSplits(data);
    case "pairs":
      return openPairSplits(data, context);
    case "classes":
      return openClassSplits(data, context);
    default:
      return unreachable(data);
  }
}
