/** What optimization did, in figures of the cost model. */
import type { MorphModule } from "../ir/node.js";
import type { Target } from "../target/target.js";
import { operationsPerPixel } from "./cost.js";

export interface OptimizationReport {
  readonly level: number;
  /** Machine operations on groups of words for a pixel of the input, by the model of cost.ts. */
  readonly operationsPerPixel: { readonly before: number; readonly after: number };
  readonly values: { readonly before: number; readonly after: number };
  /** Passes that changed something, in their order. */
  readonly passes: readonly string[];
}

export function reportOn(
  before: MorphModule,
  after: MorphModule,
  how: { readonly target: Pick<Target, "lanes">; readonly level: number; readonly applied: readonly string[] },
): OptimizationReport {
  const old = operationsPerPixel(before, how.target);
  return {
    level: how.level,
    operationsPerPixel: { before: old, after: before === after ? old : operationsPerPixel(after, how.target) },
    values: { before: before.values.length, after: after.values.length },
    passes: how.applied,
  };
}

/** `1.34 → 0.98 operations per pixel, 44 → 13 values (-O2)` */
export function describeOptimization({ level, operationsPerPixel: operations, values }: OptimizationReport): string {
  const figure = (value: number): string => value.toPrecision(3);
  return `${figure(operations.before)} → ${figure(operations.after)} operations per pixel, ${values.before} → ${values.after} values (-O${level})`;
}
