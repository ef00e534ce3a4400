/**
 * Gates as operations, each on symbols: inputs first, then results. Every gate becomes a `join`, the and of some symbols and
 * of the complements of others, complemented or not. What many of them share is computed once (`pair-sharing.ts`).
 */
import { InternalError, unreachable } from "../diagnostics.js";
import type { Readout } from "../ir/node.js";
import { type Column, type ColumnSum, ONE_SYMBOL, sumColumns } from "./column-sums.js";
import { type GateList, gateNode, type Signal } from "./gates.js";
import { sharePairs } from "./pair-sharing.js";

/** Kinds of operations; a complemented one complements its result. */
export const AND_PAIRS = 0;
export const OR_PAIRS = 1;
export const JOIN = 2;
export const SUM = 3;
export const COLUMNS = 4;
export const COMPLEMENTED = 8;

export interface Operation {
  readonly kind: typeof AND_PAIRS | typeof OR_PAIRS | typeof JOIN | typeof SUM | typeof COLUMNS;
  readonly complemented: boolean;
  /** Symbols that are read; of columns and sums all of them. */
  readonly plain: readonly number[];
  readonly opposite: readonly number[];
  /** Of a weighted sum that is compared with a bound. */
  readonly weights: readonly bigint[];
  readonly bound: bigint;
  /** Of columns that are added up, least digit first; there is a result for each. */
  readonly columns: readonly Column[];
  readonly results: readonly number[];
  /** Operations run phase by phase. */
  phase: number;
}

/** What is to be computed, and how it is laid out. */
export type GateOutputs =
  /** Each output in any slot. */
  | { readonly kind: "anywhere" }
  /** Outputs one after the other, filled up with zeros to a multiple of 32. */
  | { readonly kind: "in order" }
  /** The digits of all scores of a read-out of which the outputs are the features: class by class, limb by limb. */
  | {
      readonly kind: "scores";
      readonly readout: Readout;
      readonly limbs: number;
      readonly limbBits: number;
      readonly featuresPerBlock: number;
    };

/** A pair is worth its own slot if it is in so many sets. */
const LEAST_SHARED = 4;

/** Symbols looked at for pairs; a fraction of a second. */
const SHARING_WORK = 2 ** 28;

/** Bits of a word. */
const WORD = 32;

/** A node's symbol holds the node or, where that is what is asked for, its complement. */
export class OperationBuilder {
  readonly operations: Operation[] = [];
  /** Symbols that must be kept, in the order in which they lie; 32 in each group if they are laid out. */
  readonly outputs: readonly number[];
  symbolCount: number;
  readonly #list: GateList;
  /** Of each kind. */
  readonly #mostPairs: number;
  /** Whether the symbol of a node holds its complement. */
  readonly #isOpposite: Uint8Array;
  /** Symbol of each node; −1 where it has none. */
  readonly #symbols: Int32Array;
  readonly #opposites = new Map<number, number>();
  readonly #constants = new Map<boolean, number>();

  constructor(list: GateList, outputs: readonly Signal[], layout: GateOutputs, mostPairs: number) {
    this.#mostPairs = mostPairs;
    this.#list = list;
    const { nodes } = list;
    this.#isOpposite = new Uint8Array(nodes.length);
    this.#symbols = new Int32Array(nodes.length).fill(-1);
    this.symbolCount = list.inputCount;
    const live = this.#liveNodes(outputs);
    this.#choosePolarity(outputs, live);
    nodes.forEach((node, index) => {
      if (node.kind === "input") this.#symbols[index] = node.index;
    });
    const sets = this.#sets(live);
    this.#addPairs(sets);
    live.forEach((isLive, index) => {
      if (isLive === 1) this.#addGate(index);
    });
    const symbols = outputs.map((output) => this.#symbolOf(output));
    this.outputs = this.#layOut(symbols, layout);
    this.#setPhases();
  }

  #layOut(symbols: readonly number[], layout: GateOutputs): readonly number[] {
    switch (layout.kind) {
      case "anywhere":
        return symbols;
      case "in order":
        return this.#copies(symbols);
      case "scores":
        return this.#scores(symbols, layout);
      default:
        return unreachable(layout);
    }
  }

  #liveNodes(outputs: readonly Signal[]): Uint8Array {
    const { nodes } = this.#list;
    const live = new Uint8Array(nodes.length);
    for (const { node } of outputs) live[node] = 1;
    for (let index = nodes.length - 1; index >= 0; index--) {
      const node = nodes[index];
      if (live[index] !== 1 || node === undefined || node.kind === "zero" || node.kind === "input") continue;
      for (const operand of node.operands) live[operand.node] = 1;
    }
    return live;
  }

  /** A gate that is only asked for as its complement, where polarity counts, is stored so. */
  #choosePolarity(outputs: readonly Signal[], live: Uint8Array): void {
    const wanted = new Map<number, boolean>();
    const ask = ({ node, complemented }: Signal): void => {
      if (!wanted.has(node)) wanted.set(node, complemented);
    };
    outputs.forEach(ask);
    this.#list.nodes.forEach((node, index) => {
      if (live[index] === 1 && node.kind === "sum") node.operands.forEach(ask);
    });
    for (const [node, complemented] of wanted) {
      const { kind } = gateNode(this.#list, node);
      if (complemented && (kind === "all" || kind === "sum")) this.#isOpposite[node] = 1;
    }
  }

  /** Whether what the node's symbol holds is the complement of the literal. */
  #isComplement({ node, complemented }: Signal): boolean {
    return complemented !== (this.#isOpposite[node] === 1);
  }

  /** For each gate, the nodes that enter plainly and complemented; sums have none. */
  #sets(live: Uint8Array): GateSets {
    const plain = new Map<number, number[]>();
    const opposite = new Map<number, number[]>();
    this.#list.nodes.forEach((node, index) => {
      if (live[index] !== 1 || node.kind !== "all") return;
      const part = (isComplement: boolean): number[] =>
        node.operands.filter((each) => this.#isComplement(each) === isComplement).map((each) => each.node);
      plain.set(index, part(false));
      opposite.set(index, part(true));
    });
    return { plain, opposite };
  }

  readonly #pairs: PendingPair[] = [];
  #joins = new Map<number, { readonly plain: readonly number[]; readonly opposite: readonly number[] }>();

  /** Shares pairs among the plain operands of all gates, and among the complemented ones. Pairs are numbered after nodes. */
  #addPairs({ plain, opposite }: GateSets): void {
    const nodeCount = this.#list.nodes.length;
    const share = (sets: ReadonlyMap<number, number[]>, kind: typeof AND_PAIRS | typeof OR_PAIRS): number[][] => {
      const before = this.#pairs.length;
      const shared = sharePairs([...sets.values()], nodeCount, {
        least: LEAST_SHARED,
        pairs: this.#mostPairs,
        work: SHARING_WORK,
      });
      const renumber = (id: number): number => (id < nodeCount ? id : id + before);
      for (const [a, b] of shared.pairs) this.#pairs.push({ kind, operands: [renumber(a), renumber(b)], symbol: -1 });
      return shared.sets.map((set) => Array.from(set, renumber));
    };
    const joins = [share(plain, AND_PAIRS), share(opposite, OR_PAIRS)];
    [...plain.keys()].forEach((node, position) => {
      this.#joins.set(node, { plain: joins[0]?.[position] ?? [], opposite: joins[1]?.[position] ?? [] });
    });
  }

  /** Symbol of a node or pair as it is stored; a pair is computed when it is first asked for. */
  #stored(id: number): number {
    const nodeCount = this.#list.nodes.length;
    if (id < nodeCount) {
      const symbol = this.#symbols[id] ?? -1;
      if (symbol === -1) throw new InternalError(`gate ${id} is used before it is computed`);
      return symbol;
    }
    // Operands of a pair are earlier pairs, so they are computed first, without a recursion.
    const pending = [id];
    for (let top = pending.at(-1); top !== undefined; top = pending.at(-1)) {
      const pair = this.#pairs[top - nodeCount];
      if (pair === undefined) throw new InternalError(`no pair ${top}`);
      const missing = pair.operands.filter((each) => each >= nodeCount && this.#pairs[each - nodeCount]?.symbol === -1);
      if (pair.symbol === -1 && missing.length > 0) {
        pending.push(...missing);
        continue;
      }
      pending.pop();
      if (pair.symbol !== -1) continue;
      const operands = pair.operands.map((each) => this.#stored(each));
      pair.symbol = this.#emit({ kind: pair.kind, plain: operands });
    }
    return this.#pairs[id - nodeCount]?.symbol ?? -1;
  }

  #addGate(index: number): void {
    const node = gateNode(this.#list, index);
    const complemented = this.#isOpposite[index] === 1;
    if (node.kind === "sum") {
      const { weights, bound } = node;
      const plain = node.operands.map((operand) => this.#symbolOf(operand));
      this.#symbols[index] = this.#emit({ kind: SUM, complemented, plain, weights, bound });
    } else if (node.kind === "all") {
      const join = this.#joins.get(index);
      const plain = (join?.plain ?? []).map((each) => this.#stored(each));
      const opposite = (join?.opposite ?? []).map((each) => this.#stored(each));
      this.#symbols[index] = this.#join(plain, opposite, complemented);
    }
  }

  /** An and of symbols and complements of symbols, in the form that takes least. */
  #join(plain: readonly number[], opposite: readonly number[], complemented: boolean): number {
    const [p, n] = [plain.length, opposite.length];
    const [only] = complemented ? opposite : plain;
    if (p + n === 1 && (complemented ? n : p) === 1 && only !== undefined) return only;
    if (p === 2 && n === 0 && !complemented) return this.#emit({ kind: AND_PAIRS, plain });
    if (p === 0 && n === 2 && complemented) return this.#emit({ kind: OR_PAIRS, plain: opposite });
    return this.#emit({ kind: JOIN, complemented, plain, opposite });
  }

  /** A symbol that holds the literal. */
  #symbolOf(signal: Signal): number {
    if (signal.node === 0) return this.#constant(signal.complemented);
    const stored = this.#stored(signal.node);
    if (!this.#isComplement(signal)) return stored;
    const known = this.#opposites.get(stored) ?? this.#join([], [stored], false);
    this.#opposites.set(stored, known);
    return known;
  }

  #constant(isOne: boolean): number {
    const known = this.#constants.get(isOne) ?? this.#emit({ kind: JOIN, complemented: !isOne });
    this.#constants.set(isOne, known);
    return known;
  }

  /** Every output in a symbol of its own, then zeros up to a multiple of 32. */
  #copies(symbols: readonly number[]): number[] {
    const copies = symbols.map((symbol) => this.#emit({ kind: JOIN, plain: [symbol] }));
    while (copies.length % WORD !== 0) copies.push(this.#zeros());
    return copies;
  }

  #zeros(): number {
    return this.#emit({ kind: JOIN, complemented: true });
  }

  /** Digits of each limb of each class, with zeros above those that have fewer than 32. */
  #scores(features: readonly number[], layout: Extract<GateOutputs, { kind: "scores" }>): number[] {
    const { readout, limbs, limbBits, featuresPerBlock } = layout;
    const digits = (limbs - 1) * limbBits + WORD;
    const scores: number[][] = [];
    const addSum = (sum: ColumnSum): readonly number[] => {
      const results = this.#emitColumns(sum);
      if (sum.isLast) scores[sum.label] = results;
      return results;
    };
    sumColumns(readout, features, digits, featuresPerBlock, addSum);
    return scores.flatMap((score) =>
      Array.from({ length: limbs * WORD }, (_, place) => {
        const [limb, digit] = [Math.floor(place / WORD), place % WORD];
        const isAbove = limb < limbs - 1 && digit >= limbBits;
        return (isAbove ? null : score[limb * limbBits + digit]) ?? this.#zeros();
      }),
    );
  }

  #emitColumns({ columns, block }: ColumnSum): number[] {
    const symbols = new Set(columns.flatMap(({ plain, opposite }) => [...plain, ...opposite]));
    symbols.delete(ONE_SYMBOL);
    const results = columns.map(() => this.symbolCount++);
    const operation = { kind: COLUMNS, plain: [...symbols], columns, results, phase: block } as const;
    this.operations.push({ ...NOTHING, ...operation });
    return results;
  }

  /** What a block of features needs is computed in its phase, or in an earlier one that needs it too. */
  #setPhases(): void {
    const needed = new Float64Array(this.symbolCount).fill(Number.POSITIVE_INFINITY);
    const last = this.operations.reduce((most, { phase }) => Math.max(most, phase), 0);
    for (const operation of this.operations.toReversed()) {
      if (operation.kind !== COLUMNS) {
        const first = operation.results.reduce((least, each) => Math.min(least, needed[each] ?? last), last);
        operation.phase = first;
      }
      for (const symbol of [...operation.plain, ...operation.opposite]) {
        needed[symbol] = Math.min(needed[symbol] ?? last, operation.phase);
      }
    }
  }

  #emit(operation: Partial<Operation> & Pick<Operation, "kind">): number {
    const result = this.symbolCount++;
    this.operations.push({ ...NOTHING, ...operation, results: [result] });
    return result;
  }
}

const NOTHING = {
  complemented: false,
  plain: [],
  opposite: [],
  weights: [],
  bound: 0n,
  columns: [],
  phase: 0,
} as const;

interface GateSets {
  readonly plain: ReadonlyMap<number, number[]>;
  readonly opposite: ReadonlyMap<number, number[]>;
}

/** An and or or of two nodes or pairs. */
interface PendingPair {
  readonly kind: typeof AND_PAIRS | typeof OR_PAIRS;
  readonly operands: readonly number[];
  /** −1 until it is computed. */
  symbol: number;
}
