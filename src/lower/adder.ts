/**
 * Weighted sums of bits, compared with a bound, on whole words: bit-sliced addition with full and half adders, one
 * machine word a bit of the sum.
 */
import { bitLength } from "../morph/integers.js";
import type { NodeId, WordGraph } from "./graph.js";

export interface WeightedWord {
  readonly word: NodeId;
  /** Non-zero. */
  readonly weight: bigint;
}

/** A sum over literals with positive weights; a negative weight on x is a positive one on ¬x and moves the bound. */
export interface PositiveSum<T> {
  readonly terms: readonly { readonly operand: T; readonly negated: boolean; readonly weight: bigint }[];
  /** True iff the sum is strictly greater. */
  readonly bound: bigint;
}

export function toPositiveSum<T>(
  terms: readonly { readonly operand: T; readonly weight: bigint }[],
  bound: bigint,
): PositiveSum<T> {
  const literals = terms.map(({ operand, weight }) => ({
    operand,
    negated: weight < 0n,
    weight: weight < 0n ? -weight : weight,
  }));
  const moved = literals.reduce((sum, literal) => (literal.negated ? sum + literal.weight : sum), bound);
  return { terms: literals, bound: moved };
}

/** The word of `[Σ weight·word > bound]` in every bit. */
export function thresholdWord(graph: WordGraph, terms: readonly WeightedWord[], bound: bigint): NodeId {
  const sum = toPositiveSum(
    terms.map(({ word, weight }) => ({ operand: word, weight })),
    bound,
  );
  if (sum.bound < 0n) return graph.ones;
  const columns = digitColumns(
    inEqualTriples(
      sum.terms.map(({ operand, negated, weight }) => ({ operand: negated ? graph.not(operand) : operand, weight })),
    ),
  );

  // From the least significant digit up: the digit decides, unless it equals the bound's; then the lower ones did.
  let greater = graph.zeros;
  const digits = bitLength(sum.bound);
  for (let position = 0; position < Math.max(columns.length, digits); position++) {
    const digit = addColumn(graph, columns, position);
    const boundDigit = (sum.bound >> BigInt(position)) & 1n;
    greater = boundDigit === 1n ? graph.and(digit, greater) : graph.or(digit, greater);
  }
  return greater;
}

/**
 * Three terms of one weight after the other, then the rest by weight. Columns are added up three by three from the front, so
 * three of one weight are added once for all digits of the weight.
 */
function inEqualTriples<T extends { readonly weight: bigint }>(terms: readonly T[]): T[] {
  const byWeight = new Map<bigint, T[]>();
  for (const term of terms) byWeight.set(term.weight, [...(byWeight.get(term.weight) ?? []), term]);
  const groups = [...byWeight.values()].sort(([a], [b]) => Number((b?.weight ?? 0n) - (a?.weight ?? 0n)));
  const inTriples = (group: readonly T[]): number => group.length - (group.length % 3);
  return [
    ...groups.flatMap((group) => group.slice(0, inTriples(group))),
    ...groups.flatMap((group) => group.slice(inTriples(group))),
  ];
}

/** What to add at each binary digit of a sum with positive weights, least significant first. */
export function digitColumns<T>(terms: readonly { readonly operand: T; readonly weight: bigint }[]): T[][] {
  const columns: T[][] = [];
  for (const { operand, weight } of terms) {
    const digits = weight.toString(2);
    while (columns.length < digits.length) columns.push([]);
    columns.slice(0, digits.length).forEach((column, position) => {
      if (digits.charAt(digits.length - 1 - position) === "1") column.push(operand);
    });
  }
  return columns;
}

/** Adds one column up, oldest words first, and hands its carries to the next; returns the digit of the sum. */
function addColumn(graph: WordGraph, columns: NodeId[][], position: number): NodeId {
  const column = columns[position] ?? [];
  const carries = columns[position + 1] ?? [];
  let next = 0;
  while (column.length - next >= 2) {
    const [a, b, c] = [column[next], column[next + 1], column[next + 2]];
    if (a === undefined || b === undefined) break;
    const half = graph.xor(a, b);
    if (c === undefined) {
      carries.push(graph.and(a, b));
      column.push(half);
      next += 2;
    } else {
      // carry = majority(a, b, c)
      carries.push(graph.or(graph.and(a, b), graph.and(half, c)));
      column.push(graph.xor(half, c));
      next += 3;
    }
  }
  if (carries.length > 0) columns[position + 1] = carries;
  return column[next] ?? graph.zeros;
}
