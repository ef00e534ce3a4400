/** The tables of gate programs (see gate-program.ts); several programs share them. */
import { InternalError } from "../diagnostics.js";
import type { Index, Table } from "../word/node.js";
import { unsignedTable } from "./table.js";

/** Operations of one shape that follow one another. */
export interface GateRun {
  readonly operation: number;
  readonly count: number;
  readonly plain: number;
  readonly complemented: number;
  /** In the table of operands, of one operation. */
  readonly entries: number;
}

/** Numbers of a run in the table of runs. */
export const RUN_FIELDS = 5;

/** Entries that any table may have; checked beforehand against the model's size. */
const MAXIMUM_TABLE = 2 ** 28;

/** What the routines that read the tables are made for. */
export interface PassShape {
  /** Vectors of a slot: everything that is read from a table serves so many of them. */
  readonly vectors: number;
  /** Words of a vector. */
  readonly lanes: Index;
  /** Words of a slot: room for the vectors of the machine that the code is made for, and so for any with fewer lanes. */
  readonly slotWords: number;
  /** Slots from one group of 32, which one word of every sample fills, to the next. */
  readonly groupSlots: number;
  /** Pairs of operands that get a slot of their own: more would drive others from the near caches. */
  readonly mostPairs: number;
  /** The machine has operators of three words. */
  readonly isTernary: boolean;
}

export interface TablePosition {
  readonly runs: number;
  readonly operands: number;
}

export class GateTables {
  readonly name: "gate" | "neuron";
  readonly shape: PassShape;
  readonly #runs: GateRun[] = [];
  readonly #operands: number[] = [];

  constructor(name: GateTables["name"], shape: PassShape) {
    this.name = name;
    this.shape = shape;
  }

  get runs(): readonly GateRun[] {
    return this.#runs;
  }

  get runCount(): number {
    return this.#runs.length;
  }

  get operandCount(): number {
    return this.#operands.length;
  }

  /** Where the next gates begin. */
  get position(): TablePosition {
    return { runs: this.#runs.length, operands: this.#operands.length };
  }

  /** Forgets the gates that were added since. */
  goBack({ runs, operands }: TablePosition): void {
    this.#runs.length = runs;
    this.#operands.length = operands;
  }

  addRun(run: GateRun): void {
    this.#runs.push(run);
  }

  addOperands(entries: readonly number[]): void {
    for (const entry of entries) this.#operands.push(entry);
    if (this.#operands.length > MAXIMUM_TABLE) throw new InternalError("gate tables overflow");
  }

  tables(): Table[] {
    if (this.#runs.length === 0) return [];
    const fields = this.#runs.flatMap((run) => [run.operation, run.count, run.plain, run.complemented, run.entries]);
    return [
      unsignedTable(
        `${this.name}_runs`,
        fields,
        "runs of gates: operation (0 and of two, 1 or of two, 2 join, 3 weighted sum, 4 columns; +8 complemented), count, plain operands or columns, complemented operands, entries of each gate",
      ),
      unsignedTable(
        `${this.name}_operands`,
        this.#operands,
        "slot of the result; pairs, joins: slots of operands; sum: digits, depth, then per digit: blocks, digit of the bound, slots; columns: blocks, blocks of complements, per block slots of the carry and of 8 words, then of the digit and two carries",
      ),
    ];
  }
}
