/** The functions that evaluate gate programs (see gate-program.ts), written once in WordIR. */
import {
  absolute,
  add,
  constant,
  load,
  lowBitsIndex,
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
  andNot,
  assignIndex,
  assignWord,
  letIndex,
  letPointer,
  letWord,
  loop,
  ONES,
  or,
  store,
  wordVariable,
  xor,
  ZEROS,
} from "../word/build-statement.js";
import type { Condition, Index, Parameter, Pointer, Statement, WordFunction } from "../word/node.js";
import { addBlock } from "./carry-save.js";
import type { Candidate } from "./function.js";
import { AND_PAIRS, COLUMNS, COMPLEMENTED, JOIN, OR_PAIRS, SUM } from "./gate-operations.js";
import { BLOCK, type GateRange } from "./gate-program.js";
import { type GateTables, type PassShape, RUN_FIELDS } from "./gate-tables.js";

const isEqual = (left: Index, right: number): Condition => ({
  kind: "index",
  operator: "==",
  left,
  right: constant(right),
});

const COMPLEMENTED_BIT = Math.log2(COMPLEMENTED);

/** Vectors whose counters fit into registers together. */
const MOST_COUNTERS = 2;

const SLOTS: Parameter = { name: "slots", type: "pointer", space: "scratch" };
const POSITION: Parameter = { name: "position", type: "index" };
const COUNT: Parameter = { name: "count", type: "index" };

/** Words before slot `number`. */
export function slotOffset(number: Index | number, { slotWords }: PassShape): Index {
  return multiply(number, slotWords);
}

/** Where slot `number` begins. */
export function slotAt(number: Index | number, shape: PassShape): Pointer {
  return relative("slots", slotOffset(number, shape));
}

/** Vector `vector` of what a pointer shows. */
export function vectorAt(pointer: string, vector: Index | number, { lanes }: PassShape): Pointer {
  return relative(pointer, multiply(vector, lanes));
}

/** The slots as a parameter, with the place that the entry point passes. */
export function slotsCandidate(slotsAt: Index): Candidate {
  return { parameter: SLOTS, argument: typedPointer(absolute("scratch", slotsAt)) };
}

/**
 * Evaluates the gates of one list over `slots`; nothing if there are none.
 * @param samples of the pass, where slots have several vectors: few of them take routines that look at the first vector only
 */
export function callOfGates(
  { name, shape }: GateTables,
  range: GateRange,
  slots: Pointer,
  samples: Index | null = null,
): Statement[] {
  const { firstRun, runCount, firstOperand } = range;
  if (runCount === 0) return [];
  const operands = [typedPointer(slots), typedIndex(firstRun), typedIndex(runCount), typedIndex(firstOperand)];
  const call = (prefix: string): Statement => ({
    kind: "call",
    callee: `evaluate_${prefix}${name}s`,
    arguments: operands,
    result: null,
  });
  if (samples === null || shape.vectors === 1) return [call("")];
  const areMany: Condition = { kind: "index", operator: "<", left: multiply(shape.lanes, 32), right: samples };
  return [{ kind: "if", condition: areMany, then: [call("")], else: [call(FEW)] }];
}

/** Begins the names of routines that look at the first vector of a slot only. */
const FEW = "few_";

/** The routines that the tables need, callees first; empty without gates. `evaluate_…` is the one to call. */
export function gateRoutines(tables: GateTables): WordFunction[] {
  if (tables.runCount === 0) return [];
  const all = new GateRoutines(tables, "", tables.shape.vectors).all();
  return tables.shape.vectors === 1 ? all : [...all, ...new GateRoutines(tables, FEW, 1).all()];
}

class GateRoutines {
  /** Of the tables. */
  readonly #tables: string;
  /** Begins the names of the functions. */
  readonly #name: string;
  readonly #shape: PassShape;
  readonly #operations: ReadonlySet<number>;

  constructor(tables: GateTables, prefix: string, vectors: number) {
    this.#tables = tables.name;
    this.#name = prefix + tables.name;
    this.#shape = { ...tables.shape, vectors };
    this.#operations = new Set(tables.runs.map(({ operation }) => operation));
  }

  all(): WordFunction[] {
    const has = (operation: number): boolean =>
      this.#operations.has(operation) || this.#operations.has(operation + COMPLEMENTED);
    return [
      ...(has(AND_PAIRS) ? [this.#pairs("and")] : []),
      ...(has(OR_PAIRS) ? [this.#pairs("or")] : []),
      ...(has(JOIN) ? [this.#joins()] : []),
      ...(has(SUM) ? [this.#sumAbove()] : []),
      ...(has(COLUMNS) ? [this.#addColumns()] : []),
      this.#evaluate(has),
    ];
  }

  #operand(position: Index): Index {
    return { kind: "table", table: `${this.#tables}_operands`, index: position };
  }

  /** The slot at `position` in the table, which holds numbers of words. */
  #slot(position: Index): Pointer {
    return relative("slots", this.#operand(position));
  }

  /** A pointer to the slot at `position` in the table. */
  #letSlot(name: string, position: Index): Statement {
    return letPointer(name, this.#slot(position));
  }

  #eachVector(statement: (vector: number) => Statement): Statement[] {
    return Array.from({ length: this.#shape.vectors }, (_, vector) => statement(vector));
  }

  #pairs(kind: "and" | "or"): WordFunction {
    const joinWords = kind === "and" ? and : or;
    const cursor = add(variable("position"), multiply(variable("g"), 3));
    return {
      name: `${this.#name}_${kind}_pairs`,
      comment: [`${kind === "and" ? "And" : "Or"} of two slots, \`count\` times.`],
      mode: "vector",
      parameters: [SLOTS, POSITION, COUNT],
      body: [
        loop("g", variable("count"), [
          this.#letSlot("target", cursor),
          this.#letSlot("left", add(cursor, 1)),
          this.#letSlot("right", add(cursor, 2)),
          ...this.#eachVector((vector) =>
            store(
              vectorAt("target", vector, this.#shape),
              joinWords(load(vectorAt("left", vector, this.#shape)), load(vectorAt("right", vector, this.#shape))),
            ),
          ),
        ]),
      ],
      result: null,
    };
  }

  /** The operands are read four at a time, so that the loop costs little. */
  #joins(): WordFunction {
    const accumulate = (sum: string, kind: "and" | "or", names: readonly string[]): Statement[] =>
      this.#eachVector((vector) => {
        const joinWords = kind === "and" ? and : or;
        const words = names.map((name) => load(vectorAt(name, vector, this.#shape)));
        const joined = words.reduce((left, right) => joinWords(left, right));
        return assignWord(`${sum}${vector}`, joinWords(wordVariable(`${sum}${vector}`), joined));
      });
    const advance = (by: number): Statement => assignIndex("cursor", add(variable("cursor"), by));
    const joinList = (sum: string, kind: "and" | "or", count: string): Statement[] => {
      const names = Array.from({ length: 4 }, (_, index) => `${sum}_slot${index}`);
      const rest = `${sum}_slot`;
      return [
        loop(`${sum}_block`, variable(`${count}_blocks`), [
          ...names.map((name, index) => this.#letSlot(name, add(variable("cursor"), index))),
          ...accumulate(sum, kind, names),
          advance(4),
        ]),
        loop(`${sum}_rest`, variable(`${count}_rest`), [
          this.#letSlot(rest, variable("cursor")),
          ...accumulate(sum, kind, [rest]),
          advance(1),
        ]),
      ];
    };
    return {
      name: `${this.#name}_joins`,
      comment: [
        "And of `plain` slots and of the complements of `complemented` others, complemented if asked, `count` times.",
      ],
      mode: "vector",
      parameters: [
        SLOTS,
        POSITION,
        COUNT,
        { name: "plain", type: "index" },
        { name: "complemented", type: "index" },
        { name: "is_complement", type: "index" },
      ],
      body: [
        letIndex("cursor", variable("position"), true),
        ...["plain", "complemented"].flatMap((count) => [
          letIndex(`${count}_blocks`, shiftRightIndex(variable(count), 2)),
          letIndex(`${count}_rest`, lowBitsIndex(variable(count), 2)),
        ]),
        letWord("flip", ZEROS, true),
        { kind: "if", condition: isEqual(variable("is_complement"), 1), then: [assignWord("flip", ONES)], else: [] },
        loop("g", variable("count"), [
          this.#letSlot("target", variable("cursor")),
          advance(1),
          ...this.#eachVector((vector) => letWord(`all${vector}`, ONES, true)),
          ...joinList("all", "and", "plain"),
          ...this.#eachVector((vector) => letWord(`any${vector}`, ZEROS, true)),
          ...joinList("any", "or", "complemented"),
          ...this.#eachVector((vector) =>
            store(
              vectorAt("target", vector, this.#shape),
              xor(andNot(wordVariable(`all${vector}`), wordVariable(`any${vector}`)), wordVariable("flip")),
            ),
          ),
        ]),
      ],
      result: null,
    };
  }

  /**
   * Bit-sliced sum, digit by digit from the least: a counter (ones, twos, fours, then the counter slots) takes the words
   * of the digit's column eight at a time; its lowest digit is the sum's; the others are the carries into the next column.
   */
  #sumAbove(): WordFunction {
    const digitAt = (digit: Index | number): Pointer => slotAt(digit, this.#shape);
    const column: Statement[] = Array.from({ length: BLOCK }, (_, i) =>
      letWord(`a${i}`, load(this.#slot(add(variable("cursor"), i)))),
    );
    column.push(
      ...addBlock(
        Array.from({ length: BLOCK }, (_, i) => wordVariable(`a${i}`)),
        { isTernary: this.#shape.isTernary },
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
      name: `${this.#name}_sum_above`,
      comment: [
        "[sum of weight * slot > bound] for the weighted sum at `position`: bit-sliced addition with carry-save adders,",
        "then comparison from the least digit up.",
      ],
      mode: "vector",
      parameters: [SLOTS, POSITION],
      body: [
        letIndex("digits", this.#operand(variable("position"))),
        letIndex("depth", this.#operand(add(variable("position"), 1))),
        letIndex("cursor", add(variable("position"), 2), true),
        letWord("greater", ZEROS, true),
        letWord("ones", ZEROS, true),
        letWord("twos", ZEROS, true),
        letWord("fours", ZEROS, true),
        loop("c", variable("depth"), [store(digitAt(variable("c")), ZEROS)]),
        loop("p", variable("digits"), [
          letIndex("blocks", this.#operand(variable("cursor"))),
          letIndex("bound_digit", this.#operand(add(variable("cursor"), 1))),
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
  #sumStatements(): Statement[] {
    const sum = (pointer: Pointer, target: Pointer): Statement[] => [
      {
        kind: "call",
        callee: `${this.#name}_sum_above`,
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
    const { vectors } = this.#shape;
    const part = (pointer: string): Pointer => vectorAt(pointer, variable("vector"), this.#shape);
    return [
      this.#letSlot("result", variable("position")),
      ...(vectors === 1
        ? sum(relative("slots"), relative("result"))
        : [loop("vector", vectors, sum(part("slots"), part("result")))]),
    ];
  }

  #columnStatements(count: Index): Statement[] {
    const { vectors } = this.#shape;
    const together = Math.min(vectors, MOST_COUNTERS);
    const call = (slots: Pointer): Statement => ({
      kind: "call",
      callee: `${this.#name}_add_columns`,
      arguments: [typedPointer(slots), typedIndex(variable("position")), typedIndex(count)],
      result: null,
    });
    if (vectors === together) return [call(relative("slots"))];
    const part = vectorAt("slots", multiply(variable("part"), together), this.#shape);
    return [loop("part", vectors / together, [call(part)])];
  }

  /** Adds up columns of words, eight words at a time, each column with what was carried out of those below. */
  #addColumns(): WordFunction {
    const counters = ["ones", "twos", "fours"];
    const each = (statements: (vector: number) => Statement[]): Statement[] =>
      Array.from({ length: Math.min(this.#shape.vectors, MOST_COUNTERS) }, (_, vector) => statements(vector)).flat();
    const letSlot = (name: string, offset: number): Statement => this.#letSlot(name, add(variable("cursor"), offset));
    const advance = (by: number): Statement => assignIndex("cursor", add(variable("cursor"), by));
    const block = (isComplement: boolean): Statement[] => {
      const mark = isComplement ? "n" : "p";
      const pointer = (index: number): string => `from_${mark}${index}`;
      return [
        letSlot(`carry_${mark}`, 0),
        ...Array.from({ length: BLOCK }, (_, index) => letSlot(pointer(index), index + 1)),
        ...each((vector) => {
          const suffix = `_${mark}${vector}`;
          const name = (index: number): string => `a${index}${suffix}`;
          const words = Array.from({ length: BLOCK }, (_, index): Statement => {
            const word = load(vectorAt(pointer(index), vector, this.#shape));
            return letWord(name(index), isComplement ? { kind: "not", value: word } : word);
          });
          const named = Array.from({ length: BLOCK }, (_, index) => wordVariable(name(index)));
          return [
            ...words,
            ...addBlock(named, { isTernary: this.#shape.isTernary, counter: `_${vector}`, suffix }),
            store(vectorAt(`carry_${mark}`, vector, this.#shape), wordVariable(`eight${suffix}`)),
          ];
        }),
        advance(BLOCK + 1),
      ];
    };
    return {
      name: `${this.#name}_add_columns`,
      comment: [
        "Adds up `count` columns of words, each with what is carried out of those before: the digits of a sum.",
      ],
      mode: "vector",
      parameters: [SLOTS, POSITION, COUNT],
      body: [
        letIndex("cursor", variable("position"), true),
        loop("column", variable("count"), [
          letIndex("plain", this.#operand(variable("cursor"))),
          letIndex("complemented", this.#operand(add(variable("cursor"), 1))),
          advance(2),
          ...each((vector) => counters.map((counter) => letWord(`${counter}_${vector}`, ZEROS, true))),
          loop("b", variable("plain"), block(false)),
          loop("c", variable("complemented"), block(true)),
          ...counters.map((counter, index) => letSlot(`to_${counter}`, index)),
          ...each((vector) =>
            counters.map((counter) =>
              store(vectorAt(`to_${counter}`, vector, this.#shape), wordVariable(`${counter}_${vector}`)),
            ),
          ),
          advance(counters.length),
        ]),
      ],
      result: null,
    };
  }

  #evaluate(has: (operation: number) => boolean): WordFunction {
    const run = multiply(add(variable("first"), variable("r")), RUN_FIELDS);
    const field = (offset: number): Index => ({
      kind: "table",
      table: `${this.#tables}_runs`,
      index: add(variable("run"), offset),
    });
    const operation = variable("operation");
    const call = (routine: string, operands: readonly Index[]): Statement => ({
      kind: "call",
      callee: `${this.#name}_${routine}`,
      arguments: [typedPointer(relative("slots")), typedIndex(variable("position")), ...operands.map(typedIndex)],
      result: null,
    });
    const cases: readonly { readonly operation: number; readonly statements: () => Statement[] }[] = [
      { operation: AND_PAIRS, statements: () => [call("and_pairs", [variable("gates")])] },
      { operation: OR_PAIRS, statements: () => [call("or_pairs", [variable("gates")])] },
      {
        operation: JOIN,
        statements: () => [
          call("joins", [variable("gates"), field(2), field(3), shiftRightIndex(operation, COMPLEMENTED_BIT)]),
        ],
      },
      { operation: SUM, statements: () => this.#sumStatements() },
      { operation: COLUMNS, statements: () => this.#columnStatements(field(2)) },
    ];
    const branches = cases
      .filter((each) => has(each.operation))
      .map(
        (each): Statement => ({
          kind: "if",
          condition: isEqual(lowBitsIndex(operation, COMPLEMENTED_BIT), each.operation),
          then: each.statements(),
          else: [],
        }),
      );
    return {
      name: `evaluate_${this.#name}s`,
      comment: ["Evaluates the runs first ... first + count - 1, whose operands begin at `start`."],
      mode: "vector",
      parameters: [SLOTS, { name: "first", type: "index" }, COUNT, { name: "start", type: "index" }],
      body: [
        letIndex("position", variable("start"), true),
        loop("r", variable("count"), [
          letIndex("run", run),
          letIndex("operation", field(0)),
          letIndex("gates", field(1)),
          ...branches,
          assignIndex("position", add(variable("position"), multiply(variable("gates"), field(4)))),
        ]),
      ],
      result: null,
    };
  }
}
