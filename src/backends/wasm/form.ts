/**
 * Indices and addresses as sums of products, so that what two of them have in common, and by how many bytes they differ,
 * shows: constant + Σ coefficient · factor · factor … Sums and products of a form are those of the numbers themselves, and
 * so the same modulo 2^32 in whatever order they are computed.
 */
import type { Index } from "../../word/node.js";
import type { Local } from "./scope.js";

/** What a form multiplies: the value of an index, or an address that a local holds. */
export type Factor =
  | { readonly kind: "index"; readonly index: Index }
  | {
      readonly kind: "address";
      readonly local: Local;
      /** Loops around the assignment. */
      readonly depth: number;
      /** Whether it is assigned again. */
      readonly isMutable: boolean;
    };

export interface Term {
  /** At least one, in a fixed order. */
  readonly factors: readonly Factor[];
  /** A whole number other than 0. */
  readonly coefficient: number;
}

export interface Form {
  /** In a fixed order, no two with the same factors. */
  readonly terms: readonly Term[];
  readonly constant: number;
}

function constantForm(constant: number): Form {
  return { terms: [], constant };
}

export function factorForm(factor: Factor): Form {
  return { terms: [{ factors: [factor], coefficient: 1 }], constant: 0 };
}

export function sum(left: Form, right: Form): Form {
  const terms = new Map<string, Term>();
  for (const term of [...left.terms, ...right.terms]) {
    const key = keyOfFactors(term.factors);
    const coefficient = (terms.get(key)?.coefficient ?? 0) + term.coefficient;
    if (coefficient === 0) terms.delete(key);
    else terms.set(key, { factors: term.factors, coefficient });
  }
  const inOrder = [...terms].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, term]) => term);
  return { terms: inOrder, constant: left.constant + right.constant };
}

export function scale(form: Form, by: number): Form {
  if (by === 0) return constantForm(0);
  return {
    terms: form.terms.map(({ factors, coefficient }) => ({ factors, coefficient: coefficient * by })),
    constant: form.constant * by,
  };
}

/** @param lanes value of the index `lanes` */
export function formOfIndex(index: Index, lanes: number): Form {
  const whole = factorForm({ kind: "index", index });
  switch (index.kind) {
    case "constant":
      return constantForm(index.value);
    case "lanes":
      return constantForm(lanes);
    case "add":
      return exact(sum(formOfIndex(index.left, lanes), formOfIndex(index.right, lanes))) ?? whole;
    case "subtract":
      return exact(sum(formOfIndex(index.left, lanes), scale(formOfIndex(index.right, lanes), -1))) ?? whole;
    case "multiply": {
      const expanded = product(formOfIndex(index.left, lanes), formOfIndex(index.right, lanes));
      return (expanded === null ? null : exact(expanded)) ?? whole;
    }
    default:
      return whole;
  }
}

/** A product that takes one multiplication of values at most; null for others, which would grow by being expanded. */
function product(left: Form, right: Form): Form | null {
  if (left.terms.length === 0) return scale(right, left.constant);
  if (right.terms.length === 0) return scale(left, right.constant);
  const [first, second] = left.constant === 0 ? [left, right] : [right, left];
  const [a, b] = [first.terms[0], second.terms[0]];
  if (a === undefined || b === undefined || first.constant !== 0) return null;
  if (first.terms.length > 1 || second.terms.length > 1) return null;
  const factors = [...a.factors, ...b.factors].sort((x, y) => (keyOfFactor(x) < keyOfFactor(y) ? -1 : 1));
  const both: Form = { terms: [{ factors, coefficient: a.coefficient * b.coefficient }], constant: 0 };
  return sum(both, scale(first, second.constant));
}

/** The form, if its numbers are exact. */
function exact(form: Form): Form | null {
  const isExact = [form.constant, ...form.terms.map(({ coefficient }) => coefficient)].every(Number.isSafeInteger);
  return isExact ? form : null;
}

/** Forms of one key differ by their constants only. */
export function keyOfTerms(terms: readonly Term[]): string {
  return terms.map(({ factors, coefficient }) => `${coefficient}*${keyOfFactors(factors)}`).join("+");
}

function keyOfFactors(factors: readonly Factor[]): string {
  return factors.map(keyOfFactor).join("*");
}

function keyOfFactor(factor: Factor): string {
  return factor.kind === "address" ? `@${factor.local.index}` : JSON.stringify(factor.index);
}
