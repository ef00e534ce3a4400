/** Neurons as they are reported, in the words of the layer that they belong to. */
import { InternalError } from "../diagnostics.js";
import type { BitFunction } from "./bit-function.js";
import { UNKNOWN } from "./literals.js";
import type { BinarizedNeuron } from "./neuron.js";
import type { BitCode, NeuronOperation, NeuronReport } from "./report.js";

/** Where a neuron is in the model, and what its values in MorphIR are called. */
export interface NeuronPlace {
  readonly path: string;
  readonly name: string;
  /** Whose words: of kernels, or of sets of inputs. */
  readonly words: "kernel" | "inputs";
  /** Kernel [height, width]; [1, n] for LUIs. */
  readonly shape: readonly [number, number];
}

/** A value that is one bit, [y > ½]. */
export const PLAIN_CODE: BitCode = { level: 0, cut: 0.5, shift: 0, low: 0, high: 1 };

export function reportOf(neuron: BinarizedNeuron, place: NeuronPlace, value: string, code: BitCode): NeuronReport {
  const { function: bits, complemented, grade, proof, inequality, distance, weightError, output, reason } = neuron;
  const weighted = bits.kind === "threshold" || bits.kind === "union-of-erosions";
  return {
    path: place.path,
    value,
    code,
    grade,
    proof,
    operation: operationOf(bits, place.words),
    complemented,
    shape: place.shape,
    members: bits.kind === "erosion" || bits.kind === "dilation" ? bits.members : null,
    sets: bits.kind === "union-of-erosions" ? bits.sets : null,
    constant: bits.kind === "constant" ? bits.value : null,
    threshold: weighted ? { weights: bits.weights, bound: bits.bound } : null,
    inequality,
    distance,
    weightError,
    output,
    reason,
  };
}

function operationOf(bits: BitFunction, words: NeuronPlace["words"]): NeuronOperation {
  switch (bits.kind) {
    case "erosion":
      return words === "kernel" ? "erosion" : "intersection";
    case "dilation":
      return words === "kernel" ? "dilation" : "union";
    case "threshold":
      return bits.weights.every((weight) => weight === 0n || weight === 1n) ? "rank" : "threshold";
    case "constant":
    case "union-of-erosions":
      return bits.kind;
  }
}

/** The LUI of a one-channel BiSEL hands its only input on. */
export function identityReport(path: string, only: NeuronReport | undefined): NeuronReport {
  if (only === undefined) throw new InternalError("an identity of nothing");
  return { ...nothing(path, only.value), grade: "exact", operation: "identity", output: only.output };
}

/** A class of the read-out. */
export function scoreReport(path: string, value: string, features: number, reason: string | null): NeuronReport {
  const grade = reason === null ? "exact" : "hardened";
  return { ...nothing(path, value), grade, operation: "score", shape: [1, features], reason };
}

function nothing(path: string, value: string): Omit<NeuronReport, "grade" | "operation"> {
  return {
    path,
    value,
    code: PLAIN_CODE,
    proof: null,
    complemented: false,
    shape: [1, 1],
    members: null,
    sets: null,
    constant: null,
    threshold: null,
    inequality: null,
    distance: null,
    weightError: null,
    output: UNKNOWN,
    reason: null,
  };
}
