/** Small random networks whose hidden values are near 0 and 1, so that many of them can be proved exact. */
import type {
  Activation,
  BiselLayer,
  InputDescription,
  Layer,
  Model,
  NeuronBank,
  ReadoutLayer,
} from "../../src/model/types.js";
import { planeCount } from "../../src/model/types.js";
import { buildBitImage } from "../../src/morph/bit-image.js";
import type { Picture } from "../../src/morph/picture.js";
import { generator } from "./exact-numbers.js";

export interface ModelChoices {
  /** Every neuron's; at random where it is left out. */
  readonly activation?: Activation;
  /** Weights and biases ≥ 0 only, drawn from all floats, as the papers' are. */
  readonly positive?: boolean;
}

/** Picks at random, the same for a seed. */
export class Dice {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = generator(seed);
  }

  /** A whole number from `least` to `greatest`. */
  whole(least: number, greatest: number): number {
    return least + (this.#next() % (greatest - least + 1));
  }

  chance(share: number): boolean {
    return this.real() < share;
  }

  /** From 0 to less than 1. */
  real(): number {
    return this.#next() / 2 ** 32;
  }

  oneOf<T>(values: readonly T[]): T {
    return values[this.whole(0, values.length - 1)]!;
  }
}

/** Scales at which a margin of ¼ saturates the activation. */
const STEEP: Readonly<Record<Activation, number>> = {
  tanh: 60,
  sigmoid: 120,
  erf: 30,
  arctan: 40_000,
  step: 1,
  identity: 1,
};
const SQUASHING: readonly Activation[] = ["tanh", "sigmoid", "erf", "arctan", "step"];

export function nearBinaryModel(seed: number, choices: ModelChoices = {}): Model {
  const dice = new Dice(seed);
  const ending = dice.oneOf(["images", "images", "vector", "scores"] as const);
  const height = dice.whole(3, 6);
  const width = dice.whole(3, 6);
  const channels = dice.whole(1, 2);
  const input: InputDescription = {
    channels,
    height: ending === "images" ? null : height,
    width: ending === "images" ? null : width,
    encoding: dice.chance(0.7)
      ? { kind: "binary" }
      : {
          kind: "level-sets",
          grayMinimum: 0,
          grayMaximum: 1,
          values: Array.from({ length: channels }, () => (dice.chance(0.5) ? [0.5] : [0.25, 0.7])),
        },
    complements: dice.chance(0.25),
  };

  const layers: Layer[] = [];
  let planes = planeCount(input);
  let pooled = false;
  for (let depth = dice.whole(1, 3); depth > 0; depth--) {
    const layer = bisel(planes, dice, choices);
    layers.push(layer);
    planes = layer.outChannels;
    if (!pooled && dice.chance(0.3)) {
      layers.push({ kind: "max-pool" });
      pooled = true;
    }
  }
  if (ending !== "images") {
    const halved = (side: number): number => (pooled ? Math.floor(side / 2) : side);
    const inFeatures = planes * halved(height) * halved(width);
    const outFeatures = dice.whole(1, 3);
    layers.push({ kind: "flatten" });
    layers.push({ kind: "dense-lui", inFeatures, outFeatures, lui: bank(outFeatures, inFeatures, dice, choices) });
    if (ending === "scores") layers.push(readout(outFeatures, dice));
  }
  return { name: `near_binary_${seed}`, input, layers, provenance: null };
}

function bisel(inChannels: number, dice: Dice, choices: ModelChoices): BiselLayer {
  const outChannels = dice.whole(1, 2);
  const [kernelHeight, kernelWidth] = [dice.whole(1, 3), dice.whole(1, 3)];
  return {
    kind: "bisel",
    inChannels,
    outChannels,
    kernelHeight,
    kernelWidth,
    border: dice.oneOf(["replicate", "zeros"]),
    bise: bank(inChannels * outChannels, kernelHeight * kernelWidth, dice, choices),
    lui: inChannels === 1 ? null : bank(outChannels, inChannels, dice, choices),
  };
}

function bank(count: number, inputsPerNeuron: number, dice: Dice, choices: ModelChoices): NeuronBank {
  const activation = choices.activation ?? dice.oneOf(SQUASHING);
  const neurons = Array.from({ length: count }, () =>
    choices.positive === true ? positiveNeuron(inputsPerNeuron, dice) : signedNeuron(inputsPerNeuron, dice),
  );
  const steepness = dice.chance(0.8) ? STEEP[activation] : STEEP[activation] / 20;
  return {
    count,
    inputsPerNeuron,
    weights: Float32Array.from(neurons.flatMap((neuron) => neuron.weights)),
    biases: Float32Array.from(neurons, (neuron) => neuron.bias),
    scales: Float32Array.from(neurons, () => (dice.chance(0.04) ? 0 : dice.chance(0.25) ? -steepness : steepness)),
    activation,
  };
}

interface Neuron {
  readonly weights: readonly number[];
  readonly bias: number;
}

const GRID = 64;

/** On a grid of 1/64, so that sums over bits are exact in doubles. */
function signedNeuron(inputs: number, dice: Dice): Neuron {
  const signs = Array.from({ length: inputs }, () => (dice.chance(0.15) ? -1 : 1));
  const { sizes, bias } = signedSizes(inputs, dice);
  const negative = sizes.reduce((sum, size, input) => sum + (signs[input] === -1 ? size : 0), 0);
  return {
    weights: sizes.map((size, input) => (size * signs[input]!) / GRID),
    bias: (bias - negative) / GRID,
  };
}

function signedSizes(inputs: number, dice: Dice): { readonly sizes: readonly number[]; readonly bias: number } {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const style = dice.real();
  // The middle of a gap of a rank filter, or a tie on one of its ends.
  if (style < 0.2) {
    const rank = dice.whole(0, inputs);
    return { sizes: Array.from({ length: inputs }, () => GRID), bias: rank * GRID + dice.oneOf([32, 32, 0]) };
  }
  if (style < 0.3) {
    const sizes = Array.from({ length: inputs }, () => dice.whole(0, 100));
    return { sizes, bias: dice.whole(-4, sum(sizes) + 4) };
  }
  // Near a constant set, of few of the inputs where there are many.
  const share = dice.oneOf([0.3, 0.8]);
  const inside = Array.from({ length: inputs }, () => dice.chance(share));
  const stray = inputs > 9 ? 0 : dice.whole(0, 3);
  const sizes = inside.map((member) => (member ? dice.whole(58, 70) : dice.whole(0, stray)));
  const members = sizes.filter((_, input) => inside[input]);
  return { sizes, bias: dice.chance(0.5) ? 32 : sum(members) - 32 };
}

function positiveNeuron(inputs: number, dice: Dice): Neuron {
  const activated = dice.chance(0.4);
  const inside = Array.from({ length: inputs }, () => dice.chance(0.6));
  const weights = inside.map((member) => Math.fround(activated ? (member ? 0.9 : 0) + dice.real() / 50 : dice.real()));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const members = inside.filter(Boolean).length;
  const bias = activated ? (dice.chance(0.5) ? 0.5 : total - 0.01 * (inputs - members) - 0.5) : dice.real() * total;
  return { weights, bias: Math.max(0, Math.fround(bias)) };
}

function readout(inFeatures: number, dice: Dice): ReadoutLayer {
  const classes = dice.whole(2, 3);
  const reals = (length: number): Float32Array => Float32Array.from({ length }, () => dice.real() * 2 - 1);
  const activation = dice.oneOf<Activation>(["identity", "tanh", "sigmoid"]);
  return {
    kind: "readout",
    inFeatures,
    classes,
    bank: {
      count: classes,
      inputsPerNeuron: inFeatures,
      weights: reals(classes * inFeatures),
      biases: reals(classes),
      scales: reals(classes),
      activation,
    },
  };
}

/** A picture that the model reads; where the size is free, of three to nine rows and columns. */
export function randomPicture(input: InputDescription, seed: number): Picture {
  const dice = new Dice(seed);
  const height = input.height ?? dice.whole(3, 9);
  const width = input.width ?? dice.whole(3, 9);
  const density = dice.oneOf([0.15, 0.5, 0.85]);
  const channels = Array.from({ length: input.channels });
  if (input.encoding.kind === "binary") {
    const images = channels.map(() => buildBitImage(height, width, () => dice.chance(density)));
    return { kind: "bits", height, width, channels: images };
  }
  const planes = channels.map(() => Uint8Array.from({ length: height * width }, () => dice.whole(0, 255)));
  return { kind: "bytes", height, width, channels: planes };
}
