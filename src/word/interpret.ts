/**
 * Reference semantics of WordIR: slow and obvious. Every access is checked against the caller's buffers, so a load one
 * word too far is found here, where a compiled artifact might read its neighbour unnoticed.
 *
 * A program is turned into closures once and may then run many times.
 */
import { InternalError, unreachable } from "../diagnostics.js";
import {
  type Cell,
  checkIndex,
  compileCondition,
  compileIndex,
  compilePointer,
  compileWide,
  compileWord,
  complain,
  findCell,
  type Machine,
  type Scope,
  type WordMemory,
  writeElement,
} from "./interpret-value.js";
import {
  entryParameters,
  type Pointer,
  type Statement,
  type Typed,
  type WordFunction,
  type WordProgram,
} from "./node.js";

export type { WordMemory } from "./interpret-value.js";

/** Runs the entry point on `memory` with its arguments in the order of `entryParameters`. */
export type Interpreter = (memory: WordMemory, entryArguments: readonly number[]) => void;

type Action = () => void;

interface CompiledFunction {
  readonly mode: WordFunction["mode"];
  readonly parameters: readonly Cell[];
  readonly body: Action;
  /** Written by `body`; null if the function returns nothing. */
  readonly result: Uint32Array | null;
}

/**
 * Closures of a program, for vector functions of `lanes` words.
 * @param lanes any number, as long as `scratchWords` leaves room for what the lanes touch
 */
export function compileInterpreter(program: WordProgram, lanes = program.lanes): Interpreter {
  const machine: Machine = { memory: {} };
  const tables = new Map(program.tables.map((table) => [table.name, table]));
  const functions = new Map<string, CompiledFunction>();
  let entry: CompiledFunction | undefined;
  for (const wordFunction of program.functions) {
    const scope: Scope = {
      functionName: wordFunction.name,
      lanes: wordFunction.mode === "vector" ? lanes : 1,
      vectorLanes: lanes,
      machine,
      tables,
      cells: new Map(),
    };
    entry = compileFunction(scope, wordFunction, functions);
    functions.set(wordFunction.name, entry);
  }
  if (entry === undefined) throw new InternalError("a word program without functions");
  const { body, parameters } = entry;
  return (memory, entryArguments) => {
    machine.memory = memory;
    if (entryArguments.length !== parameters.length) throw new InternalError("wrong number of entry arguments");
    for (const [position, cell] of parameters.entries()) {
      if (cell.kind !== "index") throw new InternalError("the entry point takes indices only");
      cell.value = entryArguments[position] ?? 0;
    }
    body();
  };
}

/**
 * Runs a program once. @throws InternalError when it breaks a promise of node.ts: an access outside a buffer, an index
 * outside 0 … 2^32 − 1, a wide beyond 2^53
 */
export function interpretProgram(
  program: WordProgram,
  memory: WordMemory,
  entryArguments: readonly number[],
  options: { readonly lanes?: number } = {},
): void {
  compileInterpreter(program, options.lanes)(memory, entryArguments);
}

/** Words of scratch that a call needs; `lanes` in the formula stands for the program's own. */
export function evaluateScratchWords(
  program: Pick<WordProgram, "interface" | "lanes" | "scratchWords">,
  entryArguments: readonly number[],
): number {
  const cells = new Map<string, Cell>(
    entryParameters(program).map((name, position) => [name, { kind: "index", value: entryArguments[position] ?? 0 }]),
  );
  const scope: Scope = {
    functionName: "scratchWords",
    lanes: 1,
    vectorLanes: program.lanes,
    machine: { memory: {} },
    tables: new Map(),
    cells,
  };
  return compileIndex(scope, program.scratchWords)();
}

function compileFunction(
  scope: Scope,
  wordFunction: WordFunction,
  functions: ReadonlyMap<string, CompiledFunction>,
): CompiledFunction {
  const parameters = wordFunction.parameters.map((parameter): Cell => {
    const cell: Cell =
      parameter.type === "index"
        ? { kind: "index", value: 0 }
        : { kind: "pointer", space: parameter.space, position: 0 };
    scope.cells.set(parameter.name, cell);
    return cell;
  });
  const body = compileStatements(scope, wordFunction.body, functions);
  const { mode } = wordFunction;
  if (wordFunction.result === null) return { mode, parameters, body, result: null };
  const result = new Uint32Array(scope.lanes);
  const value = compileWord(scope, wordFunction.result);
  return {
    mode,
    parameters,
    result,
    body: () => {
      body();
      for (let lane = 0; lane < result.length; lane++) result[lane] = value(lane);
    },
  };
}

function compileStatements(
  scope: Scope,
  statements: readonly Statement[],
  functions: ReadonlyMap<string, CompiledFunction>,
): Action {
  const actions = statements.flatMap((statement) => compileStatement(scope, statement, functions) ?? []);
  return () => {
    for (const action of actions) action();
  };
}

function compileStatement(
  scope: Scope,
  statement: Statement,
  functions: ReadonlyMap<string, CompiledFunction>,
): Action | null {
  switch (statement.kind) {
    case "comment":
      return null;
    case "let": {
      // The value is compiled before its name exists.
      const assign = compileAssignment(scope, statement.value);
      return assign(defineCell(scope, statement.name, statement.value));
    }
    case "assign":
      return compileAssignment(scope, statement.value)(findCell(scope, statement.name, statement.value.type));
    case "store":
      return compileStore(scope, statement);
    case "store-score": {
      const value = compileWide(scope, statement.value);
      return compileNumberStore(scope, statement.pointer, statement.offset, () => {
        const score = value();
        return score === (score | 0) ? score : complain(scope, `score ${score} does not fit 32 bits`);
      });
    }
    case "store-class":
      return compileNumberStore(scope, statement.pointer, statement.offset, compileIndex(scope, statement.value));
    case "for":
      return compileLoop(scope, statement, functions);
    case "if": {
      const condition = compileCondition(scope, statement.condition);
      const whenTrue = compileStatements(scope, statement.then, functions);
      const whenFalse = compileStatements(scope, statement.else, functions);
      return () => (condition() ? whenTrue() : whenFalse());
    }
    case "call":
      return compileCall(scope, statement, functions);
    default:
      return unreachable(statement);
  }
}

function defineCell(scope: Scope, name: string, value: Typed): Cell {
  const cell = createCell(scope, value);
  scope.cells.set(name, cell);
  return cell;
}

function createCell(scope: Scope, value: Typed): Cell {
  switch (value.type) {
    case "index":
    case "wide":
      return { kind: value.type, value: 0 };
    case "word":
      return { kind: "word", lanes: new Uint32Array(scope.lanes) };
    case "pointer":
      return { kind: "pointer", space: compilePointer(scope, value.value).space, position: 0 };
    default:
      return unreachable(value);
  }
}

/** Evaluates `value` and leaves it in a cell that is given later. */
function compileAssignment(scope: Scope, value: Typed): (cell: Cell) => Action {
  switch (value.type) {
    case "index":
    case "wide": {
      const compute = value.type === "index" ? compileIndex(scope, value.value) : compileWide(scope, value.value);
      return (cell) => {
        if (cell.kind !== value.type) return complain(scope, `a ${value.type} for a ${cell.kind}`);
        return () => {
          cell.value = compute();
        };
      };
    }
    case "word": {
      const compute = compileWord(scope, value.value);
      return (cell) => {
        if (cell.kind !== "word") return complain(scope, `a word for a ${cell.kind}`);
        const { lanes } = cell;
        return () => {
          for (let lane = 0; lane < lanes.length; lane++) lanes[lane] = compute(lane);
        };
      };
    }
    case "pointer": {
      const { space, position } = compilePointer(scope, value.value);
      return (cell) => {
        if (cell.kind !== "pointer" || cell.space !== space)
          return complain(scope, `a pointer into ${space} does not fit`);
        return () => {
          cell.position = checkPointer(scope, space, position());
        };
      };
    }
    default:
      return unreachable(value);
  }
}

/** C allows a pointer to a buffer's elements and to its end, no further, even if it is never followed. */
function checkPointer(scope: Scope, space: keyof WordMemory, position: number): number {
  const length = scope.machine.memory[space]?.length ?? 0;
  if (!(position >= 0 && position <= length)) complain(scope, `pointer to ${space}[${position}] of ${length}`);
  return position;
}

/** All lanes are computed before the first is stored: a vector operation reads before it writes. */
function compileStore(scope: Scope, statement: Extract<Statement, { kind: "store" }>): Action {
  const { space, position } = compilePointer(scope, statement.pointer);
  const value = compileWord(scope, statement.value);
  const values = new Uint32Array(scope.lanes);
  return () => {
    for (let lane = 0; lane < values.length; lane++) values[lane] = value(lane);
    const first = position() + statement.offset;
    for (let lane = 0; lane < values.length; lane++) writeElement(scope, space, first + lane, values[lane] ?? 0);
  };
}

function compileNumberStore(scope: Scope, pointer: Pointer, offset: number, value: () => number): Action {
  const { space, position } = compilePointer(scope, pointer);
  return () => {
    writeElement(scope, space, position() + offset, value());
  };
}

function compileLoop(
  scope: Scope,
  loop: Extract<Statement, { kind: "for" }>,
  functions: ReadonlyMap<string, CompiledFunction>,
): Action {
  const from = compileIndex(scope, loop.from);
  const to = compileIndex(scope, loop.to);
  const step = compileIndex(scope, loop.step);
  const cell: Cell = { kind: "index", value: 0 };
  scope.cells.set(loop.variable, cell);
  const body = compileStatements(scope, loop.body, functions);
  return () => {
    for (cell.value = from(); cell.value < to(); cell.value = checkIndex(scope, cell.value + step())) {
      if (step() === 0) complain(scope, `the loop over ${loop.variable} never ends`);
      body();
    }
  };
}

function compileCall(
  scope: Scope,
  call: Extract<Statement, { kind: "call" }>,
  functions: ReadonlyMap<string, CompiledFunction>,
): Action {
  const callee = functions.get(call.callee);
  if (callee === undefined) complain(scope, `${call.callee} is not an earlier function`);
  if (callee.parameters.length !== call.arguments.length) complain(scope, `wrong arguments of ${call.callee}`);
  const passArguments = callee.parameters.map((cell, position) => {
    const argument = call.arguments[position];
    if (argument === undefined) complain(scope, `wrong arguments of ${call.callee}`);
    return compileAssignment(scope, argument)(cell);
  });
  const { body, result } = callee;
  const invoke = (): void => {
    for (const pass of passArguments) pass();
    body();
  };
  if (call.result === null) return invoke;
  if (result === null || result.length !== scope.lanes)
    complain(scope, `${call.callee} returns no word for ${call.result}`);
  const lanes = new Uint32Array(scope.lanes);
  scope.cells.set(call.result, { kind: "word", lanes });
  return () => {
    invoke();
    lanes.set(result);
  };
}
