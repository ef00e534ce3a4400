/** The functions that evaluate gate programs (see gate-program.ts), written once in WordIR. */
import {
  absolute,
  add,
  load,
  lowBitsIndex,
  multiply,
  relative,
  shiftRightIndex,
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
  letWord,
  loop,
  ONES,
  or,
  store,
  wordVariable,
  xor,
  ZEROS,
} from "../word/build-statement.js";
import type { Condition, Index, Pointer, Statement, WordFunction } from "../word/node.js";
import type { Candidate } from "./function.js";
import { columnRoutine, columnStatements, sumRoutine, sumStatements } from "./gate-adders.js";
import { AND_PAIRS, COLUMNS, COMPLEMENTED, JOIN, OR_PAIRS, SUM } from "./gate-operations.js";
import type { GateRange } from "./gate-program.js";
import { COUNT, isEqual, letSlot, POSITION, type Routine, SLOTS, vectorAt } from "./gate-slots.js";
import { type GateTables, RUN_FIELDS } from "./gate-tables.js";

const COMPLEMENTED_BIT = Math.log2(COMPLEMENTED);

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
  readonly #routine: Routine;
  readonly #operations: ReadonlySet<number>;

  constructor(tables: GateTables, prefix: string, vectors: number) {
    this.#routine = { tables: tables.name, name: prefix + tables.name, shape: { ...tables.shape, vectors } };
    this.#operations = new Set(tables.runs.map(({ operation }) => operation));
  }

  all(): WordFunction[] {
    const has = (operation: number): boolean =>
      this.#operations.has(operation) || this.#operations.has(operation + COMPLEMENTED);
    return [
      ...(has(AND_PAIRS) ? [this.#pairs("and")] : []),
      ...(has(OR_PAIRS) ? [this.#pairs("or")] : []),
      ...(has(JOIN) ? [this.#joins()] : []),
      ...(has(SUM) ? [sumRoutine(this.#routine)] : []),
      ...(has(COLUMNS) ? [columnRoutine(this.#routine)] : []),
      this.#evaluate(has),
    ];
  }

  #letSlot(name: string, position: Index): Statement {
    return letSlot(this.#routine, name, position);
  }

  #eachVector(statement: (vector: number) => Statement): Statement[] {
    return Array.from({ length: this.#routine.shape.vectors }, (_, vector) => statement(vector));
  }

  #pairs(kind: "and" | "or"): WordFunction {
    const joinWords = kind === "and" ? and : or;
    const cursor = add(variable("position"), multiply(variable("g"), 3));
    return {
      name: `${this.#routine.name}_${kind}_pairs`,
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
              vectorAt("target", vector, this.#routine.shape),
              joinWords(
                load(vectorAt("left", vector, this.#routine.shape)),
                load(vectorAt("right", vector, this.#routine.shape)),
              ),
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
        const words = names.map((name) => load(vectorAt(name, vector, this.#routine.shape)));
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
      name: `${this.#routine.name}_joins`,
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
              vectorAt("target", vector, this.#routine.shape),
              xor(andNot(wordVariable(`all${vector}`), wordVariable(`any${vector}`)), wordVariable("flip")),
            ),
          ),
        ]),
      ],
      result: null,
    };
  }

  #evaluate(has: (operation: number) => boolean): WordFunction {
    const run = multiply(add(variable("first"), variable("r")), RUN_FIELDS);
    const field = (offset: number): Index => ({
      kind: "table",
      table: `${this.#routine.tables}_runs`,
      index: add(variable("run"), offset),
    });
    const operation = variable("operation");
    const call = (routine: string, operands: readonly Index[]): Statement => ({
      kind: "call",
      callee: `${this.#routine.name}_${routine}`,
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
      { operation: SUM, statements: () => sumStatements(this.#routine) },
      { operation: COLUMNS, statements: () => columnStatements(this.#routine, field(2)) },
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
      name: `evaluate_${this.#routine.name}s`,
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
