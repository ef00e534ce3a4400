/**
 * Sums over all patterns of n bits, a block of 2^L patterns at a time. Within a block a sum is built up from the high bits to the
 * low: a term whose lowest bit in the block is d is added once to each of the 2^(L−d) patterns of the bits d and above, and each
 * sum is copied down to the patterns of the lower bits. Terms that change with every pattern are few, so that a pattern costs
 * about two additions, however many terms there are.
 */
import { InternalError } from "../../diagnostics.js";
import { activate } from "../../model/activation.js";
import type { ExactSum, Finish } from "./graph.js";

/** Most bits of a block: its arrays stay in the nearest caches. */
const BLOCK_BITS = 11;

/** `weight · table[index]`, bit i of the index being bit `places[i]` of the pattern. */
export interface TableTerm {
  readonly table: Float64Array;
  readonly places: readonly number[];
  readonly weight: number;
}

/** `weight` times the value of an earlier sum at the same pattern. */
export interface SumTerm {
  readonly sum: number;
  readonly weight: number;
}

export type Term = TableTerm | SumTerm;

export interface SumDescription {
  readonly constant: number;
  readonly terms: readonly Term[];
  readonly finish: Finish;
  /** Sums within it have no sure sign: they are replaced by the exact sum, or by NaN. */
  readonly doubt: number;
  /** With one term a value; null reads as 0. */
  readonly exact: { readonly values: readonly (Term | null)[]; readonly sum: ExactSum } | null;
}

/** A table's term in blocks: `low[x]` is the index's part from the pattern x of the block's bits `depth` and above. */
interface BlockTerm {
  readonly table: Float64Array;
  readonly weight: number;
  readonly depth: number;
  readonly low: Uint32Array;
  /** For each of the bits above the block: its place there, and what it adds to the index. */
  readonly high: readonly { readonly place: number; readonly value: number }[];
}

interface BlockSum {
  readonly description: SumDescription;
  /** By depth, the highest first; those that do not depend on the block's bits have its size for depth. */
  readonly tables: readonly BlockTerm[];
  readonly sums: readonly SumTerm[];
  readonly values: Float64Array;
}

/**
 * Calls `visit` for each block of the 2^bits patterns with every sum's finished values there: pattern `first + x` is at x. Stops when
 * it returns false. The arrays are used again for the next block.
 * @returns for each sum, the least absolute value that ξ was taken of, or 0
 */
export function forEachBlock(
  bits: number,
  descriptions: readonly SumDescription[],
  visit: (values: readonly Float64Array[], first: number) => boolean,
): readonly number[] {
  const blockBits = Math.min(bits, BLOCK_BITS);
  const size = 2 ** blockBits;
  const sums = descriptions.map(
    (description): BlockSum => ({
      description,
      tables: description.terms
        .flatMap((term) => ("table" in term ? [blockTerm(term, blockBits)] : []))
        .sort((first, second) => second.depth - first.depth),
      sums: description.terms.flatMap((term) => ("sum" in term ? [term] : [])),
      values: new Float64Array(size),
    }),
  );
  const values = sums.map((sum) => sum.values);
  const nearest = sums.map(() => Number.POSITIVE_INFINITY);
  for (let block = 0; block < 2 ** (bits - blockBits); block++) {
    for (const [index, sum] of sums.entries()) {
      addTables(sum, block, blockBits);
      for (const { sum: operand, weight } of sum.sums) addScaled(sum.values, valuesOf(values, operand), weight);
      const { doubt, finish } = sum.description;
      if (doubt > 0) resolveDoubts(sum, values, block * size);
      nearest[index] = Math.min(nearest[index] ?? 0, finishSums(sum.values, finish));
    }
    if (!visit(values, block * size)) break;
  }
  return nearest;
}

function valuesOf(values: readonly Float64Array[], sum: number): Float64Array {
  const found = values[sum];
  if (found === undefined) throw new InternalError("a sum reads one that is not there");
  return found;
}

function blockTerm({ table, places, weight }: TableTerm, blockBits: number): BlockTerm {
  const depth = places.reduce((least, place) => Math.min(least, place), blockBits);
  const low = new Uint32Array(2 ** (blockBits - depth));
  const high: { place: number; value: number }[] = [];
  places.forEach((place, index) => {
    const value = 2 ** index;
    if (place >= blockBits) high.push({ place: place - blockBits, value });
    else {
      const mask = 1 << (place - depth);
      for (let pattern = 0; pattern < low.length; pattern++) {
        if ((pattern & mask) !== 0) low[pattern] = (low[pattern] ?? 0) + value;
      }
    }
  });
  return { table, weight, depth, low, high };
}

function highIndex(term: BlockTerm, block: number): number {
  let index = 0;
  for (const { place, value } of term.high) if (((block >>> place) & 1) === 1) index += value;
  return index;
}

function addTables({ description, tables, values }: BlockSum, block: number, blockBits: number): void {
  values[0] = description.constant;
  let depth = blockBits;
  for (const term of tables) {
    const start = highIndex(term, block);
    if (term.depth === depth) addTerm(values, term, start);
    else copyDownAndAdd(values, term, start, depth - term.depth);
    depth = term.depth;
  }
  if (depth > 0) copyDown(values, depth);
}

function addTerm(values: Float64Array, { table, weight, low }: BlockTerm, start: number): void {
  for (let x = 0; x < low.length; x++) values[x] = (values[x] ?? 0) + weight * (table[start + (low[x] ?? 0)] ?? 0);
}

/** The sums of fewer bits lie at the beginning of the array; from the end on, none is overwritten before it is read. */
function copyDownAndAdd(values: Float64Array, { table, weight, low }: BlockTerm, start: number, bits: number): void {
  for (let x = low.length - 1; x >= 0; x--) {
    values[x] = (values[x >>> bits] ?? 0) + weight * (table[start + (low[x] ?? 0)] ?? 0);
  }
}

function copyDown(values: Float64Array, bits: number): void {
  for (let x = values.length - 1; x >= 0; x--) values[x] = values[x >>> bits] ?? 0;
}

function addScaled(values: Float64Array, operand: Float64Array, weight: number): void {
  for (let x = 0; x < values.length; x++) values[x] = (values[x] ?? 0) + weight * (operand[x] ?? 0);
}

function resolveDoubts({ description, values }: BlockSum, all: readonly Float64Array[], first: number): void {
  const { doubt, exact } = description;
  for (let x = 0; x < values.length; x++) {
    if (!(Math.abs(values[x] ?? 0) <= doubt)) continue;
    values[x] =
      exact === null
        ? Number.NaN
        : exact.sum.evaluate(exact.values.map((term) => (term === null ? 0 : valueAt(term, first + x, x, all))));
  }
}

function valueAt(term: Term, pattern: number, x: number, all: readonly Float64Array[]): number {
  if ("sum" in term) return valuesOf(all, term.sum)[x] ?? 0;
  const index = term.places.reduce((sum, place, bit) => sum + ((pattern >>> place) & 1) * 2 ** bit, 0);
  return term.table[index] ?? 0;
}

/** NaN stays NaN. @returns the least absolute value that ξ was taken of; 0 for other finishes */
export function finishSums(values: Float64Array, finish: Finish): number {
  if (finish.kind === "sum") return 0;
  if (finish.kind === "sign") {
    for (let x = 0; x < values.length; x++) {
      const sum = values[x] ?? 0;
      values[x] = sum > 0 ? 1 : sum <= 0 ? 0 : sum;
    }
    return 0;
  }
  const { activation, steepness } = finish;
  let nearest = Number.POSITIVE_INFINITY;
  for (let x = 0; x < values.length; x++) {
    const sum = values[x] ?? 0;
    const size = Math.abs(sum);
    if (size < nearest) nearest = size;
    values[x] = activate(activation, steepness * sum);
  }
  return nearest;
}
