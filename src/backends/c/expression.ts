/** WordIR values as C expressions. */
import { InternalError, unreachable } from "../../diagnostics.js";
import {
  add,
  constant,
  lowBitsIndex,
  maximum,
  minimum,
  multiply,
  shiftRightIndex,
  subtract,
} from "../../word/build.js";
import type { Condition, Index, Pointer, Space, Typed, Wide, Word } from "../../word/node.js";
import type { FileNames } from "./names.js";
import { binary, call, type Expression, type Operator, primary, subscript, unary } from "./text.js";

/** Helper functions and types of the generated file; only those that are used are printed. */
export type Helper =
  | "word"
  | "load"
  | "store"
  | "splat"
  | "at_least"
  | "funnel"
  | "load_before"
  | "load_after"
  | "level_set"
  | "floor_shift"
  | "minimum"
  | "maximum"
  | "accepts"
  | "lanes";

const MACROS: ReadonlySet<Helper> = new Set<Helper>(["lanes", "funnel", "load_before", "load_after"]);

/** What the expressions of one function need to know. */
export interface Scope {
  readonly names: FileNames;
  /** C identifier of each WordIR name. */
  readonly locals: ReadonlyMap<string, string>;
  /** Memory space of each pointer name; grows as pointers are declared. */
  readonly spaces: Map<string, Space>;
  /** Words are vectors: the function is a vector function and the target has more than one lane. */
  readonly isVector: boolean;
  /** Lanes of the target. */
  readonly lanes: number;
  /** Collects what the file must define. */
  readonly helpers: Set<Helper>;
}

export function helperName(scope: Scope, helper: Helper): string {
  scope.helpers.add(helper);
  return MACROS.has(helper) ? `${scope.names.macro}_${helper.toUpperCase()}` : `${scope.names.model}_${helper}`;
}

export function localName(scope: Scope, name: string): string {
  const local = scope.locals.get(name);
  if (local === undefined) throw new InternalError(`unknown name ${name}`);
  return local;
}

/** A number that C takes for unsigned where a signed one might not hold it in 16 bits. */
function count(value: number): Expression {
  return primary(value > 32767 ? `${value}u` : String(value));
}

/** Bits of a word, or a mask. */
function mask(value: number): string {
  return value < 10 ? String(value) : `0x${value.toString(16)}`;
}

/** The same index with constants gathered and, for targets of one lane, `lanes` replaced. */
export function foldIndex(index: Index, lanes: number): Index {
  const fold = (part: Index): Index => foldIndex(part, lanes);
  switch (index.kind) {
    case "constant":
    case "variable":
      return index;
    case "lanes":
      return lanes === 1 ? constant(1) : index;
    case "add":
      return add(fold(index.left), fold(index.right));
    case "subtract":
      return subtract(fold(index.left), fold(index.right));
    case "multiply":
      return multiply(fold(index.left), fold(index.right));
    case "minimum":
      return minimum(fold(index.left), fold(index.right));
    case "maximum":
      return maximum(fold(index.left), fold(index.right));
    case "shift-right":
      return shiftRightIndex(fold(index.value), index.amount);
    case "low-bits":
      return lowBitsIndex(fold(index.value), index.bits);
    case "table":
      return { ...index, index: fold(index.index) };
    default:
      return unreachable(index);
  }
}

export function indexExpression(scope: Scope, index: Index): Expression {
  return foldedIndex(scope, foldIndex(index, scope.lanes));
}

function foldedIndex(scope: Scope, index: Index): Expression {
  const print = (part: Index): Expression => foldedIndex(scope, part);
  switch (index.kind) {
    case "constant":
      return count(index.value);
    case "variable":
      return primary(localName(scope, index.name));
    case "lanes":
      return primary(helperName(scope, "lanes"));
    case "add":
      return binary("+", print(index.left), print(index.right));
    case "subtract":
      return binary("-", print(index.left), print(index.right));
    case "multiply":
      return binary("*", print(index.left), print(index.right));
    case "minimum":
    case "maximum":
      return call(helperName(scope, index.kind), [print(index.left), print(index.right)]);
    case "shift-right":
      return binary(">>", print(index.value), primary(String(index.amount)));
    case "low-bits":
      return binary("&", print(index.value), count(2 ** index.bits - 1));
    case "table":
      // Elements narrower than int would turn into signed ones.
      return unary("(size_t)", tableElement(scope, index.table, index.index));
    default:
      return unreachable(index);
  }
}

function tableElement(scope: Scope, table: string, index: Index): Expression {
  return subscript(tableName(scope, table), foldedIndex(scope, index));
}

/** The word, or the vector of words, at a place in a table. */
function tableWord(scope: Scope, table: string, index: Index): Expression {
  if (!scope.isVector) return tableElement(scope, table, index);
  const place = binary("+", primary(tableName(scope, table)), foldedIndex(scope, index));
  return call(helperName(scope, "load"), [place]);
}

function tableName(scope: Scope, table: string): string {
  const name = scope.names.tables.get(table);
  if (name === undefined) throw new InternalError(`there is no table ${table}`);
  return name;
}

export function spaceOf(scope: Scope, pointer: Pointer): Space {
  if (pointer.kind === "absolute") return pointer.space;
  const space = scope.spaces.get(pointer.base);
  if (space === undefined) throw new InternalError(`${pointer.base} is not a pointer`);
  return space;
}

/**
 * `base + index + offset`. A negative offset comes last, so that no intermediate pointer lies before the buffer and no
 * unsigned sum wraps around.
 */
export function pointerExpression(scope: Scope, pointer: Pointer, offset = 0): Expression {
  const base = primary(pointer.kind === "absolute" ? pointer.space : localName(scope, pointer.base));
  const index = foldIndex(pointer.index, scope.lanes);
  const known = index.kind === "constant";
  if (known && index.value + offset < 0) return binary("-", base, count(-index.value - offset));
  const forward = foldedIndex(scope, known || offset > 0 ? add(index, constant(offset)) : index);
  const isHere = known && index.value + offset === 0;
  const position = isHere ? base : binary("+", base, forward);
  return !known && offset < 0 ? binary("-", position, count(-offset)) : position;
}

/** The element at `pointer + offset`. */
export function elementExpression(scope: Scope, pointer: Pointer, offset: number): Expression {
  const index = foldIndex(pointer.index, scope.lanes);
  const base = pointer.kind === "absolute" ? pointer.space : localName(scope, pointer.base);
  if (offset >= 0) return subscript(base, foldedIndex(scope, add(index, constant(offset))));
  const known = index.kind === "constant" ? index.value + offset : null;
  if (known !== null) return subscript(base, known < 0 ? primary(String(known)) : count(known));
  if (pointer.kind === "relative") return unary("*", pointerExpression(scope, pointer, offset));
  return subscript(base, foldedIndex(scope, subtract(index, constant(-offset))));
}

/** A word where C knows from the place that 32 unsigned bits (or a vector of them) are meant. */
export function wordExpression(scope: Scope, word: Word): Expression {
  switch (word.kind) {
    case "constant":
      return scope.isVector ? wideConstant(scope, word.value) : primary(`${mask(word.value)}u`);
    case "variable":
      return primary(localName(scope, word.name));
    case "load":
      return loadExpression(scope, word.pointer, word.offset);
    case "load-beside":
      return loadBesideExpression(scope, word);
    case "table":
      return tableWord(scope, word.table, foldIndex(word.index, scope.lanes));
    case "and":
      return bitwise(scope, "&", word.left, word.right);
    case "or":
      return bitwise(scope, "|", word.left, word.right);
    case "xor":
      return bitwise(scope, "^", word.left, word.right);
    case "and-not":
      if (word.right.kind === "constant") {
        return bitwise(scope, "&", word.left, { kind: "constant", value: ~word.right.value >>> 0 });
      }
      return binary("&", bitwiseOperand(scope, word.left, word.right), unary("~", noTruthValue(scope, word.right)));
    case "not":
      return unary("~", noTruthValue(scope, word.value));
    case "shift-left":
      return binary("<<", standalone(scope, word.value), shiftAmount(scope, word.amount));
    case "shift-right":
      return binary(">>", standalone(scope, word.value), shiftAmount(scope, word.amount));
    case "funnel":
      return funnelExpression(scope, word);
    case "negate":
      return binary("-", primary("0u"), standalone(scope, word.value));
    case "at-least":
      return atLeast(scope, word.value, foldIndex(word.threshold, scope.lanes));
    case "level-set": {
      const threshold = unary("(uint32_t)", indexExpression(scope, word.threshold));
      return call(helperName(scope, "level_set"), [pointerExpression(scope, word.pointer), threshold]);
    }
    default:
      return unreachable(word);
  }
}

/** Vectors by a macro, since machines that do it in one instruction want the amount as a constant. */
function funnelExpression(scope: Scope, { low, high, amount }: Extract<Word, { kind: "funnel" }>): Expression {
  const [lower, upper] = [standalone(scope, low), standalone(scope, high)];
  if (scope.isVector) return call(helperName(scope, "funnel"), [lower, upper, primary(String(amount))]);
  return binary("|", binary(">>", lower, primary(String(amount))), binary("<<", upper, primary(String(32 - amount))));
}

/** A word whose operator gets its type from it alone: a constant must say that it has 32 bits. */
function standalone(scope: Scope, word: Word): Expression {
  return word.kind === "constant" ? wideConstant(scope, word.value) : wordExpression(scope, word);
}

/** A comparison must not look like a truth value where compilers expect none: complemented, or compared again. */
function noTruthValue(scope: Scope, word: Word): Expression {
  const isComparison = word.kind === "at-least" && !scope.isVector;
  return isComparison ? choice(wordExpression(scope, word)) : standalone(scope, word);
}

function choice(comparison: Expression): Expression {
  return primary(`(${comparison.text} ? UINT32_C(1) : UINT32_C(0))`);
}

function wideConstant(scope: Scope, value: number): Expression {
  if (scope.isVector) return call(helperName(scope, "splat"), [primary(`${mask(value)}u`)]);
  return call("UINT32_C", [primary(mask(value))]);
}

function bitwise(scope: Scope, operator: Operator, left: Word, right: Word): Expression {
  return binary(operator, bitwiseOperand(scope, left, right), bitwiseOperand(scope, right, left));
}

/** A constant beside a word (or vector) is converted to it; two constants are not. */
function bitwiseOperand(scope: Scope, word: Word, other: Word): Expression {
  if (word.kind !== "constant") return wordExpression(scope, word);
  return other.kind === "constant" ? wideConstant(scope, word.value) : primary(`${mask(word.value)}u`);
}

/** The amount is cast in vector functions: C has no conversion from size_t to a vector of 32-bit words. */
function shiftAmount(scope: Scope, amount: Index): Expression {
  const expression = indexExpression(scope, amount);
  if (!scope.isVector || amount.kind === "constant") return expression;
  return unary("(uint32_t)", expression);
}

function loadExpression(scope: Scope, pointer: Pointer, offset: number): Expression {
  if (scope.isVector) return call(helperName(scope, "load"), [pointerExpression(scope, pointer, offset)]);
  const element = elementExpression(scope, pointer, offset);
  return spaceOf(scope, pointer) === "bytes" ? unary("(uint32_t)", element) : element;
}

/** By a macro like funnel shifts: it stands for a load where the machine does not move lanes. */
function loadBesideExpression(
  scope: Scope,
  { pointer, offset, side, value }: Extract<Word, { kind: "load-beside" }>,
): Expression {
  if (!scope.isVector) return loadExpression(scope, pointer, offset);
  scope.helpers.add("load");
  return call(helperName(scope, `load_${side}`), [pointerExpression(scope, pointer, offset), standalone(scope, value)]);
}

function atLeast(scope: Scope, word: Word, threshold: Index): Expression {
  if (threshold.kind === "constant" && threshold.value === 0)
    return wordExpression(scope, { kind: "constant", value: 1 });
  const bound = foldedIndex(scope, threshold);
  if (scope.isVector) {
    const lane = threshold.kind === "constant" ? bound : unary("(uint32_t)", bound);
    return call(helperName(scope, "at_least"), [wordExpression(scope, word), lane]);
  }
  if (word.kind !== "load") return unary("(uint32_t)", binary(">=", noTruthValue(scope, word), bound));
  // Compared as it is; a byte never reaches a constant above 255, of which compilers would warn.
  const isNever = spaceOf(scope, word.pointer) === "bytes" && threshold.kind === "constant" && threshold.value > 255;
  if (isNever) return wordExpression(scope, { kind: "constant", value: 0 });
  return unary("(uint32_t)", binary(">=", elementExpression(scope, word.pointer, word.offset), bound));
}

export function wideExpression(scope: Scope, wide: Wide): Expression {
  switch (wide.kind) {
    case "constant":
      return wide.value < 0 ? { text: String(wide.value), level: "unary" } : primary(String(wide.value));
    case "variable":
      return primary(localName(scope, wide.name));
    case "from-word":
      return unary("(int64_t)", standalone(scope, wide.value));
    case "table":
      return unary("(int64_t)", tableElement(scope, wide.table, foldIndex(wide.index, scope.lanes)));
    case "add":
      return wideOperator(scope, "+", wide.left, wide.right);
    case "subtract":
      return wideOperator(scope, "-", wide.left, wide.right);
    case "multiply":
      return wideOperator(scope, "*", wide.left, wide.right);
    case "shift-right":
      return call(helperName(scope, "floor_shift"), [wideExpression(scope, wide.value), primary(String(wide.amount))]);
    case "low-bits":
      return binary("&", wideAlone(scope, wide.value), primary(mask(2 ** wide.bits - 1)));
    default:
      return unreachable(wide);
  }
}

function wideOperator(scope: Scope, operator: "+" | "-" | "*", left: Wide, right: Wide): Expression {
  const typed = right.kind === "constant" ? wideAlone(scope, left) : wideExpression(scope, left);
  return binary(operator, typed, wideExpression(scope, right));
}

/** A wide that must not be taken for an int. */
function wideAlone(scope: Scope, wide: Wide): Expression {
  return wide.kind === "constant" ? call("INT64_C", [primary(String(wide.value))]) : wideExpression(scope, wide);
}

export function conditionExpression(scope: Scope, condition: Condition): Expression {
  switch (condition.kind) {
    case "index":
      return binary(
        condition.operator,
        indexExpression(scope, condition.left),
        indexExpression(scope, condition.right),
      );
    case "wide":
      return binary(condition.operator, wideExpression(scope, condition.left), wideExpression(scope, condition.right));
    case "and":
      return binary("&&", conditionExpression(scope, condition.left), conditionExpression(scope, condition.right));
    case "or":
      return binary("||", conditionExpression(scope, condition.left), conditionExpression(scope, condition.right));
    default:
      return unreachable(condition);
  }
}

export function typedExpression(scope: Scope, typed: Typed): Expression {
  switch (typed.type) {
    case "index":
      return indexExpression(scope, typed.value);
    case "word":
      return wordExpression(scope, typed.value);
    case "wide":
      return wideExpression(scope, typed.value);
    case "pointer":
      return pointerExpression(scope, typed.value);
    default:
      return unreachable(typed);
  }
}
