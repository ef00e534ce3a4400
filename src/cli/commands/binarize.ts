import { printModule } from "../../ir/print.js";
import type { Model } from "../../model/types.js";
import { agreementFields, describeAgreement, encodeWorst } from "../agreement/agreement-text.js";
import {
  type BinarizedOnPictures,
  binarizeOnPictures,
  type MeasuredAgreement,
} from "../agreement/binarize-on-pictures.js";
import { readMeasurePlan } from "../agreement/measure-plan.js";
import type { BinarizeArguments } from "../arguments.js";
import { readBinarizeOptions } from "../binarize-model.js";
import { reportFields } from "../certificate.js";
import { type Context, STATUS, stringify, UsageError } from "../context.js";
import { STREAM } from "../files.js";
import { readModel } from "../read-model.js";
import { adviceFor } from "../report/advice.js";
import { printReport } from "../report/report-text.js";
import { summarize } from "../report/summary.js";
import { holdingSignals } from "../signals.js";
import { type OutputFile, writeFiles } from "../write-files.js";

/** `bimonnc binarize`: MorphIR, or what is known about it, of a model. */
export async function binarizeCommand(parsed: BinarizeArguments, context: Context): Promise<number> {
  const options = readBinarizeOptions(parsed);
  const plan = readMeasurePlan(parsed, options.policy);
  refuseContradictions(parsed, plan !== null);
  const { model } = await readModel(parsed.model, context);
  const binarized = await binarizeOnPictures(model, parsed.model, { options, plan }, context);
  const { agreement, binarization } = binarized;
  const { name } = model;
  const { grade } = binarization.report;
  const measured = agreement === null ? {} : { agreement: agreementFields(agreement) };
  const { text, fields } = await answerOf(parsed, model, binarized, context);
  const worst = await worstFiles(parsed.worst, agreement);
  const toFile = parsed.output !== STREAM;
  const json = `${stringify({ ...fields, ...measured })}\n`;
  const content = text === null || (context.json && parsed.report) ? json : text;
  const files = [...(toFile ? [{ path: parsed.output, content }] : []), ...worst];
  await holdingSignals(() => writeFiles(".", files));
  if (toFile) context.printJson({ name, grade, file: parsed.output, ...measured });
  else context.io.writeStdout(context.json ? json : content);
  context.log(`${name}: ${grade}`);
  if (agreement !== null) {
    for (const line of describeAgreement(model, agreement, worst[0]?.path ?? null)) context.log(line);
  }
  return STATUS.done;
}

function refuseContradictions({ emit, report, worst, output }: BinarizeArguments, measures: boolean): void {
  if (report && emit !== undefined) throw new UsageError("--report and --emit are two things to write: choose one");
  if (worst === undefined) return;
  if (!measures) throw new UsageError("--worst needs pictures: --calibrate DIR or --measure DIR");
  if (!worst.endsWith(".png")) throw new UsageError(`--worst ${worst}: name a .png file`);
  if (worst === output) throw new UsageError("--output and --worst name the same file");
}

interface Answer {
  /** Null where it is JSON whatever the user asked for. */
  readonly text: string | null;
  readonly fields: object;
}

async function answerOf(
  { emit, report: wantsSummary, model: path }: BinarizeArguments,
  model: Model,
  { binarization, options }: BinarizedOnPictures,
  context: Context,
): Promise<Answer> {
  const { module, report } = binarization;
  if (wantsSummary) {
    const summary = summarize(model, report);
    const advice = await adviceFor(model, path, { options, report }, context);
    return { text: `${await printReport(summary, advice)}\n`, fields: { ...summary, advice } };
  }
  if (emit === "report") return { text: null, fields: reportFields(report) };
  const ir = printModule(module);
  return { text: ir, fields: { name: module.name, grade: report.grade, ir } };
}

/** The picture with the least agreement, if it is wanted and there is one. */
async function worstFiles(path: string | undefined, agreement: MeasuredAgreement | null): Promise<OutputFile[]> {
  if (path === undefined || agreement === null) return [];
  const content = await encodeWorst(agreement);
  return content === null ? [] : [{ path, content }];
}
