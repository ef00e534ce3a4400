/** Words (i32 or v128), wides (i64) and conditions (i32) as WASM expressions. */
import { InternalError, unreachable } from "../../diagnostics.js";
import type { Condition, Index, Typed, Wide, Word } from "../../word/node.js";
import { spaceOf } from "../js-api/pointers.js";
import { emitAddress, emitPointer } from "./address.js";
import { emitIndex, emitTableEntry, emitTableVector } from "./index-value.js";
import { emitLevelSet } from "./level-set.js";
import { type Expression, findLocal, readLocal, type Scope } from "./scope.js";

export function emitWord(scope: Scope, word: Word): Expression {
  return scope.lanes === 4 ? emitVector(scope, word) : emitScalar(scope, word);
}

function emitScalar(scope: Scope, word: Word): Expression {
  const { i32 } = scope.module;
  const emit = (inner: Word): Expression => emitScalar(scope, inner);
  switch (word.kind) {
    case "constant":
      return i32.const(word.value | 0);
    case "variable":
      return readLocal(scope, findLocal(scope, word.name));
    case "load":
    case "load-beside": {
      const { base, immediate } = emitAddress(scope, word.pointer, word.offset);
      const isByte = spaceOf(word.pointer, scope.spaces) === "bytes";
      return isByte ? i32.load8_u(immediate, 1, base) : i32.load(immediate, 4, base);
    }
    case "table":
      return emitTableEntry(scope, word.table, word.index);
    case "and":
    case "or":
    case "xor":
      return i32[word.kind](emit(word.left), emit(word.right));
    case "and-not":
      return i32.and(emit(word.left), i32.xor(emit(word.right), i32.const(-1)));
    case "not":
      return i32.xor(emit(word.value), i32.const(-1));
    case "shift-left":
      return i32.shl(emit(word.value), emitIndex(scope, word.amount));
    case "shift-right":
      return i32.shr_u(emit(word.value), emitIndex(scope, word.amount));
    case "funnel":
      return i32.or(
        i32.shr_u(emit(word.low), i32.const(word.amount)),
        i32.shl(emit(word.high), i32.const(32 - word.amount)),
      );
    case "negate":
      return i32.sub(i32.const(0), emit(word.value));
    case "at-least":
      return i32.ge_u(emit(word.value), emitIndex(scope, word.threshold));
    case "level-set":
      return emitLevelSet(scope, word);
    default:
      return unreachable(word);
  }
}

function emitVector(scope: Scope, word: Word): Expression {
  const { v128, i32x4 } = scope.module;
  const emit = (inner: Word): Expression => emitVector(scope, inner);
  switch (word.kind) {
    case "constant":
      return splat(scope, word.value);
    case "variable":
      return readLocal(scope, findLocal(scope, word.name));
    case "load":
    case "load-beside":
      return emitVectorLoad(scope, word);
    case "table":
      return emitTableVector(scope, word.table, word.index);
    case "and":
    case "or":
    case "xor":
      return v128[word.kind](emit(word.left), emit(word.right));
    case "and-not":
      return v128.andnot(emit(word.left), emit(word.right));
    case "not":
      return v128.not(emit(word.value));
    case "shift-left":
      return i32x4.shl(emit(word.value), emitIndex(scope, word.amount));
    case "shift-right":
      return i32x4.shr_u(emit(word.value), emitIndex(scope, word.amount));
    case "funnel": {
      const { i32 } = scope.module;
      const low = i32x4.shr_u(emit(word.low), i32.const(word.amount));
      // A shift by one is a sum, which more of a machine's vector units compute.
      const isSum = word.amount === 31 && word.high.kind === "variable";
      const high = isSum
        ? i32x4.add(emit(word.high), emit(word.high))
        : i32x4.shl(emit(word.high), i32.const(32 - word.amount));
      return v128.or(low, high);
    }
    case "negate":
      // A comparison of vectors gives 0 or −1 in each lane.
      return word.value.kind === "at-least"
        ? emitComparison(scope, word.value.value, word.value.threshold)
        : i32x4.neg(emit(word.value));
    case "at-least":
      return v128.and(emitComparison(scope, word.value, word.threshold), splat(scope, 1));
    case "level-set":
      throw new InternalError("a level set in a vector function");
    default:
      return unreachable(word);
  }
}

function emitComparison(scope: Scope, value: Word, threshold: Index): Expression {
  const { i32x4 } = scope.module;
  const least =
    threshold.kind === "constant" ? splat(scope, threshold.value) : i32x4.splat(emitIndex(scope, threshold));
  return i32x4.ge_u(emitVector(scope, value), least);
}

function emitVectorLoad(scope: Scope, load: Extract<Word, { kind: "load" | "load-beside" }>): Expression {
  const { v128, i16x8, i32x4 } = scope.module;
  const { base, immediate } = emitAddress(scope, load.pointer, load.offset);
  if (spaceOf(load.pointer, scope.spaces) !== "bytes") return v128.load(immediate, 4, base);
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(immediate, 1, base)));
}

function splat(scope: Scope, value: number): Expression {
  const word = [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);
  return scope.module.v128.const([...word, ...word, ...word, ...word]);
}

export function emitWide(scope: Scope, wide: Wide): Expression {
  const { i32x4, i64 } = scope.module;
  const emit = (inner: Wide): Expression => emitWide(scope, inner);
  switch (wide.kind) {
    case "constant":
      return i64.const(BigInt(wide.value));
    case "variable":
      return readLocal(scope, findLocal(scope, wide.name));
    case "from-word": {
      const word = emitWord(scope, wide.value);
      return i64.extend_u(scope.lanes === 4 ? i32x4.extract_lane(word, 0) : word);
    }
    case "table":
      return i64.extend_s(emitTableEntry(scope, wide.table, wide.index));
    case "add":
      return i64.add(emit(wide.left), emit(wide.right));
    case "subtract":
      return i64.sub(emit(wide.left), emit(wide.right));
    case "multiply":
      return i64.mul(emit(wide.left), emit(wide.right));
    case "shift-right":
      return i64.shr_s(emit(wide.value), i64.const(BigInt(Math.min(wide.amount, 63))));
    case "low-bits":
      return i64.and(emit(wide.value), i64.const(2n ** BigInt(Math.min(wide.bits, 63)) - 1n));
    default:
      return unreachable(wide);
  }
}

export function emitCondition(scope: Scope, condition: Condition): Expression {
  const { module } = scope;
  const { i32, i64 } = module;
  switch (condition.kind) {
    case "index": {
      const [left, right] = [emitIndex(scope, condition.left), emitIndex(scope, condition.right)];
      if (condition.operator === "<") return i32.lt_u(left, right);
      return condition.operator === "==" ? i32.eq(left, right) : i32.ne(left, right);
    }
    case "wide": {
      const [left, right] = [emitWide(scope, condition.left), emitWide(scope, condition.right)];
      return condition.operator === ">" ? i64.gt_s(left, right) : i64.eq(left, right);
    }
    case "and":
      return module.if(emitCondition(scope, condition.left), emitCondition(scope, condition.right), i32.const(0));
    case "or":
      return module.if(emitCondition(scope, condition.left), i32.const(1), emitCondition(scope, condition.right));
    default:
      return unreachable(condition);
  }
}

export function emitTyped(scope: Scope, typed: Typed): Expression {
  switch (typed.type) {
    case "index":
      return emitIndex(scope, typed.value);
    case "word":
      return emitWord(scope, typed.value);
    case "wide":
      return emitWide(scope, typed.value);
    case "pointer":
      return emitPointer(scope, typed.value);
    default:
      return unreachable(typed);
  }
}
