/**
 * The trained float network as data.
 *
 * A neuron computes `χ(x) = ξ(P · (W ⋆ x − B))` with ⋆ the cross-correlation (Aouad & Talbot, arXiv 2401.03830,
 * Definition 2.1). Weights, biases and scales are float32; their sums are meant as real numbers.
 */
import type { BorderRule } from "../morph/border.js";

/**
 * ξ. `tanh`: ½tanh(u)+½; `sigmoid`; `erf`: ½erf(u)+½; `arctan`: arctan(u)/π+½; `step`: [u > 0];
 * `identity` (read-out layers only): u.
 */
export type Activation = "tanh" | "sigmoid" | "erf" | "arctan" | "step" | "identity";

/** Neurons of one kind that share a kernel shape and an activation. */
export interface NeuronBank {
  readonly count: number;
  readonly inputsPerNeuron: number;
  /** W, dimensionless, `[count][inputsPerNeuron]`, a kernel row-major; any sign. */
  readonly weights: Float32Array;
  /** B as it is subtracted (the papers' B; PyTorch checkpoints store −B), `[count]`. */
  readonly biases: Float32Array;
  /** P, `[count]`; negative complements the neuron, 0 makes it constant. */
  readonly scales: Float32Array;
  readonly activation: Activation;
  /** Trained parameters behind the effective ones, so that training can resume; not read by the compiler. */
  readonly raw?: RawParameters;
}

export interface RawParameters {
  readonly weightParametrisation: string;
  readonly biasParametrisation: string;
  readonly weightFactor: number;
  readonly biasOffset: number;
  readonly weights: Float32Array;
  readonly biases: Float32Array;
}

/**
 * Layer of binary structuring elements (Definition 2.4): neuron `i·outChannels + j` of `bise` reads input channel i,
 * and neuron j of `lui` joins the `inChannels` neurons of output channel j, in the order of i. With one input channel
 * the LUI is the identity and `lui` is null.
 */
export interface BiselLayer {
  readonly kind: "bisel";
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  /** The output has the input's size; window position s is read at p + s − floor(size / 2). */
  readonly border: BorderRule;
  readonly bise: NeuronBank;
  readonly lui: NeuronBank | null;
}

/** Fully connected layer of unions and intersections on a vector. */
export interface DenseLuiLayer {
  readonly kind: "dense-lui";
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly lui: NeuronBank;
}

/** Maximum over disjoint 2×2 squares; an odd last row or column is dropped. */
export interface MaxPoolLayer {
  readonly kind: "max-pool";
}

/** Channels to one vector, in the order (channel, row, column). */
export interface FlattenLayer {
  readonly kind: "flatten";
}

/** Real-valued last layer: scores ξ(P·(W·x − B)) per class; the class is the arg max, the first one on a tie. */
export interface ReadoutLayer {
  readonly kind: "readout";
  readonly inFeatures: number;
  readonly classes: number;
  readonly bank: NeuronBank;
}

export type Layer = BiselLayer | DenseLuiLayer | MaxPoolLayer | FlattenLayer | ReadoutLayer;

/** The picture's samples are 0 and 1. */
export interface BinaryEncoding {
  readonly kind: "binary";
}

/**
 * A gray sample x of channel c becomes the bits `x ≥ values[c][k]`. A stored byte s stands for the gray value
 * `grayMinimum + s · (grayMaximum − grayMinimum) / 255`.
 */
export interface LevelSetEncoding {
  readonly kind: "level-sets";
  readonly grayMinimum: number;
  readonly grayMaximum: number;
  /** `[channel][level]`. */
  readonly values: readonly (readonly number[])[];
}

/**
 * What the network reads. The first layer sees `planeCount(input)` binary planes: the channels (binary) or the level
 * sets, channel-major; then, if `complements`, the complement of each of these planes in the same order.
 */
export interface InputDescription {
  readonly channels: number;
  /** Pixels; null when any height is accepted. */
  readonly height: number | null;
  /** Pixels; null when any width is accepted. */
  readonly width: number | null;
  readonly encoding: BinaryEncoding | LevelSetEncoding;
  readonly complements: boolean;
}

export interface Provenance {
  readonly tool: string;
  readonly dataSet: string;
  readonly seed: string;
  readonly notes: string;
  /** Name and value, for instance `test DICE`. */
  readonly metrics: readonly { readonly name: string; readonly value: number }[];
}

export interface Model {
  /** A C identifier: letters, digits and underscores, beginning with a letter, 1 to 63 characters. */
  readonly name: string;
  readonly input: InputDescription;
  readonly layers: readonly Layer[];
  readonly provenance: Provenance | null;
}

/** Binary planes that the first layer reads. */
export function planeCount(input: InputDescription): number {
  const planes =
    input.encoding.kind === "binary"
      ? input.channels
      : input.encoding.values.reduce((total, levels) => total + levels.length, 0);
  return input.complements ? 2 * planes : planes;
}

/** W of one neuron, a view. */
export function neuronWeights(bank: NeuronBank, neuron: number): Float32Array {
  return bank.weights.subarray(neuron * bank.inputsPerNeuron, (neuron + 1) * bank.inputsPerNeuron);
}
