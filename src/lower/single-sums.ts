/**
 * Weighted sums of one sample's bits, exact in integers: gates that are 1 where a sum is positive, and the scores of a read-out.
 * Some sums are added up together, so that a bit that many of them read is read once.
 */
import { InternalError } from "../diagnostics.js";
import { add, constant, load, multiply, relative, variable } from "../word/build.js";
import {
  assignIndex,
  assignWide,
  letIndex,
  letWide,
  loop,
  ONE,
  store,
  wideVariable,
  ZEROS,
} from "../word/build-statement.js";
import type { Condition, Index, Statement, Table, Wide } from "../word/node.js";
import { type Callable, indexCandidate, makeCallable, pointerCandidate } from "./function.js";
import { carryLimbs, describeScore, limbsExceed, limbsFor, toLimbs } from "./limbs.js";
import { answerClass, letWinner, storeWinner } from "./score-answer.js";
import { MOST_TOGETHER, type PlacedSum } from "./single-plan.js";
import { signedTable, unsignedTable } from "./table.js";

/** Sums in the order in which they are added up. */
export interface SumShape {
  readonly limbs: number;
  /** Sums that are added up together: they read all bits that any of them reads. */
  readonly together: number;
}

/** Variables that sums are added up in: machines have few more registers. */
const MOST_VARIABLES = 12;

function limbsOfSums(sums: readonly PlacedSum[]): number {
  const size = (value: bigint): bigint => (value < 0n ? -value : value);
  const greatest = sums.map(({ start, weights }) =>
    [...weights.values()].reduce((total, weight) => total + size(weight), size(start)),
  );
  return limbsFor(greatest.reduce((most, each) => (each > most ? each : most), 0n));
}

/** The cheapest number of gates to add up together. */
export function shapeOfSums(sums: readonly PlacedSum[]): SumShape {
  const limbs = limbsOfSums(sums);
  const many = { limbs, together: Math.min(MOST_TOGETHER, Math.max(1, Math.floor(MOST_VARIABLES / limbs))) };
  const single = { limbs, together: 1 };
  return costOfSums(sums, many) < costOfSums(sums, single) ? many : single;
}

/** As few turns as the variables allow, and no more classes in a turn than that takes. */
export function shapeOfScores(classes: number, limbs: number): SumShape {
  const turns = Math.ceil(classes / Math.max(1, Math.floor(MOST_VARIABLES / limbs)));
  return { limbs, together: Math.ceil(classes / turns) };
}

/** Operators of one word, about: to read a bit takes two, and to multiply and add a weight one. */
export function costOfSums(sums: readonly PlacedSum[], { limbs, together }: SumShape): number {
  return turnsOf(sums, together).reduce((cost, turn) => cost + (bitsOf(turn).length + 4) * (2 + limbs * together), 0);
}

/** What tables hold of the sums, in words. */
export function sizeOfSums(sums: readonly PlacedSum[], shape: SumShape): number {
  const perBit = 0.5 + shape.together * wordsOfWeight(sums, shape);
  return turnsOf(sums, shape.together).reduce((size, turn) => size + bitsOf(turn).length * perBit, 0);
}

/** A table's elements are as narrow as its longest entry allows. */
function wordsOfWeight(sums: readonly PlacedSum[], { limbs }: SumShape): number {
  if (limbs > 1) return limbs;
  const isWithin = (bits: number): boolean =>
    sums.every(({ weights }) => [...weights.values()].every((weight) => BigInt.asIntN(bits, weight) === weight));
  if (isWithin(8)) return 1 / 4;
  return isWithin(16) ? 1 / 2 : 1;
}

function turnsOf(sums: readonly PlacedSum[], together: number): PlacedSum[][] {
  const turns = Math.ceil(sums.length / together);
  return Array.from({ length: turns }, (_, turn) => sums.slice(turn * together, (turn + 1) * together));
}

/** Places that any of the sums reads. */
function bitsOf(sums: readonly PlacedSum[]): number[] {
  return [...new Set(sums.flatMap(({ weights }) => [...weights.keys()]))].sort((a, b) => a - b);
}

/** Where a list of sums begins in each of the tables. */
interface SumRange {
  readonly turns: number;
  readonly firstSize: number;
  readonly firstBit: number;
  readonly firstWeight: number;
  readonly firstStart: number;
}

/** The tables of all sums of a program. */
export class SumTables {
  readonly #sizes: number[] = [];
  readonly #bits: number[] = [];
  readonly #weights: number[] = [];
  readonly #starts: number[] = [];

  add(sums: readonly PlacedSum[], shape: SumShape): SumRange {
    const turns = turnsOf(sums, shape.together);
    const range = this.#rangeOf(turns.length);
    for (const turn of turns) {
      const bits = bitsOf(turn);
      this.#sizes.push(bits.length);
      for (const bit of bits) this.#bits.push(bit);
      this.#addTurn(turn, bits, shape);
    }
    return range;
  }

  /** Sums that all read the same bits, which are named once. */
  addAlike(sums: readonly PlacedSum[], shape: SumShape): SumRange & { readonly bits: number } {
    const bits = bitsOf(sums);
    const range = { ...this.#rangeOf(Math.ceil(sums.length / shape.together)), bits: bits.length };
    for (const bit of bits) this.#bits.push(bit);
    for (const turn of turnsOf(sums, shape.together)) this.#addTurn(turn, bits, shape);
    return range;
  }

  /** Where the next sums begin. */
  #rangeOf(turns: number): SumRange {
    return {
      turns,
      firstSize: this.#sizes.length,
      firstBit: this.#bits.length,
      firstWeight: this.#weights.length,
      firstStart: this.#starts.length,
    };
  }

  /** Sums that fill up the last turn are 0. */
  #addTurn(sums: readonly PlacedSum[], bits: readonly number[], { limbs, together }: SumShape): void {
    const numbers = Array.from({ length: together }, (_, index) => index);
    for (const bit of bits) {
      for (const index of numbers) this.#weights.push(...toLimbs(sums[index]?.weights.get(bit) ?? 0n, limbs));
    }
    for (const index of numbers) this.#starts.push(...toLimbs(sums[index]?.start ?? 0n, limbs));
  }

  tables(): Table[] {
    const tables = [
      unsignedTable("sum_sizes", this.#sizes, "bits that the sums of a turn read"),
      unsignedTable("sum_bits", this.#bits, "places of these bits"),
      signedTable("sum_weights", this.#weights, "for each bit of a turn: [sum][limb]"),
      signedTable("sum_starts", this.#starts, "for each turn: [sum][limb]"),
    ];
    return tables.filter(({ values }) => values.length > 0);
  }
}

/** Names of the limbs of sum `index` of a turn. */
function limbNames(index: number, { limbs }: SumShape): string[] {
  return Array.from({ length: limbs }, (_, limb) => (limbs === 1 ? `sum${index}` : `sum${index}_${limb}`));
}

/**
 * Adds up the sums of a turn: reads the bits `from` … `to` − 1 of the table, and takes weights from `weight` on, which is moved
 * behind the last.
 */
function addUp(shape: SumShape, from: Index, to: Index, start: Index): Statement[] {
  const names = Array.from({ length: shape.together }, (_, index) => limbNames(index, shape)).flat();
  const entry = (table: string, index: Index): Wide => ({ kind: "table", table, index });
  const place: Index = { kind: "table", table: "sum_bits", index: variable("bit") };
  return [
    ...names.map((name, index) => letWide(name, entry("sum_starts", add(start, index)), true)),
    {
      kind: "for",
      variable: "bit",
      from,
      to,
      step: constant(1),
      body: [
        letWide("value", { kind: "from-word", value: load(relative("values", place)) }),
        ...names.map((name, index) =>
          assignWide(name, {
            kind: "add",
            left: wideVariable(name),
            right: {
              kind: "multiply",
              left: entry("sum_weights", add(variable("weight"), index)),
              right: wideVariable("value"),
            },
          }),
        ),
        assignIndex("weight", add(variable("weight"), names.length)),
      ],
    },
    ...Array.from({ length: shape.together }, (_, index) => carryLimbs(limbNames(index, shape))).flat(),
  ];
}

/** @param values where the bits of the sample lie, and `results` those of the gates, a word of 0 or 1 each */
export function sumGates(range: SumRange, shape: SumShape, values: Index, results: Index): Callable {
  const { together, limbs } = shape;
  const turn = variable("turn");
  const answer = (index: number): Statement => {
    const place = relative("results", add(multiply(turn, together), index));
    return {
      kind: "if",
      condition: limbsExceed(limbNames(index, shape), null),
      then: [store(place, ONE)],
      else: [store(place, ZEROS)],
    };
  };
  return makeCallable(
    {
      name: "sum_gates",
      comment: ["Gates that are 1 where a weighted sum of a sample's bits is positive."],
      mode: "scalar",
      body: [
        letIndex("first_bit", variable("bits_at"), true),
        letIndex("weight", variable("weights_at"), true),
        loop("turn", variable("turns"), [
          letIndex(
            "end",
            add(variable("first_bit"), { kind: "table", table: "sum_sizes", index: add(variable("sizes_at"), turn) }),
          ),
          ...addUp(
            shape,
            variable("first_bit"),
            variable("end"),
            add(variable("starts_at"), multiply(turn, together * limbs)),
          ),
          ...Array.from({ length: together }, (_, index) => answer(index)),
          assignIndex("first_bit", variable("end")),
        ]),
      ],
    },
    [
      pointerCandidate("values", "scratch", values),
      pointerCandidate("results", "scratch", results),
      indexCandidate("turns", range.turns),
      indexCandidate("sizes_at", range.firstSize),
      indexCandidate("bits_at", range.firstBit),
      indexCandidate("weights_at", range.firstWeight),
      indexCandidate("starts_at", range.firstStart),
    ],
  );
}

/** Scores of all classes of one sample, and the first class with the greatest. @param number of the sample */
export function sumScores(
  range: ReturnType<SumTables["addAlike"]>,
  shape: SumShape,
  classes: number,
  values: Index,
  number: Index,
): Callable {
  const { together, limbs } = shape;
  if (range.turns * together < classes) throw new InternalError("classes without sums");
  const label = variable("label");
  const answer = (index: number): Statement[] => {
    const own = add(label, index);
    const statements = answerClass(limbNames(index, shape), own, index === 0 ? label : null);
    const isSure = classes % together === 0 || (range.turns - 1) * together + index < classes;
    if (isSure) return statements;
    const isClass: Condition = { kind: "index", operator: "<", left: own, right: constant(classes) };
    return [{ kind: "if", condition: isClass, then: statements, else: [] }];
  };
  return makeCallable(
    {
      name: "sum_scores",
      comment: [
        "Scores of all classes of one sample, exact in integers, and the first class with the greatest.",
        describeScore(limbs),
      ],
      mode: "scalar",
      body: [
        ...letWinner(limbs),
        letIndex("weight", range.firstWeight, true),
        loop(
          "label",
          classes,
          [
            ...addUp(
              shape,
              constant(range.firstBit),
              constant(range.firstBit + range.bits),
              add(multiply(label, limbs), range.firstStart),
            ),
            ...Array.from({ length: together }, (_, index) => answer(index)).flat(),
          ],
          together,
        ),
        storeWinner(),
      ],
    },
    [
      pointerCandidate("values", "scratch", values),
      pointerCandidate("classes", "classes", number),
      pointerCandidate("scores", "scores", multiply(number, classes * limbs)),
    ],
  );
}
