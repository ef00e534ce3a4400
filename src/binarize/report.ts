/** What binarization found out about every neuron; the certificate and `inspect` are made from it. */
import type { Grade } from "../ir/node.js";
import type { ApproximationMethod } from "./closest/closest.js";

/**
 * Where the values of a channel can lie: every value that stands for bit 0 is at most `zeroUpper`, every value that
 * stands for bit 1 at least `oneLower`; all lie in [0, 1]. Bits are {0, 1}; a channel whose compiled bit is not proved
 * to be the float bit has {1, 0}, which says nothing.
 */
export interface ChannelBounds {
  readonly zeroUpper: number;
  readonly oneLower: number;
}

export type NeuronOperation =
  | "erosion"
  | "dilation"
  | "intersection"
  | "union"
  /** At least so many of the inputs, all of weight 1. */
  | "rank"
  /** A threshold function with few prime implicants, as a union of erosions (of intersections in a LUI). */
  | "union-of-erosions"
  | "threshold"
  | "constant"
  /** The LUI of a one-channel BiSEL, left out. */
  | "identity"
  /** A class of the read-out. */
  | "score";

/**
 * What a proof rests on. `inequality`: the linear check of the papers. `patterns`: every pattern of its inputs' bits. `gap`:
 * the gap between the sums that give 0 and those that give 1. `bits`: its inputs are true bits, nothing else is needed.
 * `exhaustive`: every pattern of the input pixels that it depends on.
 */
export type ProofMethod = "inequality" | "patterns" | "gap" | "bits" | "exhaustive";

/** The bit says that the neuron's value lies above `cut`; where it is set, the next layer reads `high`, else `low` (or less). */
export interface BitCode {
  /** 0 for the lowest of several cuts. */
  readonly level: number;
  readonly cut: number;
  /** What is added to B: the cut on the side of the pre-activation, ξ⁻¹(cut) / P. */
  readonly shift: number;
  readonly low: number;
  readonly high: number;
}

/** One bit of a neuron; a neuron whose value is cut into several levels has one report for each. */
export interface NeuronReport {
  /** Field path in the model: `layers[0].bise[3]`, `layers[1].lui[0]`. */
  readonly path: string;
  /** Name of the MorphIR value that holds the bit; of the layer's scores for a class of the read-out. */
  readonly value: string;
  readonly code: BitCode;
  readonly grade: Grade;
  /** How it was proved, or null. */
  readonly proof: ProofMethod | null;
  readonly operation: NeuronOperation;
  /** The operation's result is complemented (P < 0). */
  readonly complemented: boolean;
  /** Kernel [height, width]; [1, n] for LUIs. */
  readonly shape: readonly [number, number];
  /** Set S in the frame of the weights, row-major, for erosion, dilation, intersection, union; else null. */
  readonly members: readonly boolean[] | null;
  /** The sets of a union of erosions, each as `members`; else null. */
  readonly sets: readonly (readonly boolean[])[] | null;
  /** Value of a constant neuron, else null. */
  readonly constant: 0 | 1 | null;
  /**
   * Integer weights and bound of a rank, threshold or union of erosions, else null. One weight for each bit
   * of each input, the lowest level first.
   */
  readonly threshold: { readonly weights: readonly bigint[]; readonly bound: bigint } | null;
  /**
   * The largest sum that gives 0 and the smallest that gives 1, over the neuron's literals (a negative weight on x counts as
   * a positive one on 1 − x, and B with them), and B between them; null where they are not known.
   */
  readonly inequality: { readonly lower: number; readonly bias: number; readonly upper: number } | null;
  /** Distance to the operation that replaced an `approximate` neuron, in the measure of the method, else null. */
  readonly distance: number | null;
  /** Weights rounded on request: bits differ at most where |Σ W·b − B| is no more than this; else null. */
  readonly weightError: number | null;
  /** Bounds proved for the output. */
  readonly output: ChannelBounds;
  /** Why it is not `exact`, in one sentence, or null. */
  readonly reason: string | null;
}

export interface LayerReport {
  /** `layers[0]` */
  readonly path: string;
  readonly kind: "bisel" | "dense-lui" | "max-pool" | "flatten" | "readout";
  readonly neurons: readonly NeuronReport[];
}

export interface BinarizationReport {
  readonly policy: BinarizationPolicy;
  readonly arithmetic: Arithmetic;
  /** `exact` if every output neuron is proved, else the worst grade of any neuron. */
  readonly grade: Grade;
  readonly layers: readonly LayerReport[];
}

/**
 * `auto`: exact where proved, else the neuron's own threshold function. `exact`: as auto, but refuses what is not
 * proved. `approximate-…`: the papers' closest operation, by that method, where the neuron is not activated.
 */
export type BinarizationPolicy = "auto" | "exact" | `approximate-${ApproximationMethod}`;

/**
 * What the float network is. `float32`: its evaluation in float32, with the terms of each sum in any order and an activation that is
 * right within 2^-20; `real`: its parameters in real arithmetic. The activation `step` is exact arithmetic in both.
 */
export type Arithmetic = "float32" | "real";
