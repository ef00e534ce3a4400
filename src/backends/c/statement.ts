/** WordIR statements and functions as lines of C. */
import { InternalError, unreachable } from "../../diagnostics.js";
import type { Index, Pointer, Statement, Typed, WordFunction } from "../../word/node.js";
import {
  conditionExpression,
  elementExpression,
  type Helper,
  helperName,
  indexExpression,
  localName,
  pointerExpression,
  type Scope,
  spaceOf,
  typedExpression,
  wideExpression,
  wordExpression,
} from "./expression.js";
import { elementType, type FileNames, localNames } from "./names.js";
import { binary, blockComment, type Expression, primary, unary, wrapLine } from "./text.js";
import { type FunctionUsage, spaceKey } from "./usage.js";

const INDENT = "    ";

/** What printing the functions of a file needs. */
export interface FileScope {
  readonly names: FileNames;
  readonly lanes: number;
  readonly usages: ReadonlyMap<string, FunctionUsage>;
  readonly helpers: Set<Helper>;
}

interface BodyScope extends Scope {
  readonly file: FileScope;
  readonly usage: FunctionUsage;
}

/** A static function with its comment, after an empty line. */
export function printFunction(file: FileScope, wordFunction: WordFunction): string[] {
  const scope = bodyScope(file, wordFunction);
  const parameters = [
    ...scope.usage.spaces.map((space) =>
      pointerDeclaration(elementType(space), space, isWritten(scope, spaceKey(space))),
    ),
    ...wordFunction.parameters.map((parameter) => {
      const name = localName(scope, parameter.name);
      if (parameter.type === "index") return `size_t ${name}`;
      return pointerDeclaration(elementType(parameter.space), name, isWritten(scope, parameter.name));
    }),
  ];
  const type = wordFunction.result === null ? "void" : wordType(scope);
  const list = parameters.length === 0 ? "void" : parameters.join(", ");
  return [
    "",
    ...(wordFunction.comment.length === 0 ? [] : blockComment(wordFunction.comment)),
    ...wrapLine(`static ${type} ${file.names.functions.get(wordFunction.name) ?? ""}(${list})`),
    "{",
    ...unusedParameters(scope, wordFunction),
    ...printStatements(scope, wordFunction.body, INDENT),
    ...(wordFunction.result === null
      ? []
      : wrapLine(`${INDENT}return ${wordExpression(scope, wordFunction.result).text};`)),
    "}",
  ];
}

/** The statements of the entry point, which is printed as the public function. */
export function printEntryBody(file: FileScope, wordFunction: WordFunction): string[] {
  return printStatements(bodyScope(file, wordFunction), wordFunction.body, INDENT);
}

function bodyScope(file: FileScope, wordFunction: WordFunction): BodyScope {
  const usage = file.usages.get(wordFunction.name);
  if (usage === undefined) throw new InternalError(`nothing is known of ${wordFunction.name}`);
  const pointers = wordFunction.parameters.flatMap((parameter) =>
    parameter.type === "pointer" ? [[parameter.name, parameter.space] as const] : [],
  );
  return {
    file,
    usage,
    names: file.names,
    locals: localNames(wordFunction, file.names),
    spaces: new Map(pointers),
    isVector: wordFunction.mode === "vector" && file.lanes > 1,
    lanes: file.lanes,
    helpers: file.helpers,
  };
}

function isWritten(scope: BodyScope, name: string): boolean {
  return scope.usage.written.has(name);
}

function pointerDeclaration(element: string, name: string, isMutable: boolean): string {
  return `${isMutable ? "" : "const "}${element} *${name}`;
}

function wordType(scope: Scope): string {
  return scope.isVector ? helperName(scope, "word") : "uint32_t";
}

function unusedParameters(scope: BodyScope, wordFunction: WordFunction): string[] {
  return wordFunction.parameters
    .filter((parameter) => !scope.usage.read.has(parameter.name))
    .map((parameter) => `${INDENT}(void)${localName(scope, parameter.name)};`);
}

function printStatements(scope: BodyScope, statements: readonly Statement[], indent: string): string[] {
  return statements.flatMap((statement) => printStatement(scope, statement, indent));
}

function printStatement(scope: BodyScope, statement: Statement, indent: string): string[] {
  const line = (text: string): string[] => wrapLine(indent + text);
  switch (statement.kind) {
    case "comment":
      return blockComment([statement.text], indent);
    case "let": {
      const value = typedExpression(scope, statement.value).text;
      return line(`${declaration(scope, statement)} = ${value};`);
    }
    case "assign":
      return line(printAssignment(scope, statement.name, statement.value));
    case "store": {
      const value = wordExpression(scope, statement.value).text;
      if (scope.isVector) {
        const place = pointerExpression(scope, statement.pointer, statement.offset).text;
        return line(`${helperName(scope, "store")}(${place}, ${value});`);
      }
      return line(`${placeOf(scope, statement.pointer, statement.offset)} = ${value};`);
    }
    case "store-score": {
      const value = unary("(int32_t)", wideExpression(scope, statement.value)).text;
      return line(`${placeOf(scope, statement.pointer, statement.offset)} = ${value};`);
    }
    case "store-class": {
      const value = unary("(uint32_t)", indexExpression(scope, statement.value)).text;
      return line(`${placeOf(scope, statement.pointer, statement.offset)} = ${value};`);
    }
    case "for":
      return [
        ...line(`for (${loopHead(scope, statement)}) {`),
        ...printStatements(scope, statement.body, indent + INDENT),
        `${indent}}`,
      ];
    case "if":
      return printIf(scope, statement, indent);
    case "call":
      return line(printCall(scope, statement));
    default:
      return unreachable(statement);
  }
}

function placeOf(scope: BodyScope, pointer: Pointer, offset: number): string {
  return elementExpression(scope, pointer, offset).text;
}

function declaration(scope: BodyScope, statement: Extract<Statement, { kind: "let" }>): string {
  const name = localName(scope, statement.name);
  const constant = statement.mutable ? "" : "const ";
  const { value } = statement;
  switch (value.type) {
    case "index":
      return `${constant}size_t ${name}`;
    case "word":
      return `${constant}${wordType(scope)} ${name}`;
    case "wide":
      return `${constant}int64_t ${name}`;
    case "pointer": {
      const space = spaceOf(scope, value.value);
      scope.spaces.set(statement.name, space);
      return pointerDeclaration(elementType(space), `${constant}${name}`, isWritten(scope, statement.name));
    }
    default:
      return unreachable(value);
  }
}

const COMPOUND_OPERATORS = new Map([
  ["and", "&="],
  ["or", "|="],
  ["xor", "^="],
  ["add", "+="],
  ["subtract", "-="],
]);

/** `x = x op y` as `x op= y`. */
function printAssignment(scope: BodyScope, name: string, value: Typed): string {
  const target = localName(scope, name);
  if (value.type === "pointer" && value.value.kind === "relative" && value.value.base === name) {
    return `${target} += ${indexExpression(scope, value.value.index).text};`;
  }
  const operator = COMPOUND_OPERATORS.get(value.value.kind);
  const operand = operator === undefined ? null : operandBeside(scope, name, value);
  if (operator !== undefined && operand !== null) return `${target} ${operator} ${operand.text};`;
  return `${target} = ${typedExpression(scope, value).text};`;
}

/** What is combined with the variable `name`, if that is the left operand. */
function operandBeside(scope: BodyScope, name: string, { type, value }: Typed): Expression | null {
  if (!("left" in value) || value.left.kind !== "variable" || value.left.name !== name) return null;
  switch (type) {
    case "index":
      return indexExpression(scope, value.right);
    case "word":
      return wordExpression(scope, value.right);
    case "wide":
      return wideExpression(scope, value.right);
    case "pointer":
      return null;
    default:
      return unreachable(type);
  }
}

function loopHead(scope: BodyScope, loop: Extract<Statement, { kind: "for" }>): string {
  const name = localName(scope, loop.variable);
  const test = binary("<", primary(name), indexExpression(scope, loop.to)).text;
  return `size_t ${name} = ${indexExpression(scope, loop.from).text}; ${test}; ${advance(scope, name, loop.step)}`;
}

function advance(scope: BodyScope, name: string, step: Index): string {
  const text = indexExpression(scope, step).text;
  return text === "1" ? `${name}++` : `${name} += ${text}`;
}

function printIf(scope: BodyScope, statement: Extract<Statement, { kind: "if" }>, indent: string): string[] {
  const [only] = statement.else;
  const isChain = statement.else.length === 1 && only?.kind === "if";
  const head = [
    ...wrapLine(`${indent}if (${conditionExpression(scope, statement.condition).text}) {`),
    ...printStatements(scope, statement.then, indent + INDENT),
  ];
  if (statement.else.length === 0) return [...head, `${indent}}`];
  if (isChain) {
    const [first = "", ...rest] = printIf(scope, only, indent);
    return [...head, `${indent}} else ${first.trimStart()}`, ...rest];
  }
  return [...head, `${indent}} else {`, ...printStatements(scope, statement.else, indent + INDENT), `${indent}}`];
}

function printCall(scope: BodyScope, statement: Extract<Statement, { kind: "call" }>): string {
  const callee = scope.file.names.functions.get(statement.callee);
  const usage = scope.file.usages.get(statement.callee);
  if (callee === undefined || usage === undefined) throw new InternalError(`${statement.callee} is not a function`);
  const operands = [
    ...usage.spaces,
    ...statement.arguments.map((argument) => typedExpression(scope, argument).text),
  ].join(", ");
  if (statement.result === null) return `${callee}(${operands});`;
  return `const ${wordType(scope)} ${localName(scope, statement.result)} = ${callee}(${operands});`;
}
