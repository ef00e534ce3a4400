/** BiSEL and DenseLUI layers to MorphIR nodes. */
import { fail, InternalError, unreachable } from "../diagnostics.js";
import type { MorphNode, ValueId } from "../ir/node.js";
import { type BiselLayer, type DenseLuiLayer, type NeuronBank, neuronWeights } from "../model/types.js";
import { elementFromKernel, reflectElement } from "../morph/structuring-element.js";
import { type BinarizedNeuron, type BitFunction, binarizeNeuron } from "./neuron.js";
import type { ChannelBounds, NeuronOperation, NeuronReport } from "./report.js";
import type { LayerContext, Signal, Stage } from "./stage.js";

type Translated = [Stage, readonly NeuronReport[]];

export function binarizeBisel(layer: BiselLayer, stage: Stage, context: LayerContext): Translated {
  checkInputs(stage, layer.inChannels, context);
  const { kernelHeight, kernelWidth, inChannels, outChannels } = layer;
  const biseReports: NeuronReport[] = [];
  const luiReports: NeuronReport[] = [];
  const outputs = Array.from({ length: outChannels }, (_, output): Signal => {
    const joined = stage.map((input, channel): Signal => {
      const index = channel * outChannels + output;
      const bounds = Array.from({ length: kernelHeight * kernelWidth }, () => input.bounds);
      const neuron = binarizeOne(layer.bise, index, bounds, context);
      const place = { path: `${context.path}.bise[${index}]`, name: `bise${context.index}_${index}` };
      biseReports[index] = reportOf(neuron, place.path, [kernelHeight, kernelWidth], BISE_OPERATIONS);
      return addNeuron(biseNode(neuron.function, layer, input.value), neuron, place, context);
    });
    const path = `${context.path}.lui[${output}]`;
    if (layer.lui === null) {
      const [only] = joined;
      if (only === undefined) throw new InternalError("a layer without inputs");
      luiReports.push(identityReport(path, only));
      return only;
    }
    const neuron = binarizeOne(
      layer.lui,
      output,
      joined.map((each) => each.bounds),
      context,
    );
    luiReports.push(reportOf(neuron, path, [1, inChannels], LUI_OPERATIONS));
    return addNeuron(
      luiNode(neuron.function, joined),
      neuron,
      { path, name: `lui${context.index}_${output}` },
      context,
    );
  });
  return [outputs, biseReports.concat(luiReports)];
}

export function binarizeDenseLui(layer: DenseLuiLayer, stage: Stage, context: LayerContext): Translated {
  checkInputs(stage, layer.inFeatures, context);
  const bounds = stage.map((signal) => signal.bounds);
  const reports: NeuronReport[] = [];
  const outputs = Array.from({ length: layer.outFeatures }, (_, index): Signal => {
    const neuron = binarizeOne(layer.lui, index, bounds, context);
    const place = { path: `${context.path}.lui[${index}]`, name: `lui${context.index}_${index}` };
    reports.push(reportOf(neuron, place.path, [1, layer.inFeatures], LUI_OPERATIONS));
    return addNeuron(luiNode(neuron.function, stage), neuron, place, context);
  });
  return [outputs, reports];
}

/** A decoded model fits; one that was built by hand, or given another shape, may not. @throws DiagnosticError BMN0207 */
export function checkInputs(stage: Stage, expected: number, context: LayerContext): void {
  if (stage.length === expected) return;
  fail("BMN0207", `the layer reads ${expected} inputs, but there are ${stage.length}`, { path: context.path });
}

function binarizeOne(
  bank: NeuronBank,
  index: number,
  bounds: readonly ChannelBounds[],
  context: LayerContext,
): BinarizedNeuron {
  const [bias, scale] = [bank.biases[index], bank.scales[index]];
  if (bias === undefined || scale === undefined) throw new InternalError(`${context.path}: no neuron ${index}`);
  const parameters = { weights: neuronWeights(bank, index), bias, scale, activation: bank.activation };
  const neuron = binarizeNeuron(parameters, bounds, context.policy, context.budget);
  context.neuronDone();
  return neuron;
}

/** A BiSE neuron as a node on its one input image; see docs/ir.md for why a dilation's element is reflected. */
function biseNode(bits: BitFunction, layer: BiselLayer, input: ValueId): MorphNode {
  const { kernelHeight: height, kernelWidth: width, border } = layer;
  switch (bits.kind) {
    case "constant":
      return { kind: "constant", like: input, value: bits.value };
    case "erosion":
      return { kind: "erosion", input, element: elementFromKernel(height, width, bits.members), border };
    case "dilation": {
      const element = reflectElement(elementFromKernel(height, width, bits.members));
      return { kind: "dilation", input, element, border };
    }
    case "threshold": {
      const terms = bits.weights.flatMap((weight, position) => {
        const row = Math.floor(position / width) - Math.floor(height / 2);
        const column = (position % width) - Math.floor(width / 2);
        return weight === 0n ? [] : [{ input, offset: { row, column }, weight }];
      });
      return { kind: "threshold", terms, bound: bits.bound, border };
    }
    default:
      return unreachable(bits);
  }
}

const HERE = { row: 0, column: 0 };

/** A LUI neuron as a node on several images, or on several bits. */
function luiNode(bits: BitFunction, stage: Stage): MorphNode {
  const chosen = (members: readonly boolean[]): ValueId[] =>
    stage.filter((_, position) => members[position] === true).map((signal) => signal.value);
  switch (bits.kind) {
    case "constant": {
      const [first] = stage;
      if (first === undefined) throw new InternalError("a neuron without inputs");
      return { kind: "constant", like: first.value, value: bits.value };
    }
    case "erosion":
      return { kind: "intersection", inputs: chosen(bits.members) };
    case "dilation":
      return { kind: "union", inputs: chosen(bits.members) };
    case "threshold": {
      const terms = stage.flatMap((signal, position) => {
        const weight = bits.weights[position] ?? 0n;
        return weight === 0n ? [] : [{ input: signal.value, offset: HERE, weight }];
      });
      return { kind: "threshold", terms, bound: bits.bound, border: "replicate" };
    }
    default:
      return unreachable(bits);
  }
}

function addNeuron(
  node: MorphNode,
  neuron: BinarizedNeuron,
  { path, name }: { readonly path: string; readonly name: string },
  { builder }: LayerContext,
): Signal {
  const { grade, output: bounds } = neuron;
  const origin = { path, grade };
  if (!neuron.complemented) return { value: builder.add(node, name, origin), bounds, grade };
  const positive = builder.add(node, `${name}_positive`, origin);
  return { value: builder.add({ kind: "complement", input: positive }, name, origin), bounds, grade };
}

const BISE_OPERATIONS = {
  erosion: "erosion",
  dilation: "dilation",
  constant: "constant",
  threshold: "threshold",
} as const;
const LUI_OPERATIONS = {
  erosion: "intersection",
  dilation: "union",
  constant: "constant",
  threshold: "threshold",
} as const;

function reportOf(
  neuron: BinarizedNeuron,
  path: string,
  shape: readonly [number, number],
  operations: Readonly<Record<BitFunction["kind"], NeuronOperation>>,
): NeuronReport {
  const { function: bits, complemented, grade, inequality, distance, output, reason } = neuron;
  return {
    path,
    grade,
    operation: operations[bits.kind],
    complemented,
    shape,
    members: bits.kind === "erosion" || bits.kind === "dilation" ? bits.members : null,
    constant: bits.kind === "constant" ? bits.value : null,
    threshold: bits.kind === "threshold" ? { weights: bits.weights.map(String), bound: String(bits.bound) } : null,
    inequality,
    distance,
    output,
    reason,
  };
}

/** The LUI of a one-channel layer hands its only input on. */
function identityReport(path: string, only: Signal): NeuronReport {
  return {
    path,
    grade: "exact",
    operation: "identity",
    complemented: false,
    shape: [1, 1],
    members: null,
    constant: null,
    threshold: null,
    inequality: null,
    distance: null,
    output: only.bounds,
    reason: null,
  };
}
