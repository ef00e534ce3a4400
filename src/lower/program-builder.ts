/** Collects functions, tables and the statements of the entry point. */
import type { Parameter, Statement, Table, WordFunction } from "../word/node.js";
import type { Callable } from "./function.js";

export class ProgramBuilder {
  readonly #functions = new Map<string, { readonly text: string; readonly function: WordFunction }>();
  readonly #tables: Table[] = [];

  /** Adds a function, or finds the equal one added before; returns the statement that calls it. */
  callOf(callable: Callable): Statement {
    const text = JSON.stringify(callable.function);
    const base = callable.function.name;
    let name = base;
    for (let suffix = 2; ; suffix++) {
      const known = this.#functions.get(name);
      if (known === undefined) this.#functions.set(name, { text, function: { ...callable.function, name } });
      if (known === undefined || known.text === text) break;
      name = `${base}_${suffix}`;
    }
    return callable.call.kind === "call" ? { ...callable.call, callee: name } : callable.call;
  }

  addTables(tables: readonly Table[]): void {
    for (const table of tables) this.#tables.push(table);
  }

  get tables(): readonly Table[] {
    return this.#tables;
  }

  /** All functions in calling order, `first` before the ones added, the entry point last. */
  functions(
    first: readonly WordFunction[],
    parameters: readonly Parameter[],
    body: readonly Statement[],
  ): WordFunction[] {
    const entry: WordFunction = {
      name: "run",
      comment: ["The whole network."],
      mode: "scalar",
      parameters,
      body,
      result: null,
    };
    return [...first, ...[...this.#functions.values()].map((each) => each.function), entry];
  }
}
