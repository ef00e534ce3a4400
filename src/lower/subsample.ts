/** Halving a plane: every second pixel of every second row. */
import { load, multiply, relative, variable } from "../word/build.js";
import {
  and,
  letPointer,
  letWord,
  loop,
  or,
  shiftLeft,
  shiftRight,
  store,
  wordVariable,
} from "../word/build-statement.js";
import type { Index, Statement, Word } from "../word/node.js";
import { type Callable, indexCandidate, makeCallable } from "./function.js";
import type { Geometry } from "./geometry.js";
import { rowAt, sizeCandidates, sizesInside } from "./sizes.js";

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
  const sourceRow = rowAt(from, source, variable("slot_from"), multiply(variable("row"), 2));
  const targetRow = rowAt(to, target, variable("slot_to"), variable("row"));
  return makeCallable(
    {
      name: `subsample_${from.halvings}`,
      comment: ["Keeps every second pixel of every second row."],
      mode: "scalar",
      body: [
        loop("row", target.height, [
          letPointer("source", relative("planes_from", sourceRow)),
          letPointer("target", relative("planes_to", targetRow)),
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
      indexCandidate("slot_from", fromSlot),
      indexCandidate("slot_to", toSlot),
    ],
  );
}
