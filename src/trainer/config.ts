/** What to train, on what, and how: all of it data, so that a run can be written down, changed and repeated. */
import type { DataDescription } from "../data/description.js";
import type { Activation } from "../model/types.js";
import type { BorderRule } from "../morph/border.js";
import type { RegularisationKind } from "./regularisation/regularisation.js";

export type { RegularisationKind } from "./regularisation/regularisation.js";

export interface TrainingConfig {
  /** Name of the model: a C identifier of at most 63 characters. */
  readonly name: string;
  /** Of the initial weights and of the order of the samples; the data have seeds of their own. */
  readonly seed: number;
  readonly data: DataDescription;
  /** One, or several with the same number of layers, of which the trials choose. */
  readonly networks: readonly NetworkConfig[];
  readonly training: TrainingOptions;
}

export interface NetworkConfig {
  readonly input: InputConfig;
  /** First to last; what they read follows from the data and the layers before. */
  readonly layers: readonly LayerConfig[];
}

export interface InputConfig {
  /** Gray values at which every channel of a gray picture is cut, or how many to choose from the training data. */
  readonly levels: number | readonly number[] | null;
  /** The first layer also reads the complement of each plane. */
  readonly complements: boolean;
}

/**
 * What a neuron is while it is trained. `threshold`: ξ(P·(W·x − B)), the papers' neuron. `erosion`: exp(−P·Σ W·(1 − x)),
 * a soft AND of the inputs with large weights. `dilation`: 1 − exp(−P·Σ W·x), a soft OR. The last two have no bias, W ≥ 0,
 * and become erosions and dilations by S = {W large} when they are hardened.
 */
export type NeuronForm = "threshold" | "erosion" | "dilation";

/** See parametrisation.ts; `literals` for layers that read complements. */
export type WeightKind = "softplus" | "dual" | "literals" | "raw";
export type BiasKind = "softplus" | "projected" | "reparametrised" | "share" | "raw";
export type SmoothActivation = Exclude<Activation, "step" | "identity">;

/**
 * How the first weights and biases are drawn. `uniform`, `constant` and `heuristic` are the papers' (see
 * initialisation.ts). `signed`: weights of both signs, uniform with variance 1/n, for `raw`. `sparse`: exponentially
 * distributed, so that few of many inputs count at first. `sample`: each neuron begins as the conjunction of a few literals
 * that hold on a training sample, for `literals`.
 */
export interface InitialisationConfig {
  readonly method: "uniform" | "constant" | "heuristic" | "signed" | "sparse" | "sample";
  /** Expected Σ|W| of a neuron; null leaves it to the method. */
  readonly total: number | null;
  /**
   * Where B begins in the range of W·x, 0 … 1: near 1 a neuron begins like an erosion, near 0 like a dilation; null puts
   * it where the neuron's answers begin near ½.
   */
  readonly place: number | null;
  /** Literals of a neuron at first, of `sample` alone. */
  readonly members: number;
}

/** Neurons of one kind that share everything but their parameters. */
export interface BankConfig {
  readonly form: NeuronForm;
  readonly weights: WeightKind;
  readonly bias: BiasKind;
  readonly activation: SmoothActivation;
  /** P at the start; 0 leaves the sign, whether a neuron is complemented, to the training. */
  readonly scale: number;
  /** P is trained. */
  readonly learnedScale: boolean;
  readonly initialisation: InitialisationConfig;
}

export interface BiselConfig {
  readonly kind: "bisel";
  readonly channels: number;
  /** Rows and columns, pixels. */
  readonly kernel: readonly [number, number];
  readonly border: BorderRule;
  readonly bise: BankConfig;
  /** Joins the input channels; not used with one. */
  readonly lui: BankConfig;
}

export interface DenseLuiConfig {
  readonly kind: "dense-lui";
  readonly features: number;
  readonly lui: BankConfig;
}

/** Real scores, one a class, z = W·x − B. */
export interface ReadoutConfig {
  readonly kind: "readout";
  readonly classes: number;
}

export interface MaxPoolConfig {
  readonly kind: "max-pool";
}

export interface FlattenConfig {
  readonly kind: "flatten";
}

export type LayerConfig = BiselConfig | DenseLuiConfig | ReadoutConfig | MaxPoolConfig | FlattenConfig;

export type LossKind = "mean-squared-error" | "binary-cross-entropy" | "dice" | "normalised-dice" | "cross-entropy";

export interface RegularisationConfig {
  readonly kind: RegularisationKind;
  /** Factor of the sum over the neurons. */
  readonly weight: number;
  /** First step at which it counts. */
  readonly delay: number;
}

export interface TrainingOptions {
  readonly loss: LossKind;
  readonly batchSize: number;
  readonly regularisation: RegularisationConfig | null;
  /** Steps between two looks at the validation set. */
  readonly evaluateEvery: number;
  readonly plateau: PlateauConfig | null;
  /** Looks without improvement of the loss after which a phase ends early. */
  readonly earlyStopping: number | null;
  /** Pictures are moved by up to so many pixels, at random; what enters is 0. */
  readonly shift: number;
  /** How often each network starts, from other weights; what does best after `trialSteps` is trained on. */
  readonly trials: number;
  readonly trialSteps: number;
  readonly phases: readonly Phase[];
}

/** Divides the learning rate when the validation loss has not improved for a while. */
export interface PlateauConfig {
  readonly factor: number;
  /** Looks without improvement before the rate falls. */
  readonly patience: number;
  /** The rate falls no further than this share of the phase's. */
  readonly least: number;
}

/** A number that is constant over a phase, or goes from one value to another. */
export type Ramp = number | RampConfig;

export interface RampConfig {
  readonly from: number;
  readonly to: number;
  readonly shape: "linear" | "geometric" | "cosine";
}

/** One stretch of the schedule. What a phase hardens or puts on a grid stays so in those that follow. */
export interface Phase {
  readonly name: string;
  readonly steps: number;
  readonly learningRate: Ramp;
  /** Factor of P; one for all layers, or one each. */
  readonly sharpness: Ramp | readonly Ramp[];
  /** Slope of the gradient that stands in for that of the step in hardened layers. */
  readonly surrogate: Ramp;
  /**
   * What the parameters of soft erosions and dilations lose in each step, in learning rates, so that members that do not
   * help go away (a decoupled penalty of the weights).
   */
  readonly shrink: number;
  /** Layers, by index, whose neurons answer bits from here on. */
  readonly harden: readonly number[];
  /** Layers that are not trained in this phase. */
  readonly freeze: readonly number[];
  /** Layers whose weights are integers from −largest to largest times a step of each neuron, from here on. */
  readonly grid: { readonly layers: readonly number[]; readonly largest: number } | null;
}
