/** Which form each stage takes, and how stages are cut into functions of bounded size. */
import type { ValueId } from "../ir/node.js";
import { termBits } from "./adder.js";
import { cone } from "./cone.js";
import { nodeOf, type Schedule } from "./schedule.js";
import { straightCost } from "./stage.js";

export interface PlannedStage {
  readonly form: "straight" | "gathered" | "subsample";
  readonly values: readonly ValueId[];
  /** One line per value, for the comment above the function. */
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

/** Set bits of weights above which a sum is not even tried as straight-line code. */
const TERM_BITS_LIMIT = 400;

export function planStages(schedule: Schedule): PlannedStage[] {
  let budget = PROGRAM_LIMIT;
  return schedule.stages.flatMap((stage): PlannedStage[] => {
    const [first] = stage;
    if (first === undefined) return [];
    if (nodeOf(schedule.module, first).kind === "subsample") {
      return [{ form: "subsample", values: stage, comment: [] }];
    }
    const straight: { readonly value: ValueId; readonly cost: number }[] = [];
    const gathered: ValueId[] = [];
    for (const value of stage) {
      const cost =
        coneTermBits(schedule, value) > TERM_BITS_LIMIT ? Number.POSITIVE_INFINITY : straightCost(value, schedule);
      if (cost > STRAIGHT_VALUE_LIMIT || (cost > ALWAYS_STRAIGHT && cost > budget)) {
        gathered.push(value);
      } else {
        budget -= cost;
        straight.push({ value, cost });
      }
    }
    const planned = inFunctions(straight).map((values) => plannedStage("straight", values, schedule));
    return gathered.length === 0 ? planned : [...planned, plannedStage("gathered", gathered, schedule)];
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

function plannedStage(form: "straight" | "gathered", values: readonly ValueId[], schedule: Schedule): PlannedStage {
  return { form, values, comment: values.flatMap((value) => describe(schedule, value)) };
}

/** `%lui1_0 = union  (layers[1].lui[0], exact)` for a value and what is computed along with it. */
function describe(schedule: Schedule, value: ValueId): string[] {
  return cone(schedule, value).flatMap((each) => {
    const found = schedule.module.values[each];
    if (found === undefined) return [];
    const { name, node, origin } = found;
    const grade = origin?.grade === null || origin?.grade === undefined ? "" : `, ${origin.grade}`;
    const from = origin === null ? "" : ` (${origin.path}${grade})`;
    return [`${name}: ${node.kind}${from}`];
  });
}

function coneTermBits(schedule: Schedule, value: ValueId): number {
  return cone(schedule, value).reduce((bits, each) => {
    const node = nodeOf(schedule.module, each);
    return node.kind === "threshold" ? bits + termBits(node.terms.map((term) => term.weight)) : bits;
  }, 0);
}
