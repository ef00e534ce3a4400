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
function hasDual(node: MorphNode): boolean {
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
  /** Edges of the wrong polarity. */
  wrong: number;
}

/** What an intersection of a complement with something else takes beside one of plain operands: nothing, but a choice is made. */
const ABSORBED = 1 / 64;
const MOST_SWEEPS = 8;

/**
 * For each base, whether its complement is computed instead. From no complements on, single values change as long as fewer operands
 * have the wrong polarity.
 * @param eager change a value also where as many have, if complements move towards the outputs, where they may meet others
 */
export function choosePolarities(
  module: MorphModule,
  literals: readonly Literal[],
  eager: boolean,
): readonly boolean[] {
  const search = new PolaritySearch(module, literals);
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    const changed = search.sweep(sweep % 2 === 1, eager && sweep === 0);
    if (!changed && sweep > 0) break;
  }
  return search.flipped;
}

class PolaritySearch {
  readonly flipped: boolean[];
  readonly #candidates: readonly { readonly id: ValueId; readonly own: User }[];
  /** For each base the edges on it, those of one user one after the other. */
  readonly #around: { readonly user: User; readonly edge: Edge }[][];
  /** For each base how many of them are wrong. */
  readonly #wrong: number[];

  constructor(module: MorphModule, literals: readonly Literal[]) {
    this.flipped = module.values.map(() => false);
    this.#around = module.values.map(() => []);
    this.#wrong = module.values.map(() => 0);
    const users = usersOf(module, literals);
    for (const user of users) {
      for (const edge of user.edges) {
        this.#around[edge.base]?.push({ user, edge });
        if (edge.negated) this.#count(edge.base, 1);
      }
    }
    this.#candidates = users.flatMap((own) => {
      const node = own.id === null ? undefined : module.values[own.id]?.node;
      return own.id !== null && node !== undefined && hasDual(node) ? [{ id: own.id, own }] : [];
    });
  }

  /** Changes what is worth it, in order; returns whether anything was. */
  sweep(backwards: boolean, eager: boolean): boolean {
    let changed = false;
    for (const { id, own } of backwards ? this.#candidates.toReversed() : this.#candidates) {
      if (own.wrong === 0 && this.#wrong[id] === 0) continue;
      const { ownGain, gain } = this.#gainOf(id, own);
      if (gain <= 0 && !(eager && gain === 0 && ownGain > 0)) continue;
      this.#flip(id, own);
      changed = true;
    }
    return changed;
  }

  #gainOf(id: ValueId, own: User): { readonly ownGain: number; readonly gain: number } {
    const isFlipped = this.flipped[id] === true;
    const ownGain = costOf(own, own.wrong, isFlipped) - costOf(own, this.#wrongAfter(own), !isFlipped);
    let gain = ownGain;
    const around = this.#around[id] ?? [];
    for (let index = 0; index < around.length; ) {
      const user = around[index]?.user;
      if (user === undefined) break;
      let { wrong } = user;
      for (let next = around[index]; next?.user === user; next = around[++index]) {
        wrong += this.#isWrong(user, next.edge) ? -1 : 1;
      }
      const polarity = this.#polarityOf(user);
      gain += costOf(user, user.wrong, polarity) - costOf(user, wrong, polarity);
    }
    return { ownGain, gain };
  }

  #flip(id: ValueId, own: User): void {
    for (const { user, edge } of this.#around[id] ?? []) {
      const change = this.#isWrong(user, edge) ? -1 : 1;
      user.wrong += change;
      this.#count(id, change);
    }
    for (const edge of own.edges) {
      if (edge.follows) this.#count(edge.base, this.#isWrong(own, edge) ? -1 : 1);
    }
    own.wrong = this.#wrongAfter(own);
    this.flipped[id] = this.flipped[id] !== true;
  }

  /** The edges of a value all follow it, or none does. */
  #wrongAfter({ edges, wrong }: User): number {
    return edges[0]?.follows === true ? edges.length - wrong : wrong;
  }

  #count(base: ValueId, change: number): void {
    this.#wrong[base] = (this.#wrong[base] ?? 0) + change;
  }

  #polarityOf({ id }: User): boolean {
    return id !== null && this.flipped[id] === true;
  }

  #isWrong(user: User, { base, negated, follows }: Edge): boolean {
    return (negated !== (follows && this.#polarityOf(user))) !== (this.flipped[base] === true);
  }
}

/** @param flipped whether the user is complemented */
function costOf({ edges, absorbs }: User, wrong: number, flipped: boolean): number {
  const absorbing = absorbs !== "never" && (absorbs === "complemented") === flipped && wrong < edges.length;
  return absorbing ? ABSORBED * wrong : wrong;
}

function usersOf(module: MorphModule, literals: readonly Literal[]): User[] {
  const literalOf = (id: ValueId): Literal => literals[id] ?? { base: id, negated: false };
  const live = liveValues(module);
  const users = module.values.flatMap(({ node }, id): User[] =>
    live[id] === true && node.kind !== "complement" ? [userOf(id, asksOf(node, literalOf))] : [],
  );
  const outputs = module.outputs.map(
    (output): User => userOf(null, { edges: [{ ...literalOf(output), follows: false }], absorbs: "never" }),
  );
  return [...users, ...outputs];
}

/** While no value is complemented, a negated operand is wrong. */
function userOf(id: ValueId | null, asks: Pick<User, "edges" | "absorbs">): User {
  return { id, ...asks, wrong: asks.edges.filter(({ negated }) => negated).length };
}

function asksOf(node: MorphNode, literalOf: (id: ValueId) => Literal): Pick<User, "edges" | "absorbs"> {
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
      return {
        edges: [...fixedTerms(node)].map(({ input }) => ({ ...literalOf(input), follows: false })),
        absorbs: "never",
      };
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
