/** Which samples are for training, for validation and for the test. */
import { fail } from "../diagnostics.js";
import { createStream } from "../morph/random.js";
import { checkCount } from "./check-option.js";

/** Share of the samples that each split gets, 0 … 1; training gets the rest. */
export interface SplitFractions {
  readonly validation: number;
  readonly test: number;
}

/** Disjoint indices that together are 0 … count − 1. */
export interface IndexSplits {
  readonly training: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
}

/** Keeps the streams of permutations apart from those of samples. */
const PERMUTATION_KEY = 0x70657260;

/** The numbers 0 … count − 1 in an order that depends on the seed alone (Fisher and Yates). */
export function permutation(count: number, seed: number): Uint32Array {
  const random = createStream(PERMUTATION_KEY, seed);
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let index = count - 1; index > 0; index--) {
    const other = random.below(index + 1);
    const kept = order[index] ?? 0;
    order[index] = order[other] ?? 0;
    order[other] = kept;
  }
  return order;
}

/**
 * Splits `count` samples by a permutation: first the test, then the validation samples, so that a set that is cut off
 * first does not change with the size of the others. A fraction above 0 gives at least one sample.
 * @throws DiagnosticError BMN0801 for fractions out of range, or if nothing is left to train on
 */
export function splitIndices(count: number, fractions: SplitFractions, seed: number): IndexSplits {
  const share = (name: keyof SplitFractions): number => {
    const fraction = fractions[name];
    if (!(fraction >= 0 && fraction < 1)) {
      fail("BMN0801", `the share ${fraction} of the ${name} samples is out of range`, {
        path: `fractions.${name}`,
        hint: "give a number of at least 0 and less than 1",
      });
    }
    return fraction === 0 ? 0 : Math.max(1, Math.round(fraction * count));
  };
  const [tests, validations] = [share("test"), share("validation")];
  if (tests + validations >= count) {
    fail("BMN0801", `too few samples: ${count} in all, ${tests} for the test, ${validations} for validation`, {
      hint: "add pictures, or give the splits smaller shares",
    });
  }
  const order = permutation(count, seed);
  return {
    test: order.slice(0, tests),
    validation: order.slice(tests, tests + validations),
    training: order.slice(tests + validations),
  };
}

/**
 * Holds back the last `validation` of `count` samples in the order of {@link permutation}; there is no test split.
 * @throws DiagnosticError BMN0801 if nothing is left to train on
 */
export function splitLast(count: number, validation: number, seed: number): Omit<IndexSplits, "test"> {
  checkCount("validation", validation, 1, 2 ** 31);
  if (validation >= count) {
    fail("BMN0801", `too few samples: ${count} in all, ${validation} to be held back for validation`, {
      path: "validation",
      hint: `give a number of at most ${count - 1}`,
    });
  }
  const order = permutation(count, seed);
  return { training: order.slice(0, count - validation), validation: order.slice(count - validation) };
}
