/**
 * `npm run bench:binarize`: seconds and memory that binarization takes of large networks. Each runs in a process of its own; the
 * memory is the most that the process ever held.
 */
import { spawnSync } from "node:child_process";
import { binarize } from "../src/binarize/binarize.js";
import type { BiselLayer, Layer, Model, NeuronBank } from "../src/model/types.js";
import { createRandom, type Random } from "../src/morph/random.js";

const CASES: Readonly<Record<string, () => Model>> = {
  "784 → 4096, softplus weights": () => denseModel(4096, (random) => Math.log1p(Math.exp(random.normal() - 2))),
  "784 → 4096, weights −7 … 7 times 0.0371": () => denseModel(4096, (random) => (random.below(15) - 7) * 0.0371),
  "784 → 4096, near a constant set": () =>
    denseModel(4096, (random) => (random.uniform() < 0.05 ? 1 : 0.0001) * (1 + 0.02 * random.normal())),
  "5 BiSEL of 32 channels, 5×5, softplus weights": () => biselModel(32, 5, 5),
  "5 BiSEL of 32 channels, 7×7, softplus weights": () => biselModel(32, 5, 7),
};

function bank(count: number, inputs: number, random: Random, weight: (random: Random) => number): NeuronBank {
  const weights = Float32Array.from({ length: count * inputs }, () => weight(random));
  const biases = Float32Array.from({ length: count }, (_, neuron) => {
    const own = weights.subarray(neuron * inputs, (neuron + 1) * inputs);
    return own.reduce((sum, each) => sum + each, 0) * (0.3 + 0.4 * random.uniform());
  });
  const scales = new Float32Array(count).fill(3);
  return { count, inputsPerNeuron: inputs, weights, biases, scales, activation: "tanh" };
}

function modelOf(layers: readonly Layer[], side: number | null): Model {
  const input = { channels: 1, height: side, width: side, encoding: { kind: "binary" }, complements: false } as const;
  return { name: "large", input, layers, provenance: null };
}

function denseModel(neurons: number, weight: (random: Random) => number): Model {
  const lui = bank(neurons, 784, createRandom(1), weight);
  return modelOf([{ kind: "flatten" }, { kind: "dense-lui", inFeatures: 784, outFeatures: neurons, lui }], 28);
}

function biselModel(channels: number, depth: number, side: number): Model {
  const random = createRandom(2);
  const weight = (own: Random): number => Math.log1p(Math.exp(own.normal()));
  const layers = Array.from({ length: depth }, (_, index): BiselLayer => {
    const inChannels = index === 0 ? 1 : channels;
    const size = { kernelHeight: side, kernelWidth: side, border: "replicate" } as const;
    const bise = bank(inChannels * channels, side * side, random, weight);
    const lui = inChannels === 1 ? null : bank(channels, inChannels, random, weight);
    return { kind: "bisel", inChannels, outChannels: channels, ...size, bise, lui };
  });
  return modelOf(layers, null);
}

function runCase(name: string): void {
  const model = CASES[name]?.();
  if (model === undefined) throw new Error(`no case ${name}`);
  const start = performance.now();
  try {
    const { report } = binarize(model, { policy: "auto" });
    const neurons = report.layers.flatMap((layer) => layer.neurons);
    const weights = neurons.flatMap(({ threshold }) => threshold?.weights ?? []);
    const digits = weights.reduce((sum, weight) => sum + weight.toString(2).length, 0) / Math.max(1, weights.length);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const memory = Math.round(process.resourceUsage().maxRSS / 1024);
    const exact = neurons.filter(({ grade }) => grade === "exact").length;
    console.log(
      `${name}: ${seconds} s, ${memory} MiB, ${exact} of ${neurons.length} exact, ${digits.toFixed(1)} bits a weight`,
    );
  } catch (error) {
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${name}: ${seconds} s, then ${error instanceof Error ? error.message : String(error)}`);
  }
}

const [chosen] = process.argv.slice(2);
if (chosen === undefined) {
  for (const name of Object.keys(CASES)) {
    spawnSync(process.execPath, [...process.execArgv, import.meta.filename, name], { stdio: "inherit" });
  }
} else runCase(chosen);
