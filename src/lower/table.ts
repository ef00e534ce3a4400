/** Constant tables of the generated code. */
import { InternalError } from "../diagnostics.js";
import type { Table } from "../word/node.js";

/** A table of unsigned integers below 2^32, in the narrower of u16 and u32 that holds them all. */
export function unsignedTable(name: string, values: readonly number[], comment: string): Table {
  let greatest = 0;
  for (const value of values) {
    if (!Number.isInteger(value) || value < 0) throw new InternalError(`${name} holds ${value}`);
    if (value > greatest) greatest = value;
  }
  if (greatest >= 2 ** 32) throw new InternalError(`${name} holds ${greatest}`);
  return { name, element: greatest < 2 ** 16 ? "u16" : "u32", values, comment };
}
