import { type Binarization, type BinarizeOptions, binarize } from "../binarize/binarize.js";
import type { ProofEffort } from "../binarize/pattern-trials.js";
import type { Arithmetic } from "../binarize/report.js";
import { withSource } from "../diagnostics.js";
import type { Model } from "../model/types.js";
import type { PolicyName } from "./arguments.js";
import { type Context, UsageError } from "./context.js";
import { sourceName } from "./files.js";
import { openProgress } from "./progress.js";
import { checkInteger, parsePolicy, parseShape } from "./values.js";

/** Options that commands which binarize share. */
export interface BinarizeChoice {
  readonly binarize: PolicyName;
  readonly arithmetic?: Arithmetic | undefined;
  readonly prove?: ProofEffort | undefined;
  readonly "weight-bits"?: number | undefined;
  readonly shape?: string | undefined;
}

const MOST_WEIGHT_BITS = 24;

/** @throws UsageError */
export function readBinarizeOptions(choice: BinarizeChoice): BinarizeOptions {
  const shape = parseShape(choice.shape);
  const policy = parsePolicy(choice.binarize);
  const { arithmetic, prove, "weight-bits": weightBits } = choice;
  if (prove === "exhaustive" && policy !== "auto" && policy !== "exact") {
    throw new UsageError("--prove exhaustive proves nothing of approximations: leave --binarize approximate out");
  }
  return {
    policy,
    ...(arithmetic === undefined ? {} : { arithmetic }),
    ...(prove === undefined ? {} : { prove }),
    ...(weightBits === undefined ? {} : { weightBits: checkInteger("weight-bits", weightBits, 1, MOST_WEIGHT_BITS) }),
    ...(shape === undefined ? {} : { shape }),
  };
}

/**
 * Binarizes with a progress bar.
 * @throws DiagnosticError BMN0301, BMN0503 and others of the binarizer
 */
export async function binarizeModel(
  model: Model,
  path: string,
  options: BinarizeOptions,
  context: Context,
): Promise<Binarization> {
  const progress = await openProgress(context, "binarize");
  try {
    return withSource(sourceName(path), () => binarize(model, { ...options, onProgress: progress.update }));
  } finally {
    progress.stop();
  }
}
