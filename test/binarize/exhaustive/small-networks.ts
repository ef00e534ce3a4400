/** Stacks of BiSELs that are small enough to try on every picture. */
import type { Activation, BiselLayer, InputDescription, Model, NeuronBank } from "../../../src/model/types.js";
import { planeCount } from "../../../src/model/types.js";
import type { Dice } from "../near-binary-model.js";

const SQUASHING: readonly Activation[] = ["tanh", "sigmoid", "erf", "arctan", "step"];
const KERNELS: readonly (readonly [number, number])[] = [
  [1, 3],
  [3, 1],
  [2, 2],
  [1, 2],
  [3, 3],
  [2, 1],
];

export function smallStack(dice: Dice): Model {
  const channels = dice.chance(0.25) ? 2 : 1;
  const input: InputDescription = {
    channels,
    height: null,
    width: null,
    encoding: dice.chance(0.8)
      ? { kind: "binary" }
      : {
          kind: "level-sets",
          grayMinimum: 0,
          grayMaximum: 1,
          values: Array.from({ length: channels }, () =>
            dice.oneOf([[0.5], [0.25, 0.7], [0.25, 0.2505], [-1, 0.5, 2]]),
          ),
        },
    complements: dice.chance(0.25),
  };
  const layers: BiselLayer[] = [];
  let planes = planeCount(input);
  const depth = dice.oneOf([1, 2, 2, 2, 3]);
  for (let index = 0; index < depth; index++) {
    const layer = bisel(planes, dice);
    layers.push(layer);
    planes = layer.outChannels;
  }
  return { name: "small", input, layers, provenance: null };
}

function bisel(inChannels: number, dice: Dice): BiselLayer {
  const outChannels = dice.whole(1, 2);
  const [kernelHeight, kernelWidth] = dice.oneOf(KERNELS);
  return {
    kind: "bisel",
    inChannels,
    outChannels,
    kernelHeight,
    kernelWidth,
    border: dice.oneOf(["replicate", "zeros"]),
    bise: bank(inChannels * outChannels, kernelHeight * kernelWidth, dice),
    lui: inChannels === 1 ? null : bank(outChannels, inChannels, dice),
  };
}

const GRID = 64;

/** Weights and biases on a grid of 1/64, so that sums of bits are exact; moderate and steep scales. */
export function bank(
  count: number,
  inputsPerNeuron: number,
  dice: Dice,
  activation = dice.oneOf(SQUASHING),
): NeuronBank {
  const neurons = Array.from({ length: count }, () => {
    const weights = Array.from({ length: inputsPerNeuron }, () => {
      if (dice.chance(0.15)) return 0;
      const size = dice.chance(0.6) ? dice.whole(56, 72) : dice.whole(1, 100);
      return (dice.chance(0.2) ? -size : size) / GRID;
    });
    const positive = weights.reduce((sum, weight) => sum + Math.max(0, weight), 0);
    const negative = weights.reduce((sum, weight) => sum + Math.min(0, weight), 0);
    const share = dice.oneOf([0.05, 0.3, 0.5, 0.7, 0.95]);
    return { weights, bias: Math.round((negative + share * (positive - negative)) * GRID) / GRID };
  });
  return {
    count,
    inputsPerNeuron,
    weights: Float32Array.from(neurons.flatMap((neuron) => neuron.weights)),
    biases: Float32Array.from(neurons, (neuron) => neuron.bias),
    scales: Float32Array.from(neurons, () =>
      dice.chance(0.04) ? 0 : (dice.chance(0.3) ? -1 : 1) * dice.oneOf([2, 8, 60]),
    ),
    activation,
  };
}
