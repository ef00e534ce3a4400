/** The routines of gate tables that add: weighted sums that are compared with a bound, and columns of scores. */
import {
  add,
  load,
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
  assignIndex,
  assignWord,
  letIndex,
  letWord,
  loop,
  or,
  store,
  wordVariable,
  xor,
  ZEROS,
} from "../word/build-statement.js";
import type { Index, Pointer, Statement, WordFunction } from "../word/node.js";
import { addBlock } from "./carry-save.js";
import { COMPLEMENTED } from "./gate-operations.js";
import { BLOCK } from "./gate-program.js";
import {
  COUNT,
  isEqual,
  letSlot,
  operandAt,
  POSITION,
  type Routine,
  SLOTS,
  slotAt,
  slotInTable,
  vectorAt,
} from "./gate-slots.js";

const COMPLEMENTED_BIT = Math.log2(COMPLEMENTED);

/** Vectors whose counters fit into registers together. */
const MOST_COUNTERS = 2;

/**
 * Bit-sliced sum, digit by digit from the least: a counter (ones, twos, fours, then the counter slots) takes the words
 * of the digit's column eight at a time; its lowest digit is the sum's; the others are the carries into the next column.
 */
export function sumRoutine(routine: Routine): WordFunction {
  const digitAt = (digit: Index | number): Pointer => slotAt(digit, routine.shape);
  const column: Statement[] = Array.from({ length: BLOCK }, (_, i) =>
    letWord(`a${i}`, load(slotInTable(routine, add(variable("cursor"), i)))),
  );
  column.push(
    ...addBlock(
      Array.from({ length: BLOCK }, (_, i) => wordVariable(`a${i}`)),
      { isTernary: routine.shape.isTernary },
    ),
    letWord("carry", wordVariable("eight"), true),
    loop("d", variable("depth"), [
      letWord("digit", load(digitAt(variable("d")))),
      store(digitAt(variable("d")), xor(wordVariable("digit"), wordVariable("carry"))),
      assignWord("carry", and(wordVariable("digit"), wordVariable("carry"))),
    ]),
    assignIndex("cursor", add(variable("cursor"), BLOCK)),
  );
  const nextDigit: Statement[] = [
    assignWord("ones", wordVariable("twos")),
    assignWord("twos", wordVariable("fours")),
    assignWord("fours", load(relative("slots"))),
    letIndex("last", subtract(variable("depth"), 1)),
    loop("e", variable("last"), [store(digitAt(variable("e")), load(digitAt(add(variable("e"), 1))))]),
    store(digitAt(variable("last")), ZEROS),
  ];
  return {
    name: `${routine.name}_sum_above`,
    comment: [
      "[sum of weight * slot > bound] for the weighted sum at `position`: bit-sliced addition with carry-save adders,",
      "then comparison from the least digit up.",
    ],
    mode: "vector",
    parameters: [SLOTS, POSITION],
    body: [
      letIndex("digits", operandAt(routine, variable("position"))),
      letIndex("depth", operandAt(routine, add(variable("position"), 1))),
      letIndex("cursor", add(variable("position"), 2), true),
      letWord("greater", ZEROS, true),
      letWord("ones", ZEROS, true),
      letWord("twos", ZEROS, true),
      letWord("fours", ZEROS, true),
      loop("c", variable("depth"), [store(digitAt(variable("c")), ZEROS)]),
      loop("p", variable("digits"), [
        letIndex("blocks", operandAt(routine, variable("cursor"))),
        letIndex("bound_digit", operandAt(routine, add(variable("cursor"), 1))),
        assignIndex("cursor", add(variable("cursor"), 2)),
        loop("b", variable("blocks"), column),
        {
          kind: "if",
          condition: isEqual(variable("bound_digit"), 1),
          then: [assignWord("greater", and(wordVariable("greater"), wordVariable("ones")))],
          else: [assignWord("greater", or(wordVariable("greater"), wordVariable("ones")))],
        },
        ...nextDigit,
      ]),
    ],
    result: wordVariable("greater"),
  };
}

/** The sum at `position`, of one vector after the other. */
export function sumStatements(routine: Routine): Statement[] {
  const sum = (pointer: Pointer, target: Pointer): Statement[] => [
    {
      kind: "call",
      callee: `${routine.name}_sum_above`,
      arguments: [typedPointer(pointer), typedIndex(add(variable("position"), 1))],
      result: "above",
    },
    letWord("sum", wordVariable("above"), true),
    {
      kind: "if",
      condition: isEqual(shiftRightIndex(variable("operation"), COMPLEMENTED_BIT), 1),
      then: [assignWord("sum", { kind: "not", value: wordVariable("sum") })],
      else: [],
    },
    store(target, wordVariable("sum")),
  ];
  const { vectors } = routine.shape;
  const part = (pointer: string): Pointer => vectorAt(pointer, variable("vector"), routine.shape);
  return [
    letSlot(routine, "result", variable("position")),
    ...(vectors === 1
      ? sum(relative("slots"), relative("result"))
      : [loop("vector", vectors, sum(part("slots"), part("result")))]),
  ];
}

/** The columns at `position`, of as many vectors as fit into registers at a time. */
export function columnStatements(routine: Routine, count: Index): Statement[] {
  const { vectors } = routine.shape;
  const together = Math.min(vectors, MOST_COUNTERS);
  const call = (slots: Pointer): Statement => ({
    kind: "call",
    callee: `${routine.name}_add_columns`,
    arguments: [typedPointer(slots), typedIndex(variable("position")), typedIndex(count)],
    result: null,
  });
  if (vectors === together) return [call(relative("slots"))];
  const part = vectorAt("slots", multiply(variable("part"), together), routine.shape);
  return [loop("part", vectors / together, [call(part)])];
}

/** Adds up columns of words, eight words at a time, each column with what was carried out of those below. */
export function columnRoutine(routine: Routine): WordFunction {
  const counters = ["ones", "twos", "fours"];
  const each = (statements: (vector: number) => Statement[]): Statement[] =>
    Array.from({ length: Math.min(routine.shape.vectors, MOST_COUNTERS) }, (_, vector) => statements(vector)).flat();
  const letNext = (name: string, offset: number): Statement => letSlot(routine, name, add(variable("cursor"), offset));
  const advance = (by: number): Statement => assignIndex("cursor", add(variable("cursor"), by));
  const block = (isComplement: boolean): Statement[] => {
    const mark = isComplement ? "n" : "p";
    const pointer = (index: number): string => `from_${mark}${index}`;
    return [
      letNext(`carry_${mark}`, 0),
      ...Array.from({ length: BLOCK }, (_, index) => letNext(pointer(index), index + 1)),
      ...each((vector) => {
        const suffix = `_${mark}${vector}`;
        const name = (index: number): string => `a${index}${suffix}`;
        const words = Array.from({ length: BLOCK }, (_, index): Statement => {
          const word = load(vectorAt(pointer(index), vector, routine.shape));
          return letWord(name(index), isComplement ? { kind: "not", value: word } : word);
        });
        const named = Array.from({ length: BLOCK }, (_, index) => wordVariable(name(index)));
        return [
          ...words,
          ...addBlock(named, { isTernary: routine.shape.isTernary, counter: `_${vector}`, suffix }),
          store(vectorAt(`carry_${mark}`, vector, routine.shape), wordVariable(`eight${suffix}`)),
        ];
      }),
      advance(BLOCK + 1),
    ];
  };
  return {
    name: `${routine.name}_add_columns`,
    comment: ["Adds up `count` columns of words, each with what is carried out of those before: the digits of a sum."],
    mode: "vector",
    parameters: [SLOTS, POSITION, COUNT],
    body: [
      letIndex("cursor", variable("position"), true),
      loop("column", variable("count"), [
        letIndex("plain", operandAt(routine, variable("cursor"))),
        letIndex("complemented", operandAt(routine, add(variable("cursor"), 1))),
        advance(2),
        ...each((vector) => counters.map((counter) => letWord(`${counter}_${vector}`, ZEROS, true))),
        loop("b", variable("plain"), block(false)),
        loop("c", variable("complemented"), block(true)),
        ...counters.map((counter, index) => letNext(`to_${counter}`, index)),
        ...each((vector) =>
          counters.map((counter) =>
            store(vectorAt(`to_${counter}`, vector, routine.shape), wordVariable(`${counter}_${vector}`)),
          ),
        ),
        advance(counters.length),
      ]),
    ],
    result: null,
  };
}
