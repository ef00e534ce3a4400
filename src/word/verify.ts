/**
 * Invariants of a WordProgram that interpreters and backends rely on; a broken one is a bug of the lowering.
 *
 * - Names are identifiers, unique in their function (functions and tables: in the program), and defined before use, in
 *   the same or an enclosing block. Only mutable lets are assigned, with values of their type and space.
 * - Calls go to earlier functions with matching arguments. A vector function calls vector functions only.
 * - Vector functions have words, indices and pointers into `input`, `output` and `scratch`, nothing else.
 * - A program loads from its own input (`input` or `bytes`), `output` and `scratch`, stores words to `output`, `scratch`
 *   and `classes`, scores to `scores`, classes to `classes`, and has those spaces only that its interface names.
 * - Constants, table entries, shift amounts and bit counts lie in the ranges of node.ts.
 * - The entry point is scalar, returns nothing, and takes what `entryParameters` says.
 */
import { InternalError, unreachable } from "../diagnostics.js";
import {
  entryParameters,
  type Parameter,
  type Space,
  type Statement,
  type Table,
  type Typed,
  type WordFunction,
  type WordProgram,
} from "./node.js";
import {
  checkCondition,
  checkIndex,
  checkPointer,
  checkTyped,
  checkWide,
  checkWord,
  type Definition,
  type Scope,
  VECTOR_SPACES,
} from "./verify-value.js";

const IDENTIFIER = /^[A-Za-z][A-Za-z0-9_]*$/;
const LONGEST_NAME = 63;

const ELEMENT_RANGES = {
  u8: [0, 2 ** 8 - 1],
  u16: [0, 2 ** 16 - 1],
  u32: [0, 2 ** 32 - 1],
  i8: [-(2 ** 7), 2 ** 7 - 1],
  i16: [-(2 ** 15), 2 ** 15 - 1],
  i32: [-(2 ** 31), 2 ** 31 - 1],
} as const;

/** @throws InternalError at the first broken invariant */
export function verifyProgram(program: WordProgram): void {
  const complain = (message: string): never => {
    throw new InternalError(`word program ${program.name}: ${message}`);
  };
  if (!IDENTIFIER.test(program.name) || program.name.length > LONGEST_NAME) complain("the name is no identifier");
  if (!Number.isInteger(program.lanes) || program.lanes < 1) complain(`${program.lanes} lanes`);
  const tables = new Map<string, Table>();
  for (const table of program.tables) {
    if (!IDENTIFIER.test(table.name) || tables.has(table.name))
      complain(`table name ${table.name} is taken or malformed`);
    checkTable(table, complain);
    tables.set(table.name, table);
  }
  const spaces = spacesOf(program);
  checkScratchWords(program, spaces);
  const functions = new Map<string, WordFunction>();
  for (const wordFunction of program.functions) {
    const { name } = wordFunction;
    if (!IDENTIFIER.test(name) || functions.has(name)) complain(`function name ${name} is taken or malformed`);
    checkFunction(wordFunction, { program, tables, spaces, functions });
    functions.set(name, wordFunction);
  }
  checkEntry(program, complain);
}

function checkTable(table: Table, complain: (message: string) => never): void {
  const [least, greatest] = ELEMENT_RANGES[table.element];
  if (table.values.length === 0) complain(`table ${table.name} is empty`);
  const outsider = table.values.find((value) => !(Number.isInteger(value) && value >= least && value <= greatest));
  if (outsider !== undefined) complain(`table ${table.name}: ${outsider} is no ${table.element}`);
}

/** Spaces that a program of this interface has. */
function spacesOf(program: WordProgram): ReadonlySet<Space> {
  const contract = program.interface;
  const input: Space = contract.samples === "bits" ? "input" : "bytes";
  const isScored = contract.kind === "samples" && contract.output.kind === "scores";
  return new Set<Space>([input, "scratch", ...(isScored ? (["classes", "scores"] as const) : (["output"] as const))]);
}

function checkScratchWords(program: WordProgram, spaces: ReadonlySet<Space>): void {
  const definitions = new Map(
    entryParameters(program).map((name): [string, Definition] => [name, { type: "index", mutable: false }]),
  );
  const place = `${program.name}, scratchWords`;
  checkIndex({ place, mode: "scalar", tables: new Map(), spaces, definitions }, program.scratchWords);
}

function checkEntry(program: WordProgram, complain: (message: string) => never): void {
  const entry = program.functions.at(-1);
  if (entry === undefined) return complain("there are no functions");
  const parameters = entry.parameters.map((parameter) => `${parameter.type} ${parameter.name}`).join(", ");
  const expected = entryParameters(program)
    .map((name) => `index ${name}`)
    .join(", ");
  if (entry.mode !== "scalar" || entry.result !== null) complain("the entry point must be scalar and return nothing");
  if (parameters !== expected) complain(`the entry point takes (${parameters}), not (${expected})`);
}

interface Surroundings {
  readonly program: WordProgram;
  readonly tables: ReadonlyMap<string, Table>;
  readonly spaces: ReadonlySet<Space>;
  readonly functions: ReadonlyMap<string, WordFunction>;
}

interface BodyScope extends Scope {
  readonly functions: ReadonlyMap<string, WordFunction>;
  /** Every name of the function so far, in whatever block. */
  readonly taken: Set<string>;
}

function checkFunction(wordFunction: WordFunction, around: Surroundings): void {
  const scope: BodyScope = {
    place: `${around.program.name}, function ${wordFunction.name}`,
    mode: wordFunction.mode,
    tables: around.tables,
    spaces: around.spaces,
    functions: around.functions,
    definitions: new Map(),
    taken: new Set(),
  };
  for (const parameter of wordFunction.parameters) defineParameter(scope, parameter);
  checkStatements(scope, wordFunction.body);
  if (wordFunction.result !== null) checkWord(scope, wordFunction.result);
}

function defineParameter(scope: BodyScope, parameter: Parameter): void {
  if (parameter.type === "index") {
    define(scope, parameter.name, { type: "index", mutable: false });
    return;
  }
  if (!scope.spaces.has(parameter.space)) complainAt(scope, `the program has no ${parameter.space}`);
  if (scope.mode === "vector" && !VECTOR_SPACES.has(parameter.space)) {
    complainAt(scope, `${parameter.name} points into ${parameter.space} in a vector function`);
  }
  define(scope, parameter.name, { type: "pointer", space: parameter.space, mutable: false });
}

function complainAt(scope: Scope, message: string): never {
  throw new InternalError(`word program ${scope.place}: ${message}`);
}

function define(scope: BodyScope, name: string, definition: Definition): void {
  if (!IDENTIFIER.test(name)) complainAt(scope, `${name} is no identifier`);
  if (scope.taken.has(name)) complainAt(scope, `${name} is defined twice`);
  scope.taken.add(name);
  scope.definitions.set(name, definition);
}

/** Names of a block end with it. */
function checkBlock(scope: BodyScope, statements: readonly Statement[]): void {
  checkStatements({ ...scope, definitions: new Map(scope.definitions) }, statements);
}

function checkStatements(scope: BodyScope, statements: readonly Statement[]): void {
  for (const statement of statements) checkStatement(scope, statement);
}

function checkStatement(scope: BodyScope, statement: Statement): void {
  switch (statement.kind) {
    case "comment":
      break;
    case "let":
      define(scope, statement.name, { ...checkTyped(scope, statement.value), mutable: statement.mutable });
      break;
    case "assign":
      checkAssign(scope, statement.name, statement.value);
      break;
    case "store": {
      const space = checkPointer(scope, statement.pointer, statement.offset);
      if (space !== "output" && space !== "scratch" && space !== "classes") {
        complainAt(scope, `a word is stored to ${space}`);
      }
      checkWord(scope, statement.value);
      break;
    }
    case "store-score": {
      const space = checkPointer(scope, statement.pointer, statement.offset);
      if (space !== "scores") complainAt(scope, `a score is stored to ${space}`);
      checkWide(scope, statement.value);
      break;
    }
    case "store-class": {
      const space = checkPointer(scope, statement.pointer, statement.offset);
      if (space !== "classes") complainAt(scope, `a class is stored to ${space}`);
      checkIndex(scope, statement.value);
      break;
    }
    case "for":
      checkLoop(scope, statement);
      break;
    case "if":
      checkCondition(scope, statement.condition);
      checkBlock(scope, statement.then);
      checkBlock(scope, statement.else);
      break;
    case "call":
      checkCall(scope, statement);
      break;
    default:
      unreachable(statement);
  }
}

function checkAssign(scope: BodyScope, name: string, value: Typed): void {
  const target = scope.definitions.get(name);
  const found = checkTyped(scope, value);
  if (target === undefined) return complainAt(scope, `${name} is assigned before its let`);
  if (!target.mutable) complainAt(scope, `${name} is not mutable`);
  if (describeType(target) !== describeType(found)) {
    complainAt(scope, `${name} is ${describeType(target)} and gets ${describeType(found)}`);
  }
}

function describeType(definition: Omit<Definition, "mutable">): string {
  return definition.space === undefined ? definition.type : `${definition.type} into ${definition.space}`;
}

function checkLoop(scope: BodyScope, loop: Extract<Statement, { kind: "for" }>): void {
  for (const index of [loop.from, loop.to, loop.step]) checkIndex(scope, index);
  if (loop.step.kind === "constant" && loop.step.value === 0)
    complainAt(scope, `the loop over ${loop.variable} never ends`);
  const inside: BodyScope = { ...scope, definitions: new Map(scope.definitions) };
  define(inside, loop.variable, { type: "index", mutable: false });
  checkStatements(inside, loop.body);
}

function checkCall(scope: BodyScope, call: Extract<Statement, { kind: "call" }>): void {
  const callee = scope.functions.get(call.callee);
  if (callee === undefined) return complainAt(scope, `${call.callee} is not an earlier function`);
  if (scope.mode === "vector" && callee.mode === "scalar") complainAt(scope, `a vector function calls ${call.callee}`);
  const expected = callee.parameters.map(describeType).join(", ");
  const found = call.arguments.map((argument) => describeType(checkTyped(scope, argument))).join(", ");
  if (found !== expected) complainAt(scope, `${call.callee} takes (${expected}), not (${found})`);
  if (call.result === null) return;
  if (callee.result === null || callee.mode !== scope.mode)
    complainAt(scope, `${call.callee} returns no word for here`);
  define(scope, call.result, { type: "word", mutable: false });
}
