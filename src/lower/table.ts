/** Constant tables of the generated code. */
import { InternalError } from "../diagnostics.js";
import { constant } from "../word/build.js";
import type { Index, Table } from "../word/node.js";

/** A table of unsigned integers below 2^32, in the narrowest element that holds them all. */
export function unsignedTable(name: string, values: readonly number[], comment: string): Table {
  let greatest = 0;
  for (const value of values) {
    if (!Number.isInteger(value) || value < 0) throw new InternalError(`${name} holds ${value}`);
    if (value > greatest) greatest = value;
  }
  if (greatest >= 2 ** 32) throw new InternalError(`${name} holds ${greatest}`);
  const element = greatest < 2 ** 8 ? "u8" : greatest < 2 ** 16 ? "u16" : "u32";
  return { name, element, values, comment };
}

/** A table of integers −2^31 … 2^31 − 1, in the narrowest signed element that holds them all. */
export function signedTable(name: string, values: readonly number[], comment: string): Table {
  // One's complement tells how many bits a number takes beside its sign.
  let greatest = 0;
  for (const value of values) {
    if (value !== (value | 0)) throw new InternalError(`${name} holds ${value}`);
    greatest = Math.max(greatest, value < 0 ? ~value : value);
  }
  const element = greatest < 2 ** 7 ? "i8" : greatest < 2 ** 15 ? "i16" : "i32";
  return { name, element, values, comment };
}

/** Entry `index` of a table of `values`: a constant, and no table, where all values are equal. */
export function columnOf(
  name: string,
  values: readonly number[],
  comment: string,
  index: Index,
): { readonly entry: Index; readonly tables: readonly Table[] } {
  const [first] = values;
  if (first !== undefined && values.every((value) => value === first)) return { entry: constant(first), tables: [] };
  return { entry: { kind: "table", table: name, index }, tables: [unsignedTable(name, values, comment)] };
}
