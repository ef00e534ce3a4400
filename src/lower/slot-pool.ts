/** Numbered slots of which some are free: the last one that was freed is taken first, as it is still in the cache. */
export class SlotPool {
  readonly #free: number[];
  #slotCount: number;

  /** Slots below `slotCount` are taken, but for those in `free`. */
  constructor(slotCount: number, free: readonly number[] = []) {
    this.#slotCount = slotCount;
    this.#free = [...free];
  }

  /** Slots taken at one time or another. */
  get slotCount(): number {
    return this.#slotCount;
  }

  take(): number {
    return this.#free.pop() ?? this.#slotCount++;
  }

  release(slot: number): void {
    this.#free.push(slot);
  }

  /** The first of new slots that follow one another. */
  reserve(count: number): number {
    const first = this.#slotCount;
    this.#slotCount += count;
    return first;
  }
}
