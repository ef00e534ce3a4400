/** BiSEL and DenseLUI layers to MorphIR nodes. */
import type { MorphNode, ValueId } from "../ir/node.js";
import { type BiselLayer, type DenseLuiLayer, type NeuronBank, neuronWeights } from "../model/types.js";
import { elementFromKernel, reflectElement } from "../morph/structuring-element.js";
import type { LayerContext, Stage } from "./binarize.js";
import { type BinarizedNeuron, type BitFunction, binarizeNeuron } from "./neuron.js";
import type { ChannelBounds, NeuronReport } from "./report.js";

type Translated = [Stage, readonly NeuronReport[]];

export function binarizeBisel(layer: BiselLayer, stage: Stage, context: LayerContext): Translated {
  const reports: NeuronReport[] = [];
  const values: ValueId[] = [];
  const bounds: ChannelBounds[] = [];
  for (let output = 0; output < layer.outChannels; output++) {
    const joined: ValueId[] = [];
    const joinedBounds: ChannelBounds[] = [];
    for (let input = 0; input < layer.inChannels; input++) {
      const neuron = input * layer.outChannels + output;
      const binarized = bankNeuron(
        layer.bise,
        neuron,
        layer.kernelHeight * layer.kernelWidth,
        stage.bounds[input],
        context,
      );
      const path = `${context.path}.bise[${neuron}]`;
      const shape = [layer.kernelHeight, layer.kernelWidth] as const;
      reports[neuron] = reportOf(binarized, path, shape, false);
      joined.push(addBise(binarized, layer, stage.values[input] ?? 0, `bise${context.index}_${neuron}`, path, context));
      joinedBounds.push(binarized.output);
    }
    if (layer.lui === null) {
      values.push(...joined);
      bounds.push(...joinedBounds);
      continue;
    }
    const binarized = luiNeuron(layer.lui, output, joinedBounds, context);
    const path = `${context.path}.lui[${output}]`;
    reports[layer.bise.count + output] = reportOf(binarized, path, [1, layer.inChannels], true);
    values.push(addLui(binarized, joined, `lui${context.index}_${output}`, path, context));
    bounds.push(binarized.output);
  }
  if (layer.lui === null)
    reports.push(...values.map((_, output) => identityReport(context.path, output, bounds[output])));
  return [{ values, bounds }, reports];
}

export function binarizeDenseLui(layer: DenseLuiLayer, stage: Stage, context: LayerContext): Translated {
  const values: ValueId[] = [];
  const bounds: ChannelBounds[] = [];
  const reports: NeuronReport[] = [];
  for (let neuron = 0; neuron < layer.outFeatures; neuron++) {
    const binarized = luiNeuron(layer.lui, neuron, stage.bounds, context);
    const path = `${context.path}.lui[${neuron}]`;
    reports.push(reportOf(binarized, path, [1, layer.inFeatures], true));
    values.push(addLui(binarized, stage.values, `lui${context.index}_${neuron}`, path, context));
    bounds.push(binarized.output);
  }
  return [{ values, bounds }, reports];
}

function bankNeuron(
  bank: NeuronBank,
  neuron: number,
  inputs: number,
  bounds: ChannelBounds | undefined,
  context: LayerContext,
): BinarizedNeuron {
  const each = bounds ?? { zeroUpper: 1, oneLower: 0 };
  return luiNeuron(
    bank,
    neuron,
    Array.from({ length: inputs }, () => each),
    context,
  );
}

function luiNeuron(
  bank: NeuronBank,
  neuron: number,
  bounds: readonly ChannelBounds[],
  context: LayerContext,
): BinarizedNeuron {
  const parameters = {
    weights: neuronWeights(bank, neuron),
    bias: bank.biases[neuron] ?? 0,
    scale: bank.scales[neuron] ?? 0,
    activation: bank.activation,
  };
  const binarized = binarizeNeuron(parameters, bounds, context.policy);
  context.neuronDone();
  return binarized;
}

/** A BiSE neuron as a node on its one input image; see docs/ir.md for why a dilation's element is reflected. */
function addBise(
  neuron: BinarizedNeuron,
  layer: BiselLayer,
  input: ValueId,
  name: string,
  path: string,
  context: LayerContext,
): ValueId {
  const { kernelHeight: height, kernelWidth: width, border } = layer;
  const node = ((): MorphNode => {
    const { function: bits } = neuron;
    switch (bits.kind) {
      case "constant":
        return { kind: "constant", like: input, value: bits.value };
      case "erosion":
        return { kind: "erosion", input, element: elementFromKernel(height, width, bits.members), border };
      case "dilation":
        return {
          kind: "dilation",
          input,
          element: reflectElement(elementFromKernel(height, width, bits.members)),
          border,
        };
      case "threshold": {
        const terms = bits.weights.flatMap((weight, position) => {
          const row = Math.floor(position / width) - Math.floor(height / 2);
          const column = (position % width) - Math.floor(width / 2);
          return weight === 0n ? [] : [{ input, offset: { row, column }, weight }];
        });
        return { kind: "threshold", terms, bound: bits.bound, border };
      }
    }
  })();
  return addNeuron(node, neuron, name, path, context);
}

/** A LUI neuron as a node on several images, or on several bits. */
function addLui(
  neuron: BinarizedNeuron,
  inputs: readonly ValueId[],
  name: string,
  path: string,
  context: LayerContext,
): ValueId {
  return addNeuron(joinNode(neuron.function, inputs), neuron, name, path, context);
}

function joinNode(bits: BitFunction, inputs: readonly ValueId[]): MorphNode {
  switch (bits.kind) {
    case "constant":
      return { kind: "constant", like: inputs[0] ?? 0, value: bits.value };
    case "erosion":
      return { kind: "intersection", inputs: inputs.filter((_, position) => bits.members[position]) };
    case "dilation":
      return { kind: "union", inputs: inputs.filter((_, position) => bits.members[position]) };
    case "threshold": {
      const terms = bits.weights.flatMap((weight, position) => {
        const input = inputs[position];
        return weight === 0n || input === undefined ? [] : [{ input, offset: { row: 0, column: 0 }, weight }];
      });
      return { kind: "threshold", terms, bound: bits.bound, border: "replicate" };
    }
  }
}

function addNeuron(
  node: MorphNode,
  neuron: BinarizedNeuron,
  name: string,
  path: string,
  context: LayerContext,
): ValueId {
  const origin = { path, grade: neuron.grade };
  if (!neuron.complemented) return context.builder.add(node, name, origin);
  const positive = context.builder.add(node, `${name}_positive`, origin);
  return context.builder.add({ kind: "complement", input: positive }, name, origin);
}

function reportOf(
  neuron: BinarizedNeuron,
  path: string,
  shape: readonly [number, number],
  isLui: boolean,
): NeuronReport {
  const { function: bits, complemented, grade, inequality, distance, output, reason } = neuron;
  const operations = isLui ? LUI_OPERATIONS : BISE_OPERATIONS;
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

function identityReport(path: string, output: number, bounds: ChannelBounds | undefined): NeuronReport {
  return {
    path: `${path}.lui[${output}]`,
    grade: "exact",
    operation: "identity",
    complemented: false,
    shape: [1, 1],
    members: null,
    constant: null,
    threshold: null,
    inequality: null,
    distance: null,
    output: bounds ?? { zeroUpper: 1, oneLower: 0 },
    reason: null,
  };
}
