/** Pictures of samples into the words that are transposed to slots, and slots that were transposed back into answers. */
import { wordsFor } from "../morph/bit-image.js";
import { absolute, add, constant, load, multiply, relative, subtract, typedPointer, variable } from "../word/build.js";
import {
  and,
  assignIndex,
  assignWord,
  letIndex,
  letPointer,
  letWord,
  loop,
  ONES,
  or,
  shiftLeft,
  shiftRight,
  store,
  wordVariable,
  ZEROS,
} from "../word/build-statement.js";
import type { Index, Pointer, Statement, Word } from "../word/node.js";
import { type Callable, type Candidate, indexCandidate, makeCallable, pointerCandidate } from "./function.js";
import { FIRST_INPUT_SLOT, ONES_SLOT, ZERO_SLOT } from "./gate-program.js";
import { slotsCandidate } from "./gate-routines.js";
import { slotAt, slotOffset, vectorAt } from "./gate-slots.js";
import { type SampleSlots, slotPlace, wordOfSample, wordsOfGroups } from "./sample-slots.js";
import type { Transposed } from "./vector-gates.js";

/** Fills the slots of zeros and of ones. */
export function fillConstants(slots: SampleSlots): Callable {
  const each = (slot: number, value: Word): Statement[] => [
    letPointer(`slot${slot}`, slotAt(slot, slots)),
    ...Array.from({ length: slots.vectors }, (_, vector) => store(vectorAt(`slot${slot}`, vector, slots), value)),
  ];
  return makeCallable(
    {
      name: "fill_constants",
      comment: ["Fills the slot of zeros and the slot of ones."],
      mode: "vector",
      body: [...each(ZERO_SLOT, ZEROS), ...each(ONES_SLOT, ONES)],
    },
    [slotsCandidate(slots.at)],
  );
}

/** Where the words of a sample's image go. */
export interface SampleWords {
  readonly first: Pointer;
  /** Words from one to the next. */
  readonly step: Index;
}

/** Before they are transposed: one to the first of each 32 slots. */
export function wordsToTranspose(slots: SampleSlots, { firstInput }: Transposed, sample: Index): SampleWords {
  const first = add(slotOffset(FIRST_INPUT_SLOT + firstInput, slots), wordOfSample(slots, sample));
  return { first: absolute("scratch", add(slots.at, first)), step: wordsOfGroups(slots, constant(1)) };
}

function targetOf({ first }: SampleWords): Candidate {
  return { parameter: { name: "target", type: "pointer", space: "scratch" }, argument: typedPointer(first) };
}

/** Packs `byte ≥ threshold` of the pixels of an image, `from` bytes into the pictures, into this sample's words. */
export function packLevelSet(words: SampleWords, image: Transposed, from: Index, threshold: number): Callable {
  const pixels = image.height * image.width;
  const [whole, rest] = [Math.floor(pixels / 32), pixels % 32];
  const place = (word: Index): Pointer => relative("target", multiply(word, words.step));
  const bits = (first: Index): Word => ({
    kind: "level-set",
    pointer: relative("pixels", first),
    threshold: variable("threshold"),
  });
  const wholeWords =
    whole === 0 ? [] : [loop("j", whole, [store(place(variable("j")), bits(multiply(variable("j"), 32)))])];
  return makeCallable(
    {
      name: "pack_level_set",
      comment: ["Packs the bits [byte >= threshold] of one sample's image, 32 to a word."],
      mode: "scalar",
      body: [...wholeWords, ...(rest === 0 ? [] : lastPixels(pixels, rest, place(constant(whole)), bits))],
    },
    [pointerCandidate("pixels", "bytes", from), targetOf(words), indexCandidate("threshold", threshold)],
  );
}

/** The pixels behind the last whole word, read with those before them, so that no byte beyond the image is touched. */
function lastPixels(pixels: number, rest: number, place: Pointer, bits: (first: Index) => Word): Statement[] {
  if (pixels >= 32) return [store(place, shiftRight(bits(constant(pixels - 32)), 32 - rest))];
  const byte = load(relative("pixels", variable("i")));
  const isAbove: Word = { kind: "at-least", value: byte, threshold: variable("threshold") };
  return [
    letWord("bits", ZEROS, true),
    loop("i", rest, [
      letWord("is_above", isAbove),
      assignWord("bits", or(wordVariable("bits"), shiftLeft(wordVariable("is_above"), variable("i")))),
    ]),
    store(place, wordVariable("bits")),
  ];
}

/** Packs the rows of an image without gaps into this sample's words; what lies behind the rows' last pixels is left out. */
export function packRows(
  { height, width }: Transposed,
  target: SampleWords,
  source: Pointer,
  space: "input" | "scratch",
  strideWords: number,
): Callable {
  const tail = width % 32;
  const words = wordsFor(width);
  const { step } = target;
  const next = (count: number, part: Word): Statement[] => appendBits(count, part, step);
  const pixel = (word: Index | number): Word => load(relative("pixels", word));
  const wholeWords = tail === 0 ? words : words - 1;
  const rowPointer = letPointer("pixels", relative("image", multiply(variable("row"), strideWords)));
  const body =
    tail === 0
      ? [
          letIndex("place", 0, true),
          loop("row", height, [
            rowPointer,
            loop("j", wholeWords, [
              store(relative("target", variable("place")), pixel(variable("j"))),
              assignIndex("place", add(variable("place"), step)),
            ]),
          ]),
        ]
      : [
          letIndex("place", 0, true),
          letIndex("filled", 0, true),
          letWord("packed", ZEROS, true),
          loop("row", height, [
            rowPointer,
            ...(wholeWords === 0
              ? []
              : [loop("j", wholeWords, [letWord("part", pixel(variable("j"))), ...next(32, wordVariable("part"))])]),
            letWord("last_part", and(pixel(wholeWords), { kind: "constant", value: 2 ** tail - 1 })),
            ...next(tail, wordVariable("last_part")),
          ]),
          {
            kind: "if",
            condition: { kind: "index", operator: "!=", left: variable("filled"), right: constant(0) },
            then: [store(relative("target", variable("place")), wordVariable("packed"))],
            else: [],
          } satisfies Statement,
        ];
  return makeCallable(
    {
      name: "pack_rows",
      comment: ["Packs the rows of one sample's image without gaps, 32 pixels to a word."],
      mode: "scalar",
      body,
    },
    [{ parameter: { name: "image", type: "pointer", space }, argument: typedPointer(source) }, targetOf(target)],
  );
}

/** Appends `count` bits to `packed`, which holds `filled` of them, and stores it when it is full. */
function appendBits(count: number, part: Word, step: Index): Statement[] {
  const filled = variable("filled");
  const together = add(filled, count);
  const isFull = { kind: "index", operator: "<", left: constant(31), right: together } as const;
  const rest: Statement[] = count === 32 ? [] : [assignIndex("filled", together)];
  return [
    assignWord("packed", or(wordVariable("packed"), shiftLeft(part, filled))),
    {
      kind: "if",
      condition: isFull,
      then: [
        store(relative("target", variable("place")), wordVariable("packed")),
        assignIndex("place", add(variable("place"), step)),
        // What did not fit; the shift by 32 − filled takes two steps, as one by 32 is none.
        assignWord("packed", shiftRight(shiftRight(part, 1), subtract(31, filled))),
        ...(count === 32 ? [] : [assignIndex("filled", subtract(together, 32))]),
      ],
      else: rest,
    },
  ];
}

/** Writes the words of all samples of a pass, which lie in the 32 slots of each word from `first` on, to the output. */
export function exportWords(slots: SampleSlots, first: number, words: number): Callable {
  const from = relative("slots", wordOfSample(slots, variable("sample")));
  const word = load(relative("source", wordsOfGroups(slots, variable("w"))));
  return makeCallable(
    {
      name: "export_words",
      comment: ["Copies the output words of each sample of a pass."],
      mode: "scalar",
      body: [
        loop("sample", variable("samples"), [
          letPointer("source", from),
          letPointer("target", relative("result", multiply(variable("sample"), words))),
          loop("w", words, [store(relative("target", variable("w")), word)]),
        ]),
      ],
    },
    [
      {
        parameter: { name: "slots", type: "pointer", space: "scratch" },
        argument: typedPointer(slotPlace(slots, first)),
      },
      indexCandidate("samples", variable("samples")),
      pointerCandidate("result", "output", multiply(variable("group"), words)),
    ],
  );
}
