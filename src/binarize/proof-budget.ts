/** What the proofs of one network may cost, in operations, so that the same network gets the same answer on every machine. */
import type { SearchBudget } from "./threshold/budget.js";

/** Patterns that all proofs pattern by pattern may try together: some seconds. */
const MOST_PATTERNS = 2 ** 25;
/** Operations of the searches for small weights together, and of one of them. */
const MOST_OPERATIONS = 2 ** 31;
const MOST_OF_A_SEARCH = 2 ** 22;
/** For each input of a neuron, in any case: weights of few digits are found with so many. */
const LEAST_OF_AN_INPUT = 2 ** 11;

export class ProofBudget {
  #patterns = MOST_PATTERNS;
  readonly #operationsEach: number;

  /** @param neurons that share it */
  constructor(neurons = 1) {
    this.#operationsEach = Math.min(MOST_OF_A_SEARCH, Math.floor(MOST_OPERATIONS / Math.max(1, neurons)));
  }

  /** Takes `patterns` if so many are left. */
  takePatterns(patterns: number): boolean {
    if (patterns > this.#patterns) return false;
    this.#patterns -= patterns;
    return true;
  }

  /** For the search of one neuron. */
  search(inputs: number): SearchBudget {
    return { remaining: Math.max(this.#operationsEach, LEAST_OF_AN_INPUT * inputs) };
  }
}
