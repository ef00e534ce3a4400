/** What the routines of gate tables have in common: slots, and how the tables show them. */
import { constant, multiply, relative } from "../word/build.js";
import { letPointer } from "../word/build-statement.js";
import type { Condition, Index, Parameter, Pointer, Statement } from "../word/node.js";
import type { PassShape } from "./gate-tables.js";

/** A set of routines for the tables of one name. */
export interface Routine {
  /** Begins the names of the tables. */
  readonly tables: string;
  /** Begins the names of the functions. */
  readonly name: string;
  readonly shape: PassShape;
}

export const isEqual = (left: Index, right: number): Condition => ({
  kind: "index",
  operator: "==",
  left,
  right: constant(right),
});

export const SLOTS: Parameter = { name: "slots", type: "pointer", space: "scratch" };
export const POSITION: Parameter = { name: "position", type: "index" };
export const COUNT: Parameter = { name: "count", type: "index" };

/** Words before slot `number`. */
export function slotOffset(number: Index | number, { slotWords }: PassShape): Index {
  return multiply(number, slotWords);
}

/** Where slot `number` begins. */
export function slotAt(number: Index | number, shape: PassShape): Pointer {
  return relative("slots", slotOffset(number, shape));
}

/** Vector `vector` of what a pointer shows. */
export function vectorAt(pointer: string, vector: Index | number, { lanes }: PassShape): Pointer {
  return relative(pointer, multiply(vector, lanes));
}

/** Entry of the table of operands. */
export function operandAt({ tables }: Routine, position: Index): Index {
  return { kind: "table", table: `${tables}_operands`, index: position };
}

/** The slot at `position` in the table, which holds numbers of words. */
export function slotInTable(routine: Routine, position: Index): Pointer {
  return relative("slots", operandAt(routine, position));
}

export function letSlot(routine: Routine, name: string, position: Index): Statement {
  return letPointer(name, slotInTable(routine, position));
}
