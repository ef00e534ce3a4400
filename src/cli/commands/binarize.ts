import { basename, dirname } from "node:path";
import { printModule } from "../../ir/print.js";
import type { BinarizeArguments } from "../arguments.js";
import { binarizeModel } from "../binarize-model.js";
import { reportFields } from "../certificate.js";
import { type Context, STATUS, stringify } from "../context.js";
import { STREAM } from "../files.js";
import { readModel } from "../read-model.js";
import { writeFiles } from "../write-files.js";

/** `bimonnc binarize`: MorphIR or the report of a model. */
export async function binarizeCommand(parsed: BinarizeArguments, context: Context): Promise<number> {
  const { model } = await readModel(parsed.model, context);
  const { module, report } = await binarizeModel(model, parsed.model, parsed, context);
  const content = parsed.emit === "ir" ? printModule(module) : `${stringify(reportFields(report))}\n`;
  if (parsed.output !== STREAM) {
    writeFiles(dirname(parsed.output), [{ path: basename(parsed.output), content }]);
    context.printJson({ name: module.name, grade: report.grade, file: parsed.output });
  } else if (context.json && parsed.emit === "ir") {
    context.printJson({ name: module.name, grade: report.grade, ir: content });
  } else {
    context.io.writeStdout(content);
  }
  context.log(`${module.name}: ${report.grade}`);
  return STATUS.done;
}
