/** The functions that evaluate gate tables (see gates.ts), written once in WordIR. */
import {
  absolute,
  add,
  constant,
  LANES,
  load,
  multiply,
  relative,
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
  ONES,
  or,
  store,
  wordVariable,
  xor,
  ZEROS,
} from "../word/build-statement.js";
import type { Condition, Index, Parameter, Pointer, Statement, Word, WordFunction } from "../word/node.js";
import type { Candidate } from "./function.js";
import { BLOCK, GATE_ALL, GATE_ANY, GATE_COMPLEMENT, GATE_SUM, type GateRange, type GateTables } from "./gates.js";

const operand = (position: Index): Index => ({ kind: "table", table: "gate_operands", index: position });
const isEqual = (left: Index, right: number): Condition => ({
  kind: "index",
  operator: "==",
  left,
  right: constant(right),
});
const slot = (number: Index): Word => load(relative("slots", multiply(number, LANES)));
/** A digit of the adder's counter beyond those in registers. */
const counter = (digit: Index): Pointer => relative("slots", multiply(digit, LANES));
const SLOTS: Parameter = { name: "slots", type: "pointer", space: "scratch" };

/** The routines that the tables need, callees first; empty without gates. `evaluate_gates` is the one to call. */
export function gateRoutines(tables: GateTables): WordFunction[] {
  const operations = new Set(tables.kinds.map((kind) => kind % GATE_COMPLEMENT));
  if (operations.size === 0) return [];
  return [
    ...(operations.has(GATE_ALL) ? [joinRoutine("all_of", "and", ONES)] : []),
    ...(operations.has(GATE_ANY) ? [joinRoutine("any_of", "or", ZEROS)] : []),
    ...(operations.has(GATE_SUM) ? [sumRoutine()] : []),
    evaluateRoutine(operations),
  ];
}

/** Evaluates the gates of one list over `slots`; nothing if there are none. */
export function callOfGates({ firstGate, gateCount, firstSlot }: GateRange, slots: Pointer): Statement[] {
  if (gateCount === 0) return [];
  return [
    {
      kind: "call",
      callee: "evaluate_gates",
      arguments: [typedPointer(slots), typedIndex(firstGate), typedIndex(gateCount), typedIndex(firstSlot)],
      result: null,
    },
  ];
}

/** The slots as a parameter, with the place that the entry point passes. */
export function slotsCandidate(slotsAt: Index): Candidate {
  return { parameter: SLOTS, argument: typedPointer(absolute("scratch", slotsAt)) };
}

function joinRoutine(name: string, kind: "and" | "or", neutral: Word): WordFunction {
  const joinWords = kind === "and" ? and : or;
  return {
    name,
    comment: [`${kind === "and" ? "And" : "Or"} of the slots listed at gate_operands[position].`],
    mode: "vector",
    parameters: [SLOTS, { name: "position", type: "index" }],
    body: [
      letIndex("count", operand(variable("position"))),
      letWord("joined", neutral, true),
      loop("i", variable("count"), [
        assignWord(
          "joined",
          joinWords(wordVariable("joined"), slot(operand(add(variable("position"), variable("i"), 1)))),
        ),
      ]),
    ],
    result: wordVariable("joined"),
  };
}

/**
 * Bit-sliced sum, digit by digit from the least: a counter (ones, twos, fours, then the counter slots) takes the words of the
 * digit's column eight at a time; its lowest digit is the sum's; the others are the carries into the next column.
 */
function sumRoutine(): WordFunction {
  const column: Statement[] = [];
  for (let i = 0; i < BLOCK; i++) {
    column.push(letWord(`a${i}`, slot(operand(add(variable("cursor"), i)))));
  }
  const fullAdder = (sum: string, carry: string, left: Word, right: Word, into: string): void => {
    column.push(
      letWord(`half_${carry}`, xor(left, right)),
      letWord(carry, or(and(left, right), and(wordVariable(`half_${carry}`), wordVariable(sum)))),
      assignWord(into, xor(wordVariable(sum), wordVariable(`half_${carry}`))),
    );
  };
  fullAdder("ones", "two0", wordVariable("a0"), wordVariable("a1"), "ones");
  fullAdder("ones", "two1", wordVariable("a2"), wordVariable("a3"), "ones");
  fullAdder("twos", "four0", wordVariable("two0"), wordVariable("two1"), "twos");
  fullAdder("ones", "two2", wordVariable("a4"), wordVariable("a5"), "ones");
  fullAdder("ones", "two3", wordVariable("a6"), wordVariable("a7"), "ones");
  fullAdder("twos", "four1", wordVariable("two2"), wordVariable("two3"), "twos");
  fullAdder("fours", "eight", wordVariable("four0"), wordVariable("four1"), "fours");
  column.push(
    letWord("carry", wordVariable("eight"), true),
    loop("d", variable("depth"), [
      letWord("digit", load(counter(variable("d")))),
      store(counter(variable("d")), xor(wordVariable("digit"), wordVariable("carry"))),
      assignWord("carry", and(wordVariable("digit"), wordVariable("carry"))),
    ]),
    assignIndex("cursor", add(variable("cursor"), BLOCK)),
  );
  const nextDigit: Statement[] = [
    assignWord("ones", wordVariable("twos")),
    assignWord("twos", wordVariable("fours")),
    assignWord("fours", load(relative("slots"))),
    letIndex("last", subtract(variable("depth"), 1)),
    loop("e", variable("last"), [store(counter(variable("e")), load(counter(add(variable("e"), 1))))]),
    store(counter(variable("last")), ZEROS),
  ];
  return {
    name: "sum_above",
    comment: [
      "[sum of weight * slot > bound] for the weighted sum at gate_operands[position]:",
      "bit-sliced addition with carry-save adders, then comparison from the least digit up.",
    ],
    mode: "vector",
    parameters: [SLOTS, { name: "position", type: "index" }],
    body: [
      letIndex("digits", operand(variable("position"))),
      letIndex("depth", operand(add(variable("position"), 1))),
      letIndex("cursor", add(variable("position"), 2), true),
      letWord("greater", ZEROS, true),
      letWord("ones", ZEROS, true),
      letWord("twos", ZEROS, true),
      letWord("fours", ZEROS, true),
      loop("c", variable("depth"), [store(counter(variable("c")), ZEROS)]),
      loop("p", variable("digits"), [
        letIndex("blocks", operand(variable("cursor"))),
        letIndex("bound_digit", operand(add(variable("cursor"), 1))),
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

function evaluateRoutine(operations: ReadonlySet<number>): WordFunction {
  const cases: { readonly operation: number; readonly callee: string }[] = [
    { operation: GATE_ALL, callee: "all_of" },
    { operation: GATE_ANY, callee: "any_of" },
    { operation: GATE_SUM, callee: "sum_above" },
  ];
  const kind: Index = { kind: "table", table: "gate_kinds", index: variable("gate") };
  const calls = cases
    .filter(({ operation }) => operations.has(operation))
    .map(
      ({ operation, callee }): Statement => ({
        kind: "if",
        condition: isEqual({ kind: "low-bits", value: variable("kind"), bits: 2 }, operation),
        then: [
          {
            kind: "call",
            callee,
            arguments: [typedPointer(relative("slots")), typedIndex(variable("position"))],
            result: `from_${callee}`,
          },
          assignWord("value", wordVariable(`from_${callee}`)),
        ],
        else: [],
      }),
    );
  return {
    name: "evaluate_gates",
    comment: ["Evaluates the gates first … first + count - 1 into the slots from `target` on."],
    mode: "vector",
    parameters: [
      SLOTS,
      { name: "first", type: "index" },
      { name: "count", type: "index" },
      { name: "target", type: "index" },
    ],
    body: [
      loop("g", variable("count"), [
        letIndex("gate", add(variable("first"), variable("g"))),
        letIndex("kind", kind),
        letIndex("position", { kind: "table", table: "gate_starts", index: variable("gate") }),
        letWord("value", ZEROS, true),
        ...calls,
        {
          kind: "if",
          condition: {
            kind: "index",
            operator: "!=",
            left: { kind: "shift-right", value: variable("kind"), amount: 2 },
            right: constant(0),
          },
          then: [assignWord("value", { kind: "not", value: wordVariable("value") })],
          else: [],
        },
        store(relative("slots", multiply(add(variable("target"), variable("g")), LANES)), wordVariable("value")),
      ]),
    ],
    result: null,
  };
}
