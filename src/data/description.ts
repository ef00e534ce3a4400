/** What a training learns from, as data: a generator with its options, or a folder with the way to read it. */
import type { BorderRule } from "../morph/border.js";
import type { MorphologicalOperator } from "../morph/operators.js";
import { DISKORECT_DEFAULTS, type DiskorectOptions } from "./diskorect.js";
import type { PictureReading } from "./gray-pictures.js";
import { NOISY_STICKS_DEFAULTS, type NoisySticksOptions } from "./noisy-sticks.js";
import type { CropSize } from "./picture-pairs.js";
import type { SplitFractions } from "./splits.js";

export type DataDescription = OperatorData | NoisySticksData | IdxData | PairsData | ClassesData;

/** Numbers of samples of sets that are drawn; the training set has no end. */
export interface DrawnCounts {
  readonly validation: number;
  readonly test: number;
}

/** An operator of mathematical morphology on random shapes, or on the pictures of an IDX folder. */
export interface OperatorData {
  readonly kind: "operator";
  readonly operator: MorphologicalOperator;
  /** As `namedElement` reads it: `disk7`. */
  readonly element: string;
  readonly border: BorderRule;
  readonly pictures:
    | { readonly kind: "diskorect"; readonly generator: DiskorectOptions; readonly counts: DrawnCounts }
    | {
        readonly kind: "idx";
        readonly folder: string;
        readonly threshold: number;
        readonly invert: boolean;
        readonly validation: number;
      };
  readonly seed: number;
}

/** Sticks under noise; the target are the clean ones. */
export interface NoisySticksData {
  readonly kind: "noisy-sticks";
  readonly generator: NoisySticksOptions;
  readonly counts: DrawnCounts;
  readonly seed: number;
}

/** Classes of pictures in IDX files, as MNIST has them; the test set is the set's own. */
export interface IdxData extends PictureReading {
  readonly kind: "idx";
  readonly folder: string;
  /** Number of samples of the training files that are kept for validation. */
  readonly validation: number;
  readonly seed: number;
}

/** A folder of picture files in pairs: `input/NAME.png` and `target/NAME.png`. */
export interface PairsData {
  readonly kind: "pairs";
  readonly folder: string;
  /** Bytes keep gray inputs as they are; targets are bits always, by `targetThreshold`. */
  readonly encoding: PictureReading["encoding"];
  /** Of inputs and targets. */
  readonly invert: boolean;
  /** From which value on a sample of a target is 1. */
  readonly targetThreshold: number;
  /** Size of random pieces to learn from; null takes the pictures whole, which then must have one size. */
  readonly crop: CropSize | null;
  /** Pieces per picture in the validation and test sets. */
  readonly cropsPerPicture: number;
  /** Splits of a folder without folders `validation` or `test`. */
  readonly fractions: SplitFractions;
  readonly seed: number;
}

/** A folder of picture files in one folder a class: `CLASS/NAME.png`. */
export interface ClassesData extends PictureReading {
  readonly kind: "classes";
  readonly folder: string;
  readonly fractions: SplitFractions;
  readonly seed: number;
}

const DRAWN_COUNTS: DrawnCounts = { validation: 200, test: 1000 };
const FRACTIONS: SplitFractions = { validation: 0.1, test: 0.1 };
const BITS = { encoding: { kind: "bits", threshold: 128 }, invert: false } as const satisfies PictureReading;

/** Defaults of each kind: whatever a description does not have to say. */
export const DATA_DEFAULTS = {
  operator: {
    border: "replicate",
    pictures: { kind: "diskorect", generator: DISKORECT_DEFAULTS, counts: DRAWN_COUNTS },
    seed: 0,
  },
  noisySticks: { generator: NOISY_STICKS_DEFAULTS, counts: DRAWN_COUNTS, seed: 0 },
  idx: { ...BITS, validation: 5000, seed: 0 },
  pairs: { ...BITS, targetThreshold: 128, crop: null, cropsPerPicture: 4, fractions: FRACTIONS, seed: 0 },
  classes: { ...BITS, fractions: FRACTIONS, seed: 0 },
} as const satisfies {
  readonly operator: Omit<OperatorData, "kind" | "operator" | "element">;
  readonly noisySticks: Omit<NoisySticksData, "kind">;
  readonly idx: Omit<IdxData, "kind" | "folder">;
  readonly pairs: Omit<PairsData, "kind" | "folder">;
  readonly classes: Omit<ClassesData, "kind" | "folder">;
};
