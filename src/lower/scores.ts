/**
 * The read-out: exact integer scores in limbs, and the first arg max. Where it pays, all samples of a pass are answered
 * together, bit-sliced (`column-sums.ts`): the class is found by comparing digits, and scores and classes are transposed to words.
 */
import { InternalError } from "../diagnostics.js";
import type { Readout } from "../ir/node.js";
import { bitLength } from "../morph/integers.js";
import {
  absolute,
  add,
  constant,
  load,
  lowBitsIndex,
  multiply,
  relative,
  shiftRightIndex,
  typedPointer,
  variable,
} from "../word/build.js";
import {
  and,
  andNot,
  assignWord,
  letPointer,
  letWord,
  loop,
  ONES,
  or,
  store,
  wordVariable,
  xor,
  ZEROS,
} from "../word/build-statement.js";
import type { Condition, Index, Pointer, ScoresOutput, Statement, Wide, Word } from "../word/node.js";
import { type Callable, indexCandidate, makeCallable, pointerCandidate } from "./function.js";
import type { GateProgram } from "./gate-program.js";
import { slotsCandidate } from "./gate-routines.js";
import { slotOffset, vectorAt } from "./gate-slots.js";
import { describeScore, LIMB_BITS, limbsFor } from "./limbs.js";
import type { ProgramBuilder } from "./program-builder.js";
import { type SampleSlots, slotPlace, wordOfSample, wordsOfGroups } from "./sample-slots.js";
import { transposeSlots } from "./transpose.js";

export function scoresOutput(readout: Readout): ScoresOutput {
  const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);
  const greatest = readout.weights.reduce((most, row, label) => {
    const bias = readout.biases[label];
    if (bias === undefined) throw new InternalError(`class ${label} has no bias`);
    const sum = row.reduce((partial, weight) => partial + magnitude(weight), magnitude(bias));
    return sum > most ? sum : most;
  }, 0n);
  return {
    kind: "scores",
    classes: readout.weights.length,
    limbs: limbsFor(greatest),
    limbBits: LIMB_BITS,
    exponent: readout.exponent,
    activation: readout.activation,
  };
}

/** How scores are cut into limbs. */
export function limbsOf(readout: Readout): Pick<ScoresOutput, "limbs" | "limbBits"> {
  const { limbs, limbBits } = scoresOutput(readout);
  return { limbs, limbBits };
}

/** Digits of a limb with those that fill it up; when they are transposed, each is the limb of one sample. */
const LIMB_DIGITS = 32;

/** Where the read-out's slots lie. */
interface ScorePlaces {
  readonly classes: number;
  readonly limbs: number;
  /** Groups of slots: a limb of a class each; those of the best class so far; the digits of its number. */
  readonly digits: number;
  readonly best: number;
  readonly winner: number;
}

/**
 * Statements of the entry point that answer the samples of a pass from the digits of all scores (see gate-program.ts), whose
 * functions are added to `builder`.
 */
export function scorePass(
  readout: Readout,
  { outputSlots, slotCount }: GateProgram,
  slots: SampleSlots,
  builder: ProgramBuilder,
): { readonly slotCount: number; readonly answers: readonly Statement[] } {
  const { classes, limbs } = scoresOutput(readout);
  const [digits = 0] = outputSlots;
  const best = slotCount;
  const winner = best + limbs * slots.groupSlots;
  const places: ScorePlaces = { classes, limbs, digits, best, winner };
  const own = absolute(
    "scratch",
    add(slotPlace(slots, digits).index, wordsOfGroups(slots, multiply(variable("label"), limbs))),
  );
  return {
    slotCount: winner + slots.groupSlots,
    answers: [
      loop("label", classes, [
        builder.callOf(pickClass(slots, places)),
        builder.callOf(transposeSlots(slots, own, limbs)),
        builder.callOf(exportScores(slots, places, own)),
      ]),
      builder.callOf(transposeSlots(slots, slotPlace(slots, winner), 1)),
      builder.callOf(exportClasses(slots, places)),
    ],
  };
}

/**
 * Compares the digits of class `label` with the best ones before, from the least up, and takes them over where they are
 * greater. The highest digit is the sign.
 */
function pickClass(slots: SampleSlots, { classes, limbs, digits, best, winner }: ScorePlaces): Callable {
  const { groupSlots } = slots;
  const at = (base: string, slot: Index | number): Pointer => relative(base, slotOffset(slot, slots));
  const letDigits = (mark: string, slot: Index | number): Statement[] => [
    letWord(`new${mark}`, load(at("own", slot))),
    letWord(`old${mark}`, load(at("best", slot))),
  ];
  const decide = (greater: Word, mark: string): Statement => {
    const differs = xor(wordVariable(`new${mark}`), wordVariable(`old${mark}`));
    return assignWord("greater", or(greater, andNot(wordVariable("greater"), differs)));
  };
  const compare = (mark: string, slot: Index): Statement[] => [
    ...letDigits(mark, slot),
    decide(andNot(wordVariable(`new${mark}`), wordVariable(`old${mark}`)), mark),
  ];
  const topSlot = (limbs - 1) * groupSlots;
  const slotOfLimb = (digit: string): Index => add(multiply(variable("limb"), groupSlots), variable(digit));
  const take = (slot: Index): Statement[] => [
    letWord("before", load(at("best", slot))),
    letWord("change", and(xor(wordVariable("before"), load(at("own", slot))), wordVariable("greater"))),
    store(at("best", slot), xor(wordVariable("before"), wordVariable("change"))),
  ];
  const isFirst: Condition = { kind: "index", operator: "==", left: variable("label"), right: constant(0) };
  const clear = loop("clear", LIMB_DIGITS, [store(at("winner", variable("clear")), ZEROS)]);
  const eachVector: Statement[] = [
    letPointer("own", vectorAt("digits", variable("vector"), slots)),
    letPointer("best", vectorAt("kept", variable("vector"), slots)),
    letPointer("winner", vectorAt("number", variable("vector"), slots)),
    letWord("greater", ZEROS, true),
    ...(limbs === 1 ? [] : [loop("limb", limbs - 1, [loop("low", LIMB_BITS, compare("_low", slotOfLimb("low")))])]),
    loop("top", LIMB_DIGITS - 1, compare("_top", add(variable("top"), topSlot))),
    ...letDigits("_sign", topSlot + LIMB_DIGITS - 1),
    decide(andNot(wordVariable("old_sign"), wordVariable("new_sign")), "_sign"),
    { kind: "if", condition: isFirst, then: [assignWord("greater", ONES), clear], else: [] },
    loop("taken", limbs * groupSlots, take(variable("taken"))),
    ...Array.from({ length: Math.max(1, bitLength(BigInt(classes - 1))) }, (_, bit) => setBit(bit, at("winner", bit))),
  ];
  const ownAt = add(slotPlace(slots, digits).index, wordsOfGroups(slots, multiply(variable("label"), limbs)));
  const pointer = (name: string, place: Pointer) =>
    ({ parameter: { name, type: "pointer", space: "scratch" }, argument: typedPointer(place) }) as const;
  return makeCallable(
    {
      name: "pick_class",
      comment: ["Takes class `label` for the winner of the samples whose best score it exceeds."],
      mode: "vector",
      body: [loop("vector", slots.vectors, eachVector)],
    },
    [
      pointer("digits", absolute("scratch", ownAt)),
      pointer("kept", slotPlace(slots, best)),
      pointer("number", slotPlace(slots, winner)),
      indexCandidate("label", variable("label")),
    ],
  );
}

/** Sets bit `bit` of the winner's number to that of `label` where it is greater. */
function setBit(bit: number, place: Pointer): Statement {
  const isSet: Condition = {
    kind: "index",
    operator: "==",
    left: lowBitsIndex(shiftRightIndex(variable("label"), bit), 1),
    right: constant(1),
  };
  return {
    kind: "if",
    condition: isSet,
    then: [store(place, or(load(place), wordVariable("greater")))],
    else: [store(place, andNot(load(place), wordVariable("greater")))],
  };
}

const SAMPLES = indexCandidate("samples", variable("samples"));

/** Writes the limbs of class `label` of all samples of a pass, transposed to words. */
function exportScores(slots: SampleSlots, { classes, limbs }: ScorePlaces, own: Pointer): Callable {
  const word = (limb: number): Word => load(relative("source", wordsOfGroups(slots, constant(limb))));
  const fromWord = (value: Word): Wide => ({ kind: "from-word", value });
  // The last limb is signed: its highest bit counts −2^31.
  const signed = (value: Word): Wide => ({
    kind: "subtract",
    left: fromWord(xor(value, { kind: "constant", value: 2 ** 31 })),
    right: { kind: "constant", value: 2 ** 31 },
  });
  const perSample = classes * limbs;
  const first = add(multiply(variable("group"), perSample), multiply(variable("label"), limbs));
  return makeCallable(
    {
      name: "export_scores",
      comment: ["Copies one class's score of each sample of a pass.", describeScore(limbs)],
      mode: "scalar",
      body: [
        loop("sample", variable("samples"), [
          letPointer("source", relative("slots", wordOfSample(slots, variable("sample")))),
          letPointer("target", relative("scores", multiply(variable("sample"), perSample))),
          ...Array.from(
            { length: limbs },
            (_, limb): Statement => ({
              kind: "store-score",
              pointer: relative("target"),
              offset: limb,
              value: limb === limbs - 1 ? signed(word(limb)) : fromWord(word(limb)),
            }),
          ),
        ]),
      ],
    },
    [
      { parameter: { name: "slots", type: "pointer", space: "scratch" }, argument: typedPointer(own) },
      SAMPLES,
      pointerCandidate("scores", "scores", first),
    ],
  );
}

/** Writes the classes of all samples of a pass, transposed to words. */
function exportClasses(slots: SampleSlots, { winner }: ScorePlaces): Callable {
  return makeCallable(
    {
      name: "export_classes",
      comment: ["Copies the class of each sample of a pass."],
      mode: "scalar",
      body: [
        loop("sample", variable("samples"), [
          store(
            relative("classes", variable("sample")),
            load(relative("slots", wordOfSample(slots, variable("sample")))),
          ),
        ]),
      ],
    },
    [
      slotsCandidate(add(slots.at, slotOffset(winner, slots))),
      SAMPLES,
      pointerCandidate("classes", "classes", variable("group")),
    ],
  );
}
