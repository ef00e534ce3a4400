/** One neuron: what is claimed of its bits against its weights, and against the values of MorphIR that hold them. */

import type { MorphModule, ValueId } from "../ir/node.js";
import { activate } from "../model/activation.js";
import type { NeuronBank } from "../model/types.js";
import { sumOfIntegers } from "../morph/integers.js";
import {
  type BitFunction,
  functionOfClaim,
  functionOfValue,
  printFunction,
  type Reads,
  sameFunction,
  type Words,
} from "./bit-function.js";
import {
  boundsComplaint,
  type Evaluation,
  findGap,
  type Gap,
  gapInDoubles,
  hasRoom,
  matchesGap,
  provedBounds,
  sumError,
} from "./bounds.js";
import { distanceTo, type Replacement } from "./distance.js";
import { differenceBeyond, differenceOnBits } from "./equality.js";
import { toDouble, toUnits } from "./exact.js";
import type { Bounds, Certificate, Claim } from "./format.js";
import { type ExactNeuron, literalsOf } from "./literals.js";

/** A channel, or an element of a vector, between two layers. */
export interface Signal {
  readonly bits: readonly ValueId[];
  /** What the next layer reads for 0, 1, … set bits. */
  readonly representatives: readonly number[];
  /** Of the float values behind the bits; {@link UNKNOWN} where a bit is not proved, or has several levels. */
  readonly bounds: Bounds;
  /** Claimed of the lowest bit. */
  readonly first: Bounds;
  readonly grade: Claim["grade"];
}

export const UNKNOWN: Bounds = { zeroUpper: 1, oneLower: 0 };
export const BIT: Bounds = { zeroUpper: 0, oneLower: 1 };

/** Representatives are whole multiples of its inverse. */
const REPRESENTATIVE_GRID = 2 ** 12;

/** Whether the next layer reads the bit as 0 and 1. */
export function isPlain({ representatives }: Pick<Signal, "representatives">): boolean {
  return representatives.length === 2 && representatives[0] === 0 && representatives[1] === 1;
}

export function isTrueBit(signal: Signal): boolean {
  return isPlain(signal) && signal.bounds.zeroUpper === 0 && signal.bounds.oneLower === 1;
}

export interface NeuronPlace {
  readonly path: string;
  readonly words: Words;
  readonly shape: readonly [number, number];
  readonly bank: NeuronBank;
  readonly index: number;
  /** Behind each weight. */
  readonly inputs: readonly Signal[];
  readonly reads: Reads;
}

export interface NeuronChecker {
  readonly certificate: Certificate;
  readonly module: MorphModule;
  readonly valueOf: (name: string) => ValueId | undefined;
  readonly report: (message: string) => void;
  /** What trying all patterns finds wrong with the bits; null if nothing. */
  readonly tryPatterns: (bits: readonly TriedBit[]) => string | null;
}

/** A bit that is claimed to be [value > cut] of the float neuron, and the bounds of its values. */
export interface TriedBit {
  readonly value: ValueId;
  readonly cut: number;
  readonly output: Bounds;
  /** Over all patterns of the neuron's inputs, where these are bits and it is known. */
  readonly extremes: Extremes | null;
}

/** Of Σ W·x − B, turned so that the value rises with it: the greatest at a 0, the least at a 1; infinite where there is none. */
export interface Extremes {
  readonly zero: number;
  readonly one: number;
}

/** @param claims one for each bit of the neuron, lowest level first */
export function checkNeuron(claims: readonly Claim[], place: NeuronPlace, checker: NeuronChecker): Signal {
  const { report } = checker;
  checkCodes(claims, place, report);
  const bits = claims.map((claim): ValueId => checkBit(claim, place, checker));
  const tried = claims.flatMap((claim, level): TriedBit[] => {
    const value = bits[level];
    const { proof, code, output } = claim;
    if (proof !== "exhaustive" || value === undefined) return [];
    return [{ value, cut: code.cut, output, extremes: extremesOnBits(claim, place) }];
  });
  const wrong = tried.length === 0 ? null : checker.tryPatterns(tried);
  if (wrong !== null) report(wrong);
  const [first] = claims;
  const representatives = [first?.code.low ?? 0, ...claims.map(({ code }) => code.high)];
  const grade = worst(claims.map((claim) => claim.grade));
  const own = first?.output ?? UNKNOWN;
  return { bits, representatives, bounds: isPlain({ representatives }) ? own : UNKNOWN, first: own, grade };
}

/** From the gap of the neuron's own sums. The bit's shift is no part of the value, and is taken off B again. */
function extremesOnBits(claim: Claim, place: NeuronPlace): Extremes | null {
  const bits = weightsOf(claim) ?? functionOfClaim(claim, place.reads.count, place.words, false);
  if (typeof bits === "string" || !place.inputs.every(isTrueBit)) return null;
  const neuron = neuronOnBits(place, claim.code.shift);
  const gaps = (["inequality", "gap", "patterns"] as const).map((method) => findGap(method, bits, neuron));
  const gap = gaps.find((each) => each !== null);
  if (gap === undefined || neuron.sign === 0) return null;
  const { lower, upper } = gapInDoubles(gap, neuron);
  const bound = toDouble(literalsOf(neuron).bound, neuron.exponent) - claim.code.shift;
  return neuron.sign > 0 ? { zero: lower - bound, one: upper - bound } : { zero: bound - upper, one: bound - lower };
}

export function worst(grades: readonly Claim["grade"][]): Claim["grade"] {
  return (["approximate", "hardened"] as const).find((grade) => grades.includes(grade)) ?? "exact";
}

/** Levels from 0 on, rising cuts and representatives that follow one another, each cut where its shift puts it. */
function checkCodes(claims: readonly Claim[], { bank, index }: NeuronPlace, report: (message: string) => void): void {
  const scale = bank.scales[index] ?? 0;
  claims.forEach(({ code: { level, cut, shift, low, high } }, position) => {
    const before = claims[position - 1]?.code;
    if (level !== position) report(`level ${level} stands where level ${position} is expected`);
    if (before !== undefined && (cut <= before.cut || low !== before.high)) report(`level ${level} does not follow`);
    if (!(low < high)) report(`level ${level} does not rise`);
    const isHalf = bank.activation === "step" || scale === 0 || shift === 0;
    const reached = isHalf ? 0.5 : activate(bank.activation, scale * shift);
    if (!(Math.abs(reached - cut) <= 1e-9) || (shift === 0) !== (cut === 0.5) || (isHalf && shift !== 0)) {
      report(`the shift ${shift} cuts at ${reached}, not at ${cut}`);
    }
  });
}

/** The neuron on the bits of its inputs: W·(r_0 + Σ (r_{k+1} − r_k)·bit_k) for every input, and B moved by the cut. */
function neuronOnBits({ bank, index, inputs }: NeuronPlace, shift: number): ExactNeuron {
  const size = bank.inputsPerNeuron;
  const own = bank.weights.subarray(index * size, (index + 1) * size);
  const { integers, exponent } = toUnits([...own, bank.biases[index] ?? 0, shift]);
  const sign = Math.sign(bank.scales[index] ?? 0);
  const bound = (integers[size] ?? 0n) + (integers[size + 1] ?? 0n);
  if (inputs.every(isPlain)) return { weights: integers.slice(0, size), bound, exponent, sign };
  const unit = BigInt(REPRESENTATIVE_GRID);
  const values = inputs.map(({ representatives }) => representatives.map((r) => BigInt(r * REPRESENTATIVE_GRID)));
  const weights = values.flatMap((levels, input) =>
    levels.slice(1).map((value, level) => (integers[input] ?? 0n) * (value - (levels[level] ?? 0n))),
  );
  const base = sumOfIntegers(values.map(([lowest], input) => (integers[input] ?? 0n) * (lowest ?? 0n)));
  return { weights, bound: bound * unit - base, exponent: exponent - 12, sign };
}

/** @returns the value that holds the bit */
function checkBit(claim: Claim, place: NeuronPlace, checker: NeuronChecker): ValueId {
  const { report, module, certificate } = checker;
  const severalBits = place.inputs.some((signal) => signal.bits.length > 1);
  const [height, width] = claim.shape;
  if (height !== place.shape[0] || width !== place.shape[1]) report(`its shape is ${place.shape.join("×")}`);
  const id = checker.valueOf(claim.value);
  if (id === undefined) {
    report(`MorphIR has no value ${claim.value}`);
    return -1;
  }
  const complement = module.values[id]?.node;
  if (claim.complemented && complement?.kind !== "complement") report("MorphIR does not complement it");
  const inner = claim.complemented && complement?.kind === "complement" ? complement.input : id;
  const found = functionOfValue(module, inner, place.reads);
  const worded = functionOfClaim(claim, place.reads.count, place.words, severalBits);
  if (typeof found === "string") report(`the value ${claim.value} of MorphIR: ${found}`);
  if (typeof worded === "string") report(worded);
  if (typeof found === "string" || typeof worded === "string") return id;
  if (!sameFunction(found, worded)) {
    report(`MorphIR holds the ${clip(printFunction(found))}, the claim says ${clip(printFunction(worded))}`);
  }

  const neuron = neuronOnBits(place, claim.code.shift);
  if (claim.complemented !== neuron.sign < 0) report(`P is ${place.bank.scales[place.index]}: the complement is wrong`);
  const replaced = claim.grade === "approximate";
  const rounded = claim.weightError !== undefined;
  if (replaced && !rounded) checkDistance(claim, worded, place, neuron, certificate, report);
  if (!replaced && (claim.distance !== undefined || rounded)) report("only an approximate neuron has a distance");
  const difference = rounded
    ? differenceBeyond(worded, neuron, claim.weightError ?? 0)
    : replaced
      ? null
      : neuron.sign === 0
        ? differenceOfZeroScale(worded, claim)
        : differenceOnBits(worded, neuron);
  if (difference !== null) report(difference);
  const weighted = weightsOf(claim);
  if (claim.operation === "union-of-erosions" && weighted !== null) {
    const other = differenceOnBits(weighted, neuron);
    if (other !== null) report(other);
  }
  checkGrade(claim, worded, place, neuron, checker);
  return id;
}

function clip(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** P = 0: the value is ½ everywhere. */
function differenceOfZeroScale(bits: BitFunction, { code }: Claim): string | null {
  const never = bits.kind === "sets" && bits.sets.length === 0;
  return never && code.cut === 0.5 ? null : "P is 0, so that the bit is 0 everywhere";
}

function weightsOf({ threshold }: Claim): BitFunction | null {
  return threshold === undefined ? null : { kind: "sum", weights: threshold.weights, bound: threshold.bound };
}

/** An operation in place of the neuron, of the policy's kind, and as far away as is claimed. */
function checkDistance(
  claim: Claim,
  worded: BitFunction,
  place: NeuronPlace,
  neuron: ExactNeuron,
  { policy }: Certificate,
  report: (message: string) => void,
): void {
  // Weights in single precision, as the papers' methods take them.
  const weights = neuron.weights.map((weight) => Math.fround(toDouble(weight, neuron.exponent)));
  const bias = toDouble(neuron.bound, neuron.exponent);
  const distances = replacementsOf(worded, weights.length).map((each) => distanceTo(policy, weights, bias, each));
  const size = weights.reduce((total, weight) => total + weight ** 2, bias ** 2);
  const claimed = claim.distance ?? Number.NaN;
  const near = (distance: number | null): boolean =>
    distance !== null && Math.abs(distance - claimed) <= 1e-6 * distance + 1e-12 * (size + Math.sqrt(size));
  if (distances.some(near)) return;
  report(`the distance of its operation is ${distances.join(" or ")}, by the policy ${policy} of ${place.path}`);
}

/** A set as an erosion or dilation, and both where it has one member. */
function replacementsOf(bits: BitFunction, count: number): readonly Replacement[] {
  const named = bits.kind === "sets" ? bits.sets.flat() : bits.weights.flatMap((w, i) => (w === 0n ? [] : [i]));
  const members = Array.from({ length: count }, () => false);
  for (const index of named) members[index] = true;
  const size = BigInt(named.length);
  const [all, any] =
    bits.kind === "sets"
      ? [bits.sets.length === 1, bits.sets.every((set) => set.length === 1)]
      : [bits.bound === size - 1n, bits.bound === 0n];
  const unit = bits.kind === "sets" || bits.weights.every((weight) => weight === 0n || weight === 1n);
  return [
    ...(all && unit ? [{ operation: "erosion", members } as const] : []),
    ...(any && unit ? [{ operation: "dilation", members } as const] : []),
  ];
}

/** Room for rounding may be left as if all weights were counted for the literals, for B over them, and once more. */
const MOST_ERROR = 3;

function checkGrade(
  claim: Claim,
  worded: BitFunction,
  place: NeuronPlace,
  neuron: ExactNeuron,
  { report, certificate: { arithmetic } }: NeuronChecker,
): void {
  const { bank, index } = place;
  const { proof, output, inequality } = claim;
  const evaluation: Evaluation = {
    activation: bank.activation,
    arithmetic,
    steepness: Math.abs(bank.scales[index] ?? 0),
  };
  const bounds = place.inputs.flatMap((signal) => signal.bits.map(() => (isPlain(signal) ? signal.bounds : UNKNOWN)));
  // Weights of a union of erosions serve to find the gap of its sums.
  const sum = weightsOf(claim) ?? worded;
  const gaps = (within?: readonly Bounds[]): (Gap | null)[] =>
    (["inequality", "gap", "patterns"] as const).map((method) => findGap(method, sum, neuron, within));
  if (inequality !== undefined && proof !== "inequality" && proof !== "patterns" && proof !== "gap") {
    const known = [...gaps(), ...gaps(bounds)].filter((gap) => gap !== null);
    if (!known.some((gap) => matchesGap(inequality, gap, neuron)))
      report("the numbers of its inequality are not its sums'");
  }
  if (claim.grade !== "exact") {
    if (proof !== undefined) report(`a ${claim.grade} neuron has a proof`);
    if (output.zeroUpper !== 1 || output.oneLower !== 0) report("bounds are claimed of a bit that is not proved");
    return;
  }
  if (proof === undefined) return report("it is exact without a proof");
  if (proof === "exhaustive") return;
  if (claim.code.cut !== 0.5 || !place.inputs.every(isPlain))
    return report("levels of values are not proved by bounds");

  const plainBits = neuron.weights.every((weight, input) => {
    const { zeroUpper, oneLower } = bounds[input] ?? UNKNOWN;
    return weight === 0n || (zeroUpper === 0 && oneLower === 1);
  });
  const error = sumError(neuron, plainBits, evaluation);
  let gap: Gap | null = null;
  if (proof === "bits") {
    if (!plainBits) report("its inputs are no bits");
    if (arithmetic === "float32" && bank.activation !== "step") report("float32 sums need room for rounding");
  } else if (neuron.sign === 0) {
    // The value ½ stands for 0, and none for 1.
    const complaint = boundsComplaint(output, bank.activation === "step" ? BIT : { zeroUpper: 0.5, oneLower: 1 });
    if (proof !== "inequality" || inequality !== undefined) report("P is 0: there are no sums to compare");
    if (complaint !== null) report(complaint);
    return;
  } else {
    gap = findGap(proof, proof === "gap" ? sum : worded, neuron, bounds);
    if (gap === null) return report(`the proof by ${proof} fails`);
    if (!hasRoom(gap, neuron, error, evaluation)) report("float32 rounding can carry a sum across the bound");
    if (inequality === undefined) return report("the numbers of its inequality are missing");
    if (!matchesGap(inequality, gap, neuron)) {
      const { lower, upper } = gapInDoubles(gap, neuron);
      report(`the inequality holds with ${lower} and ${upper}, not ${inequality.lower} and ${inequality.upper}`);
    }
  }
  const most = MOST_ERROR * sumError(neuron, false, evaluation);
  const [proved, loosest] = [error, most].map((room) => provedBounds(gap, neuron, room, evaluation));
  const complaint = boundsComplaint(output, proved ?? UNKNOWN, loosest);
  if (complaint !== null) report(complaint);
}
