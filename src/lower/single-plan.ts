/**
 * How the gates of one sample are computed, where batches of samples would leave most bits of their words unused. The bits of a
 * sample lie side by side: an and compares words of them with a mask, or looks at one after the other, and any other gate adds up
 * the weights of those that are set.
 *
 * Every bit has a *place*: the pixels first, 32 to a group, then the gates, level by level. A bit is kept as a word of 0 or 1,
 * and where ands read it, in packed words too.
 */
import { InternalError } from "../diagnostics.js";
import { type GateList, gateNode, type Signal } from "./gates.js";
import { costOfMatch } from "./single-matches.js";
import { costOfSet } from "./single-sets.js";

/** A bit, or its complement. */
export interface PlacedBit {
  readonly place: number;
  readonly complemented: boolean;
}

/** start + Σ weight · bit, where each place occurs once. */
export interface PlacedSum {
  readonly start: bigint;
  readonly weights: ReadonlyMap<number, bigint>;
}

/** Ands that compare the same packed words, and whose results follow one another. */
export interface Matches {
  /** Of the packed words. */
  readonly firstWord: number;
  readonly words: number;
  /** All of them are 1. */
  readonly gates: readonly (readonly PlacedBit[])[];
}

/** Gates that read pixels and gates of earlier levels only. */
export interface Level {
  /** Place of the first gate; a multiple of 32. */
  readonly first: number;
  readonly matches: Matches | null;
  /** Place of the first of the other ands, each of which reads single bits. */
  readonly firstSet: number;
  readonly sets: readonly (readonly PlacedBit[])[];
  /** Place of the first sum; 1 where it is positive. */
  readonly firstSum: number;
  readonly sums: readonly PlacedSum[];
  /** Whether the words that ands of later levels compare include those of this one. */
  readonly isPacked: boolean;
}

export interface SinglePlan {
  /** Places of pixels, which are packed before the gates. */
  readonly inputs: number;
  /** Whether anything reads single pixels. */
  readonly areInputsUnpacked: boolean;
  readonly levels: readonly Level[];
  /** A bit for each of the outputs; null for a constant 0, complemented for 1. */
  readonly outputs: readonly SingleOutput[];
  /** Of all places; a multiple of 32. */
  readonly places: number;
}

export interface SingleOutput {
  readonly place: number | null;
  readonly complemented: boolean;
}

/** Gates that are computed together may write so many places behind their last one. */
export const MOST_TOGETHER = 16;

const WORD = 32;

/**
 * @param groupSlots inputs of the list from one group of 32 pixels to the next
 * @param lanes words that are compared at a time
 * @returns null for networks so large or deep that tables or code would be
 */
export function planSingle(
  list: GateList,
  outputs: readonly Signal[],
  groupSlots: number,
  lanes: number,
): SinglePlan | null {
  const operands = list.nodes.reduce((all, node) => all + ("operands" in node ? node.operands.length : 0), 0);
  return operands > MOST_OPERANDS ? null : new Planner(list, groupSlots, lanes).plan(outputs);
}

/** With more of them, tables would be too large to be compiled. */
const MOST_OPERANDS = 2 ** 22;

/** Each takes code of its own. */
const MOST_LEVELS = 64;

/** An and of a level, and its operands. */
interface PlacedAnd {
  readonly node: number;
  readonly bits: readonly PlacedBit[];
}

class Planner {
  readonly #list: GateList;
  readonly #groupSlots: number;
  readonly #lanes: number;
  readonly #places: Int32Array;

  constructor(list: GateList, groupSlots: number, lanes: number) {
    this.#list = list;
    this.#groupSlots = groupSlots;
    this.#lanes = lanes;
    this.#places = new Int32Array(list.nodes.length).fill(-1);
  }

  plan(outputs: readonly Signal[]): SinglePlan | null {
    const { inputCount } = this.#list;
    const inputs = (inputCount / this.#groupSlots) * WORD;
    this.#list.nodes.forEach((node, index) => {
      if (node.kind === "input") this.#places[index] = this.#placeOfInput(node.index);
    });
    const levels: Omit<Level, "isPacked">[] = [];
    let end = inputs;
    const nodesByLevel = this.#nodesByLevel(outputs);
    if (nodesByLevel.length > MOST_LEVELS) return null;
    for (const nodes of nodesByLevel) {
      const level = this.#level(nodes, end);
      levels.push(level);
      end = alignUp(level.firstSum + level.sums.length + (level.sums.length === 0 ? 0 : MOST_TOGETHER));
    }
    const placed = outputs.map(({ node, complemented }) => ({
      place: gateNode(this.#list, node).kind === "zero" ? null : this.#placeOf(node),
      complemented,
    }));
    const areUnpacked =
      placed.some(({ place }) => place !== null && place < inputs) ||
      levels.some(
        ({ sets, sums }) =>
          sets.some((bits) => bits.some(({ place }) => place < inputs)) ||
          sums.some(({ weights }) => [...weights.keys()].some((place) => place < inputs)),
      );
    return {
      inputs,
      areInputsUnpacked: areUnpacked,
      levels: levels.map((level, index) => ({ ...level, isPacked: isRead(level, levels.slice(index + 1)) })),
      outputs: placed,
      places: end,
    };
  }

  #placeOfInput(index: number): number {
    return Math.floor(index / this.#groupSlots) * WORD + (index % this.#groupSlots);
  }

  #placeOf(node: number): number {
    const place = this.#places[node] ?? -1;
    if (place < 0) throw new InternalError(`gate ${node} has no place`);
    return place;
  }

  /** The gates that outputs depend on, operands in earlier levels. */
  #nodesByLevel(outputs: readonly Signal[]): number[][] {
    const { nodes } = this.#list;
    const live = new Uint8Array(nodes.length);
    for (const { node } of outputs) live[node] = 1;
    for (let index = nodes.length - 1; index >= 0; index--) {
      if (live[index] === 1) for (const { node } of operandsOf(this.#list, index)) live[node] = 1;
    }
    const levels: number[][] = [];
    const levelOf = new Int32Array(nodes.length).fill(-1);
    nodes.forEach((node, index) => {
      if (live[index] !== 1 || node.kind === "zero" || node.kind === "input") return;
      const level = node.operands.reduce((most, each) => Math.max(most, levelOf[each.node] ?? -1), -1) + 1;
      levelOf[index] = level;
      (levels[level] ??= []).push(index);
    });
    return levels;
  }

  #level(nodes: readonly number[], first: number): Omit<Level, "isPacked"> {
    const { matches, sets } = this.#ands(nodes);
    const sums = nodes.filter((node) => gateNode(this.#list, node).kind === "sum");
    const place = (list: readonly number[], from: number): number => {
      list.forEach((node, index) => {
        this.#places[node] = from + index;
      });
      return from + list.length;
    };
    const lastMatch = place(
      matches.map(({ node }) => node),
      first,
    );
    const firstSet = Math.ceil(lastMatch / MOST_TOGETHER) * MOST_TOGETHER;
    const firstSum = place(
      sets.map(({ node }) => node),
      firstSet,
    );
    place(sums, firstSum);
    const gates = matches.map(({ bits }) => bits);
    return {
      first,
      matches: gates.length === 0 ? null : { ...wordsOf(gates), gates },
      firstSet,
      sets: sets.map(({ bits }) => bits),
      firstSum,
      sums: sums.map((node) => this.#sum(node)),
    };
  }

  #ands(nodes: readonly number[]): { readonly matches: readonly PlacedAnd[]; readonly sets: readonly PlacedAnd[] } {
    const ands = nodes.flatMap((node) => {
      const gate = gateNode(this.#list, node);
      return gate.kind === "all" ? [{ node, bits: gate.operands.map((each) => this.#bit(each)) }] : [];
    });
    const { words } = wordsOf(ands.map(({ bits }) => bits));
    const isMatched = ({ bits }: PlacedAnd): boolean =>
      words <= WORDS_PER_OPERAND * bits.length && costOfMatch(words, this.#lanes) < costOfSet(bits);
    return { matches: ands.filter(isMatched), sets: ands.filter((and) => !isMatched(and)) };
  }

  #bit({ node, complemented }: Signal): PlacedBit {
    return { place: this.#placeOf(node), complemented };
  }

  /** A weighted sum that is positive where the gate is 1. */
  #sum(node: number): PlacedSum {
    const gate = gateNode(this.#list, node);
    if (gate.kind !== "sum") throw new InternalError(`${gate.kind} is no sum`);
    return placedSum(
      -gate.bound,
      gate.operands.map((each) => this.#bit(each)),
      gate.weights,
    );
  }
}

/** Words of a mask for each operand of an and: with more of them, tables would be many times as large as lists of places. */
const WORDS_PER_OPERAND = 2;

/** start + Σ weight · bit: a weight on a complement is its negative on the bit, and moves the start. */
export function placedSum(start: bigint, bits: readonly SingleOutput[], weights: readonly bigint[]): PlacedSum {
  const sum = new Map<number, bigint>();
  let moved = start;
  bits.forEach(({ place, complemented }, index) => {
    const weight = weights[index] ?? 0n;
    if (complemented) moved += weight;
    if (place !== null) sum.set(place, (sum.get(place) ?? 0n) + (complemented ? -weight : weight));
  });
  return { start: moved, weights: new Map([...sum].filter(([, weight]) => weight !== 0n).sort(([a], [b]) => a - b)) };
}

function operandsOf(list: GateList, index: number): readonly Signal[] {
  const node = gateNode(list, index);
  return node.kind === "zero" || node.kind === "input" ? [] : node.operands;
}

function wordsOf(gates: readonly (readonly PlacedBit[])[]): Pick<Matches, "firstWord" | "words"> {
  let [least, greatest] = [Number.POSITIVE_INFINITY, -1];
  for (const bits of gates) {
    for (const { place } of bits) {
      least = Math.min(least, Math.floor(place / WORD));
      greatest = Math.max(greatest, Math.floor(place / WORD));
    }
  }
  return greatest < 0 ? { firstWord: 0, words: 0 } : { firstWord: least, words: greatest - least + 1 };
}

/** Whether the ands of later levels compare words of this one. */
function isRead(
  { first, firstSum, sums }: Omit<Level, "isPacked">,
  later: readonly Omit<Level, "isPacked">[],
): boolean {
  const [from, to] = [first / WORD, alignUp(firstSum + sums.length) / WORD];
  return later.some(
    ({ matches }) => matches !== null && matches.firstWord < to && from < matches.firstWord + matches.words,
  );
}

function alignUp(place: number): number {
  return Math.ceil(place / WORD) * WORD;
}
