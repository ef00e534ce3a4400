/** How long straight-line code would be. */
import type { MorphNode, ValueId } from "../ir/node.js";
import { tableEntries } from "../ir/size.js";
import { cone } from "./cone.js";
import { neighbourhoodReads, nodeOf, type Schedule } from "./schedule.js";
import { StageExpressions } from "./stage-expressions.js";

/** Set bits of weights above which a sum is not even tried as straight-line code. */
const TERM_BITS_LIMIT = 400;

/**
 * Word operators in the straight-line code of one value; infinite for a value with large sums, or where it is plain
 * that they are more than `most`, so that code which nobody wants is not built to be counted.
 */
export function straightCost(schedule: Schedule, value: ValueId, most: number): number {
  const nodes = cone(schedule, [value]).map((each) => nodeOf(schedule.module, each));
  if (hasLargeSums(nodes) || joinsMoreThan(nodes, most + 1)) return Number.POSITIVE_INFINITY;
  const expressions = new StageExpressions(schedule);
  const root = expressions.compute(value);
  return expressions.graph.cost([root]);
}

function hasLargeSums(nodes: readonly MorphNode[]): boolean {
  let bits = 0;
  for (const node of nodes) {
    if (node.kind === "threshold") bits += tableEntries(node);
    if (bits > TERM_BITS_LIMIT) return true;
  }
  return false;
}

/**
 * Whether erosions and dilations join more than `most` different words. It takes n − 1 operators to join n, as long as
 * none is joined in vain: with a constant, or in a sum that its bound decides.
 */
function joinsMoreThan(nodes: readonly MorphNode[], most: number): boolean {
  if (!nodes.every(dependsOnAllReads)) return false;
  const words = new Set<string>();
  for (const node of nodes) {
    const around = neighbourhoodReads(node);
    if (around === null) continue;
    for (const { input, row, column } of around.reads) {
      const word = Math.floor(column / 32);
      words.add(`${input} ${around.border} ${row} ${word}`);
      if (column % 32 !== 0) words.add(`${input} ${around.border} ${row} ${word + 1}`);
    }
    if (words.size > most) return true;
  }
  return false;
}

function dependsOnAllReads(node: MorphNode): boolean {
  switch (node.kind) {
    case "erosion":
    case "dilation":
      return node.element.members.includes(true);
    case "union":
    case "intersection":
    case "complement":
      return true;
    default:
      return false;
  }
}
