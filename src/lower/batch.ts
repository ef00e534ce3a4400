/**
 * Answers for a pass of samples together: bit s of word t of a slot is sample 32 · t + s, and every gate is computed for all of
 * them. Words of samples are transposed to slots before, and answers to words of samples after the gates.
 */
import { InternalError } from "../diagnostics.js";
import type { Readout } from "../ir/node.js";
import { wordsFor } from "../morph/bit-image.js";
import { absolute, variable } from "../word/build.js";
import { loop } from "../word/build-statement.js";
import type { Statement } from "../word/node.js";
import { encodeGates, FIRST_INPUT_SLOT, type GateProgram } from "./gate-program.js";
import { callOfGates } from "./gate-routines.js";
import type { GateList, Signal } from "./gates.js";
import type { Lowering } from "./lowering.js";
import { isScoredSingly, scoreSamples } from "./sample-scores.js";
import { type SampleSlots, slotPlace } from "./sample-slots.js";
import { exportWords } from "./samples.js";
import { limbsOf, scorePass } from "./scores.js";
import { transposeSlots } from "./transpose.js";

/** What becomes of the pixels of a sample. */
export interface SampleNetwork {
  readonly gates: GateList;
  /** Features of the read-out, or the bits that are the answer. */
  readonly signals: readonly Signal[];
  readonly readout: Readout | null;
}

export interface Batch {
  readonly program: GateProgram;
  /** The read-out multiplies for one sample after the other. */
  readonly multipliesScores: boolean;
  /** Time for few samples, in operators of a word or a vector. */
  readonly cost: number;
  /** Size of the tables, in words. */
  readonly tableWords: number;
}

/** Operators for each entry of the gates' tables, about: a load and a gate, or the adders of a column. */
const COST_PER_ENTRY = 1.3;

/** Operators to read a weight, multiply and add it. */
const COST_PER_WEIGHT = 3;

/** Encodes the gates in the tables of the program. */
export function encodeBatch(lowering: Lowering, { gates, signals, readout }: SampleNetwork): Batch {
  const { neuronTables, isSmall, featuresPerBlock } = lowering;
  const before = neuronTables.operandCount;
  const multipliesScores = readout !== null && isScoredSingly(readout, isSmall);
  const layoutOf = () => {
    if (readout === null) return { kind: "in order" } as const;
    if (multipliesScores) return { kind: "anywhere" } as const;
    return { kind: "scores", readout, ...limbsOf(readout), featuresPerBlock } as const;
  };
  const program = encodeGates(gates, signals, neuronTables, layoutOf());
  const entries = neuronTables.operandCount - before;
  const weights =
    readout !== null && multipliesScores ? readout.weights.length * signals.length * limbsOf(readout).limbs : 0;
  return {
    program,
    multipliesScores,
    cost: COST_PER_ENTRY * entries + COST_PER_WEIGHT * weights,
    tableWords: entries / 2 + weights,
  };
}

/** Statements that answer the samples of a pass, whose pixels are packed, and the slots that they need. */
export function answerBatch(
  { builder, neuronTables }: Lowering,
  { gates, signals, readout }: SampleNetwork,
  { program, multipliesScores }: Batch,
  slots: SampleSlots,
): { readonly statements: readonly Statement[]; readonly slotCount: number } {
  const toSlots = transposeSlots(slots, slotPlace(slots, FIRST_INPUT_SLOT), gates.inputCount / slots.groupSlots);
  const evaluate = [
    ...(gates.inputCount === 0 ? [] : [builder.callOf(toSlots)]),
    ...callOfGates(neuronTables, program.range, absolute("scratch", slots.at), variable("samples")),
  ];
  const { slotCount, outputSlots } = program;
  if (readout === null) {
    const [first] = outputSlots;
    if (first === undefined) throw new InternalError("a vector without elements");
    const words = wordsFor(signals.length);
    const answers = [
      builder.callOf(transposeSlots(slots, slotPlace(slots, first), words)),
      builder.callOf(exportWords(slots, first, words)),
    ];
    return { statements: [...evaluate, ...answers], slotCount };
  }
  if (!multipliesScores) {
    const { answers, slotCount: withScores } = scorePass(readout, program, slots, builder);
    return { statements: [...evaluate, ...answers], slotCount: withScores };
  }
  const { callable, tables } = scoreSamples(readout, outputSlots, slots);
  builder.addTables(tables);
  return { statements: [...evaluate, loop("answered", variable("samples"), [builder.callOf(callable)])], slotCount };
}
