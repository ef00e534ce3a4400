import type { MorphModule } from "../ir/node.js";
import type { Target } from "../target/target.js";
import type { Statement } from "../word/node.js";
import { GateTables } from "./gates.js";
import { Layout } from "./layout.js";
import { type PlannedStage, planStages } from "./plan.js";
import { ProgramBuilder } from "./program-builder.js";
import { type Schedule, schedule as scheduleOf } from "./schedule.js";

/** One lowering: what is lowered, where its data lie, and the functions and tables made so far. */
export interface Lowering {
  readonly schedule: Schedule;
  readonly stages: readonly PlannedStage[];
  readonly lanes: number;
  readonly layout: Layout;
  readonly builder: ProgramBuilder;
  readonly gateTables: GateTables;
}

/** Statements of the entry point, with the number of slots that they need. */
export interface Body {
  readonly statements: readonly Statement[];
  readonly slots: number;
}

export function createLowering(module: MorphModule, { lanes }: Target): Lowering {
  const schedule = scheduleOf(module);
  const stages = planStages(schedule);
  return {
    schedule,
    stages,
    lanes,
    layout: new Layout(schedule, stages, lanes),
    builder: new ProgramBuilder(),
    gateTables: new GateTables(),
  };
}
