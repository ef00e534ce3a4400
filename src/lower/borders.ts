/** Pictures into planes, planes' surroundings, planes into pictures, and sub-sampling. All scalar functions. */
import type { BorderRule } from "../morph/border.js";
import {
  absolute,
  add,
  constant,
  load,
  lowBitsIndex,
  minimum,
  multiply,
  relative,
  subtract,
  typedIndex,
  typedPointer,
  typedWord,
  variable,
} from "../word/build.js";
import type { Index, Pointer, Statement, Word } from "../word/node.js";
import { type Callable, makeCallable, wordVariable } from "./function.js";
import type { Geometry } from "./geometry.js";
import { rowAt, sizeCandidates, sizesInside, sizesOutside } from "./sizes.js";

const ZEROS: Word = { kind: "constant", value: 0 };
const ONES: Word = { kind: "constant", value: 0xffffffff };
const and = (left: Word, right: Word): Word => ({ kind: "and", left, right });
const or = (left: Word, right: Word): Word => ({ kind: "or", left, right });
const left = (value: Word, amount: Index | number): Word => ({
  kind: "shift-left",
  value,
  amount: typeof amount === "number" ? constant(amount) : amount,
});
const right = (value: Word, amount: Index | number): Word => ({
  kind: "shift-right",
  value,
  amount: typeof amount === "number" ? constant(amount) : amount,
});
const loop = (name: string, to: Index, body: readonly Statement[], step = 1): Statement => ({
  kind: "for",
  variable: name,
  from: constant(0),
  to,
  step: constant(step),
  body,
});
const letWord = (name: string, value: Word, mutable = false): Statement => ({
  kind: "let",
  name,
  mutable,
  value: typedWord(value),
});
const letIndex = (name: string, value: Index): Statement => ({
  kind: "let",
  name,
  mutable: false,
  value: typedIndex(value),
});
const letPointer = (name: string, value: Pointer): Statement => ({
  kind: "let",
  name,
  mutable: false,
  value: typedPointer(value),
});
const store = (pointer: Pointer, value: Word, offset = 0): Statement => ({ kind: "store", pointer, offset, value });
const slotArgument = { parameter: { name: "slot", type: "index" } as const };
const planeRow = (geometry: Geometry, row: Index): Index => {
  const sizes = sizesInside(geometry);
  return add(multiply(variable("slot"), sizes.plane), rowAt(geometry, sizes, 0, add(row, geometry.halo.top)));
};

/** ~0 shifted so that the bits above the last pixel of a row are set; the shift is split because 32 is no shift. */
const aboveLastPixel = (width: Index): Word => left(left(ONES, lowBitsIndex(add(width, 31), 5)), 1);

/** Copies a channel of packed words, `from` words into the picture, into a plane. */
export function importBits(geometry: Geometry, planesAt: Index, slot: number, from: Index): Callable {
  const sizes = sizesInside(geometry);
  return makeCallable(
    {
      name: "import_channel",
      comment: ["Copies one channel of the picture into a plane."],
      mode: "scalar",
      body: [
        loop("row", sizes.height, [
          letPointer("source", relative("channel", multiply(variable("row"), sizes.words))),
          letPointer("target", relative("planes", planeRow(geometry, variable("row")))),
          loop("j", sizes.words, [store(relative("target", variable("j")), load(relative("source", variable("j"))))]),
        ]),
      ],
    },
    [
      {
        parameter: { name: "channel", type: "pointer", space: "input" },
        argument: typedPointer(absolute("input", from)),
      },
      ...sizeCandidates(geometry, planesAt),
      { ...slotArgument, argument: typedIndex(slot) },
    ],
  );
}

/** Packs `byte ≥ threshold` of a channel of bytes, `from` bytes into the picture, into a plane. */
export function importLevelSet(
  geometry: Geometry,
  planesAt: Index,
  slot: number,
  from: Index,
  threshold: number,
): Callable {
  const sizes = sizesInside(geometry);
  return makeCallable(
    {
      name: "import_level_set",
      comment: ["Packs the bits [byte >= threshold] of one channel of the picture into a plane."],
      mode: "scalar",
      body: [
        loop("row", sizes.height, [
          letPointer("source", relative("channel", multiply(variable("row"), sizes.width))),
          letPointer("target", relative("planes", planeRow(geometry, variable("row")))),
          loop("j", sizes.words, [
            letIndex("first", multiply(variable("j"), 32)),
            letIndex("count", minimum(32, subtract(sizes.width, variable("first")))),
            letPointer("pixels", relative("source", variable("first"))),
            letWord("bits", ZEROS, true),
            loop("i", variable("count"), [
              {
                kind: "assign",
                name: "bits",
                value: typedWord(
                  or(
                    wordVariable("bits"),
                    left(
                      {
                        kind: "at-least",
                        value: load(relative("pixels", variable("i"))),
                        threshold: variable("threshold"),
                      },
                      variable("i"),
                    ),
                  ),
                ),
              },
            ]),
            store(relative("target", variable("j")), wordVariable("bits")),
          ]),
        ]),
      ],
    },
    [
      {
        parameter: { name: "channel", type: "pointer", space: "bytes" },
        argument: typedPointer(absolute("bytes", from)),
      },
      ...sizeCandidates(geometry, planesAt),
      { ...slotArgument, argument: typedIndex(slot) },
      { parameter: { name: "threshold", type: "index" }, argument: typedIndex(threshold) },
    ],
  );
}

/** Fills what lies outside the frame of a plane: row tails, words left and right, rows above and below. */
export function surround(geometry: Geometry, planesAt: Index, slot: number, border: BorderRule): Callable {
  const sizes = sizesInside(geometry);
  const { halo, leftWords } = geometry;
  const rightWords = Math.ceil(halo.right / 32);
  const lastWord = subtract(sizes.words, 1);
  const target = relative("pixels", variable("last"));
  const isReplicated = border === "replicate";
  const spread = (bit: Word): Word =>
    isReplicated ? { kind: "negate", value: and(bit, { kind: "constant", value: 1 }) } : ZEROS;
  const fillRow: Statement[] = [
    letPointer("pixels", relative("planes", planeRow(geometry, variable("row")))),
    letWord("before", spread(load(relative("pixels")))),
    letWord("end", load(target)),
    letWord("after", spread(right(wordVariable("end"), lowBitsIndex(add(sizes.width, 31), 5)))),
    store(
      target,
      or(
        { kind: "and-not", left: wordVariable("end"), right: wordVariable("outside") },
        and(wordVariable("after"), wordVariable("outside")),
      ),
    ),
    ...(rightWords === 0
      ? []
      : [
          loop("j", constant(rightWords), [
            store(relative("pixels", add(sizes.words, variable("j"))), wordVariable("after")),
          ]),
        ]),
    ...(leftWords === 0
      ? []
      : [
          letPointer("left", relative("planes", subtract(planeRow(geometry, variable("row")), leftWords))),
          loop("k", constant(leftWords), [store(relative("left", variable("k")), wordVariable("before"))]),
        ]),
  ];
  const wholeRow = (row: Index): Index => subtract(planeRow(geometry, row), leftWords);
  const fillRows = (name: string, first: Index, count: number, from: Index): Statement[] =>
    count === 0
      ? []
      : [
          loop(name, constant(count), [
            letPointer(
              `${name}_target`,
              relative(
                "planes",
                add(multiply(add(first, variable(name)), sizes.stride), multiply(variable("slot"), sizes.plane)),
              ),
            ),
            loop(`${name}_j`, add(sizes.words, leftWords + rightWords), [
              store(
                relative(`${name}_target`, variable(`${name}_j`)),
                isReplicated ? load(relative(`${name}_source`, variable(`${name}_j`))) : ZEROS,
              ),
            ]),
          ]),
        ].flatMap((statement) =>
          isReplicated ? [letPointer(`${name}_source`, relative("planes", wholeRow(from))), statement] : [statement],
        );
  return makeCallable(
    {
      name: isReplicated ? "surround_replicate" : "surround_zeros",
      comment: [isReplicated ? "Repeats the edge pixels of a plane into its halo." : "Clears the halo of a plane."],
      mode: "scalar",
      body: [
        letIndex("last", lastWord),
        letWord("outside", aboveLastPixel(sizes.width)),
        loop(
          "row",
          sizes.height,
          fillRow.filter((statement) => isUsed(statement, fillRow)),
        ),
        ...fillRows("above", constant(0), halo.top, constant(0)),
        ...fillRows("below", add(sizes.height, halo.top), halo.bottom, subtract(sizes.height, 1)),
      ],
    },
    [...sizeCandidates(geometry, planesAt), { ...slotArgument, argument: typedIndex(slot) }],
  );
}

/** Drops the let of `before` where there is no halo on the left. */
function isUsed(statement: Statement, all: readonly Statement[]): boolean {
  if (statement.kind !== "let" || statement.name !== "before") return true;
  return all.some((each) => each.kind === "for" && each.variable === "k");
}

/** Copies a plane to output channel `channel`, with zero tail bits. */
export function exportPlane(geometry: Geometry, planesAt: Index, slot: number, channel: number): Callable {
  const sizes = sizesInside(geometry);
  const outside = sizesOutside(geometry);
  return makeCallable(
    {
      name: "export_plane",
      comment: ["Copies a plane to one channel of the output, with zero tail bits."],
      mode: "scalar",
      body: [
        letIndex("last", subtract(sizes.words, 1)),
        letWord("outside", aboveLastPixel(sizes.width)),
        loop("row", sizes.height, [
          letPointer("source", relative("planes", planeRow(geometry, variable("row")))),
          letPointer("target", relative("channel", multiply(variable("row"), sizes.words))),
          loop("j", variable("last"), [
            store(relative("target", variable("j")), load(relative("source", variable("j")))),
          ]),
          store(relative("target", variable("last")), {
            kind: "and-not",
            left: load(relative("source", variable("last"))),
            right: wordVariable("outside"),
          }),
        ]),
      ],
    },
    [
      ...sizeCandidates(geometry, planesAt),
      { ...slotArgument, argument: typedIndex(slot) },
      {
        parameter: { name: "channel", type: "pointer", space: "output" },
        argument: typedPointer(absolute("output", multiply(multiply(outside.height, outside.words), channel))),
      },
    ],
  );
}

/** Gathers every second bit of every second row of a plane into a plane of the next resolution. */
export function subsample(
  from: Geometry,
  fromAt: Index,
  fromSlot: number,
  to: Geometry,
  toAt: Index,
  toSlot: number,
): Callable {
  const [source, target] = [sizesInside(from, "_from"), sizesInside(to, "_to")];
  const evenBits = (name: string, word: Word): Statement[] => {
    // 32 bits → the 16 even ones: each step halves the number of gaps and doubles their width.
    const steps: readonly (readonly [number, number])[] = [
      [1, 0x33333333],
      [2, 0x0f0f0f0f],
      [4, 0x00ff00ff],
      [8, 0x0000ffff],
    ];
    const first = letWord(`${name}0`, and(word, { kind: "constant", value: 0x55555555 }));
    return [
      first,
      ...steps.map(([shift, mask], index) =>
        letWord(
          `${name}${index + 1}`,
          and(or(wordVariable(`${name}${index}`), right(wordVariable(`${name}${index}`), shift)), {
            kind: "constant",
            value: mask,
          }),
        ),
      ),
    ];
  };
  const rowOf = (geometry: Geometry, sizes: typeof source, slot: string, row: Index): Index =>
    add(multiply(variable(slot), sizes.plane), rowAt(geometry, sizes, 0, add(row, geometry.halo.top)));
  return makeCallable(
    {
      name: `subsample_${from.halvings}`,
      comment: ["Keeps every second pixel of every second row."],
      mode: "scalar",
      body: [
        loop("row", target.height, [
          letPointer("source", relative("planes_from", rowOf(from, source, "slot_from", multiply(variable("row"), 2)))),
          letPointer("target", relative("planes_to", rowOf(to, target, "slot_to", variable("row")))),
          loop("j", target.words, [
            letPointer("pair", relative("source", multiply(variable("j"), 2))),
            ...evenBits("low", load(relative("pair"))),
            ...evenBits("high", load(relative("pair"), 1)),
            store(relative("target", variable("j")), or(wordVariable("low4"), left(wordVariable("high4"), 16))),
          ]),
        ]),
      ],
    },
    [
      ...sizeCandidates(from, fromAt, "_from"),
      ...sizeCandidates(to, toAt, "_to"),
      { parameter: { name: "slot_from", type: "index" }, argument: typedIndex(fromSlot) },
      { parameter: { name: "slot_to", type: "index" }, argument: typedIndex(toSlot) },
    ],
  );
}
