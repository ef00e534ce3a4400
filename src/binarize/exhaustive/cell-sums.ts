/** Cells as sums over patterns: from tables of their operands where those depend on few bits, else from sums at the same pattern. */
import { InternalError } from "../../diagnostics.js";
import type { Cell, InputBit, SumCell } from "./cells.js";
import { type CarriedError, type ErrorRule, finishedError, sumErrors } from "./errors.js";
import { NO_ERROR } from "./graph.js";
import { finishSums, forEachBlock, type SumDescription, type Term } from "./sums.js";

/** Most bits that a table is made over. */
const TABLE_BITS = 20;
/** Up to so many, a table costs nothing, even for a cell that depends on all bits that are enumerated. */
const SMALL_TABLE_BITS = 12;

/** Bytes of all tables: above the first they are forgotten with the next frame, above the second none are made. */
const KEPT_BYTES = 2 ** 26;
const MOST_BYTES = 2 ** 27;

/** A cell's value for every pattern of its support, bit i of the index being the support's i-th bit. */
interface CellTable {
  readonly values: Float64Array;
  /** How far the values may be from those that are meant; NaN where the bit of a step is not known. */
  readonly error: number;
}

export function worthTable(cell: Cell, enumeratedBits: number): boolean {
  const bits = cell.support.length;
  return bits <= SMALL_TABLE_BITS || (bits <= TABLE_BITS && bits < enumeratedBits);
}

/** Tables of cells; those of equal cells in different places and frames are one. */
export class CellTables {
  readonly #tables = new Map<string, CellTable>();
  #bytes = 0;

  /** Keeps memory within bounds; called between frames. */
  trim(): void {
    if (this.#bytes <= KEPT_BYTES) return;
    this.#tables.clear();
    this.#bytes = 0;
  }

  /** Null where the cell is better summed at every pattern. */
  tableOf(cell: Cell, enumeratedBits: number): CellTable | null {
    const known = this.#tables.get(cell.key);
    if (known !== undefined) return known;
    if (cell.kind === "plane") return PLANE_TABLE;
    const bytes = 8 * 2 ** cell.support.length;
    if (!worthTable(cell, enumeratedBits) || this.#bytes + bytes > MOST_BYTES) return null;
    this.#bytes += bytes;
    const table = makeTable(cell, this);
    this.#tables.set(cell.key, table);
    return table;
  }
}

const PLANE_TABLE: CellTable = { values: Float64Array.of(0, 1), error: 0 };

function makeTable(cell: SumCell, tables: CellTables): CellTable {
  const values = new Float64Array(2 ** cell.support.length);
  const { descriptions, rules } = describeSums([cell], cell.support, tables, true);
  const last = descriptions.length - 1;
  const nearest = forEachBlock(cell.support.length, descriptions, (blocks, first) => {
    const block = blocks[last];
    if (block !== undefined) values.set(block, first);
    return true;
  });
  const sumError = sumErrors(rules, nearest)[last]?.value ?? 0;
  const { finish, finishError } = cell.node;
  const nearestSum = finishSums(values, finish);
  return { values, error: finishedError(finish, finishError, sumError, nearestSum) };
}

export interface DescribedSums {
  /** Those of the roots come last, in their order. */
  readonly descriptions: readonly SumDescription[];
  readonly rules: readonly ErrorRule[];
}

/**
 * The roots' sums, unfinished, over the patterns of `bits`.
 * @param doubtSigns whether a root's sign that its operands leave open makes its sum NaN
 */
export function describeSums(
  roots: readonly Cell[],
  bits: readonly InputBit[],
  tables: CellTables,
  doubtSigns = false,
): DescribedSums {
  const place = new Map(bits.map((bit, index) => [bit, index]));
  const described: { readonly description: SumDescription; readonly rule: ErrorRule }[] = [];
  /** Sums of cells that have no table. */
  const sums = new Map<Cell, number>();

  const operand = (cell: Cell, weight: number): { readonly term: Term; readonly from: CarriedError["from"] } => {
    const known = sums.get(cell);
    if (known !== undefined) return { term: { sum: known, weight }, from: { sum: known } };
    const table = tables.tableOf(cell, bits.length);
    if (table !== null) {
      const places = cell.support.map((bit) => place.get(bit) ?? missing());
      return { term: { table: table.values, places, weight }, from: { error: table.error } };
    }
    if (cell.kind === "plane") throw new InternalError("a plane has a table");
    const { description, rule } = describe(cell, true);
    const { finish, finishError } = cell.node;
    const sum = described.push({ description: { ...description, finish }, rule: { ...rule, finish, finishError } }) - 1;
    sums.set(cell, sum);
    return { term: { sum, weight }, from: { sum } };
  };

  const describe = (
    cell: Cell,
    doubts: boolean,
  ): { readonly description: SumDescription; readonly rule: ErrorRule } => {
    if (cell.kind === "plane") {
      const { term } = operand(cell, 1);
      return {
        description: { constant: 0, terms: [term], finish: UNFINISHED, doubt: 0, exact: null },
        rule: { own: NO_ERROR, carried: [], finish: UNFINISHED, finishError: 0 },
      };
    }
    const { constant, error: own, exact, finish } = cell.node;
    const operands = cell.terms.map(({ operand: each, weight }) => ({ ...operand(each, weight), weight }));
    const rule: ErrorRule = { own, carried: operands, finish: UNFINISHED, finishError: 0 };
    // Before any value is known, the error counts as if sums came near 0.
    const openSign = (): number =>
      doubts && finish.kind === "sign"
        ? (sumErrors([...described.map((each) => each.rule), rule]).at(-1)?.sign ?? 0)
        : 0;
    const description: SumDescription = {
      constant,
      terms: operands.map((each) => each.term),
      finish: UNFINISHED,
      doubt: exact?.within ?? openSign(),
      exact:
        exact === null
          ? null
          : { values: cell.operands.map((each) => (each === null ? null : operand(each, 1).term)), sum: exact },
    };
    return { description, rule };
  };

  const ofRoots = roots.map((root) => describe(root, doubtSigns));
  const all = [...described, ...ofRoots];
  return { descriptions: all.map((each) => each.description), rules: all.map((each) => each.rule) };
}

const UNFINISHED = { kind: "sum" } as const;

function missing(): never {
  throw new InternalError("an operand depends on a bit that is not enumerated");
}
