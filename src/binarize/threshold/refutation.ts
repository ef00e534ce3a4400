/**
 * Quick refutation of candidate weights by single sets. Small weights w' give the same function as the exact ones iff no
 * false set and no rest (what a true set leaves out) together weigh Σ w' or more: then a false set weighs as much as a
 * true one. So a few sets that fill their knapsacks almost exactly refute most candidates, and a greedy filling by the
 * candidate's own densities most of the others.
 */
import type { SearchBudget } from "./budget.js";
import type { Knapsacks } from "./positive-threshold.js";
import { createTightSets, TIGHT_SETS_COST } from "./tight-sets.js";

export interface Refuter {
  /**
   * True if `weights`, whose sum is `total`, are known to give another function; charges the budget.
   * @param proofCost what it costs to prove them instead: the more, the more is tried
   */
  readonly refutes: (weights: Float64Array, total: number, proofCost: () => number, budget: SearchBudget) => boolean;
}

/** Sets kept of either kind; the last useful ones. */
const MOST_SETS = 48;
/** Tight sets of either kind. */
const MOST_TIGHT = 16;
/** Tight sets are looked for where a proof costs as much, the first time and later. */
const FIRST_TIGHT_COST = 2 ** 16;
const SECOND_TIGHT_COST = 2 ** 18;
/** Searches for them, before a proof that costs much more. */
const MOST_TIGHT_ATTEMPTS = 6;

/** Large inputs at these strides are taken first, then the others from large to small. */
const FIRST_STRIDES = [1, 2, 3, 7];

export function createRefuter(knapsacks: Knapsacks): Refuter {
  const { sizes, falseCapacity, restCapacity } = knapsacks;
  const inputs = sizes.length;
  const descending = Array.from(sizes.keys()).sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0));
  const falseSets: Uint8Array[] = [];
  const rests: Uint8Array[] = [];
  for (const stride of FIRST_STRIDES) {
    const order = new Uint32Array(inputs);
    const early = Math.floor(inputs / stride);
    descending.forEach((input, rank) => {
      const place = Math.floor((rank + 1) / stride);
      order[(rank + 1) % stride === 0 ? place - 1 : early + rank - place] = input;
    });
    falseSets.push(fill(sizes, order, falseCapacity));
    rests.push(fill(sizes, order, restCapacity));
  }

  const refutesByKnown = (weights: Float64Array, total: number, budget: SearchBudget): boolean => {
    let heaviestFalse = 0;
    let heaviestRest = 0;
    for (let index = 0; index < Math.max(falseSets.length, rests.length); index++) {
      budget.remaining -= 2 * inputs;
      const falseSet = falseSets[index];
      if (falseSet !== undefined) heaviestFalse = Math.max(heaviestFalse, weightOf(falseSet, weights));
      const rest = rests[index];
      if (rest !== undefined) heaviestRest = Math.max(heaviestRest, weightOf(rest, weights));
      if (heaviestFalse + heaviestRest >= total) {
        // What refutes one candidate refutes the next one too, more often than not.
        moveToFront(falseSets, index);
        moveToFront(rests, index);
        return true;
      }
    }
    return false;
  };

  const refutesByDensity = (order: Uint32Array, weights: Float64Array, total: number): boolean => {
    const falseSet = fill(sizes, order, falseCapacity);
    const rest = fill(sizes, order, restCapacity);
    if (weightOf(falseSet, weights) + weightOf(rest, weights) < total) return false;
    remember(falseSets, falseSet);
    remember(rests, rest);
    return true;
  };

  // Each set costs a step per input, to make and at every later candidate.
  const setsCost = 4 * MOST_TIGHT * inputs;
  let nextTightCost = Math.max(FIRST_TIGHT_COST, 2 * setsCost);
  const addTightSets = (order: Uint32Array, attempt: number): void => {
    const tightSets = createTightSets(sizes, order, attempt);
    for (const set of tightSets(falseCapacity, MOST_TIGHT)) remember(falseSets, set);
    for (const set of tightSets(restCapacity, MOST_TIGHT)) remember(rests, set);
  };

  return {
    refutes: (weights, total, proofCost, budget) => {
      if (refutesByKnown(weights, total, budget)) return true;
      budget.remaining -= inputs * (Math.ceil(Math.log2(inputs + 1)) + 6);
      const order = byDensity(sizes, weights);
      if (refutesByDensity(order, weights, total)) return true;
      const cost = proofCost();
      if (cost < nextTightCost) return false;
      nextTightCost = Math.max(SECOND_TIGHT_COST, 8 * setsCost);
      const attempts = Math.min(MOST_TIGHT_ATTEMPTS, Math.ceil(cost / nextTightCost));
      for (let attempt = 0; attempt < attempts; attempt++) {
        budget.remaining -= TIGHT_SETS_COST + setsCost;
        addTightSets(order, attempt);
        if (refutesByKnown(weights, total, budget)) return true;
      }
      return false;
    },
  };
}

function weightOf(set: Uint8Array, weights: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < set.length; index++) sum += (set[index] ?? 0) * (weights[index] ?? 0);
  return sum;
}

/** Takes every input, in that order, that still fits. */
function fill(sizes: Float64Array, order: Uint32Array, capacity: number): Uint8Array {
  const set = new Uint8Array(sizes.length);
  let left = capacity;
  for (let rank = 0; rank < order.length; rank++) {
    const index = order[rank] ?? 0;
    const size = sizes[index] ?? 0;
    if (size > left) continue;
    set[index] = 1;
    left -= size;
  }
  return set;
}

/** Most weight per size first. */
function byDensity(sizes: Float64Array, weights: Float64Array): Uint32Array {
  const densities = weights.map((weight, index) => weight / (sizes[index] ?? 1));
  return Uint32Array.from(sizes.keys()).sort((a, b) => (densities[b] ?? 0) - (densities[a] ?? 0));
}

function moveToFront(sets: Uint8Array[], index: number): void {
  const set = sets[index];
  if (set === undefined) return;
  sets.splice(index, 1);
  sets.unshift(set);
}

function remember(sets: Uint8Array[], set: Uint8Array): void {
  sets.unshift(set);
  if (sets.length > MOST_SETS) sets.pop();
}
