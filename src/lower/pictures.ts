/** The caller's pictures into planes, and planes into the caller's pictures. */
import type { ValueId } from "../ir/node.js";
import { add, constant, LANES, lowBitsIndex, multiply } from "../word/build.js";
import type { Index, Statement } from "../word/node.js";
import type { Callable } from "./function.js";
import { anySlotOf, type Geometry, planesOf } from "./geometry.js";
import { type Lowering, spanOf } from "./lowering.js";
import { nodeOf } from "./schedule.js";
import { sizesOutside } from "./sizes.js";
import { surroundPlanes } from "./surround.js";
import { innerSpan, WHOLE_FRAME } from "./tiles.js";
import {
  type CopyMode,
  clearTails,
  exportPlane,
  importBits,
  importLevelSet,
  outputAt,
  type RowsAt,
} from "./transfer.js";

/** Fills the planes of the input channels and level sets from picture number `picture`. */
export function importPictures(lowering: Lowering, picture: Index): Statement[] {
  return [...lowering.schedule.planes.keys()].flatMap((value) => importPlanes(lowering, value, picture));
}

function importPlanes(lowering: Lowering, value: ValueId, picture: Index): Statement[] {
  const { schedule, layout, builder } = lowering;
  const node = nodeOf(schedule.module, value);
  if (node.kind !== "input" && node.kind !== "level-set") return [];
  const geometry = layout.geometryOf(value);
  const { height, width, words } = sizesOutside(geometry);
  const span = spanOf(lowering, value);
  const rows: RowsAt = { planesAt: layout.rowsAt(geometry, span), rows: span.rows };
  const rowSize = node.kind === "input" ? words : width;
  const channel = add(multiply(picture, schedule.module.input.channels), node.channel);
  const from = add(multiply(channel, multiply(height, rowSize)), multiply(span.first, rowSize));
  const filled = planesOf(schedule, geometry, value).flatMap(({ slot }) =>
    node.kind === "input"
      ? copy(lowering, geometry, (mode) => importBits(geometry, rows, slot, from, mode))
      : [builder.callOf(importLevelSet(geometry, rows, slot, from, node.threshold))],
  );
  return [...filled, ...surroundPlanes(lowering, value)];
}

/** Writes the module's outputs, which are images, to the channels of the output, as far as the planes hold them. */
export function exportPictures(lowering: Lowering): Statement[] {
  const { schedule, layout, tiles } = lowering;
  const span = tiles === null ? WHOLE_FRAME : innerSpan(tiles);
  return schedule.module.outputs.flatMap((value, channel) => {
    const geometry = layout.geometryOf(value);
    const rows: RowsAt = { planesAt: layout.rowsAt(geometry, span), rows: span.rows };
    const slot = anySlotOf(schedule, geometry, value);
    const to = add(outputAt(geometry, channel), multiply(span.first, sizesOutside(geometry).words));
    return copy(lowering, geometry, (mode) => exportPlane(geometry, rows, slot, to, mode));
  });
}

/** Clears the bits behind the last pixels of all rows of the output. */
export function clearAllTails(lowering: Lowering): Statement[] {
  const { schedule, layout } = lowering;
  return schedule.module.outputs.flatMap((value, channel) =>
    clearOutputTails(lowering, layout.geometryOf(value), channel),
  );
}

/** A copy by vectors where the rows are wide enough for one, which a free width tells at run time only. */
function copy(
  { builder, lanes }: Lowering,
  geometry: Geometry,
  callableFor: (mode: CopyMode) => Callable,
): Statement[] {
  const { words } = sizesOutside(geometry);
  const call = (mode: CopyMode): Statement => builder.callOf(callableFor(mode));
  if (lanes === 1) return [call("scalar")];
  if (words.kind === "constant") return [call(words.value < lanes ? "scalar" : "vector")];
  const isNarrow = { kind: "index", operator: "<", left: words, right: LANES } as const;
  return [{ kind: "if", condition: isNarrow, then: [call("scalar")], else: [call("vector")] }];
}

/** Nothing for a width of whole words. */
function clearOutputTails({ builder }: Lowering, geometry: Geometry, channel: number): Statement[] {
  const tail = lowBitsIndex(sizesOutside(geometry).width, 5);
  if (tail.kind === "constant" && tail.value === 0) return [];
  const clear = builder.callOf(clearTails(geometry, channel));
  if (tail.kind === "constant") return [clear];
  const isRagged = { kind: "index", operator: "!=", left: tail, right: constant(0) } as const;
  return [{ kind: "if", condition: isRagged, then: [clear], else: [] }];
}
