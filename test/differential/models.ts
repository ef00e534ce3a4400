/** Small models of each kind, with weights from a generator. */
import type { BiselLayer, Model, NeuronBank } from "../../src/model/types.js";
import { randomNumbers } from "../lower/modules.js";

function bank(count: number, inputsPerNeuron: number, seed: number, isSigned = false): NeuronBank {
  const random = randomNumbers(seed);
  const weights = Float32Array.from({ length: count * inputsPerNeuron }, () => random() - (isSigned ? 0.4 : 0.05));
  const sumOf = (neuron: number): number =>
    weights.slice(neuron * inputsPerNeuron, (neuron + 1) * inputsPerNeuron).reduce((sum, weight) => sum + weight, 0);
  return {
    count,
    inputsPerNeuron,
    weights,
    biases: Float32Array.from({ length: count }, (_, neuron) => sumOf(neuron) * (0.4 + 0.4 * random())),
    scales: Float32Array.from({ length: count }, (_, neuron) => (neuron % 3 === 2 ? -4 : 6)),
    activation: "tanh",
  };
}

function bisel(inChannels: number, outChannels: number, side: number, seed: number): BiselLayer {
  return {
    kind: "bisel",
    inChannels,
    outChannels,
    kernelHeight: side,
    kernelWidth: side,
    border: seed % 2 === 0 ? "replicate" : "zeros",
    bise: bank(inChannels * outChannels, side * side, seed),
    lui: inChannels === 1 ? null : bank(outChannels, inChannels, seed + 100),
  };
}

/** Two layers of windows, pictures of any size. */
export const CONVOLUTION: Model = {
  name: "convolution",
  input: { channels: 1, height: null, width: null, encoding: { kind: "binary" }, complements: false },
  layers: [bisel(1, 3, 3, 2), { kind: "max-pool" }, bisel(3, 2, 5, 3)],
  provenance: null,
};

/** Three level sets of a gray picture and their complements. */
export const LEVEL_SETS: Model = {
  name: "level_sets",
  input: {
    channels: 1,
    height: null,
    width: null,
    encoding: { kind: "level-sets", grayMinimum: 0, grayMaximum: 1, values: [[0.25, 0.5, 0.8]] },
    complements: true,
  },
  layers: [bisel(6, 2, 3, 4)],
  provenance: null,
};

/** A vector of bits. */
export const DENSE: Model = {
  name: "dense",
  input: { channels: 1, height: 5, width: 7, encoding: { kind: "binary" }, complements: false },
  layers: [
    { kind: "flatten" },
    { kind: "dense-lui", inFeatures: 35, outFeatures: 12, lui: bank(12, 35, 5, true) },
    { kind: "dense-lui", inFeatures: 12, outFeatures: 34, lui: bank(34, 12, 6) },
  ],
  provenance: null,
};

/** Scores of four classes. */
export const READOUT: Model = {
  name: "readout",
  input: { channels: 2, height: 6, width: 5, encoding: { kind: "binary" }, complements: false },
  layers: [
    bisel(2, 2, 3, 8),
    { kind: "flatten" },
    { kind: "dense-lui", inFeatures: 60, outFeatures: 20, lui: bank(20, 60, 9) },
    { kind: "readout", inFeatures: 20, classes: 4, bank: bank(4, 20, 10, true) },
  ],
  provenance: null,
};

export const MODELS: readonly Model[] = [CONVOLUTION, LEVEL_SETS, DENSE, READOUT];
