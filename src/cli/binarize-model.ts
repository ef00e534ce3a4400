import { type Binarization, binarize } from "../binarize/binarize.js";
import { withSource } from "../diagnostics.js";
import type { Model } from "../model/types.js";
import type { Context } from "./context.js";
import { sourceName } from "./files.js";
import { openProgress } from "./progress.js";
import { parsePolicy, parseShape } from "./values.js";

/** Options that commands which binarize share. */
export interface BinarizeChoice {
  readonly binarize: string;
  readonly shape?: string | undefined;
}

/**
 * Binarizes with a progress bar.
 * @throws UsageError, DiagnosticError (BMN0301, BMN0503 and others of the binarizer)
 */
export async function binarizeModel(
  model: Model,
  path: string,
  choice: BinarizeChoice,
  context: Context,
): Promise<Binarization> {
  const shape = parseShape(choice.shape);
  const policy = parsePolicy(choice.binarize);
  const progress = await openProgress(context, "binarize");
  try {
    return withSource(sourceName(path), () =>
      binarize(model, { policy, onProgress: progress.update, ...(shape === undefined ? {} : { shape }) }),
    );
  } finally {
    progress.stop();
  }
}
