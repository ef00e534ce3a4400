import { InternalError } from "../diagnostics.js";
import type { MorphModule, MorphValue, ValueId } from "../ir/node.js";
import { typesOf } from "../ir/type.js";
import type { BorderRule } from "../morph/border.js";
import type { Offset } from "../morph/structuring-element.js";
import { cheaperOf } from "./cost.js";
import { elementOf, offsetsOf, reflected } from "./element-sets.js";
import { countUses, hasNode, type Pass } from "./pass.js";
import { PlaneReads, shapeOf } from "./plane-reads.js";
import { type Rewriter, rewriteModule } from "./rewriter.js";

/**
 * Law: (X ∩ Y) ∪ (X ∩ Z) = X ∩ (Y ∪ Z), where an erosion by A is the intersection of the pixels that it reads: (X ⊖ A) ∪ (X ⊖ B) =
 * (X ⊖ C) ∩ ((X ⊖ A∖C) ∪ (X ⊖ B∖C)) for C = A ∩ B. And with ∪ and ∩, erosions and dilations exchanged. Holds under any border rule, the same
 * one in all: either side reads the same pixels, and none twice by different rules.
 *
 * What most operands have in common is taken out first, then what is left in these, then in the others. Only of operands that nothing
 * else uses, and only where it costs less. Images only: gates on bits of samples take any number of inputs at once.
 */
export const factorJoins: Pass = {
  name: "factor-joins",
  description:
    "what operands of a union, or of an intersection, have in common is taken out; any border, the same in all",
  run: (module) => {
    if (!hasNode(module, "union", "intersection")) return module;
    const uses = countUses(module);
    const types = typesOf(module);
    let steps = 0;
    const rewritten = rewriteModule(module, (value, id, rewriter): ValueId => {
      const { node } = value;
      if ((node.kind !== "union" && node.kind !== "intersection") || types[id]?.kind !== "image") {
        return rewriter.add(rewriter.renumbered(node), value);
      }
      const sum = new Sum(module, node.kind, uses, rewriter);
      for (const input of new Set(node.inputs)) sum.add(input);
      steps += sum.size * sum.terms.length;
      const isTried = steps <= MOST_STEPS && sum.terms.length > 1 && sum.fits;
      const factored = isTried ? factor(sum.terms) : null;
      if (factored === null || sum.cost(factored) >= sum.cost({ terms: sum.terms, factors: [] })) {
        return rewriter.add(rewriter.renumbered(node), value);
      }
      return sum.build(factored, value, true);
    });
    return cheaperOf(module, rewritten);
  },
};

/** Literals, times terms, of all joins that are looked at. */
const MOST_STEPS = 400_000;

/** A pixel that is read, or any other value. */
type Literal =
  | { readonly kind: "pixel"; readonly input: ValueId; readonly border: BorderRule; readonly offset: Offset }
  | { readonly kind: "value"; readonly id: ValueId };

/** Literals that are joined by the inner operation. */
type Term = ReadonlySet<string>;

/** Terms and factored sums that are joined by the outer operation. */
interface Factored {
  readonly terms: readonly Term[];
  /** What is taken out, and of what; of nothing more where that is null. */
  readonly factors: readonly { readonly common: Term; readonly inside: Factored }[];
}

/** Null where no two terms have anything in common. */
function factor(terms: readonly Term[]): Factored | null {
  let left = [...terms];
  const factors: { readonly common: Term; readonly inside: Factored }[] = [];
  for (;;) {
    const counts = new Map<string, number>();
    for (const term of left) for (const literal of term) counts.set(literal, (counts.get(literal) ?? 0) + 1);
    let [best, most]: [string | null, number] = [null, 1];
    for (const [literal, count] of counts) if (count > most) [best, most] = [literal, count];
    if (best === null) break;
    const own = left.filter((term) => term.has(best));
    left = left.filter((term) => !term.has(best));
    const common = new Set([...(own[0] ?? [])].filter((literal) => own.every((term) => term.has(literal))));
    const rests = own.map((term) => new Set([...term].filter((literal) => !common.has(literal))));
    // A term that is all in common contains the others.
    const inside = rests.some(({ size }) => size === 0)
      ? { terms: [], factors: [] }
      : (factor(rests) ?? { terms: rests, factors: [] });
    factors.push({ common, inside });
  }
  return factors.length === 0 ? null : { terms: left, factors };
}

/** The operands of one union or intersection, as terms of literals. */
class Sum {
  readonly terms: Term[] = [];
  /** Literals of all terms. */
  size = 0;
  /** Whether the pixels of each term fit into windows, so that those of any part do. */
  fits = true;
  readonly #module: MorphModule;
  readonly #outer: "union" | "intersection";
  readonly #inner: "union" | "intersection";
  readonly #kind: "erosion" | "dilation";
  readonly #uses: Uint32Array;
  readonly #rewriter: Rewriter;
  readonly #literals = new Map<string, Literal>();

  constructor(module: MorphModule, outer: "union" | "intersection", uses: Uint32Array, rewriter: Rewriter) {
    this.#module = module;
    this.#outer = outer;
    this.#inner = outer === "union" ? "intersection" : "union";
    this.#kind = outer === "union" ? "erosion" : "dilation";
    this.#uses = uses;
    this.#rewriter = rewriter;
  }

  add(input: ValueId): void {
    const node = this.#uses[input] === 1 ? this.#module.values[input]?.node : undefined;
    const parts = node?.kind === this.#inner ? node.inputs : [input];
    const term = new Set(parts.flatMap((part) => this.#literalsOf(part)));
    this.size += term.size;
    this.fits &&= this.#groups(term).elements.every(({ offsets }) => elementOf(offsets) !== null);
    this.terms.push(term);
  }

  #literalsOf(id: ValueId): string[] {
    const node = this.#uses[id] === 1 ? this.#module.values[id]?.node : undefined;
    if (node?.kind !== this.#kind || offsetsOf(node.element).length === 0) {
      const standIn = this.#rewriter.standIn(id);
      return [this.#intern(`value ${standIn}`, { kind: "value", id: standIn })];
    }
    const input = this.#rewriter.standIn(node.input);
    return offsetsOf(node.element).map((offset) =>
      this.#intern(`${input} ${node.border} ${offset.row} ${offset.column}`, {
        kind: "pixel",
        input,
        border: node.border,
        offset,
      }),
    );
  }

  #intern(key: string, literal: Literal): string {
    if (!this.#literals.has(key)) this.#literals.set(key, literal);
    return key;
  }

  /** Operators that this takes alone. */
  cost(factored: Factored): number {
    const planes = new Map<string, PlaneReads>();
    const joins = this.#joins(factored, planes);
    return [...planes.values()].reduce((sum, reads) => sum + reads.cost, joins);
  }

  #joins({ terms, factors }: Factored, planes: Map<string, PlaneReads>): number {
    let joins = terms.length + factors.length - 1;
    for (const term of [...terms, ...factors.map(({ common }) => common)]) {
      const { values, elements } = this.#groups(term);
      joins += values.length + elements.length - 1;
      for (const { input, border, offsets } of elements) {
        const key = `${input} ${border}`;
        const reads = planes.get(key) ?? new PlaneReads();
        planes.set(key, reads);
        reads.add(shapeOf(this.#kind === "erosion" ? offsets : reflected(offsets)));
      }
    }
    for (const { inside } of factors) if (!isNothing(inside)) joins += 1 + this.#joins(inside, planes);
    return joins;
  }

  build({ terms, factors }: Factored, value: MorphValue, outermost: boolean): ValueId {
    const [onlyFactor] = terms.length === 0 && factors.length === 1 ? factors : [];
    const part = outermost ? null : "part";
    if (onlyFactor !== undefined) return this.#buildFactor(onlyFactor, value, outermost);
    const inputs = [
      ...terms.map((term) => this.#joined(this.#buildTerm(term, value), value, "part")),
      ...factors.map((each) => this.#buildFactor(each, value, false)),
    ];
    const [only, second] = inputs;
    if (only !== undefined && second === undefined) return only;
    return this.#rewriter.add({ kind: this.#outer, inputs }, value, part);
  }

  #buildFactor({ common, inside }: Factored["factors"][number], value: MorphValue, outermost: boolean): ValueId {
    const inputs = this.#buildTerm(common, value);
    if (!isNothing(inside)) inputs.push(this.build(inside, value, false));
    return this.#joined(inputs, value, outermost ? null : "part");
  }

  #joined(inputs: readonly ValueId[], value: MorphValue, part: string | null): ValueId {
    const [only, second] = inputs;
    if (only !== undefined && second === undefined) return only;
    return this.#rewriter.add({ kind: this.#inner, inputs }, value, part);
  }

  #buildTerm(term: Term, value: MorphValue): ValueId[] {
    const { values, elements } = this.#groups(term);
    const made = elements.map(({ input, border, offsets }) => {
      const element = elementOf(offsets);
      if (element === null) throw new InternalError("a part of an element is larger than the element");
      return this.#rewriter.add({ kind: this.#kind, input, element, border }, value, "part");
    });
    return [...values, ...made];
  }

  #groups(term: Term): {
    readonly values: readonly ValueId[];
    readonly elements: readonly { readonly input: ValueId; readonly border: BorderRule; readonly offsets: Offset[] }[];
  } {
    const values: ValueId[] = [];
    const elements = new Map<
      string,
      { readonly input: ValueId; readonly border: BorderRule; readonly offsets: Offset[] }
    >();
    for (const key of term) {
      const literal = this.#literals.get(key);
      if (literal === undefined) continue;
      if (literal.kind === "value") {
        values.push(literal.id);
        continue;
      }
      const { input, border, offset } = literal;
      const group = elements.get(`${input} ${border}`) ?? { input, border, offsets: [] };
      group.offsets.push(offset);
      elements.set(`${input} ${border}`, group);
    }
    return { values, elements: [...elements.values()] };
  }
}

function isNothing({ terms, factors }: Factored): boolean {
  return terms.length === 0 && factors.length === 0;
}
