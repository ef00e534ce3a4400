import { InternalError } from "../diagnostics.js";
import type { Grade, ModuleInput, MorphModule, MorphNode, MorphValue, NodeOrigin, ValueId } from "./node.js";
import { CodeBudget, OperandBudget } from "./size.js";

/** Appends nodes one by one and names them; `finish` returns the module, which `verify` should then accept. */
export class ModuleBuilder {
  readonly #values: MorphValue[] = [];
  readonly #names = new Set<string>();
  /** The next number to try for a name. */
  readonly #suffixes = new Map<string, number>();
  readonly #budgets: readonly { spend(value: Pick<MorphValue, "node" | "origin">): void }[];
  readonly #name: string;
  readonly #input: ModuleInput;

  /** @param forCode the module is to be compiled: one that is too large for that is refused as soon as it is */
  constructor(name: string, input: ModuleInput, forCode = false) {
    this.#budgets = forCode ? [new OperandBudget(), new CodeBudget()] : [new OperandBudget()];
    this.#name = name;
    this.#input = input;
  }

  /**
   * Adds a node and returns its value; `name` is made unique by a number.
   * @throws DiagnosticError BMN0302 when the module grows too large
   */
  add(node: MorphNode, name: string, origin: NodeOrigin | null = null): ValueId {
    for (const budget of this.#budgets) budget.spend({ node, origin });
    this.#values.push({ name: this.#unique(name), node, origin });
    return this.#values.length - 1;
  }

  /** All values so far. */
  get values(): readonly MorphValue[] {
    return this.#values;
  }

  /** Gives the values from `first` to `last` another grade. */
  regrade(first: ValueId, last: ValueId, grade: Grade): void {
    for (let id = first; id <= last; id++) {
      const value = this.#values[id];
      if (value !== undefined && value.origin !== null)
        this.#values[id] = { ...value, origin: { ...value.origin, grade } };
    }
  }

  nameOf(value: ValueId): string {
    const found = this.#values[value];
    if (found === undefined) throw new InternalError(`no value ${value}`);
    return found.name;
  }

  finish(outputs: readonly ValueId[]): MorphModule {
    return { name: this.#name, input: this.#input, values: this.#values, outputs };
  }

  #unique(name: string): string {
    let suffix = this.#suffixes.get(name) ?? 0;
    let candidate = suffix === 0 ? name : `${name}_${suffix}`;
    while (this.#names.has(candidate)) candidate = `${name}_${++suffix}`;
    this.#suffixes.set(name, suffix + 1);
    this.#names.add(candidate);
    return candidate;
  }
}
