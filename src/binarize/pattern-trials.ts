/** Proofs by trying every pattern, within limits. */
import type { ModuleBuilder } from "../ir/build.js";
import type { ModuleInput } from "../ir/node.js";
import type { Layer, Model } from "../model/types.js";
import { bitImageToRows } from "../morph/bit-image.js";
import type { BitAt, NeuronPart, Verdict } from "./context.js";
import { type ExhaustiveAnswer, tryAllPatterns, type UnprovedBit } from "./exhaustive/exhaustive.js";
import type { Arithmetic } from "./report.js";

/**
 * `bounds`: only by the bounds of values, layer by layer. `auto`: where they fail, every pattern of the pixels that a neuron
 * depends on, if all neurons of its layer could be tried in some seconds. `exhaustive`: the same, in minutes.
 */
export type ProofEffort = "bounds" | "auto" | "exhaustive";

export interface TrialOptions {
  readonly model: Model;
  readonly builder: ModuleBuilder;
  readonly input: ModuleInput;
  readonly arithmetic: Arithmetic;
  readonly effort: ProofEffort;
  /** Share of the neuron that is being tried, 0 … 1. */
  readonly progress: (share: number) => void;
}

/** Patterns of one neuron: somewhat more than 2^25, the largest window's, for the pictures' edges. */
const MOST_PATTERNS = 2 ** 26;
/** Patterns of all neurons of a layer that are like one another. */
const MOST_OF_LAYER: Readonly<Record<ProofEffort, number>> = { bounds: 0, auto: 2 ** 27, exhaustive: 2 ** 34 };

/** Tries the neurons of one network. */
export type PatternTrials = (layer: number, part: NeuronPart, bits: readonly BitAt[]) => Verdict | null;

export function createPatternTrials(options: TrialOptions): PatternTrials {
  const { model, builder, input, arithmetic, effort, progress } = options;
  const { height, width } = input;
  return (layer, part, bits) => {
    const mostPatterns = Math.min(MOST_PATTERNS, MOST_OF_LAYER[effort] / neuronsLike(model.layers[layer], part));
    if (effort === "bounds" || mostPatterns < 2) return null;
    const size = { height, width };
    return verdictOf(
      tryAllPatterns({
        model,
        values: builder.values,
        layer,
        ...part,
        bits,
        arithmetic,
        ...size,
        mostPatterns,
        onProgress: progress,
      }),
    );
  };
}

/** How many neurons of the layer depend on as many pixels, more or less. */
function neuronsLike(layer: Layer | undefined, { part }: NeuronPart): number {
  if (layer?.kind !== "bisel") return 1;
  return part === "bise" ? layer.bise.count : layer.outChannels;
}

function verdictOf(answer: ExhaustiveAnswer): Verdict | null {
  switch (answer.kind) {
    case "proved":
      return answer;
    case "different":
      return { kind: "unproved", reason: `it differs from the float network ${describePlace(answer)}` };
    case "undecided":
      return { kind: "unproved", reason: `its value is within rounding of the cut ${describePlace(answer)}` };
    case "unsupported":
      return null;
  }
}

/** `at row 1, column 2 of the picture 010/110/011`, channels separated by a space. */
function describePlace({ picture, row, column }: UnprovedBit): string {
  const { height, width } = picture;
  const channels =
    picture.kind === "bits"
      ? picture.channels.map((image) => bitImageToRows(image).join("/"))
      : picture.channels.map((bytes) => rowsOf(bytes, height, width).join("/"));
  return `at row ${row}, column ${column} of the picture ${channels.join(" ")}`;
}

function rowsOf(bytes: Uint8Array, height: number, width: number): readonly string[] {
  return Array.from({ length: height }, (_, row) => bytes.subarray(row * width, (row + 1) * width).join(","));
}
