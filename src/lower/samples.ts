/**
 * The vector part of a network, batch-packed: bit s of lane l of a slot is sample 32·l + s of the group, so that one
 * pass over the gates answers 32 · lanes samples.
 */
import { wordsFor } from "../morph/bit-image.js";
import {
  absolute,
  add,
  constant,
  LANES,
  load,
  lowBitsIndex,
  minimum,
  multiply,
  relative,
  shiftRightIndex,
  subtract,
  typedIndex,
  typedPointer,
  variable,
} from "../word/build.js";
import {
  and,
  assignWord,
  letIndex,
  letPointer,
  letWord,
  loop,
  ONE,
  or,
  shiftLeft,
  shiftRight,
  store,
  wordVariable,
  ZEROS,
} from "../word/build-statement.js";
import type { Index, Pointer, Table, Word } from "../word/node.js";
import { type Callable, type Candidate, makeCallable } from "./function.js";
import { slotsCandidate } from "./gate-routines.js";
import { FIRST_INPUT_SLOT, ZERO_SLOT } from "./gates.js";
import { unsignedTable } from "./table.js";
import type { Transposed } from "./vector-gates.js";

/** Sample `sample` of the current group, counted from the first of all. */
export function sampleNumber(sample: string): Index {
  return add(variable("group"), variable(sample));
}

/**
 * What the functions below take: the slots, and the place of one sample in every slot. `sample` names the entry
 * point's variable that counts the samples of a group.
 */
export function sampleCandidates(slotsAt: Index, sample: string): Candidate[] {
  return [
    slotsCandidate(slotsAt),
    { parameter: { name: "lane", type: "index" }, argument: typedIndex(shiftRightIndex(variable(sample), 5)) },
    { parameter: { name: "bit", type: "index" }, argument: typedIndex(lowBitsIndex(variable(sample), 5)) },
  ];
}

const LANE = variable("lane");
const BIT = variable("bit");

/** Bit `bit` of lane `lane` of a slot, as 0 or 1. */
export function sampleBit(slot: Index): Word {
  return and(shiftRight(load(relative("slots", add(multiply(slot, LANES), LANE))), BIT), ONE);
}

/** Clears the slot of zeros and the input slots before a group of samples. */
export function clearSlots(slotsAt: Index, inputCount: number): Callable {
  const slot = add(variable("i"), ZERO_SLOT);
  return makeCallable(
    {
      name: "clear_slots",
      comment: ["Clears the slot of zeros and the slots of the inputs."],
      mode: "vector",
      body: [loop("i", inputCount + 1, [store(relative("slots", multiply(slot, LANES)), ZEROS)])],
    },
    [slotsCandidate(slotsAt)],
  );
}

/** Writes the pixels of a packed image into this sample's bit of the input slots. */
export function transpose(
  image: Transposed,
  source: Pointer,
  space: "input" | "scratch",
  strideWords: number,
  slotsAt: Index,
  sample: string,
): Callable {
  const [row, column] = [variable("row"), variable("column")];
  const slot = add(multiply(row, image.width), column);
  const firstSlot = add(slotsAt, multiply(constant(FIRST_INPUT_SLOT + image.firstInput), LANES));
  const pixelWord = load(relative("pixels", shiftRightIndex(column, 5)));
  const target = relative("target");
  return makeCallable(
    {
      name: "transpose_image",
      comment: ["Writes the pixels of an image into one bit each of as many slots."],
      mode: "scalar",
      body: [
        loop("row", image.height, [
          letPointer("pixels", relative("image", multiply(row, strideWords))),
          loop("column", image.width, [
            letWord("pixel", and(shiftRight(pixelWord, lowBitsIndex(column, 5)), ONE)),
            letPointer("target", relative("slots", add(multiply(slot, LANES), LANE))),
            store(target, or(load(target), shiftLeft(wordVariable("pixel"), BIT))),
          ]),
        ]),
      ],
    },
    [
      { parameter: { name: "image", type: "pointer", space }, argument: typedPointer(source) },
      ...sampleCandidates(firstSlot, sample),
    ],
  );
}

/** Packs one sample's bits of the listed slots into the output. */
export function exportBits(
  slots: readonly number[],
  slotsAt: Index,
  sample: string,
): { readonly callable: Callable; readonly tables: readonly Table[] } {
  const words = wordsFor(slots.length);
  const first = multiply(variable("w"), 32);
  const bit = sampleBit({ kind: "table", table: "output_slots", index: add(variable("first"), variable("i")) });
  const callable = makeCallable(
    {
      name: "export_bits",
      comment: ["Packs the output bits of one sample."],
      mode: "scalar",
      body: [
        loop("w", words, [
          letWord("packed", ZEROS, true),
          letIndex("first", first),
          letIndex("count", minimum(32, subtract(slots.length, variable("first")))),
          loop("i", variable("count"), [
            assignWord("packed", or(wordVariable("packed"), shiftLeft(bit, variable("i")))),
          ]),
          store(relative("result", variable("w")), wordVariable("packed")),
        ]),
      ],
    },
    [
      ...sampleCandidates(slotsAt, sample),
      {
        parameter: { name: "result", type: "pointer", space: "output" },
        argument: typedPointer(absolute("output", multiply(sampleNumber(sample), words))),
      },
    ],
  );
  return { callable, tables: [unsignedTable("output_slots", slots, "slot of each output bit")] };
}
