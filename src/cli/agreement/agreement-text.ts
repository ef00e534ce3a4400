/** A measured agreement in words, as data and as a picture. */
import { shareOf } from "../../binarize/agreement.js";
import { InternalError, unreachable } from "../../diagnostics.js";
import { evaluateModel } from "../../model/evaluate.js";
import type { Model } from "../../model/types.js";
import type { Outcome } from "../../morph/picture.js";
import type { AgreementUnit, ManifestAgreement } from "../../run/manifest.js";
import { encodeColourPng } from "../pictures/encode.js";
import { plainText } from "../plain-text.js";
import type { MeasuredAgreement } from "./binarize-on-pictures.js";
import { drawWorst } from "./draw-worst.js";

/** As it is kept in the manifest. */
export function agreementFields(agreement: MeasuredAgreement): ManifestAgreement {
  const { pictures, equalPictures, answers, equal, calibratedOn, independent } = agreement;
  const worst = worstOf(agreement);
  return {
    pictures,
    equalPictures,
    unit: unitOf(agreement.worst?.agreement.outcome.kind ?? "images"),
    answers,
    equal,
    calibratedOn,
    independent,
    worst:
      worst === null ? null : { picture: worst.name, answers: worst.agreement.answers, equal: worst.agreement.equal },
  };
}

/** The picture with the least agreement and what was answered; null where all answers are equal. */
function worstOf({ worst, worstPicture }: MeasuredAgreement) {
  if (worst === null || worstPicture === null || worst.agreement.equal === worst.agreement.answers) return null;
  return { ...worstPicture, agreement: worst.agreement };
}

function unitOf(kind: Outcome["kind"]): AgreementUnit {
  switch (kind) {
    case "images":
      return "pixels";
    case "bits":
      return "elements";
    case "scores":
      return "classes";
    default:
      return unreachable(kind);
  }
}

/** A PNG file of the worst picture; null where all answers are equal. @throws DiagnosticError BMN0102 */
export async function encodeWorst(agreement: MeasuredAgreement): Promise<Uint8Array | null> {
  const worst = worstOf(agreement);
  if (worst === null) return null;
  const { height, width, samples } = drawWorst(worst.picture, worst.agreement);
  return encodeColourPng(height, width, samples);
}

/**
 * Lines for people.
 * @param file where {@link encodeWorst} was written to, or null
 */
export function describeAgreement(model: Model, agreement: MeasuredAgreement, file: string | null): readonly string[] {
  const { pictures, equalPictures, answers, equal, unit } = agreementFields(agreement);
  const share = `${percentage(agreement)} of ${answers} ${unit} as the float network`;
  const lines = [`agreement: ${share}, on ${picturesText(agreement)}; all equal on ${equalPictures} of ${pictures}`];
  const worst = worstOf(agreement);
  if (worst === null || equal === answers) return lines;
  const name = plainText(worst.name);
  const { outcome } = worst.agreement;
  const content = outcome.kind === "images" ? "input | float network | compiled | difference" : "the input";
  const where = file === null ? "" : `; ${file} shows ${content}`;
  return [...lines, `worst picture: ${name}, ${describeWorst(model, worst)}${where}`];
}

function picturesText({ pictures, calibratedOn, independent }: MeasuredAgreement): string {
  const counted = `${pictures} ${pictures === 1 ? "picture" : "pictures"}`;
  if (calibratedOn === 0) return counted;
  return independent ? `${counted} other than the ${calibratedOn} calibrated on` : `the ${counted} calibrated on`;
}

type Worst = NonNullable<ReturnType<typeof worstOf>>;

/** Most elements of a vector that are written out. */
const MOST_ELEMENTS = 64;

function describeWorst(model: Model, { picture, agreement }: Worst): string {
  const { outcome, floatBits, answers } = agreement;
  switch (outcome.kind) {
    case "images":
      return `${percentage(agreement)} of ${answers} pixels`;
    case "bits":
      return answers > MOST_ELEMENTS
        ? `${percentage(agreement)} of ${answers} elements`
        : `float network ${floatBits?.join("") ?? ""}, compiled ${outcome.bits.join("")}`;
    case "scores": {
      const scores = evaluateModel(model, picture).at(-1)?.output.values;
      if (scores === undefined) throw new InternalError("a network without layers");
      const greatest = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY);
      return `float network class ${scores.indexOf(greatest)}, compiled class ${outcome.class}`;
    }
    default:
      return unreachable(outcome);
  }
}

/** Rounded so that 100 % and 0 % are said of all and none alone. */
function percentage(counted: { readonly answers: number; readonly equal: number }): string {
  const percent = 100 * shareOf(counted);
  const rounded = percent > 50 ? Math.floor(percent * 100) / 100 : Math.ceil(percent * 100) / 100;
  return `${rounded.toFixed(2)} %`;
}
