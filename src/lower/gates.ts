/**
 * Gates in tables: for many neurons, or neurons with many weights, a loop over a table of operand numbers keeps the
 * code small. Words live in numbered slots: first the counters of the adder, then a slot of zeros, then the inputs,
 * then one slot for each gate.
 *
 * A gate is an and, an or, or a weighted sum compared with a bound, each optionally complemented. One set of tables
 * serves a whole program:
 *   gate_kinds     operation + 4 · complement, one per gate
 *   gate_starts    where the gate's entry in gate_operands begins
 *   gate_operands  and, or: count, slots…
 *                  weighted sum: digits, depth, then for each binary digit of the sum, least first:
 *                  blocks, digit of the bound, 8 slots a block (filled up with the slot of zeros)
 */
import { InternalError } from "../diagnostics.js";
import { bitLength } from "../morph/integers.js";
import type { Table } from "../word/node.js";
import { digitColumns, toPositiveSum } from "./adder.js";
import { unsignedTable } from "./table.js";

/** A word known to a gate list: an input or an earlier gate. */
export type Signal =
  | { readonly kind: "input"; readonly index: number }
  | { readonly kind: "gate"; readonly index: number };

export const GATE_ALL = 0;
export const GATE_ANY = 1;
export const GATE_SUM = 2;
export const GATE_COMPLEMENT = 4;

/** Counter digits that the adder keeps in slots 0 … 23: enough for columns of 2^26 words. */
export const COUNTER_SLOTS = 24;

/** The slot that holds zeros. */
export const ZERO_SLOT = COUNTER_SLOTS;

/** The slot of input 0. */
export const FIRST_INPUT_SLOT = ZERO_SLOT + 1;

/** Slots that one pass of the adder takes together. */
export const BLOCK = 8;

/** Counter digits held in registers: ones, twos and fours. */
export const REGISTER_DIGITS = 3;

interface Gate {
  readonly operation: typeof GATE_ALL | typeof GATE_ANY | typeof GATE_SUM;
  readonly complemented: boolean;
  readonly operands: readonly Signal[];
  /** Weighted sums only. */
  readonly weights: readonly bigint[];
  readonly bound: bigint;
}

/** The gates of one list in the program's tables, and the slot that the first of them fills; the others follow. */
export interface GateRange {
  readonly firstGate: number;
  readonly gateCount: number;
  readonly firstSlot: number;
}

/** Gates of one stage over `inputCount` inputs; inputs may be added while it is built. */
export class GateList {
  readonly #gates: Gate[] = [];
  readonly #complements = new Map<string, Signal>();
  #inputCount = 0;

  get inputCount(): number {
    return this.#inputCount;
  }

  get gateCount(): number {
    return this.#gates.length;
  }

  /** Slots taken: counters, zeros, inputs, gates. */
  get slotCount(): number {
    return this.firstGateSlot + this.#gates.length;
  }

  get firstGateSlot(): number {
    return FIRST_INPUT_SLOT + this.#inputCount;
  }

  addInput(): Signal {
    return { kind: "input", index: this.#inputCount++ };
  }

  all(operands: readonly Signal[], complemented = false): Signal {
    return this.#add({ operation: GATE_ALL, complemented, operands, weights: [], bound: 0n });
  }

  any(operands: readonly Signal[], complemented = false): Signal {
    return this.#add({ operation: GATE_ANY, complemented, operands, weights: [], bound: 0n });
  }

  constant(value: 0 | 1, complemented = false): Signal {
    return (value === 1) !== complemented ? this.all([]) : this.any([]);
  }

  complement(operand: Signal): Signal {
    const key = `${operand.kind} ${operand.index}`;
    const known = this.#complements.get(key) ?? this.all([operand], true);
    this.#complements.set(key, known);
    return known;
  }

  /** [Σ weight·operand > bound], complemented if asked. */
  sumAbove(
    terms: readonly { readonly operand: Signal; readonly weight: bigint }[],
    bound: bigint,
    complemented = false,
  ): Signal {
    const sum = toPositiveSum(terms, bound);
    if (sum.bound < 0n) return this.constant(1, complemented);
    const total = sum.terms.reduce((partial, term) => partial + term.weight, 0n);
    if (total <= sum.bound) return this.constant(0, complemented);
    return this.#add({
      operation: GATE_SUM,
      complemented,
      operands: sum.terms.map((term) => (term.negated ? this.complement(term.operand) : term.operand)),
      weights: sum.terms.map((term) => term.weight),
      bound: sum.bound,
    });
  }

  /** Slot of a signal, once no more inputs are added. */
  slotOf(signal: Signal): number {
    return (signal.kind === "input" ? FIRST_INPUT_SLOT : this.firstGateSlot) + signal.index;
  }

  /** Appends this list to the program's tables. */
  encode(tables: GateTables): GateRange {
    const firstGate = tables.kinds.length;
    for (const gate of this.#gates) {
      tables.kinds.push(gate.operation + (gate.complemented ? GATE_COMPLEMENT : 0));
      tables.starts.push(tables.operands.length);
      const slots = gate.operands.map((operand) => this.slotOf(operand));
      if (gate.operation === GATE_SUM) encodeSum(gate, slots, tables);
      else for (const entry of [slots.length, ...slots]) tables.operands.push(entry);
    }
    return { firstGate, gateCount: this.#gates.length, firstSlot: this.firstGateSlot };
  }

  #add(gate: Gate): Signal {
    this.#gates.push(gate);
    return { kind: "gate", index: this.#gates.length - 1 };
  }
}

/** Tables of a whole program. */
export class GateTables {
  readonly kinds: number[] = [];
  readonly starts: number[] = [];
  readonly operands: number[] = [];

  tables(): Table[] {
    if (this.kinds.length === 0) return [];
    return [
      {
        name: "gate_kinds",
        element: "u8",
        values: this.kinds,
        comment: "0 and, 1 or, 2 weighted sum; +4 complemented",
      },
      unsignedTable("gate_starts", this.starts, "where a gate begins in gate_operands"),
      unsignedTable(
        "gate_operands",
        this.operands,
        "and, or: count, slots; sum: digits, depth, then per digit: blocks, digit of the bound, slots",
      ),
    ];
  }
}

function encodeSum(gate: Gate, slots: readonly number[], tables: GateTables): void {
  const terms = gate.weights.map((weight, term) => {
    const slot = slots[term];
    if (slot === undefined) throw new InternalError("a weight without an operand");
    return { operand: slot, weight };
  });
  const columns = digitColumns(terms);
  while (columns.length < bitLength(gate.bound)) columns.push([]);
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
  tables.operands.push(columns.length, depth);
  columns.forEach((column, position) => {
    const blocks = Math.ceil(column.length / BLOCK);
    tables.operands.push(blocks, Number((gate.bound >> BigInt(position)) & 1n));
    for (const slot of column) tables.operands.push(slot);
    for (let fill = column.length; fill < blocks * BLOCK; fill++) tables.operands.push(ZERO_SLOT);
  });
  if (tables.operands.length > MAXIMUM_TABLE) throw new InternalError("gate tables overflow");
}

/** Entries that any table may have; checked beforehand against the model's size. */
const MAXIMUM_TABLE = 2 ** 28;
