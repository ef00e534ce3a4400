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
import { MatchTable, matchLevel } from "./single-matches.js";
import { costOfMatch, type PlacedSum, placedSum, type SinglePlan } from "./single-plan.js";
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

/** Words that tables may have; with more of them, generated files would be hard to compile. */
const MOST_TABLE_WORDS = 2 ** 22;

const WORD = 32;

export interface SingleProgram {
  readonly plan: SinglePlan;
  readonly levels: readonly { readonly shape: SumShape }[];
  /** Null where bits are the answer. */
  readonly scores: ScoreSums | null;
  /** Time, in operators of a word or a vector. */
  readonly cost: number;
  /** Size of the tables, in words. */
  readonly tableWords: number;
  /** Of scratch memory, each as many words as the target has lanes. */
  readonly slots: number;
}

interface ScoreSums {
  readonly sums: readonly PlacedSum[];
  readonly shape: SumShape;
}

/** @returns null where tables would be too large, or there is nothing to add up */
export function singleProgram(plan: SinglePlan, readout: Readout | null, lanes: number): SingleProgram | null {
  const scores = readout === null ? null : scoreSums(plan, readout);
  if (scores !== null && scores.sums.every(({ weights }) => weights.size === 0)) return null;
  const levels = plan.levels.map(({ sums }) => ({ shape: shapeOfSums(sums) }));
  const matches = plan.levels.flatMap((level) => level.matches ?? []);
  const matchWords = matches.reduce((all, { words, gates }) => all + 2 * words * gates.length, 0);
  const matchCost = matches.reduce((all, { words, gates }) => all + gates.length * costOfMatch(words, lanes), 0);
  const sets = plan.levels.flatMap((level) => level.sets);
  const totalOfSets = (of: typeof costOfSet): number => sets.reduce((all, bits) => all + of(bits), 0);
  const sums = plan.levels.map((level, index) => [level.sums, levels[index]?.shape] as const);
  const lists = [...sums, ...(scores === null ? [] : [[scores.sums, scores.shape] as const])];
  const total = (of: (sums: readonly PlacedSum[], shape: SumShape) => number): number =>
    lists.reduce((all, [list, shape]) => all + (shape === undefined || list.length === 0 ? 0 : of(list, shape)), 0);
  const bitsOut = scores === null ? plan.outputs.length : 0;
  const moved = (plan.areInputsUnpacked ? plan.inputs : 0) + bitsOut;
  const tableWords = matchWords + totalOfSets(sizeOfSet) + total(sizeOfSums) + bitsOut / 2;
  const mostMatched = matches.reduce((most, { words }) => Math.max(most, words), 0);
  return tableWords > MOST_TABLE_WORDS
    ? null
    : {
        plan,
        levels,
        scores,
        cost: matchCost + totalOfSets(costOfSet) + total(costOfSums) + COST_PER_MOVE * moved,
        tableWords,
        slots: Math.ceil((plan.places + plan.places / WORD) / lanes) + (lanes === 1 ? 0 : mostMatched),
      };
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
  return { values: at, packed, spread: lanes === 1 ? packed : add(packed, plan.places / WORD) };
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
  plan.levels.forEach(({ first, matches, firstSet, sets, firstSum, sums, isPacked }, index) => {
    if (matches !== null) {
      const own = { packed: places.packed, spread: places.spread, results: valueAt(first) };
      calls.push(...matchLevel(matches, matchTable.add(matches), lanes, own));
    }
    if (sets.length > 0) calls.push(matchSets(setTables.add(sets), places.values, valueAt(firstSet)));
    const shape = levels[index]?.shape;
    if (shape !== undefined && sums.length > 0) {
      calls.push(sumGates(sumTables.add(sums, shape), shape, places.values, valueAt(firstSum)));
    }
    if (isPacked) {
      const words = Math.ceil((firstSum + sums.length - first) / WORD);
      calls.push(packBits(valueAt(first), words, packedAt(first)));
    }
  });
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
