/** Which values of a module are computed as their complements, so that few complements are left. */
import type { MorphModule, MorphNode, Threshold, ThresholdTerm, ValueId } from "../ir/node.js";
import { isOriginAlone } from "./element-sets.js";
import { liveValues } from "./pass.js";
import { hasRoom } from "./positive-sum.js";

/** A value that is no complement, or its complement. */
export interface Literal {
  readonly base: ValueId;
  readonly negated: boolean;
}

/** Every value as a literal. */
export function literalsOf(module: MorphModule): readonly Literal[] {
  const literals: Literal[] = [];
  for (const [id, { node }] of module.values.entries()) {
    const inner = node.kind === "complement" ? literals[node.input] : undefined;
    literals.push(inner === undefined ? { base: id, negated: false } : { ...inner, negated: !inner.negated });
  }
  return literals;
}

/**
 * Whether the complement of a node is a node on the complements of its operands, or on its operands themselves: by De Morgan's
 * laws, for an erosion or dilation only where zeros outside the frame are not read, as the complement of a zero border is no zero border.
 */
export function hasDual(node: MorphNode): boolean {
  switch (node.kind) {
    case "erosion":
    case "dilation":
      return node.border === "replicate" || isOriginAlone(node.element);
    case "union":
    case "intersection":
    case "subsample":
    case "constant":
      return true;
    case "threshold":
      return hasRoom(node);
    default:
      return false;
  }
}

/**
 * The terms of a threshold that need the polarity that they have. Any other term on ¬X may be one on X, as w·¬x = w − w·x; but not one that may
 * read the zeros outside ¬X.
 */
export function fixedTerms(node: Threshold): ReadonlySet<ThresholdTerm> {
  if (!hasRoom(node)) return new Set(node.terms);
  if (node.border === "replicate") return new Set();
  return new Set(node.terms.filter(({ offset }) => offset.row !== 0 || offset.column !== 0));
}

/** An operand of a user, which asks for one of the two polarities. */
interface Edge extends Literal {
  /** Asks for the other one if the user is complemented. */
  readonly follows: boolean;
}

interface User {
  /** Null for an output. */
  readonly id: ValueId | null;
  readonly edges: readonly Edge[];
  /** Joins its operands so that complements among others are free: if it is complemented, or if it is not. */
  readonly absorbs: "never" | "plain" | "complemented";
}

/** What an intersection of a complement with something else takes beside one of plain operands: nothing, but a choice is made for. */
const ABSORBED = 1 / 64;
const MOST_SWEEPS = 8;

/**
 * For each base, whether its complement is computed instead. From no complements on, single values change as long as fewer operands
 * have the wrong polarity.
 * @param eager change a value also where as many have, if complements move towards the outputs, where they may meet others
 */
export function choosePolarities(module: MorphModule, literals: readonly Literal[], eager: boolean): readonly boolean[] {
  const users = usersOf(module, literals);
  const usersOfBase = new Map<ValueId, User[]>();
  for (const user of users) {
    for (const base of new Set(user.edges.map((edge) => edge.base))) {
      const known = usersOfBase.get(base);
      if (known === undefined) usersOfBase.set(base, [user]);
      else known.push(user);
    }
  }
  const flipped = module.values.map(() => false);
  const candidates = users.flatMap((user) => {
    const node = user.id === null ? undefined : module.values[user.id]?.node;
    return node !== undefined && user.id !== null && hasDual(node) ? [{ id: user.id, own: user }] : [];
  });
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let changed = false;
    for (const { id, own } of sweep % 2 === 0 ? candidates : candidates.toReversed()) {
      const around = usersOfBase.get(id) ?? [];
      const costAround = (): number => around.reduce((sum, user) => sum + costOf(user, flipped), 0);
      const before = [costOf(own, flipped), costAround()] as const;
      flipped[id] = flipped[id] !== true;
      const after = [costOf(own, flipped), costAround()] as const;
      const gain = before[0] + before[1] - after[0] - after[1];
      if (gain > 0 || (eager && sweep === 0 && gain === 0 && after[0] < before[0])) changed = true;
      else flipped[id] = flipped[id] !== true;
    }
    if (!changed && sweep > 0) break;
  }
  return flipped;
}

/** Operands of the wrong polarity. */
function costOf({ id, edges, absorbs }: User, flipped: readonly boolean[]): number {
  const own = id !== null && flipped[id] === true;
  let wrong = 0;
  for (const { base, negated, follows } of edges) {
    if ((negated !== (follows && own)) !== (flipped[base] === true)) wrong++;
  }
  const absorbing = absorbs !== "never" && (absorbs === "complemented") === own && wrong < edges.length;
  return absorbing ? ABSORBED * wrong : wrong;
}

function usersOf(module: MorphModule, literals: readonly Literal[]): User[] {
  const literalOf = (id: ValueId): Literal => literals[id] ?? { base: id, negated: false };
  const live = liveValues(module);
  const users = module.values.flatMap(({ node }, id): User[] =>
    live.has(id) && node.kind !== "complement" ? [{ id, ...asksOf(node, literalOf) }] : [],
  );
  const outputs = module.outputs.map(
    (output): User => ({ id: null, edges: [{ ...literalOf(output), follows: false }], absorbs: "never" }),
  );
  return [...users, ...outputs];
}

function asksOf(node: MorphNode, literalOf: (id: ValueId) => Literal): Omit<User, "id"> {
  const follows = hasDual(node);
  const edge = (id: ValueId): Edge => ({ ...literalOf(id), follows });
  switch (node.kind) {
    case "erosion":
    case "dilation":
    case "subsample":
      return { edges: [edge(node.input)], absorbs: "never" };
    case "union":
      return { edges: node.inputs.map(edge), absorbs: "complemented" };
    case "intersection":
      return { edges: node.inputs.map(edge), absorbs: "plain" };
    case "threshold": {
      return { edges: [...fixedTerms(node)].map(({ input }) => ({ ...literalOf(input), follows: false })), absorbs: "never" };
    }
    case "flatten":
      return { edges: node.inputs.map(edge), absorbs: "never" };
    case "input":
    case "level-set":
    case "constant":
    case "complement":
    case "element":
    case "readout":
      return { edges: [], absorbs: "never" };
  }
}
