/**
 * The turns of a loop that goes down the rows of a region some at a time. Where they do not divide the region, the first turn begins
 * above it: its rows there come before the ones of the region, which may take their place.
 */
import { add, constant, lowBitsIndex, subtract } from "../word/build.js";
import type { Index } from "../word/node.js";

export interface Turns {
  /** Rows of a turn, a power of two. */
  readonly rows: number;
  /** How many rows above the region the first turn begins, below `rows`. */
  readonly before: Index;
  /** Rows of all turns together. */
  readonly total: Index;
}

/** @param name the variable for the rows before, where they are not known */
export function turnsOver(height: Index, rows: number, name: Index): Turns & { readonly value: Index | null } {
  const bits = Math.log2(rows);
  const value = rows === 1 ? constant(0) : lowBitsIndex(subtract(constant(rows), lowBitsIndex(height, bits)), bits);
  const isKnown = value.kind === "constant";
  const before = isKnown ? value : name;
  return { rows, before, total: add(height, before), value: isKnown ? null : value };
}
