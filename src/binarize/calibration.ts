/**
 * Hidden values cut where pictures say, instead of at ½ into 0 and 1. Layer by layer, the float network's values y are compared
 * with the values that the network with the codes chosen so far gives in their place: cuts lie among the latter, where
 * k-means in one dimension puts them, and representatives are the means of the former, so that what the cuts of one layer lose is
 * made up for in the next. An output is cut where its bit agrees best with [y > ½].
 */
import { evaluateModel, type RealTensor } from "../model/evaluate.js";
import type { Layer, Model, NeuronBank } from "../model/types.js";
import type { Picture } from "../morph/picture.js";
import type { NeuronPart } from "./context.js";
import { type Cluster, clusterBins, type Moments } from "./k-means.js";
import { type LevelCode, PLAIN_BIT } from "./level-code.js";

export interface Calibration {
  /** For each layer, how the values of its neurons become bits. Empty for layers without neurons. */
  readonly layers: readonly LayerCodes[];
}

export interface LayerCodes {
  /** BiSE neurons before a LUI, in the order of the bank. */
  readonly bise: readonly LevelCode[];
  readonly output: readonly LevelCode[];
}

/** The code of a neuron: a plain bit where nothing else was chosen. */
export function codeOf(calibration: Calibration | undefined, layer: number, { part, neuron }: NeuronPart): LevelCode {
  return calibration?.layers[layer]?.[part][neuron] ?? PLAIN_BIT;
}

/** Values are counted on a grid of as many steps; representatives lie on it. */
const STEPS = 1024;

/**
 * @param pictures of the kind that the network reads; at least one. They are gone through once for each layer and kind of neuron
 * @param levels most cuts of a value: 1 keeps one bit a value
 * @param onProgress called after each picture with the share that is done, 0 … 1
 * @throws DiagnosticError BMN0603, BMN0604 where a picture does not suit the network
 */
export function calibrate(
  model: Model,
  pictures: readonly Picture[],
  levels: number,
  onProgress?: (share: number) => void,
): Calibration {
  const layers = model.layers.map((): { -readonly [part in keyof LayerCodes]: LayerCodes[part] } => ({
    bise: [],
    output: [],
  }));
  const passes = model.layers.flatMap((layer, index) => passesOf(layer, index, model.layers));
  let done = 0;
  for (const pass of passes) {
    const counters = Array.from({ length: pass.bank.count }, createCounter);
    for (const picture of pictures) {
      countPicture(model, picture, pass, { layers }, counters);
      onProgress?.(++done / (passes.length * pictures.length));
    }
    const codes = counters.map((counter) =>
      pass.hidden ? chooseCode(counter, levels, pass.fromZero) : chooseCut(counter),
    );
    const own = layers[pass.layer];
    if (own !== undefined) own[pass.part] = codes;
  }
  return { layers };
}

/** Neurons whose codes are chosen together. */
interface Pass {
  readonly layer: number;
  readonly part: NeuronPart["part"];
  readonly bank: NeuronBank;
  /** Read by further neurons; else the network's own outputs. */
  readonly hidden: boolean;
  /** Pixels outside the frame, which are 0, are read beside these values: no set bit must stand for 0. */
  readonly fromZero: boolean;
}

/** Steps have the values 0 and 1, and need no code; a read-out has none. */
function passesOf(layer: Layer, index: number, layers: readonly Layer[]): readonly Pass[] {
  const next = layers.slice(index + 1).find(({ kind }) => kind !== "max-pool" && kind !== "flatten");
  const output = {
    layer: index,
    part: "output",
    hidden: next !== undefined,
    fromZero: next?.kind === "bisel" && next.border === "zeros",
  } as const;
  const passes = (): readonly Pass[] => {
    switch (layer.kind) {
      case "bisel":
        if (layer.lui === null) return [{ ...output, bank: layer.bise }];
        return [
          { layer: index, part: "bise", bank: layer.bise, hidden: true, fromZero: false },
          { ...output, bank: layer.lui },
        ];
      case "dense-lui":
        return [{ ...output, bank: layer.lui }];
      case "max-pool":
      case "flatten":
      case "readout":
        return [];
    }
  };
  return passes().filter(({ bank }) => bank.activation !== "step");
}

/** What was seen of one neuron, by the bin of the value that stands for y. */
interface Counter extends Moments {
  /** Of how many y was above ½. */
  readonly above: Float64Array;
  /** Of how many the value and y lay on different sides of ½. */
  readonly confused: Float64Array;
}

function createCounter(): Counter {
  const create = (): Float64Array => new Float64Array(STEPS + 1);
  return { weight: create(), sum: create(), square: create(), above: create(), confused: create() };
}

function countPicture(
  model: Model,
  picture: Picture,
  { layer, part }: Pass,
  chosen: Calibration,
  counters: readonly Counter[],
): void {
  const wanted = valuesOf(model, picture, layer, part);
  const isFirst = chosen.layers.every(({ bise, output }) => bise.length === 0 && output.length === 0);
  const seen = isFirst ? wanted : valuesOf(model, picture, layer, part, chosen);
  const each = wanted.length / counters.length;
  counters.forEach(({ weight, sum, square, above, confused }, neuron) => {
    for (let index = neuron * each; index < (neuron + 1) * each; index++) {
      const value = wanted[index] ?? 0;
      const stand = seen[index] ?? 0;
      const bin = Math.round(stand * STEPS);
      weight[bin] = (weight[bin] ?? 0) + 1;
      sum[bin] = (sum[bin] ?? 0) + value;
      square[bin] = (square[bin] ?? 0) + value * value;
      if (value > 0.5) above[bin] = (above[bin] ?? 0) + 1;
      if (value > 0.5 !== stand > 0.5) confused[bin] = (confused[bin] ?? 0) + 1;
    }
  });
}

/** Values of the neurons of a layer, with the codes chosen before it, if any. */
function valuesOf(
  model: Model,
  picture: Picture,
  layer: number,
  part: NeuronPart["part"],
  chosen?: Calibration,
): Float64Array {
  const shortened = { ...model, layers: model.layers.slice(0, layer + 1) };
  let values: Float64Array = new Float64Array();
  evaluateModel(shortened, picture, (index, own, tensor) => {
    if (index === layer && own === part) values = tensor.values;
    return chosen === undefined ? tensor : recode(tensor, chosen.layers[index]?.[own] ?? []);
  });
  return values;
}

/** What the next layer reads for the values, by the codes of their neurons; the values themselves where there are none. */
function recode(tensor: RealTensor, codes: readonly LevelCode[]): RealTensor {
  if (codes.length === 0) return tensor;
  const each = tensor.values.length / codes.length;
  const values = tensor.values.map((value, index) => {
    const code = codes[Math.floor(index / each)] ?? PLAIN_BIT;
    let level = 0;
    while (level < code.cuts.length && value > (code.cuts[level] ?? 1)) level++;
    return code.representatives[level] ?? 0;
  });
  return { shape: tensor.shape, values };
}

function chooseCode(counter: Counter, levels: number, fromZero: boolean): LevelCode {
  const clusters = clusterBins(withPrior(counter, levels), levels + 1);
  const representatives = clusters.map(({ mean }) => Math.round(mean * STEPS) / STEPS);
  if (fromZero) representatives[0] = 0;
  // Clusters whose means are no more than a step apart, or out of order, say nothing that one alone would not.
  const kept = clusters.flatMap((cluster, index) => {
    const value = representatives[index] ?? 0;
    const rises = representatives.slice(0, index).every((other) => other < value);
    return rises ? [{ cluster, value }] : [];
  });
  const [lowest] = kept;
  if (kept.length < 2) return codeOfOneValue(lowest?.value ?? 0, fromZero);
  return {
    cuts: kept.slice(1).map(({ cluster }) => cutBelow(cluster, clusters)),
    representatives: kept.map(({ value }) => value),
  };
}

/** Values that are added for each level, see {@link withPrior}. */
const PRIOR_VALUES = 4;

/**
 * Few pictures leave gaps where values of others lie: as if some more had been seen, evenly spread over the bins between the
 * least and the greatest, each standing for itself.
 */
function withPrior({ weight, sum, square }: Moments, levels: number): Moments {
  const first = weight.findIndex((each) => each > 0);
  const last = weight.findLastIndex((each) => each > 0);
  const mass = (PRIOR_VALUES * (levels + 1)) / (last - first + 1);
  const add = (values: Float64Array, power: number): Float64Array =>
    values.map((value, bin) => (bin < first || bin > last ? value : value + mass * (bin / STEPS) ** power));
  return { weight: add(weight, 0), sum: add(sum, 1), square: add(square, 2) };
}

/** Halfway between the bins that were seen on either side. */
function cutBelow(cluster: Cluster, clusters: readonly Cluster[]): number {
  const below = clusters[clusters.indexOf(cluster) - 1];
  return ((below?.last ?? 0) + cluster.first) / 2 / STEPS;
}

/** A channel that has one value in all pictures: it is read wherever the value stays on its side of ½. */
function codeOfOneValue(value: number, fromZero: boolean): LevelCode {
  if (value > 0.5) return { cuts: [0.5], representatives: [0, value] };
  if (fromZero && value > 0) return { cuts: [value / 2], representatives: [0, value] };
  return { cuts: [0.5], representatives: [value, 1] };
}

/**
 * The cut with the fewest bits that differ from [y > ½]; of equally good ones the nearest to ½, and ½ itself unless another is
 * better by more than chance.
 */
function chooseCut({ weight, above, confused }: Counter): LevelCode {
  let differing = sumOf(weight) - sumOf(above);
  let [best, least] = [0.5, Number.POSITIVE_INFINITY];
  // A cut between bin − 1 and bin: what lies below it is 0.
  for (let bin = 0; bin <= STEPS; bin++) {
    const cut = (bin - 0.5) / STEPS;
    const nearer = Math.abs(cut - 0.5) < Math.abs(best - 0.5);
    if (bin > 0 && (differing < least || (differing === least && nearer))) [best, least] = [cut, differing];
    differing += 2 * (above[bin] ?? 0) - (weight[bin] ?? 0);
  }
  const better = least + 2 * Math.sqrt(least) + 1 < sumOf(confused);
  return better ? { cuts: [best], representatives: [0, 1] } : PLAIN_BIT;
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
