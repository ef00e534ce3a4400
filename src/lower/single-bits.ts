/** Bits of one sample from packed words to a word of 0 or 1 each, and back. */
import { wordsFor } from "../morph/bit-image.js";
import { add, load, minimum, multiply, relative, subtract, variable } from "../word/build.js";
import {
  and,
  assignWord,
  letIndex,
  letWord,
  loop,
  ONE,
  or,
  shiftLeft,
  shiftRight,
  store,
  wordVariable,
  xor,
  ZEROS,
} from "../word/build-statement.js";
import type { Index, Table, Word } from "../word/node.js";
import { type Callable, indexCandidate, makeCallable, pointerCandidate } from "./function.js";
import type { SingleOutput } from "./single-plan.js";
import { unsignedTable } from "./table.js";

const bit = variable("bit");
const word = variable("word");

/** Each bit of `words` packed words to a word of its own. */
export function unpackBits(packed: Index, words: number, values: Index): Callable {
  return makeCallable(
    {
      name: "unpack_bits",
      comment: ["Bits of packed words to words of 0 or 1."],
      mode: "scalar",
      body: [
        loop("word", variable("words"), [
          letWord("bits", load(relative("packed", word))),
          loop("bit", 32, [
            store(relative("values", add(multiply(word, 32), bit)), and(shiftRight(wordVariable("bits"), bit), ONE)),
          ]),
        ]),
      ],
    },
    [
      pointerCandidate("packed", "scratch", packed),
      indexCandidate("words", words),
      pointerCandidate("values", "scratch", values),
    ],
  );
}

/** What words of 0 or 1 hold, 32 to a packed word; of words that were never written, any bit. */
export function packBits(values: Index, words: number, packed: Index): Callable {
  const value = and(load(relative("values", add(multiply(word, 32), bit))), ONE);
  return makeCallable(
    {
      name: "pack_bits",
      comment: ["Words of 0 or 1 to bits of packed words."],
      mode: "scalar",
      body: [
        loop("word", variable("words"), [
          letWord("bits", ZEROS, true),
          loop("bit", 32, [assignWord("bits", or(wordVariable("bits"), shiftLeft(value, bit)))]),
          store(relative("packed", word), wordVariable("bits")),
        ]),
      ],
    },
    [
      pointerCandidate("values", "scratch", values),
      indexCandidate("words", words),
      pointerCandidate("packed", "scratch", packed),
    ],
  );
}

/**
 * The sample's output words, with what the tables say of each output. Constants read any word, which may never have been written, and
 * are masked.
 * @param to in the output
 */
export function exportBits(
  outputs: readonly SingleOutput[],
  values: Index,
  to: Index,
): { readonly callable: Callable; readonly tables: readonly Table[] } {
  const words = wordsFor(outputs.length);
  const maskTable = (name: string, comment: string, isSet: (output: SingleOutput) => boolean): Table => ({
    name,
    element: "u32",
    values: Array.from({ length: words }, (_, index) =>
      outputs
        .slice(32 * index, 32 * index + 32)
        .reduce((mask, output, position) => mask + (isSet(output) ? 2 ** position : 0), 0),
    ),
    comment,
  });
  const areConstants = outputs.some(({ place }) => place === null);
  const areComplemented = outputs.some(({ complemented }) => complemented);
  const tables: Table[] = [
    unsignedTable(
      "output_bits",
      outputs.map(({ place }) => place ?? 0),
      "place of each output's bit",
    ),
    ...(areConstants
      ? [maskTable("output_masks", "outputs that are no constants", ({ place }) => place !== null)]
      : []),
    ...(areComplemented
      ? [maskTable("output_flips", "outputs that are complements", ({ complemented }) => complemented)]
      : []),
  ];
  const first = multiply(word, 32);
  const place: Index = { kind: "table", table: "output_bits", index: add(first, bit) };
  const inTable = (table: string): Word => ({ kind: "table", table, index: word });
  const known = areConstants ? and(wordVariable("bits"), inTable("output_masks")) : wordVariable("bits");
  const callable = makeCallable(
    {
      name: "export_bits",
      comment: ["The output words of one sample."],
      mode: "scalar",
      body: [
        loop("word", words, [
          letWord("bits", ZEROS, true),
          letIndex("count", outputs.length % 32 === 0 ? 32 : minimum(32, subtract(outputs.length, first))),
          loop("bit", variable("count"), [
            assignWord("bits", or(wordVariable("bits"), shiftLeft(and(load(relative("values", place)), ONE), bit))),
          ]),
          store(relative("result", word), areComplemented ? xor(known, inTable("output_flips")) : known),
        ]),
      ],
    },
    [pointerCandidate("values", "scratch", values), pointerCandidate("result", "output", to)],
  );
  return { callable, tables };
}
