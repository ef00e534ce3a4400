/**
 * The read-out of one sample after the other, for machines on which the tables of `column-sums.ts` would be larger than the
 * weights: exact integer scores in limbs, and the first arg max.
 */
import type { Readout } from "../ir/node.js";
import { add, load, lowBitsIndex, multiply, relative, shiftRightIndex, variable } from "../word/build.js";
import { and, assignWide, letIndex, letWide, loop, ONE, shiftRight, wideVariable } from "../word/build-statement.js";
import type { Index, Statement, Table, Wide, Word } from "../word/node.js";
import { signedDigits } from "./column-sums.js";
import { type Callable, indexCandidate, makeCallable, pointerCandidate } from "./function.js";
import { BLOCK } from "./gate-program.js";
import { slotsCandidate } from "./gate-routines.js";
import { slotOffset } from "./gate-slots.js";
import { carryLimbs, describeScore, toLimbs } from "./limbs.js";
import { type SampleSlots, sampleNumber } from "./sample-slots.js";
import { answerClass, letWinner, storeWinner } from "./score-answer.js";
import { scoresOutput } from "./scores.js";
import { signedTable, unsignedTable } from "./table.js";

export function scoreSamples(
  readout: Readout,
  featureSlots: readonly number[],
  slots: SampleSlots,
): { readonly callable: Callable; readonly tables: readonly Table[] } {
  const { classes, limbs } = scoresOutput(readout);
  const sample = "answered";
  const sampleBit = (slot: Index): Word =>
    and(shiftRight(load(relative("slots", add(slotOffset(slot, slots), variable("lane")))), variable("bit")), ONE);
  const limbNumbers = Array.from({ length: limbs }, (_, limb) => limb);
  const entry = (table: string, index: Index, limb: number): Wide => ({
    kind: "table",
    table,
    index: add(multiply(index, limbs), limb),
  });
  const label = variable("label");
  const feature = variable("feature");
  const sums = limbNumbers.map((limb) => `sum${limb}`);
  const featureSlot: Index = { kind: "table", table: "feature_slots", index: feature };
  const addWeight = (limb: number): Statement =>
    assignWide(`sum${limb}`, {
      kind: "add",
      left: wideVariable(`sum${limb}`),
      right: { kind: "multiply", left: entry("score_weights", variable("entry"), limb), right: wideVariable("value") },
    });

  const callable = makeCallable(
    {
      name: "score_sample",
      comment: [
        "Scores of all classes of one sample, exact in integers, and the first class with the greatest.",
        describeScore(limbs),
      ],
      mode: "scalar",
      body: [
        ...letWinner(limbs),
        loop("label", classes, [
          ...limbNumbers.map((limb) => letWide(`sum${limb}`, entry("score_biases", label, limb), true)),
          loop("feature", featureSlots.length, [
            letWide("value", { kind: "from-word", value: sampleBit(featureSlot) }),
            letIndex("entry", add(multiply(label, featureSlots.length), feature)),
            ...limbNumbers.map(addWeight),
          ]),
          ...carryLimbs(sums),
          ...answerClass(sums, label, label),
        ]),
        storeWinner(),
      ],
    },
    [
      slotsCandidate(slots.at),
      indexCandidate("lane", shiftRightIndex(variable(sample), 5)),
      indexCandidate("bit", lowBitsIndex(variable(sample), 5)),
      pointerCandidate("classes", "classes", sampleNumber(sample)),
      pointerCandidate("scores", "scores", multiply(sampleNumber(sample), classes * limbs)),
    ],
  );
  return {
    callable,
    tables: [
      unsignedTable("feature_slots", featureSlots, "slot of each feature"),
      signedTable(
        "score_weights",
        readout.weights.flatMap((row) => row.flatMap((weight) => toLimbs(weight, limbs))),
        "[class][feature][limb]",
      ),
      signedTable(
        "score_biases",
        readout.biases.flatMap((bias) => toLimbs(bias, limbs)),
        "[class][limb]",
      ),
    ],
  };
}

/** Digits that tables of bit-sliced sums may have; with more of them, generated files would be hard to compile. */
const MOST_DIGITS = 2 ** 22;

/** Whether the samples of a read-out are answered one by one. */
export function isScoredSingly(readout: Readout, isSmall: boolean): boolean {
  const { classes, limbs } = scoresOutput(readout);
  const features = readout.weights[0]?.length ?? 0;
  const digits = readout.weights.reduce(
    (sum, row) => row.reduce((partial, weight) => partial + signedDigits(weight).length, sum),
    0,
  );
  // An entry for each digit, and one in eight for carries, against the limbs of the weights.
  const slicedBytes = Math.ceil((digits * (BLOCK + 1)) / BLOCK) * (features < 2 ** 8 ? 1 : 2);
  return digits > MOST_DIGITS || (isSmall && slicedBytes > 4 * limbs * classes * features);
}
