import type { MorphModule, ValueId } from "../ir/node.js";
import type { Target } from "../target/target.js";
import type { Statement } from "../word/node.js";
import { GateTables } from "./gates.js";
import { Layout } from "./layout.js";
import { type PlannedStage, planStages } from "./plan.js";
import { ProgramBuilder } from "./program-builder.js";
import { type Schedule, schedule as scheduleOf } from "./schedule.js";
import { sizesOutside } from "./sizes.js";
import { planTiles, type Region, type TilePlan, tileRegion, wholeFrame } from "./tiles.js";
import { channelsWritten } from "./written.js";

/** One lowering: what is lowered, where its data lie, and the functions and tables made so far. */
export interface Lowering {
  readonly schedule: Schedule;
  readonly stages: readonly PlannedStage[];
  /** Null where the frame is not worked through in tiles. */
  readonly tiles: TilePlan | null;
  readonly lanes: number;
  readonly target: Target;
  /** Output channels that stages write themselves. */
  readonly direct: ReadonlyMap<ValueId, readonly number[]>;
  readonly layout: Layout;
  readonly builder: ProgramBuilder;
  readonly gateTables: GateTables;
}

/** Statements of the entry point, with the number of slots that they need. */
export interface Body {
  readonly statements: readonly Statement[];
  readonly slots: number;
}

/** The part of a value's plane that is worked on at a time. */
export function regionOf({ tiles, layout }: Lowering, value: ValueId): Region {
  const frame = sizesOutside(layout.geometryOf(value));
  return tiles === null ? wholeFrame(frame) : tileRegion(tiles, value, frame);
}

export function createLowering(module: MorphModule, target: Target): Lowering {
  const { lanes } = target;
  const schedule = scheduleOf(module);
  const stages = planStages(schedule, target);
  const tiles = planTiles(schedule, stages, target.tile);
  return {
    schedule,
    stages,
    lanes,
    target,
    tiles,
    direct: channelsWritten(schedule, stages, tiles),
    layout: new Layout(schedule, stages, lanes, tiles),
    builder: new ProgramBuilder(),
    gateTables: new GateTables(),
  };
}
