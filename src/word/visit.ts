/** Walks through WordIR: every part of a function once, parents before children, in the order of the text. */
import { unreachable } from "../diagnostics.js";
import type { Condition, Index, Pointer, Statement, Typed, Wide, Word, WordFunction } from "./node.js";

/** What to do at each part; parts without an entry are passed through. */
export interface WordVisitor {
  readonly statement?: (statement: Statement) => void;
  readonly index?: (index: Index) => void;
  readonly pointer?: (pointer: Pointer) => void;
  readonly word?: (word: Word) => void;
  readonly wide?: (wide: Wide) => void;
}

export function visitFunction(wordFunction: WordFunction, visitor: WordVisitor): void {
  visitStatements(wordFunction.body, visitor);
  if (wordFunction.result !== null) visitWord(wordFunction.result, visitor);
}

export function visitStatements(statements: readonly Statement[], visitor: WordVisitor): void {
  for (const statement of statements) visitStatement(statement, visitor);
}

function visitStatement(statement: Statement, visitor: WordVisitor): void {
  visitor.statement?.(statement);
  switch (statement.kind) {
    case "comment":
      break;
    case "let":
    case "assign":
      visitTyped(statement.value, visitor);
      break;
    case "store":
      visitPointer(statement.pointer, visitor);
      visitWord(statement.value, visitor);
      break;
    case "store-score":
      visitPointer(statement.pointer, visitor);
      visitWide(statement.value, visitor);
      break;
    case "store-class":
      visitPointer(statement.pointer, visitor);
      visitIndex(statement.value, visitor);
      break;
    case "for":
      visitIndex(statement.from, visitor);
      visitIndex(statement.to, visitor);
      visitIndex(statement.step, visitor);
      visitStatements(statement.body, visitor);
      break;
    case "if":
      visitCondition(statement.condition, visitor);
      visitStatements(statement.then, visitor);
      visitStatements(statement.else, visitor);
      break;
    case "call":
      for (const argument of statement.arguments) visitTyped(argument, visitor);
      break;
    default:
      unreachable(statement);
  }
}

export function visitTyped(typed: Typed, visitor: WordVisitor): void {
  switch (typed.type) {
    case "index":
      visitIndex(typed.value, visitor);
      break;
    case "word":
      visitWord(typed.value, visitor);
      break;
    case "wide":
      visitWide(typed.value, visitor);
      break;
    case "pointer":
      visitPointer(typed.value, visitor);
      break;
    default:
      unreachable(typed);
  }
}

export function visitIndex(index: Index, visitor: WordVisitor): void {
  visitor.index?.(index);
  switch (index.kind) {
    case "constant":
    case "variable":
    case "lanes":
      break;
    case "add":
    case "subtract":
    case "multiply":
    case "minimum":
    case "maximum":
      visitIndex(index.left, visitor);
      visitIndex(index.right, visitor);
      break;
    case "shift-right":
    case "low-bits":
      visitIndex(index.value, visitor);
      break;
    case "table":
      visitIndex(index.index, visitor);
      break;
    default:
      unreachable(index);
  }
}

export function visitPointer(pointer: Pointer, visitor: WordVisitor): void {
  visitor.pointer?.(pointer);
  visitIndex(pointer.index, visitor);
}

export function visitWord(word: Word, visitor: WordVisitor): void {
  visitor.word?.(word);
  switch (word.kind) {
    case "constant":
    case "variable":
      break;
    case "load":
      visitPointer(word.pointer, visitor);
      break;
    case "load-beside":
      visitPointer(word.pointer, visitor);
      visitWord(word.value, visitor);
      break;
    case "table":
      visitIndex(word.index, visitor);
      break;
    case "and":
    case "or":
    case "xor":
    case "and-not":
      visitWord(word.left, visitor);
      visitWord(word.right, visitor);
      break;
    case "not":
    case "negate":
      visitWord(word.value, visitor);
      break;
    case "shift-left":
    case "shift-right":
      visitWord(word.value, visitor);
      visitIndex(word.amount, visitor);
      break;
    case "funnel":
      visitWord(word.low, visitor);
      visitWord(word.high, visitor);
      break;
    case "at-least":
      visitWord(word.value, visitor);
      visitIndex(word.threshold, visitor);
      break;
    case "level-set":
      visitPointer(word.pointer, visitor);
      visitIndex(word.threshold, visitor);
      break;
    default:
      unreachable(word);
  }
}

export function visitWide(wide: Wide, visitor: WordVisitor): void {
  visitor.wide?.(wide);
  switch (wide.kind) {
    case "constant":
    case "variable":
      break;
    case "from-word":
      visitWord(wide.value, visitor);
      break;
    case "table":
      visitIndex(wide.index, visitor);
      break;
    case "add":
    case "subtract":
    case "multiply":
      visitWide(wide.left, visitor);
      visitWide(wide.right, visitor);
      break;
    case "shift-right":
    case "low-bits":
      visitWide(wide.value, visitor);
      break;
    default:
      unreachable(wide);
  }
}

export function visitCondition(condition: Condition, visitor: WordVisitor): void {
  switch (condition.kind) {
    case "index":
      visitIndex(condition.left, visitor);
      visitIndex(condition.right, visitor);
      break;
    case "wide":
      visitWide(condition.left, visitor);
      visitWide(condition.right, visitor);
      break;
    case "and":
    case "or":
      visitCondition(condition.left, visitor);
      visitCondition(condition.right, visitor);
      break;
    default:
      unreachable(condition);
  }
}
