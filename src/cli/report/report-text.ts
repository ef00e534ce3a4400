/** The report of a binarization as text. */
import { policyName } from "../../binarize/policy-name.js";
import { GREATEST_FACTOR, type SharpenedLayer, type Sharpening } from "../../binarize/sharpening.js";
import { layoutTable } from "../table.js";
import type { Advice } from "./advice.js";
import type { FailingBit, LayerSummary, NearBit, ReportSummary } from "./summary.js";

/** Text of several lines, without a line break at its end. */
export async function printReport(summary: ReportSummary, advice: Advice | null): Promise<string> {
  const { name, grade, policy, arithmetic, layers, nearest, failing } = summary;
  const blocks = [
    `${name}: ${grade}, by --binarize ${policyName(policy)}, about the float network in ${arithmetic} arithmetic`,
    await layerTable(layers),
  ];
  if (nearest.length > 0) blocks.push(`Exact, nearest to failing first\n${await nearestTable(nearest)}`);
  if (failing.bits > 0) blocks.push(await failingText(failing, layers));
  if (advice !== null) blocks.push(`What would make it exact\n${adviceLines(advice).map(indent).join("\n")}`);
  if (layers.some(({ leastMargin }) => leastMargin !== null)) blocks.push(MARGIN_NOTE);
  return blocks.join("\n\n");
}

const MARGIN_NOTE =
  "A margin is how far P · (W·x − B) stays from 0, on whichever inputs it comes nearest; the activation step needs none.";

async function layerTable(layers: readonly LayerSummary[]): Promise<string> {
  const columns = [
    { head: "layer", cellOf: ({ path }: LayerSummary) => path },
    { head: "kind", cellOf: ({ kind }: LayerSummary) => kind },
    { head: "bits", cellOf: ({ bits }: LayerSummary) => String(bits), right: true },
    { head: "grade, proof", cellOf: gradesText },
    { head: "operations", cellOf: operationsText },
    { head: "least margin", cellOf: ({ leastMargin }: LayerSummary) => numberText(leastMargin), right: true },
    { head: "median", cellOf: ({ medianMargin }: LayerSummary) => numberText(medianMargin), right: true },
    { head: "distance", cellOf: ({ greatestDistance }: LayerSummary) => numberText(greatestDistance), right: true },
    {
      head: "weight error",
      cellOf: ({ greatestWeightError }: LayerSummary) => numberText(greatestWeightError),
      right: true,
    },
  ].filter(({ cellOf }) => layers.some((layer) => cellOf(layer) !== NONE));
  return layoutTable(
    columns.map(({ head }) => head),
    layers.map((layer) => columns.map(({ cellOf }) => cellOf(layer))),
    columns.flatMap(({ right }, index) => (right === true ? [index] : [])),
  );
}

function gradesText({ grades }: LayerSummary): string {
  return grades.map(({ grade, proof, bits }) => `${bits} ${grade}${proof === null ? "" : `, ${proof}`}`).join("\n");
}

function operationsText({ operations }: LayerSummary): string {
  return operations.map(({ operation, bits }) => `${bits} ${operation}`).join("\n");
}

async function nearestTable(nearest: readonly NearBit[]): Promise<string> {
  const rows = nearest.map(({ path, value, operation, proof, margin }) => [
    indent(path),
    value,
    operation,
    proof ?? NONE,
    numberText(margin),
  ]);
  return layoutTable([indent("neuron"), "value", "operation", "proof", "margin"], rows, [4]);
}

async function failingText({ bits, reasons, first }: ReportSummary["failing"], layers: readonly LayerSummary[]) {
  const total = layers.reduce((sum, layer) => sum + layer.bits, 0);
  const counts = reasons.map((each) => indent(`${each.bits}: ${each.reason}`));
  const more = bits > first.length ? [indent(`… ${bits - first.length} more`)] : [];
  const listed = await failingTable(first);
  return [`Not exact: ${bits} of ${total} bits`, ...counts, listed, ...more].join("\n");
}

async function failingTable(first: readonly FailingBit[]): Promise<string> {
  const rows = first.map(({ path, value, operation, grade, reason }) => [
    indent(path),
    value,
    operation,
    grade,
    reason,
  ]);
  return layoutTable([indent("neuron"), "value", "operation", "grade", "why"], rows);
}

function adviceLines({ sharpening, realSharpening, auto, real, withinReach, refuted }: Advice): readonly string[] {
  const lines: string[] = [];
  if (auto !== null) lines.push(`--binarize auto without rounding and calibration: ${auto}`);
  if (real !== null) lines.push(`--arithmetic real: ${real === "exact" ? "exact" : `stays ${real}`}`);
  if (withinReach > 0) lines.push(`--prove exhaustive: may prove ${withinReach} more, which depend on few pixels`);
  if (refuted > 0) {
    const whose = refuted === 1 ? "1 bit" : `${refuted} bits`;
    lines.push(`no proof for ${whose}: on some picture the answer differs from the float network's, or nearly`);
  }
  const what = auto === null ? "a larger P" : "--binarize auto and a larger P";
  lines.push(sharpeningLine(what, sharpening));
  if (realSharpening?.exact === true) lines.push(sharpeningLine(`--arithmetic real, ${what}`, realSharpening));
  return lines;
}

function sharpeningLine(what: string, { layers, exact }: Sharpening): string {
  const needed = layers.filter(({ factor }) => factor !== 1);
  const failed = needed.find(({ factor }) => factor === null);
  if (failed !== undefined) return `${what}: none found for ${failed.path}, up to a factor of ${GREATEST_FACTOR}`;
  if (needed.length === 0) return `${what}: ${exact ? "not needed" : "does not help"}`;
  const factors = needed.map(factorText).join(", ");
  return `${what}, by a factor of ${factors}: ${exact ? "exact" : "hidden values are proved, the outputs are not"}`;
}

function factorText({ path, factor }: SharpenedLayer): string {
  return `${numberText(factor)} in ${path}`;
}

const NONE = "–";

function numberText(value: number | null): string {
  return value === null ? NONE : String(Number(value.toPrecision(3)));
}

function indent(text: string): string {
  return `  ${text}`;
}
