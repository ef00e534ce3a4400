/** Layers of the format, each checked on its own. */
import type { Bisel, DenseLui, Layer as LayerMessage, Readout } from "../gen/model.js";
import type { BorderRule } from "../morph/border.js";
import type { Findings } from "./findings.js";
import { MODEL_LIMITS } from "./limits.js";
import { readBank } from "./tensors.js";
import type { BiselLayer, DenseLuiLayer, Layer, ReadoutLayer } from "./types.js";
import { NUMBER_OF_BORDER, wordOf } from "./wire.js";

/** Counts the weights of a model, so that their sum is refused before they are copied. */
export interface WeightBudget {
  left: number;
}

/** The layer of a message, or null where it is not valid. */
export function readLayer(message: LayerMessage, path: string, budget: WeightBudget, findings: Findings): Layer | null {
  const kinds = (["bisel", "denseLui", "maxPool", "flatten", "readout"] as const).filter(
    (kind) => (message[kind] ?? null) !== null,
  );
  const [kind] = kinds;
  if (kind === undefined) {
    const hint = "supported layers: bisel, denseLui, maxPool, flatten, readout";
    findings.add("BMN0206", "the layer is of no kind that this version knows", path, hint);
    return null;
  }
  if (kinds.length > 1) {
    findings.add("BMN0206", `the layer is of several kinds: ${kinds.join(", ")}`, path);
    return null;
  }
  switch (kind) {
    case "bisel":
      return readBisel(message.bisel ?? {}, path, budget, findings);
    case "denseLui":
      return readDenseLui(message.denseLui ?? {}, path, budget, findings);
    case "maxPool":
      return { kind: "max-pool" };
    case "flatten":
      return { kind: "flatten" };
    case "readout":
      return readReadout(message.readout ?? {}, path, budget, findings);
  }
}

function readBisel(message: Bisel, path: string, budget: WeightBudget, findings: Findings): BiselLayer | null {
  const size = (value: number | null | undefined, name: string, largest: number): number | null =>
    readSize(value, `${path}.${name}`, largest, findings);
  const inChannels = size(message.inChannels, "inChannels", MODEL_LIMITS.channels);
  const outChannels = size(message.outChannels, "outChannels", MODEL_LIMITS.channels);
  const kernelHeight = size(message.kernelHeight, "kernelHeight", MODEL_LIMITS.kernelSide);
  const kernelWidth = size(message.kernelWidth, "kernelWidth", MODEL_LIMITS.kernelSide);
  const border = readBorder(message, path, findings);
  if (inChannels === null || outChannels === null || kernelHeight === null || kernelWidth === null) return null;

  const neurons = inChannels * outChannels;
  const luiWeights = inChannels === 1 ? 0 : neurons;
  if (!spendWeights(neurons * kernelHeight * kernelWidth + luiWeights, path, budget, findings)) return null;
  const biseSizes = { count: neurons, neuronShape: [kernelHeight, kernelWidth], identityAllowed: false };
  const bise = readBank(message.bise, biseSizes, `${path}.bise`, findings);
  const sizes = { kind: "bisel", inChannels, outChannels, kernelHeight, kernelWidth } as const;
  const hasLui = (message.lui ?? null) !== null;
  if (inChannels === 1) {
    if (hasLui) {
      const hint = "leave the LUI out: with one input channel it is the identity";
      findings.add("BMN0207", "a layer with one input channel has a LUI", `${path}.lui`, hint);
    }
    return bise === null || border === null || hasLui ? null : { ...sizes, border, bise, lui: null };
  }
  if (!hasLui) {
    findings.add("BMN0207", `a layer with ${inChannels} input channels has no LUI`, `${path}.lui`);
    return null;
  }
  const luiSizes = { count: outChannels, neuronShape: [inChannels], identityAllowed: false };
  const lui = readBank(message.lui, luiSizes, `${path}.lui`, findings);
  return bise === null || lui === null || border === null ? null : { ...sizes, border, bise, lui };
}

/** Padding keeps the input's size, whatever the kernel: the compiler knows no other. */
function readBorder(message: Bisel, path: string, findings: Findings): BorderRule | null {
  const padding = [message.paddingRows ?? 0, message.paddingColumns ?? 0];
  const kernel = [message.kernelHeight ?? 0, message.kernelWidth ?? 0];
  const expected = kernel.map((size) => Math.floor(size / 2));
  const padded = padding.every((size, axis) => size === expected[axis]);
  if (!padded && kernel.every((size) => size >= 1)) {
    const problem = `expected a padding of ${expected.join("×")} for a ${kernel.join("×")} kernel, got ${padding.join("×")}`;
    findings.add("BMN0206", problem, `${path}.padding`, "the padding is floor(size / 2), which keeps the input's size");
  }
  const mode = message.paddingMode ?? 0;
  const border = wordOf(NUMBER_OF_BORDER, mode);
  if (border === null) {
    const problem = mode === 0 ? "the padding mode is not given" : `unknown padding mode ${mode}`;
    const hint = `supported padding modes: ${Object.keys(NUMBER_OF_BORDER).join(", ")}`;
    findings.add("BMN0206", problem, `${path}.paddingMode`, hint);
  }
  return padded ? border : null;
}

function readDenseLui(message: DenseLui, path: string, budget: WeightBudget, findings: Findings): DenseLuiLayer | null {
  const inFeatures = readSize(message.inFeatures, `${path}.inFeatures`, MODEL_LIMITS.features, findings);
  const outFeatures = readSize(message.outFeatures, `${path}.outFeatures`, MODEL_LIMITS.features, findings);
  if (inFeatures === null || outFeatures === null) return null;
  if (!spendWeights(inFeatures * outFeatures, path, budget, findings)) return null;
  const sizes = { count: outFeatures, neuronShape: [inFeatures], identityAllowed: false };
  const lui = readBank(message.lui, sizes, `${path}.lui`, findings);
  return lui === null ? null : { kind: "dense-lui", inFeatures, outFeatures, lui };
}

function readReadout(message: Readout, path: string, budget: WeightBudget, findings: Findings): ReadoutLayer | null {
  const inFeatures = readSize(message.inFeatures, `${path}.inFeatures`, MODEL_LIMITS.features, findings);
  const classes = readSize(message.classes, `${path}.classes`, MODEL_LIMITS.features, findings);
  if (inFeatures === null || classes === null) return null;
  if (!spendWeights(inFeatures * classes, path, budget, findings)) return null;
  const sizes = { count: classes, neuronShape: [inFeatures], identityAllowed: true };
  const bank = readBank(message.bank, sizes, `${path}.bank`, findings);
  if (bank?.activation === "step") {
    // Its scores would be 0 and 1, and most classes equal: bits are what a dense LUI layer puts out.
    const hint = "make it a dense LUI layer, or use an activation that increases strictly";
    findings.add("BMN0206", "a read-out with the activation step", `${path}.bank.activation`, hint);
    return null;
  }
  return bank === null ? null : { kind: "readout", inFeatures, classes, bank };
}

/** A size from 1 to `largest`, or null. */
export function readSize(
  value: number | null | undefined,
  path: string,
  largest: number,
  findings: Findings,
): number | null {
  const size = value ?? 0;
  if (size >= 1 && size <= largest) return size;
  findings.add("BMN0205", `expected a size from 1 to ${largest}, got ${size}`, path);
  return null;
}

function spendWeights(weights: number, path: string, budget: WeightBudget, findings: Findings): boolean {
  const alreadyExceeded = budget.left < 0;
  budget.left -= weights;
  if (budget.left >= 0) return true;
  if (alreadyExceeded) return false;
  const total = MODEL_LIMITS.weights - budget.left;
  const message = `the network has ${total} weights up to this layer, more than ${MODEL_LIMITS.weights}`;
  findings.add("BMN0205", message, path);
  return false;
}
