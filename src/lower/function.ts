/** Functions of the program and the calls of them. */
import { absolute, typedIndex, typedPointer } from "../word/build.js";
import type { Index, Parameter, Space, Statement, Typed, Wide, Word, WordFunction } from "../word/node.js";
import { visitStatements } from "../word/visit.js";

/** A parameter that a function may use, with what the entry point passes for it. */
export interface Candidate {
  readonly parameter: Parameter;
  readonly argument: Typed;
}

export interface Callable {
  readonly function: WordFunction;
  readonly call: Statement;
}

/** A pointer to place `at` of a space. */
export function pointerCandidate(name: string, space: Space, at: Index): Candidate {
  return { parameter: { name, type: "pointer", space }, argument: typedPointer(absolute(space, at)) };
}

export function indexCandidate(name: string, value: Index | number): Candidate {
  return { parameter: { name, type: "index" }, argument: typedIndex(value) };
}

/** A function without result that takes those of the candidates that its body uses, and the call of it. */
export function makeCallable(
  description: Pick<WordFunction, "name" | "comment" | "mode" | "body">,
  candidates: readonly Candidate[],
): Callable {
  const used = namesIn(description.body);
  const taken = candidates.filter(({ parameter }) => used.has(parameter.name));
  return {
    function: { ...description, parameters: taken.map(({ parameter }) => parameter), result: null },
    call: {
      kind: "call",
      callee: description.name,
      arguments: taken.map(({ argument }) => argument),
      result: null,
    },
  };
}

/** Names of the variables and pointers that statements read. */
export function namesIn(statements: readonly Statement[]): ReadonlySet<string> {
  const names = new Set<string>();
  const addVariable = (part: Index | Word | Wide): void => {
    if (part.kind === "variable") names.add(part.name);
  };
  visitStatements(statements, {
    index: addVariable,
    word: addVariable,
    wide: addVariable,
    pointer: (pointer) => {
      if (pointer.kind === "relative") names.add(pointer.base);
    },
  });
  return names;
}
