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
import { makeCallable } from "./function.js";
import { type Geometry, planesOf } from "./geometry.js";
import { type Lowering, regionOf } from "./lowering.js";
import { aboveLastPixel, isWholeWords, planeRow, slotCandidate, whereTailed } from "./plane-access.js";
import { haloRowAt, sizeCandidates, sizesInside, sizesOutside } from "./sizes.js";

/** Fills the surroundings of all planes of `value` that something reads. */
export function surroundPlanes(lowering: Lowering, value: ValueId): Statement[] {
  const { schedule, layout, builder } = lowering;
  const geometry = layout.geometryOf(value);
  const region = regionOf(lowering, value);
  return planesOf(schedule, geometry, value).flatMap(({ surroundings, slot }) => {
    if (surroundings === "none") return [];
    const sides = makeCallable(
      {
        name: `surround_${surroundings}`,
        comment: [
          surroundings === "replicate"
            ? "Repeats the edge pixels of the rows of a plane into its halo."
            : "Clears the halo of the rows of a plane.",
        ],
        mode: "scalar",
        body: [
          ...nameTail(geometry),
          loop("row", sizesInside(geometry).height, [
            letPointer("pixels", relative("planes", planeRow(geometry, variable("row")))),
            ...fillSides(geometry, surroundings, "pixels", "pixels"),
          ]),
        ],
      },
      [...sizeCandidates(geometry, layout.regionAt(geometry, region), "", region), slotCandidate(slot)],
    );
    return [builder.callOf(sides), ...surroundRows(lowering, value, slot, surroundings)];
  });
}

/** Fills the rows above and below a plane, where the tile touches the frame's edge. */
export function surroundRows(lowering: Lowering, value: ValueId, slot: number, border: BorderRule): Statement[] {
  const { layout, builder } = lowering;
  const geometry = layout.geometryOf(value);
  const region = regionOf(lowering, value);
  const { height } = sizesInside(geometry);
  const { top, bottom } = geometry.halo;
  const isReplicated = border === "replicate";
  const fill = (side: "above" | "below", count: number, first: Index, from: Index): Statement[] => {
    if (count === 0) return [];
    const callable = makeCallable(
      {
        name: `${isReplicated ? "repeat" : "clear"}_rows_${side}`,
        comment: [
          isReplicated
            ? `Repeats the ${side === "above" ? "first" : "last"} row of a plane ${side} it.`
            : `Clears the rows ${side} a plane.`,
        ],
        mode: "scalar",
        body: fillRows(geometry, count, first, isReplicated ? from : null),
      },
      [...sizeCandidates(geometry, layout.regionAt(geometry, region), "", region), slotCandidate(slot)],
    );
    return [builder.callOf(callable)];
  };
  const { first, count } = region.rows;
  return [
    ...where(first, constant(0), fill("above", top, constant(0), constant(top))),
    ...where(
      add(first, count),
      sizesOutside(geometry).height,
      fill("below", bottom, add(height, top), subtract(add(height, top), 1)),
    ),
  ];
}

/** `then` where two indices are equal, which may be known. */
function where(left: Index, right: Index, then: readonly Statement[]): Statement[] {
  if (then.length === 0) return [];
  const isSame =
    (left.kind === "constant" && right.kind === "constant" && left.value === right.value) ||
    (left.kind === "variable" && right.kind === "variable" && left.name === right.name);
  if (isSame) return [...then];
  return [{ kind: "if", condition: { kind: "index", operator: "==", left, right }, then, else: [] }];
}

/** Before the loop over rows: the last word of a row, and its bits behind the last pixel if there are any. */
export function nameTail(geometry: Geometry): Statement[] {
  const { words, width } = sizesInside(geometry);
  const outside = isWholeWords(width) ? [] : [letWord("outside", aboveLastPixel(width))];
  return [letIndex("end", subtract(words, 1)), ...outside];
}

/**
 * For a row, the bits behind its last pixel, the words behind them and the words before the first pixel.
 * @param pixels pointer to the row in its plane
 * @param source pointer to where the row's words are read
 */
export function fillSides(geometry: Geometry, border: BorderRule, pixels: string, source: string): Statement[] {
  const isReplicated = border === "replicate";
  const { words, width } = sizesInside(geometry);
  const { halo, leftWords } = geometry;
  const spread = (word: Word): Word => (isReplicated ? { kind: "negate", value: and(word, ONE) } : ZEROS);
  const outside = wordVariable("outside");
  const end = variable("end");
  const inFrame = andNot(wordVariable("last_word"), outside);
  const before: Statement[] =
    leftWords === 0
      ? []
      : [
          letPointer("left", relative("planes", subtract(planeRow(geometry, variable("row")), leftWords))),
          letWord("before", spread(load(relative(source)))),
          ...repeat("k", leftWords, (k) => store(relative("left", k), wordVariable("before"))),
        ];
  const after: Statement[] = [
    letWord("last_word", load(relative(source, end))),
    letWord("after", spread(shiftRight(wordVariable("last_word"), lowBitsIndex(add(width, 31), 5)))),
    ...whereTailed(width, () => [
      store(relative(pixels, end), isReplicated ? or(inFrame, and(wordVariable("after"), outside)) : inFrame),
    ]),
    ...repeat("i", Math.ceil(halo.right / 32), (i) => store(relative(pixels, add(words, i)), wordVariable("after"))),
  ];
  return [...before, ...after];
}

/** Fills `count` whole rows from plane row `first` on with copies of plane row `from`, or with zeros. */
function fillRows(geometry: Geometry, count: number, first: Index, from: Index | null): Statement[] {
  const sizes = sizesInside(geometry);
  const used = add(sizes.words, geometry.leftWords + Math.ceil(geometry.halo.right / 32));
  const rowStart = (row: Index): Index => haloRowAt(geometry, sizes, variable("slot"), row);
  const word = variable("j");
  return [
    ...(from === null ? [] : [letPointer("source", relative("planes", rowStart(from)))]),
    loop("row", constant(count), [
      letPointer("target", relative("planes", rowStart(add(first, variable("row"))))),
      loop("j", used, [store(relative("target", word), from === null ? ZEROS : load(relative("source", word)))]),
    ]),
  ];
}

/** A loop, or the statements one after the other where they are at most two. */
function repeat(name: string, count: number, body: (position: Index) => Statement): Statement[] {
  if (count > 2) return [loop(name, constant(count), [body(variable(name))])];
  return Array.from({ length: count }, (_, position) => body(constant(position)));
}
