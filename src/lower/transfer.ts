/** Pictures into planes and planes into pictures. */
import {
  add,
  constant,
  LANES,
  load,
  minimum,
  multiply,
  relative,
  subtract,
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
import type { Index, Statement } from "../word/node.js";
import { type Callable, type Candidate, indexCandidate, makeCallable, pointerCandidate } from "./function.js";
import type { Geometry } from "./geometry.js";
import { aboveLastPixel, planeRow, slotCandidate } from "./plane-access.js";
import type { ProgramBuilder } from "./program-builder.js";
import type { Surroundings } from "./schedule.js";
import { sizeCandidates, sizesInside, sizesOutside } from "./sizes.js";
import { fillSides, nameTail } from "./surround.js";
import type { Region } from "./tiles.js";

/** Where the part that is copied begins in the first plane, in the entry point, and the part. */
export interface Place {
  readonly planesAt: Index;
  readonly region: Region;
}

/**
 * The call that copies a part of a channel of packed words, from word `from` of the picture on, into a plane, and fills the
 * plane's halo to the left and right of each row.
 */
export function importBits(
  builder: ProgramBuilder,
  geometry: Geometry,
  { planesAt, region }: Place,
  { slot, surroundings }: { readonly slot: number; readonly surroundings: Surroundings },
  from: Index,
  mode: CopyMode,
): Statement {
  const row = variable("row");
  const rowWords = frameWords(geometry);
  const sides: readonly Statement[] =
    surroundings === "none" ? [] : fillSides(geometry, surroundings, "target", "source");
  const border = surroundings === "none" ? "" : `_${surroundings}`;
  const meaning = {
    none: "",
    replicate: " and repeats the edge pixels of its rows into the halo",
    zeros: " and clears the halo beside its rows",
  };
  const callable = makeCallable(
    {
      name: `${mode === "narrow" ? "import_narrow" : "import"}${border}`,
      comment: [`Copies a channel of the picture into a plane${meaning[surroundings]}.`],
      mode: "scalar",
      body: [
        ...(sides.length === 0 ? [] : nameTail(geometry)),
        loop("row", sizesInside(geometry).height, [
          letPointer("source", relative("channel", multiply(row, rowWords.inside))),
          letPointer("target", relative("planes", planeRow(geometry, row))),
          mode === "vector" ? builder.callOf(copyRow(geometry)) : copyWords(geometry),
          ...sides,
        ]),
      ],
    },
    [
      pointerCandidate("channel", "input", from),
      ...rowWords.candidates,
      ...sizeCandidates(geometry, planesAt, "", region),
      slotCandidate(slot),
    ],
  );
  return builder.callOf(callable);
}

/** Copies a part of a plane to one channel of the output, to word `to` of it on; the tail bits are still the plane's. */
export function exportPlane(
  geometry: Geometry,
  { planesAt, region }: Place,
  slot: number,
  to: Index,
  mode: CopyMode,
): Callable {
  const row = variable("row");
  const rowWords = frameWords(geometry);
  return makeCallable(
    {
      name: mode === "narrow" ? "export_narrow_plane" : "export_plane",
      comment: ["Copies a plane to one channel of the output."],
      mode: mode === "vector" ? "vector" : "scalar",
      body: [
        ...(mode === "vector" ? [nameLastVector(geometry)] : []),
        loop("row", sizesInside(geometry).height, [
          letPointer("source", relative("planes", planeRow(geometry, row))),
          letPointer("target", relative("channel", multiply(row, rowWords.inside))),
          ...(mode === "vector" ? copyVectors() : [copyWords(geometry)]),
        ]),
      ],
    },
    [
      ...sizeCandidates(geometry, planesAt, "", region),
      slotCandidate(slot),
      outputCandidate(to),
      ...rowWords.candidates,
    ],
  );
}

/** A distance in the caller's picture: as a function sees it, and what it is passed where it is not known. */
export interface FrameDistance {
  readonly inside: Index;
  readonly candidates: readonly Candidate[];
}

export function frameDistance(name: string, distance: Index): FrameDistance {
  if (distance.kind === "constant") return { inside: distance, candidates: [] };
  return {
    inside: variable(name),
    candidates: [indexCandidate(name, distance)],
  };
}

/** Words from one row of the caller's packed picture to the next. */
export function frameWords(geometry: Geometry): FrameDistance {
  return frameDistance("row_words", sizesOutside(geometry).words);
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
  return pointerCandidate("channel", "output", to);
}

/**
 * `vector` copies whole vectors and needs rows of at least `lanes` words: the last vector of a row ends with the row and
 * may overlap the one before, so that nothing beyond the caller's buffers is touched. `narrow` is for shorter rows; without
 * vectors there are only `words`.
 */
export type CopyMode = "words" | "narrow" | "vector";

const copyAt = (word: Index): Statement => store(relative("target", word), load(relative("source", word)));

function copyWords(geometry: Geometry): Statement {
  return loop("j", sizesInside(geometry).words, [copyAt(variable("j"))]);
}

function nameLastVector(geometry: Geometry): Statement {
  return letIndex("last", subtract(sizesInside(geometry).words, LANES));
}

function copyVectors(): Statement[] {
  return [loop("j", variable("last"), [copyAt(variable("j"))], LANES), copyAt(variable("last"))];
}

/** Copies one row of the picture, from `source` to `target`. */
function copyRow(geometry: Geometry): Callable {
  const { words } = sizesInside(geometry);
  const size: Candidate[] = words.kind === "constant" ? [] : [indexCandidate("words", words)];
  return makeCallable(
    {
      name: "copy_row",
      comment: ["Copies a row of the picture; its last vector may overlap the one before."],
      mode: "vector",
      body: [nameLastVector(geometry), ...copyVectors()],
    },
    [
      { parameter: { name: "source", type: "pointer", space: "input" }, argument: typedPointer(relative("source")) },
      { parameter: { name: "target", type: "pointer", space: "scratch" }, argument: typedPointer(relative("target")) },
      ...size,
    ],
  );
}

/** Packs `byte ≥ threshold` of a channel of bytes, `from` bytes into the picture, into a plane. */
export function importLevelSet(
  geometry: Geometry,
  { planesAt, region }: Place,
  slot: number,
  from: Index,
  threshold: number,
): Callable {
  const sizes = sizesInside(geometry);
  const rowBytes = frameDistance("row_bytes", sizesOutside(geometry).width);
  const pixel = load(relative("pixels", variable("i")));
  return makeCallable(
    {
      name: "import_level_set",
      comment: ["Packs the bits [byte >= threshold] of one channel of the picture into a plane."],
      mode: "scalar",
      body: [
        loop("row", sizes.height, [
          letPointer("source", relative("channel", multiply(variable("row"), rowBytes.inside))),
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
      pointerCandidate("channel", "bytes", from),
      ...rowBytes.candidates,
      ...sizeCandidates(geometry, planesAt, "", region),
      slotCandidate(slot),
      indexCandidate("threshold", threshold),
    ],
  );
}
