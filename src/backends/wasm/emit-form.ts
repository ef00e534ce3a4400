/** Sums of products as WASM expressions (i32, modulo 2^32). */
import type { Index } from "../../word/node.js";
import { type Factor, formOfIndex, scale, type Term } from "./form.js";
import { emitIndex } from "./index-value.js";
import { type Counter, type Expression, newLocal, readLocal, type Scope } from "./scope.js";

/** Multiples of a counter that are kept beside it; others are multiplied where they are used. */
const MOST_SCALED = 3;

/** index · factor */
export function emitScaled(scope: Scope, index: Index, factor: number): Expression {
  if (factor === 1) return emitIndex(scope, index);
  const { terms, constant } = scale(formOfIndex(index, scope.vectorLanes), factor);
  return emitTerms(scope, terms, constant);
}

/** constant + Σ terms; what is subtracted comes last. */
export function emitTerms(scope: Scope, terms: readonly Term[], constant: number): Expression {
  const { i32 } = scope.module;
  const added = terms.filter(({ coefficient }) => coefficient > 0).map((term) => emitTerm(scope, term));
  const isConstantFirst = added.length === 0;
  const first = isConstantFirst ? i32.const(low32(constant)) : undefined;
  let result = added.reduce((left, right) => (left === undefined ? right : i32.add(left, right)), first);
  for (const term of terms) {
    if (term.coefficient < 0) result = i32.sub(result ?? i32.const(0), emitTerm(scope, term));
  }
  const whole = result ?? i32.const(0);
  return isConstantFirst || constant === 0 ? whole : i32.add(whole, i32.const(low32(constant)));
}

/** The factors times the absolute value of the coefficient. */
function emitTerm(scope: Scope, { factors, coefficient }: Term): Expression {
  const { i32 } = scope.module;
  const multiple = Math.abs(coefficient);
  const [only] = factors;
  if (factors.length === 1 && only?.kind === "index" && only.index.kind === "variable") {
    const counter = scope.counters.get(only.index.name);
    if (counter !== undefined) return emitCounter(scope, counter, multiple);
  }
  const product = factors.map((factor) => emitFactor(scope, factor)).reduce((left, right) => i32.mul(left, right));
  return multiplied(scope, product, multiple);
}

function emitFactor(scope: Scope, factor: Factor): Expression {
  return factor.kind === "address" ? readLocal(scope, factor.local) : emitIndex(scope, factor.index);
}

function emitCounter(scope: Scope, counter: Counter, multiple: number): Expression {
  const known = counter.scaled.get(multiple);
  if (known !== undefined) return readLocal(scope, known);
  if (multiple === 1 || counter.scaled.size === MOST_SCALED) {
    counter.isPlainUsed = true;
    return multiplied(scope, readLocal(scope, counter.plain), multiple);
  }
  const scaled = newLocal(scope, scope.binaryen.i32);
  counter.scaled.set(multiple, scaled);
  return readLocal(scope, scaled);
}

function multiplied(scope: Scope, value: Expression, multiple: number): Expression {
  const { i32 } = scope.module;
  if (multiple === 1) return value;
  const shift = Math.log2(multiple);
  if (Number.isInteger(shift)) return shift > 31 ? i32.const(0) : i32.shl(value, i32.const(shift));
  return i32.mul(value, i32.const(low32(multiple)));
}

/** The number modulo 2^32, as an int32. */
function low32(value: number): number {
  return Number(BigInt.asIntN(32, BigInt(value)));
}

/** Whether a term has its value before the innermost loop begins, and may be computed there. */
export function isSettled(scope: Scope, { factors }: Term): boolean {
  return factors.every((factor) =>
    factor.kind === "address" ? !factor.isMutable && factor.depth < scope.depth : isIndexSettled(scope, factor.index),
  );
}

function isIndexSettled(scope: Scope, index: Index): boolean {
  switch (index.kind) {
    case "constant":
    case "lanes":
      return true;
    case "variable":
      return !scope.mutable.has(index.name) && (scope.depths.get(index.name) ?? scope.depth) < scope.depth;
    case "shift-right":
    case "low-bits":
      return isIndexSettled(scope, index.value);
    case "table":
      // Where the loop does not run, the entry may not exist.
      return false;
    default:
      return isIndexSettled(scope, index.left) && isIndexSettled(scope, index.right);
  }
}
