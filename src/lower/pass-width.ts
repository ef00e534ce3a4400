/** How much one pass over the gates of a network of samples takes on. */
import type { Target } from "../target/target.js";

/**
 * Vectors of a slot: what is read from tables serves so many of them, and the slots that are in use at a time still fit into
 * the near caches. Measured by bench/dense.ts.
 */
export function vectorsOfPass(target: Target): number {
  if (isSmallMachine(target)) return 1;
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
