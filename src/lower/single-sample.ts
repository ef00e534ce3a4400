/**
 * Answers for one sample, or for few: its bits side by side in words instead of one bit in each of many words, which batches fill.
 * `single-plan.ts` says what is computed how; here it becomes calls and tables, if that is worth it.
 */
import type { Readout } from "../ir/node.js";
import { wordsFor } from "../morph/bit-image.js";
import { absolute, add, constant, multiply } from "../word/build.js";
import type { Index, Statement, Table } from "../word/node.js";
import type { ProgramBuilder } from "./program-builder.js";
import type { SampleWords } from "./samples.js";
import { limbsOf } from "./scores.js";
import { exportBits, packBits, unpackBits } from "./single-bits.js";
import { costOfMatches, MatchTable, matchLevel, sizeOfMatches } from "./single-matches.js";
import { type Level, type PlacedSum, placedSum, type SinglePlan } from "./single-plan.js";
import { costOfSet, matchSets, SetTables, sizeOfSet } from "./single-sets.js";
import {
  costOfSums,
  type SumShape,
  SumTables,
  shapeOfScores,
  shapeOfSums,
  sizeOfSums,
  sumGates,
  sumScores,
} from "./single-sums.js";

/** Operators to take a bit out of a word, or to put it in. */
const COST_PER_MOVE = 3;

/** Operators around the loops of a level. */
const COST_OF_LEVEL = 50;

const WORD = 32;

/** Words that tables may have; with more of them, generated files would be hard to compile. */
const MOST_TABLE_WORDS = 2 ** 22;

/** Limbs of sums; code for more of them would be long. */
const MOST_LIMBS = 16;

export interface SingleProgram {
  readonly plan: SinglePlan;
  readonly levels: readonly { readonly level: Level; readonly shape: SumShape }[];
  /** Null where bits are the answer. */
  readonly scores: ScoreSums | null;
}

interface ScoreSums {
  readonly sums: readonly PlacedSum[];
  readonly shape: SumShape;
}

/** @returns null where tables would be too large, code too long, or there is nothing to add up */
export function singleProgram(plan: SinglePlan | null, readout: Readout | null, lanes: number): SingleProgram | null {
  if (plan === null) return null;
  const scores = readout === null ? null : scoreSums(plan, readout);
  const levels = plan.levels.map((level) => ({ level, shape: shapeOfSums(level.sums) }));
  const program = { plan, levels, scores };
  const lists = sumsOf(program);
  const areEmpty = lists.length > 0 && lists.every(({ sums }) => sums.every(({ weights }) => weights.size === 0));
  if (areEmpty || lists.some(({ shape }) => shape.limbs > MOST_LIMBS)) return null;
  return sizeOfSingle(program, lanes) > MOST_TABLE_WORDS ? null : program;
}

/** Sums of all levels that have some, and those of the read-out. */
function sumsOf({ levels, scores }: SingleProgram): readonly ScoreSums[] {
  const ofLevels = levels.map(({ level, shape }) => ({ sums: level.sums, shape }));
  return [...ofLevels, ...(scores === null ? [] : [scores])].filter(({ sums }) => sums.length > 0);
}

const total = <T>(list: readonly T[], of: (each: T) => number): number => list.reduce((all, each) => all + of(each), 0);

/** Time for a sample, in operators of a word or a vector. */
export function costOfSingle(program: SingleProgram, lanes: number): number {
  const { plan, scores } = program;
  const packed = total(plan.levels, (level) => (level.isPacked ? level.firstSum + level.sums.length - level.first : 0));
  const moved = packed + (plan.areInputsUnpacked ? plan.inputs : 0) + (scores === null ? plan.outputs.length : 0);
  const ofLevels = total(plan.levels, ({ matches, sets }) => {
    return COST_OF_LEVEL + (matches === null ? 0 : costOfMatches(matches, lanes)) + total(sets, costOfSet);
  });
  return ofLevels + COST_PER_MOVE * moved + total(sumsOf(program), ({ sums, shape }) => costOfSums(sums, shape));
}

/** Size of the tables, in words. */
export function sizeOfSingle(program: SingleProgram, lanes: number): number {
  const { plan, scores } = program;
  const ofLevels = total(plan.levels, ({ matches, sets }) => {
    return (matches === null ? 0 : sizeOfMatches(matches, lanes)) + total(sets, sizeOfSet);
  });
  const ofOutputs = scores === null ? plan.outputs.length : 0;
  return ofLevels + ofOutputs / 2 + total(sumsOf(program), ({ sums, shape }) => sizeOfSums(sums, shape));
}

/** Scratch memory, in as many words as the target has lanes. */
export function slotsOfSingle({ plan }: SingleProgram, lanes: number): number {
  const mostMatched = plan.levels.reduce((most, { matches }) => Math.max(most, matches?.words ?? 0), 0);
  return slotsOfBits(plan, lanes) + (lanes === 1 ? 0 : mostMatched);
}

/** Of all bits, as words and packed. */
function slotsOfBits({ places }: SinglePlan, lanes: number): number {
  return Math.ceil((places + places / WORD) / lanes);
}

function scoreSums({ outputs }: SinglePlan, readout: Readout): ScoreSums {
  const { limbs } = limbsOf(readout);
  const sums = readout.weights.map((row, label) => placedSum(readout.biases[label] ?? 0n, outputs, row));
  return { sums, shape: shapeOfScores(sums.length, limbs) };
}

/** Where the words of a sample lie in scratch memory from `at` on. */
export interface SinglePlaces {
  readonly values: Index;
  readonly packed: Index;
  readonly spread: Index;
}

export function singlePlaces({ plan }: SingleProgram, lanes: number, at: Index): SinglePlaces {
  const packed = add(at, plan.places);
  // Vectors that are read again and again begin at a multiple of their length.
  const spread = add(at, slotsOfBits(plan, lanes) * lanes);
  return { values: at, packed, spread: lanes === 1 ? packed : spread };
}

/** Where the words of an image go whose first one is packed word `first`. */
export function wordsOfSingle({ packed }: SinglePlaces, first: number): SampleWords {
  return { first: absolute("scratch", add(packed, first)), step: constant(1) };
}

/** The calls that answer sample `number`, whose pixels are packed. */
export function answerSingle(
  { plan, levels, scores }: SingleProgram,
  places: SinglePlaces,
  lanes: number,
  number: Index,
  builder: ProgramBuilder,
): Statement[] {
  const matchTable = new MatchTable(lanes);
  const setTables = new SetTables();
  const sumTables = new SumTables();
  const tables: Table[] = [];
  const packedAt = (place: number): Index => add(places.packed, place / WORD);
  const valueAt = (place: number): Index => add(places.values, place);
  const calls = plan.areInputsUnpacked ? [unpackBits(places.packed, plan.inputs / WORD, places.values)] : [];
  for (const { level, shape } of levels) {
    const { first, matches, firstSet, sets, firstSum, sums, isPacked } = level;
    if (matches !== null) {
      const own = { packed: places.packed, spread: places.spread, results: valueAt(first) };
      calls.push(...matchLevel(matches, matchTable.add(matches), lanes, own));
    }
    if (sets.length > 0) calls.push(matchSets(setTables.add(sets), places.values, valueAt(firstSet)));
    if (sums.length > 0) calls.push(sumGates(sumTables.add(sums, shape), shape, places.values, valueAt(firstSum)));
    if (isPacked) {
      const words = Math.ceil((firstSum + sums.length - first) / WORD);
      calls.push(packBits(valueAt(first), words, packedAt(first)));
    }
  }
  if (scores === null) {
    const to = multiply(number, constant(wordsFor(plan.outputs.length)));
    const { callable, tables: own } = exportBits(plan.outputs, places.values, to);
    calls.push(callable);
    tables.push(...own);
  } else {
    const range = sumTables.addAlike(scores.sums, scores.shape);
    calls.push(sumScores(range, scores.shape, scores.sums.length, places.values, number));
  }
  builder.addTables([...matchTable.tables(), ...setTables.tables(), ...sumTables.tables(), ...tables]);
  return calls.map((callable) => builder.callOf(callable));
}
