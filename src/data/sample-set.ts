/** Pictures to learn from, and what the network should answer to each. */

/** What all samples of a set have in common. */
export interface SampleShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** Samples of the pictures: 0 and 1, or bytes of gray. */
  readonly samples: "bits" | "bytes";
  readonly target: SampleTarget;
}

/** Binary pictures of the input's height and width, or one of a number of classes (at most 256). */
export type SampleTarget =
  | { readonly kind: "images"; readonly channels: number }
  | { readonly kind: "classes"; readonly names: readonly string[] };

/**
 * A set of samples. A sample is a function of its index alone, so that training can be interrupted and go on at any
 * step, and two runs see the same pictures.
 */
export interface SampleSet {
  /** What the set is, in one line without paths, for a model's provenance. */
  readonly name: string;
  readonly shape: SampleShape;
  /** Number of samples; null where they are drawn as they are asked for, without end. */
  readonly count: number | null;
  /**
   * Writes sample `index`.
   * @param input `[channels][height][width]`, row-major; 0 and 1, or bytes
   * @param target `[channels][height][width]` of 0 and 1; or one element, the class
   */
  read(index: number, input: Uint8Array, target: Uint8Array): void;
}

/** The three sets of one training. */
export interface SampleSplits {
  readonly training: SampleSet;
  /** Watched while training: plateaus, early stopping. */
  readonly validation: SampleSet;
  /** Read once, at the end. */
  readonly test: SampleSet;
}

/** One sample in arrays of its own; see {@link SampleSet.read}. */
export function readSample(set: SampleSet, index: number): { readonly input: Uint8Array; readonly target: Uint8Array } {
  const sizes = sampleSizes(set.shape);
  const [input, target] = [new Uint8Array(sizes.input), new Uint8Array(sizes.target)];
  set.read(index, input, target);
  return { input, target };
}

/** Elements of one input, and of one target. */
export function sampleSizes(shape: SampleShape): { readonly input: number; readonly target: number } {
  const pixels = shape.height * shape.width;
  return {
    input: shape.channels * pixels,
    target: shape.target.kind === "images" ? shape.target.channels * pixels : 1,
  };
}
