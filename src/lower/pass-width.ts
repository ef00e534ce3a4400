/** How much one pass over the gates of a network of samples takes on. */
import type { Target } from "../target/target.js";

/**
 * Vectors of a slot: what is read from tables serves so many of them, and the slots that are in use at a time still fit into
 * the near caches. Measured by bench/dense.ts.
 */
export function vectorsOfPass(target: Target): number {
  if (isSmallMachine(target)) return 1;
  if (process.env["VV"]) return Number(process.env["VV"]);
  switch (target.lanes) {
    case 1:
    case 4:
      return 4;
    case 8:
      return 2;
    case 16:
      return 1;
    default:
      return target.lanes satisfies never;
  }
}

/** C on single words is for microcontrollers. */
export function isSmallMachine({ backend, lanes }: Target): boolean {
  return backend === "c" && lanes === 1;
}

/**
 * Slots from one group of 32, that are filled by one word of each sample, to the next: one more than there are, so that the
 * words of a sample do not all compete for the same few lines of a cache.
 */
export function groupSlotsOf(target: Target): number {
  return isSmallMachine(target) ? 32 : 33;
}

/** Bytes of the nearest cache that the features of one block may take; the smallest such caches hold 32 KiB. */
const BLOCK_BYTES = 2 ** 15;

/** Features of a read-out that are added up together. */
export function featuresOfBlock(target: Target): number {
  return Math.floor(BLOCK_BYTES / (4 * target.lanes * vectorsOfPass(target)));
}
