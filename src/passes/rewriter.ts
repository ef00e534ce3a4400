/** Makes a module from another one, value by value. */
import { InternalError } from "../diagnostics.js";
import { MODULE_LIMITS } from "../ir/limits.js";
import { type MorphModule, type MorphNode, type MorphValue, operandsOf, type ValueId } from "../ir/node.js";

/** Longest part of a name that a new one begins with. */
const LONGEST_STEM = MODULE_LIMITS.nameLength - 40;

/** The values of the new module, and which of them stands for each value of the old one. */
export class Rewriter {
  readonly #old: MorphModule;
  readonly #values: MorphValue[] = [];
  readonly #standIns: ValueId[] = [];
  /** Names of old values, for when one is made up. */
  #reserved: ReadonlySet<string> | null = null;
  readonly #taken = new Set<string>();
  readonly #suffixes = new Map<string, number>();

  constructor(old: MorphModule) {
    this.#old = old;
  }

  /**
   * Adds a node, named for the old value that it is made for and with its origin: by its very name, or by the name with `part` for
   * one of several.
   */
  add(node: MorphNode, { name, origin }: MorphValue, part: string | null = null): ValueId {
    this.#values.push({ name: part === null ? this.#claim(name) : this.#unique(`${name}_${part}`), node, origin });
    return this.#values.length - 1;
  }

  /** What stands for an old value whose turn has come. */
  standIn(old: ValueId): ValueId {
    const id = this.#standIns[old];
    if (id === undefined) throw new InternalError(`value ${old} was used before it was rewritten`);
    return id;
  }

  /** A node of the new module. */
  node(id: ValueId): MorphNode {
    const value = this.#values[id];
    if (value === undefined) throw new InternalError(`no value ${id}`);
    return value.node;
  }

  /** An old node on what stands for its operands; the node itself where these are the same numbers. */
  renumbered(node: MorphNode): MorphNode {
    return mapOperands(node, (id) => this.standIn(id));
  }

  decide(old: ValueId, standIn: ValueId): void {
    this.#standIns[old] = standIn;
  }

  /** The new module without what nothing needs; the old one where all is as it was. */
  finish(): MorphModule {
    const outputs = this.#old.outputs.map((id) => this.standIn(id));
    const made = compact({ ...this.#old, values: this.#values, outputs });
    return isSame(made, this.#old) ? this.#old : made;
  }

  #claim(name: string): string {
    if (this.#taken.has(name)) return this.#unique(name);
    this.#taken.add(name);
    return name;
  }

  #unique(wanted: string): string {
    const stem = wanted.slice(0, LONGEST_STEM);
    const reserved = this.#reserved ?? new Set(this.#old.values.map((value) => value.name));
    this.#reserved = reserved;
    let suffix = this.#suffixes.get(stem) ?? 0;
    let name = suffix === 0 ? stem : `${stem}_${suffix}`;
    while (this.#taken.has(name) || reserved.has(name)) name = `${stem}_${++suffix}`;
    this.#suffixes.set(stem, suffix + 1);
    this.#taken.add(name);
    return name;
  }
}

/** Rewrites every value in turn: `rewrite` adds what it needs and returns what stands for the value. */
export function rewriteModule(
  module: MorphModule,
  rewrite: (value: MorphValue, id: ValueId, rewriter: Rewriter) => ValueId,
): MorphModule {
  const rewriter = new Rewriter(module);
  for (const [id, value] of module.values.entries()) rewriter.decide(id, rewrite(value, id, rewriter));
  return rewriter.finish();
}

/** Values that nothing needs left out, the others in their order. */
export function compact(module: MorphModule): MorphModule {
  const needed = module.values.map(() => false);
  for (const output of module.outputs) needed[output] = true;
  let count = 0;
  for (let id = module.values.length - 1; id >= 0; id--) {
    const node = module.values[id]?.node;
    if (node === undefined || needed[id] !== true) continue;
    count++;
    for (const operand of operandsOf(node)) needed[operand] = true;
  }
  if (count === module.values.length) return module;
  let place = 0;
  const places = needed.map((isNeeded) => (isNeeded ? place++ : -1));
  const placeOf = (id: ValueId): ValueId => places[id] ?? -1;
  const values = module.values.flatMap((value, id) =>
    needed[id] === true ? [withNode(value, mapOperands(value.node, placeOf))] : [],
  );
  return { ...module, values, outputs: module.outputs.map(placeOf) };
}

function withNode(value: MorphValue, node: MorphNode): MorphValue {
  return node === value.node ? value : { ...value, node };
}

function isSame(a: MorphModule, b: MorphModule): boolean {
  return (
    a.values.length === b.values.length &&
    a.values.every((value, id) => {
      const other = b.values[id];
      return value.node === other?.node && value.name === other.name && value.origin === other.origin;
    }) &&
    a.outputs.every((id, index) => id === b.outputs[index])
  );
}

/** The node with every operand replaced; the node itself where none changes. */
export function mapOperands(node: MorphNode, map: (id: ValueId) => ValueId): MorphNode {
  switch (node.kind) {
    case "input":
    case "level-set":
      return node;
    case "constant": {
      const like = map(node.like);
      return like === node.like ? node : { ...node, like };
    }
    case "erosion":
    case "dilation":
    case "complement":
    case "subsample":
    case "element":
    case "readout": {
      const input = map(node.input);
      return input === node.input ? node : { ...node, input };
    }
    case "union":
    case "intersection":
    case "flatten": {
      const inputs = node.inputs.map(map);
      return inputs.every((id, index) => id === node.inputs[index]) ? node : { ...node, inputs };
    }
    case "threshold": {
      const terms = node.terms.map((term) => {
        const input = map(term.input);
        return input === term.input ? term : { ...term, input };
      });
      return terms.every((term, index) => term === node.terms[index]) ? node : { ...node, terms };
    }
  }
}
