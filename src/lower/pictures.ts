/** The caller's pictures into planes, and planes into the caller's pictures. */
import type { ValueId } from "../ir/node.js";
import { add, multiply } from "../word/build.js";
import type { Index, Statement } from "../word/node.js";
import { anySlotOf, type Geometry, planesOf } from "./geometry.js";
import { type Lowering, regionOf } from "./lowering.js";
import { whereTailed } from "./plane-access.js";
import { nodeOf } from "./schedule.js";
import { sizesOutside } from "./sizes.js";
import { surroundPlanes, surroundRows } from "./surround.js";
import { innerRegion, type Region, wholeFrame } from "./tiles.js";
import {
  type CopyMode,
  clearTails,
  exportPlane,
  importBits,
  importLevelSet,
  outputAt,
  type Place,
} from "./transfer.js";

/**
 * Fills the planes of the input channels and level sets from picture number `picture`.
 * @param isNarrow the rows are shorter than a vector
 */
export function importPictures(lowering: Lowering, picture: Index, isNarrow: boolean): Statement[] {
  return [...lowering.schedule.planes.keys()].flatMap((value) => importPlanes(lowering, value, picture, isNarrow));
}

function importPlanes(lowering: Lowering, value: ValueId, picture: Index, isNarrow: boolean): Statement[] {
  const { schedule, layout, builder } = lowering;
  const node = nodeOf(schedule.module, value);
  if (node.kind !== "input" && node.kind !== "level-set") return [];
  const geometry = layout.geometryOf(value);
  const { height, width, words } = sizesOutside(geometry);
  const region = regionOf(lowering, value);
  const place: Place = { planesAt: layout.regionAt(geometry, region), region };
  const rowSize = node.kind === "input" ? words : width;
  const channel = add(multiply(picture, schedule.module.input.channels), node.channel);
  const pixelsPerWord = node.kind === "input" ? 1 : 32;
  const from = add(
    multiply(channel, multiply(height, rowSize)),
    multiply(region.rows.first, rowSize),
    multiply(region.words.first, pixelsPerWord),
  );
  const planes = planesOf(schedule, geometry, value);
  if (node.kind === "level-set") {
    const filled = planes.map(({ slot }) =>
      builder.callOf(importLevelSet(geometry, place, slot, from, node.threshold)),
    );
    return [...filled, ...surroundPlanes(lowering, value)];
  }
  return planes.flatMap((plane) => [
    importBits(builder, geometry, place, plane, from, copyMode(lowering, isNarrow)),
    ...(plane.surroundings === "none" ? [] : surroundRows(lowering, value, plane.slot, plane.surroundings)),
  ]);
}

/** Writes those of the module's outputs that no stage has written itself, as far as the planes hold them. */
export function exportPictures(lowering: Lowering, isNarrow: boolean): Statement[] {
  const { schedule, layout, tiles, builder } = lowering;
  return schedule.module.outputs.flatMap((value, channel) => {
    if (lowering.direct.has(value)) return [];
    const geometry = layout.geometryOf(value);
    const frame = sizesOutside(geometry);
    const region = tiles === null ? wholeFrame(frame) : innerRegion(tiles, frame);
    const place: Place = { planesAt: layout.regionAt(geometry, region), region };
    const slot = anySlotOf(schedule, geometry, value);
    const to = add(outputAt(geometry, channel), outputPlace(geometry, region));
    return [builder.callOf(exportPlane(geometry, place, slot, to, copyMode(lowering, isNarrow)))];
  });
}

/** Words before the first one of a region of an output channel. */
export function outputPlace(geometry: Geometry, { rows, words }: Region): Index {
  return add(multiply(rows.first, sizesOutside(geometry).words), words.first);
}

function copyMode({ target }: Lowering, isNarrow: boolean): CopyMode {
  if (target.lanes === 1) return "words";
  return isNarrow ? "narrow" : "vector";
}

/** Clears the bits behind the last pixels of all rows of the output. */
export function clearAllTails(lowering: Lowering): Statement[] {
  const { schedule, layout, builder } = lowering;
  return schedule.module.outputs.flatMap((value, channel) => {
    const geometry = layout.geometryOf(value);
    return whereTailed(sizesOutside(geometry).width, () => [builder.callOf(clearTails(geometry, channel))]);
  });
}
