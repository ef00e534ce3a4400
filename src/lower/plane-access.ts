/** How functions that work on one plane find it: by its number, a parameter `slot`. */
import { add, constant, lowBitsIndex, variable } from "../word/build.js";
import { ONES, shiftLeft } from "../word/build-statement.js";
import type { Index, Statement, Word } from "../word/node.js";
import { type Candidate, indexCandidate } from "./function.js";
import type { Geometry } from "./geometry.js";
import { rowAt, sizesInside } from "./sizes.js";

export function slotCandidate(slot: number): Candidate {
  return indexCandidate("slot", slot);
}

/** Where the first word of row `row` of the picture lies in plane `slot`. */
export function planeRow(geometry: Geometry, row: Index): Index {
  return rowAt(geometry, sizesInside(geometry), variable("slot"), row);
}

/** A word with the bits above the last pixel of a row set; the shift is split because a shift by 32 is none. */
export function aboveLastPixel(width: Index): Word {
  return shiftLeft(shiftLeft(ONES, lowBitsIndex(add(width, 31), 5)), 1);
}

/** Whether the last word of every row of `width` pixels is known to be full. */
export function isWholeWords(width: Index): boolean {
  const tail = lowBitsIndex(width, 5);
  return tail.kind === "constant" && tail.value === 0;
}

/** What `then` gives, where the last word of a row of `width` pixels has bits behind the pixels. */
export function whereTailed(width: Index, then: () => readonly Statement[]): readonly Statement[] {
  if (isWholeWords(width)) return [];
  const left = lowBitsIndex(width, 5);
  if (left.kind === "constant") return then();
  const condition = { kind: "index", operator: "!=", left, right: constant(0) } as const;
  return [{ kind: "if", condition, then: then(), else: [] }];
}
