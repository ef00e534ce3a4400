/** Binarization by the word of pictures, and how well the result answers them. */
import { type Agreement, measureAgreement } from "../../binarize/agreement.js";
import type { Binarization, BinarizeOptions } from "../../binarize/binarize.js";
import { type Calibration, calibrate } from "../../binarize/calibration.js";
import { withSource } from "../../diagnostics.js";
import type { MorphModule } from "../../ir/node.js";
import type { Model } from "../../model/types.js";
import { binarizeModel } from "../binarize-model.js";
import type { Context } from "../context.js";
import { MemoryBudget } from "../memory-budget.js";
import type { PictureNeed } from "../pictures/fit.js";
import { openProgress } from "../progress.js";
import { checkThreshold } from "../values.js";
import { type MeasurePlan, measuresOnOwn } from "./measure-plan.js";
import { type NamedPicture, type PictureReading, readPictures } from "./picture-folder.js";

export interface MeasuredAgreement extends Agreement {
  /** Pictures that were calibrated on; 0 without a calibration. */
  readonly calibratedOn: number;
  /** Whether none of the pictures measured on was calibrated on. */
  readonly independent: boolean;
  readonly worstPicture: NamedPicture | null;
}

export interface BinarizedOnPictures {
  readonly binarization: Binarization;
  /** With the calibration and what it implies. */
  readonly options: BinarizeOptions;
  /** Null where nothing was measured. */
  readonly agreement: MeasuredAgreement | null;
}

/** Bits of weights where a value has several bits, unless told otherwise: exact ones would make long code. */
const LEVEL_WEIGHT_BITS = 12;

/**
 * Without a plan this is {@link binarizeModel}. The agreement is measured where pictures are named for that, and else where the
 * network is not proved exact.
 * @throws UsageError, DiagnosticError of the binarizer (BMN0301, BMN0503) and of pictures (BMN0101, BMN0103, BMN06xx, BMN08xx)
 */
export async function binarizeOnPictures(
  model: Model,
  path: string,
  choice: { readonly options: BinarizeOptions; readonly plan: MeasurePlan | null },
  context: Context,
): Promise<BinarizedOnPictures> {
  const { options, plan } = choice;
  if (plan === null) {
    return { binarization: await binarizeModel(model, path, options, context), options, agreement: null };
  }
  const series = await readSeries(plan, readingOf(model, options, plan), context);
  const calibration = await calibrateOn(model, series.calibrating, plan, context);
  const chosen = withCalibration(options, calibration, plan);
  const binarization = await binarizeModel(model, path, chosen, context);
  const wanted = plan.measure !== null || binarization.report.grade !== "exact";
  const agreement = wanted ? await measureOn(model, binarization.module, series, context) : null;
  return { binarization, options: chosen, agreement };
}

function readingOf(model: Model, { shape }: BinarizeOptions, { threshold }: MeasurePlan): PictureReading {
  const { channels, encoding, height, width } = model.input;
  const need: PictureNeed = {
    channels,
    samples: encoding.kind === "binary" ? "bits" : "bytes",
    height: height ?? shape?.height ?? null,
    width: width ?? shape?.width ?? null,
  };
  checkThreshold(threshold, need.samples);
  return { need, threshold, budget: new MemoryBudget() };
}

interface Series {
  readonly calibrating: readonly NamedPicture[];
  readonly measuring: readonly NamedPicture[];
  readonly independent: boolean;
  /** Folder or file of `measuring`. */
  readonly source: string;
}

/** Of one folder alone, pictures 0, 2, 4, … calibrate and the others measure. */
async function readSeries(plan: MeasurePlan, reading: PictureReading, context: Context): Promise<Series> {
  const { calibrate: folder, measure } = plan;
  const source = measure ?? folder ?? "";
  if (folder === null) {
    return { calibrating: [], measuring: await readPictures(source, reading, context), independent: true, source };
  }
  const calibrating = await readPictures(folder, reading, context);
  if (measuresOnOwn(plan)) return { calibrating, measuring: calibrating, independent: false, source };
  if (measure !== null) {
    return { calibrating, measuring: await readPictures(measure, reading, context), independent: true, source };
  }
  if (calibrating.length < 2) {
    context.log(`${folder} has one picture only: the agreement is measured on the picture that is calibrated on`);
    return { calibrating, measuring: calibrating, independent: false, source };
  }
  return {
    calibrating: calibrating.filter((_, index) => index % 2 === 0),
    measuring: calibrating.filter((_, index) => index % 2 === 1),
    independent: true,
    source,
  };
}

async function calibrateOn(
  model: Model,
  pictures: readonly NamedPicture[],
  { levels, calibrate: folder }: MeasurePlan,
  context: Context,
): Promise<Calibration | null> {
  if (folder === null) return null;
  const progress = await openProgress(context, "calibrate");
  try {
    return withSource(folder, () =>
      calibrate(
        model,
        pictures.map(({ picture }) => picture),
        levels,
        progress.update,
      ),
    );
  } finally {
    progress.stop();
  }
}

/** Policy `exact` refuses rounded weights, and so gets none. */
function withCalibration(
  options: BinarizeOptions,
  calibration: Calibration | null,
  { levels }: MeasurePlan,
): BinarizeOptions {
  if (calibration === null) return options;
  const rounds = levels > 1 && options.weightBits === undefined && options.policy !== "exact";
  return { ...options, calibration, ...(rounds ? { weightBits: LEVEL_WEIGHT_BITS } : {}) };
}

async function measureOn(
  model: Model,
  module: MorphModule,
  { calibrating, measuring, independent, source }: Series,
  context: Context,
): Promise<MeasuredAgreement> {
  const progress = await openProgress(context, "measure");
  let done = 0;
  const pictureDone = (): void => progress.update(++done / measuring.length);
  try {
    const pictures = measuring.map(({ picture }) => picture);
    const agreement = withSource(source, () => measureAgreement(model, module, pictures, pictureDone));
    const worstPicture = agreement.worst === null ? null : (measuring[agreement.worst.index] ?? null);
    return { ...agreement, calibratedOn: calibrating.length, independent, worstPicture };
  } finally {
    progress.stop();
  }
}
