/** Constructors of WordIR that fold constants, so that a fixed shape leaves plain numbers in the generated code. */
import type { Index, Pointer, Space, Typed, Word } from "./node.js";

export function constant(value: number): Index {
  return { kind: "constant", value };
}

export function variable(name: string): Index {
  return { kind: "variable", name };
}

export const LANES: Index = { kind: "lanes" };

export function toIndex(value: Index | number): Index {
  return typeof value === "number" ? constant(value) : value;
}

const valueOf = (index: Index): number | null => (index.kind === "constant" ? index.value : null);

/** Sum, with the constants of nested sums gathered at the end. */
export function add(...terms: readonly (Index | number)[]): Index {
  let sum: Index | null = null;
  let known = 0;
  for (const term of terms.map(toIndex)) {
    const { rest, offset } = splitOffset(term);
    known += offset;
    if (rest !== null) sum = sum === null ? rest : { kind: "add", left: sum, right: rest };
  }
  if (sum === null) return constant(known);
  return known === 0 ? sum : { kind: "add", left: sum, right: constant(known) };
}

export function subtract(left: Index | number, right: Index | number): Index {
  const [a, b] = [splitOffset(toIndex(left)), toIndex(right)];
  const y = valueOf(b);
  // An index is never negative, so neither may an intermediate sum be.
  if (y !== null && a.offset >= y) return a.rest === null ? constant(a.offset - y) : add(a.rest, a.offset - y);
  return { kind: "subtract", left: toIndex(left), right: b };
}

/** An index as a rest without a constant summand, and the constant. */
function splitOffset(index: Index): { readonly rest: Index | null; readonly offset: number } {
  if (index.kind === "constant") return { rest: null, offset: index.value };
  if (index.kind !== "add" || index.right.kind !== "constant") return { rest: index, offset: 0 };
  return { rest: index.left, offset: index.right.value };
}

export function multiply(left: Index | number, right: Index | number): Index {
  const [a, b] = [toIndex(left), toIndex(right)];
  const [x, y] = [valueOf(a), valueOf(b)];
  if (x !== null && y !== null) return constant(x * y);
  if (x === 0 || y === 0) return constant(0);
  if (x === 1) return b;
  return y === 1 ? a : { kind: "multiply", left: a, right: b };
}

export function minimum(left: Index | number, right: Index | number): Index {
  const [a, b] = [toIndex(left), toIndex(right)];
  const [x, y] = [valueOf(a), valueOf(b)];
  return x !== null && y !== null ? constant(Math.min(x, y)) : { kind: "minimum", left: a, right: b };
}

export function maximum(left: Index | number, right: Index | number): Index {
  const [a, b] = [toIndex(left), toIndex(right)];
  const [x, y] = [valueOf(a), valueOf(b)];
  return x !== null && y !== null ? constant(Math.max(x, y)) : { kind: "maximum", left: a, right: b };
}

export function shiftRightIndex(value: Index, amount: number): Index {
  const known = valueOf(value);
  if (known !== null) return constant(Math.floor(known / 2 ** amount));
  return amount === 0 ? value : { kind: "shift-right", value, amount };
}

export function lowBitsIndex(value: Index, bits: number): Index {
  const known = valueOf(value);
  return known === null ? { kind: "low-bits", value, bits } : constant(known % 2 ** bits);
}

/** ⌈bits / 32⌉ */
export function wordsForIndex(bits: Index): Index {
  return shiftRightIndex(add(bits, 31), 5);
}

export function absolute(space: Space, index: Index | number): Pointer {
  return { kind: "absolute", space, index: toIndex(index) };
}

export function relative(base: string, index: Index | number = 0): Pointer {
  return { kind: "relative", base, index: toIndex(index) };
}

export function load(pointer: Pointer, offset = 0): Word {
  return { kind: "load", pointer, offset };
}

export const typedIndex = (value: Index | number): Typed => ({ type: "index", value: toIndex(value) });
export const typedWord = (value: Word): Typed => ({ type: "word", value });
export const typedPointer = (value: Pointer): Typed => ({ type: "pointer", value });
