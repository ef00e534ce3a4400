/**
 * A stage by gate tables, for values whose straight-line code would be large: for each group of words, the shifted
 * words of all pixels that are read are gathered into slots, then the gates run over the slots.
 */
import { InternalError } from "../diagnostics.js";
import { add, constant, LANES, load, multiply, relative, subtract, variable } from "../word/build.js";
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
import type { Index, Pointer, Statement, Table } from "../word/node.js";
import { type Callable, makeCallable } from "./function.js";
import { callOfGates, slotsCandidate } from "./gate-routines.js";
import { FIRST_INPUT_SLOT, type GateTables, ZERO_SLOT } from "./gates.js";
import { type Geometry, planesOf } from "./geometry.js";
import { haloRowAt, rowAt, sizeCandidates, sizesInside } from "./sizes.js";
import type { StageJob } from "./stage.js";
import { unsignedTable } from "./table.js";
import { type Tap, TapGates } from "./tap-gates.js";

export interface GatheredStage {
  readonly callable: Callable;
  readonly tables: readonly Table[];
  /** Slots that the stage needs. */
  readonly slots: number;
}

export function gatheredStage(job: StageJob, gateTables: GateTables, slotsAt: Index): GatheredStage {
  const { name, comment, values, schedule, geometry, planesAt } = job;
  const builder = new TapGates(schedule, geometry);
  const signals = values.map((value) => builder.compute(value));
  const { gates, taps } = builder;
  const range = gates.encode(gateTables);
  const sizes = sizesInside(geometry);
  const callable = makeCallable(
    {
      name,
      comment,
      mode: "vector",
      body: [
        store(slotPointer(constant(ZERO_SLOT)), ZEROS),
        loop("row", sizes.height, [
          loop(
            "j",
            sizes.words,
            [
              ...gatherTaps(name, taps.length, geometry),
              ...callOfGates(range, relative("slots")),
              ...storeResults(
                job,
                signals.map((signal) => gates.slotOf(signal)),
              ),
            ],
            LANES,
          ),
        ]),
      ],
    },
    [...sizeCandidates(geometry, planesAt), slotsCandidate(slotsAt)],
  );
  return { callable, tables: tapTables(name, taps, geometry), slots: gates.slotCount };
}

function slotPointer(slot: Index): Pointer {
  return relative("slots", multiply(slot, LANES));
}

const TAP = variable("t");

/** Fills the input slots with the words of the taps at the computed position. */
function gatherTaps(name: string, count: number, geometry: Geometry): Statement[] {
  if (count === 0) return [];
  const table = (field: string): Index => ({ kind: "table", table: `${name}_${field}`, index: TAP });
  const row = haloRowAt(sizesInside(geometry), table("plane"), add(variable("row"), table("row")));
  const shift = variable("shift");
  return [
    loop("t", count, [
      letPointer("source", relative("planes", add(row, table("word"), variable("j")))),
      letIndex("shift", table("shift")),
      // The next word moves up by 32 − shift in two steps, as a shift by 32 is none.
      store(
        slotPointer(add(TAP, FIRST_INPUT_SLOT)),
        or(
          shiftRight(load(relative("source")), shift),
          shiftLeft(shiftLeft(load(relative("source"), 1), 1), subtract(31, shift)),
        ),
      ),
    ]),
  ];
}

/** What {@link gatherTaps} reads: where each tap lies, from the first word of the first plane's halo on. */
function tapTables(name: string, taps: readonly Tap[], { halo, leftWords }: Geometry): Table[] {
  if (taps.length === 0) return [];
  const wordOf = (tap: Tap): number => Math.floor(tap.column / 32);
  const table = (field: string, comment: string, entry: (tap: Tap) => number): Table =>
    unsignedTable(`${name}_${field}`, taps.map(entry), comment);
  return [
    table("plane", "plane of each pixel that is read", (tap) => tap.slot),
    table("row", "row of each pixel that is read, from the top of the halo", (tap) => tap.row + halo.top),
    table("word", "word of each pixel that is read, from the left of the halo", (tap) => wordOf(tap) + leftWords),
    table("shift", "bit of each pixel that is read, in that word", (tap) => tap.column - 32 * wordOf(tap)),
  ];
}

/** Stores the slot of each value to the value's planes. */
function storeResults({ values, schedule, geometry }: StageJob, slots: readonly number[]): Statement[] {
  const sizes = sizesInside(geometry);
  return values.flatMap((value, position) => {
    const from = slots[position];
    if (from === undefined) throw new InternalError("a value without a slot");
    const result = `result${position}`;
    const stores = planesOf(schedule, geometry, value).map(({ slot }) => {
      const at = add(rowAt(geometry, sizes, slot, variable("row")), variable("j"));
      return store(relative("planes", at), wordVariable(result));
    });
    return [letWord(result, load(slotPointer(constant(from)))), ...stores];
  });
}
