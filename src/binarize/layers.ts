/** BiSEL and DenseLUI layers to MorphIR nodes. */
import { fail, InternalError } from "../diagnostics.js";
import type { BiselLayer, DenseLuiLayer } from "../model/types.js";
import { addNeuron } from "./add-neuron.js";
import type { LayerContext, NeuronPart } from "./context.js";
import { identityReport, type NeuronPlace } from "./neuron-report.js";
import { kernelNodes, luiNodes } from "./nodes.js";
import type { NeuronReport } from "./report.js";
import type { LayerPlace, Signal, Stage } from "./stage.js";

type Translated = [Stage, readonly NeuronReport[]];

export function binarizeBisel(layer: BiselLayer, stage: Stage, context: LayerContext): Translated {
  checkInputs(stage, layer.inChannels, context);
  const { kernelHeight, kernelWidth, inChannels, outChannels } = layer;
  const biseReports: NeuronReport[][] = [];
  const luiReports: NeuronReport[] = [];
  const outputs = Array.from({ length: outChannels }, (_, output): Signal => {
    const joined = stage.map((input, channel): Signal => {
      const index = channel * outChannels + output;
      const inputs = Array.from({ length: kernelHeight * kernelWidth }, () => input);
      const part: NeuronPart = { part: layer.lui === null ? "output" : "bise", neuron: index };
      const place = {
        path: `${context.path}.bise[${index}]`,
        name: `bise${context.index}_${index}`,
        words: "kernel",
        shape: [kernelHeight, kernelWidth],
      } as const;
      const [signal, reports] = addNeuron(layer.bise, part, inputs, place, kernelNodes(layer, input), context);
      biseReports[index] = reports;
      return signal;
    });
    if (layer.lui === null) {
      const [only] = joined;
      if (only === undefined) throw new InternalError("a layer without inputs");
      luiReports.push(identityReport(`${context.path}.lui[${output}]`, biseReports[output]?.[0]));
      return only;
    }
    const place = luiPlace(output, inChannels, context);
    const part: NeuronPart = { part: "output", neuron: output };
    const [signal, reports] = addNeuron(layer.lui, part, joined, place, luiNodes(joined), context);
    luiReports.push(...reports);
    return signal;
  });
  return [outputs, biseReports.flat().concat(luiReports)];
}

export function binarizeDenseLui(layer: DenseLuiLayer, stage: Stage, context: LayerContext): Translated {
  checkInputs(stage, layer.inFeatures, context);
  const reports: NeuronReport[] = [];
  const nodes = luiNodes(stage);
  const outputs = Array.from({ length: layer.outFeatures }, (_, index): Signal => {
    const place = luiPlace(index, layer.inFeatures, context);
    const part: NeuronPart = { part: "output", neuron: index };
    const [signal, own] = addNeuron(layer.lui, part, stage, place, nodes, context);
    reports.push(...own);
    return signal;
  });
  return [outputs, reports];
}

/** A decoded model fits; one that was built by hand, or given another shape, may not. @throws DiagnosticError BMN0207 */
export function checkInputs(stage: Stage, expected: number, place: LayerPlace): void {
  if (stage.length === expected) return;
  fail("BMN0207", `the layer reads ${expected} inputs, but there are ${stage.length}`, { path: place.path });
}

function luiPlace(index: number, inputs: number, { path, index: layer }: LayerPlace): NeuronPlace {
  return { path: `${path}.lui[${index}]`, name: `lui${layer}_${index}`, words: "inputs", shape: [1, inputs] };
}
