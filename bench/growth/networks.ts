/** Networks of any size, from a seed: what growth is measured on. */
import { ModuleBuilder } from "../../src/ir/build.js";
import type { MorphModule, ScoreActivation } from "../../src/ir/node.js";
import type { BiselLayer, InputDescription, Layer, Model, NeuronBank } from "../../src/model/types.js";
import { createStream, type Random } from "../../src/morph/random.js";

const BINARY: InputDescription = {
  channels: 1,
  height: null,
  width: null,
  encoding: { kind: "binary" },
  complements: false,
};

function modelOf(input: InputDescription, layers: readonly Layer[]): Model {
  return { name: "growth", input, layers, provenance: null };
}

/** Neurons that ask for all or for any of a set of their inputs, which `members` chooses for each of them. */
function setNeurons(
  count: number,
  inputs: number,
  random: Random,
  members: (neuron: number) => readonly number[],
): NeuronBank {
  const weights = new Float32Array(count * inputs);
  const biases = new Float32Array(count);
  for (let neuron = 0; neuron < count; neuron++) {
    const chosen = members(neuron);
    for (const member of chosen) weights[neuron * inputs + member] = 1;
    biases[neuron] = random.below(2) === 0 ? 0.5 : chosen.length - 0.5;
  }
  // `step` answers bits, so that every neuron is exactly what it asks for.
  return {
    count,
    inputsPerNeuron: inputs,
    weights,
    biases,
    scales: new Float32Array(count).fill(1),
    activation: "step",
  };
}

/** So many different numbers below `bound`. */
function choose(count: number, bound: number, random: Random): readonly number[] {
  const chosen = new Set<number>();
  while (chosen.size < count) chosen.add(random.below(bound));
  return [...chosen];
}

const KERNEL = 3;
const MEMBERS = 4;

/** Erosions and dilations by four random pixels of 3×3; each output joins `joined` of the layer's inputs. */
function biselLayer(inChannels: number, outChannels: number, joined: number, random: Random): BiselLayer {
  const pixels = KERNEL * KERNEL;
  const bise = setNeurons(inChannels * outChannels, pixels, random, () => choose(MEMBERS, pixels, random));
  const lui =
    inChannels === 1
      ? null
      : setNeurons(outChannels, inChannels, random, () => choose(Math.min(joined, inChannels), inChannels, random));
  const size = { kernelHeight: KERNEL, kernelWidth: KERNEL, border: "replicate" } as const;
  return { kind: "bisel", inChannels, outChannels, ...size, bise, lui };
}

/** Inputs that an output of a layer joins: networks cut to sets keep few. */
const JOINED = 2;

/**
 * Layers of `channels` channels each, one channel at both ends: the last one joins all, so that nothing is left out.
 * Each channel is an intersection or union of two operations on channels of the layer before.
 */
export function layeredNetwork(layers: number, channels: number): Model {
  const random = createStream(1, layers, channels);
  const widths = [1, ...Array.from({ length: layers }, () => channels)];
  const hidden = widths.slice(1).map((width, index) => biselLayer(widths[index] ?? 1, width, JOINED, random));
  return modelOf(BINARY, [...hidden, biselLayer(channels, 1, channels, random)]);
}

/** As {@link layeredNetwork}, but each channel joins operations on all channels of the layer before. */
export function fullNetwork(layers: number, channels: number): Model {
  const random = createStream(2, layers, channels);
  const hidden = Array.from({ length: layers }, (_, index) =>
    biselLayer(index === 0 ? 1 : channels, channels, channels, random),
  );
  return modelOf(BINARY, hidden);
}

const SIDE = 28;
const CLASSES = 10;

/**
 * A network of logic gates on pictures of 28×28, in the shape in which such networks are published: layers of `width` unions and
 * intersections of two bits of the layer before; each class counts a tenth of the last layer. As MorphIR, since the weights of a
 * float network of this shape would be almost all zeros.
 */
export function gateModule(layers: number, width: number): MorphModule {
  const random = createStream(3, layers, width);
  const builder = new ModuleBuilder("growth", { channels: 1, height: SIDE, width: SIDE, samples: "bits" }, true);
  const picture = builder.add({ kind: "input", channel: 0 }, "x");
  const pixels = builder.add({ kind: "flatten", inputs: [picture] }, "pixels");
  let bits = Array.from({ length: SIDE * SIDE }, (_, index) =>
    builder.add({ kind: "element", input: pixels, index }, "pixel"),
  );
  for (let layer = 0; layer < layers; layer++) {
    const before = bits;
    bits = Array.from({ length: width }, () => {
      const inputs = choose(2, before.length, random).map((index) => before[index] ?? 0);
      const kind = random.below(2) === 0 ? "union" : "intersection";
      return builder.add({ kind, inputs }, "gate");
    });
  }
  const last = builder.add({ kind: "flatten", inputs: bits }, "last");
  const weights = Array.from({ length: CLASSES }, (_, label) =>
    bits.map((__, index) => (Math.floor((index * CLASSES) / width) === label ? 1n : 0n)),
  );
  const biases = Array<bigint>(CLASSES).fill(0n);
  const activation = Array<ScoreActivation>(CLASSES).fill("identity");
  return builder.finish([
    builder.add({ kind: "readout", input: last, weights, biases, exponent: 0, activation }, "scores"),
  ]);
}
