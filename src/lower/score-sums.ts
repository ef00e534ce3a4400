/**
 * The scores of all samples of a pass as bit-sliced sums. Every weight is written in digits −1, 0, 1, no two neighbours of which
 * are not 0 (the non-adjacent form, which has the fewest); a digit −1 on x is a digit 1 on ¬x and moves the bias. So the
 * score of a class is, modulo 2^digits, a sum of columns of words, one column for each binary digit, and of constants.
 *
 * A column is added up eight words at a time by carry-save adders (`carry-save.ts`). A block of eight carries one word out
 * into the column three digits up; what the adders hold in the end is the digit itself and a word each for the next two columns.
 *
 *   score_columns   for each column: blocks of plain words, blocks of words to complement
 *   score_operands  for each block: slot for the word that is carried out, eight slots;
 *                   for each column, behind its blocks: slots of its digit and of the words for the next two columns
 *   score_starts    for each class: where its first column begins in score_operands
 */
import { InternalError } from "../diagnostics.js";
import type { Readout } from "../ir/node.js";
import type { Table } from "../word/node.js";
import { BLOCK, ONES_SLOT, ZERO_SLOT } from "./gate-program.js";
import type { SlotPool } from "./slot-pool.js";
import { unsignedTable } from "./table.js";

export interface ScoreSums {
  readonly tables: readonly Table[];
  /** Of each class. */
  readonly columns: number;
}

/** Position and sign of each digit of the non-adjacent form that is not 0, the least first. */
export function signedDigits(value: bigint): { readonly position: number; readonly isNegative: boolean }[] {
  const digits: { readonly position: number; readonly isNegative: boolean }[] = [];
  let rest = value;
  for (let position = 0; rest !== 0n; position++) {
    if ((rest & 1n) === 1n) {
      const isNegative = (rest & 3n) === 3n;
      digits.push({ position, isNegative });
      rest += isNegative ? 1n : -1n;
    }
    rest >>= 1n;
  }
  return digits;
}

/** Words to be added up in one column. */
interface Column {
  readonly plain: number[];
  readonly opposite: number[];
  /** Slots among `plain` that are free once the column is added up. */
  readonly carried: number[];
}

/**
 * @param featureSlots slot of each feature
 * @param digitSlots where each digit of a score goes, the least first; a score is a number of so many digits in two's
 *   complement. Null for a slot that is to be filled with zeros.
 * @param pool slots for the words between columns
 */
export function scoreSums(
  { weights, biases }: Readout,
  featureSlots: readonly number[],
  digitSlots: readonly number[],
  pool: SlotPool,
): ScoreSums {
  const operands: number[] = [];
  const columns: number[] = [];
  const starts: number[] = [];
  const waste = pool.take();
  weights.forEach((row, label) => {
    starts.push(operands.length);
    const bias = biases[label];
    if (bias === undefined) throw new InternalError(`class ${label} has no bias`);
    const sums = columnsOf(row, bias, featureSlots, digitSlots.length);
    sums.forEach((_, position) => {
      addColumn(sums, position, { operands, columns, digitSlot: digitSlots[position] ?? waste, waste, pool });
    });
  });
  const tables = [
    unsignedTable("score_columns", columns, "[class][digit]: blocks of plain words, blocks of words to complement"),
    unsignedTable(
      "score_operands",
      operands,
      "each block: slot of the carry, 8 slots; then the column's digit and its two carries",
    ),
    unsignedTable("score_starts", starts, "[class]: where its columns begin in score_operands"),
  ];
  return { tables, columns: digitSlots.length };
}

function columnsOf(row: readonly bigint[], bias: bigint, featureSlots: readonly number[], digits: number): Column[] {
  const columns = Array.from({ length: digits }, (): Column => ({ plain: [], opposite: [], carried: [] }));
  let constant = bias;
  row.forEach((weight, feature) => {
    const slot = featureSlots[feature];
    if (slot === undefined) throw new InternalError("a weight without a feature");
    for (const { position, isNegative } of signedDigits(weight)) {
      // −2^p·x = 2^p·¬x − 2^p
      if (isNegative) constant -= 1n << BigInt(position);
      const column = columns[position];
      if (column !== undefined) (isNegative ? column.opposite : column.plain).push(slot);
    }
  });
  columns.forEach((column, position) => {
    if (((constant >> BigInt(position)) & 1n) === 1n) column.plain.push(ONES_SLOT);
  });
  return columns;
}

interface Sink {
  readonly operands: number[];
  readonly columns: number[];
  readonly digitSlot: number;
  readonly waste: number;
  readonly pool: SlotPool;
}

function addColumn(columns: readonly Column[], position: number, sink: Sink): void {
  const { operands, digitSlot, waste, pool } = sink;
  const { plain, opposite, carried } = columns[position] ?? { plain: [], opposite: [], carried: [] };
  const count = plain.length + opposite.length;
  /** A slot for a word of the column `above` this one, which is 0 for certain with fewer than `least` words. */
  const carryTo = (above: number, least: number): number => {
    const column = columns[position + above];
    if (column === undefined || count < least) return waste;
    const slot = pool.take();
    column.plain.push(slot);
    column.carried.push(slot);
    return slot;
  };
  const addBlocks = (slots: readonly number[], filler: number): number => {
    const blocks = Math.ceil(slots.length / BLOCK);
    for (let block = 0; block < blocks; block++) {
      operands.push(carryTo(3, BLOCK));
      for (let index = 0; index < BLOCK; index++) operands.push(slots[block * BLOCK + index] ?? filler);
    }
    return blocks;
  };
  sink.columns.push(addBlocks(plain, ZERO_SLOT), addBlocks(opposite, ONES_SLOT));
  operands.push(digitSlot, carryTo(1, 2), carryTo(2, 4));
  for (const slot of carried) pool.release(slot);
}
