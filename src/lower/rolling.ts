/**
 * Going down the rows of a picture some at a time: what a turn of the loop computes and the next one needs is kept in
 * variables, so that every partial result is computed once for all the rows that share it.
 */
import type { NodeId, WordGraph } from "./graph.js";

/** A node that a turn finds computed, and the one that the next turn finds in its place. */
export interface Carried {
  readonly node: NodeId;
  readonly next: NodeId;
}

/** Turns that a value is kept for at most. */
const LONGEST_CHAIN = 16;

/**
 * What to keep when `roots`, the words of `rows` rows, are computed again and again, each time `rows` rows further down.
 * Each node comes before its `next`, if that is kept too.
 */
export function planCarried(graph: WordGraph, roots: readonly NodeId[], rows: number): Carried[] {
  const all = graph.reachable(roots);
  const members = new Set(all);
  const nextOf = new Map<NodeId, NodeId>();
  const rowsLoaded = graph.loads(roots).map(({ row }) => row);
  const span = Math.max(0, ...rowsLoaded) - Math.min(0, ...rowsLoaded);
  for (let turns = 1; turns <= Math.min(LONGEST_CHAIN, Math.floor(span / rows)); turns++) {
    for (const [node, moved] of graph.translate(all, turns * rows)) {
      if (graph.isOperator(node) && members.has(moved) && !nextOf.has(node)) addChain(graph, node, rows, turns, nextOf);
    }
  }
  return inOrder(reached(graph, roots, nextOf), nextOf);
}

/** The node is what another one of the body was `turns` turns before; what it is in between is kept too. */
function addChain(graph: WordGraph, node: NodeId, rows: number, turns: number, nextOf: Map<NodeId, NodeId>): void {
  let current = node;
  for (let turn = 0; turn < turns && !nextOf.has(current); turn++) {
    const next = graph.moved(current, rows);
    nextOf.set(current, next);
    current = next;
  }
}

/** The nodes with a `next` that a body needs, which is what it would compute last; what they depend on is not computed. */
function reached(graph: WordGraph, roots: readonly NodeId[], nextOf: ReadonlyMap<NodeId, NodeId>): Set<NodeId> {
  const seen = new Set<NodeId>();
  const kept = new Set<NodeId>();
  const pending = [...roots];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const next = nextOf.get(id);
    if (next === undefined) pending.push(...graph.operands(id));
    else {
      kept.add(id);
      pending.push(next);
    }
  }
  return kept;
}

/** Each node before its `next`; of those that may come in any order the smaller number first, so that equal graphs give equal code. */
function inOrder(kept: ReadonlySet<NodeId>, nextOf: ReadonlyMap<NodeId, NodeId>): Carried[] {
  const lengths = new Map<NodeId, number>();
  const chainLength = (node: NodeId): number => {
    const next = nextOf.get(node);
    if (next === undefined || !kept.has(next)) return 0;
    const known = lengths.get(node);
    if (known !== undefined) return known;
    const length = chainLength(next) + 1;
    lengths.set(node, length);
    return length;
  };
  return [...kept]
    .sort((a, b) => chainLength(b) - chainLength(a) || a - b)
    .map((node) => ({ node, next: nextOf.get(node) ?? node }));
}
