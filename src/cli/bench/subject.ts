/** What is measured: a model, or one operator. */
import type { Binarization } from "../../binarize/binarize.js";
import type { CompileOptions } from "../../compile.js";
import { printModule } from "../../ir/print.js";
import type { Model } from "../../model/types.js";
import { namedElement } from "../../morph/named-element.js";
import type { MorphologicalOperator } from "../../morph/operators.js";
import { MORPHOLOGICAL_OPERATORS } from "../../morph/operators.js";
import { elementOffsets, printElement, type StructuringElement } from "../../morph/structuring-element.js";
import { sha256 } from "../../run/open-artifact.js";
import type { BenchArguments } from "../arguments.js";
import { binarizeModel, readBinarizeOptions } from "../binarize-model.js";
import { type Context, UsageError } from "../context.js";
import { sourceName } from "../files.js";
import { plainText } from "../plain-text.js";
import { readModel } from "../read-model.js";
import { operatorBinarization, operatorModule } from "./operator-module.js";

export interface Subject {
  /** One line for people. */
  readonly title: string;
  readonly fields: object;
  readonly binarization: Binarization;
  readonly options: Omit<CompileOptions, "target">;
  /** For diagnostics: what the user named. */
  readonly source: string;
}

/** Options that say how a model becomes bits. */
const MODEL_OPTIONS = ["binarize", "arithmetic", "prove", "weight-bits", "shape"] as const;

/** @throws UsageError, DiagnosticError whatever reading and binarizing find */
export async function readSubject(parsed: BenchArguments, context: Context): Promise<Subject> {
  const operators = MORPHOLOGICAL_OPERATORS.filter((operator) => parsed[operator] !== undefined);
  const { model: path } = parsed;
  const [operator] = operators;
  if (operators.length + (path === undefined ? 0 : 1) !== 1) {
    throw new UsageError("name one model, or one operator with its element, as in --erosion disk5");
  }
  if (path !== undefined) return readNetwork(path, parsed, context);
  const given = MODEL_OPTIONS.find((name) => parsed[name] !== undefined);
  if (given !== undefined) throw new UsageError(`--${given} is for models`);
  return operatorSubject(operator ?? "erosion", parsed);
}

async function readNetwork(path: string, parsed: BenchArguments, context: Context): Promise<Subject> {
  if (parsed.border !== undefined) throw new UsageError("--border is for operators; a model has its own");
  const { model, sha256: hash } = await readModel(path, context);
  const chosen = readBinarizeOptions({ ...parsed, binarize: parsed.binarize ?? "auto" });
  const binarization = await binarizeModel(model, path, { ...chosen, forCode: true }, context);
  return {
    title: `${plainText(model.name)}: ${describeLayers(model)}, ${binarization.report.grade}`,
    fields: { model: model.name, sha256: hash, grade: binarization.report.grade },
    binarization,
    options: { ...chosen, modelSha256: hash },
    source: sourceName(path),
  };
}

function describeLayers({ layers }: Model): string {
  return `${layers.length} ${layers.length === 1 ? "layer" : "layers"}`;
}

function operatorSubject(operator: MorphologicalOperator, parsed: BenchArguments): Subject {
  const text = parsed[operator] ?? "";
  const element = namedElement(text);
  const { border = "replicate" } = parsed;
  const module = operatorModule(operator, element, border);
  const drawing = printElement(element);
  return {
    title: `${operator} by ${describeElement(text, element, drawing)}, border ${border}`,
    fields: { operator, element: drawing, border },
    binarization: operatorBinarization(module),
    options: { policy: "auto", modelSha256: sha256(printModule(module)) },
    source: `--${operator}`,
  };
}

/** Windows up to this many pixels are drawn. */
const LARGEST_DRAWING = 81;

/** Its name, if it has one; its pixels, which a name may leave in doubt; its drawing, where that is not too long. */
function describeElement(text: string, element: StructuringElement, drawing: string): string {
  const pixels = elementOffsets(element).length;
  const name = text.includes("@") ? "" : `${text}, `;
  const window = element.members.length <= LARGEST_DRAWING ? drawing : `${element.height}x${element.width}`;
  return `${name}${pixels} ${pixels === 1 ? "pixel" : "pixels"}, ${window}`;
}
