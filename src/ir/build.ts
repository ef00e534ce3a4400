import type { ModuleInput, MorphModule, MorphNode, MorphValue, NodeOrigin, ValueId } from "./node.js";
import { CodeBudget } from "./size.js";

/** Appends nodes one by one and names them; `finish` returns the module, which `verify` should then accept. */
export class ModuleBuilder {
  readonly #values: MorphValue[] = [];
  readonly #names = new Set<string>();
  /** The next number to try for a name. */
  readonly #suffixes = new Map<string, number>();
  readonly #budget = new CodeBudget();
  readonly #name: string;
  readonly #input: ModuleInput;

  constructor(name: string, input: ModuleInput) {
    this.#name = name;
    this.#input = input;
  }

  /**
   * Adds a node and returns its value; `name` is made unique by a number.
   * @throws DiagnosticError BMN0302 when the module grows too large to compile
   */
  add(node: MorphNode, name: string, origin: NodeOrigin | null = null): ValueId {
    this.#budget.spend({ node, origin });
    this.#values.push({ name: this.#unique(name), node, origin });
    return this.#values.length - 1;
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
