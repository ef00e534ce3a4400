/** Pieces of JavaScript source that both JavaScript-facing backends print. */
import { unreachable } from "../../diagnostics.js";
import type { Index } from "../../word/node.js";

/** Source of an expression and its outermost binary operator; null when it needs no parentheses anywhere. */
export interface Text {
  readonly text: string;
  readonly operator: string | null;
}

export function atom(text: string): Text {
  return { text, operator: null };
}

const BITWISE = new Set(["&", "|", "^"]);
const LOGICAL = new Set(["&&", "||"]);
const COMPARISON = new Set(["<", ">", "===", "!=="]);

/**
 * `left operator right`, with parentheses wherever a reader would need the table of precedences. Sums and products keep
 * their grouping, since regrouping could leave the range in which numbers are exact.
 */
export function binary(operator: string, left: Text, right: Text): Text {
  return { text: `${operand(left, operator, true)} ${operator} ${operand(right, operator, false)}`, operator };
}

function operand(value: Text, parent: string, isLeft: boolean): string {
  if (value.operator === null) return value.text;
  if (LOGICAL.has(parent) && (COMPARISON.has(value.operator) || value.operator === parent)) return value.text;
  if (value.operator === parent && (BITWISE.has(parent) || (isLeft && (parent === "+" || parent === "*")))) {
    return value.text;
  }
  if ((parent === "+" || parent === "-") && (value.operator === "*" || (isLeft && "+-".includes(value.operator)))) {
    return value.text;
  }
  return `(${value.text})`;
}

/** The text as an operand of a unary operator or member access. */
export function tight(value: Text): string {
  return value.operator === null ? value.text : `(${value.text})`;
}

/** How the names of a WordIR function are spelled in JavaScript. */
export type Spelling = (name: string) => string;

/** An index as a JavaScript number; every intermediate result is an exact integer below 2^32. */
export function printIndex(index: Index, spell: Spelling, lanes: number, spellTable: Spelling = spell): Text {
  const print = (inner: Index): Text => printIndex(inner, spell, lanes, spellTable);
  switch (index.kind) {
    case "constant":
      return atom(String(index.value));
    case "variable":
      return atom(spell(index.name));
    case "lanes":
      return atom(String(lanes));
    case "add":
      return binary("+", print(index.left), print(index.right));
    case "subtract":
      return binary("-", print(index.left), print(index.right));
    case "multiply":
      return binary("*", print(index.left), print(index.right));
    case "minimum":
    case "maximum":
      return atom(
        `Math.${index.kind === "minimum" ? "min" : "max"}(${print(index.left).text}, ${print(index.right).text})`,
      );
    case "shift-right":
      return index.amount > 31 ? atom("0") : binary(">>>", print(index.value), atom(String(index.amount)));
    case "low-bits":
      if (index.bits >= 32) return print(index.value);
      return binary("&", print(index.value), atom(String(2 ** index.bits - 1)));
    case "table":
      return atom(`${spellTable(index.table)}[${print(index.index).text}]`);
    default:
      return unreachable(index);
  }
}

/** One line without characters that would end a comment or a line. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").replaceAll("*/", "* /");
}

/** A block comment for documentation tools. */
export function docComment(lines: readonly string[]): string[] {
  return ["/**", ...lines.map((line) => (line === "" ? " *" : ` * ${oneLine(line)}`)), " */"];
}

/** Lines of comma-separated numbers, at most about 100 characters each. */
export function wrapNumbers(values: readonly number[]): string[] {
  const lines: string[] = [];
  let line = "";
  for (const value of values) {
    const next = `${value},`;
    if (line !== "" && line.length + next.length >= 100) {
      lines.push(line);
      line = next;
    } else {
      line = line === "" ? next : `${line} ${next}`;
    }
  }
  if (line !== "") lines.push(line);
  return lines;
}
