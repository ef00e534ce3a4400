/**
 * A list of gates as a sequence of operations on numbered slots, in tables that `gate-routines.ts` evaluates: small code
 * whatever the network's size. Slots are first the counters of the adder, then one of zeros and one of ones, then the
 * inputs; a result takes a slot that nothing needs any more.
 *
 * Every gate becomes an operation `join`: the and of some slots and of the complements of others, complemented or not.
 * What many of them share is computed once (`pair-sharing.ts`). Operations of one shape are gathered into runs, so that
 * no operation says what it is: a run is one entry in the table of runs, an operation its slots.
 *
 *   gate_runs      for each run: operation, count, plain operands, complemented operands, entries per operation
 *   gate_operands  for each operation: the slot of its result, then
 *                  pairs: two slots
 *                  join:  plain slots, then complemented ones
 *                  sum:   digits, depth, then for each binary digit of the sum, least first:
 *                         blocks, digit of the bound, 8 slots a block (filled up with the slot of zeros)
 */
import { InternalError } from "../diagnostics.js";
import { bitLength } from "../morph/integers.js";
import { digitColumns } from "./adder.js";
import type { GateTables } from "./gate-tables.js";
import { type GateList, gateNode, type Signal } from "./gates.js";
import { type SharingLimits, sharePairs } from "./pair-sharing.js";
import { SlotPool } from "./slot-pool.js";

/** Operations of a run. The complemented ones complement their result. */
export const AND_PAIRS = 0;
export const OR_PAIRS = 1;
export const JOIN = 2;
export const SUM = 3;
export const COMPLEMENTED = 4;

/** Counter digits that the adder keeps in slots 0 … 23: enough for columns of 2^26 words. */
export const COUNTER_SLOTS = 24;

/** The slots that hold zeros and ones. */
export const ZERO_SLOT = COUNTER_SLOTS;
export const ONES_SLOT = ZERO_SLOT + 1;

/** The slot of input 0. */
export const FIRST_INPUT_SLOT = ONES_SLOT + 1;

/** Slots that one pass of the adder takes together. */
export const BLOCK = 8;

/** Counter digits held in registers: ones, twos and fours. */
export const REGISTER_DIGITS = 3;

/** The runs of one list in the program's tables, and where their operands begin. */
export interface GateRange {
  readonly firstRun: number;
  readonly runCount: number;
  readonly firstOperand: number;
}

export interface GateProgram {
  readonly range: GateRange;
  /** Slot of each output, in their order. */
  readonly outputSlots: readonly number[];
  /** Slots taken, and those among them that hold no output, constant or counter in the end. */
  readonly slotCount: number;
  readonly freeSlots: readonly number[];
}

export interface GateProgramOptions {
  /** Outputs lie in slots that follow one another, filled up with zeros to a multiple of 32. */
  readonly outputsInOrder: boolean;
}

/** A pair is worth its own slot if it is in so many sets. */
const LEAST_SHARED = 4;
/** Slots of pairs: more would drive operands from the near caches. */
const MOST_PAIRS = 8192;
/** A fraction of a second. */
const SHARING_WORK = 2 ** 28;

const SHARING: SharingLimits = { least: LEAST_SHARED, pairs: MOST_PAIRS, work: SHARING_WORK };

interface Operation {
  readonly kind: typeof AND_PAIRS | typeof OR_PAIRS | typeof JOIN | typeof SUM;
  readonly complemented: boolean;
  /** Symbols. */
  readonly plain: readonly number[];
  readonly opposite: readonly number[];
  /** Of a sum, whose operands are all plain. */
  readonly weights: readonly bigint[];
  readonly bound: bigint;
  readonly result: number;
}

/** Appends the operations that compute `outputs` to the tables. */
export function encodeGates(
  list: GateList,
  outputs: readonly Signal[],
  tables: GateTables,
  options: GateProgramOptions = { outputsInOrder: false },
): GateProgram {
  const builder = new OperationBuilder(list, outputs, options);
  return placeOperations(builder, list.inputCount, tables, options);
}

/**
 * Gates to operations on symbols: inputs first, then results. A node's symbol holds the node or, where that is what is
 * asked for, its complement.
 */
class OperationBuilder {
  readonly operations: Operation[] = [];
  readonly outputs: readonly number[];
  symbolCount: number;
  readonly #list: GateList;
  /** Whether the symbol of a node holds its complement. */
  readonly #isOpposite: Uint8Array;
  /** Symbol of each node; −1 where it has none. */
  readonly #symbols: Int32Array;
  readonly #opposites = new Map<number, number>();
  readonly #constants = new Map<boolean, number>();

  constructor(list: GateList, outputs: readonly Signal[], { outputsInOrder }: GateProgramOptions) {
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
    this.outputs = outputsInOrder ? this.#copies(symbols) : symbols;
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
      const shared = sharePairs([...sets.values()], nodeCount, SHARING);
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
    while (copies.length % 32 !== 0) copies.push(this.#emit({ kind: JOIN, complemented: true }));
    return copies;
  }

  #emit(operation: Partial<Operation> & Pick<Operation, "kind">): number {
    const result = this.symbolCount++;
    const none = { complemented: false, plain: [], opposite: [], weights: [], bound: 0n };
    this.operations.push({ ...none, ...operation, result });
    return result;
  }
}

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

/** What the operations of a run have in common; sums stand alone. */
function shapeOf({ kind, complemented, plain, opposite, result }: Operation): string {
  const shape = `${kind} ${complemented ? 1 : 0} ${plain.length} ${opposite.length}`;
  return kind === SUM ? `${shape} ${result}` : shape;
}

/** Operations in an order in which operands come first and equal shapes together. */
function inRuns(operations: readonly Operation[], symbolCount: number): Operation[][] {
  const levels = new Int32Array(symbolCount);
  const runs = new Map<string, { readonly level: number; readonly operations: Operation[] }>();
  for (const operation of operations) {
    let level = 0;
    for (const each of operation.plain) level = Math.max(level, (levels[each] ?? 0) + 1);
    for (const each of operation.opposite) level = Math.max(level, (levels[each] ?? 0) + 1);
    levels[operation.result] = level;
    const key = `${level} ${shapeOf(operation)}`;
    const run = runs.get(key) ?? { level, operations: [] };
    run.operations.push(operation);
    runs.set(key, run);
  }
  return [...runs.values()].sort((a, b) => a.level - b.level).map((run) => run.operations);
}

function placeOperations(
  { operations, outputs, symbolCount }: OperationBuilder,
  inputCount: number,
  tables: GateTables,
  { outputsInOrder }: GateProgramOptions,
): GateProgram {
  const runs = inRuns(operations, symbolCount);
  const ordered = runs.flat();
  const lastUse = new Int32Array(symbolCount).fill(-1);
  ordered.forEach(({ plain, opposite }, time) => {
    for (const symbol of plain) lastUse[symbol] = time;
    for (const symbol of opposite) lastUse[symbol] = time;
  });
  for (const symbol of outputs) lastUse[symbol] = ordered.length;

  const pool = new SlotPool(FIRST_INPUT_SLOT + inputCount);
  const slots = new Int32Array(symbolCount);
  for (let input = 0; input < inputCount; input++) slots[input] = FIRST_INPUT_SLOT + input;
  const places = outputsInOrder ? new Map(outputs.map((symbol, index) => [symbol, index])) : new Map<number, number>();
  const firstPlace = pool.reserve(places.size);
  for (let input = 0; input < inputCount; input++) if (lastUse[input] === -1) pool.release(slots[input] ?? 0);

  const range = { firstRun: tables.runCount, runCount: runs.length, firstOperand: tables.operandCount };
  let time = 0;
  for (const run of runs) {
    const [first] = run;
    if (first === undefined) continue;
    const before = tables.operandCount;
    for (const operation of run) {
      // A result may take the slot of an operand that is read for the last time: operands are read before it is stored.
      for (const symbol of new Set([...operation.plain, ...operation.opposite])) {
        if (lastUse[symbol] === time) pool.release(slots[symbol] ?? 0);
      }
      const place = places.get(operation.result);
      const slot = place === undefined ? pool.take() : firstPlace + place;
      const operands = [...operation.plain, ...operation.opposite].map((symbol) => slots[symbol] ?? 0);
      slots[operation.result] = slot;
      tables.addOperands([slot]);
      tables.addOperands(operation.kind === SUM ? sumEntries(operation, operands) : operands);
      time++;
    }
    tables.addRun({
      operation: first.kind + (first.complemented ? COMPLEMENTED : 0),
      count: run.length,
      plain: first.plain.length,
      complemented: first.opposite.length,
      entries: (tables.operandCount - before) / run.length,
    });
  }
  return {
    range,
    outputSlots: outputs.map((symbol) => slots[symbol] ?? 0),
    slotCount: pool.slotCount,
    freeSlots: freeSlots(pool.slotCount, outputs, slots),
  };
}

function freeSlots(slotCount: number, outputs: readonly number[], slots: Int32Array): number[] {
  const taken = new Set(outputs.map((symbol) => slots[symbol]));
  const free: number[] = [];
  for (let slot = FIRST_INPUT_SLOT; slot < slotCount; slot++) if (!taken.has(slot)) free.push(slot);
  return free;
}

function sumEntries({ weights, bound }: Operation, slots: readonly number[]): number[] {
  const terms = weights.map((weight, term) => {
    const slot = slots[term];
    if (slot === undefined) throw new InternalError("a weight without an operand");
    return { operand: slot, weight };
  });
  const columns = digitColumns(terms);
  while (columns.length < bitLength(bound)) columns.push([]);
  // The running counter of digit p holds the carries of digit p − 1 and the words of column p.
  let greatest = 0;
  let running = 0;
  for (const column of columns) {
    running = Math.floor(running / 2) + column.length;
    greatest = Math.max(greatest, running);
  }
  // What remains above the last column is carried into further digits of the sum.
  for (let rest = Math.floor(running / 2); rest > 0; rest = Math.floor(rest / 2)) columns.push([]);
  const depth = Math.max(1, bitLength(BigInt(greatest)) - REGISTER_DIGITS);
  if (depth > COUNTER_SLOTS) throw new InternalError("a column of a sum is too long");
  const entries = [columns.length, depth];
  columns.forEach((column, position) => {
    const blocks = Math.ceil(column.length / BLOCK);
    entries.push(blocks, Number((bound >> BigInt(position)) & 1n));
    for (const slot of column) entries.push(slot);
    for (let fill = column.length; fill < blocks * BLOCK; fill++) entries.push(ZERO_SLOT);
  });
  return entries;
}
