/**
 * Expressions on packed words as a graph in which equal expressions are one node, so that loads, shifts and partial
 * results are shared between the rows of a structuring element, between neurons and between channels.
 */
import { InternalError } from "../diagnostics.js";
import type { Target } from "../target/target.js";
import { constant, typedWord } from "../word/build.js";
import type { Statement, Word } from "../word/node.js";

/** Index of a node of a {@link WordGraph}. */
export type NodeId = number;

export type Load = Extract<Word, { kind: "load" }>;

type BinaryOperator = "and" | "or" | "xor" | "and-not";

/** A word of a source image, `row` rows below and `word` words to the right of the computed one. */
export interface SourceWord {
  readonly source: string;
  readonly row: number;
  readonly word: number;
}

type GraphNode =
  | { readonly kind: "constant"; readonly ones: boolean }
  | ({ readonly kind: "load" } & SourceWord)
  /** A load of the words one to a side of the computed ones, which the load `value` gives. */
  | ({ readonly kind: "load-beside"; readonly value: NodeId } & SourceWord)
  | { readonly kind: BinaryOperator; readonly left: NodeId; readonly right: NodeId }
  | { readonly kind: "not"; readonly value: NodeId }
  | { readonly kind: "shift-left" | "shift-right"; readonly value: NodeId; readonly amount: number }
  | { readonly kind: "funnel"; readonly low: NodeId; readonly high: NodeId; readonly amount: number };

/** Operators printed in one expression before it gets a name of its own. */
const LONGEST_EXPRESSION = 6;

/** Operators of a funnel shift where the machine has none: two shifts and an or. */
const FUNNEL_BY_SHIFTS = 3;

/** What graphs know of a machine. */
export type WordMachine = Pick<Target, "hasFunnelShift" | "movesLanes">;

const PLAIN_MACHINE: WordMachine = { hasFunnelShift: false, movesLanes: false };

const NOTHING: ReadonlySet<NodeId> = new Set();

/** Hands out the statements of a graph's words piece by piece, each once. */
export interface GraphEmitter {
  /** The word of one of the roots, and what must be computed before it and has not been yet. */
  readonly compute: (root: NodeId) => { readonly statements: Statement[]; readonly word: Word };
}

export class WordGraph {
  readonly #nodes: GraphNode[] = [];
  readonly #known = new Map<string, NodeId>();
  readonly #machine: WordMachine;

  readonly zeros: NodeId = this.#intern({ kind: "constant", ones: false });
  readonly ones: NodeId = this.#intern({ kind: "constant", ones: true });

  constructor(machine = PLAIN_MACHINE) {
    this.#machine = machine;
  }

  load(source: string, row: number, word: number): NodeId {
    const isBeside = Math.abs(word) === 1 && this.#machine.movesLanes;
    if (!isBeside) return this.#intern({ kind: "load", source, row, word });
    return this.#intern({ kind: "load-beside", source, row, word, value: this.load(source, row, 0) });
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

  /** The 32 bits from bit `amount` (0 … 31) on of `low` with `high` above it. */
  funnel(low: NodeId, high: NodeId, amount: number): NodeId {
    if (amount === 0) return low;
    if (low === high && (low === this.zeros || low === this.ones)) return low;
    return this.#intern({ kind: "funnel", low, high, amount });
  }

  /** Operators that computing `roots` takes beside the `given` nodes, loads and constants not counted. */
  cost(roots: Iterable<NodeId>, given: ReadonlySet<NodeId> = NOTHING): number {
    let operators = 0;
    for (const id of this.reachable(roots, given)) {
      if (given.has(id)) continue;
      const node = this.#node(id);
      if (node.kind === "funnel" && !this.#machine.hasFunnelShift) operators += FUNNEL_BY_SHIFTS;
      else if (node.kind !== "constant" && !isLoad(node)) operators++;
    }
    return operators;
  }

  /** Words that computing `roots` loads. */
  loads(roots: Iterable<NodeId>, given: ReadonlySet<NodeId> = NOTHING): SourceWord[] {
    return this.reachable(roots, given).flatMap((id) => {
      const node = this.#node(id);
      return isLoad(node) && !given.has(id) ? [node] : [];
    });
  }

  /** Moving lanes is one, and worth keeping, though it counts as the load that it stands for. */
  isOperator(id: NodeId): boolean {
    const { kind } = this.#node(id);
    return kind !== "load" && kind !== "constant";
  }

  /** `roots` and all that they depend on, operands first; not what `given` nodes depend on. */
  reachable(roots: Iterable<NodeId>, given: ReadonlySet<NodeId> = NOTHING): NodeId[] {
    const seen = new Set<NodeId>();
    const pending = [...roots];
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      if (!given.has(id)) pending.push(...this.operands(id));
    }
    // Operands have smaller numbers than their users, so ascending order is an order of evaluation.
    return [...seen].sort((a, b) => a - b);
  }

  /**
   * For nodes in an order of evaluation, the node of the same expression `rows` rows further down, as far as the graph
   * already has it.
   */
  translate(nodes: readonly NodeId[], rows: number): Map<NodeId, NodeId> {
    const moved = new Map<NodeId, NodeId>();
    for (const id of nodes) {
      const target = this.#translated(this.#node(id), id, rows, moved);
      if (target !== undefined) moved.set(id, target);
    }
    return moved;
  }

  /** The node of the same expression `rows` rows further down. */
  moved(id: NodeId, rows: number): NodeId {
    const moved = new Map<NodeId, NodeId>();
    const of = (operand: NodeId): NodeId => this.#emitted(operand, moved);
    for (const each of this.reachable([id])) moved.set(each, this.#intern(movedNode(this.#node(each), rows, of)));
    return of(id);
  }

  #translated(node: GraphNode, id: NodeId, rows: number, moved: ReadonlyMap<NodeId, NodeId>): NodeId | undefined {
    if (this.operands(id).some((operand) => !moved.has(operand))) return undefined;
    return this.#find(movedNode(node, rows, (operand) => moved.get(operand) ?? operand));
  }

  /**
   * An emitter of the statements that compute `roots`, which takes `given` nodes as the words that they stand for.
   * @param prefix of the names
   * @param loadOf the word of a load
   */
  emitter(
    roots: readonly NodeId[],
    prefix: string,
    loadOf: (load: SourceWord) => Load,
    given: ReadonlyMap<NodeId, Word> = new Map(),
  ): GraphEmitter {
    const uses = new Map<NodeId, number>();
    const use = (id: NodeId): void => void uses.set(id, (uses.get(id) ?? 0) + 1);
    const known = new Set(given.keys());
    for (const id of this.reachable(roots, known)) if (!known.has(id)) for (const each of this.operands(id)) use(each);
    for (const root of roots) use(root);
    const words = new Map<NodeId, { readonly word: Word; readonly size: number }>();
    for (const [id, word] of given) words.set(id, { word, size: 0 });
    let names = 0;
    const statementsFor = (root: NodeId): Statement[] => {
      const statements: Statement[] = [];
      for (const id of this.reachable([root], new Set(words.keys()))) {
        if (words.has(id)) continue;
        const { word, size } = this.#word(id, words, loadOf);
        const named = this.#node(id).kind !== "constant" && ((uses.get(id) ?? 0) > 1 || size > LONGEST_EXPRESSION);
        if (!named) {
          words.set(id, { word, size });
          continue;
        }
        const name = `${prefix}${names++}`;
        statements.push({ kind: "let", name, mutable: false, value: typedWord(word) });
        words.set(id, { word: { kind: "variable", name }, size: 0 });
      }
      return statements;
    };
    return {
      compute: (root) => {
        const statements = statementsFor(root);
        return { statements, word: this.#emitted(root, words).word };
      },
    };
  }

  #emitted<T>(id: NodeId, words: ReadonlyMap<NodeId, T>): T {
    const word = words.get(id);
    if (word === undefined) throw new InternalError(`node ${id} was used before it was computed`);
    return word;
  }

  #word(
    id: NodeId,
    words: ReadonlyMap<NodeId, { readonly word: Word; readonly size: number }>,
    loadOf: (load: SourceWord) => Load,
  ): { readonly word: Word; readonly size: number } {
    const node = this.#node(id);
    switch (node.kind) {
      case "constant":
        return { word: { kind: "constant", value: node.ones ? 0xffffffff : 0 }, size: 0 };
      case "load":
        return { word: loadOf(node), size: 1 };
      case "load-beside": {
        const value = this.#emitted(node.value, words);
        const side = node.word < 0 ? "before" : "after";
        return { word: { ...loadOf(node), kind: "load-beside", side, value: value.word }, size: value.size + 1 };
      }
      case "not": {
        const value = this.#emitted(node.value, words);
        return { word: { kind: "not", value: value.word }, size: value.size + 1 };
      }
      case "shift-left":
      case "shift-right": {
        const value = this.#emitted(node.value, words);
        return { word: { kind: node.kind, value: value.word, amount: constant(node.amount) }, size: value.size + 1 };
      }
      case "funnel": {
        const [low, high] = [this.#emitted(node.low, words), this.#emitted(node.high, words)];
        return {
          word: { kind: "funnel", low: low.word, high: high.word, amount: node.amount },
          size: low.size + high.size + 1,
        };
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

  operands(id: NodeId): readonly NodeId[] {
    const node = this.#node(id);
    switch (node.kind) {
      case "constant":
      case "load":
        return [];
      case "load-beside":
      case "not":
      case "shift-left":
      case "shift-right":
        return [node.value];
      case "funnel":
        return [node.low, node.high];
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

  #ordered(kind: "and" | "or" | "xor", left: NodeId, right: NodeId): NodeId {
    return this.#intern(inOrder(kind, left, right));
  }

  #node(id: NodeId): GraphNode {
    const node = this.#nodes[id];
    if (node === undefined) throw new InternalError(`no node ${id}`);
    return node;
  }

  #find(node: GraphNode): NodeId | undefined {
    return this.#known.get(keyOf(node));
  }

  #intern(node: GraphNode): NodeId {
    const key = keyOf(node);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const id = this.#nodes.length;
    this.#nodes.push(node);
    this.#known.set(key, id);
    return id;
  }
}

function isLoad(node: GraphNode): node is Extract<GraphNode, SourceWord> {
  return node.kind === "load" || node.kind === "load-beside";
}

function keyOf(node: GraphNode): string {
  switch (node.kind) {
    case "constant":
      return node.ones ? "ones" : "zeros";
    case "load":
    case "load-beside":
      return `${node.kind} ${node.source} ${node.row} ${node.word}`;
    case "not":
      return `not ${node.value}`;
    case "shift-left":
    case "shift-right":
      return `${node.kind} ${node.value} ${node.amount}`;
    case "funnel":
      return `funnel ${node.low} ${node.high} ${node.amount}`;
    default:
      return `${node.kind} ${node.left} ${node.right}`;
  }
}

/** The same operation on what `of` gives for its operands; a load `rows` rows further down. */
function movedNode(node: GraphNode, rows: number, of: (operand: NodeId) => NodeId): GraphNode {
  switch (node.kind) {
    case "constant":
      return node;
    case "load":
      return { ...node, row: node.row + rows };
    case "load-beside":
      return { ...node, row: node.row + rows, value: of(node.value) };
    case "not":
    case "shift-left":
    case "shift-right":
      return { ...node, value: of(node.value) };
    case "funnel":
      return { ...node, low: of(node.low), high: of(node.high) };
    case "and-not":
      return { ...node, left: of(node.left), right: of(node.right) };
    default:
      return inOrder(node.kind, of(node.left), of(node.right));
  }
}

function inOrder(kind: "and" | "or" | "xor", left: NodeId, right: NodeId): GraphNode {
  return { kind, left: Math.min(left, right), right: Math.max(left, right) };
}
