/** One neuron to one operation on bits, with its grade, the proof's numbers and the bounds of what it puts out. */
import { InternalError } from "../diagnostics.js";
import type { Grade } from "../ir/node.js";
import type { Activation } from "../model/types.js";
import { type ActivatedSet, type Comparison, linearCheck } from "./activation.js";
import { type BitFunction, setFunction } from "./bit-function.js";
import { type ApproximationMethod, closestOperation } from "./closest/closest.js";
import type { Dyadic } from "./dyadic.js";
import { BIT, type LiteralNeuron, onBits, readsBits, toLiterals, UNKNOWN } from "./literals.js";
import { ProofBudget } from "./proof-budget.js";
import type { Arithmetic, BinarizationPolicy, ChannelBounds, NeuronReport, ProofMethod } from "./report.js";
import {
  describeLackOfRoom,
  type Evaluation,
  hasRoom,
  isSurelyHalf,
  outputBounds,
  type SubsetSumGap,
} from "./rounding.js";
import { proveByEnumeration } from "./threshold-function.js";
import { type BitThreshold, thresholdOnBits, worstGap } from "./threshold-on-bits.js";

export interface BinarizedNeuron {
  readonly function: BitFunction;
  readonly complemented: boolean;
  readonly grade: Grade;
  readonly proof: ProofMethod | null;
  readonly inequality: NeuronReport["inequality"];
  readonly distance: number | null;
  readonly weightError: number | null;
  readonly output: ChannelBounds;
  readonly reason: string | null;
}

/** `ξ(P·(Σ W·x − B)) > ½` over the bits of its inputs, or over their levels. */
export interface NeuronParameters {
  /** W, float32; for inputs in levels, one for each bit (see level-code.ts). */
  readonly weights: ArrayLike<number>;
  /** B, subtracted, with everything that a cut or the representatives add to it. */
  readonly bias: number | Dyadic;
  readonly scale: number;
  readonly activation: Activation;
  /** The float neuron's bit is another than [y > ½] of values near 0 and 1: why it cannot be proved by bounds. */
  readonly unprovable?: string;
}

export interface NeuronSettings {
  readonly policy: BinarizationPolicy;
  readonly arithmetic: Arithmetic;
  /** Most bits of a weight; longer ones are rounded. */
  readonly weightBits?: number;
  readonly budget?: ProofBudget;
}

/**
 * Exactly the neuron's bit `[P·(W·b − B) > 0]` on bits (policies `auto` and `exact`), or the closest erosion or dilation
 * where the neuron is neither (policies `approximate-…`). The grade is `exact` when the bit is proved for every
 * input within `bounds`.
 */
export function binarizeNeuron(
  neuron: NeuronParameters,
  bounds: readonly ChannelBounds[],
  settings: NeuronSettings,
): BinarizedNeuron {
  const { weights, bias, scale, activation } = neuron;
  const comparison: Comparison = scale >= 0 ? "above" : "at-least";
  const evaluation: Evaluation = { scale, activation, comparison, arithmetic: settings.arithmetic };
  const literals = toLiterals(weights, bias, bounds);
  if (scale === 0) return zeroScale(neuron, literals, evaluation);
  const onBitsSet = linearCheck(onBits(literals), comparison);
  const approximation = approximationOf(settings.policy);
  if (approximation !== null && (onBitsSet === null || !isKnownToThePapers(onBitsSet))) {
    return closest(neuron, approximation);
  }

  const budget = settings.budget ?? new ProofBudget();
  const threshold =
    onBitsSet === null ? thresholdOnBits(literals, comparison, weights.length, budget, settings.weightBits) : null;
  const common = {
    function: threshold?.function ?? setOf(onBitsSet, weights.length),
    complemented: scale < 0,
    distance: null,
    weightError: threshold?.weightError ?? null,
  };
  if (common.weightError !== null) {
    const reason = `its weights are rounded to ${settings.weightBits} bits`;
    return { ...common, grade: "approximate", proof: null, inequality: null, output: UNKNOWN, reason };
  }
  const proof = neuron.unprovable === undefined ? prove(literals, evaluation, onBitsSet, threshold, budget) : null;
  const gap = proof?.gap ?? (onBitsSet === null ? (threshold?.gap ?? null) : onBitsSet);
  const inequality = gap === null ? null : { ...endsOf(gap), bias: literals.bound.approximation };
  const method = proof?.method ?? null;
  if (proof !== null && method !== null) {
    const output = outputBounds(literals, proof.gap, evaluation);
    return { ...common, grade: "exact", proof: method, inequality, output, reason: null };
  }
  const reason =
    neuron.unprovable ??
    (proof === null
      ? reasonOf(literals)
      : `${describeLackOfRoom(literals, evaluation)}; it is exact in real arithmetic`);
  return { ...common, grade: "hardened", proof: null, inequality, output: UNKNOWN, reason };
}

/** P = 0: the value is ½ whatever the input, and the bit [½ > ½] is 0. */
function zeroScale(neuron: NeuronParameters, literals: LiteralNeuron, evaluation: Evaluation): BinarizedNeuron {
  const overflow = isSurelyHalf(literals, evaluation) ? null : describeLackOfRoom(literals, evaluation);
  const reason = neuron.unprovable ?? overflow;
  const proved: ChannelBounds = evaluation.activation === "step" ? BIT : { zeroUpper: 0.5, oneLower: 1 };
  return {
    function: { kind: "constant", value: 0 },
    complemented: false,
    grade: reason === null ? "exact" : "hardened",
    proof: reason === null ? "inequality" : null,
    inequality: null,
    distance: null,
    weightError: null,
    output: reason === null ? proved : UNKNOWN,
    reason,
  };
}

function approximationOf(policy: BinarizationPolicy): ApproximationMethod | null {
  switch (policy) {
    case "auto":
    case "exact":
      return null;
    case "approximate-constant":
      return "constant";
    case "approximate-uniform":
      return "uniform";
    case "approximate-normal":
      return "normal";
    case "approximate-activated":
      return "activated";
    case "approximate-bounds":
      return "bounds";
  }
}

/** What the papers' activation test finds: erosions and dilations of inputs as they are, but no constants. */
function isKnownToThePapers(set: ActivatedSet): boolean {
  return set.operation !== "constant" && set.members.every((literal) => !literal.negated);
}

function closest(neuron: NeuronParameters, method: ApproximationMethod): BinarizedNeuron {
  const { weights, bias, scale } = neuron;
  const plainBias = typeof bias === "number" ? bias : bias.approximation;
  const { operation, members, distance } = closestOperation(method, Float32Array.from(weights), plainBias);
  return {
    function: { kind: operation, members },
    complemented: scale < 0,
    grade: "approximate",
    proof: null,
    inequality: null,
    distance,
    weightError: null,
    output: UNKNOWN,
    reason: "it is no erosion or dilation; replaced by the closest one",
  };
}

function setOf(set: ActivatedSet | null, inputs: number): BitFunction {
  if (set === null) throw new InternalError("neither a set nor a threshold");
  if (set.operation === "constant") return { kind: "constant", value: set.value };
  return setFunction(set.operation, set.members, inputs);
}

interface Proof {
  /** Null when exact arithmetic proves it, but float32 rounding might decide otherwise. */
  readonly method: ProofMethod | null;
  /** Over all admissible inputs; null where only the side of the bound is known. */
  readonly gap: SubsetSumGap | null;
}

/** The bit of every admissible input is the compiled function of the inputs' bits; null if that is not so, or not known. */
function prove(
  literals: LiteralNeuron,
  evaluation: Evaluation,
  onBitsSet: ActivatedSet | null,
  threshold: BitThreshold | null,
  budget: ProofBudget,
): Proof | null {
  const { comparison, arithmetic, activation } = evaluation;
  const found = findGap(literals, comparison, onBitsSet, threshold, budget);
  if (found === null) {
    if (!readsBits(literals)) return null;
    return { method: arithmetic === "real" || activation === "step" ? "bits" : null, gap: null };
  }
  return { method: hasRoom(literals, found.gap, evaluation) ? found.method : null, gap: found.gap };
}

function findGap(
  literals: LiteralNeuron,
  comparison: Comparison,
  onBitsSet: ActivatedSet | null,
  threshold: BitThreshold | null,
  budget: ProofBudget,
): { readonly method: ProofMethod; readonly gap: SubsetSumGap } | null {
  const set = linearCheck(literals, comparison);
  if (set !== null) return { method: "inequality", gap: set };
  // The linear check is complete for what is an erosion or dilation on bits: where it failed, no other proof succeeds.
  if (onBitsSet !== null) return null;
  const enumerated = proveByEnumeration(literals, comparison, budget);
  if (enumerated !== null) return { method: "patterns", gap: enumerated };
  const onBitsGap = threshold?.gap ?? null;
  const gap = onBitsGap === null ? null : worstGap(literals, onBitsGap);
  return gap === null ? null : { method: "gap", gap };
}

function endsOf({ lower, upper }: SubsetSumGap): SubsetSumGap {
  return { lower, upper };
}

function reasonOf(literals: LiteralNeuron): string {
  const unknown = literals.literals.filter((literal) => literal.zeroUpper > literal.oneLower).length;
  if (unknown > 0) return `inputs that are not proved: ${unknown} of ${literals.literals.length}`;
  return "values of its inputs may lie too close to ½ for a proof";
}
