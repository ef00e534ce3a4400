/** The stages of a module, each as calls of the functions that compute its planes from those of earlier stages. */
import { InternalError } from "../diagnostics.js";
import type { ValueId } from "../ir/node.js";
import type { Statement } from "../word/node.js";
import { gatheredStage } from "./gathered-stage.js";
import { anySlotOf, planesOf } from "./geometry.js";
import { type Body, type Lowering, regionOf } from "./lowering.js";
import { outputPlace } from "./pictures.js";
import type { PlannedStage } from "./plan.js";
import { nodeOf, type Schedule, valueOf } from "./schedule.js";
import { straightStage } from "./stage.js";
import { subsample } from "./subsample.js";
import { surroundPlanes } from "./surround.js";

/** The stages of a program, as statements of the entry point. */
export interface LoweredStages {
  /** @param isNarrow for rows that are shorter than a vector */
  readonly statements: (isNarrow: boolean) => readonly Statement[];
  readonly slots: number;
}

/**
 * All stages in order. They run one after the other and use the same slots in turn.
 * @param widths which of wide (false) and narrow (true) rows to be ready for
 */
export function lowerStages(lowering: Lowering, widths: readonly boolean[]): LoweredStages {
  const names = new StageNames(lowering.schedule);
  const bodies = lowering.stages.map((stage) => {
    const name = names.next(stage.values);
    const isSame = stage.form !== "straight" || !stage.values.some((value) => lowering.direct.has(value));
    const once = isSame ? lowerStage(lowering, stage, name, false) : null;
    return new Map(widths.map((isNarrow) => [isNarrow, once ?? lowerStage(lowering, stage, name, isNarrow)]));
  });
  return {
    statements: (isNarrow) => bodies.flatMap((body) => body.get(isNarrow)?.statements ?? []),
    slots: bodies.flatMap((body) => [...body.values()]).reduce((most, { slots }) => Math.max(most, slots), 0),
  };
}

function lowerStage(lowering: Lowering, stage: PlannedStage, name: string, isNarrow: boolean): Body {
  const { schedule, layout, builder, gateTables, target, direct } = lowering;
  const [first] = stage.values;
  if (first === undefined) throw new InternalError("a stage without values");
  const after = stage.values.flatMap((value) => surroundPlanes(lowering, value));
  if (stage.form === "subsample") {
    return { statements: [...stage.values.flatMap((value) => subsamplePlanes(lowering, value)), ...after], slots: 0 };
  }
  const geometry = layout.geometryOf(first);
  const region = regionOf(lowering, first);
  const job = {
    name,
    comment: stage.comment,
    values: stage.values,
    schedule,
    geometry,
    planesAt: layout.regionAt(geometry, region),
    region,
  };
  if (stage.form === "straight") {
    const output = { at: outputPlace(geometry, region), channels: direct };
    const form = { block: stage.block, target, output, isNarrow };
    return { statements: [builder.callOf(straightStage(job, form)), ...after], slots: 0 };
  }
  const { callable, tables, slots } = gatheredStage(job, gateTables, layout.slotsAt);
  builder.addTables(tables);
  return { statements: [builder.callOf(callable), ...after], slots };
}

function subsamplePlanes({ schedule, layout, builder }: Lowering, value: ValueId): Statement[] {
  const node = nodeOf(schedule.module, value);
  if (node.kind !== "subsample") throw new InternalError("not a sub-sampling");
  const [from, to] = [layout.geometryOf(node.input), layout.geometryOf(value)];
  const fromSlot = anySlotOf(schedule, from, node.input);
  return planesOf(schedule, to, value).map(({ slot }) =>
    builder.callOf(subsample(from, layout.planesAt(from), fromSlot, to, layout.planesAt(to), slot)),
  );
}

/** `layer3`, or `layer3_2` for its second function; `stage` where a value comes from no layer. */
class StageNames {
  readonly #schedule: Schedule;
  readonly #taken = new Set<string>();

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  next([value]: readonly ValueId[]): string {
    if (value === undefined) throw new InternalError("a stage without values");
    const { origin } = valueOf(this.#schedule.module, value);
    const layer = origin === null ? null : /^layers\[(\d+)\]/.exec(origin.path);
    const base = layer === null ? "stage" : `layer${layer[1] ?? ""}`;
    let name = base;
    for (let suffix = 2; this.#taken.has(name); suffix++) name = `${base}_${suffix}`;
    this.#taken.add(name);
    return name;
  }
}
