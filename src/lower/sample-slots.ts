/**
 * Where the bits of samples lie in scratch memory, batch-packed: slot after slot, each of `vectors` · `lanes` words. Bit s of
 * word t of a slot is sample 32·t + s of the pass, so that one pass over the gates answers 32 · vectors · lanes samples.
 */
import { absolute, add, lowBitsIndex, multiply, shiftRightIndex, variable } from "../word/build.js";
import type { Index, Pointer } from "../word/node.js";
import { slotOffset } from "./gate-slots.js";
import type { PassShape } from "./gate-tables.js";

export interface SampleSlots extends PassShape {
  /** Where slot 0 begins, in the entry point. */
  readonly at: Index;
}

/** Samples that one pass answers. */
export function samplesOfPass({ vectors, lanes }: SampleSlots): Index {
  return multiply(lanes, 32 * vectors);
}

/** Words from one group of slots to the group `groups` further on. */
export function wordsOfGroups(slots: SampleSlots, groups: Index): Index {
  return multiply(groups, slotOffset(slots.groupSlots, slots));
}

/** A slot, in the entry point. */
export function slotPlace(slots: SampleSlots, slot: number): Pointer {
  return absolute("scratch", add(slots.at, slotOffset(slot, slots)));
}

/**
 * The word of sample number `sample` in the first of 32 slots, before they are transposed to bits or after they have been
 * transposed to words: slot `sample` mod 32, word ⌊`sample` / 32⌋.
 */
export function wordOfSample(shape: SampleSlots, sample: Index): Index {
  return add(slotOffset(lowBitsIndex(sample, 5), shape), shiftRightIndex(sample, 5));
}

/** Sample `sample` of the current pass, counted from the first of all; both are variables of the entry point. */
export function sampleNumber(sample: string): Index {
  return add(variable("group"), variable(sample));
}
