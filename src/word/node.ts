/**
 * WordIR: what the generated code does to packed words, as a small structured program.
 *
 * Four types of value: `index` (a non-negative 32-bit integer: sizes, positions, loop counters), `word` (packed bits),
 * `wide` (a signed integer of at most 2^53 in absolute value: sums of the read-out) and `pointer` (a position in one
 * memory space). A `scalar` function computes on single 32-bit words. A `vector` function computes on `lanes`
 * neighbouring words at once: a load or store touches the words at the pointer … pointer + lanes − 1, every operator
 * acts on each lane alone, so no bit ever moves from one lane to another and the number of lanes is free.
 *
 * A backend prints a program; it decides nothing. `interpret.ts` is the reference.
 */
import type { ScoreActivation } from "../ir/node.js";

/** Largest height, width or sample count that generated code accepts; beyond it `run` reports an error. */
export const MAXIMUM_SIDE = 65535;

/**
 * Memory a program sees. `input` (u32 words) and `bytes` (u8) are the caller's picture, of which a program uses one;
 * `output` (u32 words), `classes` (u32, one per sample) and `scores` (i32) are the caller's results; `scratch` (u32
 * words) is working memory whose content means nothing between calls.
 */
export type Space = "input" | "bytes" | "output" | "classes" | "scores" | "scratch";

export type IndexOperator = "add" | "subtract" | "multiply" | "minimum" | "maximum";

/** A non-negative integer; no intermediate result is negative or exceeds 2^32 − 1. */
export type Index =
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "variable"; readonly name: string }
  /** Number of lanes of a vector function's words. */
  | { readonly kind: "lanes" }
  | { readonly kind: IndexOperator; readonly left: Index; readonly right: Index }
  /** ⌊value / 2^amount⌋ */
  | { readonly kind: "shift-right"; readonly value: Index; readonly amount: number }
  /** value mod 2^bits */
  | { readonly kind: "low-bits"; readonly value: Index; readonly bits: number }
  /** Entry of a constant table of unsigned elements. */
  | { readonly kind: "table"; readonly table: string; readonly index: Index };

/** Position in a memory space, in elements of the space. */
export type Pointer =
  | { readonly kind: "absolute"; readonly space: Space; readonly index: Index }
  | { readonly kind: "relative"; readonly base: string; readonly index: Index };

export type Word =
  /** Unsigned 32-bit value, the same in every lane. */
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "variable"; readonly name: string }
  /** Element(s) at `pointer + offset`; bytes are zero-extended. */
  | { readonly kind: "load"; readonly pointer: Pointer; readonly offset: number }
  /**
   * The same as a load, for machines that move lanes: they take one word from memory instead of a vector across cache lines. `value` is
   * what a load at `pointer + offset − 1` gives (the result lies `after` it) or one at `pointer + offset + 1` (`before`).
   */
  | {
      readonly kind: "load-beside";
      readonly pointer: Pointer;
      readonly offset: number;
      readonly side: "before" | "after";
      readonly value: Word;
    }
  /** Entry `index` of a constant table of u32, and those after it for the lanes after the first. */
  | { readonly kind: "table"; readonly table: string; readonly index: Index }
  | { readonly kind: "and" | "or" | "xor" | "and-not"; readonly left: Word; readonly right: Word }
  | { readonly kind: "not"; readonly value: Word }
  /** Logical shifts by 0 … 31. */
  | { readonly kind: "shift-left" | "shift-right"; readonly value: Word; readonly amount: Index }
  /** The 32 bits from bit `amount` (1 … 31) on of `low` with `high` above it: low >> amount | high << (32 − amount). */
  | { readonly kind: "funnel"; readonly low: Word; readonly high: Word; readonly amount: number }
  /** 0 − value: spreads bit 0 of a word of 0 or 1 over the whole word. */
  | { readonly kind: "negate"; readonly value: Word }
  /** 1 if value ≥ threshold (unsigned), else 0. */
  | { readonly kind: "at-least"; readonly value: Word; readonly threshold: Index }
  /** Bit i is 1 if element i from `pointer` on, of `bytes`, is ≥ threshold; 32 elements are read. Scalar functions only. */
  | { readonly kind: "level-set"; readonly pointer: Pointer; readonly threshold: Index };

export type Wide =
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "from-word"; readonly value: Word }
  /** Entry of a constant table of signed elements. */
  | { readonly kind: "table"; readonly table: string; readonly index: Index }
  | { readonly kind: "add" | "subtract" | "multiply"; readonly left: Wide; readonly right: Wide }
  /** ⌊value / 2^amount⌋, towards −∞. */
  | { readonly kind: "shift-right"; readonly value: Wide; readonly amount: number }
  /** value mod 2^bits, never negative. */
  | { readonly kind: "low-bits"; readonly value: Wide; readonly bits: number };

export type Condition =
  | { readonly kind: "index"; readonly operator: "<" | "==" | "!="; readonly left: Index; readonly right: Index }
  | { readonly kind: "wide"; readonly operator: ">" | "=="; readonly left: Wide; readonly right: Wide }
  | { readonly kind: "and" | "or"; readonly left: Condition; readonly right: Condition };

/** A value with its type, for bindings and arguments. */
export type Typed =
  | { readonly type: "index"; readonly value: Index }
  | { readonly type: "word"; readonly value: Word }
  | { readonly type: "wide"; readonly value: Wide }
  | { readonly type: "pointer"; readonly value: Pointer };

export type ValueKind = Typed["type"];

export type Statement =
  | { readonly kind: "comment"; readonly text: string }
  /** Names a value; `mutable` ones may be assigned later. Names are unique in a function. */
  | { readonly kind: "let"; readonly name: string; readonly mutable: boolean; readonly value: Typed }
  | { readonly kind: "assign"; readonly name: string; readonly value: Typed }
  /** Stores a word (u32 spaces other than `input`). In a vector function, `lanes` words, and not to `classes`. */
  | { readonly kind: "store"; readonly pointer: Pointer; readonly offset: number; readonly value: Word }
  /** Stores a wide that fits 32 bits into `scores`. */
  | { readonly kind: "store-score"; readonly pointer: Pointer; readonly offset: number; readonly value: Wide }
  /** Stores an index into `classes`. */
  | { readonly kind: "store-class"; readonly pointer: Pointer; readonly offset: number; readonly value: Index }
  /** variable = from, from + step, … while variable < to; the variable is an index. */
  | {
      readonly kind: "for";
      readonly variable: string;
      readonly from: Index;
      readonly to: Index;
      readonly step: Index;
      readonly body: readonly Statement[];
    }
  | {
      readonly kind: "if";
      readonly condition: Condition;
      readonly then: readonly Statement[];
      readonly else: readonly Statement[];
    }
  /** Calls an earlier function; `result` names the word it returns (an immutable let). */
  | {
      readonly kind: "call";
      readonly callee: string;
      readonly arguments: readonly Typed[];
      readonly result: string | null;
    };

export type Parameter =
  | { readonly name: string; readonly type: "index" }
  | { readonly name: string; readonly type: "pointer"; readonly space: Space };

export interface WordFunction {
  readonly name: string;
  /** What it computes, one line per entry; printed above it. */
  readonly comment: readonly string[];
  readonly mode: "scalar" | "vector";
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
  /** The word returned, if any; evaluated after the body. */
  readonly result: Word | null;
}

/** Bytes of an entry of a table: unsigned ones are indices and words, signed ones are wides. */
export const ELEMENT_BYTES = { u8: 1, u16: 2, u32: 4, i8: 1, i16: 2, i32: 4 } as const;

export interface Table {
  readonly name: string;
  readonly element: keyof typeof ELEMENT_BYTES;
  readonly values: readonly number[];
  readonly comment: string;
}

/** Binary pictures in, binary pictures of the same size (or halved `outputHalvings` times) out. */
export interface ImageInterface {
  readonly kind: "images";
  readonly inputChannels: number;
  readonly samples: "bits" | "bytes";
  /** Pixels; null when free, a parameter of `run`. */
  readonly height: number | null;
  readonly width: number | null;
  readonly outputChannels: number;
  readonly outputHalvings: number;
}

/** Many pictures of one size in (`count` of them, one after the other), a vector or a class for each out. */
export interface SampleInterface {
  readonly kind: "samples";
  readonly inputChannels: number;
  readonly samples: "bits" | "bytes";
  readonly height: number;
  readonly width: number;
  readonly output: BitsOutput | ScoresOutput;
}

/** `length` bits per sample in ⌈length / 32⌉ words. */
export interface BitsOutput {
  readonly kind: "bits";
  readonly length: number;
}

/**
 * Class and pre-activations z per sample. z_j = 2^exponent · Σ_k limb[k]·2^(limbBits·k) with `limbs` signed 32-bit
 * integers, least significant first; all but the last lie in 0 … 2^limbBits − 1.
 */
export interface ScoresOutput {
  readonly kind: "scores";
  readonly classes: number;
  readonly limbs: number;
  readonly limbBits: number;
  readonly exponent: number;
  readonly activation: readonly ScoreActivation[];
}

/**
 * A whole program. `functions` are in calling order; the last one is the entry point. Its parameters are all of type
 * index and among `height` and `width` (images of free size) or `count` (samples); a program of fixed size has none.
 *
 * Data layout at the boundary: `input` holds the channels one after the other, each row-major with ⌈width/32⌉ words
 * a row (see morph/bit-image.ts); `bytes` holds the channels one after the other, `width` bytes a row. Tail bits of
 * inputs are ignored, tail bits of outputs are zero.
 */
export interface WordProgram {
  readonly name: string;
  /** Lanes of vector functions when the target is run as described. */
  readonly lanes: number;
  readonly interface: ImageInterface | SampleInterface;
  /** Scratch needed, in words, from the entry point's parameters. */
  readonly scratchWords: Index;
  readonly tables: readonly Table[];
  readonly functions: readonly WordFunction[];
}

/** Names of the entry point's parameters. */
export function entryParameters(program: Pick<WordProgram, "interface">): readonly ("height" | "width" | "count")[] {
  if (program.interface.kind === "samples") return ["count"];
  return program.interface.height === null || program.interface.width === null ? ["height", "width"] : [];
}

/**
 * Values that the entry point accepts for a parameter; anything else is an error that generated code reports. A side
 * that the network fixes has one, and a free side must leave a pixel after all halvings.
 */
export function acceptedSizes(
  program: Pick<WordProgram, "interface">,
  parameter: "height" | "width" | "count",
): { readonly least: number; readonly greatest: number } {
  const contract = program.interface;
  if (contract.kind === "samples" || parameter === "count") return { least: 1, greatest: MAXIMUM_SIDE };
  const fixed = contract[parameter];
  return { least: fixed ?? 2 ** contract.outputHalvings, greatest: fixed ?? MAXIMUM_SIDE };
}
