/**
 * Text of a WordIR program, for dumps and tests; docs/ir.md shows the notation. Nothing reads it back.
 *
 * Every operator stands in parentheses: precedence is the backends' concern.
 */
import { unreachable } from "../diagnostics.js";
import {
  type Condition,
  entryParameters,
  type Index,
  type Pointer,
  type Statement,
  type Table,
  type Typed,
  type Wide,
  type Word,
  type WordFunction,
  type WordProgram,
} from "./node.js";

export function printProgram(program: WordProgram): string {
  const contract = program.interface;
  const side = (value: number | null): string => (value === null ? "?" : String(value));
  const input = `${contract.inputChannels}x${side(contract.height)}x${side(contract.width)} ${contract.samples}`;
  const parameters = entryParameters(program).join(", ");
  const blocks = [
    `program ${program.name} (${contract.kind} ${input}) -> ${printOutput(program)}`,
    `scratch(${parameters}) = ${printIndex(program.scratchWords)} words, ${program.lanes} lanes`,
    ...program.tables.map((table) => `\n${printTable(table)}`),
    ...program.functions.map((wordFunction) => `\n${printFunction(wordFunction)}`),
  ];
  return `${blocks.join("\n")}\n`;
}

function printOutput(program: WordProgram): string {
  const contract = program.interface;
  if (contract.kind === "images") return `${contract.outputChannels} images, halved ${contract.outputHalvings} times`;
  const { output } = contract;
  switch (output.kind) {
    case "bits":
      return `${output.length} bits`;
    case "scores":
      return `${output.classes} scores of ${output.limbs} limbs of ${output.limbBits} bits * 2^${output.exponent}`;
    default:
      return unreachable(output);
  }
}

const ENTRIES_PER_LINE = 16;

function printTable(table: Table): string {
  const lines = [`table ${table.name}: ${table.element}[${table.values.length}] {  ; ${table.comment}`];
  for (let first = 0; first < table.values.length; first += ENTRIES_PER_LINE) {
    lines.push(`  ${table.values.slice(first, first + ENTRIES_PER_LINE).join(" ")}`);
  }
  return [...lines, "}"].join("\n");
}

function printFunction(wordFunction: WordFunction): string {
  const parameters = wordFunction.parameters.map((parameter) =>
    parameter.type === "index" ? parameter.name : `${parameter.name}: ${parameter.space}*`,
  );
  const returns = wordFunction.result === null ? "" : " -> word";
  return [
    ...wordFunction.comment.map((line) => `; ${line}`),
    `${wordFunction.mode} function ${wordFunction.name}(${parameters.join(", ")})${returns} {`,
    ...printBlock(wordFunction.body),
    ...(wordFunction.result === null ? [] : [`  return ${printWord(wordFunction.result)}`]),
    "}",
  ].join("\n");
}

function printBlock(statements: readonly Statement[]): string[] {
  return statements.flatMap(printStatement).map((line) => `  ${line}`);
}

function printStatement(statement: Statement): string[] {
  switch (statement.kind) {
    case "comment":
      return [`; ${statement.text}`];
    case "let": {
      const keyword = statement.mutable ? "var" : "let";
      return [`${keyword} ${statement.name}: ${statement.value.type} = ${printTyped(statement.value)}`];
    }
    case "assign":
      return [`${statement.name} = ${printTyped(statement.value)}`];
    case "store":
      return [`store ${printPlace(statement.pointer, statement.offset)} = ${printWord(statement.value)}`];
    case "store-score":
      return [`store-score ${printPlace(statement.pointer, statement.offset)} = ${printWide(statement.value)}`];
    case "store-class":
      return [`store-class ${printPlace(statement.pointer, statement.offset)} = ${printIndex(statement.value)}`];
    case "for": {
      const range = `${printIndex(statement.from)} to ${printIndex(statement.to)} step ${printIndex(statement.step)}`;
      return [`for ${statement.variable} = ${range} {`, ...printBlock(statement.body), "}"];
    }
    case "if": {
      const head = [`if ${printCondition(statement.condition)} {`, ...printBlock(statement.then)];
      return statement.else.length === 0 ? [...head, "}"] : [...head, "} else {", ...printBlock(statement.else), "}"];
    }
    case "call": {
      const result = statement.result === null ? "" : `let ${statement.result}: word = `;
      return [`${result}call ${statement.callee}(${statement.arguments.map(printTyped).join(", ")})`];
    }
    default:
      return unreachable(statement);
  }
}

function printTyped(typed: Typed): string {
  switch (typed.type) {
    case "index":
      return printIndex(typed.value);
    case "word":
      return printWord(typed.value);
    case "wide":
      return printWide(typed.value);
    case "pointer":
      return `&${printPlace(typed.value, 0)}`;
    default:
      return unreachable(typed);
  }
}

const SYMBOLS = {
  add: "+",
  subtract: "-",
  multiply: "*",
  minimum: "min",
  maximum: "max",
  and: "&",
  or: "|",
  xor: "^",
  "and-not": "&~",
} as const;

export function printIndex(index: Index): string {
  switch (index.kind) {
    case "constant":
      return String(index.value);
    case "variable":
      return index.name;
    case "lanes":
      return "lanes";
    case "add":
    case "subtract":
    case "multiply":
    case "minimum":
    case "maximum":
      return `(${printIndex(index.left)} ${SYMBOLS[index.kind]} ${printIndex(index.right)})`;
    case "shift-right":
      return `(${printIndex(index.value)} >> ${index.amount})`;
    case "low-bits":
      return `(${printIndex(index.value)} mod 2^${index.bits})`;
    case "table":
      return `${index.table}[${printIndex(index.index)}]`;
    default:
      return unreachable(index);
  }
}

/** `space[index]`, `base[index]`, and the offset behind a colon where it is not zero. */
function printPlace(pointer: Pointer, offset: number): string {
  const base = pointer.kind === "absolute" ? `@${pointer.space}` : pointer.base;
  return `${base}[${printIndex(pointer.index)}${offset === 0 ? "" : ` : ${offset}`}]`;
}

export function printWord(word: Word): string {
  switch (word.kind) {
    case "constant":
      return `0x${word.value.toString(16)}`;
    case "variable":
      return word.name;
    case "load":
      return printPlace(word.pointer, word.offset);
    case "load-beside":
      return `(${printPlace(word.pointer, word.offset)} ${word.side} ${printWord(word.value)})`;
    case "table":
      return `${word.table}[${printIndex(word.index)}]`;
    case "and":
    case "or":
    case "xor":
    case "and-not":
      return `(${printWord(word.left)} ${SYMBOLS[word.kind]} ${printWord(word.right)})`;
    case "not":
      return `~${printWord(word.value)}`;
    case "shift-left":
      return `(${printWord(word.value)} << ${printIndex(word.amount)})`;
    case "shift-right":
      return `(${printWord(word.value)} >> ${printIndex(word.amount)})`;
    case "funnel":
      return `(${printWord(word.high)} : ${printWord(word.low)} >> ${word.amount})`;
    case "negate":
      return `-${printWord(word.value)}`;
    case "at-least":
      return `(${printWord(word.value)} >= ${printIndex(word.threshold)})`;
    case "level-set":
      return `(${printPlace(word.pointer, 0)} ... >= ${printIndex(word.threshold)})`;
    default:
      return unreachable(word);
  }
}

export function printWide(wide: Wide): string {
  switch (wide.kind) {
    case "constant":
      return String(wide.value);
    case "variable":
      return wide.name;
    case "from-word":
      return `wide ${printWord(wide.value)}`;
    case "table":
      return `${wide.table}[${printIndex(wide.index)}]`;
    case "add":
    case "subtract":
    case "multiply":
      return `(${printWide(wide.left)} ${SYMBOLS[wide.kind]} ${printWide(wide.right)})`;
    case "shift-right":
      return `(${printWide(wide.value)} >> ${wide.amount})`;
    case "low-bits":
      return `(${printWide(wide.value)} mod 2^${wide.bits})`;
    default:
      return unreachable(wide);
  }
}

function printCondition(condition: Condition): string {
  switch (condition.kind) {
    case "index":
      return `${printIndex(condition.left)} ${condition.operator} ${printIndex(condition.right)}`;
    case "wide":
      return `${printWide(condition.left)} ${condition.operator} ${printWide(condition.right)}`;
    case "and":
    case "or":
      return `(${printCondition(condition.left)} ${condition.kind} ${printCondition(condition.right)})`;
    default:
      return unreachable(condition);
  }
}
