/** How much one pass over gates takes on, and what for. */
import { unreachable } from "../diagnostics.js";
import type { Target } from "../target/target.js";
import { constant, LANES } from "../word/build.js";
import type { PassShape } from "./gate-tables.js";

/** Gates of a stage of images work on a vector at a time. */
export function shapeOfStage(target: Target): PassShape {
  const { lanes } = target;
  const words = lanes === 1 ? constant(1) : LANES;
  const mostPairs = isSmallMachine(target) ? 512 : 2048;
  return { vectors: 1, lanes: words, slotWords: lanes, groupSlots: 32, mostPairs, isTernary: lanes === 16 };
}

/**
 * Gates of samples: what is read from tables serves several vectors, as long as the slots that are in use at a time still fit
 * into the near caches. The words of a sample lie 33 slots apart, so that they do not all compete for the same few lines of a
 * cache. Measured by bench/dense.ts.
 */
export function shapeOfPass(target: Target): PassShape {
  const stage = shapeOfStage(target);
  if (isSmallMachine(target)) return stage;
  const vectors = vectorsOfPass(target);
  return { ...stage, vectors, slotWords: vectors * target.lanes, groupSlots: 33 };
}

function vectorsOfPass({ lanes }: Target): number {
  switch (lanes) {
    case 1:
    case 4:
      return 4;
    case 8:
      return 2;
    case 16:
      return 1;
    default:
      return unreachable(lanes);
  }
}

/** C on single words is for microcontrollers: tables and working memory must be small rather than code fast. */
export function isSmallMachine({ backend, lanes }: Target): boolean {
  return backend === "c" && lanes === 1;
}

/** Bytes of the nearest cache that the features of one block may take; the smallest such caches hold 32 KiB. */
const BLOCK_BYTES = 2 ** 15;

/** Features of a block where working memory is short. */
const FEW_FEATURES = 512;

/** Features of a read-out that are added up together. */
export function featuresOfBlock(target: Target): number {
  if (isSmallMachine(target)) return FEW_FEATURES;
  return Math.floor(BLOCK_BYTES / (4 * shapeOfPass(target).slotWords));
}
