import type { LayerReport, NeuronReport } from "../../binarize/report.js";
import { unreachable } from "../../diagnostics.js";
import type { ModuleInput } from "../../ir/node.js";
import type { Layer, Model } from "../../model/types.js";
import { elementFromKernel, reflectElement } from "../../morph/structuring-element.js";
import type { InspectArguments } from "../arguments.js";
import { binarizeModel, readBinarizeOptions } from "../binarize-model.js";
import { reportFields } from "../certificate.js";
import { type Context, STATUS } from "../context.js";
import { DRAWING_LEGEND, drawElement, isDrawing } from "../draw-element.js";
import { plainText } from "../plain-text.js";
import { readModel } from "../read-model.js";
import { checkInteger } from "../values.js";

/** Widest and tallest grid of weights that is printed. */
const LARGEST_GRID = 9;

/** `bimonnc inspect`: a model for people; with `--json`, its description and the whole report. */
export async function inspectCommand(parsed: InspectArguments, context: Context): Promise<number> {
  const limit = checkInteger("limit", parsed.limit, 0, 2 ** 31);
  const options = readBinarizeOptions(parsed);
  const { model, sha256 } = await readModel(parsed.model, context);
  const { module, report } = await binarizeModel(model, parsed.model, options, context);
  context.print(`${model.name}: ${report.grade}`);
  context.print(`model SHA-256 ${sha256}`);
  context.print(`input: ${describeInput(model, module.input)}`);
  for (const line of describeProvenance(model)) context.print(line);
  const shown = model.layers.flatMap((layer, index) => {
    const found = report.layers.find((each) => each.path === `layers[${index}]`);
    return describeLayer(layer, found ?? null, index, limit === 0 ? Number.POSITIVE_INFINITY : limit);
  });
  if (shown.some(isDrawing)) for (const line of DRAWING_LEGEND) context.print(line);
  for (const line of shown) context.print(line);
  context.printJson({
    name: model.name,
    sha256,
    input: { ...model.input, height: module.input.height, width: module.input.width },
    layers: model.layers.map(describeShape),
    provenance: model.provenance,
    report: reportFields(report),
  });
  return STATUS.done;
}

/** With the size that is compiled, which `--shape` may fix. */
function describeInput({ input }: Model, { height, width }: ModuleInput): string {
  const { encoding, channels, complements } = input;
  const size = `${height ?? "any"}×${width ?? "any"}`;
  const kind =
    encoding.kind === "binary"
      ? "bits"
      : `gray, level sets ${encoding.values.map((levels) => levels.join(" ")).join(" | ")}`;
  return `${count(channels, "channel")} of ${size} pixels, ${kind}${complements ? ", and the complements" : ""}`;
}

function describeProvenance({ provenance }: Model): readonly string[] {
  if (provenance === null) return [];
  const { tool, dataSet, seed, notes, metrics } = provenance;
  const fields = Object.entries({ tool, "data set": dataSet, seed, notes }).filter(([, value]) => value !== "");
  return [...fields, ...metrics.map(({ name, value }) => [name, String(value)] as const)].map(
    ([name, value]) => `${name}: ${plainText(value)}`,
  );
}

function describeShape(layer: Layer): object {
  switch (layer.kind) {
    case "bisel": {
      const { kind, inChannels, outChannels, kernelHeight, kernelWidth, border, bise, lui } = layer;
      const activation = { bise: bise.activation, lui: lui?.activation ?? null };
      return { kind, inChannels, outChannels, kernelHeight, kernelWidth, border, activation };
    }
    case "dense-lui":
      return { kind: layer.kind, inFeatures: layer.inFeatures, outFeatures: layer.outFeatures };
    case "readout":
      return { kind: layer.kind, inFeatures: layer.inFeatures, classes: layer.classes };
    case "max-pool":
    case "flatten":
      return { kind: layer.kind };
    default:
      return unreachable(layer);
  }
}

function layerTitle(layer: Layer): string {
  switch (layer.kind) {
    case "bisel": {
      const { inChannels, outChannels, kernelHeight, kernelWidth, border, bise } = layer;
      return `BiSEL ${inChannels} → ${outChannels} channels, kernel ${kernelHeight}×${kernelWidth}, border ${border}, ${bise.activation}`;
    }
    case "dense-lui":
      return `dense LUI ${layer.inFeatures} → ${layer.outFeatures}, ${layer.lui.activation}`;
    case "readout":
      return `read-out ${layer.inFeatures} → ${layer.classes} classes, ${layer.bank.activation}`;
    case "max-pool":
      return "max-pool 2×2";
    case "flatten":
      return "flatten";
    default:
      return unreachable(layer);
  }
}

function describeLayer(layer: Layer, report: LayerReport | null, index: number, limit: number): readonly string[] {
  const lines = ["", `layers[${index}] ${layerTitle(layer)}`];
  // Left-out LUIs say nothing about the network.
  const neurons = report?.neurons.filter(({ operation }) => operation !== "identity") ?? [];
  if (neurons.length > 0) lines.push(`  ${countBy(neurons)}`);
  for (const neuron of neurons.slice(0, limit)) {
    lines.push(...describeNeuron(neuron).map((line) => `  ${line}`));
  }
  if (neurons.length > limit) lines.push(`  … ${count(neurons.length - limit, "more neuron")} (--limit 0 shows all)`);
  return lines;
}

/** `3 erosion exact, 1 threshold hardened` */
function countBy(neurons: readonly NeuronReport[]): string {
  const counts = new Map<string, number>();
  for (const { operation, grade } of neurons) {
    const key = `${operation} ${grade}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, total]) => `${total} ${key}`).join(", ");
}

function describeNeuron(neuron: NeuronReport): readonly string[] {
  const { path, grade, proof, operation, complemented, distance, reason } = neuron;
  const replaced = distance === null ? "" : `  distance ${Number(distance.toPrecision(4))}`;
  const how = proof === null ? "" : `, ${proof}`;
  const title = `${path}  ${complemented ? "complement of " : ""}${operation}  ${grade}${how}${replaced}`;
  const why = reason === null ? [] : [`  ${reason}`];
  return [title, ...why, ...describeOperation(neuron).map((line) => `  ${line}`)];
}

function describeOperation(neuron: NeuronReport): readonly string[] {
  const { operation, members, constant, threshold, shape } = neuron;
  if (constant !== null) return [`always ${constant}`];
  if (threshold !== null) return describeThreshold(threshold.weights.map(String), String(threshold.bound), shape);
  if (members === null) return [];
  const total = members.filter(Boolean).length;
  if (operation === "intersection" || operation === "union") {
    const inputs = members.flatMap((member, index) => (member ? [index] : []));
    const shown = inputs.slice(0, 32).join(" ");
    return [`${total} of ${members.length} inputs: ${shown}${inputs.length > 32 ? " …" : ""}`];
  }
  const [height, width] = shape;
  const kernel = elementFromKernel(height, width, members);
  // A kernel is read at p + s, and X ⊕ B is {x + b}: what a dilation spreads is the kernel's reflection.
  const element = operation === "dilation" ? reflectElement(kernel) : kernel;
  const drawn = drawElement(element) ?? [];
  const origin = `origin row ${element.originRow}, column ${element.originColumn}`;
  return [`structuring element ${height}×${width}, ${count(total, "member")}, ${origin}`, ...drawn];
}

function describeThreshold(
  weights: readonly string[],
  bound: string,
  [height, width]: readonly [number, number],
): readonly string[] {
  const digits = weights.reduce((most, weight) => Math.max(most, weight.length), 1);
  const large = weights.length !== height * width || height > LARGEST_GRID || width > LARGEST_GRID || digits > 8;
  const inequality = `weighted sum > ${bound.length > 40 ? `(${bound.length} digits)` : bound}`;
  if (large) return [`${inequality}, ${count(weights.length, "weight")}`];
  const rows = Array.from({ length: height }, (_, row) => {
    const cells = weights.slice(row * width, (row + 1) * width);
    return cells.map((weight) => weight.padStart(digits)).join(" ");
  });
  return [`${inequality}, weights`, ...rows];
}

function count(total: number, noun: string): string {
  return `${total} ${noun}${total === 1 ? "" : "s"}`;
}
