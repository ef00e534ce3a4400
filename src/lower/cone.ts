/** What is computed along with values: everything pointwise between them and the planes that they read. */
import type { ValueId } from "../ir/node.js";
import { elementReads, nodeOf, type Schedule } from "./schedule.js";

/** `values` and the operands without a plane that they depend on through others of the kind; each once, operands first. */
export function cone(schedule: Schedule, values: readonly ValueId[]): ValueId[] {
  return walk(schedule, values).computed;
}

/** Plane values that computing `values` reads. */
export function planesRead(schedule: Schedule, values: readonly ValueId[]): ReadonlySet<ValueId> {
  return walk(schedule, values).read;
}

function walk(
  schedule: Schedule,
  values: readonly ValueId[],
): { readonly computed: ValueId[]; readonly read: ReadonlySet<ValueId> } {
  const computed = new Set<ValueId>(values);
  const read = new Set<ValueId>();
  const pending = [...values];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    for (const operand of operandsRead(schedule, id)) {
      if (schedule.planes.has(operand)) read.add(operand);
      else if (!computed.has(operand)) {
        computed.add(operand);
        pending.push(operand);
      }
    }
  }
  return { computed: [...computed].sort((a, b) => a - b), read };
}

/** Images whose pixels the node of `value` reads. */
function operandsRead(schedule: Schedule, value: ValueId): ValueId[] {
  const node = nodeOf(schedule.module, value);
  switch (node.kind) {
    case "union":
    case "intersection":
      return [...node.inputs];
    case "threshold":
      return node.terms.map((term) => term.input);
    case "erosion":
    case "dilation":
      return elementReads(node).length === 0 ? [] : [node.input];
    case "complement":
    case "subsample":
      return [node.input];
    default:
      return [];
  }
}
