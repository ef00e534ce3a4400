/**
 * A list of gates as a sequence of operations (`gate-operations.ts`) on numbered slots, in tables that `gate-routines.ts`
 * evaluates: small code whatever the network's size. Slots are first the counters of the adder, then one of zeros and one
 * of ones, then the inputs; a result takes a slot that nothing needs any more.
 *
 * Operations of one shape are gathered into runs, so that no operation says what it is: a run is one entry in the table of
 * runs, an operation its slots.
 *
 *   runs      for each run: operation, count, plain operands (or columns), complemented operands, entries per operation
 *   operands  for each operation
 *             pairs:   slot of the result, two slots
 *             join:    slot of the result, plain slots, then complemented ones
 *             sum:     slot of the result, digits, depth, then for each binary digit of the sum, least first:
 *                      blocks, digit of the bound, 8 slots a block (filled up with the slot of zeros)
 *             columns: for each column: blocks of plain words, blocks of words to complement,
 *                      for each block: slot for the word of eights that is carried out, eight slots;
 *                      then the slots of the digit and of the words of twos and fours, for the next two columns
 */
import { InternalError } from "../diagnostics.js";
import { bitLength } from "../morph/integers.js";
import { digitColumns } from "./adder.js";
import { ONE_SYMBOL } from "./column-sums.js";
import { COLUMNS, COMPLEMENTED, type GateOutputs, type Operation, OperationBuilder, SUM } from "./gate-operations.js";
import type { GateTables } from "./gate-tables.js";
import type { GateList, Signal } from "./gates.js";
import { SlotPool } from "./slot-pool.js";

/** Counter digits that the adder keeps in slots 0 … 23: enough for columns of 2^26 words. */
const COUNTER_SLOTS = 24;

/** The slots that hold zeros and ones. */
export const ZERO_SLOT = COUNTER_SLOTS;
export const ONES_SLOT = ZERO_SLOT + 1;

/** The slot of input 0. */
export const FIRST_INPUT_SLOT = ONES_SLOT + 1;

/** Slots that one pass of the adder takes together. */
export const BLOCK = 8;

/** Bits of a word, and outputs in a group of slots that are laid out. */
const WORD = 32;

/** Counter digits held in registers: ones, twos and fours. */
const REGISTER_DIGITS = 3;

/** The runs of one list in the program's tables, and where their operands begin. */
export interface GateRange {
  readonly firstRun: number;
  readonly runCount: number;
  readonly firstOperand: number;
}

export interface GateProgram {
  readonly range: GateRange;
  /** Slot of each output that is laid out `anywhere`, else slot of the first one. */
  readonly outputSlots: readonly number[];
  readonly slotCount: number;
}

/** Appends the operations that compute `outputs`, or what they are laid out for, to the tables. */
export function encodeGates(
  list: GateList,
  outputs: readonly Signal[],
  tables: GateTables,
  layout: GateOutputs = { kind: "anywhere" },
): GateProgram {
  return new Placement(
    new OperationBuilder(list, outputs, layout, tables.shape.mostPairs),
    list.inputCount,
    tables,
    layout,
  ).program;
}

/** What the operations of a run have in common; sums and columns stand alone. */
function shapeOf({ kind, complemented, plain, opposite, results }: Operation): string {
  const shape = `${kind} ${complemented ? 1 : 0} ${plain.length} ${opposite.length}`;
  return kind === SUM || kind === COLUMNS ? `${shape} ${results[0]}` : shape;
}

interface Run {
  readonly phase: number;
  readonly level: number;
  readonly operations: Operation[];
}

/** Operations in an order in which operands come first and equal shapes together. */
function inRuns({ operations, symbolCount }: OperationBuilder): Operation[][] {
  const levels = new Int32Array(symbolCount);
  const runs = new Map<string, Run>();
  for (const operation of operations) {
    let level = 0;
    for (const each of operation.plain) level = Math.max(level, (levels[each] ?? 0) + 1);
    for (const each of operation.opposite) level = Math.max(level, (levels[each] ?? 0) + 1);
    for (const result of operation.results) levels[result] = level;
    const { phase } = operation;
    const key = `${phase} ${level} ${shapeOf(operation)}`;
    const run = runs.get(key) ?? { phase, level, operations: [] };
    run.operations.push(operation);
    runs.set(key, run);
  }
  return [...runs.values()].sort((a, b) => a.phase - b.phase || a.level - b.level).map((run) => run.operations);
}

/** Gives every symbol a slot, and writes the tables. */
class Placement {
  readonly program: GateProgram;
  readonly #tables: GateTables;
  readonly #pool: SlotPool;
  readonly #slots: Int32Array;
  /** Number of the operation that reads a symbol last. */
  readonly #lastUse: Int32Array;
  /** Slot of each output that is laid out. */
  readonly #places: ReadonlyMap<number, number>;
  /** Where words go that are zero or mean nothing. */
  #waste: number | null = null;

  constructor(builder: OperationBuilder, inputCount: number, tables: GateTables, layout: GateOutputs) {
    const { outputs, symbolCount } = builder;
    this.#tables = tables;
    const runs = inRuns(builder);
    this.#lastUse = lastUses(runs.flat(), outputs, symbolCount);
    this.#pool = new SlotPool(FIRST_INPUT_SLOT + inputCount);
    this.#slots = new Int32Array(symbolCount);
    for (let input = 0; input < inputCount; input++) {
      this.#slots[input] = FIRST_INPUT_SLOT + input;
      if (this.#lastUse[input] === -1) this.#pool.release(FIRST_INPUT_SLOT + input);
    }
    this.#places = layout.kind === "anywhere" ? new Map() : this.#layOut(outputs);
    const range = { firstRun: tables.runCount, runCount: runs.length, firstOperand: tables.operandCount };
    let time = 0;
    for (const run of runs) {
      const before = tables.operandCount;
      for (const operation of run) this.#place(operation, time++);
      this.#addRun(run, tables.operandCount - before);
    }
    const outputSlots = outputs.map((symbol) => this.#slots[symbol] ?? 0);
    this.program = { range, outputSlots, slotCount: this.#pool.slotCount };
  }

  #layOut(outputs: readonly number[]): ReadonlyMap<number, number> {
    const { groupSlots } = this.#tables.shape;
    const first = this.#pool.reserve((outputs.length / WORD) * groupSlots);
    return new Map(
      outputs.map((symbol, index) => [symbol, first + Math.floor(index / WORD) * groupSlots + (index % WORD)]),
    );
  }

  #addRun(run: readonly Operation[], entries: number): void {
    const [first] = run;
    if (first === undefined) return;
    this.#tables.addRun({
      operation: first.kind + (first.complemented ? COMPLEMENTED : 0),
      count: run.length,
      plain: first.kind === COLUMNS ? first.columns.length : first.plain.length,
      complemented: first.opposite.length,
      entries: entries / run.length,
    });
  }

  #place(operation: Operation, time: number): void {
    const { kind, plain, opposite, results } = operation;
    if (kind === COLUMNS) {
      for (const result of results) this.#slots[result] = this.#slotFor(result);
      this.#addColumns(operation);
      this.#release(operation, time);
      return;
    }
    const operands = [...plain, ...opposite].map((symbol) => this.#slots[symbol] ?? 0);
    // A result may take the slot of an operand that is read for the last time: operands are read before it is stored.
    this.#release(operation, time);
    const [result] = results;
    if (result === undefined) throw new InternalError("an operation without result");
    const slot = this.#slotFor(result);
    this.#slots[result] = slot;
    this.#tables.addOperands([this.#at(slot)]);
    const places = operands.map((each) => this.#at(each));
    this.#tables.addOperands(kind === SUM ? sumEntries(operation, places, this.#at(ZERO_SLOT)) : places);
  }

  /** A slot as the tables say it: the number of words before it. */
  #at(slot: number): number {
    return slot * this.#tables.shape.slotWords;
  }

  #slotFor(symbol: number): number {
    return this.#places.get(symbol) ?? this.#pool.take();
  }

  #release({ plain, opposite }: Operation, time: number): void {
    for (const symbol of new Set([...plain, ...opposite])) {
      if (this.#lastUse[symbol] === time) this.#pool.release(this.#slots[symbol] ?? 0);
    }
  }

  /** Column after column; what is carried out of one is added to the slots of those above. */
  #addColumns({ columns, results }: Operation): void {
    this.#waste ??= this.#pool.take();
    const waste = this.#waste;
    const slotOf = (symbol: number): number => (symbol === ONE_SYMBOL ? ONES_SLOT : (this.#slots[symbol] ?? 0));
    const carried = columns.map((): number[] => []);
    columns.forEach((column, position) => {
      const own = carried[position] ?? [];
      const plain = [...own, ...column.plain.map(slotOf)];
      const opposite = column.opposite.map(slotOf);
      /** A slot for a word of the column `above` this one, which is 0 for certain with fewer than `least` words. */
      const carryTo = (above: number, least: number): number => {
        const target = carried[position + above];
        if (target === undefined || plain.length + opposite.length < least) return waste;
        const slot = this.#pool.take();
        target.push(slot);
        return slot;
      };
      const inBlocks = (slots: readonly number[], filler: number): number[] => {
        const entries: number[] = [];
        for (let block = 0; block < slots.length; block += BLOCK) {
          entries.push(this.#at(carryTo(3, BLOCK)));
          for (let index = 0; index < BLOCK; index++) entries.push(this.#at(slots[block + index] ?? filler));
        }
        return entries;
      };
      const blocks = [plain, opposite].map((slots) => Math.ceil(slots.length / BLOCK));
      const entries = [...inBlocks(plain, ZERO_SLOT), ...inBlocks(opposite, ONES_SLOT)];
      const digit = this.#slots[results[position] ?? 0] ?? 0;
      this.#tables.addOperands([
        ...blocks,
        ...entries,
        ...[digit, carryTo(1, 2), carryTo(2, 4)].map((slot) => this.#at(slot)),
      ]);
      for (const slot of own) this.#pool.release(slot);
    });
  }
}

function lastUses(operations: readonly Operation[], outputs: readonly number[], symbolCount: number): Int32Array {
  const lastUse = new Int32Array(symbolCount).fill(-1);
  operations.forEach(({ plain, opposite }, time) => {
    for (const symbol of plain) lastUse[symbol] = time;
    for (const symbol of opposite) lastUse[symbol] = time;
  });
  for (const symbol of outputs) lastUse[symbol] = operations.length;
  return lastUse;
}

function sumEntries({ weights, bound }: Operation, slots: readonly number[], filler: number): number[] {
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
    for (let fill = column.length; fill < blocks * BLOCK; fill++) entries.push(filler);
  });
  return entries;
}
