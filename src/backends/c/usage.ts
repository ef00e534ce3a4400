/** What the functions of a program use, so that the C neither warns of unused names nor lacks a `const`. */
import { unreachable } from "../../diagnostics.js";
import type { Pointer, Space, Statement, WordFunction, WordProgram } from "../../word/node.js";
import { visitFunction } from "../../word/visit.js";

const SPACES: readonly Space[] = ["input", "bytes", "output", "classes", "scores", "scratch"];

export interface FunctionUsage {
  /** Spaces whose beginning the function must know, in a fixed order: its first C parameters. */
  readonly spaces: readonly Space[];
  /** Pointers that are stored through, here or in a callee: names of parameters and locals, keys of spaces. */
  readonly written: ReadonlySet<string>;
  /** Every name that is read. */
  readonly read: ReadonlySet<string>;
}

/** Stands for a space among names; no name of a program looks like it. */
export function spaceKey(space: Space): string {
  return `@${space}`;
}

/** Functions that the entry point needs, without values that nothing reads; in calling order, entry point last. */
export function usedFunctions(program: WordProgram): WordFunction[] {
  const used: WordFunction[] = [];
  const called = new Set([program.functions.at(-1)?.name]);
  for (const original of program.functions.toReversed()) {
    if (!called.has(original.name)) continue;
    const wordFunction = dropUnread(original);
    for (const callee of calleesOf(wordFunction)) called.add(callee);
    used.unshift(wordFunction);
  }
  return used;
}

function calleesOf(wordFunction: WordFunction): string[] {
  const callees: string[] = [];
  visitFunction(wordFunction, {
    statement: (statement) => {
      if (statement.kind === "call") callees.push(statement.callee);
    },
  });
  return callees;
}

/** Dropping one value may leave another unread, so this is repeated until nothing changes. */
function dropUnread(wordFunction: WordFunction): WordFunction {
  const read = namesRead(wordFunction);
  let dropped = false;
  const keep = (statements: readonly Statement[]): Statement[] =>
    statements.flatMap((statement): Statement[] => {
      switch (statement.kind) {
        case "let":
        case "assign":
          if (read.has(statement.name)) return [statement];
          dropped = true;
          return [];
        case "call":
          return [statement.result === null || read.has(statement.result) ? statement : { ...statement, result: null }];
        case "for": {
          const body = keep(statement.body);
          if (body.some(isAction)) return [{ ...statement, body }];
          dropped = true;
          return [];
        }
        case "if": {
          const whenTrue = keep(statement.then);
          const whenFalse = keep(statement.else);
          if ([...whenTrue, ...whenFalse].some(isAction)) return [{ ...statement, then: whenTrue, else: whenFalse }];
          dropped = true;
          return [];
        }
        case "comment":
        case "store":
        case "store-class":
        case "store-score":
          return [statement];
        default:
          return unreachable(statement);
      }
    });
  const kept = { ...wordFunction, body: keep(wordFunction.body) };
  return dropped ? dropUnread(kept) : kept;
}

function isAction(statement: Statement): boolean {
  return statement.kind !== "comment";
}

function namesRead(wordFunction: WordFunction): Set<string> {
  const read = new Set<string>();
  visitFunction(wordFunction, {
    index: (index) => {
      if (index.kind === "variable") read.add(index.name);
    },
    word: (word) => {
      if (word.kind === "variable") read.add(word.name);
    },
    wide: (wide) => {
      if (wide.kind === "variable") read.add(wide.name);
    },
    pointer: (pointer) => {
      if (pointer.kind === "relative") read.add(pointer.base);
    },
  });
  return read;
}

/** Usage of each function, by name; `functions` are in calling order. */
export function usageOf(functions: readonly WordFunction[]): ReadonlyMap<string, FunctionUsage> {
  const usages = new Map<string, FunctionUsage>();
  const parameters = new Map<string, readonly string[]>();
  for (const wordFunction of functions) {
    usages.set(wordFunction.name, functionUsage(wordFunction, usages, parameters));
    parameters.set(
      wordFunction.name,
      wordFunction.parameters.map((parameter) => parameter.name),
    );
  }
  return usages;
}

function functionUsage(
  wordFunction: WordFunction,
  usages: ReadonlyMap<string, FunctionUsage>,
  parameters: ReadonlyMap<string, readonly string[]>,
): FunctionUsage {
  const spaces = new Set<Space>();
  const written = new Set<string>();
  /** From each pointer to those it is computed from: writing through one is writing through the others. */
  const origins: { readonly pointer: string; readonly origin: string }[] = [];
  visitFunction(wordFunction, {
    pointer: (pointer) => {
      if (pointer.kind === "absolute") spaces.add(pointer.space);
    },
    statement: (statement) => {
      switch (statement.kind) {
        case "store":
        case "store-score":
        case "store-class":
          written.add(rootOf(statement.pointer));
          break;
        case "let":
        case "assign":
          if (statement.value.type === "pointer") {
            origins.push({ pointer: statement.name, origin: rootOf(statement.value.value) });
          }
          break;
        case "call": {
          const callee = usages.get(statement.callee);
          for (const space of callee?.spaces ?? []) {
            spaces.add(space);
            if (callee?.written.has(spaceKey(space)) === true) written.add(spaceKey(space));
          }
          for (const [position, argument] of statement.arguments.entries()) {
            const name = parameters.get(statement.callee)?.[position] ?? "";
            if (argument.type === "pointer" && callee?.written.has(name) === true) written.add(rootOf(argument.value));
          }
          break;
        }
        case "comment":
        case "for":
        case "if":
          break;
        default:
          unreachable(statement);
      }
    },
  });
  for (let size = -1; size !== written.size; ) {
    size = written.size;
    for (const { pointer, origin } of origins) if (written.has(pointer)) written.add(origin);
  }
  return { spaces: SPACES.filter((space) => spaces.has(space)), written, read: namesRead(wordFunction) };
}

/** Name of the pointer or space that a pointer starts from. */
function rootOf(pointer: Pointer): string {
  return pointer.kind === "absolute" ? spaceKey(pointer.space) : pointer.base;
}
