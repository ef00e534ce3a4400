/** C as text: expressions with just the parentheses they need, long lines, comments. Knows nothing of WordIR. */
import { unreachable } from "../../diagnostics.js";

export type Operator = "*" | "+" | "-" | "<<" | ">>" | "<" | ">" | ">=" | "==" | "!=" | "&" | "^" | "|" | "&&" | "||";

/**
 * `level` is the outermost operator, `unary` for prefix operators and casts, `primary` for what binds tightest. A chain of
 * sums and differences is a `-` if it has any difference.
 */
export interface Expression {
  readonly text: string;
  readonly level: Operator | "unary" | "primary";
}

export const LINE_WIDTH = 100;

export function primary(text: string): Expression {
  return { text, level: "primary" };
}

/** A prefix operator or cast applied to an operand. */
export function unary(operator: string, operand: Expression): Expression {
  const isTight = operand.level === "primary" || operand.level === "unary";
  return { text: operator + (isTight ? operand.text : `(${operand.text})`), level: "unary" };
}

export function call(name: string, operands: readonly Expression[]): Expression {
  return primary(`${name}(${operands.map((operand) => operand.text).join(", ")})`);
}

/** `base[index]`; the base is a name. */
export function subscript(base: string, index: Expression): Expression {
  return primary(`${base}[${index.text}]`);
}

/**
 * An operator between two operands. C's precedences are not trusted to be known by heart: bits and shifts are
 * parenthesised inside each other, sums and products only where they must be.
 */
export function binary(operator: Operator, left: Expression, right: Expression): Expression {
  const operand = (side: Expression, isLeft: boolean): string =>
    standsBare(operator, side.level, isLeft) ? side.text : `(${side.text})`;
  const level = operator === "+" && left.level === "-" ? "-" : operator;
  return { text: `${operand(left, true)} ${operator} ${operand(right, false)}`, level };
}

function standsBare(parent: Operator, child: Expression["level"], isLeft: boolean): boolean {
  if (child === "primary" || child === "unary") return true;
  switch (parent) {
    case "*":
      return child === "*" && isLeft;
    case "+":
      return child === "*" || child === "+" || (isLeft && child === "-");
    case "-":
      return child === "*" || (isLeft && (child === "+" || child === "-"));
    case "&":
    case "|":
    case "^":
    case "||":
      return child === parent || (parent === "||" && isComparison(child));
    case "&&":
      return child === parent || isComparison(child);
    case "<":
    case ">":
    case ">=":
    case "==":
    case "!=":
      return child === "*" || child === "+" || child === "-";
    case "<<":
    case ">>":
      return false;
    default:
      return unreachable(parent);
  }
}

function isComparison(level: Expression["level"]): boolean {
  return level === "<" || level === ">" || level === ">=" || level === "==" || level === "!=";
}

/**
 * Breaks a line of C that is too long before an operator or after a comma, where the fewest parentheses are open.
 * Continuations are indented by four more columns.
 */
export function wrapLine(line: string, width = LINE_WIDTH): string[] {
  const indent = line.length - line.trimStart().length;
  const lines: string[] = [];
  let rest = line;
  let continued = false;
  while (rest.length > width) {
    const at = breakPosition(rest, indent + (continued ? 4 : 0), width);
    if (at === null) break;
    lines.push(rest.slice(0, at));
    rest = `${" ".repeat(indent + 4)}${rest.slice(at + 1)}`;
    continued = true;
  }
  return [...lines, rest];
}

const OPERATOR_AFTER_SPACE = /^ (?:[*+\-&|^]|<<|>>|<|>|>=|==|!=|&&|\|\||\?|:) /;

/** Columns after the indentation that a line has at least, where there is a choice. */
const SHORTEST_LINE = 12;

/** Position of the space to break at: the last of those where the fewest parentheses are open, else behind a `=`. */
function breakPosition(line: string, start: number, width: number): number | null {
  let best: { readonly at: number; readonly depth: number } | null = null;
  let depth = 0;
  for (let at = start; at < width; at++) {
    const character = line[at];
    if (character === "(" || character === "[") depth++;
    else if (character === ")" || character === "]") depth--;
    else if (character === " " && isBreakable(line, at)) {
      if (best === null || depth <= best.depth || best.at < start + SHORTEST_LINE) best = { at, depth };
    }
  }
  if (best !== null) return best.at;
  const assignment = line.indexOf(" = ", start);
  return assignment > 0 && assignment + 2 < width ? assignment + 2 : null;
}

function isBreakable(line: string, at: number): boolean {
  const before = line[at - 1];
  return before === "," || before === ";" || OPERATOR_AFTER_SPACE.test(line.slice(at, at + 4));
}

/** A block comment of whole sentences; one line if it fits. */
export function blockComment(lines: readonly string[], indent = ""): string[] {
  const safe = lines.flatMap((line) => wrapText(commentText(line), LINE_WIDTH - indent.length - 3));
  const [only] = safe;
  if (safe.length === 1 && only !== undefined && only.length + indent.length + 6 <= LINE_WIDTH) {
    return [`${indent}/* ${only} */`];
  }
  return [`${indent}/*`, ...safe.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`];
}

/** Lines under their comment. */
export function documented(comment: readonly string[], lines: readonly string[]): string[] {
  return [...blockComment(comment), ...lines];
}

function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

const ASCII: ReadonlyMap<string, string> = new Map([
  ["×", "x"],
  ["·", "*"],
  ["−", "-"],
  ["–", "-"],
  ["≤", "<="],
  ["≥", ">="],
  ["≠", "!="],
  ["…", "..."],
  ["→", "->"],
  ["⊖", "(-)"],
  ["⊕", "(+)"],
  ["∪", "|"],
  ["∩", "&"],
  ["∈", "in"],
  ["½", "1/2"],
  ["Σ", "sum"],
  ["’", "'"],
  ["“", '"'],
  ["”", '"'],
]);

/** Printable ASCII that neither ends nor opens a comment nor forms a trigraph, whatever the text came from. */
export function commentText(text: string): string {
  return Array.from(text)
    .map((character) => ASCII.get(character) ?? (/^[ -~]$/.test(character) ? character : "?"))
    .join("")
    .replaceAll("*/", "* /")
    .replaceAll("/*", "/ *")
    .replaceAll(/\?(?=\?)/g, "? ");
}
