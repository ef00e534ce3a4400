/** What the translation of every layer needs. */
import type { ValueId } from "../ir/node.js";
import type { LevelCode } from "./level-code.js";
import type { NeuronSettings } from "./neuron.js";
import type { ChannelBounds } from "./report.js";
import type { LayerPlace } from "./stage.js";

/** A neuron of a layer: a BiSE neuron before a LUI, or that of an output channel or element. */
export interface NeuronPart {
  readonly part: "bise" | "output";
  readonly neuron: number;
}

/** What trying every pattern says about the bits of a neuron, one for each cut. */
export type Verdict =
  | { readonly kind: "proved"; readonly bounds: readonly ChannelBounds[] }
  | { readonly kind: "unproved"; readonly reason: string };

export interface LayerContext extends LayerPlace {
  readonly settings: NeuronSettings;
  /** No neurons follow: the outputs of the layer are the network's. */
  readonly endsNetwork: boolean;
  /** How the neuron's value becomes bits. */
  readonly codeOf: (part: NeuronPart) => LevelCode;
  /** Tries every pattern of the pixels that the neuron depends on; null where that is not wanted or not possible. */
  readonly tryEveryPattern: (part: NeuronPart, bits: readonly BitAt[]) => Verdict | null;
  readonly neuronDone: () => void;
}

/** The value that holds the bit of a cut. */
export interface BitAt {
  readonly value: ValueId;
  readonly cut: number;
}
