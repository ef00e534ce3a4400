/** What would make a network exact. */
import type { BinarizeOptions } from "../../binarize/binarize.js";
import { FRAME_LIMITS } from "../../binarize/exhaustive/plan.js";
import type { BinarizationReport } from "../../binarize/report.js";
import { type Sharpening, sharpeningFor } from "../../binarize/sharpening.js";
import type { Grade } from "../../ir/node.js";
import type { Model } from "../../model/types.js";
import { binarizeModel } from "../binarize-model.js";
import type { Context } from "../context.js";
import { openProgress } from "../progress.js";
import { failingBits, isRefuted } from "./summary.js";

export interface Advice {
  /** Factors on P with which bounds of values prove the network, under policy `auto`. */
  readonly sharpening: Sharpening;
  /** The same in real arithmetic, where there are none in float32; else null. */
  readonly realSharpening: Sharpening | null;
  /** The grade under `--binarize auto` without rounded weights and calibration; null where that is what was done. */
  readonly auto: Grade | null;
  /** The grade in real arithmetic, all else equal; null where that is what was done, and for approximations. */
  readonly real: Grade | null;
  /** Bits that are not proved, not refuted, and few enough pixels within reach for every pattern to be tried. */
  readonly withinReach: number;
  /** Bits that differ from the float network's on some picture, or come within rounding of the cut: no proof can help. */
  readonly refuted: number;
}

/** Null for an exact network. @throws DiagnosticError whatever the binarizer finds */
export async function adviceFor(
  model: Model,
  path: string,
  { options, report }: { readonly options: BinarizeOptions; readonly report: BinarizationReport },
  context: Context,
): Promise<Advice | null> {
  if (report.grade === "exact") return null;
  const { arithmetic } = report;
  const { shape, prove = "auto", calibration, weightBits } = options;
  const size = shape === undefined ? {} : { shape };
  const gradeWith = async (changed: BinarizeOptions): Promise<Grade> =>
    (await binarizeModel(model, path, changed, context)).report.grade;
  const proves = options.policy === "auto" || options.policy === "exact";
  const isPlain = proves && calibration === undefined && weightBits === undefined;
  const failing = failingBits(report);
  const open = failing.filter((bit) => !isRefuted(bit) && reachOf(model, bit.path) <= FRAME_LIMITS.bits);
  const sharpening = await sharpen(model, { arithmetic, ...size }, context);
  const triesReal = arithmetic === "float32" && !sharpening.exact;
  return {
    sharpening,
    realSharpening: triesReal ? await sharpen(model, { arithmetic: "real", ...size }, context) : null,
    auto: isPlain ? null : await gradeWith({ policy: "auto", arithmetic, prove, ...size }),
    real: arithmetic === "real" || !proves ? null : await gradeWith({ ...options, arithmetic: "real" }),
    withinReach: prove === "exhaustive" || !proves ? 0 : open.length,
    refuted: failing.filter(isRefuted).length,
  };
}

async function sharpen(
  model: Model,
  options: Parameters<typeof sharpeningFor>[1],
  context: Context,
): Promise<Sharpening> {
  const progress = await openProgress(context, "sharpen");
  try {
    return sharpeningFor(model, { ...options, onProgress: progress.update });
  } finally {
    progress.stop();
  }
}

/**
 * Bits of the pixels that a neuron may depend on: at least as many as have to be tried together, as weights may be 0. Infinite
 * where there is another layer than BiSELs on the way, or a picture's size is in it.
 */
function reachOf({ input, layers }: Model, path: string): number {
  const [, index, part] = /^layers\[(\d+)\]\.(\w+)/.exec(path) ?? [];
  const way = layers.slice(0, Number(index) + 1);
  let [height, width] = [1, 1];
  for (const layer of way) {
    if (layer.kind !== "bisel") return Number.POSITIVE_INFINITY;
    height += layer.kernelHeight - 1;
    width += layer.kernelWidth - 1;
  }
  const { encoding, channels } = input;
  const levels =
    encoding.kind === "binary"
      ? Array.from({ length: channels }, () => 1)
      : encoding.values.map(({ length }) => length);
  // A BiSE neuron of the first layer reads one plane alone.
  const planes = way.length === 1 && part === "bise" ? 1 : levels.reduce((sum, count) => sum + Math.log2(count + 1), 0);
  return height * width * planes;
}
