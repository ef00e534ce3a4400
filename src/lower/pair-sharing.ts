/**
 * Common pairs of many sets, each computed once: an and of forty bits takes as many operations fewer as pairs of its
 * operands are found in other ands too. Greedy, after Paar: the pair that most sets contain becomes a symbol of its own in all
 * of them, until no pair is in enough sets. The order of ties is fixed, and work is counted in operations, so that the
 * same sets give the same pairs on every machine.
 */

export interface SharedPairs {
  /** The sets, with pairs for what they share; the union of what a set's symbols stand for is what it was. */
  readonly sets: readonly Int32Array[];
  /** Pair i is symbol `symbolCount` + i and joins two symbols, which may be earlier pairs. */
  readonly pairs: readonly (readonly [number, number])[];
}

export interface SharingLimits {
  /** Sets that a pair must be in. */
  readonly least: number;
  readonly pairs: number;
  /** Symbols looked at, over all. */
  readonly work: number;
}

/** @param sets of symbols 0 … symbolCount − 1, none twice in a set */
export function sharePairs(
  sets: readonly (readonly number[])[],
  symbolCount: number,
  limits: SharingLimits,
): SharedPairs {
  const sharing = new Sharing(sets, symbolCount, limits);
  sharing.run();
  return { sets: sharing.sets.map((set, index) => set.slice(0, sharing.lengths[index])), pairs: sharing.pairs };
}

class Sharing {
  readonly sets: readonly Int32Array[];
  readonly lengths: number[];
  readonly pairs: [number, number][] = [];
  /** Sets that each symbol is in, and some that it has left. */
  readonly #holders: number[][] = [];
  /** Symbols by the number of sets that their best pair is in, or may be in: it never grows. */
  readonly #queues: number[][] = [];
  readonly #counts: Int32Array;
  readonly #symbolCount: number;
  readonly #limits: SharingLimits;
  #work = 0;

  constructor(sets: readonly (readonly number[])[], symbolCount: number, limits: SharingLimits) {
    this.sets = sets.map((set) => Int32Array.from(set));
    this.lengths = sets.map((set) => set.length);
    this.#symbolCount = symbolCount;
    this.#limits = limits;
    this.#counts = new Int32Array(symbolCount + limits.pairs);
    for (let symbol = 0; symbol < symbolCount; symbol++) this.#holders.push([]);
    sets.forEach((set, index) => {
      for (const symbol of set) this.#holders[symbol]?.push(index);
    });
    // Downwards, so that the last one, which is taken first, is the lowest symbol.
    for (let symbol = symbolCount - 1; symbol >= 0; symbol--) this.#enqueue(symbol, this.#holdersOf(symbol).length);
  }

  run(): void {
    const { least, pairs, work } = this.#limits;
    for (let level = this.#queues.length - 1; level >= least; ) {
      const symbol = this.#queues[level]?.pop();
      if (symbol === undefined) {
        level--;
        continue;
      }
      const { partner, count } = this.#bestPartner(symbol);
      if (this.#work > work) return;
      if (count < level) {
        this.#enqueue(symbol, count);
        continue;
      }
      if (this.pairs.length >= pairs) return;
      this.#join(symbol, partner);
      this.#enqueue(symbol, count);
    }
  }

  #holdersOf(symbol: number): number[] {
    return this.#holders[symbol] ?? [];
  }

  #enqueue(symbol: number, count: number): void {
    while (this.#queues.length <= count) this.#queues.push([]);
    this.#queues[count]?.push(symbol);
  }

  /** The symbol that is with this one in most sets, the lowest of several. */
  #bestPartner(symbol: number): { readonly partner: number; readonly count: number } {
    const counts = this.#counts;
    const holders = this.#holdersOf(symbol).filter((index) => this.#contains(index, symbol));
    this.#holders[symbol] = holders;
    let partner = -1;
    let count = 0;
    for (const index of holders) {
      const set = this.sets[index];
      const length = this.lengths[index] ?? 0;
      if (set === undefined) continue;
      this.#work += length;
      for (let position = 0; position < length; position++) {
        const other = set[position] ?? 0;
        const found = (counts[other] ?? 0) + 1;
        counts[other] = found;
        if (other !== symbol && (found > count || (found === count && other < partner))) {
          partner = other;
          count = found;
        }
      }
    }
    for (const index of holders) {
      const set = this.sets[index];
      const length = this.lengths[index] ?? 0;
      for (let position = 0; position < length; position++) counts[set?.[position] ?? 0] = 0;
    }
    return { partner, count };
  }

  #contains(index: number, symbol: number): boolean {
    const set = this.sets[index];
    const length = this.lengths[index] ?? 0;
    this.#work += length;
    for (let position = 0; position < length; position++) if (set?.[position] === symbol) return true;
    return false;
  }

  /** A new symbol instead of two, in every set that has both. */
  #join(first: number, second: number): void {
    const joined = this.#symbolCount + this.pairs.length;
    this.pairs.push([first, second]);
    const holders: number[] = [];
    for (const index of this.#holdersOf(first)) {
      const set = this.sets[index];
      if (set === undefined) continue;
      const length = this.lengths[index] ?? 0;
      const view = set.subarray(0, length);
      const [a, b] = [view.indexOf(first), view.indexOf(second)];
      if (a === -1 || b === -1) continue;
      set[a] = joined;
      set[b] = set[length - 1] ?? 0;
      this.lengths[index] = length - 1;
      holders.push(index);
    }
    this.#holders[joined] = holders;
    this.#enqueue(joined, holders.length);
  }
}
