/**
 * Where images lie in scratch memory. All planes of one resolution have one size: `stride` words a row, a halo of
 * `top` and `bottom` rows and of `leftWords` words before each row, so that no kernel ever tests for the border.
 * Behind a row lie at least the halo on the right and `lanes − 1` words, into which a vector store may spill; above the halo
 * lie rows into which the first rows of a turn may.
 */
import { fail, InternalError } from "../diagnostics.js";
import type { ValueId } from "../ir/node.js";
import { imageSize, type ValueType } from "../ir/type.js";
import { add, constant, multiply, shiftRightIndex, variable, wordsForIndex } from "../word/build.js";
import { type Index, MAXIMUM_SIDE } from "../word/node.js";
import { planesRead } from "./cone.js";
import type { PlannedStage } from "./plan.js";
import { neighbourhoodReads, nodeOf, type Schedule, type Surroundings } from "./schedule.js";
import { planeRows, planeWords, type TilePlan } from "./tiles.js";
import { channelsWritten, onlyWritten } from "./written.js";

export interface Halo {
  readonly top: number;
  readonly bottom: number;
  /** Pixels. */
  readonly left: number;
  readonly right: number;
}

/** One resolution. */
export interface Geometry {
  readonly halvings: number;
  readonly halo: Halo;
  readonly leftWords: number;
  readonly rightWords: number;
  /** Rows above the halo, into which the first turn of a stage may spill. */
  readonly spill: number;
  /** Of the frame. */
  readonly height: Index;
  readonly width: Index;
  readonly words: Index;
  readonly stride: Index;
  /**
   * Words before the first plane, so that the words of a tile begin a line of the cache in all rows. What is computed beside a tile begins
   * before it, and not with a line.
   */
  readonly lead: number;
  /** Planes hold tiles; null where they hold the frame. */
  readonly tiles: TilePlan | null;
  /** Words of a plane. */
  readonly plane: Index;
  /** Number of planes. */
  readonly slots: number;
  /** Number of each plane among the planes of this resolution; {@link slotOf} reads it. */
  readonly planeSlots: ReadonlyMap<string, number>;
}

const planeKey = (value: ValueId, surroundings: Surroundings): string => `${value} ${surroundings}`;

/** Number of the plane of `value` that has the given surroundings. */
export function slotOf(geometry: Geometry, value: ValueId, surroundings: Surroundings): number {
  const slot = geometry.planeSlots.get(planeKey(value, surroundings));
  if (slot === undefined) throw new InternalError(`value ${value} has no plane`);
  return slot;
}

/** Number of a plane of `value`, for readers that stay inside the frame. */
export function anySlotOf(schedule: Schedule, geometry: Geometry, value: ValueId): number {
  const [surroundings] = schedule.planes.get(value) ?? [];
  if (surroundings === undefined) throw new InternalError(`value ${value} has no plane`);
  return slotOf(geometry, value, surroundings);
}

/** All planes of `value`: two if it is read with both border rules, none if it is only written to the output. */
export function planesOf(
  schedule: Schedule,
  geometry: Geometry,
  value: ValueId,
): { readonly surroundings: Surroundings; readonly slot: number }[] {
  return (schedule.planes.get(value) ?? []).flatMap((surroundings) => {
    const slot = geometry.planeSlots.get(planeKey(value, surroundings));
    return slot === undefined ? [] : [{ surroundings, slot }];
  });
}

interface Lifetimes {
  /** Last step in which each plane value is read. */
  readonly lastRead: ReadonlyMap<ValueId, number>;
  /** Values that have no plane. */
  readonly written: ReadonlySet<ValueId>;
}

/** Geometry of each resolution that has planes, keyed by its number of halvings. */
export function geometries(
  schedule: Schedule,
  stages: readonly PlannedStage[],
  lanes: number,
  tiles: TilePlan | null = null,
): Map<number, Geometry> {
  const resolutions = new Set([...schedule.planes.keys()].map((value) => halvingsOf(schedule.types[value])));
  const channels = channelsWritten(schedule, stages, tiles);
  const written = onlyWritten(schedule, stages, channels);
  const lastRead = lastReads(schedule, channels);
  return new Map(
    [...resolutions]
      .sort((a, b) => a - b)
      .map((halvings) => [halvings, geometryAt(schedule, stages, halvings, lanes, tiles, { lastRead, written })]),
  );
}

export function halvingsOf(type: ValueType | undefined): number {
  if (type?.kind !== "image") throw new InternalError("not an image");
  return type.halvings;
}

function geometryAt(
  schedule: Schedule,
  stages: readonly PlannedStage[],
  halvings: number,
  lanes: number,
  tiles: TilePlan | null,
  lifetimes: Lifetimes,
): Geometry {
  const size = imageSize(schedule.module.input, halvings);
  // The entry point takes both sides where one is free; its callers in C and JavaScript refuse another than the fixed one.
  const sideOf = (name: "height" | "width"): Index => {
    const fixed = size[name];
    return fixed === null ? shiftRightIndex(variable(name), halvings) : constant(fixed);
  };
  const [height, width] = [sideOf("height"), sideOf("width")];
  const least = 2 ** halvings;
  if (size.height === 0 || size.width === 0 || least > MAXIMUM_SIDE) {
    fail("BMN0503", `the picture is too small to be halved ${halvings} times`, {
      path: "input",
      hint: least > MAXIMUM_SIDE ? "use fewer max-pooling layers" : `use at least ${least}×${least} pixels`,
    });
  }
  const halo = haloOf(schedule, halvings);
  const leftWords = Math.ceil(halo.left / 32);
  const rightWords = Math.max(Math.ceil(halo.right / 32), lanes - 1);
  const spills = stages
    .filter(({ values: [first] }) => first !== undefined && halvingsOf(schedule.types[first]) === halvings)
    .map(({ block }) => block.rows - 1);
  const padding = { halo, leftWords, rightWords, spill: Math.max(0, ...spills) };
  const words = wordsForIndex(width);
  const { planeSlots, slots } = assignSlots(schedule, halvings, lifetimes);
  const rows = rowsOfPlane(tiles, height);
  const tight = strideOf(padding, wordsOfPlane(tiles, words));
  const aligned = lanes === LINE_WORDS ? alignedStride(tight) : null;
  const isAligned = aligned !== null && isNear(multiply(planeOf(padding, rows, aligned), slots));
  const stride = isAligned ? aligned : tight;
  const firstWord = leftWords + (tiles?.most.left ?? 0);
  return {
    halvings,
    ...padding,
    height,
    width,
    words,
    stride,
    lead: isAligned ? (LINE_WORDS - (firstWord % LINE_WORDS)) % LINE_WORDS : 0,
    tiles,
    plane: planeOf(padding, rows, stride),
    slots,
    planeSlots,
  };
}

/** What a plane holds beside the picture. */
export type Padding = Pick<Geometry, "halo" | "leftWords" | "rightWords" | "spill">;

/** Rows of a plane without its halo, for frames of `height` rows. */
export function rowsOfPlane(tiles: TilePlan | null, height: Index): Index {
  return tiles === null || tiles.rows.isWhole ? height : constant(planeRows(tiles));
}

/** Words of a row of a plane without its halo, for frames of `words` words. */
export function wordsOfPlane(tiles: TilePlan | null, words: Index): Index {
  return tiles === null || tiles.words.isWhole ? words : constant(planeWords(tiles));
}

/** Words from one row of a plane to the next, for rows of `words` words. */
export function strideOf({ leftWords, rightWords }: Padding, words: Index): Index {
  return add(words, leftWords + rightWords);
}

/** Words of a line of a cache. */
const LINE_WORDS = 16;

/** Words a distance of which makes rows compete for the same few lines. */
const CONFLICTING_WORDS = 128;

/** Words that the nearest caches hold at least: 32 KiB. */
const NEAR_WORDS = 2 ** 13;

/**
 * Where a vector is a line of the cache, rows begin with a line: else every access would take two. Not where planes are so many that
 * they would leave the nearest cache, which costs more; shorter vectors gain nothing (both measured).
 * @returns null where the distance between rows is not known
 */
function alignedStride(stride: Index): Index | null {
  if (stride.kind !== "constant") return null;
  const aligned = Math.ceil(stride.value / LINE_WORDS) * LINE_WORDS;
  return constant(aligned % CONFLICTING_WORDS === 0 ? aligned + LINE_WORDS : aligned);
}

function isNear(words: Index): boolean {
  return words.kind === "constant" && words.value <= NEAR_WORDS;
}

/** Words of a plane for pictures of `height` rows. */
export function planeOf({ halo, spill }: Padding, height: Index, stride: Index): Index {
  return multiply(add(height, halo.top + halo.bottom + spill), stride);
}

function haloOf(schedule: Schedule, halvings: number): Halo {
  const halo = { top: 0, bottom: 0, left: 0, right: 0 };
  for (const value of schedule.live) {
    const type = schedule.types[value];
    if (type?.kind !== "image" || type.halvings !== halvings) continue;
    for (const { row, column } of neighbourhoodReads(nodeOf(schedule.module, value))?.reads ?? []) {
      halo.top = Math.max(halo.top, -row);
      halo.bottom = Math.max(halo.bottom, row);
      halo.left = Math.max(halo.left, -column);
      halo.right = Math.max(halo.right, column);
    }
  }
  return halo;
}

/**
 * Planes share memory when one is last read before the other is written. Time runs in steps: the inputs, then the
 * stages, then the outputs.
 */
function assignSlots(
  schedule: Schedule,
  halvings: number,
  { lastRead, written }: Lifetimes,
): Pick<Geometry, "planeSlots" | "slots"> {
  const planeSlots = new Map<string, number>();
  const freeFrom: number[] = [];
  const place = (value: ValueId, step: number): void => {
    if (halvingsOf(schedule.types[value]) !== halvings || written.has(value)) return;
    for (const surroundings of schedule.planes.get(value) ?? []) {
      const free = freeFrom.findIndex((time) => time < step);
      const slot = free === -1 ? freeFrom.length : free;
      freeFrom[slot] = lastRead.get(value) ?? step;
      planeSlots.set(planeKey(value, surroundings), slot);
    }
  };
  const computed = new Set(schedule.stages.flat());
  for (const value of schedule.planes.keys()) if (!computed.has(value)) place(value, 0);
  schedule.stages.forEach((stage, index) => stage.forEach((value) => place(value, index + 1)));
  return { planeSlots, slots: freeFrom.length };
}

/** Last step in which each plane value is read. */
function lastReads(schedule: Schedule, writtenByStages: ReadonlyMap<ValueId, unknown>): Map<ValueId, number> {
  const last = new Map<ValueId, number>();
  schedule.stages.forEach((stage, index) => {
    for (const source of planesRead(schedule, stage)) last.set(source, index + 1);
    for (const value of stage) last.set(value, index + 1);
  });
  const end = schedule.stages.length + 1;
  for (const output of schedule.module.outputs) if (!writtenByStages.has(output)) last.set(output, end);
  for (const value of schedule.live) {
    const node = nodeOf(schedule.module, value);
    if (node.kind === "flatten") for (const input of node.inputs) last.set(input, end);
  }
  return last;
}
