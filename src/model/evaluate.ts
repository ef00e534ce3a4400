/** The float network in double precision: slow and plain, to measure what binarization changes. */
import { fail, InternalError, unreachable } from "../diagnostics.js";
import { bitImageToBits } from "../morph/bit-image.js";
import type { BorderRule } from "../morph/border.js";
import type { Picture } from "../morph/picture.js";
import { activate } from "./activation.js";
import { levelThreshold } from "./level-sets.js";
import type { BiselLayer, InputDescription, Layer, Model, NeuronBank } from "./types.js";

/** Real numbers, row-major: [channels, height, width] or [features]. */
export interface RealTensor {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

export interface EvaluatedLayer {
  readonly kind: Layer["kind"];
  /** Of a BiSEL, the outputs of its BiSE neurons, in the order of the bank; else null. */
  readonly bise: RealTensor | null;
  /** After the LUI, where there is one. */
  readonly output: RealTensor;
}

/** Values of the neurons of a layer, before its LUI (`bise`) or of its outputs, all neurons one after the other. */
export type ReplaceValues = (layer: number, part: "bise" | "output", tensor: RealTensor) => RealTensor;

/**
 * Outputs of every layer for one picture. Sums are taken in double precision in the order of the weights: for float32
 * weights their error is far below that of a float32 network.
 * @param replace what the next neurons read instead of the values of BiSE, LUI and read-out neurons, if not those
 * @throws DiagnosticError BMN0603 or BMN0604 when the picture does not suit the input, BMN0503 when max-pooling leaves nothing of it
 */
export function evaluateModel(model: Model, picture: Picture, replace: ReplaceValues = keep): EvaluatedLayer[] {
  let current = inputPlanes(model.input, picture);
  return model.layers.map((layer, index) => {
    const evaluated = evaluateLayer(layer, current, index, replace);
    current = evaluated.output;
    return evaluated;
  });
}

function keep(_layer: number, _part: string, tensor: RealTensor): RealTensor {
  return tensor;
}

/** The planes that the first layer reads, [planes, height, width], of zeros and ones. */
export function inputPlanes(input: InputDescription, picture: Picture): RealTensor {
  checkPicture(input, picture);
  const { height, width } = picture;
  const planes = samplePlanes(input, picture);
  const all = input.complements ? [...planes, ...planes.map((plane) => plane.map((value) => 1 - value))] : planes;
  const values = new Float64Array(all.length * height * width);
  all.forEach((plane, index) => values.set(plane, index * height * width));
  return { shape: [all.length, height, width], values };
}

function checkPicture(input: InputDescription, picture: Picture): void {
  const kind = input.encoding.kind === "binary" ? "bits" : "bytes";
  if (picture.kind !== kind) {
    const wanted = kind === "bits" ? "a binary picture" : "a gray picture";
    fail("BMN0604", `the network reads ${wanted}`);
  }
  if (picture.channels.length !== input.channels) {
    fail("BMN0604", `the network reads ${input.channels} channels, the picture has ${picture.channels.length}`);
  }
  const { height, width } = picture;
  if (height < 1 || width < 1 || height !== (input.height ?? height) || width !== (input.width ?? width)) {
    const wanted = `${input.height ?? "?"}×${input.width ?? "?"}`;
    fail("BMN0603", `the network reads pictures of ${wanted} pixels, the picture has ${height}×${width}`);
  }
}

function samplePlanes(input: InputDescription, picture: Picture): Float64Array[] {
  if (picture.kind === "bits") {
    return picture.channels.map((image) => Float64Array.from(bitImageToBits(image)));
  }
  const { encoding } = input;
  if (encoding.kind !== "level-sets") throw new InternalError("a gray picture for a binary input");
  return picture.channels.flatMap((bytes, channel) =>
    (encoding.values[channel] ?? []).map((_, level) => {
      const threshold = levelThreshold(encoding, channel, level);
      return Float64Array.from(bytes, (byte) => (byte >= threshold ? 1 : 0));
    }),
  );
}

function evaluateLayer(layer: Layer, input: RealTensor, index: number, replace: ReplaceValues): EvaluatedLayer {
  switch (layer.kind) {
    case "bisel": {
      const bise = evaluateBise(layer, input);
      if (layer.lui === null) {
        const output = replace(index, "output", bise);
        return { kind: "bisel", bise: output, output };
      }
      const replaced = replace(index, "bise", bise);
      const output = replace(index, "output", joinChannels(layer, layer.lui, replaced));
      return { kind: "bisel", bise: replaced, output };
    }
    case "max-pool":
      return { kind: "max-pool", bise: null, output: maxPool(input, `layers[${index}]`) };
    case "flatten":
      return { kind: "flatten", bise: null, output: { shape: [input.values.length], values: input.values } };
    case "dense-lui":
      return { kind: "dense-lui", bise: null, output: replace(index, "output", dense(layer.lui, input)) };
    case "readout":
      return { kind: "readout", bise: null, output: replace(index, "output", dense(layer.bank, input)) };
    default:
      return unreachable(layer);
  }
}

function evaluateBise(layer: BiselLayer, input: RealTensor): RealTensor {
  const [, height, width] = imageShape(input);
  const pixels = height * width;
  const values = new Float64Array(layer.bise.count * pixels);
  for (let neuron = 0; neuron < layer.bise.count; neuron++) {
    const channel = Math.floor(neuron / layer.outChannels);
    const plane = input.values.subarray(channel * pixels, (channel + 1) * pixels);
    const sums = correlate(layer, neuron, plane, height, width);
    values.set(activateAll(layer.bise, neuron, sums), neuron * pixels);
  }
  return { shape: [layer.bise.count, height, width], values };
}

/** W ⋆ x at every pixel of a plane. */
function correlate(
  layer: BiselLayer,
  neuron: number,
  plane: Float64Array,
  height: number,
  width: number,
): Float64Array {
  const { kernelHeight, kernelWidth, border, bise } = layer;
  const sums = new Float64Array(height * width);
  for (let a = 0; a < kernelHeight; a++) {
    for (let c = 0; c < kernelWidth; c++) {
      const weight = bise.weights[neuron * bise.inputsPerNeuron + a * kernelWidth + c] ?? 0;
      for (let row = 0; row < height; row++) {
        const sourceRow = row + a - Math.floor(kernelHeight / 2);
        for (let column = 0; column < width; column++) {
          const sourceColumn = column + c - Math.floor(kernelWidth / 2);
          const index = row * width + column;
          sums[index] = (sums[index] ?? 0) + weight * readReal(plane, height, width, sourceRow, sourceColumn, border);
        }
      }
    }
  }
  return sums;
}

function readReal(
  plane: Float64Array,
  height: number,
  width: number,
  row: number,
  column: number,
  border: BorderRule,
): number {
  const nearestRow = Math.min(Math.max(row, 0), height - 1);
  const nearestColumn = Math.min(Math.max(column, 0), width - 1);
  if (border === "zeros" && (nearestRow !== row || nearestColumn !== column)) return 0;
  return plane[nearestRow * width + nearestColumn] ?? 0;
}

/** Neuron j of the LUI reads the BiSE neurons i·outChannels + j, in the order of i. */
function joinChannels(layer: BiselLayer, lui: NeuronBank, bise: RealTensor): RealTensor {
  const [, height, width] = imageShape(bise);
  const pixels = height * width;
  const values = new Float64Array(layer.outChannels * pixels);
  for (let output = 0; output < layer.outChannels; output++) {
    const sums = new Float64Array(pixels);
    for (let input = 0; input < layer.inChannels; input++) {
      const weight = lui.weights[output * lui.inputsPerNeuron + input] ?? 0;
      const start = (input * layer.outChannels + output) * pixels;
      for (let index = 0; index < pixels; index++) {
        sums[index] = (sums[index] ?? 0) + weight * (bise.values[start + index] ?? 0);
      }
    }
    values.set(activateAll(lui, output, sums), output * pixels);
  }
  return { shape: [layer.outChannels, height, width], values };
}

/** ξ(P·(sum − B)) for every sum, in place. */
function activateAll(bank: NeuronBank, neuron: number, sums: Float64Array): Float64Array {
  const bias = bank.biases[neuron] ?? 0;
  const scale = bank.scales[neuron] ?? 0;
  for (let index = 0; index < sums.length; index++) {
    sums[index] = activate(bank.activation, scale * ((sums[index] ?? 0) - bias));
  }
  return sums;
}

function dense(bank: NeuronBank, input: RealTensor): RealTensor {
  const values = new Float64Array(bank.count);
  for (let neuron = 0; neuron < bank.count; neuron++) {
    let sum = 0;
    for (let index = 0; index < bank.inputsPerNeuron; index++) {
      sum += (bank.weights[neuron * bank.inputsPerNeuron + index] ?? 0) * (input.values[index] ?? 0);
    }
    values.set(activateAll(bank, neuron, Float64Array.of(sum)), neuron);
  }
  return { shape: [bank.count], values };
}

function maxPool(input: RealTensor, path: string): RealTensor {
  const [channels, height, width] = imageShape(input);
  const pooledHeight = Math.floor(height / 2);
  const pooledWidth = Math.floor(width / 2);
  if (pooledHeight === 0 || pooledWidth === 0) {
    fail("BMN0503", `max-pooling leaves nothing of an image of ${height}×${width} pixels`, { path });
  }
  const values = new Float64Array(channels * pooledHeight * pooledWidth);
  for (let index = 0; index < values.length; index++) {
    const column = index % pooledWidth;
    const row = Math.floor(index / pooledWidth) % pooledHeight;
    const channel = Math.floor(index / (pooledHeight * pooledWidth));
    const corner = (channel * height + 2 * row) * width + 2 * column;
    const square = [corner, corner + 1, corner + width, corner + width + 1].map((at) => input.values[at] ?? 0);
    values[index] = Math.max(...square);
  }
  return { shape: [channels, pooledHeight, pooledWidth], values };
}

function imageShape(tensor: RealTensor): readonly [channels: number, height: number, width: number] {
  const [channels, height, width] = tensor.shape;
  if (channels === undefined || height === undefined || width === undefined) throw new InternalError("not an image");
  return [channels, height, width];
}
