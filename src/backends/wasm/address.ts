/**
 * Where loads and stores go. The addresses of one list of statements that differ by constants share one local, which holds
 * the least of them, and differ in the immediates of the instructions; what of it does not change in a loop is computed
 * before the loop.
 *
 * An engine adds address and immediate without wrapping around, so an address may not be negative: a local holds the
 * address of a place that the same statements access, or of a pointer that they form, which lies in its buffer.
 */
import { InternalError } from "../../diagnostics.js";
import type { Index, Pointer, Statement } from "../../word/node.js";
import { visitTyped, visitWide, visitWord, type WordVisitor } from "../../word/visit.js";
import { spaceOf } from "../js-api/pointers.js";
import { emitTerms, isSettled } from "./emit-form.js";
import { type Factor, type Form, factorForm, formOfIndex, keyOfTerms, scale, sum, type Term } from "./form.js";
import {
  type AddressGroup,
  declareLocal,
  type Expression,
  elementBytes,
  type ListAddresses,
  type Local,
  newLocal,
  readLocal,
  type Scope,
} from "./scope.js";

export interface Address {
  readonly base: Expression;
  /** Non-negative immediate, in bytes. */
  readonly immediate: number;
}

/** Largest immediate; what is beyond is added. */
const IMMEDIATE_LIMIT = 2 ** 31;

/** Where a load or store at `pointer + offset` goes. */
export function emitAddress(scope: Scope, pointer: Pointer, offset: number): Address {
  const form = formOfPointer(scope, scope.list.forms, pointer, offset);
  if (form === null) throw new InternalError("a pointer that is not bound");
  return emitForm(scope, form);
}

/** A pointer as a value: a byte address. */
export function emitPointer(scope: Scope, pointer: Pointer): Expression {
  const { base, immediate } = emitAddress(scope, pointer, 0);
  const { i32 } = scope.module;
  return immediate === 0 ? base : i32.add(base, i32.const(immediate | 0));
}

function emitForm(scope: Scope, form: Form): Address {
  const group = scope.list.groups.get(keyOfTerms(form.terms));
  if (group !== undefined && group.local !== null) {
    return { base: readLocal(scope, group.local), immediate: form.constant - group.least.constant };
  }
  // No part of a sum is greater than the sum if none is negative.
  const canSplit = form.constant >= 0 && form.terms.every(({ coefficient }) => coefficient > 0);
  if (canSplit && form.constant < IMMEDIATE_LIMIT) {
    return { base: emitTerms(scope, form.terms, 0), immediate: form.constant };
  }
  return { base: emitTerms(scope, form.terms, form.constant), immediate: 0 };
}

/** Null where the pointer's base is bound later, which it is when a list is looked through before its emission. */
function formOfPointer(scope: Scope, forms: ReadonlyMap<string, Form>, pointer: Pointer, offset: number): Form | null {
  const bytes = elementBytes(spaceOf(pointer, scope.spaces));
  const index = scale(formOfIndex(pointer.index, scope.vectorLanes), bytes);
  const origin = originOf(scope, forms, pointer);
  if (origin === null) return null;
  const { terms, constant } = sum(origin, index);
  return { terms, constant: constant + offset * bytes };
}

function originOf(scope: Scope, forms: ReadonlyMap<string, Form>, pointer: Pointer): Form | null {
  if (pointer.kind === "relative") return forms.get(pointer.base) ?? scope.places.get(pointer.base) ?? null;
  const local = scope.bases.get(pointer.space);
  if (local === undefined) throw new InternalError(`the base of ${pointer.space} is not known here`);
  return factorForm({ kind: "address", local, depth: 0, isMutable: false });
}

/** The addresses that a list of statements, without those nested in it, forms each time it runs. */
export function addressesOf(scope: Scope, statements: readonly Statement[]): ListAddresses {
  const forms = new Map<string, Form>();
  const groups = new Map<string, AddressGroup>();
  const use = (form: Form | null): boolean => {
    if (form?.terms.every(({ factors }) => factors.every((factor) => isConstantIn(scope, factor))) !== true)
      return false;
    const key = keyOfTerms(form.terms);
    const known = groups.get(key);
    if (known === undefined || form.constant < known.least.constant) groups.set(key, { least: form, local: null });
    return true;
  };
  for (const statement of statements) {
    for (const { pointer, offset } of accessesOf(statement)) use(formOfPointer(scope, forms, pointer, offset));
    if (statement.kind !== "let" || statement.value.type !== "pointer" || statement.mutable) continue;
    const form = formOfPointer(scope, forms, statement.value.value, 0);
    if (form !== null && use(form)) forms.set(statement.name, form);
  }
  return { forms, groups };
}

function isConstantIn(scope: Scope, factor: Factor): boolean {
  return factor.kind === "address" ? !factor.isMutable : !mentions(factor.index, (name) => scope.mutable.has(name));
}

function mentions(index: Index, isMeant: (name: string) => boolean): boolean {
  switch (index.kind) {
    case "constant":
    case "lanes":
      return false;
    case "variable":
      return isMeant(index.name);
    case "shift-right":
    case "low-bits":
      return mentions(index.value, isMeant);
    case "table":
      return mentions(index.index, isMeant);
    default:
      return mentions(index.left, isMeant) || mentions(index.right, isMeant);
  }
}

interface Access {
  readonly pointer: Pointer;
  readonly offset: number;
}

/** Places that a statement loads or stores whenever it runs. */
function accessesOf(statement: Statement): Access[] {
  const accesses: Access[] = [];
  const visitor: WordVisitor = {
    word: (word) => {
      if (word.kind === "load" || word.kind === "load-beside") accesses.push(word);
    },
  };
  switch (statement.kind) {
    case "let":
    case "assign":
      visitTyped(statement.value, visitor);
      break;
    case "store":
      accesses.push(statement);
      visitWord(statement.value, visitor);
      break;
    case "store-score":
      accesses.push(statement);
      visitWide(statement.value, visitor);
      break;
    case "store-class":
      accesses.push(statement);
      break;
    default:
      break;
  }
  return accesses;
}

/** Statements before `statement` that compute the shared addresses which it is the first to use. */
export function openAddresses(scope: Scope, statement: Statement): Expression[] {
  const { forms, groups } = scope.list;
  const used = accessesOf(statement).flatMap(
    ({ pointer, offset }) => formOfPointer(scope, forms, pointer, offset) ?? [],
  );
  if (statement.kind === "let") {
    const form = forms.get(statement.name);
    if (form !== undefined) used.push(form);
  }
  return used.flatMap((form) => {
    const group = groups.get(keyOfTerms(form.terms));
    return group === undefined || group.local !== null ? [] : openGroup(scope, group);
  });
}

function openGroup(scope: Scope, group: AddressGroup): Expression[] {
  const { module, binaryen, depth } = scope;
  const { terms, constant } = group.least;
  const known = addressOf(terms);
  if (known !== null && constant >= 0) {
    group.local = known;
    group.least = { terms, constant: 0 };
    return [];
  }
  const local = newLocal(scope, binaryen.i32);
  group.local = local;
  const settled = depth === 0 ? [] : terms.filter((term) => isSettled(scope, term));
  if (settled.length === terms.length) {
    scope.before.push(module.local.set(local.index, emitTerms(scope, terms, constant)));
    return [];
  }
  if (settled.length === 0 || (addressOf(settled) !== null && constant === 0)) {
    return [module.local.set(local.index, emitTerms(scope, terms, constant))];
  }
  const origin = newLocal(scope, binaryen.i32);
  scope.before.push(module.local.set(origin.index, emitTerms(scope, settled, constant)));
  const changing = terms.filter((term) => !settled.includes(term));
  const { i32 } = module;
  return [module.local.set(local.index, i32.add(readLocal(scope, origin), emitTerms(scope, changing, 0)))];
}

/** The local that the sum is, if it is one. */
function addressOf(terms: readonly Term[]): Local | null {
  const [only] = terms;
  const [factor] = only?.factors ?? [];
  if (terms.length !== 1 || only?.coefficient !== 1 || only.factors.length !== 1) return null;
  return factor?.kind === "address" ? factor.local : null;
}

/** Binds a pointer: to a local of its own, unless its list's addresses have one for it. */
export function bindPointer(scope: Scope, name: string, pointer: Pointer): Expression[] {
  const form = scope.list.forms.get(name);
  if (form === undefined) {
    const value = emitPointer(scope, pointer);
    const local = declareLocal(scope, name, scope.binaryen.i32);
    const isMutable = scope.mutable.has(name);
    scope.places.set(name, factorForm({ kind: "address", local, depth: scope.depth, isMutable }));
    return [scope.module.local.set(local.index, value)];
  }
  const group = scope.list.groups.get(keyOfTerms(form.terms));
  if (group === undefined || group.local === null) throw new InternalError(`pointer ${name} has no address`);
  const { local, least } = group;
  const place = factorForm({ kind: "address", local, depth: scope.depth, isMutable: false });
  scope.places.set(name, { ...place, constant: form.constant - least.constant });
  return [];
}
