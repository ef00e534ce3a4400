/** Checks of the values of WordIR; see verify.ts for the invariants. */
import { InternalError, unreachable } from "../diagnostics.js";
import type { Condition, Index, Pointer, Space, Table, Typed, ValueKind, Wide, Word, WordFunction } from "./node.js";

/** What a name stands for; `space` for pointers only. */
export interface Definition {
  readonly type: ValueKind;
  readonly space?: Space;
  readonly mutable: boolean;
}

export interface Scope {
  /** Where we are, for messages. */
  readonly place: string;
  readonly mode: WordFunction["mode"];
  readonly tables: ReadonlyMap<string, Table>;
  /** Spaces that the program has. */
  readonly spaces: ReadonlySet<Space>;
  readonly definitions: Map<string, Definition>;
}

const LARGEST_WORD = 2 ** 32 - 1;
const LARGEST_WIDE = 2 ** 53;
const WIDE_BITS = 53;

function complain(scope: Scope, message: string): never {
  throw new InternalError(`word program ${scope.place}: ${message}`);
}

function checkRange(scope: Scope, what: string, value: number, least: number, greatest: number): void {
  if (!(Number.isInteger(value) && value >= least && value <= greatest)) complain(scope, `${what} is ${value}`);
}

function lookUp(scope: Scope, name: string, type: ValueKind): Definition {
  const definition = scope.definitions.get(name);
  if (definition === undefined) return complain(scope, `${name} is used where it is not defined`);
  if (definition.type !== type) complain(scope, `${name} is used as ${type} and is ${definition.type}`);
  return definition;
}

export function checkTyped(scope: Scope, typed: Typed): Omit<Definition, "mutable"> {
  switch (typed.type) {
    case "index":
      checkIndex(scope, typed.value);
      return { type: "index" };
    case "word":
      checkWord(scope, typed.value);
      return { type: "word" };
    case "wide":
      checkWide(scope, typed.value);
      return { type: "wide" };
    case "pointer":
      return { type: "pointer", space: checkPointer(scope, typed.value, 0) };
    default:
      return unreachable(typed);
  }
}

export function checkIndex(scope: Scope, index: Index): void {
  switch (index.kind) {
    case "constant":
      checkRange(scope, "an index", index.value, 0, LARGEST_WORD);
      break;
    case "variable":
      lookUp(scope, index.name, "index");
      break;
    case "lanes":
      break;
    case "add":
    case "subtract":
    case "multiply":
    case "minimum":
    case "maximum":
      checkIndex(scope, index.left);
      checkIndex(scope, index.right);
      break;
    case "shift-right":
      checkRange(scope, "an index shift", index.amount, 0, 31);
      checkIndex(scope, index.value);
      break;
    case "low-bits":
      checkRange(scope, "a number of low bits", index.bits, 0, 32);
      checkIndex(scope, index.value);
      break;
    case "table":
      checkTable(scope, index.table, "unsigned");
      checkIndex(scope, index.index);
      break;
    default:
      unreachable(index);
  }
}

function checkTable(scope: Scope, name: string, sign: "signed" | "unsigned"): void {
  const table = scope.tables.get(name);
  if (table === undefined) return complain(scope, `there is no table ${name}`);
  if (table.element.startsWith("i") !== (sign === "signed")) complain(scope, `table ${name} is not ${sign}`);
}

/** Spaces that vector functions may touch: those of whole words, where neighbours can be handled at once. */
export const VECTOR_SPACES: ReadonlySet<Space> = new Set<Space>(["input", "output", "scratch"]);

/** Space of a pointer that the function may form. */
export function checkPointer(scope: Scope, pointer: Pointer, offset: number): Space {
  checkIndex(scope, pointer.index);
  checkRange(scope, "an offset", offset, -LARGEST_WORD, LARGEST_WORD);
  const space = pointer.kind === "absolute" ? pointer.space : lookUp(scope, pointer.base, "pointer").space;
  if (space === undefined || !scope.spaces.has(space)) return complain(scope, `the program has no ${space}`);
  if (scope.mode === "vector" && !VECTOR_SPACES.has(space)) complain(scope, `a vector function touches ${space}`);
  return space;
}

function checkLoad(
  scope: Scope,
  { pointer, offset }: Extract<Word, { kind: "load" | "load-beside" }>,
): Space | undefined {
  const space = checkPointer(scope, pointer, offset);
  if (space === "classes" || space === "scores") complain(scope, `a word is loaded from ${space}`);
  return space;
}

export function checkWord(scope: Scope, word: Word): void {
  switch (word.kind) {
    case "constant":
      checkRange(scope, "a word", word.value, 0, LARGEST_WORD);
      break;
    case "variable":
      lookUp(scope, word.name, "word");
      break;
    case "load":
      checkLoad(scope, word);
      break;
    case "load-beside":
      if (checkLoad(scope, word) === "bytes") complain(scope, "a load of bytes beside others");
      checkWord(scope, word.value);
      break;
    case "table":
      checkTable(scope, word.table, "unsigned");
      if (scope.tables.get(word.table)?.element !== "u32") complain(scope, `table ${word.table} has no words`);
      checkIndex(scope, word.index);
      break;
    case "and":
    case "or":
    case "xor":
    case "and-not":
      checkWord(scope, word.left);
      checkWord(scope, word.right);
      break;
    case "not":
    case "negate":
      checkWord(scope, word.value);
      break;
    case "shift-left":
    case "shift-right":
      checkWord(scope, word.value);
      checkIndex(scope, word.amount);
      if (word.amount.kind === "constant") checkRange(scope, "a shift", word.amount.value, 0, 31);
      break;
    case "funnel":
      checkRange(scope, "a funnel shift", word.amount, 1, 31);
      checkWord(scope, word.low);
      checkWord(scope, word.high);
      break;
    case "at-least":
      checkWord(scope, word.value);
      checkIndex(scope, word.threshold);
      break;
    case "level-set": {
      const space = checkPointer(scope, word.pointer, 0);
      if (space !== "bytes") complain(scope, `a level set of ${space}`);
      checkIndex(scope, word.threshold);
      break;
    }
    default:
      unreachable(word);
  }
}

export function checkWide(scope: Scope, wide: Wide): void {
  if (scope.mode === "vector") complain(scope, "a vector function computes a wide");
  switch (wide.kind) {
    case "constant":
      checkRange(scope, "a wide", wide.value, -LARGEST_WIDE, LARGEST_WIDE);
      break;
    case "variable":
      lookUp(scope, wide.name, "wide");
      break;
    case "from-word":
      checkWord(scope, wide.value);
      break;
    case "table":
      checkTable(scope, wide.table, "signed");
      checkIndex(scope, wide.index);
      break;
    case "add":
    case "subtract":
    case "multiply":
      checkWide(scope, wide.left);
      checkWide(scope, wide.right);
      break;
    case "shift-right":
      checkRange(scope, "a wide shift", wide.amount, 0, WIDE_BITS);
      checkWide(scope, wide.value);
      break;
    case "low-bits":
      checkRange(scope, "a number of low bits", wide.bits, 0, WIDE_BITS);
      checkWide(scope, wide.value);
      break;
    default:
      unreachable(wide);
  }
}

export function checkCondition(scope: Scope, condition: Condition): void {
  switch (condition.kind) {
    case "index":
      checkIndex(scope, condition.left);
      checkIndex(scope, condition.right);
      break;
    case "wide":
      checkWide(scope, condition.left);
      checkWide(scope, condition.right);
      break;
    case "and":
    case "or":
      checkCondition(scope, condition.left);
      checkCondition(scope, condition.right);
      break;
    default:
      unreachable(condition);
  }
}
