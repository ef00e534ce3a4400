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
import {
  and,
  andNot,
  letIndex,
  letPointer,
  letWord,
  loop,
  ONE,
  ONES,
  or,
  shiftLeft,
  shiftRight,
  store,
  wordVariable,
  ZEROS,
} from "../word/build-statement.js";
import type { Index, Statement, Word } from "../word/node.js";
import { type Callable, makeCallable } from "./function.js";
import type { Geometry } from "./geometry.js";
import { rowAt, sizeCandidates, sizesInside, sizesOutside } from "./sizes.js";

const slotArgument = { parameter: { name: "slot", type: "index" } as const };
const planeRow = (geometry: Geometry, row: Index): Index => {
  const sizes = sizesInside(geometry);
  return add(multiply(variable("slot"), sizes.plane), rowAt(geometry, sizes, 0, add(row, geometry.halo.top)));
};

/** ~0 shifted so that the bits above the last pixel of a row are set; the shift is split because 32 is no shift. */
const aboveLastPixel = (width: Index): Word => shiftLeft(shiftLeft(ONES, lowBitsIndex(add(width, 31), 5)), 1);

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
                    shiftLeft(
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
  const { height } = sizesInside(geometry);
  const { top, bottom } = geometry.halo;
  const isReplicated = border === "replicate";
  return makeCallable(
    {
      name: `surround_${border}`,
      comment: [isReplicated ? "Repeats the edge pixels of a plane into its halo." : "Clears the halo of a plane."],
      mode: "scalar",
      body: [
        ...fillSides(geometry, isReplicated),
        ...fillRows(geometry, "above", top, constant(0), isReplicated ? constant(top) : null),
        ...fillRows(geometry, "below", bottom, add(height, top), isReplicated ? subtract(add(height, top), 1) : null),
      ],
    },
    [...sizeCandidates(geometry, planesAt), { ...slotArgument, argument: typedIndex(slot) }],
  );
}

/** The bits behind the last pixel of each row, the words behind them and the words before the first pixel. */
function fillSides(geometry: Geometry, isReplicated: boolean): Statement[] {
  const { words, width, height } = sizesInside(geometry);
  const { halo, leftWords } = geometry;
  const spread = (word: Word): Word => (isReplicated ? { kind: "negate", value: and(word, ONE) } : ZEROS);
  const rowStart = planeRow(geometry, variable("row"));
  const last = relative("pixels", variable("last"));
  const outside = wordVariable("outside");
  const inFrame = andNot(wordVariable("end"), outside);
  const before: Statement[] =
    leftWords === 0
      ? []
      : [
          letPointer("left", relative("planes", subtract(rowStart, leftWords))),
          letWord("before", spread(load(relative("pixels")))),
          ...repeat("k", leftWords, (k) => store(relative("left", k), wordVariable("before"))),
        ];
  const after: Statement[] = [
    letWord("end", load(last)),
    letWord("after", spread(shiftRight(wordVariable("end"), lowBitsIndex(add(width, 31), 5)))),
    store(last, isReplicated ? or(inFrame, and(wordVariable("after"), outside)) : inFrame),
    ...repeat("i", Math.ceil(halo.right / 32), (i) => store(relative("pixels", add(words, i)), wordVariable("after"))),
  ];
  return [
    letIndex("last", subtract(words, 1)),
    letWord("outside", aboveLastPixel(width)),
    loop("row", height, [letPointer("pixels", relative("planes", rowStart)), ...before, ...after]),
  ];
}

/** Fills `count` whole rows from plane row `first` on with copies of plane row `from`, or with zeros. */
function fillRows(geometry: Geometry, name: string, count: number, first: Index, from: Index | null): Statement[] {
  if (count === 0) return [];
  const sizes = sizesInside(geometry);
  const used = add(sizes.words, geometry.leftWords + Math.ceil(geometry.halo.right / 32));
  const rowStart = (row: Index): Index => add(multiply(variable("slot"), sizes.plane), multiply(row, sizes.stride));
  const [source, target, word] = [`${name}_source`, `${name}_target`, variable(`${name}_word`)];
  return [
    ...(from === null ? [] : [letPointer(source, relative("planes", rowStart(from)))]),
    loop(name, constant(count), [
      letPointer(target, relative("planes", rowStart(add(first, variable(name))))),
      loop(`${name}_word`, used, [store(relative(target, word), from === null ? ZEROS : load(relative(source, word)))]),
    ]),
  ];
}

/** A loop, or the statements one after the other where they are at most two. */
function repeat(name: string, count: number, body: (position: Index) => Statement): Statement[] {
  if (count > 2) return [loop(name, constant(count), [body(variable(name))])];
  return Array.from({ length: count }, (_, position) => body(constant(position)));
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
          store(
            relative("target", variable("last")),
            andNot(load(relative("source", variable("last"))), wordVariable("outside")),
          ),
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

/** The 16 even bits of a word: each step halves the number of gaps and doubles their width. */
function evenBits(name: string, word: Word): Statement[] {
  const steps: readonly (readonly [number, number])[] = [
    [1, 0x33333333],
    [2, 0x0f0f0f0f],
    [4, 0x00ff00ff],
    [8, 0x0000ffff],
  ];
  return [
    letWord(`${name}0`, and(word, { kind: "constant", value: 0x55555555 })),
    ...steps.map(([shift, mask], index) => {
      const bits = wordVariable(`${name}${index}`);
      return letWord(`${name}${index + 1}`, and(or(bits, shiftRight(bits, shift)), { kind: "constant", value: mask }));
    }),
  ];
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
            store(relative("target", variable("j")), or(wordVariable("low4"), shiftLeft(wordVariable("high4"), 16))),
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
