/**
 * MorphIR: a binary morphological network as set operations, in static single assignment form.
 *
 * A value is an `image` (one channel, H×W bits), a `bit` (one bit of a sample), a `vector` (n bits of a sample) or the
 * `scores` of a read-out.
 * Every node names its operands by {@link ValueId}, the index of the node that computes them; operands come before
 * their users. Semantics first, in each docstring; `interpret.ts` is the reference.
 */
import type { BorderRule } from "../morph/border.js";
import type { Offset, StructuringElement } from "../morph/structuring-element.js";

/** Index of a node in `MorphModule.values`. */
export type ValueId = number;

/** Channel `channel` of a binary picture. Type: image. */
export interface Input {
  readonly kind: "input";
  readonly channel: number;
}

/** Pixels of gray channel `channel` whose stored byte is at least `threshold` (0 … 256). Type: image. */
export interface LevelSet {
  readonly kind: "level-set";
  readonly channel: number;
  readonly threshold: number;
}

/** Every pixel (image) or the bit (bit) is `value`, with the type and size of `like`. */
export interface Constant {
  readonly kind: "constant";
  readonly like: ValueId;
  readonly value: 0 | 1;
}

/** Points x such that x + b lies in `input` for every offset b of `element`. All points, if it is empty. Type: image. */
export interface Erosion {
  readonly kind: "erosion";
  readonly input: ValueId;
  readonly element: StructuringElement;
  readonly border: BorderRule;
}

/** Points x such that x − b lies in `input` for some offset b of `element`: X ⊕ B = {x + b}. None, if it is empty. Type: image. */
export interface Dilation {
  readonly kind: "dilation";
  readonly input: ValueId;
  readonly element: StructuringElement;
  readonly border: BorderRule;
}

/** Or of one or more images of one size, or of one or more bits. */
export interface Union {
  readonly kind: "union";
  readonly inputs: readonly ValueId[];
}

/** And of one or more images of one size, or of one or more bits. */
export interface Intersection {
  readonly kind: "intersection";
  readonly inputs: readonly ValueId[];
}

/** Not, inside the frame; a later operation's border rule says what lies outside. Images and bits. */
export interface Complement {
  readonly kind: "complement";
  readonly input: ValueId;
}

/** `weight` times the bit of `input` at x + `offset`. The offset of a bit operand is zero. */
export interface ThresholdTerm {
  readonly input: ValueId;
  readonly offset: Offset;
  /** Any non-zero integer. */
  readonly weight: bigint;
}

/** Points where the sum of the terms is strictly greater than `bound`: the general neuron. Images and bits. */
export interface Threshold {
  readonly kind: "threshold";
  readonly terms: readonly ThresholdTerm[];
  readonly bound: bigint;
  readonly border: BorderRule;
}

/** Pixel (2r, 2c) of `input` at (r, c); ⌊H/2⌋×⌊W/2⌋. Type: image. */
export interface Subsample {
  readonly kind: "subsample";
  readonly input: ValueId;
}

/** The bits of images (row-major) and single bits, one operand after the other. Type: vector. */
export interface Flatten {
  readonly kind: "flatten";
  readonly inputs: readonly ValueId[];
}

/** Element `index` of a vector. Type: bit. */
export interface Element {
  readonly kind: "element";
  readonly input: ValueId;
  readonly index: number;
}

/** What the host makes of a pre-activation z; the compiled code stops at z and the class. */
export type ScoreActivation = "tanh" | "sigmoid" | "erf" | "arctan" | "step" | "identity";

/**
 * Scores of the classes from a vector x of n bits: z_j = 2^exponent · (Σ_k weights[j][k]·x_k + biases[j]), exact in
 * integers; the class is the first j with the greatest z_j. Type: scores, which only `output` takes.
 */
export interface Readout {
  readonly kind: "readout";
  readonly input: ValueId;
  /** `[classes][n]`. */
  readonly weights: readonly (readonly bigint[])[];
  readonly biases: readonly bigint[];
  readonly exponent: number;
  readonly activation: readonly ScoreActivation[];
}

export type MorphNode =
  | Input
  | LevelSet
  | Constant
  | Erosion
  | Dilation
  | Union
  | Intersection
  | Complement
  | Threshold
  | Subsample
  | Flatten
  | Element
  | Readout;

/** How far the compiled neuron is known to equal the float one, best first. */
export type Grade = "exact" | "hardened" | "approximate";

/** Where a node comes from; printed as a comment, of no meaning to any pass. */
export interface NodeOrigin {
  /** Field path in the model, for instance `layers[0].bise[3]`. */
  readonly path: string;
  readonly grade: Grade | null;
}

export interface MorphValue {
  /** Identifier in the text form, without `%`; unique in the module. */
  readonly name: string;
  readonly node: MorphNode;
  readonly origin: NodeOrigin | null;
}

export interface ModuleInput {
  readonly channels: number;
  /** Pixels; null when free. Both are fixed or both are free unless one side alone was fixed by the model. */
  readonly height: number | null;
  readonly width: number | null;
  /** Samples are bits, or bytes for level sets. */
  readonly samples: "bits" | "bytes";
}

/**
 * A network. `outputs` are images of one size, or one vector, or one read-out. A module with a vector in it needs a
 * fixed input size.
 */
export interface MorphModule {
  readonly name: string;
  readonly input: ModuleInput;
  readonly values: readonly MorphValue[];
  readonly outputs: readonly ValueId[];
}

/** Operands of a node, in order, repeats included. */
export function operandsOf(node: MorphNode): readonly ValueId[] {
  switch (node.kind) {
    case "input":
    case "level-set":
      return [];
    case "constant":
      return [node.like];
    case "erosion":
    case "dilation":
    case "complement":
    case "subsample":
    case "element":
    case "readout":
      return [node.input];
    case "union":
    case "intersection":
    case "flatten":
      return node.inputs;
    case "threshold":
      return node.terms.map((term) => term.input);
  }
}
