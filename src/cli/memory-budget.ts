import { fail } from "../diagnostics.js";

/** Most bytes of decoded samples in one data set, all splits together; they are held in memory. */
export const MAXIMUM_DATA_BYTES = 2 ** 30;

/** Counts what a data set takes in memory. */
export class MemoryBudget {
  #left: number;

  constructor(bytes = MAXIMUM_DATA_BYTES) {
    this.#left = bytes;
  }

  get left(): number {
    return this.#left;
  }

  /** To be called before the bytes are allocated. @throws DiagnosticError BMN0807 */
  take(bytes: number): void {
    this.#left -= bytes;
    if (this.#left >= 0) return;
    fail("BMN0807", `the pictures take more than ${MAXIMUM_DATA_BYTES / 2 ** 20} MiB of memory`, {
      hint: "take fewer pictures, or scale them down",
    });
  }
}
