/** The surroundings of a plane: what lies outside the frame, filled by the border rule. */
import type { ValueId } from "../ir/node.js";
import type { BorderRule } from "../morph/border.js";
import { add, constant, load, lowBitsIndex, relative, subtract, variable } from "../word/build.js";
import {
  and,
  andNot,
  letIndex,
  letPointer,
  letWord,
  loop,
  ONE,
  or,
  shiftRight,
  store,
  wordVariable,
  ZEROS,
} from "../word/build-statement.js";
import type { Index, Statement, Word } from "../word/node.js";
import { type Callable, makeCallable } from "./function.js";
import { type Geometry, planesOf } from "./geometry.js";
import { type Lowering, spanOf } from "./lowering.js";
import { aboveLastPixel, planeRow, slotCandidate } from "./plane-access.js";
import { haloRowAt, sizeCandidates, sizesInside } from "./sizes.js";

/** Fills the surroundings of all planes of `value` that something reads. */
export function surroundPlanes(lowering: Lowering, value: ValueId): Statement[] {
  const { schedule, layout, builder } = lowering;
  const geometry = layout.geometryOf(value);
  const span = spanOf(lowering, value);
  return planesOf(schedule, geometry, value).flatMap(({ surroundings, slot }) =>
    surroundings === "none"
      ? []
      : [builder.callOf(surround(geometry, layout.rowsAt(geometry, span), span.rows, slot, surroundings))],
  );
}

/** Fills what lies outside the frame of a plane: row tails, words left and right, rows above and below. */
function surround(geometry: Geometry, planesAt: Index, rows: Index | null, slot: number, border: BorderRule): Callable {
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
    [...sizeCandidates(geometry, planesAt, "", rows), slotCandidate(slot)],
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
  const rowStart = (row: Index): Index => haloRowAt(sizes, variable("slot"), row);
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
