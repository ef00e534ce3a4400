/** The read-out of one sample: exact integer scores in limbs, and the first arg max. */
import { InternalError } from "../diagnostics.js";
import type { Readout } from "../ir/node.js";
import { bitLength } from "../morph/integers.js";
import { absolute, add, constant, multiply, relative, typedPointer, variable } from "../word/build.js";
import { assignIndex, assignWide, letIndex, letWide, loop } from "../word/build-statement.js";
import type { Condition, Index, ScoresOutput, Statement, Table, Wide } from "../word/node.js";
import { type Callable, makeCallable } from "./function.js";
import { sampleBit, sampleCandidates, sampleNumber } from "./samples.js";
import { unsignedTable } from "./table.js";

const wide = (name: string): Wide => ({ kind: "variable", name });

/** Bits of all limbs but the last, small enough that sums of 2^22 limbs stay exact in a double. */
const LIMB_BITS = 30;

export function scoresOutput(readout: Readout): ScoresOutput {
  const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);
  const greatest = readout.weights.reduce((most, row, label) => {
    const bias = readout.biases[label];
    if (bias === undefined) throw new InternalError(`class ${label} has no bias`);
    const sum = row.reduce((partial, weight) => partial + magnitude(weight), magnitude(bias));
    return sum > most ? sum : most;
  }, 0n);
  // The last limb is a signed 32-bit integer: 31 bits and the sign.
  const limbs = 1 + Math.ceil(Math.max(0, bitLength(greatest) - 31) / LIMB_BITS);
  return {
    kind: "scores",
    classes: readout.weights.length,
    limbs,
    limbBits: LIMB_BITS,
    exponent: readout.exponent,
    activation: readout.activation,
  };
}

/** The limbs of an integer, least significant first; all but the last are in 0 … 2^30 − 1. */
export function toLimbs(value: bigint, limbs: number): number[] {
  const low = Array.from({ length: limbs - 1 }, (_, limb) =>
    Number(BigInt.asUintN(LIMB_BITS, value >> BigInt(LIMB_BITS * limb))),
  );
  return [...low, Number(value >> BigInt(LIMB_BITS * (limbs - 1)))];
}

export function scoreSample(
  readout: Readout,
  featureSlots: readonly number[],
  slotsAt: Index,
  sample: string,
): { readonly callable: Callable; readonly tables: readonly Table[] } {
  const { classes, limbs } = scoresOutput(readout);
  const limbNumbers = Array.from({ length: limbs }, (_, limb) => limb);
  const entry = (table: string, index: Index, limb: number): Wide => ({
    kind: "table",
    table,
    index: add(multiply(index, limbs), limb),
  });
  const label = variable("label");
  const feature = variable("feature");
  const top = limbs - 1;

  const carry = limbNumbers.slice(0, top).flatMap((limb) => [
    assignWide(`sum${limb + 1}`, {
      kind: "add",
      left: wide(`sum${limb + 1}`),
      right: { kind: "shift-right", value: wide(`sum${limb}`), amount: LIMB_BITS },
    }),
    assignWide(`sum${limb}`, { kind: "low-bits", value: wide(`sum${limb}`), bits: LIMB_BITS }),
  ]);
  const isGreater = limbNumbers.reduce<Condition | null>((lower, limb) => {
    const [sum, best] = [wide(`sum${limb}`), wide(`best${limb}`)];
    const above: Condition = { kind: "wide", operator: ">", left: sum, right: best };
    if (lower === null) return above;
    const same: Condition = { kind: "wide", operator: "==", left: sum, right: best };
    return { kind: "or", left: above, right: { kind: "and", left: same, right: lower } };
  }, null);
  const featureSlot: Index = { kind: "table", table: "feature_slots", index: feature };
  const addWeight = (limb: number): Statement =>
    assignWide(`sum${limb}`, {
      kind: "add",
      left: wide(`sum${limb}`),
      right: { kind: "multiply", left: entry("score_weights", variable("entry"), limb), right: wide("value") },
    });
  const target = relative("scores", multiply(label, limbs));
  const isFirst: Condition = { kind: "index", operator: "==", left: label, right: constant(0) };

  const callable = makeCallable(
    {
      name: "score_sample",
      comment: [
        "Scores of all classes of one sample, exact in integers, and the first class with the greatest.",
        `A score is ${limbs === 1 ? "one signed integer" : `${limbs} limbs of ${LIMB_BITS} bits, least significant first, the last one signed`}.`,
      ],
      mode: "scalar",
      body: [
        letIndex("winner", 0, true),
        ...limbNumbers.map((limb) => letWide(`best${limb}`, { kind: "constant", value: 0 }, true)),
        loop("label", classes, [
          ...limbNumbers.map((limb) => letWide(`sum${limb}`, entry("score_biases", label, limb), true)),
          loop("feature", featureSlots.length, [
            letWide("value", { kind: "from-word", value: sampleBit(featureSlot) }),
            letIndex("entry", add(multiply(label, featureSlots.length), feature)),
            ...limbNumbers.map(addWeight),
          ]),
          ...carry,
          ...limbNumbers.map(
            (limb): Statement => ({ kind: "store-score", pointer: target, offset: limb, value: wide(`sum${limb}`) }),
          ),
          {
            kind: "if",
            condition: isGreater === null ? isFirst : { kind: "or", left: isFirst, right: isGreater },
            then: [
              assignIndex("winner", label),
              ...limbNumbers.map((limb) => assignWide(`best${limb}`, wide(`sum${limb}`))),
            ],
            else: [],
          },
        ]),
        { kind: "store-class", pointer: relative("classes"), offset: 0, value: variable("winner") },
      ],
    },
    [
      ...sampleCandidates(slotsAt, sample),
      {
        parameter: { name: "classes", type: "pointer", space: "classes" },
        argument: typedPointer(absolute("classes", sampleNumber(sample))),
      },
      {
        parameter: { name: "scores", type: "pointer", space: "scores" },
        argument: typedPointer(absolute("scores", multiply(sampleNumber(sample), classes * limbs))),
      },
    ],
  );
  return {
    callable,
    tables: [
      unsignedTable("feature_slots", featureSlots, "slot of each feature"),
      {
        name: "score_weights",
        element: "i32",
        values: readout.weights.flatMap((row) => row.flatMap((weight) => toLimbs(weight, limbs))),
        comment: "[class][feature][limb]",
      },
      {
        name: "score_biases",
        element: "i32",
        values: readout.biases.flatMap((bias) => toLimbs(bias, limbs)),
        comment: "[class][limb]",
      },
    ],
  };
}
