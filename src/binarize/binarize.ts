/** Model → MorphIR: each layer's neurons become operations, in the order of the layers. */
import { DiagnosticError, fail, unreachable } from "../diagnostics.js";
import { ModuleBuilder } from "../ir/build.js";
import type { Grade, ModuleInput, MorphModule, ValueId } from "../ir/node.js";
import { imageSize } from "../ir/type.js";
import { levelThreshold } from "../model/level-sets.js";
import type { InputDescription, Layer, Model } from "../model/types.js";
import { binarizeBisel, binarizeDenseLui } from "./layers.js";
import { BIT } from "./literals.js";
import { binarizeReadout } from "./readout.js";
import type { BinarizationPolicy, BinarizationReport, ChannelBounds, LayerReport, NeuronReport } from "./report.js";

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

/** Values of one stage of the network: images or bits, each with the bounds proved for the float values behind it. */
export interface Stage {
  readonly values: readonly ValueId[];
  readonly bounds: readonly ChannelBounds[];
}

/** What every layer's translation needs. */
export interface LayerContext {
  readonly builder: ModuleBuilder;
  readonly policy: BinarizationPolicy;
  /** `layers[3]` */
  readonly path: string;
  readonly index: number;
  readonly neuronDone: () => void;
}

/** @throws DiagnosticError BMN0301 under policy `exact`, naming each neuron that is not proved; BMN0503 on a wrong shape */
export function binarize(model: Model, options: BinarizeOptions): Binarization {
  const input = moduleInput(model.input, options.shape);
  const builder = new ModuleBuilder(model.name, input);
  const total = model.layers.reduce((sum, layer) => sum + neuronCount(layer), 0);
  let done = 0;
  const neuronDone = (): void => options.onProgress?.(++done / total);

  let stage = inputStage(model.input, builder);
  let halvings = 0;
  const layers: LayerReport[] = [];
  for (const [index, layer] of model.layers.entries()) {
    const path = `layers[${index}]`;
    const context: LayerContext = { builder, policy: options.policy, path, index, neuronDone };
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
  const outputs = isVector ? [builder.add({ kind: "flatten", inputs: stage.values }, "result")] : stage.values;
  const report: BinarizationReport = { policy: options.policy, grade: networkGrade(layers), layers };
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

/** The planes that the first layer reads: channels or level sets, then their complements. */
function inputStage(input: InputDescription, builder: ModuleBuilder): Stage {
  const { encoding } = input;
  const planes: ValueId[] = [];
  for (let channel = 0; channel < input.channels; channel++) {
    if (encoding.kind === "binary") {
      planes.push(builder.add({ kind: "input", channel }, `x${channel}`));
      continue;
    }
    for (const level of encoding.values[channel]?.keys() ?? []) {
      const threshold = levelThreshold(encoding, channel, level);
      planes.push(builder.add({ kind: "level-set", channel, threshold }, `x${channel}_level${level}`));
    }
  }
  if (input.complements) {
    planes.push(...planes.map((plane, index) => builder.add({ kind: "complement", input: plane }, `not_x${index}`)));
  }
  return { values: planes, bounds: planes.map(() => BIT) };
}

const SQUARE_2X2 = { height: 2, width: 2, originRow: 1, originColumn: 1, members: [true, true, true, true] };

/** Max-pooling is the dilation that reads (0,0), (0,1), (1,0), (1,1), then every second pixel; no border is read. */
function maxPool(stage: Stage, context: LayerContext): Stage {
  const origin = { path: context.path, grade: null };
  const values = stage.values.map((value, channel) => {
    const widened = context.builder.add(
      { kind: "dilation", input: value, element: SQUARE_2X2, border: "replicate" },
      `widened${context.index}_${channel}`,
      origin,
    );
    return context.builder.add({ kind: "subsample", input: widened }, `pool${context.index}_${channel}`, origin);
  });
  return { values, bounds: stage.bounds };
}

/** Longest vector. */
const MAXIMUM_FEATURES = 2 ** 20;

function flatten(
  stage: Stage,
  size: { readonly height: number | null; readonly width: number | null },
  context: LayerContext,
): Stage {
  if (size.height === null || size.width === null) {
    fail("BMN0503", "a network with a flatten layer needs a fixed input size", {
      path: context.path,
      hint: "give --shape HxW",
    });
  }
  const pixels = size.height * size.width;
  if (pixels * stage.values.length > MAXIMUM_FEATURES) {
    fail("BMN0302", `flattening gives ${pixels * stage.values.length} features, more than ${MAXIMUM_FEATURES}`, {
      path: context.path,
      hint: "pool the image before it is flattened, or use a smaller input",
    });
  }
  const { builder, index } = context;
  const vector = builder.add({ kind: "flatten", inputs: stage.values }, `flat${index}`);
  const bounds = stage.bounds.flatMap((each) => Array.from({ length: pixels }, () => each));
  const values = bounds.map((_, position) =>
    builder.add({ kind: "element", input: vector, index: position }, `bit${index}_${position}`),
  );
  return { values, bounds };
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

const GRADES: readonly Grade[] = ["exact", "hardened", "approximate"];

/** `exact` if every output neuron is proved, else the worst grade of all neurons. */
function networkGrade(layers: readonly LayerReport[]): Grade {
  const last = layers.findLast((layer) => layer.neurons.length > 0);
  const outputs = last?.neurons.filter((neuron) => neuron.operation !== "identity") ?? [];
  const outputPaths = outputs.some((neuron) => neuron.path.includes(".lui["))
    ? outputs.filter((neuron) => neuron.path.includes(".lui["))
    : outputs;
  if (outputPaths.every((neuron) => neuron.grade === "exact")) return "exact";
  const worst = layers.flatMap((layer) => layer.neurons).map((neuron) => GRADES.indexOf(neuron.grade));
  return GRADES[Math.max(...worst)] ?? "exact";
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
