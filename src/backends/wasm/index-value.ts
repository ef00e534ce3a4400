/** Indices and addresses as WASM expressions (i32, unsigned). */
import { InternalError, unreachable } from "../../diagnostics.js";
import { add, constant } from "../../word/build.js";
import type { Index, Pointer } from "../../word/node.js";
import { spaceOf } from "../js-api/pointers.js";
import { type Expression, elementBytes, findLocal, newLocal, readLocal, type Scope } from "./scope.js";

export function emitIndex(scope: Scope, index: Index): Expression {
  const { i32 } = scope.module;
  const emit = (inner: Index): Expression => emitIndex(scope, inner);
  switch (index.kind) {
    case "constant":
      return i32.const(index.value | 0);
    case "variable":
      return emitVariable(scope, index.name);
    case "lanes":
      return i32.const(scope.vectorLanes);
    case "add":
      return i32.add(emit(index.left), emit(index.right));
    case "subtract":
      return i32.sub(emit(index.left), emit(index.right));
    case "multiply":
      return emitProduct(scope, index.left, index.right);
    case "minimum":
    case "maximum":
      return emitExtremum(scope, index.kind, index.left, index.right);
    case "shift-right":
      return index.amount > 31 ? i32.const(0) : i32.shr_u(emit(index.value), i32.const(index.amount));
    case "low-bits":
      return index.bits >= 32 ? emit(index.value) : i32.and(emit(index.value), i32.const((2 ** index.bits - 1) | 0));
    case "table":
      return emitTableEntry(scope, index.table, index.index);
    default:
      return unreachable(index);
  }
}

function emitVariable(scope: Scope, name: string): Expression {
  const counter = scope.counters.get(name);
  if (counter === undefined) return readLocal(scope, findLocal(scope, name));
  counter.isPlainUsed = true;
  return readLocal(scope, counter.plain);
}

function emitProduct(scope: Scope, left: Index, right: Index): Expression {
  const { i32 } = scope.module;
  const [value, factor] = constantOf(scope, left) === null ? [left, right] : [right, left];
  const shift = shiftOf(constantOf(scope, factor));
  if (shift !== null) return i32.shl(emitIndex(scope, value), i32.const(shift));
  return i32.mul(emitIndex(scope, value), emitIndex(scope, factor));
}

function constantOf(scope: Scope, index: Index): number | null {
  if (index.kind === "lanes") return scope.vectorLanes;
  return index.kind === "constant" ? index.value : null;
}

/** n if the value is 2^n. */
function shiftOf(value: number | null): number | null {
  const shift = value === null ? -1 : Math.log2(value);
  return Number.isInteger(shift) && shift >= 0 ? shift : null;
}

function emitExtremum(scope: Scope, kind: "minimum" | "maximum", left: Index, right: Index): Expression {
  const { module } = scope;
  const [a, b] = [newLocal(scope, scope.binaryen.i32), newLocal(scope, scope.binaryen.i32)];
  const [whenLess, otherwise] = kind === "minimum" ? [a, b] : [b, a];
  return module.block(
    null,
    [
      module.local.set(a.index, emitIndex(scope, left)),
      module.local.set(b.index, emitIndex(scope, right)),
      module.select(
        module.i32.lt_u(readLocal(scope, a), readLocal(scope, b)),
        readLocal(scope, whenLess),
        readLocal(scope, otherwise),
      ),
    ],
    scope.binaryen.i32,
  );
}

/** Entry of a table of unsigned elements, or of i32 as its 32 bits. */
export function emitTableEntry(scope: Scope, name: string, index: Index): Expression {
  const placed = scope.tables.get(name);
  if (placed === undefined) throw new InternalError(`no table ${name}`);
  const { i32 } = scope.module;
  const { rest, known } = split(scope, index);
  switch (placed.table.element) {
    case "u8":
      return i32.load8_u(placed.address + known, 1, emitScaled(scope, rest, 1));
    case "u16":
      return i32.load16_u(placed.address + 2 * known, 2, emitScaled(scope, rest, 2));
    case "u32":
    case "i32":
      return i32.load(placed.address + 4 * known, 4, emitScaled(scope, rest, 4));
    default:
      return unreachable(placed.table.element);
  }
}

/** Constant terms, which become the immediate of a load or store, and the rest. */
function split(scope: Scope, index: Index): { readonly rest: Index; readonly known: number } {
  if (index.kind === "add") {
    const left = split(scope, index.left);
    const right = split(scope, index.right);
    return { rest: add(left.rest, right.rest), known: left.known + right.known };
  }
  const known = constantOf(scope, index);
  return known === null ? { rest: index, known: 0 } : { rest: constant(0), known };
}

/** index · bytes, without multiplications where the factor can be merged. */
export function emitScaled(scope: Scope, index: Index, bytes: number): Expression {
  const { i32 } = scope.module;
  if (bytes === 1) return emitIndex(scope, index);
  switch (index.kind) {
    case "constant":
      return i32.const((index.value * bytes) | 0);
    case "variable": {
      const counter = scope.counters.get(index.name);
      if (counter === undefined || bytes !== 4) break;
      counter.scaled ??= newLocal(scope, scope.binaryen.i32);
      return readLocal(scope, counter.scaled);
    }
    case "add":
      return i32.add(emitScaled(scope, index.left, bytes), emitScaled(scope, index.right, bytes));
    case "multiply": {
      const left = constantOf(scope, index.left);
      const right = constantOf(scope, index.right);
      if (right !== null) return emitProduct(scope, index.left, constant(right * bytes));
      if (left !== null) return emitProduct(scope, index.right, constant(left * bytes));
      break;
    }
    default:
      break;
  }
  return emitProduct(scope, index, constant(bytes));
}

export interface Address {
  readonly base: Expression;
  /** Non-negative immediate, in bytes. */
  readonly immediate: number;
}

/** Where a load or store at `pointer + offset` goes. */
export function emitAddress(scope: Scope, pointer: Pointer, offset: number): Address {
  const bytes = elementBytes(spaceOf(pointer, scope.spaces));
  const { rest, known } = split(scope, pointer.index);
  const immediate = (known + offset) * bytes;
  const base = emitOrigin(scope, pointer);
  const { i32 } = scope.module;
  const position = rest.kind === "constant" ? base : i32.add(base, emitScaled(scope, rest, bytes));
  // Immediates are unsigned; whatever does not fit one is added.
  if (immediate >= 0 && immediate < 2 ** 31) return { base: position, immediate };
  return { base: i32.add(position, i32.const(immediate | 0)), immediate: 0 };
}

/** A pointer as a value: a byte address. */
export function emitPointer(scope: Scope, pointer: Pointer): Expression {
  const { base, immediate } = emitAddress(scope, pointer, 0);
  const { i32 } = scope.module;
  return immediate === 0 ? base : i32.add(base, i32.const(immediate));
}

function emitOrigin(scope: Scope, pointer: Pointer): Expression {
  if (pointer.kind === "relative") return readLocal(scope, findLocal(scope, pointer.base));
  const base = scope.bases.get(pointer.space);
  if (base === undefined) throw new InternalError(`the base of ${pointer.space} is not known here`);
  return readLocal(scope, base);
}

/** Whether the value stays the same while the statements of a loop run. */
export function isInvariant(scope: Scope, index: Index): boolean {
  switch (index.kind) {
    case "constant":
    case "lanes":
      return true;
    case "variable":
      return !scope.mutable.has(index.name);
    case "shift-right":
    case "low-bits":
      return isInvariant(scope, index.value);
    case "table":
      return isInvariant(scope, index.index);
    default:
      return isInvariant(scope, index.left) && isInvariant(scope, index.right);
  }
}
