/**
 * A stage by gate tables, for values whose straight-line code would be large: for each group of words, the shifted
 * words of all pixels that are read are gathered into slots, then the gates run over the slots.
 */
import { InternalError } from "../diagnostics.js";
import { type MorphNode, operandsOf, type ValueId } from "../ir/node.js";
import type { Offset } from "../morph/structuring-element.js";
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
  letIndex,
  letPointer,
  letWord,
  loop,
  or,
  shiftLeft,
  shiftRight,
  store,
  wordVariable,
  ZEROS,
} from "../word/build-statement.js";
import type { Index, Statement, Table } from "../word/node.js";
import { cone } from "./cone.js";
import { type Callable, makeCallable } from "./function.js";
import { FIRST_INPUT_SLOT, GateList, type GateTables, type Signal, ZERO_SLOT } from "./gates.js";
import { type Geometry, planeKey } from "./geometry.js";
import { neighbourhoodReads, nodeOf, type Read, type Schedule, type Surroundings } from "./schedule.js";
import { rowAt, sizeCandidates, sizesInside } from "./sizes.js";

/** A pixel read relative to the computed one. */
interface Tap extends Offset {
  readonly slot: number;
}

export interface GatheredStage {
  readonly callable: Callable;
  readonly tables: readonly Table[];
  /** Slots that the stage needs. */
  readonly slots: number;
}

export function gatheredStage(
  name: string,
  comment: readonly string[],
  values: readonly ValueId[],
  schedule: Schedule,
  geometry: Geometry,
  planesAt: Index,
  gateTables: GateTables,
  slotsAt: Index,
): GatheredStage {
  const builder = new GatherBuilder(schedule, geometry);
  const signals = values.map((value) => builder.compute(value));
  const { gates, taps } = builder;
  const range = gates.encode(gateTables);
  const sizes = sizesInside(geometry);
  const table = (field: string, index: Index): Index => ({ kind: "table", table: `${name}_${field}`, index });

  const t = variable("t");
  const source = add(
    multiply(table("plane", t), sizes.plane),
    multiply(add(variable("row"), table("row", t)), sizes.stride),
    table("word", t),
    variable("j"),
  );
  const shift = variable("shift");
  const gather: Statement[] = [
    letPointer("source", relative("planes", source)),
    letIndex("shift", table("shift", t)),
    // The next word moves up by 32 − shift in two steps, as a shift by 32 is none.
    store(
      relative("slots", multiply(add(t, FIRST_INPUT_SLOT), LANES)),
      or(
        shiftRight(load(relative("source")), shift),
        shiftLeft(shiftLeft(load(relative("source"), 1), 1), subtract(31, shift)),
      ),
    ),
  ];
  const stores = values.flatMap((value, position) => {
    const signal = signals[position];
    if (signal === undefined) throw new InternalError("a value without a signal");
    const result = `result${position}`;
    const read = letWord(result, load(relative("slots", multiply(constant(gates.slotOf(signal)), LANES))));
    const planes = (schedule.planes.get(value) ?? []).map((surroundings): Statement => {
      const slot = geometry.slotOf.get(planeKey(value, surroundings)) ?? 0;
      const at = add(rowAt(geometry, sizes, slot, add(variable("row"), geometry.halo.top)), variable("j"));
      return store(relative("planes", at), wordVariable(result));
    });
    return [read, ...planes];
  });
  const evaluate: Statement[] =
    range.gateCount === 0
      ? []
      : [
          {
            kind: "call",
            callee: "evaluate_gates",
            arguments: [
              typedPointer(relative("slots")),
              typedIndex(range.firstGate),
              typedIndex(range.gateCount),
              typedIndex(range.firstSlot),
            ],
            result: null,
          },
        ];
  const callable = makeCallable(
    {
      name,
      comment,
      mode: "vector",
      body: [
        store(relative("slots", multiply(ZERO_SLOT, LANES)), ZEROS),
        loop("row", sizes.height, [
          loop(
            "j",
            sizes.words,
            [...(taps.length === 0 ? [] : [loop("t", taps.length, gather)]), ...evaluate, ...stores],
            LANES,
          ),
        ]),
      ],
    },
    [
      ...sizeCandidates(geometry, planesAt),
      {
        parameter: { name: "slots", type: "pointer", space: "scratch" },
        argument: typedPointer(absolute("scratch", slotsAt)),
      },
    ],
  );
  return { callable, tables: tapTables(name, taps, geometry), slots: gates.slotCount };
}

function tapTables(name: string, taps: readonly Tap[], geometry: Geometry): Table[] {
  if (taps.length === 0) return [];
  const wordOf = (tap: Tap): number => Math.floor(tap.column / 32);
  const column = (field: string, comment: string, entry: (tap: Tap) => number): Table => ({
    name: `${name}_${field}`,
    element: "u16",
    values: taps.map(entry),
    comment,
  });
  return [
    column("plane", "plane of each pixel that is read", (tap) => tap.slot),
    column("row", "row of each pixel that is read, from the top of the halo", (tap) => tap.row + geometry.halo.top),
    column(
      "word",
      "word of each pixel that is read, from the left of the halo",
      (tap) => wordOf(tap) + geometry.leftWords,
    ),
    column("shift", "bit of each pixel that is read, in that word", (tap) => tap.column - 32 * wordOf(tap)),
  ];
}

/** Values to gates over taps; every tap and every value once. */
class GatherBuilder {
  readonly gates = new GateList();
  readonly taps: Tap[] = [];
  readonly #tapSignals = new Map<string, Signal>();
  readonly #signals = new Map<ValueId, Signal>();
  /** Values with another user than complements, which compute their operand along with themselves. */
  readonly #usedPlainly = new Set<ValueId>();
  readonly #schedule: Schedule;
  readonly #geometry: Geometry;

  constructor(schedule: Schedule, geometry: Geometry) {
    this.#schedule = schedule;
    this.#geometry = geometry;
    for (const value of schedule.live) {
      const node = nodeOf(schedule.module, value);
      if (node.kind !== "complement") for (const operand of operandsOf(node)) this.#usedPlainly.add(operand);
    }
  }

  /** The signal of a value that this stage computes. */
  compute(value: ValueId): Signal {
    // Operands first, so that no recursion is deeper than one node; a complement takes its operand along.
    for (const operand of cone(this.#schedule, value)) {
      if (operand !== value && this.#usedPlainly.has(operand)) this.#signalOf(operand);
    }
    return this.#signalOf(value);
  }

  #signalOf(value: ValueId): Signal {
    const known = this.#signals.get(value);
    if (known !== undefined) return known;
    const signal = this.#gateOf(nodeOf(this.#schedule.module, value), false);
    this.#signals.set(value, signal);
    return signal;
  }

  #gateOf(node: MorphNode, complemented: boolean): Signal {
    const { gates } = this;
    switch (node.kind) {
      case "constant":
        return gates.constant(complemented ? (node.value === 1 ? 0 : 1) : node.value);
      case "complement": {
        const isPlane = this.#schedule.planes.has(node.input);
        if (!isPlane && !complemented) return this.#gateOf(nodeOf(this.#schedule.module, node.input), true);
        return complemented ? this.#read(node.input) : gates.complement(this.#read(node.input));
      }
      case "union":
        return gates.any(
          node.inputs.map((input) => this.#read(input)),
          complemented,
        );
      case "intersection":
        return gates.all(
          node.inputs.map((input) => this.#read(input)),
          complemented,
        );
      case "erosion":
      case "dilation": {
        const operands = (neighbourhoodReads(node)?.reads ?? []).map((read) => this.#tap(read, node.border));
        return node.kind === "erosion" ? gates.all(operands, complemented) : gates.any(operands, complemented);
      }
      case "threshold": {
        const isPointwise = neighbourhoodReads(node) === null;
        const terms = node.terms.map(({ input, offset, weight }) => ({
          operand: isPointwise ? this.#read(input) : this.#tap({ input, ...offset }, node.border),
          weight,
        }));
        return gates.sumAbove(terms, node.bound, complemented);
      }
      default:
        throw new InternalError(`a stage cannot compute ${node.kind}`);
    }
  }

  #read(value: ValueId): Signal {
    const [surroundings] = this.#schedule.planes.get(value) ?? [];
    if (surroundings === undefined) return this.#signalOf(value);
    return this.#tap({ input: value, row: 0, column: 0 }, surroundings);
  }

  #tap({ input, row, column }: Read, surroundings: Surroundings): Signal {
    const slot = this.#geometry.slotOf.get(planeKey(input, surroundings));
    if (slot === undefined) throw new InternalError(`value ${input} has no plane`);
    const key = `${slot} ${row} ${column}`;
    const known = this.#tapSignals.get(key);
    if (known !== undefined) return known;
    const signal = this.gates.addInput();
    this.taps.push({ slot, row, column });
    this.#tapSignals.set(key, signal);
    return signal;
  }
}
