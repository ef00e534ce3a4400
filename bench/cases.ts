/** What is measured: networks, and for single erosions the offsets for the byte loop. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  CROSS_3,
  chain,
  DISK_5,
  DISK_7,
  type Drawing,
  erosionSquare3,
  SQUARE_3,
} from "../scripts/fixtures/hand-made.js";
import { pattern, type Size, shapes } from "../scripts/fixtures/pictures.js";
import { decodeModel } from "../src/model/decode.js";
import type { Model } from "../src/model/types.js";
import type { BitImage } from "../src/morph/bit-image.js";
import { elementFromKernel, elementOffsets, type Offset } from "../src/morph/structuring-element.js";

export interface BenchCase {
  readonly title: string;
  readonly model: Model;
  /** The erosion that the network is, for the byte loop; null for other networks. */
  readonly erosion: readonly Offset[] | null;
  readonly height: number;
  readonly width: number;
  /** Pictures in one call. */
  readonly count: number;
  /** Draws the picture of a case of one; shapes where it is absent. */
  readonly draw?: (size: Size) => BitImage;
}

const SIDE = 1024;
const SAMPLES = 4096;

const FULL_PICTURE = { height: SIDE, width: SIDE, count: 1 };

function erosion(title: string, drawing: Drawing): BenchCase {
  const members = [...drawing.join("")].map((mark) => mark === "#");
  const element = elementFromKernel(drawing.length, drawing[0]?.length ?? 0, members);
  const model = drawing === SQUARE_3 ? erosionSquare3() : chain("erosion", [["erosion", drawing]]);
  return { title, model, erosion: elementOffsets(element), ...FULL_PICTURE };
}

export const SQUARE_CASE: BenchCase = erosion("erosion by the 3×3 square", SQUARE_3);

export const ELEMENT_CASES: readonly BenchCase[] = [
  SQUARE_CASE,
  erosion("erosion by the 3×3 cross", CROSS_3),
  erosion("erosion by the 5×5 disk", DISK_5),
  erosion("erosion by the 7×7 disk", DISK_7),
  erosion("erosion by a row of 7", ["#".repeat(7)]),
  erosion(
    "erosion by the 15×15 square",
    Array.from({ length: 15 }, () => "#".repeat(15)),
  ),
];

function fixture(name: string): Model {
  return decodeModel(readFileSync(join(import.meta.dirname, "../fixtures", `${name}.pb`)));
}

export const STICKS_CASE: BenchCase = {
  title: "network noisy_sticks",
  model: fixture("noisy_sticks"),
  erosion: null,
  ...FULL_PICTURE,
};

export const NETWORK_CASES: readonly BenchCase[] = [
  { title: "threshold neuron 5×5", model: thresholdModel(), erosion: null, ...FULL_PICTURE },
  STICKS_CASE,
];

export const DENSE_CASE: BenchCase = {
  title: "classifier pattern_classes",
  model: fixture("pattern_classes"),
  erosion: null,
  height: 7,
  width: 7,
  count: SAMPLES,
};

/** Weights 1 … 7 in no order, and a bound near half of their sum. */
function thresholdModel(): Model {
  const weights = Float32Array.from({ length: 25 }, (_, index) => 1 + ((index * 11 + 3) % 7));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const model = chain("threshold", [["erosion", Array.from({ length: 5 }, () => "#####")]]);
  return {
    ...model,
    layers: model.layers.map((layer) =>
      layer.kind === "bisel"
        ? { ...layer, bise: { ...layer.bise, weights, biases: Float32Array.of(Math.floor(sum / 2) + 0.5) } }
        : layer,
    ),
  };
}

/** Packed pictures of a case, one after the other; every width has words of its own. */
export function packedInput(each: BenchCase, height = each.height, width = each.width): Uint32Array {
  if (each.count === 1) return (each.draw?.({ height, width }) ?? shapes({ height, width }, 5)).words;
  const pictures = Array.from({ length: each.count }, (_, index) => pattern(index % 4, height, index).words);
  return Uint32Array.from(pictures.flatMap((words) => [...words]));
}
