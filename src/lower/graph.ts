/**
 * Expressions on packed words as a graph in which equal expressions are one node, so that loads, shifts and partial
 * results are shared between the rows of a structuring element, between neurons and between channels.
 */
import { InternalError } from "../diagnostics.js";
import { constant, load, relative, typedWord } from "../word/build.js";
import type { Statement, Word } from "../word/node.js";

/** Index of a node of a {@link WordGraph}. */
export type NodeId = number;

type BinaryOperator = "and" | "or" | "xor" | "and-not";

type GraphNode =
  | { readonly kind: "constant"; readonly ones: boolean }
  | { readonly kind: "load"; readonly pointer: string; readonly offset: number }
  | { readonly kind: BinaryOperator; readonly left: NodeId; readonly right: NodeId }
  | { readonly kind: "not"; readonly value: NodeId }
  | { readonly kind: "shift-left" | "shift-right"; readonly value: NodeId; readonly amount: number };

/** Operators printed in one expression before it gets a name of its own. */
const LONGEST_EXPRESSION = 6;

export class WordGraph {
  readonly #nodes: GraphNode[] = [];
  readonly #known = new Map<string, NodeId>();

  readonly zeros: NodeId = this.#intern({ kind: "constant", ones: false });
  readonly ones: NodeId = this.#intern({ kind: "constant", ones: true });

  /** The word at `pointer + offset`. */
  load(pointer: string, offset: number): NodeId {
    return this.#intern({ kind: "load", pointer, offset });
  }

  and(left: NodeId, right: NodeId): NodeId {
    if (left === this.zeros || right === this.zeros) return this.zeros;
    if (left === this.ones || left === right) return right;
    if (right === this.ones) return left;
    return this.#complemented(left, right) ?? this.#ordered("and", left, right);
  }

  or(left: NodeId, right: NodeId): NodeId {
    if (left === this.ones || right === this.ones) return this.ones;
    if (left === this.zeros || left === right) return right;
    if (right === this.zeros) return left;
    return this.#ordered("or", left, right);
  }

  xor(left: NodeId, right: NodeId): NodeId {
    if (left === right) return this.zeros;
    if (left === this.zeros) return right;
    if (right === this.zeros) return left;
    if (left === this.ones) return this.not(right);
    if (right === this.ones) return this.not(left);
    return this.#ordered("xor", left, right);
  }

  not(value: NodeId): NodeId {
    if (value === this.zeros) return this.ones;
    if (value === this.ones) return this.zeros;
    const node = this.#node(value);
    return node.kind === "not" ? node.value : this.#intern({ kind: "not", value });
  }

  shiftLeft(value: NodeId, amount: number): NodeId {
    return amount === 0 ? value : this.#intern({ kind: "shift-left", value, amount });
  }

  shiftRight(value: NodeId, amount: number): NodeId {
    return amount === 0 ? value : this.#intern({ kind: "shift-right", value, amount });
  }

  /** Operators that computing `roots` takes, loads and constants not counted. */
  cost(roots: Iterable<NodeId>): number {
    let operators = 0;
    for (const id of this.#reachable(roots)) {
      const { kind } = this.#node(id);
      if (kind !== "load" && kind !== "constant") operators++;
    }
    return operators;
  }

  /** Words that computing `roots` loads. */
  loadCount(roots: Iterable<NodeId>): number {
    return this.#reachable(roots).filter((id) => this.#node(id).kind === "load").length;
  }

  /** Smallest and largest offset that computing `roots` loads from each pointer. */
  loads(roots: readonly NodeId[]): Map<string, { readonly least: number; readonly greatest: number }> {
    const ranges = new Map<string, { readonly least: number; readonly greatest: number }>();
    for (const id of this.#reachable(roots)) {
      const node = this.#node(id);
      if (node.kind !== "load") continue;
      const { least, greatest } = ranges.get(node.pointer) ?? { least: node.offset, greatest: node.offset };
      ranges.set(node.pointer, { least: Math.min(least, node.offset), greatest: Math.max(greatest, node.offset) });
    }
    return ranges;
  }

  /**
   * Statements that compute `roots`, and the word of each root. Names begin with `prefix`. A pointer in the statements
   * points `bias` words before the one that the graph's offsets count from, so that no offset is negative.
   */
  emit(
    roots: readonly NodeId[],
    prefix: string,
    bias: (pointer: string) => number,
  ): { readonly statements: Statement[]; readonly words: Word[] } {
    const reachable = this.#reachable(roots);
    const uses = new Map<NodeId, number>();
    const use = (id: NodeId): void => void uses.set(id, (uses.get(id) ?? 0) + 1);
    for (const id of reachable) for (const operand of this.#operands(id)) use(operand);
    for (const root of roots) use(root);

    const statements: Statement[] = [];
    const words = new Map<NodeId, { readonly word: Word; readonly size: number }>();
    // Operands have smaller numbers than their users, so ascending order is an order of evaluation.
    for (const id of reachable) {
      const { word, size } = this.#word(id, words, bias);
      const named = this.#node(id).kind !== "constant" && ((uses.get(id) ?? 0) > 1 || size > LONGEST_EXPRESSION);
      if (!named) {
        words.set(id, { word, size });
        continue;
      }
      const name = `${prefix}${statements.length}`;
      statements.push({ kind: "let", name, mutable: false, value: typedWord(word) });
      words.set(id, { word: { kind: "variable", name }, size: 0 });
    }
    return { statements, words: roots.map((root) => this.#emitted(root, words).word) };
  }

  #emitted<T>(id: NodeId, words: ReadonlyMap<NodeId, T>): T {
    const word = words.get(id);
    if (word === undefined) throw new InternalError(`node ${id} was used before it was computed`);
    return word;
  }

  #word(
    id: NodeId,
    words: ReadonlyMap<NodeId, { readonly word: Word; readonly size: number }>,
    bias: (pointer: string) => number,
  ): { readonly word: Word; readonly size: number } {
    const node = this.#node(id);
    switch (node.kind) {
      case "constant":
        return { word: { kind: "constant", value: node.ones ? 0xffffffff : 0 }, size: 0 };
      case "load":
        return { word: load(relative(node.pointer), node.offset + bias(node.pointer)), size: 1 };
      case "not": {
        const value = this.#emitted(node.value, words);
        return { word: { kind: "not", value: value.word }, size: value.size + 1 };
      }
      case "shift-left":
      case "shift-right": {
        const value = this.#emitted(node.value, words);
        return { word: { kind: node.kind, value: value.word, amount: constant(node.amount) }, size: value.size + 1 };
      }
      case "and":
      case "or":
      case "xor":
      case "and-not": {
        const [left, right] = [this.#emitted(node.left, words), this.#emitted(node.right, words)];
        return {
          word: { kind: node.kind, left: left.word, right: right.word },
          size: left.size + right.size + 1,
        };
      }
    }
  }

  #reachable(roots: Iterable<NodeId>): NodeId[] {
    const seen = new Set<NodeId>();
    const pending = [...roots];
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      pending.push(...this.#operands(id));
    }
    return [...seen].sort((a, b) => a - b);
  }

  #operands(id: NodeId): readonly NodeId[] {
    const node = this.#node(id);
    switch (node.kind) {
      case "constant":
      case "load":
        return [];
      case "not":
      case "shift-left":
      case "shift-right":
        return [node.value];
      case "and":
      case "or":
      case "xor":
      case "and-not":
        return [node.left, node.right];
    }
  }

  /** x ∧ ¬y as one operation, if either operand is a complement. */
  #complemented(left: NodeId, right: NodeId): NodeId | null {
    const [a, b] = [this.#node(left), this.#node(right)];
    if (b.kind === "not") return this.#intern({ kind: "and-not", left, right: b.value });
    if (a.kind === "not") return this.#intern({ kind: "and-not", left: right, right: a.value });
    return null;
  }

  #ordered(kind: BinaryOperator, left: NodeId, right: NodeId): NodeId {
    return this.#intern({ kind, left: Math.min(left, right), right: Math.max(left, right) });
  }

  #node(id: NodeId): GraphNode {
    const node = this.#nodes[id];
    if (node === undefined) throw new InternalError(`no node ${id}`);
    return node;
  }

  #intern(node: GraphNode): NodeId {
    const key = Object.values(node).join(" ");
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const id = this.#nodes.length;
    this.#nodes.push(node);
    this.#known.set(key, id);
    return id;
  }
}
