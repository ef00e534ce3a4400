/** One neuron to one operation on bits, with its grade, the proof's numbers and the bounds of what it puts out. */
import type { Grade } from "../ir/node.js";
import { activate } from "../model/activation.js";
import type { Activation } from "../model/types.js";
import { type ActivatedSet, type Comparison, linearCheck } from "./activation.js";
import { closestConstantSet } from "./closest.js";
import { BIT, type LiteralNeuron, onBits, readsBits, toLiterals, UNKNOWN } from "./literals.js";
import type { BinarizationPolicy, ChannelBounds, NeuronReport } from "./report.js";
import { integerThreshold, ProofBudget, proveByEnumeration, type SubsetSumGap } from "./threshold-function.js";

/** What a neuron does to the bits of its inputs, before any complement. */
export type BitFunction =
  | { readonly kind: "erosion" | "dilation"; readonly members: readonly boolean[] }
  | { readonly kind: "constant"; readonly value: 0 | 1 }
  | { readonly kind: "threshold"; readonly weights: readonly bigint[]; readonly bound: bigint };

export interface BinarizedNeuron {
  readonly function: BitFunction;
  readonly complemented: boolean;
  readonly grade: Grade;
  readonly inequality: NeuronReport["inequality"];
  readonly distance: number | null;
  readonly output: ChannelBounds;
  readonly reason: string | null;
}

export interface NeuronParameters {
  readonly weights: Float32Array;
  readonly bias: number;
  readonly scale: number;
  readonly activation: Activation;
}

/**
 * Exactly the neuron's bit `[P·(W·b − B) > 0]` on bits (policies `auto` and `exact`), or the closest erosion or dilation
 * where the neuron is neither (policy `approximate-constant`). The grade is `exact` when the bit is proved for every
 * input within `bounds`.
 */
export function binarizeNeuron(
  neuron: NeuronParameters,
  bounds: readonly ChannelBounds[],
  policy: BinarizationPolicy,
  budget = new ProofBudget(),
): BinarizedNeuron {
  const { weights, bias, scale } = neuron;
  if (scale === 0) return zeroScale(neuron);
  const comparison: Comparison = scale > 0 ? "above" : "at-least";
  const complemented = scale < 0;
  const literals = toLiterals(weights, bias, bounds);
  const bits = onBits(literals);
  const onBitsSet = linearCheck(bits, comparison);

  if (policy === "approximate-constant" && (onBitsSet === null || !isKnownToThePapers(onBitsSet))) {
    const { operation, members, distance } = closestConstantSet(weights, bias);
    return {
      function: { kind: operation, members },
      complemented,
      grade: "approximate",
      inequality: null,
      distance,
      output: UNKNOWN,
      reason: "it is no erosion or dilation; replaced by the closest one",
    };
  }

  const provedSet = linearCheck(literals, comparison);
  // The linear check is complete for what is an erosion or dilation on bits: where it failed, enumeration would too.
  const gap = provedSet ?? (onBitsSet === null ? proveByEnumeration(literals, comparison, budget) : null);
  const proved = gap !== null || readsBits(literals);
  return {
    function: bitFunction(neuron, onBitsSet, comparison),
    complemented,
    grade: proved ? "exact" : "hardened",
    inequality: inequalityOf(provedSet ?? onBitsSet, literals),
    distance: null,
    output: proved ? outputBounds(neuron, literals, gap) : UNKNOWN,
    reason: proved ? null : reasonOf(literals),
  };
}

/** P = 0: the value is ½ whatever the input, and the bit [½ > ½] is 0. */
function zeroScale(neuron: NeuronParameters): BinarizedNeuron {
  const output = neuron.activation === "step" ? BIT : { zeroUpper: 0.5, oneLower: 1 };
  return {
    function: { kind: "constant", value: 0 },
    complemented: false,
    grade: "exact",
    inequality: null,
    distance: null,
    output,
    reason: null,
  };
}

/** What the papers' activation test finds: erosions and dilations of inputs as they are, but no constants. */
function isKnownToThePapers(set: ActivatedSet): boolean {
  return set.operation !== "constant" && hasNoComplements(set);
}

function hasNoComplements(set: ActivatedSet): boolean {
  return set.members.every((literal) => !literal.negated);
}

function bitFunction(neuron: NeuronParameters, set: ActivatedSet | null, comparison: Comparison): BitFunction {
  const { weights, bias } = neuron;
  if (set?.operation === "constant") return { kind: "constant", value: set.value };
  if (set === null) return { kind: "threshold", ...integerThreshold(weights, bias, comparison) };
  const members: boolean[] = Array.from(weights, () => false);
  for (const literal of set.members) members[literal.input] = true;
  if (hasNoComplements(set)) return { kind: set.operation === "erosion" ? "erosion" : "dilation", members };
  // An and (or) of inputs and complements of inputs, as a sum of ±1: an erosion holds when all its literals do.
  const unit = Array.from(weights, (weight, input) => (members[input] === true ? BigInt(Math.sign(weight)) : 0n));
  const negative = BigInt(set.members.filter((literal) => literal.negated).length);
  const needed = set.operation === "erosion" ? BigInt(set.members.length) : 1n;
  return { kind: "threshold", weights: unit, bound: needed - negative - 1n };
}

function inequalityOf(set: ActivatedSet | null, neuron: LiteralNeuron): NeuronReport["inequality"] {
  if (set === null) return null;
  return { lower: set.lower, bias: neuron.bound.approximation, upper: set.upper };
}

/**
 * Bounds of χ's values from the extreme pre-activations: z0 = lower − B for bit 0 and z1 = upper − B for bit 1 (for
 * P < 0 the roles are swapped). Without a known gap only the side of ½ is known.
 */
function outputBounds(neuron: NeuronParameters, literals: LiteralNeuron, gap: SubsetSumGap | null): ChannelBounds {
  if (neuron.activation === "step") return BIT;
  if (gap === null) return { zeroUpper: 0.5, oneLower: 0.5 };
  const { scale, activation } = neuron;
  const bound = literals.bound.approximation;
  // The ends and the bound are sums of doubles to the nearest: widen by more than all their roundings.
  const slack = (literals.total.approximation + Math.abs(bound)) * (literals.literals.length + 8) * 2 ** -50;
  const low = roundUp(activate(activation, Math.abs(scale) * Math.min(0, gap.lower - bound + slack)));
  const high = roundDown(activate(activation, Math.abs(scale) * Math.max(0, gap.upper - bound - slack)));
  return scale > 0 ? { zeroUpper: low, oneLower: high } : { zeroUpper: 1 - high, oneLower: 1 - low };
}

/** Grid of the bounds: coarse enough that 1 − v is exact, fine enough to lose nothing that matters. */
const GRID = 2 ** 50;

/** Error allowed to the implementation of ξ, absolute. */
const ACTIVATION_ERROR = 2 ** -40;

function roundUp(value: number): number {
  return Math.min(0.5, Math.ceil((value + ACTIVATION_ERROR) * GRID) / GRID);
}

function roundDown(value: number): number {
  return Math.max(0.5, Math.floor((value - ACTIVATION_ERROR) * GRID) / GRID);
}

function reasonOf(literals: LiteralNeuron): string {
  const unknown = literals.literals.filter((literal) => literal.zeroUpper > literal.oneLower).length;
  if (unknown > 0) return `inputs that are not proved: ${unknown} of ${literals.literals.length}`;
  return "values of its inputs may lie too close to ½ for a proof";
}
