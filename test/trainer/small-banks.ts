/** Banks of a few neurons, and all the inputs that they can have. */
import * as tf from "@tensorflow/tfjs";
import { activate } from "../../src/model/activation.js";
import type { NeuronBank } from "../../src/model/types.js";
import { Bank } from "../../src/trainer/bank.js";
import type { BankConfig } from "../../src/trainer/config.js";
import { decodeConfig } from "../../src/trainer/decode-config.js";
import type { LayerSetting } from "../../src/trainer/schedule.js";

/** A bank's configuration with its defaults. */
export function bankConfig(given: object): BankConfig {
  const { networks } = decodeConfig({
    name: "bank",
    data: { kind: "noisy-sticks" },
    network: { layers: [{ kind: "flatten" }, { kind: "dense-lui", features: 1, lui: given }] },
    training: { loss: "dice", phases: [{ name: "all", steps: 1, learningRate: 0, harden: [1] }] },
  });
  const layer = networks[0]?.layers[1];
  if (layer?.kind !== "dense-lui") throw new Error("no such layer");
  return layer.lui;
}

/** @param weights parameters, [count][inputs] */
export function makeBank(given: object, weights: Float32Array, biases: Float32Array, scales?: Float32Array): Bank {
  const count = biases.length;
  const bank = new Bank("bank", bankConfig(given), {
    count,
    inputs: weights.length / count,
    weights,
    biases,
    factor: weights.length / count,
  });
  if (scales !== undefined) tf.tidy(() => bank.scales.assign(tf.tensor1d(scales)));
  return bank;
}

export const SOFT: LayerSetting = {
  hardened: false,
  realOutput: false,
  sharpness: 1,
  surrogate: 1,
  grid: null,
  trained: true,
};

/** All 2ⁿ vectors of n bits. */
export function allBits(inputs: number): number[][] {
  return Array.from({ length: 2 ** inputs }, (_, code) =>
    Array.from({ length: inputs }, (__, bit) => (code >> bit) & 1),
  );
}

/** Answers of the bank, `[input][neuron]`, to vectors that are as wide as its effective weights. */
export function answersOf(bank: Bank, vectors: readonly (readonly number[])[], setting: LayerSetting): number[][] {
  return tf.tidy(() => {
    const x = tf.tensor2d(vectors.map((vector) => [...vector]));
    return bank.respond((weights) => tf.matMul(x, weights, false, true), setting).arraySync() as number[][];
  });
}

/** Answers of the compiler's neurons by their definition, in double precision. */
export function plainAnswers(bank: NeuronBank, vectors: readonly (readonly number[])[]): number[][] {
  return vectors.map((vector) =>
    Array.from({ length: bank.count }, (_, neuron) => {
      const weights = bank.weights.subarray(neuron * bank.inputsPerNeuron, (neuron + 1) * bank.inputsPerNeuron);
      const sum = weights.reduce((partial, weight, index) => partial + weight * (vector[index] ?? 0), 0);
      return activate(bank.activation, (bank.scales[neuron] ?? 0) * (sum - (bank.biases[neuron] ?? 0)));
    }),
  );
}
