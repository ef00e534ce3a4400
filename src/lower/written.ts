/** Which outputs are written by the stages that compute them, and which of those need no plane at all. */
import type { ValueId } from "../ir/node.js";
import { planesRead } from "./cone.js";
import type { PlannedStage } from "./plan.js";
import type { Schedule } from "./schedule.js";
import type { TilePlan } from "./tiles.js";

/**
 * Output channels of the images that straight stages compute; all others are copied from their planes. So are those of which
 * a stage computes more than the tile: in the words beside it only the pixels that are read are right.
 */
export function channelsWritten(
  { module, types }: Schedule,
  stages: readonly PlannedStage[],
  tiles: TilePlan | null,
): ReadonlyMap<ValueId, readonly number[]> {
  const straight = new Set(stages.filter(({ form }) => form === "straight").flatMap(({ values }) => values));
  const channels = new Map<ValueId, number[]>();
  module.outputs.forEach((value, channel) => {
    const margin = tiles?.margins.get(value);
    const isTile = margin === undefined || (margin.left === 0 && margin.right === 0);
    if (types[value]?.kind !== "image" || !straight.has(value) || !isTile) return;
    channels.set(value, [...(channels.get(value) ?? []), channel]);
  });
  return channels;
}

/** Those of the values that are written to the output that nothing else reads. */
export function onlyWritten(
  schedule: Schedule,
  stages: readonly PlannedStage[],
  written: ReadonlyMap<ValueId, unknown>,
): ReadonlySet<ValueId> {
  const only = new Set(written.keys());
  for (const { values } of stages) for (const read of planesRead(schedule, values)) only.delete(read);
  return only;
}
