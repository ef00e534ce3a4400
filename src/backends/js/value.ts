/** WordIR values as JavaScript expressions. Words are int32 numbers, wides are numbers that hold exact integers. */
import { InternalError, unreachable } from "../../diagnostics.js";
import { add } from "../../word/build.js";
import type { Condition, Index, Pointer, Space, Typed, Wide, Word } from "../../word/node.js";
import { spaceOf } from "../js-api/pointers.js";
import { atom, binary, printIndex, type Spelling, type Text, tight } from "../js-api/text.js";

/** JavaScript has one lane. */
export const LANES = 1;

/** What the expressions of one function need to know. */
export interface Scope {
  readonly spell: Spelling;
  /** Tables have names of their own, which locals may have too. */
  readonly spellTable: Spelling;
  readonly spaces: ReadonlyMap<string, Space>;
}

export function indexText(scope: Scope, index: Index): Text {
  return printIndex(index, scope.spell, LANES, scope.spellTable);
}

/** Position of a pointer in its space. */
export function pointerText(scope: Scope, pointer: Pointer): Text {
  if (pointer.kind === "absolute") return indexText(scope, pointer.index);
  return indexText(scope, add({ kind: "variable", name: pointer.base }, pointer.index));
}

/** `space[pointer + offset]` */
export function elementText(scope: Scope, pointer: Pointer, offset: number): Text {
  const space = spaceOf(pointer, scope.spaces);
  const position =
    pointer.kind === "absolute"
      ? add(pointer.index, offset)
      : add({ kind: "variable", name: pointer.base }, pointer.index, offset);
  return atom(`${space}[${indexText(scope, position).text}]`);
}

function tableText(scope: Scope, table: string, index: Index): Text {
  return atom(`${scope.spellTable(table)}[${indexText(scope, index).text}]`);
}

/**
 * A word whose number may be any that stands for its 32 bits, int32 or uint32: what bitwise operators and typed arrays
 * accept.
 */
export function looseWord(scope: Scope, word: Word): Text {
  const print = (inner: Word): Text => looseWord(scope, inner);
  switch (word.kind) {
    case "constant":
      return wordConstant(word.value);
    case "variable":
      return atom(scope.spell(word.name));
    case "load":
    case "load-beside":
      return elementText(scope, word.pointer, word.offset);
    case "table":
      return tableText(scope, word.table, word.index);
    case "and":
      return binary("&", print(word.left), print(word.right));
    case "or":
      return binary("|", print(word.left), print(word.right));
    case "xor":
      return binary("^", print(word.left), print(word.right));
    case "and-not":
      return binary("&", print(word.left), atom(`~${tight(print(word.right))}`));
    case "not":
      return atom(`~${tight(print(word.value))}`);
    case "shift-left":
      return isZero(word.amount) ? print(word.value) : binary("<<", print(word.value), indexText(scope, word.amount));
    case "shift-right":
      return isZero(word.amount) ? print(word.value) : binary(">>>", print(word.value), indexText(scope, word.amount));
    case "funnel":
      return binary(
        "|",
        binary(">>>", print(word.low), atom(String(word.amount))),
        binary("<<", print(word.high), atom(String(32 - word.amount))),
      );
    case "negate": {
      const value = tight(print(word.value));
      return binary("|", atom(value.startsWith("-") ? `-(${value})` : `-${value}`), atom("0"));
    }
    case "at-least":
      return {
        text: `${operandOfComparison(unsignedWord(scope, word.value))} >= ${operandOfComparison(indexText(scope, word.threshold))} ? 1 : 0`,
        operator: "?:",
      };
    case "level-set":
      return atom(
        `levelSet(bytes, ${pointerText(scope, word.pointer).text}, ${indexText(scope, word.threshold).text})`,
      );
    default:
      return unreachable(word);
  }
}

/** A word as an int32 number: what locals hold, so that the engine never leaves integers. */
export function signedWord(scope: Scope, word: Word): Text {
  const text = looseWord(scope, word);
  return isSigned(word) ? text : binary("|", text, atom("0"));
}

/** A word as a number from 0 to 2^32 − 1. */
export function unsignedWord(scope: Scope, word: Word): Text {
  const text = looseWord(scope, word);
  return isNonNegative(scope, word) ? text : binary(">>>", text, atom("0"));
}

/** Whether the loose form is an int32 for certain. */
function isSigned(word: Word): boolean {
  if (word.kind === "shift-left") return !isZero(word.amount) || isSigned(word.value);
  if (word.kind === "table") return false;
  if (word.kind !== "shift-right") return true;
  return word.amount.kind === "constant" && (word.amount.value > 0 || isSigned(word.value));
}

/** Whether the loose form is its own unsigned value for certain. */
function isNonNegative(scope: Scope, word: Word): boolean {
  return (word.kind === "shift-right" && !isZero(word.amount)) || word.kind === "table" || isBelowSignBit(scope, word);
}

/** Whether bit 31 is clear for certain. */
function isBelowSignBit(scope: Scope, word: Word): boolean {
  switch (word.kind) {
    case "constant":
      return word.value < 2 ** 31;
    case "load":
      return spaceOf(word.pointer, scope.spaces) === "bytes";
    case "and":
      return isBelowSignBit(scope, word.left) || isBelowSignBit(scope, word.right);
    case "shift-right":
      return word.amount.kind === "constant" && word.amount.value > 0;
    case "at-least":
      return true;
    default:
      return false;
  }
}

function isZero(index: Index): boolean {
  return index.kind === "constant" && index.value === 0;
}

/** int32; hexadecimal where that shows the bits better. */
function wordConstant(value: number): Text {
  if (value < 256) return atom(String(value));
  const signed = value | 0;
  if (signed < 0 && signed >= -256) return atom(String(signed));
  const hexadecimal = `0x${value.toString(16).padStart(8, "0")}`;
  return signed < 0 ? binary("|", atom(hexadecimal), atom("0")) : atom(hexadecimal);
}

export function wideText(scope: Scope, wide: Wide): Text {
  const print = (inner: Wide): Text => wideText(scope, inner);
  switch (wide.kind) {
    case "constant":
      return atom(String(wide.value));
    case "variable":
      return atom(scope.spell(wide.name));
    case "from-word":
      return unsignedWord(scope, wide.value);
    case "table":
      return tableText(scope, wide.table, wide.index);
    case "add":
      return binary("+", print(wide.left), print(wide.right));
    case "subtract":
      return binary("-", print(wide.left), print(wide.right));
    case "multiply":
      return binary("*", print(wide.left), print(wide.right));
    case "shift-right":
      return atom(`Math.floor(${binary("/", print(wide.value), atom(String(2 ** wide.amount))).text})`);
    case "low-bits":
      // Bitwise operators take their operands modulo 2^32, negative ones too.
      if (wide.bits < 32) return binary("&", print(wide.value), atom(String(2 ** wide.bits - 1)));
      if (wide.bits === 32) return binary(">>>", print(wide.value), atom("0"));
      return moduloText(print(wide.value), wide.bits);
    default:
      return unreachable(wide);
  }
}

/** value mod 2^bits for 32 < bits ≤ 52, where the sum below is still exact. */
function moduloText(value: Text, bits: number): Text {
  if (bits > 52) throw new InternalError(`low ${bits} bits of a number`);
  const modulus = atom(String(2 ** bits));
  return binary("%", binary("+", atom(`(${binary("%", value, modulus).text})`), modulus), modulus);
}

export function conditionText(scope: Scope, condition: Condition): Text {
  switch (condition.kind) {
    case "index":
      return comparison(condition.operator, indexText(scope, condition.left), indexText(scope, condition.right));
    case "wide":
      return comparison(condition.operator, wideText(scope, condition.left), wideText(scope, condition.right));
    case "and":
    case "or":
      return binary(
        condition.kind === "and" ? "&&" : "||",
        conditionText(scope, condition.left),
        conditionText(scope, condition.right),
      );
    default:
      return unreachable(condition);
  }
}

function comparison(operator: "<" | "==" | "!=" | ">", left: Text, right: Text): Text {
  const spelled = operator === "==" || operator === "!=" ? `${operator}=` : operator;
  return { text: `${operandOfComparison(left)} ${spelled} ${operandOfComparison(right)}`, operator: spelled };
}

/** Arithmetic needs no parentheses in a comparison; bitwise operators would bind the other way. */
export function operandOfComparison(value: Text): string {
  return value.operator === null || "+-*".includes(value.operator) ? value.text : `(${value.text})`;
}

/** A value to be bound, assigned or passed. */
export function typedText(scope: Scope, typed: Typed): string {
  switch (typed.type) {
    case "index":
      return indexText(scope, typed.value).text;
    case "word":
      return signedWord(scope, typed.value).text;
    case "wide":
      return wideText(scope, typed.value).text;
    case "pointer":
      return pointerText(scope, typed.value).text;
    default:
      return unreachable(typed);
  }
}

/** Identifiers for WordIR names, in order: as they are where possible, else with underscores appended. */
export function spellings(names: readonly string[], taken: ReadonlySet<string>): string[] {
  const used = new Set(taken);
  return names.map((name) => {
    if (!/^[A-Za-z_$][\w$]*$/u.test(name)) throw new InternalError(`${name} is not an identifier`);
    let free = name;
    while (used.has(free)) free += "_";
    used.add(free);
    return free;
  });
}
