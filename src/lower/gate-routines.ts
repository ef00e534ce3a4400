/** The functions that evaluate gate tables (see gates.ts), written once in WordIR. */
import {
  add,
  constant,
  LANES,
  load,
  multiply,
  relative,
  subtract,
  typedIndex,
  typedPointer,
  typedWord,
  variable,
} from "../word/build.js";
import type { Condition, Index, Parameter, Statement, Word, WordFunction } from "../word/node.js";
import { BLOCK, GATE_ALL, GATE_ANY, GATE_COMPLEMENT, GATE_SUM, type GateTables } from "./gates.js";

const operand = (position: Index): Index => ({ kind: "table", table: "gate_operands", index: position });
const word = (name: string): Word => ({ kind: "variable", name });
const both = (kind: "and" | "or" | "xor", left: Word, right: Word): Word => ({ kind, left, right });
const letIndex = (name: string, value: Index, mutable = false): Statement => ({
  kind: "let",
  name,
  mutable,
  value: typedIndex(value),
});
const letWord = (name: string, value: Word, mutable = false): Statement => ({
  kind: "let",
  name,
  mutable,
  value: typedWord(value),
});
const assignWord = (name: string, value: Word): Statement => ({ kind: "assign", name, value: typedWord(value) });
const isEqual = (left: Index, right: number): Condition => ({
  kind: "index",
  operator: "==",
  left,
  right: constant(right),
});
const slot = (number: Index): Word => load(relative("slots", multiply(number, LANES)));
const loop = (name: string, to: Index, body: readonly Statement[]): Statement => ({
  kind: "for",
  variable: name,
  from: constant(0),
  to,
  step: constant(1),
  body,
});

const SLOTS: Parameter = { name: "slots", type: "pointer", space: "scratch" };
const ZEROS: Word = { kind: "constant", value: 0 };
const ONES: Word = { kind: "constant", value: 0xffffffff };

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

function joinRoutine(name: string, kind: "and" | "or", neutral: Word): WordFunction {
  return {
    name,
    comment: [`${kind === "and" ? "And" : "Or"} of the slots listed at gate_operands[position].`],
    mode: "vector",
    parameters: [SLOTS, { name: "position", type: "index" }],
    body: [
      letIndex("count", operand(variable("position"))),
      letWord("joined", neutral, true),
      loop("i", variable("count"), [
        assignWord("joined", both(kind, word("joined"), slot(operand(add(variable("position"), variable("i"), 1))))),
      ]),
    ],
    result: word("joined"),
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
      letWord(`half_${carry}`, both("xor", left, right)),
      letWord(carry, both("or", both("and", left, right), both("and", word(`half_${carry}`), word(sum)))),
      assignWord(into, both("xor", word(sum), word(`half_${carry}`))),
    );
  };
  fullAdder("ones", "two0", word("a0"), word("a1"), "ones");
  fullAdder("ones", "two1", word("a2"), word("a3"), "ones");
  fullAdder("twos", "four0", word("two0"), word("two1"), "twos");
  fullAdder("ones", "two2", word("a4"), word("a5"), "ones");
  fullAdder("ones", "two3", word("a6"), word("a7"), "ones");
  fullAdder("twos", "four1", word("two2"), word("two3"), "twos");
  fullAdder("fours", "eight", word("four0"), word("four1"), "fours");
  const counter = (position: Index): { readonly pointer: ReturnType<typeof relative> } => ({
    pointer: relative("slots", multiply(position, LANES)),
  });
  column.push(
    letWord("carry", word("eight"), true),
    loop("d", variable("depth"), [
      letWord("digit", load(counter(variable("d")).pointer)),
      { kind: "store", ...counter(variable("d")), offset: 0, value: both("xor", word("digit"), word("carry")) },
      assignWord("carry", both("and", word("digit"), word("carry"))),
    ]),
    { kind: "assign", name: "cursor", value: typedIndex(add(variable("cursor"), BLOCK)) },
  );
  const nextDigit: Statement[] = [
    assignWord("ones", word("twos")),
    assignWord("twos", word("fours")),
    assignWord("fours", load(relative("slots"))),
    letIndex("last", subtract(variable("depth"), 1)),
    loop("e", variable("last"), [
      {
        kind: "store",
        ...counter(variable("e")),
        offset: 0,
        value: load(counter(add(variable("e"), 1)).pointer),
      },
    ]),
    { kind: "store", ...counter(variable("last")), offset: 0, value: ZEROS },
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
      loop("c", variable("depth"), [{ kind: "store", ...counter(variable("c")), offset: 0, value: ZEROS }]),
      loop("p", variable("digits"), [
        letIndex("blocks", operand(variable("cursor"))),
        letIndex("bound_digit", operand(add(variable("cursor"), 1))),
        { kind: "assign", name: "cursor", value: typedIndex(add(variable("cursor"), 2)) },
        loop("b", variable("blocks"), column),
        {
          kind: "if",
          condition: isEqual(variable("bound_digit"), 1),
          then: [assignWord("greater", both("and", word("greater"), word("ones")))],
          else: [assignWord("greater", both("or", word("greater"), word("ones")))],
        },
        ...nextDigit,
      ]),
    ],
    result: word("greater"),
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
          assignWord("value", word(`from_${callee}`)),
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
          then: [assignWord("value", { kind: "not", value: word("value") })],
          else: [],
        },
        {
          kind: "store",
          pointer: relative("slots", multiply(add(variable("target"), variable("g")), LANES)),
          offset: 0,
          value: word("value"),
        },
      ]),
    ],
    result: null,
  };
}
