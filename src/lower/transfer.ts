/** Pictures into planes and planes into pictures. */
import {
  absolute,
  add,
  constant,
  LANES,
  load,
  minimum,
  multiply,
  relative,
  subtract,
  typedIndex,
  typedPointer,
  variable,
} from "../word/build.js";
import {
  andNot,
  assignWord,
  letIndex,
  letPointer,
  letWord,
  loop,
  or,
  shiftLeft,
  store,
  wordVariable,
  ZEROS,
} from "../word/build-statement.js";
import type { Index, Pointer, Statement } from "../word/node.js";
import { type Callable, type Candidate, makeCallable } from "./function.js";
import type { Geometry } from "./geometry.js";
import { aboveLastPixel, planeRow, slotCandidate } from "./plane-access.js";
import { sizeCandidates, sizesInside, sizesOutside } from "./sizes.js";

/** Where the rows that are copied begin in the first plane, in the entry point, and how many they are; null for all. */
export interface RowsAt {
  readonly planesAt: Index;
  readonly rows: Index | null;
}

/** Copies a channel of packed words, `from` words into the picture, into a plane. */
export function importBits(
  geometry: Geometry,
  { planesAt, rows }: RowsAt,
  slot: number,
  from: Index,
  mode: CopyMode,
): Callable {
  const { words } = sizesInside(geometry);
  return makeCallable(
    {
      name: mode === "vector" ? "import_channel" : "import_narrow_channel",
      comment: ["Copies one channel of the picture into a plane."],
      mode,
      body: copyRows(geometry, mode, {
        source: relative("channel", multiply(variable("row"), words)),
        target: relative("planes", planeRow(geometry, variable("row"))),
      }),
    },
    [
      {
        parameter: { name: "channel", type: "pointer", space: "input" },
        argument: typedPointer(absolute("input", from)),
      },
      ...sizeCandidates(geometry, planesAt, "", rows),
      slotCandidate(slot),
    ],
  );
}

/** Copies a plane to the output, `to` words into it; the tail bits are still the plane's. */
export function exportPlane(
  geometry: Geometry,
  { planesAt, rows }: RowsAt,
  slot: number,
  to: Index,
  mode: CopyMode,
): Callable {
  const { words } = sizesInside(geometry);
  return makeCallable(
    {
      name: mode === "vector" ? "export_plane" : "export_narrow_plane",
      comment: ["Copies a plane to one channel of the output."],
      mode,
      body: copyRows(geometry, mode, {
        source: relative("planes", planeRow(geometry, variable("row"))),
        target: relative("channel", multiply(variable("row"), words)),
      }),
    },
    [...sizeCandidates(geometry, planesAt, "", rows), slotCandidate(slot), outputCandidate(to)],
  );
}

/** Clears the tail bits of the rows of output channel `channel`. */
export function clearTails(geometry: Geometry, channel: number): Callable {
  const { height, width, words } = sizesInside(geometry);
  const last = relative("channel", add(multiply(variable("row"), words), variable("last")));
  return makeCallable(
    {
      name: "clear_tails",
      comment: ["Clears the bits behind the last pixel of each row of an output channel."],
      mode: "scalar",
      body: [
        letIndex("last", subtract(words, 1)),
        letWord("outside", aboveLastPixel(width)),
        loop("row", height, [store(last, andNot(load(last), wordVariable("outside")))]),
      ],
    },
    [...sizeCandidates(geometry, constant(0)), outputCandidate(outputAt(geometry, channel))],
  );
}

/** Words before output channel `channel`. */
export function outputAt(geometry: Geometry, channel: number): Index {
  const { height, words } = sizesOutside(geometry);
  return multiply(multiply(height, words), channel);
}

function outputCandidate(to: Index): Candidate {
  return {
    parameter: { name: "channel", type: "pointer", space: "output" },
    argument: typedPointer(absolute("output", to)),
  };
}

/**
 * `vector` copies whole vectors and needs rows of at least `lanes` words: the last vector of a row ends with the row and
 * may overlap the one before, so that nothing beyond the caller's buffers is touched.
 */
export type CopyMode = "scalar" | "vector";

function copyRows(
  geometry: Geometry,
  mode: CopyMode,
  row: { readonly source: Pointer; readonly target: Pointer },
): Statement[] {
  const { height, words } = sizesInside(geometry);
  const copy = (word: Index): Statement => store(relative("target", word), load(relative("source", word)));
  const copies =
    mode === "scalar"
      ? [loop("j", words, [copy(variable("j"))])]
      : [loop("j", variable("last"), [copy(variable("j"))], LANES), copy(variable("last"))];
  return [
    ...(mode === "vector" ? [letIndex("last", subtract(words, LANES))] : []),
    loop("row", height, [letPointer("source", row.source), letPointer("target", row.target), ...copies]),
  ];
}

/** Packs `byte ≥ threshold` of a channel of bytes, `from` bytes into the picture, into a plane. */
export function importLevelSet(
  geometry: Geometry,
  { planesAt, rows }: RowsAt,
  slot: number,
  from: Index,
  threshold: number,
): Callable {
  const sizes = sizesInside(geometry);
  const pixel = load(relative("pixels", variable("i")));
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
              letWord("is_above", { kind: "at-least", value: pixel, threshold: variable("threshold") }),
              assignWord("bits", or(wordVariable("bits"), shiftLeft(wordVariable("is_above"), variable("i")))),
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
      ...sizeCandidates(geometry, planesAt, "", rows),
      slotCandidate(slot),
      { parameter: { name: "threshold", type: "index" }, argument: typedIndex(threshold) },
    ],
  );
}
