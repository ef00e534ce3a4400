/** Which form each stage takes, and how stages are cut into functions of bounded size. */
import type { ValueId } from "../ir/node.js";
import type { Target } from "../target/target.js";
import { cone } from "./cone.js";
import { straightCost } from "./cost.js";
import { chooseRowBlock } from "./row-block.js";
import { nodeOf, type Schedule, valueOf } from "./schedule.js";
import { type RowBlock, SINGLE_ROWS } from "./stage-expressions.js";

export interface PlannedStage {
  readonly form: "straight" | "gathered" | "subsample";
  readonly values: readonly ValueId[];
  /** Of a straight stage: rows that it computes at a time. */
  readonly block: RowBlock;
  /** For above the function: a line for each value and each that is computed along with them, to some number of lines. */
  readonly comment: readonly string[];
}

/** Word operators in the straight-line code of one value; above it the value is computed by gate tables. */
const STRAIGHT_VALUE_LIMIT = 800;

/** Word operators in one function. */
const FUNCTION_LIMIT = 1500;

/** Word operators in all straight-line functions of a program together. */
const PROGRAM_LIMIT = 20_000;

/** Values below this cost stay straight whatever the program's size: tables would not be smaller. */
const ALWAYS_STRAIGHT = 30;

/** Lines of a comment, with the one that counts what is left out. */
const COMMENT_LINES = 16;

export function planStages(schedule: Schedule, target: Target): PlannedStage[] {
  let budget = PROGRAM_LIMIT;
  return schedule.stages.flatMap((stage): PlannedStage[] => {
    const [first] = stage;
    if (first === undefined) return [];
    if (nodeOf(schedule.module, first).kind === "subsample") {
      return [{ form: "subsample", values: stage, block: SINGLE_ROWS, comment: [] }];
    }
    const straight: { readonly value: ValueId; readonly cost: number }[] = [];
    const gathered: ValueId[] = [];
    for (const value of stage) {
      const cost = straightCost(schedule, value, STRAIGHT_VALUE_LIMIT);
      if (cost > STRAIGHT_VALUE_LIMIT || (cost > ALWAYS_STRAIGHT && cost > budget)) {
        gathered.push(value);
      } else {
        budget -= cost;
        straight.push({ value, cost });
      }
    }
    const planned = inFunctions(straight).map((values) => plannedStage("straight", values, schedule, target));
    return gathered.length === 0 ? planned : [...planned, plannedStage("gathered", gathered, schedule, target)];
  });
}

/** Cuts values into runs whose costs stay within one function. */
function inFunctions(values: readonly { readonly value: ValueId; readonly cost: number }[]): ValueId[][] {
  const functions: ValueId[][] = [];
  let room = 0;
  for (const { value, cost } of values) {
    if (functions.length === 0 || cost > room) {
      functions.push([]);
      room = FUNCTION_LIMIT;
    }
    functions.at(-1)?.push(value);
    room -= cost;
  }
  return functions;
}

function plannedStage(
  form: "straight" | "gathered",
  values: readonly ValueId[],
  schedule: Schedule,
  target: Target,
): PlannedStage {
  const block = form === "straight" ? chooseRowBlock(schedule, values, target) : SINGLE_ROWS;
  return { form, values, block, comment: describe(schedule, values) };
}

function describe(schedule: Schedule, values: readonly ValueId[]): string[] {
  const computed = cone(schedule, values);
  if (computed.length <= COMMENT_LINES) return computed.map((value) => describeValue(schedule, value));
  const first = computed.slice(0, COMMENT_LINES - 1);
  return [...first.map((value) => describeValue(schedule, value)), `… and ${computed.length - first.length} more`];
}

/** `lui1_0: union (layers[1].lui[0], exact)` */
function describeValue(schedule: Schedule, value: ValueId): string {
  const { name, node, origin } = valueOf(schedule.module, value);
  const grade = origin === null || origin.grade === null ? "" : `, ${origin.grade}`;
  const from = origin === null ? "" : ` (${origin.path}${grade})`;
  return `${name}: ${node.kind}${from}`;
}
