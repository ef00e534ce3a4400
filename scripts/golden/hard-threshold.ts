/**
 * The binary network by its definition: every neuron's bit is [P·(W·b − B) > 0], computed pixel by pixel with exact
 * integers. Shares nothing with the compiler but the model and the packed images, so that it can judge it.
 */
import type { BiselLayer, InputDescription, Layer, Model, NeuronBank, ReadoutLayer } from "../../src/model/types.js";
import { buildBitImage, getPixel } from "../../src/morph/bit-image.js";
import type { Outcome, Picture } from "../../src/morph/picture.js";

/** An {@link Outcome} that says the unit of its scores: `scores[j]·2^exponent` is exactly P_j·(W_j·b − B_j). */
export type HardOutcome =
  | Exclude<Outcome, { readonly kind: "scores" }>
  | (Extract<Outcome, { readonly kind: "scores" }> & { readonly exponent: number });

/** One channel, a byte for each pixel, row-major. */
interface Plane {
  readonly height: number;
  readonly width: number;
  readonly bits: Uint8Array;
}

type Bits =
  | { readonly kind: "planes"; readonly planes: readonly Plane[] }
  | { readonly kind: "vector"; readonly bits: Uint8Array };

/** A float32 times 2^149 is an integer: 2^-149 is the least one. */
const FLOAT32_UNIT = 2 ** 149;
/** Scores are products of two float32. */
const SCORE_EXPONENT = -298;

export function hardThreshold(model: Model, picture: Picture): HardOutcome {
  let current: Bits = { kind: "planes", planes: inputPlanes(model.input, picture) };
  for (const layer of model.layers) {
    if (layer.kind === "readout") return scoreClasses(layer, vectorOf(current));
    current = applyLayer(layer, current);
  }
  if (current.kind === "vector") return { kind: "bits", bits: current.bits };
  return {
    kind: "images",
    images: current.planes.map(({ height, width, bits }) =>
      buildBitImage(height, width, (row, column) => bits[row * width + column] === 1),
    ),
  };
}

/** Scores in units of 2^exponent, as a compiled network gives them; null where they are no whole number of them. */
export function scoresInUnits(
  outcome: Extract<HardOutcome, { readonly kind: "scores" }>,
  exponent: number,
): bigint[] | null {
  const shift = BigInt(outcome.exponent - exponent);
  const scores = outcome.scores.map((score) => (shift >= 0n ? score << shift : score >> -shift));
  const exact = shift >= 0n || scores.every((score, index) => score << -shift === outcome.scores[index]);
  return exact ? scores : null;
}

function applyLayer(layer: Exclude<Layer, ReadoutLayer>, input: Bits): Bits {
  switch (layer.kind) {
    case "bisel":
      return { kind: "planes", planes: applyBisel(layer, planesOf(input)) };
    case "max-pool":
      return { kind: "planes", planes: planesOf(input).map(maxPool) };
    case "flatten":
      return { kind: "vector", bits: flatten(planesOf(input)) };
    case "dense-lui":
      return { kind: "vector", bits: applyDense(layer.lui, vectorOf(input)) };
  }
}

function applyBisel(layer: BiselLayer, input: readonly Plane[]): Plane[] {
  const joined = Array.from({ length: layer.outChannels }, (_, output) =>
    input.map((plane, channel) => applyBise(layer, channel * layer.outChannels + output, plane)),
  );
  return joined.map((planes, output) => {
    const [first] = planes;
    if (first === undefined) throw new Error("a BiSEL without input channels");
    if (layer.lui === null) return first;
    const decide = neuronOf(layer.lui, output);
    const column = new Uint8Array(planes.length);
    const bits = first.bits.map((_, pixel) => {
      planes.forEach((plane, channel) => {
        column[channel] = plane.bits[pixel]!;
      });
      return decide(column);
    });
    return { height: first.height, width: first.width, bits };
  });
}

function applyBise(layer: BiselLayer, neuron: number, plane: Plane): Plane {
  const { kernelHeight, kernelWidth, border, bise } = layer;
  const { height, width } = plane;
  const decide = neuronOf(bise, neuron);
  const window = new Uint8Array(kernelHeight * kernelWidth);
  const bits = new Uint8Array(height * width);
  const top = Math.floor(kernelHeight / 2);
  const left = Math.floor(kernelWidth / 2);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      for (let a = 0; a < kernelHeight; a++) {
        for (let c = 0; c < kernelWidth; c++) {
          window[a * kernelWidth + c] = pixelAt(plane, row + a - top, column + c - left, border === "replicate");
        }
      }
      bits[row * width + column] = decide(window);
    }
  }
  return { height, width, bits };
}

function pixelAt(plane: Plane, row: number, column: number, replicate: boolean): number {
  const { height, width, bits } = plane;
  if (row >= 0 && row < height && column >= 0 && column < width) return bits[row * width + column]!;
  if (!replicate) return 0;
  const nearestRow = row < 0 ? 0 : row >= height ? height - 1 : row;
  const nearestColumn = column < 0 ? 0 : column >= width ? width - 1 : column;
  return bits[nearestRow * width + nearestColumn]!;
}

/** In the order (channel, row, column). */
function flatten(planes: readonly Plane[]): Uint8Array {
  const vector = new Uint8Array(planes.reduce((total, plane) => total + plane.bits.length, 0));
  let start = 0;
  for (const { bits } of planes) {
    vector.set(bits, start);
    start += bits.length;
  }
  return vector;
}

function applyDense(bank: NeuronBank, input: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: bank.count }, (_, neuron) => neuronOf(bank, neuron)(input));
}

/** The bit of one neuron as a function of its input bits. */
function neuronOf(bank: NeuronBank, neuron: number): (bits: Uint8Array) => 0 | 1 {
  const scale = bank.scales[neuron]!;
  if (scale === 0) return () => 0;
  const { weights, bias } = integersOf(bank, neuron);
  const sign = scale > 0 ? 1 : -1;
  const size = weights.reduce((total, weight) => total + absolute(weight), absolute(bias));
  // Every partial sum is at most `size`: below 2^53, doubles add these integers exactly.
  if (size < 2n ** 53n) {
    const small = weights.map(Number);
    const smallBias = Number(bias);
    return (bits) => {
      let sum = -smallBias;
      for (let index = 0; index < small.length; index++) if (bits[index] === 1) sum += small[index]!;
      return sign * sum > 0 ? 1 : 0;
    };
  }
  return (bits) => {
    let sum = -bias;
    for (let index = 0; index < weights.length; index++) if (bits[index] === 1) sum += weights[index]!;
    return sum !== 0n && sum > 0n === sign > 0 ? 1 : 0;
  };
}

/** W and B times one power of two, which does not change the bit: the least one that makes them integers. */
function integersOf(bank: NeuronBank, neuron: number): { weights: bigint[]; bias: bigint } {
  const all = [...weightsOf(bank, neuron), bank.biases[neuron]!].map((value) => BigInt(value * FLOAT32_UNIT));
  const union = all.reduce((bits, value) => bits | absolute(value), 0n);
  // The lowest set bit of the union divides all of them.
  const common = union === 0n ? 1n : union & -union;
  const reduced = all.map((value) => value / common);
  return { weights: reduced.slice(0, -1), bias: reduced.at(-1)! };
}

function scoreClasses(layer: ReadoutLayer, input: Uint8Array): HardOutcome {
  const { bank } = layer;
  const scores = Array.from({ length: layer.classes }, (_, neuron) => {
    let sum = -BigInt(bank.biases[neuron]! * FLOAT32_UNIT);
    weightsOf(bank, neuron).forEach((weight, index) => {
      if (input[index] === 1) sum += BigInt(weight * FLOAT32_UNIT);
    });
    return BigInt(bank.scales[neuron]! * FLOAT32_UNIT) * sum;
  });
  const best = scores.reduce((first, score, index) => (score > scores[first]! ? index : first), 0);
  return { kind: "scores", class: best, scores, exponent: SCORE_EXPONENT };
}

function weightsOf(bank: NeuronBank, neuron: number): Float32Array {
  return bank.weights.slice(neuron * bank.inputsPerNeuron, (neuron + 1) * bank.inputsPerNeuron);
}

function maxPool({ height, width, bits }: Plane): Plane {
  const pooled = { height: Math.floor(height / 2), width: Math.floor(width / 2) };
  const at = (row: number, column: number): number => bits[row * width + column]!;
  const square = (row: number, column: number): number =>
    at(row, column) | at(row, column + 1) | at(row + 1, column) | at(row + 1, column + 1);
  return {
    ...pooled,
    bits: Uint8Array.from({ length: pooled.height * pooled.width }, (_, index) =>
      square(2 * Math.floor(index / pooled.width), 2 * (index % pooled.width)),
    ),
  };
}

function inputPlanes(input: InputDescription, picture: Picture): Plane[] {
  const { height, width } = picture;
  const planes: Plane[] = [];
  if (picture.kind === "bits") {
    for (const image of picture.channels) {
      const pixel = (_: unknown, index: number): number => getPixel(image, Math.floor(index / width), index % width);
      planes.push({ height, width, bits: Uint8Array.from({ length: height * width }, pixel) });
    }
  } else {
    const { encoding } = input;
    if (encoding.kind !== "level-sets") throw new Error("a gray picture for a binary network");
    const minimum = exactly(encoding.grayMinimum);
    const maximum = exactly(encoding.grayMaximum);
    picture.channels.forEach((bytes, channel) => {
      for (const level of encoding.values[channel]!) {
        // byte stands for minimum + byte·(maximum − minimum)/255
        const reaches = Array.from(
          { length: 256 },
          (_, byte) => 255n * minimum + BigInt(byte) * (maximum - minimum) >= 255n * exactly(level),
        );
        planes.push({ height, width, bits: Uint8Array.from(bytes, (byte) => (reaches[byte] ? 1 : 0)) });
      }
    });
  }
  if (!input.complements) return planes;
  return [...planes, ...planes.map(({ bits }) => ({ height, width, bits: bits.map((bit) => 1 - bit) }))];
}

/** A double times 2^1074, an integer. */
function exactly(value: number): bigint {
  let whole = value;
  let doublings = 0;
  while (!Number.isInteger(whole)) {
    whole *= 2;
    doublings++;
  }
  return BigInt(whole) << BigInt(1074 - doublings);
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function planesOf(bits: Bits): readonly Plane[] {
  if (bits.kind === "vector") throw new Error("expected images");
  return bits.planes;
}

function vectorOf(bits: Bits): Uint8Array {
  if (bits.kind === "planes") throw new Error("expected a vector");
  return bits.bits;
}
