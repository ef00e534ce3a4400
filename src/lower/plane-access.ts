/** How functions that work on one plane find it: by its number, a parameter `slot`. */
import { add, lowBitsIndex, typedIndex, variable } from "../word/build.js";
import { ONES, shiftLeft } from "../word/build-statement.js";
import type { Index, Word } from "../word/node.js";
import type { Candidate } from "./function.js";
import type { Geometry } from "./geometry.js";
import { rowAt, sizesInside } from "./sizes.js";

export function slotCandidate(slot: number): Candidate {
  return { parameter: { name: "slot", type: "index" }, argument: typedIndex(slot) };
}

/** Where the first word of row `row` of the picture lies in plane `slot`. */
export function planeRow(geometry: Geometry, row: Index): Index {
  return rowAt(geometry, sizesInside(geometry), variable("slot"), row);
}

/** A word with the bits above the last pixel of a row set; the shift is split because a shift by 32 is none. */
export function aboveLastPixel(width: Index): Word {
  return shiftLeft(shiftLeft(ONES, lowBitsIndex(add(width, 31), 5)), 1);
}
