/** Sets that fill a knapsack almost exactly. */

/** Inputs of either half that are searched in all combinations. */
const HALF = 10;

/** Operations that {@link createTightSets} and two searches take, about. */
export const TIGHT_SETS_COST = 2 ** (HALF + 6);

/** A subset of a half as a mask of its inputs, in ascending order of its size. */
interface Half {
  readonly inputs: readonly number[];
  readonly masks: Uint32Array;
  readonly sums: Float64Array;
}

/**
 * Meets in the middle (Horowitz & Sahni, 1974) on some of the inputs, with the others fixed so that the capacity lies half
 * way. The gaps left are about 4^-HALF of the inputs' sizes, as of the best of as many random sets.
 *
 * @param order all inputs; those that are not searched are taken in this order, as long as they fit
 * @param attempt another number searches other inputs, in other halves
 * @returns a search for the `most` sets that leave least of a capacity
 */
export function createTightSets(
  sizes: Float64Array,
  order: Uint32Array,
  attempt: number,
): (capacity: number, most: number) => Uint8Array[] {
  const chosenCount = Math.min(sizes.length, 2 * HALF);
  const ranks = new Set(
    Array.from(
      { length: chosenCount },
      (_, index) => (attempt + Math.floor((index * sizes.length) / chosenCount)) % sizes.length,
    ),
  );
  const chosen = [...order].filter((_, rank) => ranks.has(rank));
  const others = order.filter((_, rank) => !ranks.has(rank));
  // Alternately, in runs that grow with the attempts.
  const isLeft = (index: number): boolean => Math.floor(index / (1 + (attempt % HALF))) % 2 === 0;
  const left = halfOf(
    sizes,
    chosen.filter((_, index) => isLeft(index)),
  );
  const right = halfOf(
    sizes,
    chosen.filter((_, index) => !isLeft(index)),
  );
  const chosenTotal = (left.sums.at(-1) ?? 0) + (right.sums.at(-1) ?? 0);

  return (capacity, most) => {
    const base = new Uint8Array(sizes.length);
    let room = capacity;
    for (const input of others) {
      const size = sizes[input] ?? 0;
      if (size > room - chosenTotal / 2) continue;
      base[input] = 1;
      room -= size;
    }
    return tightestPairs(left, right, room, most).map(({ leftMask, rightMask }) => {
      const set = base.slice();
      mark(set, left.inputs, leftMask);
      mark(set, right.inputs, rightMask);
      return set;
    });
  };
}

/** All subset sums in ascending order: with each input the list so far is merged with itself, moved by the input's size. */
function halfOf(sizes: Float64Array, inputs: readonly number[]): Half {
  let masks = Uint32Array.of(0);
  let sums = Float64Array.of(0);
  inputs.forEach((input, position) => {
    const size = sizes[input] ?? 0;
    const length = sums.length;
    const mergedMasks = new Uint32Array(2 * length);
    const mergedSums = new Float64Array(2 * length);
    let [without, withInput] = [0, 0];
    for (let rank = 0; rank < 2 * length; rank++) {
      const moved = (sums[withInput] ?? Number.POSITIVE_INFINITY) + size;
      const kept = sums[without] ?? Number.POSITIVE_INFINITY;
      if (kept <= moved) {
        mergedSums[rank] = kept;
        mergedMasks[rank] = masks[without] ?? 0;
        without++;
      } else {
        mergedSums[rank] = moved;
        mergedMasks[rank] = (masks[withInput] ?? 0) | (1 << position);
        withInput++;
      }
    }
    masks = mergedMasks;
    sums = mergedSums;
  });
  return { inputs, masks, sums };
}

interface Pair {
  readonly leftMask: number;
  readonly rightMask: number;
  readonly gap: number;
}

/** For every subset of the left half the largest of the right half that still fits; of these the tightest. */
function tightestPairs(left: Half, right: Half, room: number, most: number): Pair[] {
  const pairs: Pair[] = [];
  let partner = right.sums.length - 1;
  for (let rank = 0; rank < left.sums.length; rank++) {
    const stillFree = room - (left.sums[rank] ?? 0);
    while (partner >= 0 && (right.sums[partner] ?? 0) > stillFree) partner--;
    if (partner < 0) break;
    const gap = stillFree - (right.sums[partner] ?? 0);
    const last = pairs.at(-1);
    if (last !== undefined && pairs.length === most && gap >= last.gap) continue;
    if (pairs.length === most) pairs.pop();
    const place = pairs.findIndex((pair) => pair.gap > gap);
    const pair = { leftMask: left.masks[rank] ?? 0, rightMask: right.masks[partner] ?? 0, gap };
    pairs.splice(place === -1 ? pairs.length : place, 0, pair);
  }
  return pairs;
}

function mark(set: Uint8Array, inputs: readonly number[], mask: number): void {
  inputs.forEach((input, position) => {
    if (((mask >>> position) & 1) === 1) set[input] = 1;
  });
}
