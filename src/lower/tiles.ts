/**
 * Working through a picture in tiles of rows, so that planes are a few rows high and stay in the nearest cache: for each
 * tile, every plane is filled as far as the stages after it need rows above and below, as a small picture of its own.
 *
 * A plane's first row is the frame's, or lies as many rows above the tile as any later stage reads; so that filling its halo
 * by the border rule is right at the frame's edges, and elsewhere writes what nobody reads.
 */
import type { ValueId } from "../ir/node.js";
import { add, constant, minimum, subtract, variable } from "../word/build.js";
import { letIndex, loop } from "../word/build-statement.js";
import type { Index, Statement } from "../word/node.js";
import { cone, planesRead } from "./cone.js";
import type { PlannedStage } from "./plan.js";
import { neighbourhoodReads, nodeOf, type Schedule } from "./schedule.js";

/** Rows that a stage must compute beside those of a tile. */
export interface Margin {
  readonly above: number;
  readonly below: number;
}

export interface TilePlan {
  readonly rows: number;
  /** The greatest of all margins. */
  readonly most: Margin;
  readonly margins: ReadonlyMap<ValueId, Margin>;
}

/** Rows of a plane that a function works on. */
export interface Span {
  /** From the first row of the plane's picture. */
  readonly offset: Index;
  /** The row of the frame that lies there. */
  readonly first: Index;
  /** How many; null for all rows of the frame. */
  readonly rows: Index | null;
}

export const WHOLE_FRAME: Span = { offset: constant(0), first: constant(0), rows: null };

/** Few enough for some planes of 1024 pixels to stay in 32 KB. */
const LEAST_ROWS = 32;
/** Rows of a tile for each row of its margins, which are computed twice: an eighth more at most, on the average of the stages. */
const ROWS_PER_MARGIN = 4;

const NO_MARGIN: Margin = { above: 0, below: 0 };

/** Null where a network is not worked through in tiles: with vectors, halved pictures, or pictures of few rows. */
export function planTiles(schedule: Schedule, stages: readonly PlannedStage[]): TilePlan | null {
  const { module, types, live } = schedule;
  const { height } = module.input;
  if ([...live].some((value) => !isFullImage(types[value]))) return null;
  const margins = new Map<ValueId, Margin>();
  const need = (value: ValueId, { above, below }: Margin): void => {
    const known = margins.get(value) ?? NO_MARGIN;
    margins.set(value, { above: Math.max(known.above, above), below: Math.max(known.below, below) });
  };
  for (const { values } of stages.toReversed()) {
    const own = unite(values.map((value) => margins.get(value) ?? NO_MARGIN));
    for (const value of values) need(value, own);
    for (const plane of planesRead(schedule, values)) need(plane, own);
    for (const value of cone(schedule, values)) {
      for (const { input, row } of neighbourhoodReads(nodeOf(module, value))?.reads ?? []) {
        need(input, { above: own.above - row, below: own.below + row });
      }
    }
  }
  const most = unite([...margins.values()]);
  const rows = Math.max(LEAST_ROWS, 8 * Math.ceil((ROWS_PER_MARGIN * (most.above + most.below)) / 8));
  return height !== null && height < 2 * rows ? null : { rows, most, margins };
}

function isFullImage(type: Schedule["types"][number] | undefined): boolean {
  return type?.kind === "image" && type.halvings === 0;
}

function unite(margins: readonly Margin[]): Margin {
  return {
    above: Math.max(0, ...margins.map(({ above }) => above)),
    below: Math.max(0, ...margins.map(({ below }) => below)),
  };
}

/** Rows of the picture in a plane. */
export function planeRows({ rows, most }: TilePlan): number {
  return most.above + rows + most.below;
}

const TILE = variable("tile");
const ROWS = variable("rows");

/** The rows of a value's plane that belong to the tile. */
export function tileSpan({ most, margins }: TilePlan, value: ValueId): Span {
  const { above, below } = margins.get(value) ?? NO_MARGIN;
  const [before, after] = [marginName("above", above), marginName("below", below)];
  return {
    offset: above === 0 ? constant(most.above) : subtract(most.above, before),
    first: above === 0 ? TILE : subtract(TILE, before),
    rows: add(before, ROWS, after),
  };
}

/** The tile itself, without margins. */
export function innerSpan({ most }: TilePlan): Span {
  return { offset: constant(most.above), first: TILE, rows: ROWS };
}

function marginName(side: keyof Margin, rows: number): Index {
  return rows === 0 ? constant(0) : variable(`${side}_${rows}`);
}

/** Does `body` for every tile of a frame of `height` rows. */
export function loopOverTiles({ rows, margins }: TilePlan, height: Index, body: readonly Statement[]): Statement {
  const left = subtract(height, TILE);
  const distinct = (side: keyof Margin): number[] =>
    [...new Set([...margins.values()].map((margin) => margin[side]))].filter((each) => each > 0).sort((a, b) => a - b);
  return loop(
    "tile",
    height,
    [
      letIndex("rows", minimum(rows, left)),
      ...distinct("above").map((each) => letIndex(`above_${each}`, minimum(each, TILE))),
      ...distinct("below").map((each) => letIndex(`below_${each}`, minimum(each, subtract(left, ROWS)))),
      ...body,
    ],
    rows,
  );
}
