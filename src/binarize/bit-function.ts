/** What a neuron does to the bits of its inputs, before any complement. */
import type { Literal } from "./literals.js";

export type BitFunction =
  | { readonly kind: "erosion" | "dilation"; readonly members: readonly boolean[] }
  | { readonly kind: "constant"; readonly value: 0 | 1 }
  | ThresholdFunction
  | UnionOfErosions;

/** `[Σ weights·bit > bound]`, a weight of any sign for each input, zeros included. */
export interface ThresholdFunction {
  readonly kind: "threshold";
  readonly weights: readonly bigint[];
  readonly bound: bigint;
}

/** Or over the sets of the and over each set's inputs; the same function as the threshold. */
export interface UnionOfErosions {
  readonly kind: "union-of-erosions";
  readonly sets: readonly (readonly boolean[])[];
  readonly weights: readonly bigint[];
  readonly bound: bigint;
}

/** And (or) over the literals of a set, of which some are complements: an erosion holds when all its literals do. */
export function setFunction(
  operation: "erosion" | "dilation",
  literals: readonly Literal[],
  inputs: number,
): BitFunction {
  if (literals.every((literal) => !literal.negated)) {
    const members: boolean[] = Array.from({ length: inputs }, () => false);
    for (const { input } of literals) members[input] = true;
    return { kind: operation, members };
  }
  const weights = Array.from({ length: inputs }, () => 0n);
  for (const { input, negated } of literals) weights[input] = negated ? -1n : 1n;
  const negative = BigInt(literals.filter((literal) => literal.negated).length);
  const needed = operation === "erosion" ? BigInt(literals.length) : 1n;
  return { kind: "threshold", weights, bound: needed - negative - 1n };
}

/** The same function as a sum; for inputs of several bits, where a set of bits is no structuring element. */
export function asThreshold(bits: BitFunction): BitFunction {
  switch (bits.kind) {
    case "constant":
    case "threshold":
      return bits;
    case "union-of-erosions":
      return { kind: "threshold", weights: bits.weights, bound: bits.bound };
    case "erosion":
    case "dilation": {
      const weights = bits.members.map((member) => (member ? 1n : 0n));
      const size = bits.members.filter(Boolean).length;
      return { kind: "threshold", weights, bound: bits.kind === "erosion" ? BigInt(size) - 1n : 0n };
    }
  }
}
