/** What is computed along with a value: everything pointwise between it and the planes that it reads. */
import type { ValueId } from "../ir/node.js";
import { neighbourhoodReads, nodeOf, type Schedule } from "./schedule.js";

/** `value` and the operands without a plane that it depends on through others of the kind; operands first. */
export function cone(schedule: Schedule, value: ValueId): ValueId[] {
  return walk(schedule, value).computed;
}

/** Plane values that computing `value` reads. */
export function planesRead(schedule: Schedule, value: ValueId): ReadonlySet<ValueId> {
  return walk(schedule, value).read;
}

function walk(
  schedule: Schedule,
  value: ValueId,
): { readonly computed: ValueId[]; readonly read: ReadonlySet<ValueId> } {
  const computed = new Set<ValueId>([value]);
  const read = new Set<ValueId>();
  const pending = [value];
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
  if (node.kind === "constant") return [];
  const around = neighbourhoodReads(node);
  if (around !== null) return around.reads.map((read) => read.input);
  switch (node.kind) {
    case "union":
    case "intersection":
      return [...node.inputs];
    case "threshold":
      return node.terms.map((term) => term.input);
    case "complement":
    case "subsample":
      return [node.input];
    default:
      return [];
  }
}
