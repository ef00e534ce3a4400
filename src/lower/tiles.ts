/**
 * Working through a picture in tiles, so that planes are small, have strides that are known, and stay in the nearest cache:
 * for each tile, every plane is filled as far as the stages after it need pixels around it, as a small picture of its own.
 *
 * A plane's first row is the frame's, or lies as many rows above the tile as any later stage reads; so that filling its halo
 * by the border rule is right at the frame's edges, and elsewhere writes what nobody reads. Columns likewise.
 */
import type { ValueId } from "../ir/node.js";
import type { Target, Tile } from "../target/target.js";
import { add, constant, LANES, maximum, minimum, subtract, variable } from "../word/build.js";
import { letIndex, loop } from "../word/build-statement.js";
import type { Index, Statement } from "../word/node.js";
import { cone, planesRead } from "./cone.js";
import { namesIn } from "./function.js";
import type { PlannedStage } from "./plan.js";
import { neighbourhoodReads, nodeOf, type Schedule } from "./schedule.js";

/** What a stage must compute beside a tile. */
export interface Margin {
  /** Rows. */
  readonly above: number;
  readonly below: number;
  /** Words. */
  readonly left: number;
  readonly right: number;
}

/** How the rows or the words of a frame are cut. */
export interface Cut {
  /** In a tile, margins not counted. */
  readonly size: number;
  /** The frame is known to fit one tile: there is nothing to cut, and there are no margins. */
  readonly isWhole: boolean;
}

export interface TilePlan {
  readonly rows: Cut;
  readonly words: Cut;
  /** The greatest of all margins; none along an axis that is not cut. */
  readonly most: Margin;
  readonly margins: ReadonlyMap<ValueId, Margin>;
}

/** Rows, or words, of a plane that a function works on. */
export interface Extent {
  /** From the first of the plane's picture. */
  readonly offset: Index;
  /** Which of the frame lies there. */
  readonly first: Index;
  readonly count: Index;
}

export interface Region {
  readonly rows: Extent;
  readonly words: Extent;
}

/**
 * Rows of a tile for each row of its margins, which are computed twice: a sixteenth more at most, on the average of the stages. Machines
 * without vectors may have little memory, and compute an eighth more.
 */
const SIZE_PER_MARGIN = { vectors: 8, words: 4 };

const NO_MARGIN: Margin = { above: 0, below: 0, left: 0, right: 0 };

/** Null where a network is not worked through in tiles: with vectors or halved pictures. */
export function planTiles(schedule: Schedule, stages: readonly PlannedStage[], target: Target): TilePlan | null {
  const { module, types, live } = schedule;
  const { height, width } = module.input;
  if ([...live].some((value) => !isFullImage(types[value]))) return null;
  const pixelMargins = marginsOf(schedule, stages);
  const least = unite([...pixelMargins.values()].map(inWords));
  const rows = cutOf(height, enlarged(target, "rows", least.above + least.below));
  const words = cutOf(
    width === null ? null : Math.ceil(width / 32),
    enlarged(target, "words", least.left + least.right),
  );
  const cutMargin = (margin: Margin): Margin => ({
    ...inWords(margin),
    ...(rows.isWhole ? { above: 0, below: 0 } : {}),
    ...(words.isWhole ? { left: 0, right: 0 } : {}),
  });
  const margins = new Map([...pixelMargins].map(([value, margin]) => [value, cutMargin(margin)]));
  return { rows, words, most: unite([...margins.values()]), margins };
}

function isFullImage(type: Schedule["types"][number] | undefined): boolean {
  return type?.kind === "image" && type.halvings === 0;
}

function enlarged({ lanes, tile }: Target, axis: keyof Tile, margins: number): number {
  const perMargin = lanes === 1 ? SIZE_PER_MARGIN.words : SIZE_PER_MARGIN.vectors;
  return Math.max(tile[axis], 8 * Math.ceil((perMargin * margins) / 8));
}

function cutOf(frame: number | null, size: number): Cut {
  // A little more than a tile is not worth a second one.
  const isWhole = frame !== null && frame <= 1.25 * size;
  return { size: isWhole ? frame : size, isWhole };
}

/** For each plane value, how far around a pixel of the outputs it is read; all in pixels. */
function marginsOf(schedule: Schedule, stages: readonly PlannedStage[]): Map<ValueId, Margin> {
  const margins = new Map<ValueId, Margin>();
  const need = (value: ValueId, margin: Margin): void => {
    margins.set(value, unite([margins.get(value) ?? NO_MARGIN, margin]));
  };
  for (const { values } of stages.toReversed()) {
    const own = unite(values.map((value) => margins.get(value) ?? NO_MARGIN));
    for (const value of values) need(value, own);
    for (const plane of planesRead(schedule, values)) need(plane, own);
    for (const value of cone(schedule, values)) {
      for (const { input, row, column } of neighbourhoodReads(nodeOf(schedule.module, value))?.reads ?? []) {
        need(input, {
          above: own.above - row,
          below: own.below + row,
          left: own.left - column,
          right: own.right + column,
        });
      }
    }
  }
  return margins;
}

function inWords({ above, below, left, right }: Margin): Margin {
  return { above, below, left: Math.ceil(left / 32), right: Math.ceil(right / 32) };
}

function unite(margins: readonly Margin[]): Margin {
  const most = (side: keyof Margin): number => margins.reduce((widest, margin) => Math.max(widest, margin[side]), 0);
  return { above: most("above"), below: most("below"), left: most("left"), right: most("right") };
}

/** Rows of the picture in a plane. */
export function planeRows({ rows, most }: TilePlan): number {
  return most.above + rows.size + most.below;
}

/** Words of a row of the picture in a plane. */
export function planeWords({ words, most }: TilePlan): number {
  return most.left + words.size + most.right;
}

/** Sizes of the frame in the entry point. */
export interface FrameSize {
  readonly height: Index;
  readonly words: Index;
}

export function wholeFrame({ height, words }: FrameSize): Region {
  const [offset, first] = [constant(0), constant(0)];
  return { rows: { offset, first, count: height }, words: { offset, first, count: words } };
}

/** The part of a value's plane that belongs to the tile. */
export function tileRegion(plan: TilePlan, value: ValueId, frame: FrameSize): Region {
  return regionWithin(plan, plan.margins.get(value) ?? NO_MARGIN, frame);
}

/** The tile itself, without margins. */
export function innerRegion(plan: TilePlan, frame: FrameSize): Region {
  return regionWithin(plan, NO_MARGIN, frame);
}

const TILE_ROW = variable("tile_row");
const TILE_WORD = variable("tile_word");
const TILE_ROWS = variable("tile_rows");
const TILE_WORDS = variable("tile_words");

function regionWithin(plan: TilePlan, margin: Margin, frame: FrameSize): Region {
  const whole = wholeFrame(frame);
  return {
    rows: plan.rows.isWhole ? whole.rows : extent(ROWS, plan.most, margin),
    words: plan.words.isWhole ? whole.words : extent(WORDS, plan.most, margin),
  };
}

/** What belongs to one of the two axes: the sides of margins, and names of variables of the entry point. */
interface Axis {
  readonly before: "above" | "left";
  readonly after: "below" | "right";
  readonly start: Index;
  readonly size: Index;
  readonly firstName: string;
  readonly countName: string;
}

const ROWS: Axis = {
  before: "above",
  after: "below",
  start: TILE_ROW,
  size: TILE_ROWS,
  firstName: "first_row",
  countName: "rows",
};

const WORDS: Axis = {
  before: "left",
  after: "right",
  start: TILE_WORD,
  size: TILE_WORDS,
  firstName: "first_word",
  countName: "words",
};

/** A margin as far as the frame reaches. */
function marginOf(side: keyof Margin, size: number): Index {
  return size === 0 ? constant(0) : variable(`${side}_${size}`);
}

function extent(axis: Axis, most: Margin, margin: Margin): Extent {
  const [before, after] = [margin[axis.before], margin[axis.after]];
  return {
    offset: before === 0 ? constant(most[axis.before]) : subtract(most[axis.before], marginOf(axis.before, before)),
    first: before === 0 ? axis.start : variable(`${axis.firstName}_${before}`),
    count: before === 0 && after === 0 ? axis.size : variable(`${axis.countName}_${before}_${after}`),
  };
}

/** Names the extents along an axis of all margins. `size` is that of the frame. */
function nameExtents(axis: Axis, margins: readonly Margin[], size: Index): Statement[] {
  const names = new Map<string, Index>();
  const left = subtract(subtract(size, axis.start), axis.size);
  for (const margin of margins) {
    const [before, after] = [margin[axis.before], margin[axis.after]];
    if (before > 0) {
      names.set(`${axis.before}_${before}`, minimum(before, axis.start));
      names.set(`${axis.firstName}_${before}`, subtract(axis.start, marginOf(axis.before, before)));
    }
    if (after > 0) names.set(`${axis.after}_${after}`, minimum(after, left));
    if (before > 0 || after > 0) {
      const count = add(marginOf(axis.before, before), axis.size, marginOf(axis.after, after));
      names.set(`${axis.countName}_${before}_${after}`, count);
    }
  }
  return [...names].map(([name, value]) => letIndex(name, value));
}

/**
 * Does `body` for every tile of a frame.
 * @param lanes words that the last tile of a row has at least, if there are as many; it may overlap the one before it
 */
export function loopOverTiles(
  plan: TilePlan,
  { height, words }: FrameSize,
  lanes: number,
  body: readonly Statement[],
): readonly Statement[] {
  const margins = [...plan.margins.values()];
  const rows = plan.rows.isWhole
    ? []
    : [
        letIndex("tile_rows", minimum(plan.rows.size, subtract(height, TILE_ROW))),
        ...nameExtents(ROWS, margins, height),
      ];
  const columns = plan.words.isWhole
    ? []
    : [
        letIndex("tile_word", firstWord(variable("tile_start"), words, lanes)),
        letIndex("tile_words", minimum(plan.words.size, subtract(words, TILE_WORD))),
        ...nameExtents(WORDS, margins, words),
      ];
  const across = plan.words.isWhole
    ? body
    : [loop("tile_start", words, [...onlyUsed(columns, body), ...body], plan.words.size)];
  if (plan.rows.isWhole) return across;
  return [loop("tile_row", height, [...onlyUsed(rows, across), ...across], plan.rows.size)];
}

/** The definitions that the body needs, in their order. */
function onlyUsed(definitions: readonly Statement[], body: readonly Statement[]): Statement[] {
  const used: Statement[] = [];
  for (const definition of definitions.toReversed()) {
    if (definition.kind === "let" && namesIn([...used, ...body]).has(definition.name)) used.unshift(definition);
  }
  return used;
}

function firstWord(start: Index, words: Index, lanes: number): Index {
  if (lanes === 1) return start;
  return minimum(start, subtract(maximum(words, LANES), LANES));
}
