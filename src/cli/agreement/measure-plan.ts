/** What pictures are for: to calibrate hidden values, to measure the agreement with the float network, or both. */
import { resolve } from "node:path";
import type { BinarizationPolicy } from "../../binarize/report.js";
import { UsageError } from "../context.js";
import { checkInteger, parseThreshold } from "../values.js";

/** Options of commands that take pictures to binarize by. */
export interface PictureChoice {
  readonly calibrate?: string | undefined;
  readonly "hidden-levels"?: number | undefined;
  readonly measure?: string | undefined;
  readonly threshold?: number | undefined;
}

export interface MeasurePlan {
  /** Folder or file, or null. */
  readonly calibrate: string | null;
  /** Most bits of a hidden value. */
  readonly levels: number;
  readonly measure: string | null;
  readonly threshold: number | null;
}

const MOST_LEVELS = 64;

/** Null if no pictures are named. @throws UsageError */
export function readMeasurePlan(choice: PictureChoice, policy: BinarizationPolicy): MeasurePlan | null {
  const { calibrate, measure, "hidden-levels": levels = 1 } = choice;
  if (choice["hidden-levels"] !== undefined) {
    checkInteger("hidden-levels", levels, 1, MOST_LEVELS);
    if (calibrate === undefined) {
      throw new UsageError("--hidden-levels needs --calibrate DIR: pictures tell where hidden values are cut");
    }
  }
  const threshold = parseThreshold(choice.threshold);
  if (calibrate !== undefined && policy !== "auto" && policy !== "exact") {
    throw new UsageError("--calibrate is for --binarize auto or exact: approximations keep their own operations");
  }
  if (calibrate === undefined && measure === undefined) {
    if (threshold !== null) throw new UsageError("--threshold needs pictures: --calibrate DIR or --measure DIR");
    return null;
  }
  if (calibrate === "" || measure === "") throw new UsageError("--calibrate and --measure name a folder");
  return { calibrate: calibrate ?? null, levels, measure: measure ?? null, threshold };
}

/** Whether the agreement would be measured on the pictures that are calibrated on. */
export function measuresOnOwn({ calibrate, measure }: MeasurePlan): boolean {
  return calibrate !== null && measure !== null && resolve(calibrate) === resolve(measure);
}
