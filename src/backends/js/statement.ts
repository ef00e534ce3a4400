/** Bodies of WordIR functions as JavaScript statements. */
import type { CodeBlockWriter } from "ts-morph";
import { InternalError, unreachable } from "../../diagnostics.js";
import type { Index, Space, Statement, WordFunction } from "../../word/node.js";
import { unrolledLoops } from "../js-api/copy-loops.js";
import { oneLine } from "../js-api/text.js";
import {
  conditionText,
  elementText,
  indexText,
  LANES,
  looseWord,
  operandOfComparison,
  type Scope,
  signedWord,
  typedText,
  wideText,
} from "./value.js";

export interface StatementScope extends Scope {
  /** Arrays that a function takes before its own parameters. */
  readonly spacesOf: (functionName: string) => readonly Space[];
  readonly spellFunction: (functionName: string) => string;
}

export function writeBody(writer: CodeBlockWriter, scope: StatementScope, subject: WordFunction): void {
  writeStatements(writer, scope, subject.body);
  if (subject.result !== null) writer.writeLine(`return ${signedWord(scope, subject.result).text};`);
}

function writeStatements(writer: CodeBlockWriter, scope: StatementScope, statements: readonly Statement[]): void {
  for (const statement of statements) writeStatement(writer, scope, statement);
}

function writeStatement(writer: CodeBlockWriter, scope: StatementScope, statement: Statement): void {
  switch (statement.kind) {
    case "comment":
      writer.writeLine(`// ${oneLine(statement.text)}`);
      break;
    case "let":
      writer.writeLine(
        `${statement.mutable ? "let" : "const"} ${scope.spell(statement.name)} = ${typedText(scope, statement.value)};`,
      );
      break;
    case "assign":
      writer.writeLine(`${scope.spell(statement.name)} = ${typedText(scope, statement.value)};`);
      break;
    case "store":
      writeStore(writer, scope, statement, looseWord(scope, statement.value).text);
      break;
    case "store-score":
      writeStore(writer, scope, statement, wideText(scope, statement.value).text);
      break;
    case "store-class":
      writeStore(writer, scope, statement, indexText(scope, statement.value).text);
      break;
    case "for":
      writeLoop(writer, scope, statement);
      break;
    case "if":
      writer.write(`if (${conditionText(scope, statement.condition).text}) `);
      writer.inlineBlock(() => writeStatements(writer, scope, statement.then));
      if (statement.else.length > 0) {
        writer.write(" else ").inlineBlock(() => writeStatements(writer, scope, statement.else));
      }
      writer.newLine();
      break;
    case "call":
      writer.writeLine(`${callHead(scope, statement)};`);
      break;
    default:
      unreachable(statement);
  }
}

function writeStore(
  writer: CodeBlockWriter,
  scope: StatementScope,
  statement: Extract<Statement, { kind: "store" | "store-score" | "store-class" }>,
  value: string,
): void {
  writer.writeLine(`${elementText(scope, statement.pointer, statement.offset).text} = ${value};`);
}

type Loop = Extract<Statement, { kind: "for" }>;

function writeLoop(writer: CodeBlockWriter, scope: StatementScope, loop: Loop): void {
  for (const each of unrolledLoops(loop, LANES)) {
    writer.write(`for (${loopHead(scope, each)})`).block(() => writeStatements(writer, scope, each.body));
  }
}

function loopHead(scope: StatementScope, loop: Loop): string {
  const name = scope.spell(loop.variable);
  const text = (index: Index): string => indexText(scope, index).text;
  const step = text(loop.step);
  const advance = step === "1" ? `${name}++` : `${name} += ${step}`;
  const limit = operandOfComparison(indexText(scope, loop.to));
  return `let ${name} = ${text(loop.from)}; ${name} < ${limit}; ${advance}`;
}

function callHead(scope: StatementScope, call: Extract<Statement, { kind: "call" }>): string {
  const spaces = scope.spacesOf(call.callee);
  const values = call.arguments.map((argument) => {
    if (argument.type === "word" || argument.type === "wide") throw new InternalError(`${argument.type} argument`);
    return typedText(scope, argument);
  });
  const invocation = `${scope.spellFunction(call.callee)}(${[...spaces, ...values].join(", ")})`;
  return call.result === null ? invocation : `const ${scope.spell(call.result)} = ${invocation}`;
}
