/** The dense networks that bench/dense.ts measures: bytes, one layer of erosions and dilations, classes. */
import type { DenseLuiLayer, Model, NeuronBank, ReadoutLayer } from "../src/model/types.js";
import { createRandom, type Random } from "../src/morph/random.js";

export interface DenseShape {
  /** Pixels on a side; a picture is square. */
  readonly side: number;
  readonly neurons: number;
  /** Pixels that a neuron reads. */
  readonly members: number;
  readonly classes: number;
  /** Integers −7 … 7, or float32 numbers with all their digits, as training leaves them. */
  readonly weights: "integers" | "floats";
}

/** Steep enough that a neuron's value is 0 or 1 in float32. */
const STEEP = 50;

/**
 * A level set, a layer of ands and ors (one in two of each, one in four complemented) of random pixels, and a read-out.
 * The same seed gives the same network.
 */
export function denseModel(name: string, shape: DenseShape, seed: number): Model {
  const random = createRandom(seed);
  const inFeatures = shape.side * shape.side;
  return {
    name,
    input: {
      channels: 1,
      height: shape.side,
      width: shape.side,
      encoding: { kind: "level-sets", grayMinimum: 0, grayMaximum: 1, values: [[0.5]] },
      complements: false,
    },
    layers: [{ kind: "flatten" }, neuronLayer(shape, inFeatures, random), readoutLayer(shape, random)],
    provenance: null,
  };
}

function neuronLayer({ neurons, members }: DenseShape, inFeatures: number, random: Random): DenseLuiLayer {
  const weights = new Float32Array(neurons * inFeatures);
  const biases = new Float32Array(neurons);
  const scales = new Float32Array(neurons);
  for (let neuron = 0; neuron < neurons; neuron++) {
    for (let left = members; left > 0; ) {
      const at = neuron * inFeatures + random.below(inFeatures);
      if (weights[at] === 1) continue;
      weights[at] = 1;
      left--;
    }
    biases[neuron] = random.below(2) === 0 ? members - 0.5 : 0.5;
    scales[neuron] = random.below(4) === 0 ? -STEEP : STEEP;
  }
  const lui: NeuronBank = { count: neurons, inputsPerNeuron: inFeatures, weights, biases, scales, activation: "tanh" };
  return { kind: "dense-lui", inFeatures, outFeatures: neurons, lui };
}

function readoutLayer({ neurons, classes, weights: kind }: DenseShape, random: Random): ReadoutLayer {
  const weight = (): number => (kind === "integers" ? random.below(15) - 7 : random.uniform() - 0.5);
  const bank: NeuronBank = {
    count: classes,
    inputsPerNeuron: neurons,
    weights: Float32Array.from({ length: classes * neurons }, weight),
    biases: Float32Array.from({ length: classes }, weight),
    scales: Float32Array.from({ length: classes }, () => 1),
    activation: "identity",
  };
  return { kind: "readout", inFeatures: neurons, classes, bank };
}

/**
 * Pictures whose neurons are not all constant: half of them nearly white, half nearly black, with some noise, so that
 * an and and an or of 40 pixels both change from picture to picture.
 */
export function densePictures({ side }: DenseShape, count: number, seed: number): Uint8Array {
  const random = createRandom(seed);
  const bytes = new Uint8Array(count * side * side);
  for (let picture = 0; picture < count; picture++) {
    const bright = picture % 2 === 0;
    for (let pixel = 0; pixel < side * side; pixel++) {
      const isOdd = random.below(40) === 0;
      bytes[picture * side * side + pixel] = (bright === isOdd ? 0 : 128) + random.below(128);
    }
  }
  return bytes;
}
