/** What the exhaustive proof is asked, and what it answers. */
import type { MorphValue, ValueId } from "../../ir/node.js";
import type { Model } from "../../model/types.js";
import type { Arithmetic, ChannelBounds } from "../report.js";
import type { Witness } from "./witness.js";

export interface ExhaustiveQuestion {
  readonly model: Model;
  /** Nodes of MorphIR so far; a value's id is its index. */
  readonly values: readonly MorphValue[];
  /** The float neuron: BiSE neuron `neuron` of a layer, or its output channel `neuron`, which is the BiSE where there is no LUI. */
  readonly layer: number;
  readonly part: "bise" | "output";
  readonly neuron: number;
  /** Bit k is claimed to be [value > cut], 0 < cut < 1. */
  readonly bits: readonly { readonly value: ValueId; readonly cut: number }[];
  readonly arithmetic: Arithmetic;
  /** Fixed size of the input, or null for every one. */
  readonly height: number | null;
  readonly width: number | null;
  /** Most patterns for all ways in which the edges can lie together; 2^26 where it is left out. */
  readonly mostPatterns?: number;
  /** Called now and then with the share of the patterns that are done, 0 … 1. */
  readonly onProgress?: (share: number) => void;
}

/** A picture, and a pixel at which a bit is not proved. */
export interface UnprovedBit extends Witness {
  /** Index in the question's bits. */
  readonly bit: number;
  /** The neuron's value there, in doubles; null where it hangs on a hidden step that rounding leaves open. */
  readonly floatValue: number | null;
}

export type ExhaustiveAnswer =
  | {
      readonly kind: "proved";
      /** Tried, over all frames. */
      readonly patterns: number;
      /** For each bit: the largest value for 0 and the smallest for 1, errors included, rounded outwards to multiples of 2^-50. */
      readonly bounds: readonly ChannelBounds[];
    }
  /** The bit is wrong there, whatever the rounding. */
  | ({ readonly kind: "different" } & UnprovedBit)
  /** The value is within rounding of the cut there; no bit was found to be wrong anywhere. */
  | ({ readonly kind: "undecided" } & UnprovedBit)
  | { readonly kind: "unsupported"; readonly reason: string };
