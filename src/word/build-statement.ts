/** Constructors of WordIR words and statements. */
import { constant, toIndex } from "./build.js";
import type { Index, Pointer, Statement, Wide, Word } from "./node.js";

export const ZEROS: Word = { kind: "constant", value: 0 };
export const ONES: Word = { kind: "constant", value: 0xffffffff };
export const ONE: Word = { kind: "constant", value: 1 };

export const wordVariable = (name: string): Word => ({ kind: "variable", name });
export const wideVariable = (name: string): Wide => ({ kind: "variable", name });
export const and = (left: Word, right: Word): Word => ({ kind: "and", left, right });
export const or = (left: Word, right: Word): Word => ({ kind: "or", left, right });
export const xor = (left: Word, right: Word): Word => ({ kind: "xor", left, right });
export const andNot = (left: Word, right: Word): Word => ({ kind: "and-not", left, right });

export function shiftLeft(value: Word, amount: Index | number): Word {
  return { kind: "shift-left", value, amount: toIndex(amount) };
}

export function shiftRight(value: Word, amount: Index | number): Word {
  return { kind: "shift-right", value, amount: toIndex(amount) };
}

/** The 32 bits from bit `amount` on of `low` with `high` above it. */
export function funnel(low: Word, high: Word, amount: number): Word {
  return { kind: "funnel", low, high, amount };
}

export function letWord(name: string, value: Word, mutable = false): Statement {
  return { kind: "let", name, mutable, value: { type: "word", value } };
}

export function letIndex(name: string, value: Index | number, mutable = false): Statement {
  return { kind: "let", name, mutable, value: { type: "index", value: toIndex(value) } };
}

export function letPointer(name: string, value: Pointer, mutable = false): Statement {
  return { kind: "let", name, mutable, value: { type: "pointer", value } };
}

export function letWide(name: string, value: Wide, mutable = false): Statement {
  return { kind: "let", name, mutable, value: { type: "wide", value } };
}

export function assignWord(name: string, value: Word): Statement {
  return { kind: "assign", name, value: { type: "word", value } };
}

export function assignIndex(name: string, value: Index): Statement {
  return { kind: "assign", name, value: { type: "index", value } };
}

export function assignPointer(name: string, value: Pointer): Statement {
  return { kind: "assign", name, value: { type: "pointer", value } };
}

export function assignWide(name: string, value: Wide): Statement {
  return { kind: "assign", name, value: { type: "wide", value } };
}

export function store(pointer: Pointer, value: Word, offset = 0): Statement {
  return { kind: "store", pointer, offset, value };
}

/** for variable = 0, step, … below `to` */
export function loop(
  variable: string,
  to: Index | number,
  body: readonly Statement[],
  step: Index | number = 1,
): Statement {
  return { kind: "for", variable, from: constant(0), to: toIndex(to), step: toIndex(step), body };
}
