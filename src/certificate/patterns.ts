/** The float network and MorphIR as sums over a neighbourhood, evaluated for all patterns of the input bits at one pixel. */
import { InternalError } from "../diagnostics.js";
import type { BorderRule } from "../morph/border.js";

/** The least and the greatest that values can be, one entry a pattern. */
export interface Ranges {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** `constant + Σ weight · value of source at the pixel plus (row, column)`, off by at most `error`, and what is made of it. */
export interface Sum {
  readonly terms: readonly {
    readonly source: string;
    readonly row: number;
    readonly column: number;
    readonly weight: number;
  }[];
  readonly border: BorderRule;
  readonly constant: number;
  readonly error: number;
  /** In place. */
  readonly finish: (ranges: Ranges) => void;
  /** There is no error, and of a known sum `finish` makes a known value. */
  readonly isExact: boolean;
}

/** A source is a sum, or plane `plane` of the input. */
export type Definition = Sum | { readonly plane: number };

/** Distances from a pixel to the edges of the picture, or how far away they are felt. */
export interface Distances {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** How far the source looks. What it reads in one direction, a border may bring back from the other: nothing cancels. */
export function createReach(define: (source: string) => Definition): (source: string) => Distances {
  const known = new Map<string, Distances>();
  const reachOf = (source: string): Distances => {
    const found = known.get(source);
    if (found !== undefined) return found;
    const definition = define(source);
    let reach: Distances = { top: 0, bottom: 0, left: 0, right: 0 };
    for (const { source: inner, row, column } of "plane" in definition ? [] : definition.terms) {
      const { top, bottom, left, right } = reachOf(inner);
      reach = {
        top: Math.max(reach.top, top + Math.max(0, -row)),
        bottom: Math.max(reach.bottom, bottom + Math.max(0, row)),
        left: Math.max(reach.left, left + Math.max(0, -column)),
        right: Math.max(reach.right, right + Math.max(0, column)),
      };
    }
    known.set(source, reach);
    return reach;
  };
  return reachOf;
}

/** A source at a pixel of the picture. */
interface Cell {
  /** Bits of the input that it depends on, ascending: pixel · planes + plane. */
  readonly support: readonly number[];
  readonly sum: Sum | null;
  readonly terms: readonly { readonly cell: Cell; readonly weight: number }[];
  table: Ranges | null;
}

const MOST_BITS = 25;
const MOST_CELLS = 2 ** 12;
/** Cells of so few bits are evaluated once for all their patterns, others block by block. */
const TABLE_BITS = 16;
const BLOCK_BITS = 12;

type Visit = (roots: readonly Ranges[], first: number) => void;

export interface Enumeration {
  /** pixel · planes + plane of each bit of a pattern. */
  readonly variables: readonly number[];
  /**
   * Calls `visit` with the ranges of every root for `length` patterns from `first` on, until all are done; blocks whose first
   * pattern `skips` refuses, for the bits that all their patterns share, are left out.
   */
  readonly run: (skips: (first: number, length: number) => boolean, visit: Visit) => void;
}

/** All patterns of the bits that the roots depend on at the pixel (top, left) of the picture; a text where they are too many. */
export function enumerate(
  define: (source: string) => Definition,
  roots: readonly string[],
  { top, bottom, left, right }: Distances,
  planes: number,
): Enumeration | string {
  const [height, width] = [top + bottom + 1, left + right + 1];
  const cells = new Map<string, Cell>();
  const variables = new Set<number>();
  const cellAt = (source: string, row: number, column: number): Cell | null => {
    const key = `${source}@${row},${column}`;
    const known = cells.get(key);
    if (known !== undefined) return known;
    const definition = define(source);
    let cell: Cell;
    if ("plane" in definition) {
      const variable = (row * width + column) * planes + definition.plane;
      variables.add(variable);
      const values = Float64Array.of(0, 1);
      cell = { support: [variable], sum: null, terms: [], table: { low: values, high: values } };
    } else {
      const weights = new Map<Cell, number>();
      for (const term of definition.terms) {
        const wanted = [row + term.row, column + term.column] as const;
        const at = [clamp(wanted[0], height), clamp(wanted[1], width)] as const;
        if (definition.border === "zeros" && (at[0] !== wanted[0] || at[1] !== wanted[1])) continue;
        const inner = cellAt(term.source, ...at);
        if (inner === null) return null;
        weights.set(inner, (weights.get(inner) ?? 0) + term.weight);
      }
      const terms = [...weights].map(([inner, weight]) => ({ cell: inner, weight }));
      const support = [...new Set(terms.flatMap(({ cell: inner }) => inner.support))].sort((a, b) => a - b);
      cell = { support, sum: definition, terms, table: null };
    }
    cells.set(key, cell);
    return cells.size > MOST_CELLS || variables.size > MOST_BITS ? null : cell;
  };
  const found = roots.map((root) => cellAt(root, top, left));
  const rootCells = found.filter((cell) => cell !== null);
  if (rootCells.length < found.length) return `it depends on more than ${MOST_BITS} bits or ${MOST_CELLS} values`;
  const ordered = [...variables].sort((a, b) => a - b);
  return { variables: ordered, run: (skips, visit) => runBlocks(rootCells, ordered, skips, visit) };
}

function clamp(position: number, side: number): number {
  return Math.min(Math.max(position, 0), side - 1);
}

function runBlocks(
  roots: readonly Cell[],
  variables: readonly number[],
  skips: (first: number, length: number) => boolean,
  visit: Visit,
): void {
  const length = 2 ** Math.min(variables.length, BLOCK_BITS);
  const evaluators = new Map<Cell, Evaluator>();
  const evaluatorOf = (cell: Cell): Evaluator => {
    const known = evaluators.get(cell);
    if (known !== undefined) return known;
    const made = createEvaluator(cell, variables, length, (inner) => evaluatorOf(inner).ranges);
    // After those that it reads.
    evaluators.set(cell, made);
    return made;
  };
  // Planes are the only cells without a sum; as roots they do not occur.
  const results = roots.map((root) => evaluatorOf(root).ranges);
  for (let first = 0; first < 2 ** variables.length; first += length) {
    if (skips(first, length)) continue;
    for (const each of evaluators.values()) evaluate(each, first);
    visit(results, first);
  }
}

/** An operand: of a block, entry by entry; of a table, that of a pattern is `low[pattern % length]` and `high` of its other bits. */
interface Operand {
  readonly weight: number;
  readonly ranges: Ranges;
  readonly places: {
    readonly low: Int32Array;
    readonly high: readonly (readonly [bit: number, entry: number])[];
  } | null;
}

interface Evaluator {
  readonly finish: Sum["finish"];
  /** The constant with its error, and the operands that are the same in every block. */
  readonly base: Ranges;
  /** Operands that are the same for all patterns of a block. */
  readonly common: readonly Operand[];
  readonly others: readonly Operand[];
  readonly ranges: Ranges;
}

function createEvaluator(
  cell: Cell,
  variables: readonly number[],
  length: number,
  blockOf: (cell: Cell) => Ranges,
): Evaluator {
  const operands = cell.terms.map(({ cell: inner, weight }): Operand => {
    const table = tableOf(inner);
    if (table === null) return { weight, ranges: blockOf(inner), places: null };
    return { weight, ranges: table, places: placesOf(inner.support, variables, length) };
  });
  const { constant = 0, error = 0, finish = (): void => undefined, isExact = true } = cell.sum ?? {};
  const single = isExact && operands.every(({ ranges: { low, high } }) => low === high);
  const base = createRanges(length, single);
  base.low.fill(constant - error);
  base.high.fill(constant + error);
  const isFixed = ({ places }: Operand): boolean => places?.high.length === 0;
  const isCommon = ({ places }: Operand): boolean => places !== null && places.low.every((place) => place === 0);
  for (const operand of operands.filter(isFixed)) add(base, operand, 0);
  const changing = operands.filter((operand) => !isFixed(operand));
  return {
    finish,
    base,
    common: changing.filter(isCommon),
    others: changing.filter((operand) => !isCommon(operand)),
    ranges: createRanges(length, single),
  };
}

/** @param single the least and the greatest are the same, and kept once */
function createRanges(length: number, single: boolean): Ranges {
  const low = new Float64Array(length);
  return { low, high: single ? low : new Float64Array(length) };
}

/** All patterns of the cell's own bits; null where they are too many. */
function tableOf(cell: Cell): Ranges | null {
  if (cell.table !== null) return cell.table;
  const { support } = cell;
  if (support.length > TABLE_BITS) return null;
  const evaluator = createEvaluator(cell, support, 2 ** support.length, () => {
    throw new InternalError("a cell depends on less than one of its terms");
  });
  evaluate(evaluator, 0);
  cell.table = evaluator.ranges;
  return cell.table;
}

function placesOf(support: readonly number[], variables: readonly number[], length: number): Operand["places"] {
  const low = new Int32Array(length);
  const high: (readonly [number, number])[] = [];
  support.forEach((variable, place) => {
    const bit = variables.indexOf(variable);
    if (2 ** bit >= length) high.push([bit, 2 ** place]);
    else {
      for (let pattern = 0; pattern < length; pattern++) {
        low[pattern] = (low[pattern] ?? 0) + ((pattern >> bit) & 1) * 2 ** place;
      }
    }
  });
  return { low, high };
}

function evaluate({ finish, base, common, others, ranges }: Evaluator, first: number): void {
  let [least, most] = [0, 0];
  for (const { weight, ranges: own, places } of common) {
    const entry = entryOf(places, first);
    const [low, high] = [own.low[entry] ?? 0, own.high[entry] ?? 0];
    least += weight * (weight >= 0 ? low : high);
    most += weight * (weight >= 0 ? high : low);
  }
  const isSingle = ranges.low === ranges.high;
  for (let x = 0; x < ranges.low.length; x++) ranges.low[x] = (base.low[x] ?? 0) + least;
  if (!isSingle) for (let x = 0; x < ranges.high.length; x++) ranges.high[x] = (base.high[x] ?? 0) + most;
  for (const operand of others) add(ranges, operand, first);
  finish(ranges);
}

/** The entry of the pattern whose lower bits are 0. */
function entryOf(places: Operand["places"], first: number): number {
  return (places?.high ?? []).reduce((sum, [bit, entry]) => sum + ((first >>> bit) & 1) * entry, 0);
}

function add({ low, high }: Ranges, { weight, ranges, places }: Operand, first: number): void {
  const [toLow, toHigh] = weight >= 0 ? [ranges.low, ranges.high] : [ranges.high, ranges.low];
  addTo(low, weight, toLow, places, first);
  if (low !== high) addTo(high, weight, toHigh, places, first);
}

function addTo(
  sums: Float64Array,
  weight: number,
  values: Float64Array,
  places: Operand["places"],
  first: number,
): void {
  if (places === null) {
    for (let x = 0; x < sums.length; x++) sums[x] = (sums[x] ?? 0) + weight * (values[x] ?? 0);
    return;
  }
  const start = entryOf(places, first);
  const { low } = places;
  for (let x = 0; x < sums.length; x++) sums[x] = (sums[x] ?? 0) + weight * (values[start + (low[x] ?? 0)] ?? 0);
}
