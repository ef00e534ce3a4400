/**
 * A stage by gate tables, for values whose straight-line code would be large: for each group of words, the shifted
 * words of all pixels that are read are gathered into slots, then the gates run over the slots.
 */
import { InternalError } from "../diagnostics.js";
import { add, LANES, load, relative, subtract, variable } from "../word/build.js";
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
import { type Callable, makeCallable } from "./function.js";
import { encodeGates, FIRST_INPUT_SLOT, ZERO_SLOT } from "./gate-program.js";
import { callOfGates, slotsCandidate } from "./gate-routines.js";
import { slotAt } from "./gate-slots.js";
import type { GateTables, PassShape } from "./gate-tables.js";
import { type Geometry, planesOf } from "./geometry.js";
import { haloRowAt, rowAt, sizeCandidates, sizesInside } from "./sizes.js";
import type { StageJob } from "./stage.js";
import { columnOf } from "./table.js";
import { type Tap, TapGates } from "./tap-gates.js";

export interface GatheredStage {
  readonly callable: Callable;
  readonly tables: readonly Table[];
  /** Slots that the stage needs. */
  readonly slots: number;
}

export function gatheredStage(job: StageJob, gateTables: GateTables, slotsAt: Index): GatheredStage {
  const { name, comment, values, schedule, geometry, planesAt, region } = job;
  const builder = new TapGates(schedule, geometry);
  const signals = values.map((value) => builder.compute(value));
  const { gates, taps } = builder;
  const { range, outputSlots, slotCount } = encodeGates(gates, signals, gateTables);
  const { shape } = gateTables;
  const sizes = sizesInside(geometry);
  const gather = gatherTaps(name, taps, geometry, shape);
  const callable = makeCallable(
    {
      name,
      comment,
      mode: "vector",
      body: [
        store(slotAt(ZERO_SLOT, shape), ZEROS),
        loop("row", sizes.height, [
          loop(
            "j",
            sizes.words,
            [
              ...gather.statements,
              ...callOfGates(gateTables, range, relative("slots")),
              ...storeResults(job, outputSlots, shape),
            ],
            LANES,
          ),
        ]),
      ],
    },
    [...sizeCandidates(geometry, planesAt, "", region), slotsCandidate(slotsAt)],
  );
  return { callable, tables: gather.tables, slots: slotCount };
}

const TAP = variable("t");

/** Fills the input slots with the words of the taps at the computed position. */
function gatherTaps(
  name: string,
  taps: readonly Tap[],
  geometry: Geometry,
  shape: PassShape,
): { readonly statements: readonly Statement[]; readonly tables: readonly Table[] } {
  if (taps.length === 0) return { statements: [], tables: [] };
  const wordOf = (tap: Tap): number => Math.floor(tap.column / 32);
  const columnFor = (field: string, comment: string, entry: (tap: Tap) => number): ReturnType<typeof columnOf> =>
    columnOf(`${name}_${field}`, taps.map(entry), `${comment} of each pixel that is read`, TAP);
  const plane = columnFor("plane", "plane", (tap) => tap.slot);
  const row = columnFor("row", "row, from the top of the halo,", (tap) => tap.row + geometry.halo.top);
  const word = columnFor("word", "word, from the left of the halo,", (tap) => wordOf(tap) + geometry.leftWords);
  const bit = columnFor("shift", "bit in the word", (tap) => tap.column - 32 * wordOf(tap));

  const start = haloRowAt(geometry, sizesInside(geometry), plane.entry, add(variable("row"), row.entry));
  const shift = variable("shift");
  const gather = [
    letPointer("source", relative("planes", add(start, word.entry, variable("j")))),
    letIndex("shift", bit.entry),
    // The next word moves up by 32 − shift in two steps, as a shift by 32 is none.
    store(
      slotAt(add(TAP, FIRST_INPUT_SLOT), shape),
      or(
        shiftRight(load(relative("source")), shift),
        shiftLeft(shiftLeft(load(relative("source"), 1), 1), subtract(31, shift)),
      ),
    ),
  ];
  return {
    statements: [loop("t", taps.length, gather)],
    tables: [plane, row, word, bit].flatMap((column) => column.tables),
  };
}

/** Stores the slot of each value to the value's planes. */
function storeResults(
  { values, schedule, geometry }: StageJob,
  slots: readonly number[],
  shape: PassShape,
): Statement[] {
  const sizes = sizesInside(geometry);
  return values.flatMap((value, position) => {
    const from = slots[position];
    if (from === undefined) throw new InternalError("a value without a slot");
    const result = `result${position}`;
    const stores = planesOf(schedule, geometry, value).map(({ slot }) => {
      const at = add(rowAt(geometry, sizes, slot, variable("row")), variable("j"));
      return store(relative("planes", at), wordVariable(result));
    });
    return [letWord(result, load(slotAt(from, shape))), ...stores];
  });
}
