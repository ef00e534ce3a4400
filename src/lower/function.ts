/** Functions of the program and the calls of them. */
import type { Parameter, Statement, Typed, WordFunction } from "../word/node.js";

/** A parameter that a function may use, with what the entry point passes for it. */
export interface Candidate {
  readonly parameter: Parameter;
  readonly argument: Typed;
}

export interface Callable {
  readonly function: WordFunction;
  readonly call: Statement;
}

/** A function without result that takes those of the candidates that its body uses, and the call of it. */
export function makeCallable(
  description: Pick<WordFunction, "name" | "comment" | "mode" | "body">,
  candidates: readonly Candidate[],
): Callable {
  const used = new Set<string>();
  collectNames(description.body, used);
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

/** Names of variables and of base pointers anywhere below `node`. */
function collectNames(node: unknown, names: Set<string>): void {
  if (Array.isArray(node)) {
    for (const item of node) collectNames(item, names);
  } else if (typeof node === "object" && node !== null) {
    if ("kind" in node && node.kind === "variable" && "name" in node) names.add(String(node.name));
    if ("kind" in node && node.kind === "relative" && "base" in node) names.add(String(node.base));
    for (const value of Object.values(node)) collectNames(value, names);
  }
}
