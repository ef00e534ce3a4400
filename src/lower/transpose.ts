/**
 * Samples to slots and back: a square of 32 words by 32 bits is transposed, for every lane at once. Word t of slot i
 * holds 32 bits of sample 32·t + i; afterwards it holds bit i of the 32 samples from 32·t on. Transposing is its own inverse.
 */
import { add, constant, load, multiply, relative, typedIndex, typedPointer, variable } from "../word/build.js";
import {
  and,
  letPointer,
  letWord,
  loop,
  shiftLeft,
  shiftRight,
  store,
  wordVariable,
  xor,
} from "../word/build-statement.js";
import type { Index, Pointer, Statement, Word } from "../word/node.js";
import type { Callable } from "./function.js";
import { slotOffset } from "./gate-slots.js";
import { type SampleSlots, wordsOfGroups } from "./sample-slots.js";

/** Bits whose number has the digit `distance` clear. */
const MASKS: readonly (readonly [number, number])[] = [
  [16, 0x0000ffff],
  [8, 0x00ff00ff],
  [4, 0x0f0f0f0f],
  [2, 0x33333333],
  [1, 0x55555555],
];

/** Transposes `count` groups of 32 slots, from `first` on. */
export function transposeSlots(slots: SampleSlots, first: Pointer, count: Index | number): Callable {
  const { vectors, lanes } = slots;
  const slot = (index: Index): Pointer => relative("square", slotOffset(index, slots));
  const own = wordsOfGroups(slots, variable("group"));
  const square = add(own, multiply(variable("vector"), lanes));
  const steps = MASKS.flatMap(([distance, mask]) => exchange(distance, mask, slot));
  const body =
    vectors === 1
      ? [letPointer("square", relative("slots", own)), ...steps]
      : [loop("vector", vectors, [letPointer("square", relative("slots", square)), ...steps])];
  return {
    function: {
      name: "transpose_slots",
      comment: ["Transposes 32 slots of 32 bits a word, in each lane alone, `count` times."],
      mode: "vector",
      parameters: [
        { name: "slots", type: "pointer", space: "scratch" },
        { name: "count", type: "index" },
      ],
      body: [loop("group", variable("count"), body)],
      result: null,
    },
    call: {
      kind: "call",
      callee: "transpose_slots",
      arguments: [typedPointer(first), typedIndex(count)],
      result: null,
    },
  };
}

/** Exchanges the bits above `distance` of a word with those below of the word `distance` further on. */
function exchange(distance: number, mask: number, slot: (index: Index) => Pointer): readonly Statement[] {
  const named = (name: string): string => `${name}${distance}`;
  const word = (name: string): Word => wordVariable(named(name));
  const block = distance === 16 ? constant(0) : variable(named("block"));
  const step = distance === 1 ? constant(0) : variable(named("step"));
  const index = add(multiply(block, 2 * distance), step);
  const bits: Word = { kind: "constant", value: mask };
  return eachOf(
    named("block"),
    16 / distance,
    eachOf(named("step"), distance, [
      letPointer(named("upper"), slot(index)),
      letPointer(named("lower"), slot(add(index, distance))),
      letWord(named("low"), load(relative(named("upper")))),
      letWord(named("high"), load(relative(named("lower")))),
      letWord(named("changed"), and(xor(shiftRight(word("low"), distance), word("high")), bits)),
      store(relative(named("upper")), xor(word("low"), shiftLeft(word("changed"), distance))),
      store(relative(named("lower")), xor(word("high"), word("changed"))),
    ]),
  );
}

function eachOf(name: string, count: number, body: readonly Statement[]): readonly Statement[] {
  return count === 1 ? body : [loop(name, count, body)];
}
