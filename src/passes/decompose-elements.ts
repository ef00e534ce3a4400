import type { Dilation, Erosion, MorphModule, ValueId } from "../ir/node.js";
import type { Offset } from "../morph/structuring-element.js";
import { chainHolds } from "./chain-law.js";
import { cheaperOf, elementCost, PLANE } from "./cost.js";
import { differenceOf, elementKey, elementOf, extentOf, offsetsOf, sumOf } from "./element-sets.js";
import type { Pass } from "./pass.js";
import { rewriteModule } from "./rewriter.js";

/**
 * Law: X ⊖ A = (X ⊖ B) ⊖ C and X ⊕ A = (X ⊕ B) ⊕ C for A = B ⊕ C. Holds in a frame under the conditions that {@link chainHolds} states. That A is such a
 * sum is seen from (A ⊖ C) ⊕ C = A; then B is A ⊖ C, less what the sum does not need.
 *
 * Only where two operations and a plane between them take clearly less than one operation: lowering shares within one element what a
 * sum of elements shares, but for long rows.
 */
export const decomposeElements: Pass = {
  name: "decompose-elements",
  description:
    "X ⊖ (B ⊕ C) = (X ⊖ B) ⊖ C, X ⊕ (B ⊕ C) = (X ⊕ B) ⊕ C for large elements, where no way through the outside of the frame is lost or won",
  run: (module) => {
    const known = new Map<string, Parts | null>();
    const rewritten = rewriteModule(module, (value, _, rewriter): ValueId => {
      const node = rewriter.renumbered(value.node);
      const parts = node.kind === "erosion" || node.kind === "dilation" ? partsOf(node, known) : null;
      if (parts === null || (node.kind !== "erosion" && node.kind !== "dilation")) return rewriter.add(node, value);
      const [first, second] = [elementOf(parts.inner), elementOf(parts.outer)];
      if (first === null || second === null) return rewriter.add(node, value);
      const inner = rewriter.add({ ...node, element: first }, value, "part");
      return rewriter.add({ ...node, input: inner, element: second }, value);
    });
    return cheaperOf(module, untilDone(rewritten, module));
  },
};

/** Parts may have parts: a row of 225 pixels is 15 times 15, and 15 is 3 times 5. */
function untilDone(rewritten: MorphModule, module: MorphModule): MorphModule {
  return rewritten === module ? module : decomposeElements.run(rewritten);
}

interface Parts {
  readonly inner: readonly Offset[];
  readonly outer: readonly Offset[];
}

/** The cost of two operations and their plane, in parts of that of one, that is worth a stage of its own. */
const WORTHWHILE = 0.75;
/** Below, no plane is worth while. */
const LEAST_COST = 24;
/** Members of an element for which parts are sought. */
const MOST_MEMBERS = 4096;

function partsOf({ kind, border, element }: Erosion | Dilation, known: Map<string, Parts | null>): Parts | null {
  const key = `${kind} ${border} ${elementKey(element)}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const parts = bestParts(kind, border, offsetsOf(element));
  known.set(key, parts);
  return parts;
}

function bestParts(
  kind: Erosion["kind"] | Dilation["kind"],
  border: Erosion["border"],
  whole: readonly Offset[],
): Parts | null {
  const own = elementCost(whole);
  if (own < LEAST_COST || whole.length > MOST_MEMBERS) return null;
  let best: Parts | null = null;
  let least = WORTHWHILE * own;
  for (const factor of factorsFor(whole)) {
    const largest = differenceOf(whole, factor);
    if (largest.length < 2 || sumOf(largest, factor).length !== whole.length) continue;
    const rest = thinned(largest, factor, whole.length);
    const cost = elementCost(rest) + elementCost(factor) + PLANE;
    if (cost >= least) continue;
    const order = [
      { inner: factor, outer: rest },
      { inner: rest, outer: factor },
    ].find(({ inner, outer }) => chainHolds(kind, border, inner, outer));
    if (order !== undefined) [best, least] = [order, cost];
  }
  return best;
}

/** Rows of 2 pixels and more about the origin that may fit into the element twice: runs of rows cost little anyway. */
function* factorsFor(whole: readonly Offset[]): Generator<Offset[]> {
  const extent = extentOf(whole);
  if (extent === null) return;
  const width = extent.right - extent.left + 1;
  for (let length = 2; length <= Math.ceil(width / 2); length++) {
    yield Array.from({ length }, (_, index) => ({ row: 0, column: index - Math.floor((length - 1) / 2) }));
  }
}

/** `largest` without members that the sum does not need: whole columns, the middle ones first, then single members. */
function thinned(largest: readonly Offset[], factor: readonly Offset[], wanted: number): Offset[] {
  const covered = new Map<number, number>();
  const numberOf = (a: Offset, b: Offset): number => (a.row + b.row) * 4096 + a.column + b.column;
  for (const a of largest) {
    for (const b of factor) covered.set(numberOf(a, b), (covered.get(numberOf(a, b)) ?? 0) + 1);
  }
  if (covered.size !== wanted) return [...largest];
  let kept = [...largest];
  const drop = (group: readonly Offset[]): void => {
    const lost = new Map<number, number>();
    for (const a of group) {
      for (const b of factor) lost.set(numberOf(a, b), (lost.get(numberOf(a, b)) ?? 0) + 1);
    }
    for (const [number, count] of lost) if ((covered.get(number) ?? 0) <= count) return;
    for (const [number, count] of lost) covered.set(number, (covered.get(number) ?? 0) - count);
    const gone = new Set(group);
    kept = kept.filter((offset) => !gone.has(offset));
  };
  const columns = [...new Set(largest.map(({ column }) => column))].sort((a, b) => a - b);
  for (const column of columns) drop(kept.filter((offset) => offset.column === column));
  return kept;
}
