/**
 * The scores of a read-out as bit-sliced sums. Every weight is written in digits −1, 0, 1, no two neighbours of which are not 0
 * (the non-adjacent form, which has the fewest); a digit −1 on x is a digit 1 on ¬x and moves the bias. So the score of a
 * class is a sum of columns of words, one column for each binary digit, and of a constant.
 *
 * Features are added up in blocks, so that those of a block are still in the nearest cache when all classes read them; what
 * is carried from block to block is the sum so far, in binary digits. Only the last block adds the constant, in two's complement.
 */
import { InternalError } from "../diagnostics.js";
import type { Readout } from "../ir/node.js";
import { bitLength } from "../morph/integers.js";

/** Words to be added up at one binary digit: symbols of gates, some of which enter complemented. */
export interface Column {
  readonly plain: readonly number[];
  readonly opposite: readonly number[];
}

/** Stands for a word of ones among symbols. */
export const ONE_SYMBOL = -1;

/** The part of a class's sum that one block of features contributes to. */
export interface ColumnSum {
  readonly label: number;
  readonly block: number;
  /** Least digit first; the sum has as many digits. */
  readonly columns: readonly Column[];
  /** The class's score is complete. */
  readonly isLast: boolean;
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

/**
 * Sums of all classes, block after block.
 * @param features symbol of each feature
 * @param digits of a score, in two's complement
 * @param addSum makes the symbols of a sum's digits, as many as it has columns
 */
export function sumColumns(
  { weights, biases }: Readout,
  features: readonly number[],
  digits: number,
  featuresPerBlock: number,
  addSum: (sum: ColumnSum) => readonly number[],
): void {
  const classes = weights.map((row, label): ClassSum => {
    const bias = biases[label];
    if (bias === undefined) throw new InternalError(`class ${label} has no bias`);
    return { row: row.map(signedDigits), constant: bias, soFar: [], greatest: 0n };
  });
  const blocks = Math.max(1, Math.ceil(features.length / featuresPerBlock));
  for (let block = 0; block < blocks; block++) {
    const first = block * featuresPerBlock;
    const isLast = block === blocks - 1;
    classes.forEach((sum, label) => {
      const columns = sum.soFar.map((symbol) => ({ plain: [symbol], opposite: [] as number[] }));
      const columnAt = (position: number): { plain: number[]; opposite: number[] } => {
        while (columns.length <= position) columns.push({ plain: [], opposite: [] });
        return columns[position] ?? { plain: [], opposite: [] };
      };
      features.slice(first, first + featuresPerBlock).forEach((symbol, index) => {
        for (const { position, isNegative } of sum.row[first + index] ?? []) {
          const value = 1n << BigInt(position);
          // −2^p·x = 2^p·¬x − 2^p
          if (isNegative) sum.constant -= value;
          sum.greatest += value;
          const column = columnAt(position);
          (isNegative ? column.opposite : column.plain).push(symbol);
        }
      });
      if (isLast) addConstant(columnAt, sum.constant, digits);
      const width = isLast ? digits : bitLength(sum.greatest);
      const own = Array.from({ length: width }, (_, position) => columnAt(position));
      if (width > 0) sum.soFar = addSum({ label, block, columns: own, isLast });
    });
  }
}

interface ClassSum {
  /** Digits of each weight. */
  readonly row: readonly ReturnType<typeof signedDigits>[];
  constant: bigint;
  soFar: readonly number[];
  /** What the sum so far, without the constant, is at most. */
  greatest: bigint;
}

function addConstant(
  columnAt: (position: number) => { readonly plain: number[] },
  constant: bigint,
  digits: number,
): void {
  for (let position = 0; position < digits; position++) {
    if (((constant >> BigInt(position)) & 1n) === 1n) columnAt(position).plain.push(ONE_SYMBOL);
  }
}
