import type { MorphModule, MorphNode, ValueId } from "../ir/node.js";
import type { Offset } from "../morph/structuring-element.js";
import { cheaperOf, elementCost, PLANE } from "./cost.js";
import { elementOf, offsetsOf, partition } from "./element-sets.js";
import { liveValues, type Pass } from "./pass.js";
import { PlaneReads } from "./plane-reads.js";
import { rewriteModule } from "./rewriter.js";

/**
 * Law: X ⊖ (A ∪ B) = (X ⊖ A) ∩ (X ⊖ B) and X ⊕ (A ∪ B) = (X ⊕ A) ∪ (X ⊕ B). Holds under any border rule, the same one in all: either side reads the
 * pixels of A and those of B. So elements that have a part in common, on one image, share what that part gives.
 *
 * The part that saves most first, and only where it costs no more: shifts of rows are shared without this, so that the part must be
 * large.
 */
export const shareElements: Pass = {
  name: "share-elements",
  description: "a part that elements on one image have in common; any border, the same in all",
  run: (module) => {
    const plans = new Map<ValueId, Plan>();
    for (const group of groupsOf(module)) planGroup(group, plans);
    if (plans.size === 0) return module;
    const made = new Map<Part, ValueId>();
    const rewritten = rewriteModule(module, (value, id, rewriter): ValueId => {
      const node = rewriter.renumbered(value.node);
      const plan = plans.get(id);
      if (plan === undefined || (node.kind !== "erosion" && node.kind !== "dilation")) return rewriter.add(node, value);
      const add = (offsets: readonly Offset[], name: string): ValueId | null => {
        const element = elementOf(offsets);
        return element === null ? null : rewriter.add({ ...node, element } satisfies MorphNode, value, name);
      };
      const common = made.get(plan.part) ?? add(plan.part.offsets, "common");
      if (common === null) return rewriter.add(node, value);
      made.set(plan.part, common);
      if (plan.rest.length === 0) return common;
      const rest = add(plan.rest, "rest");
      if (rest === null) return rewriter.add(node, value);
      return rewriter.add({ kind: node.kind === "erosion" ? "intersection" : "union", inputs: [common, rest] }, value);
    });
    return cheaperOf(module, rewritten);
  },
};

interface Part {
  readonly offsets: readonly Offset[];
}

interface Plan {
  readonly part: Part;
  readonly rest: readonly Offset[];
}

interface Member {
  readonly id: ValueId;
  readonly offsets: readonly Offset[];
}

/** Elements of one group of which pairs are compared. */
const MOST_ELEMENTS = 24;
/** Below, a common part is hardly worth keeping. */
const LEAST_MEMBERS = 8;
const MOST_PARTS = 16;

function groupsOf(module: MorphModule): Member[][] {
  const live = liveValues(module);
  const groups = new Map<string, Member[]>();
  for (const [id, { node }] of module.values.entries()) {
    if ((node.kind !== "erosion" && node.kind !== "dilation") || live[id] !== true) continue;
    if (offsetsOf(node.element).length < LEAST_MEMBERS) continue;
    const key = `${node.kind} ${node.input} ${node.border}`;
    const group = groups.get(key) ?? [];
    if (group.length < MOST_ELEMENTS) group.push({ id, offsets: offsetsOf(node.element) });
    groups.set(key, group);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

function planGroup(group: readonly Member[], plans: Map<ValueId, Plan>): void {
  let open = [...group];
  for (let round = 0; round < MOST_PARTS && open.length > 1; round++) {
    const best = bestPart(open);
    if (best === null) return;
    const part: Part = { offsets: best };
    for (const { id, offsets } of open) {
      const { common, rest } = partition(offsets, best);
      if (common.length === best.length && saving(offsets, best) > 0) plans.set(id, { part, rest });
    }
    open = open.filter(({ id }) => !plans.has(id));
  }
}

/** What two of the elements have in common that saves most in all of them. */
function bestPart(members: readonly Member[]): readonly Offset[] | null {
  let best: readonly Offset[] | null = null;
  let most = 0;
  for (const [index, first] of members.entries()) {
    for (const second of members.slice(index + 1)) {
      const { common } = partition(first.offsets, second.offsets);
      if (common.length < LEAST_MEMBERS) continue;
      let saved = -ownCost(common) - PLANE;
      for (const { offsets } of members) {
        if (partition(common, offsets).rest.length === 0) saved += Math.max(0, saving(offsets, common));
      }
      if (saved > most) [best, most] = [common, saved];
    }
  }
  return best;
}

/** Operators that an element saves where a part of it is known. */
function saving(whole: readonly Offset[], part: readonly Offset[]): number {
  const { rest } = partition(whole, part);
  return ownCost(whole) - ownCost(rest) - 1;
}

/** What an element takes besides the shifts, which are shared anyway. */
function ownCost(offsets: readonly Offset[]): number {
  return elementCost(offsets) - shiftsOf(offsets);
}

function shiftsOf(offsets: readonly Offset[]): number {
  const reads = new PlaneReads();
  for (const offset of offsets) reads.addPixel(offset);
  return reads.cost;
}
