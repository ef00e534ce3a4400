/**
 * The read-out: exact integer scores in limbs, and the first arg max. Where it pays, all samples of a pass are answered
 * together, bit-sliced (`score-sums.ts`): the class is found by comparing digits, and scores and classes are transposed to words.
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
  typedIndex,
  typedPointer,
  variable,
} from "../word/build.js";
import {
  and,
  andNot,
  assignIndex,
  assignWord,
  letIndex,
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
import type { Condition, Index, Pointer, ScoresOutput, Statement, Wide, Word, WordFunction } from "../word/node.js";
import { addBlock } from "./carry-save.js";
import { type Callable, makeCallable } from "./function.js";
import { BLOCK } from "./gate-program.js";
import { slotAt, slotOffset, slotsCandidate, vectorAt } from "./gate-routines.js";
import type { ProgramBuilder } from "./program-builder.js";
import { type SampleSlots, slotPlace, wordOfSample, wordsOfSlots } from "./sample-slots.js";
import { type ScoreSums, scoreSums } from "./score-sums.js";
import type { SlotPool } from "./slot-pool.js";
import { transposeSlots } from "./transpose.js";

/** Bits of all limbs but the last, small enough that sums of 2^22 limbs stay exact in a double. */
export const LIMB_BITS = 30;

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

/** Slots of one limb: its digits, each word of which becomes the limb of one sample when they are transposed. */
const LIMB_SLOTS = 32;

/** Where the read-out's slots lie. */
interface ScorePlaces {
  readonly classes: number;
  readonly limbs: number;
  /** Digits of the class at hand, of the best one so far, and of the latter's number. */
  readonly digits: number;
  readonly best: number;
  readonly winner: number;
}

/**
 * Statements of the entry point that answer the samples of a pass from their features, with the functions and tables added to
 * `builder`.
 */
export function scorePass(
  readout: Readout,
  featureSlots: readonly number[],
  slots: SampleSlots,
  pool: SlotPool,
  builder: ProgramBuilder,
): Statement[] {
  const { classes, limbs } = scoresOutput(readout);
  const area = limbs * LIMB_SLOTS;
  const digits = pool.reserve(area);
  const best = pool.reserve(area);
  const winner = pool.reserve(LIMB_SLOTS);
  const places: ScorePlaces = { classes, limbs, digits, best, winner };
  const sums = scoreSums(readout, featureSlots, digitSlots(digits, limbs), pool);
  builder.addTables(sums.tables);

  const clear = limbs === 1 ? [] : [builder.callOf(clearHighSlots(slots, places))];
  const addUp = addUpColumns(slots, sums, builder);
  const pick = builder.callOf(pickClass(slots, places));
  const toScores = builder.callOf(transposeSlots(slots, slotPlace(slots, digits), limbs));
  const toClasses = builder.callOf(transposeSlots(slots, slotPlace(slots, winner), 1));
  return [
    loop("label", classes, [...addUp, ...clear, pick, toScores, builder.callOf(exportScores(slots, places))]),
    toClasses,
    builder.callOf(exportClasses(slots, places)),
  ];
}

/** The slot of each digit of a number in limbs. */
function digitSlots(first: number, limbs: number): number[] {
  return Array.from({ length: limbs }, (_, limb) => {
    const length = limb === limbs - 1 ? LIMB_SLOTS : LIMB_BITS;
    return Array.from({ length }, (_unused, digit) => first + limb * LIMB_SLOTS + digit);
  }).flat();
}

/** A limb but the last has fewer digits than slots. */
function clearHighSlots(slots: SampleSlots, { digits, limbs }: ScorePlaces): Callable {
  const slot = add(multiply(variable("limb"), LIMB_SLOTS), variable("high"), LIMB_BITS);
  return makeCallable(
    {
      name: "clear_high_slots",
      comment: ["Fills the slots above the digits of a limb with zeros."],
      mode: "vector",
      body: [
        loop("limb", limbs - 1, [
          loop("high", LIMB_SLOTS - LIMB_BITS, [
            letPointer("target", slotAt(slot, slots)),
            ...eachVector(slots, (vector) => store(vectorAt("target", vector, slots), ZEROS)),
          ]),
        ]),
      ],
    },
    [slotsCandidate(add(slots.at, wordsOfSlots(slots, digits)))],
  );
}

function eachVector({ vectors }: SampleSlots, statement: (vector: number) => Statement): Statement[] {
  return Array.from({ length: vectors }, (_, vector) => statement(vector));
}

const TABLE = (table: string, index: Index): Index => ({ kind: "table", table, index });

/** Vectors whose counters fit into registers together. */
const MOST_COUNTERS = 2;

/** The digits of the scores of class `label`. */
function addUpColumns(slots: SampleSlots, sums: ScoreSums, builder: ProgramBuilder): Statement[] {
  const together = Math.min(slots.vectors, MOST_COUNTERS);
  const routine = columnRoutine(slots, sums, together);
  const operands = (from: Pointer): Callable => ({
    function: routine,
    call: {
      kind: "call",
      callee: routine.name,
      arguments: [
        typedPointer(from),
        typedIndex(multiply(variable("label"), sums.columns)),
        typedIndex(TABLE("score_starts", variable("label"))),
      ],
      result: null,
    },
  });
  if (slots.vectors === together) return [builder.callOf(operands(absolute("scratch", slots.at)))];
  const from = absolute("scratch", add(slots.at, multiply(variable("part"), multiply(slots.lanes, together))));
  return [loop("part", slots.vectors / together, [builder.callOf(operands(from))])];
}

function columnRoutine(slots: SampleSlots, { columns }: ScoreSums, together: number): WordFunction {
  const operand = (offset: number): Index => TABLE("score_operands", add(variable("cursor"), offset));
  const letSlot = (name: string, offset: number): Statement => letPointer(name, slotAt(operand(offset), slots));
  const each = (statements: (vector: number) => Statement[]): Statement[] =>
    Array.from({ length: together }, (_, vector) => statements(vector)).flat();
  const block = (isComplement: boolean): Statement[] => {
    const mark = isComplement ? "n" : "p";
    const pointer = (index: number): string => `from_${mark}${index}`;
    return [
      letSlot(`carry_${mark}`, 0),
      ...Array.from({ length: BLOCK }, (_, index) => letSlot(pointer(index), index + 1)),
      ...each((vector) => {
        const suffix = `_${mark}${vector}`;
        const name = (index: number): string => `a${index}${suffix}`;
        const words = Array.from({ length: BLOCK }, (_, index): Statement => {
          const word = load(vectorAt(pointer(index), vector, slots));
          return letWord(name(index), isComplement ? { kind: "not", value: word } : word);
        });
        const named = Array.from({ length: BLOCK }, (_, index) => wordVariable(name(index)));
        return [
          ...words,
          ...addBlock(named, `_${vector}`, suffix),
          store(vectorAt(`carry_${mark}`, vector, slots), wordVariable(`eight${suffix}`)),
        ];
      }),
      assignIndex("cursor", add(variable("cursor"), BLOCK + 1)),
    ];
  };
  const blocks = (offset: number): Index =>
    TABLE("score_columns", add(multiply(add(variable("first"), variable("column")), 2), offset));
  const counters = ["ones", "twos", "fours"];
  return {
    name: "add_columns",
    comment: [
      `Adds up the columns of one class from \`first\` on, whose operands begin at \`start\`: ${columns} binary digits.`,
    ],
    mode: "vector",
    parameters: [
      { name: "slots", type: "pointer", space: "scratch" },
      { name: "first", type: "index" },
      { name: "start", type: "index" },
    ],
    body: [
      letIndex("cursor", variable("start"), true),
      loop("column", columns, [
        ...each((vector) => counters.map((counter) => letWord(`${counter}_${vector}`, ZEROS, true))),
        loop("plain", blocks(0), block(false)),
        loop("complemented", blocks(1), block(true)),
        ...counters.map((counter, index) => letSlot(`to_${counter}`, index)),
        ...each((vector) =>
          counters.map((counter) =>
            store(vectorAt(`to_${counter}`, vector, slots), wordVariable(`${counter}_${vector}`)),
          ),
        ),
        assignIndex("cursor", add(variable("cursor"), counters.length)),
      ]),
    ],
    result: null,
  };
}

/**
 * Compares the digits of class `label` with the best ones before, from the least up, and takes them over where they are
 * greater. The highest digit is the sign.
 */
function pickClass(slots: SampleSlots, { classes, limbs, digits, best, winner }: ScorePlaces): Callable {
  const own = (slot: Index): Pointer => relative("own", slotOffset(slot, slots));
  const letDigits = (mark: string, slot: Index): Statement[] => [
    letWord(`new${mark}`, load(own(add(slot, digits)))),
    letWord(`old${mark}`, load(own(add(slot, best)))),
  ];
  const decide = (greater: Word, mark: string): Statement =>
    assignWord(
      "greater",
      or(greater, andNot(wordVariable("greater"), xor(wordVariable(`new${mark}`), wordVariable(`old${mark}`)))),
    );
  const compare = (mark: string, slot: Index): Statement[] => [
    ...letDigits(mark, slot),
    decide(andNot(wordVariable(`new${mark}`), wordVariable(`old${mark}`)), mark),
  ];
  const topSlot = (limbs - 1) * LIMB_SLOTS;
  const slotOfLimb = add(multiply(variable("limb"), LIMB_SLOTS), variable("digit"));
  const labelBits = Math.max(1, bitLength(BigInt(classes - 1)));
  const isFirst: Condition = { kind: "index", operator: "==", left: variable("label"), right: constant(0) };
  const setBit = (bit: number): Statement[] => {
    const place = own(constant(winner + bit));
    const isSet: Condition = {
      kind: "index",
      operator: "==",
      left: lowBitsIndex(shiftRightIndex(variable("label"), bit), 1),
      right: constant(1),
    };
    return [
      {
        kind: "if",
        condition: isSet,
        then: [store(place, or(load(place), wordVariable("greater")))],
        else: [store(place, andNot(load(place), wordVariable("greater")))],
      },
    ];
  };
  const eachVectorBody: Statement[] = [
    letPointer("own", vectorAt("slots", variable("vector"), slots)),
    letWord("greater", ZEROS, true),
    ...(limbs === 1 ? [] : [loop("limb", limbs - 1, [loop("digit", LIMB_BITS, compare("_low", slotOfLimb))])]),
    loop("top", LIMB_SLOTS - 1, compare("_top", add(variable("top"), topSlot))),
    ...letDigits("_sign", constant(topSlot + LIMB_SLOTS - 1)),
    decide(andNot(wordVariable("old_sign"), wordVariable("new_sign")), "_sign"),
    {
      kind: "if",
      condition: isFirst,
      then: [
        assignWord("greater", ONES),
        loop("clear", LIMB_SLOTS, [store(own(add(variable("clear"), winner)), ZEROS)]),
      ],
      else: [],
    },
    loop("take", limbs * LIMB_SLOTS, [
      letWord("before", load(own(add(variable("take"), best)))),
      letWord(
        "change",
        and(xor(wordVariable("before"), load(own(add(variable("take"), digits)))), wordVariable("greater")),
      ),
      store(own(add(variable("take"), best)), xor(wordVariable("before"), wordVariable("change"))),
    ]),
    ...Array.from({ length: labelBits }, (_, bit) => setBit(bit)).flat(),
  ];
  return makeCallable(
    {
      name: "pick_class",
      comment: ["Takes class `label` for the winner of the samples whose best score it exceeds."],
      mode: "vector",
      body: [loop("vector", slots.vectors, eachVectorBody)],
    },
    [
      slotsCandidate(slots.at),
      { parameter: { name: "label", type: "index" }, argument: typedIndex(variable("label")) },
    ],
  );
}

const SAMPLES = { parameter: { name: "samples", type: "index" }, argument: typedIndex(variable("samples")) } as const;

/** Writes the limbs of class `label` of all samples of a pass, transposed to words. */
function exportScores(slots: SampleSlots, { classes, limbs, digits }: ScorePlaces): Callable {
  const word = (limb: number): Word => load(relative("source", wordsOfSlots(slots, limb * LIMB_SLOTS)));
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
      comment: [
        "Copies one class's score of each sample of a pass.",
        `A score is ${limbs === 1 ? "one signed integer" : `${limbs} limbs of ${LIMB_BITS} bits, least significant first, the last one signed`}.`,
      ],
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
      slotsCandidate(add(slots.at, wordsOfSlots(slots, digits))),
      SAMPLES,
      {
        parameter: { name: "scores", type: "pointer", space: "scores" },
        argument: typedPointer(absolute("scores", first)),
      },
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
      slotsCandidate(add(slots.at, wordsOfSlots(slots, winner))),
      SAMPLES,
      {
        parameter: { name: "classes", type: "pointer", space: "classes" },
        argument: typedPointer(absolute("classes", variable("group"))),
      },
    ],
  );
}
