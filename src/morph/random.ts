/** Reproducible random numbers: the same seed gives the same numbers on every machine. */

export interface Random {
  /** A uniform integer of 0 … bound − 1, for bounds up to 2^32. */
  below(bound: number): number;
  /** A uniform number of [0, 1), a multiple of 2^−32. */
  uniform(): number;
  /** A number of the standard normal distribution. */
  normal(): number;
}

/** 2^32 over the golden ratio, made odd. */
const GOLDEN_STEP = 0x9e3779b9;

/** Weyl sequence through a 32-bit mixer, after "splitmix" (Steele, Lea, Flood, 2014). */
export function createRandom(seed: number): Random {
  return weylRandom(seed >>> 0, GOLDEN_STEP);
}

/**
 * The numbers that belong to `keys`, such as a seed and the index of a sample. Each stream has its own step besides its
 * own start, as when splitmix splits, so that two of them are not parts of one sequence.
 * @param keys integers of 0 … 2^53 − 1
 */
export function createStream(...keys: readonly number[]): Random {
  let first = GOLDEN_STEP;
  let second = 0x2545f491;
  for (const key of keys) {
    for (const word of [key >>> 0, Math.floor(key / 2 ** 32) >>> 0]) {
      first = mix((first ^ word) + GOLDEN_STEP);
      second = mix((second + word) ^ first);
    }
  }
  return weylRandom(first, (second | 1) >>> 0);
}

/** Two rounds of shift and multiply, in which every bit of the result depends on every bit of `word`. */
function mix(word: number): number {
  let mixed = word >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** @param step odd, so that the state runs through all of 2^32 values */
function weylRandom(start: number, step: number): Random {
  let state = start;
  const uniform = (): number => {
    state = (state + step) >>> 0;
    return mix(state) / 2 ** 32;
  };
  return {
    uniform,
    below: (bound) => Math.floor(uniform() * bound),
    // Box and Muller, 1958; one of its two numbers, so that a stream has no state besides its position.
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  };
}
