/** Model → MorphIR: each layer's neurons become operations, in the order of the layers. */
import { DiagnosticError, fail, unreachable } from "../diagnostics.js";
import { ModuleBuilder } from "../ir/build.js";
import type { Grade, ModuleInput, MorphModule } from "../ir/node.js";
import { imageSize } from "../ir/type.js";
import type { InputDescription, Layer, Model } from "../model/types.js";
import { binarizeBisel, binarizeDenseLui } from "./layers.js";
import { binarizeReadout } from "./readout.js";
import type { BinarizationPolicy, BinarizationReport, LayerReport, NeuronReport } from "./report.js";
import { flatten, inputStage, type LayerContext, maxPool, type Stage } from "./stage.js";
import { ProofBudget } from "./threshold-function.js";

export interface BinarizeOptions {
  readonly policy: BinarizationPolicy;
  /** Fixes a free input size. */
  readonly shape?: { readonly height: number; readonly width: number };
  /** Called after each neuron with the share that is done, 0 … 1. */
  readonly onProgress?: (share: number) => void;
}

export interface Binarization {
  readonly module: MorphModule;
  readonly report: BinarizationReport;
}

/** @throws DiagnosticError BMN0301 under policy `exact`, naming each neuron that is not proved; BMN0503 on a wrong shape */
export function binarize(model: Model, options: BinarizeOptions): Binarization {
  const input = moduleInput(model.input, options.shape);
  const builder = new ModuleBuilder(model.name, input);
  const total = model.layers.reduce((sum, layer) => sum + neuronCount(layer), 0);
  let done = 0;
  const neuronDone = (): void => options.onProgress?.(++done / total);

  const budget = new ProofBudget();
  let stage: Stage = inputStage(model.input, builder);
  let halvings = 0;
  const layers: LayerReport[] = [];
  for (const [index, layer] of model.layers.entries()) {
    const path = `layers[${index}]`;
    const context: LayerContext = { builder, policy: options.policy, path, index, budget, neuronDone };
    let neurons: readonly NeuronReport[] = [];
    switch (layer.kind) {
      case "bisel":
        [stage, neurons] = binarizeBisel(layer, stage, context);
        break;
      case "dense-lui":
        [stage, neurons] = binarizeDenseLui(layer, stage, context);
        break;
      case "max-pool":
        stage = maxPool(stage, context);
        halvings++;
        break;
      case "flatten":
        stage = flatten(stage, imageSize(input, halvings), context);
        break;
      case "readout":
        [stage, neurons] = binarizeReadout(layer, stage, context);
        break;
      default:
        unreachable(layer);
    }
    layers.push({ path, kind: layer.kind, neurons });
  }

  const last = model.layers.at(-1)?.kind;
  const isVector = last === "dense-lui" || last === "flatten";
  const values = stage.map((signal) => signal.value);
  const outputs = isVector ? [builder.add({ kind: "flatten", inputs: values }, "result")] : values;
  const report: BinarizationReport = { policy: options.policy, grade: networkGrade(stage, layers), layers };
  if (options.policy === "exact" && report.grade !== "exact") refuseUnproved(report);
  return { module: builder.finish(outputs), report };
}

function moduleInput(input: InputDescription, shape: BinarizeOptions["shape"]): ModuleInput {
  const fixed = (own: number | null, wanted: number | undefined, side: string): number | null => {
    if (own !== null && wanted !== undefined && own !== wanted) {
      fail("BMN0503", `the network's input ${side} is ${own}, not ${wanted}`, {
        path: `input.${side}`,
        hint: "leave --shape out, or give the network's own size",
      });
    }
    return own ?? wanted ?? null;
  };
  return {
    channels: input.channels,
    height: fixed(input.height, shape?.height, "height"),
    width: fixed(input.width, shape?.width, "width"),
    samples: input.encoding.kind === "binary" ? "bits" : "bytes",
  };
}

function neuronCount(layer: Layer): number {
  switch (layer.kind) {
    case "bisel":
      return layer.bise.count + (layer.lui?.count ?? 0);
    case "dense-lui":
      return layer.lui.count;
    case "readout":
      return layer.classes;
    case "max-pool":
    case "flatten":
      return 0;
    default:
      return unreachable(layer);
  }
}

/** Worst first. */
const GRADES: readonly Grade[] = ["approximate", "hardened", "exact"];

/** `exact` if every output is proved, else the worst grade of all neurons. */
function networkGrade(outputs: Stage, layers: readonly LayerReport[]): Grade {
  if (outputs.every((signal) => signal.grade === "exact")) return "exact";
  const occurs = (grade: Grade): boolean =>
    layers.some((layer) => layer.neurons.some((neuron) => neuron.grade === grade));
  return GRADES.find(occurs) ?? "exact";
}

const MAXIMUM_LISTED = 20;

function refuseUnproved(report: BinarizationReport): void {
  const unproved = report.layers.flatMap((layer) => layer.neurons).filter((neuron) => neuron.grade !== "exact");
  const listed = unproved.slice(0, MAXIMUM_LISTED);
  const more = unproved.length - listed.length;
  const rest = more === 0 ? "" : ` (and ${more} more ${more === 1 ? "neuron" : "neurons"})`;
  throw new DiagnosticError(
    listed.map((neuron, position) => ({
      code: "BMN0301",
      message: `the neuron is not proved exact: ${neuron.reason ?? ""}${position === listed.length - 1 ? rest : ""}`,
      path: neuron.path,
      hint: "compile it with --binarize auto, which keeps the neuron's own threshold function",
    })),
  );
}
