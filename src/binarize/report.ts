/** What binarization found out about every neuron; the certificate and `inspect` are made from it. */
import type { Grade } from "../ir/node.js";

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
  | "threshold"
  | "constant"
  /** The LUI of a one-channel BiSEL, left out. */
  | "identity"
  /** A class of the read-out. */
  | "score";

export interface NeuronReport {
  /** Field path in the model: `layers[0].bise[3]`, `layers[1].lui[0]`. */
  readonly path: string;
  readonly grade: Grade;
  readonly operation: NeuronOperation;
  /** The operation's result is complemented (P < 0). */
  readonly complemented: boolean;
  /** Kernel [height, width]; [1, n] for LUIs. */
  readonly shape: readonly [number, number];
  /** Set S in the frame of the weights, row-major, for erosion, dilation, intersection, union; else null. */
  readonly members: readonly boolean[] | null;
  /** Value of a constant neuron, else null. */
  readonly constant: 0 | 1 | null;
  /** Integer weights and bound of a threshold neuron, in decimal, else null. */
  readonly threshold: { readonly weights: readonly string[]; readonly bound: string } | null;
  /** `lower ≤ B < upper` was (or was not) satisfied for S with the bounds that came in; null where no S was tested. */
  readonly inequality: { readonly lower: number; readonly bias: number; readonly upper: number } | null;
  /** Squared distance to the closest operation that replaced an `approximate` neuron, else null. */
  readonly distance: number | null;
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
  /** `exact` if every output neuron is proved, else the worst grade of any neuron. */
  readonly grade: Grade;
  readonly layers: readonly LayerReport[];
}

/**
 * `auto`: exact where proved, else the neuron's own threshold function. `exact`: as auto, but refuses what is not
 * proved. `approximate-constant`: the papers' closest constant set where the neuron is not activated.
 */
export type BinarizationPolicy = "auto" | "exact" | "approximate-constant";
