/** Indices as WASM expressions (i32, unsigned). */
import { InternalError, unreachable } from "../../diagnostics.js";
import { ELEMENT_BYTES, type Index } from "../../word/node.js";
import { emitTerms } from "./emit-form.js";
import { formOfIndex, scale } from "./form.js";
import { type Expression, findLocal, newLocal, readLocal, type Scope } from "./scope.js";

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

/** Entry of a table of unsigned elements, or of signed ones as their 32 bits. */
export function emitTableEntry(scope: Scope, name: string, index: Index): Expression {
  const { element, base, immediate } = tableAddress(scope, name, index);
  const { i32 } = scope.module;
  switch (element) {
    case "u8":
      return i32.load8_u(immediate, 1, base);
    case "u16":
      return i32.load16_u(immediate, 2, base);
    case "i8":
      return i32.load8_s(immediate, 1, base);
    case "i16":
      return i32.load16_s(immediate, 2, base);
    case "u32":
    case "i32":
      return i32.load(immediate, 4, base);
    default:
      return unreachable(element);
  }
}

/** Four entries of a table of u32. */
export function emitTableVector(scope: Scope, name: string, index: Index): Expression {
  const { base, immediate } = tableAddress(scope, name, index);
  return scope.module.v128.load(immediate, 4, base);
}

/** Where an entry lies; the immediate is not negative. */
function tableAddress(scope: Scope, name: string, index: Index) {
  const placed = scope.tables.get(name);
  if (placed === undefined) throw new InternalError(`no table ${name}`);
  const { element } = placed.table;
  const bytes = ELEMENT_BYTES[element];
  const { terms, constant } = scale(formOfIndex(index, scope.vectorLanes), bytes);
  // What is not negative goes into the immediate, and no part of the rest is negative.
  const canSplit = constant >= 0 && terms.every(({ coefficient }) => coefficient > 0);
  const base = emitTerms(scope, terms, canSplit ? 0 : constant);
  return { element, base, immediate: placed.address + (canSplit ? constant : 0) };
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
