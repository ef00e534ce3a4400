import type { MorphModule, ValueId } from "../ir/node.js";
import { typesOf } from "../ir/type.js";
import { cheaperOf } from "./cost.js";
import type { Pass } from "./pass.js";
import { rewriteModule } from "./rewriter.js";
import { valueNumbers } from "./value-numbers.js";

/**
 * Law: X ∪ Y ∪ Z = (X ∪ Y) ∪ Z, and the same with ∩: what several unions have in common is a union of its own. Holds under any border rule, as no
 * pixel but the own one is read.
 *
 * The pair in most unions first, then what is left; so a common subset becomes a chain of pairs that all its users share. Images
 * only: gates on bits of samples take any number of inputs at once, and a gate more is not free there.
 */
export const sharePairs: Pass = {
  name: "share-pairs",
  description: "inputs that several unions, or several intersections, have in common; any border",
  run: (module) => {
    const numbers = valueNumbers(module);
    const pairs = new Map<ValueId, readonly Pair[]>();
    for (const kind of ["union", "intersection"] as const) findPairs(module, kind, numbers, pairs);
    if (pairs.size === 0) return module;
    const made = new Map<Pair, ValueId>();
    const rewritten = rewriteModule(module, (value, id, rewriter): ValueId => {
      const { node } = value;
      const own = pairs.get(id);
      if (own === undefined || (node.kind !== "union" && node.kind !== "intersection")) {
        return rewriter.add(rewriter.renumbered(node), value);
      }
      const { kind } = node;
      const valueOf = (member: Member): ValueId => {
        if (typeof member === "number") return rewriter.standIn(member);
        const known = made.get(member);
        if (known !== undefined) return known;
        const inputs = [valueOf(member.left), valueOf(member.right)];
        const pair = rewriter.add({ kind, inputs }, value, "part");
        made.set(member, pair);
        return pair;
      };
      const members = new Map<Member, Member>(node.inputs.map((input) => [numbers[input] ?? input, input]));
      for (const pair of own) {
        members.delete(pair.left);
        members.delete(pair.right);
        members.set(pair, pair);
      }
      const inputs = [...members.values()].map(valueOf);
      const [only, second] = inputs;
      return only !== undefined && second === undefined ? only : rewriter.add({ kind, inputs }, value);
    });
    return cheaperOf(module, rewritten);
  },
};

/** A value, by the first that is equal to it, or a pair that was found before. */
type Member = ValueId | Pair;

interface Pair {
  readonly left: Member;
  readonly right: Member;
}

/** Pairs of inputs that are counted. */
const MOST_PAIRS = 30_000;
/** Pairs that are taken out, each after a look at all counts. */
const MOST_FOUND = 200;
/** A pair takes an operation and may have to be kept; it saves one in each of its users. */
const LEAST_USERS = 3;

/** For each union or intersection, the pairs to take out of it one after the other. */
function findPairs(
  module: MorphModule,
  kind: "union" | "intersection",
  numbers: readonly ValueId[],
  pairs: Map<ValueId, readonly Pair[]>,
): void {
  const types = typesOf(module);
  const members: Member[] = module.values.map((_, id) => id);
  const sets = new Map<ValueId, Set<number>>();
  let size = 0;
  for (const [id, { node }] of module.values.entries()) {
    if (node.kind !== kind || types[id]?.kind !== "image") continue;
    const inputs = new Set(node.inputs.map((input) => numbers[input] ?? input));
    size += inputs.size ** 2 / 2;
    if (size > MOST_PAIRS) break;
    sets.set(id, inputs);
  }
  const users = new Map<number, Set<ValueId>>();
  const limit = members.length + MOST_FOUND;
  const keyOf = (a: number, b: number): number => Math.min(a, b) * limit + Math.max(a, b);
  const count = (key: number, user: ValueId, adds: boolean): void => {
    const known = users.get(key) ?? new Set();
    if (adds) known.add(user);
    else known.delete(user);
    users.set(key, known);
  };
  for (const [id, inputs] of sets) {
    const list = [...inputs];
    for (const [index, a] of list.entries()) for (const b of list.slice(index + 1)) count(keyOf(a, b), id, true);
  }
  for (let found = 0; found < MOST_FOUND; found++) {
    let best: number | null = null;
    let most = LEAST_USERS - 1;
    for (const [key, { size: uses }] of users) if (uses > most) [best, most] = [key, uses];
    if (best === null) return;
    const [a, b] = [Math.floor(best / limit), best % limit];
    const [left, right] = [members[a], members[b]];
    if (left === undefined || right === undefined) return;
    const pair: Pair = { left, right };
    const number = members.push(pair) - 1;
    for (const id of users.get(best) ?? []) {
      const inputs = sets.get(id);
      if (inputs === undefined) continue;
      for (const gone of [a, b]) {
        inputs.delete(gone);
        for (const other of inputs) count(keyOf(gone, other), id, false);
      }
      for (const other of inputs) count(keyOf(number, other), id, true);
      inputs.add(number);
      pairs.set(id, [...(pairs.get(id) ?? []), pair]);
    }
    users.delete(best);
  }
}
