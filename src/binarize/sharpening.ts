/**
 * What would make a network exact: the factors on P, layer by layer, with which the bounds of values prove every neuron. A
 * larger |P| drives hidden values towards 0 and 1 and leaves every neuron's own bit where it is.
 */
import type { Layer, Model, NeuronBank } from "../model/types.js";
import { binarize } from "./binarize.js";
import type { Arithmetic, NeuronReport } from "./report.js";

export interface SharpenedLayer {
  /** `layers[2]` */
  readonly path: string;
  /** 1 where nothing is needed; null where no factor up to {@link GREATEST_FACTOR} helps, or it was not looked for. */
  readonly factor: number | null;
}

export interface Sharpening {
  /** The layers whose values are hidden, first to last. */
  readonly layers: readonly SharpenedLayer[];
  /** Whether the network with these factors is proved exact. */
  readonly exact: boolean;
}

export interface SharpeningOptions {
  readonly arithmetic: Arithmetic;
  readonly shape?: { readonly height: number; readonly width: number };
  /** Called after each try with the share of the layers that are done, 0 … 1. */
  readonly onProgress?: (share: number) => void;
}

export const GREATEST_FACTOR = 2 ** 20;
const GREATEST_FLOAT32 = (2 - 2 ** -23) * 2 ** 127;
/** Factors are found up to so much too large. */
const PRECISION = 1.05;
/** Weights of networks for which factors are looked for: a try binarizes all of them. */
const MOST_WEIGHTS = 2 ** 19;

/**
 * The least factor of each layer in turn, with those of the layers before it, that proves every neuron that reads its values;
 * later layers are null once one is.
 */
export function sharpeningFor(model: Model, options: SharpeningOptions): Sharpening {
  const hidden = model.layers.flatMap((_, index) => (hasHiddenValues(model.layers, index) ? [index] : []));
  const tooLarge = model.layers.reduce((sum, layer) => sum + weightsOf(layer), 0) > MOST_WEIGHTS;
  const factors = model.layers.map(() => 1);
  const found: SharpenedLayer[] = [];
  for (const [done, index] of hidden.entries()) {
    const path = `layers[${index}]`;
    const failed = tooLarge || found.some(({ factor }) => factor === null);
    const factor = failed ? null : leastFactor(model, index, factors, options);
    found.push({ path, factor });
    factors[index] = factor ?? 1;
    options.onProgress?.((done + 1) / hidden.length);
  }
  const known = found.every(({ factor }) => factor !== null);
  return { layers: found, exact: known && report(model, factors, model.layers.length, options).grade === "exact" };
}

/** BiSE values before a LUI are hidden, and every layer's that another one reads. */
function hasHiddenValues(layers: readonly Layer[], index: number): boolean {
  const layer = layers[index];
  const isRead = layers.slice(index + 1).some(({ kind }) => kind !== "max-pool" && kind !== "flatten");
  return (layer?.kind === "bisel" && (isRead || layer.lui !== null)) || (layer?.kind === "dense-lui" && isRead);
}

function leastFactor(
  model: Model,
  index: number,
  factors: readonly number[],
  options: SharpeningOptions,
): number | null {
  const next = nextNeurons(model.layers, index);
  const works = (factor: number): boolean => {
    const tried = factors.map((own, layer) => (layer === index ? factor : own));
    const { layers } = report(model, tried, next + 1, options);
    const own = layers[index]?.neurons.filter((neuron) => neuron.path.includes(".lui[")) ?? [];
    const readers =
      next === index ? [] : (layers[next]?.neurons.filter((neuron) => readsLayerBefore(neuron, model, next)) ?? []);
    return [...own, ...readers].every((neuron) => neuron.grade === "exact");
  };
  if (works(1)) return 1;
  if (!works(GREATEST_FACTOR)) return null;
  let [low, high] = [1, GREATEST_FACTOR];
  while (high / low > PRECISION) {
    const middle = Math.sqrt(low * high);
    if (works(middle)) high = middle;
    else low = middle;
  }
  return roundUp(high);
}

/** Three digits, no less than the factor that was tried: a larger one works as well. */
function roundUp(factor: number): number {
  const unit = 10 ** (Math.floor(Math.log10(factor)) - 2);
  return Math.ceil(factor / unit) * unit;
}

function nextNeurons(layers: readonly Layer[], index: number): number {
  const next = layers.findIndex(({ kind }, position) => position > index && kind !== "max-pool" && kind !== "flatten");
  return next === -1 ? index : next;
}

/** Of a BiSEL with a LUI, the BiSE neurons alone: the LUI reads them. */
function readsLayerBefore(neuron: NeuronReport, model: Model, index: number): boolean {
  const layer = model.layers[index];
  return layer?.kind !== "bisel" || layer.lui === null || neuron.path.includes(".bise[");
}

/** What bounds prove of the first `count` layers, their P multiplied. */
function report(
  model: Model,
  factors: readonly number[],
  count: number,
  { arithmetic, shape }: SharpeningOptions,
): ReturnType<typeof binarize>["report"] {
  const layers = model.layers.slice(0, count).map((layer, index) => sharpen(layer, factors[index] ?? 1));
  const size = shape === undefined ? {} : { shape };
  return binarize({ ...model, layers }, { policy: "auto", prove: "bounds", arithmetic, ...size }).report;
}

function sharpen(layer: Layer, factor: number): Layer {
  switch (layer.kind) {
    case "bisel":
      return {
        ...layer,
        bise: multiply(layer.bise, factor),
        lui: layer.lui === null ? null : multiply(layer.lui, factor),
      };
    case "dense-lui":
      return { ...layer, lui: multiply(layer.lui, factor) };
    case "max-pool":
    case "flatten":
    case "readout":
      return layer;
  }
}

function multiply(bank: NeuronBank, factor: number): NeuronBank {
  const scales = bank.scales.map((scale) => Math.max(-GREATEST_FLOAT32, Math.min(GREATEST_FLOAT32, scale * factor)));
  return { ...bank, scales };
}

function weightsOf(layer: Layer): number {
  switch (layer.kind) {
    case "bisel":
      return layer.bise.weights.length + (layer.lui?.weights.length ?? 0);
    case "dense-lui":
      return layer.lui.weights.length;
    case "readout":
      return layer.bank.weights.length;
    case "max-pool":
    case "flatten":
      return 0;
  }
}
