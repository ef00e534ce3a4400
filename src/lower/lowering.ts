import type { MorphModule, ValueId } from "../ir/node.js";
import type { Target } from "../target/target.js";
import type { Statement } from "../word/node.js";
import { GateTables } from "./gate-tables.js";
import { Layout } from "./layout.js";
import { featuresOfBlock, isSmallMachine, shapeOfPass, shapeOfStage } from "./pass-width.js";
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
  readonly target: Target;
  /** Output channels that stages write themselves. */
  readonly direct: ReadonlyMap<ValueId, readonly number[]>;
  readonly layout: Layout;
  readonly builder: ProgramBuilder;
  /** Gates of the stages of images. */
  readonly gateTables: GateTables;
  /** Gates of vectors; the same tables on a small machine. */
  readonly neuronTables: GateTables;
  /** Whether tables and working memory must be small rather than code fast. */
  readonly isSmall: boolean;
  /** Features of a read-out that are added up together. */
  readonly featuresPerBlock: number;
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
  const tiles = planTiles(schedule, stages, target);
  const gateTables = new GateTables("gate", shapeOfStage(target));
  const isSmall = isSmallMachine(target);
  return {
    schedule,
    stages,
    target,
    tiles,
    direct: channelsWritten(schedule, stages, tiles),
    layout: new Layout(schedule, stages, lanes, tiles),
    builder: new ProgramBuilder(),
    gateTables,
    neuronTables: isSmall ? gateTables : new GateTables("neuron", shapeOfPass(target)),
    isSmall,
    featuresPerBlock: featuresOfBlock(target),
  };
}
