/** Model → MorphIR: each layer's neurons become operations, in the order of the layers. */
import { DiagnosticError, fail, unreachable } from "../diagnostics.js";
import { ModuleBuilder } from "../ir/build.js";
import { worstGrade } from "../ir/grade.js";
import type { Grade, ModuleInput, MorphModule } from "../ir/node.js";
import { imageSize } from "../ir/type.js";
import type { InputDescription, Layer, Model } from "../model/types.js";
import { type Calibration, codeOf } from "./calibration.js";
import type { LayerContext } from "./context.js";
import { binarizeBisel, binarizeDenseLui } from "./layers.js";
import type { NeuronSettings } from "./neuron.js";
import { createPatternTrials, type ProofEffort } from "./pattern-trials.js";
import { ProofBudget } from "./proof-budget.js";
import { binarizeReadout } from "./readout.js";
import type { Arithmetic, BinarizationPolicy, BinarizationReport, LayerReport, NeuronReport } from "./report.js";
import { flatten, inputStage, maxPool, type Stage } from "./stage.js";

export interface BinarizeOptions {
  readonly policy: BinarizationPolicy;
  /** What the float network is taken for; `float32` unless given. */
  readonly arithmetic?: Arithmetic;
  /** How far to go for a proof; `auto` unless given. */
  readonly prove?: ProofEffort;
  /** How hidden values become bits; each is one bit, cut at ½, unless given. */
  readonly calibration?: Calibration;
  /** Most bits of an integer weight; longer ones are rounded, and their neurons approximate. */
  readonly weightBits?: number;
  /** The module is to be compiled: a network that is too large for that is refused early. */
  readonly forCode?: boolean;
  /** Fixes a free input size. */
  readonly shape?: { readonly height: number; readonly width: number };
  /** Called after each neuron, and while patterns are tried, with the share that is done, 0 … 1. */
  readonly onProgress?: (share: number) => void;
}

export interface Binarization {
  readonly module: MorphModule;
  readonly report: BinarizationReport;
}

/** @throws DiagnosticError BMN0301 under policy `exact`, naming each neuron that is not proved; BMN0503 on a wrong shape */
export function binarize(model: Model, options: BinarizeOptions): Binarization {
  const input = moduleInput(model.input, options.shape);
  const builder = new ModuleBuilder(model.name, input, options.forCode);
  const { policy, arithmetic = "float32" } = options;
  const total = model.layers.reduce((sum, layer) => sum + neuronCount(layer), 0);
  let done = 0;
  const progress = (share: number): void => options.onProgress?.((done + share) / total);
  const neuronDone = (): void => {
    done++;
    progress(0);
  };

  const budget = new ProofBudget(total);
  const weightBits = options.weightBits === undefined ? {} : { weightBits: options.weightBits };
  const settings: NeuronSettings = { policy, arithmetic, budget, ...weightBits };
  const tryPatterns = createPatternTrials({ model, builder, input, arithmetic, effort: effortOf(options), progress });
  let stage: Stage = inputStage(model.input, builder);
  let halvings = 0;
  const layers: LayerReport[] = [];
  for (const [index, layer] of model.layers.entries()) {
    const path = `layers[${index}]`;
    const context: LayerContext = {
      builder,
      settings,
      path,
      index,
      endsNetwork: model.layers.slice(index + 1).every(({ kind }) => kind === "max-pool" || kind === "flatten"),
      codeOf: (part) => codeOf(options.calibration, index, part),
      tryEveryPattern: (part, bits) => tryPatterns(index, part, bits),
      neuronDone,
    };
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
  const values = stage.flatMap((signal) => signal.bits);
  const outputs = isVector ? [builder.add({ kind: "flatten", inputs: values }, "result")] : values;
  const report: BinarizationReport = { policy, arithmetic, grade: networkGrade(stage, layers), layers };
  if (policy === "exact" && report.grade !== "exact") refuseUnproved(report);
  return { module: builder.finish(outputs), report };
}

/** The papers' approximations are what they are: no pattern would prove them. */
function effortOf({ policy, prove = "auto" }: BinarizeOptions): ProofEffort {
  return policy === "auto" || policy === "exact" ? prove : "bounds";
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

/** `exact` if every output is proved, else the worst grade of all neurons. */
function networkGrade(outputs: Stage, layers: readonly LayerReport[]): Grade {
  if (outputs.every((signal) => signal.grade === "exact")) return "exact";
  return worstGrade(layers.flatMap((layer) => layer.neurons).map((neuron) => neuron.grade));
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
