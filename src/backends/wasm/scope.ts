/** State of the emission of one function. */
import type binaryen from "binaryen";
import { InternalError } from "../../diagnostics.js";
import type { Space, Table, WordFunction } from "../../word/node.js";
import type { Form } from "./form.js";

export type Binaryen = typeof binaryen;
export type Expression = binaryen.ExpressionRef;
type WasmType = binaryen.Type;

export interface Local {
  readonly index: number;
  readonly type: WasmType;
}

/**
 * Loop counter. A counter that positions pointers is also, or only, kept multiplied by the bytes of a step, so that an
 * address in the loop costs one addition.
 */
export interface Counter {
  readonly plain: Local;
  isPlainUsed: boolean;
  /** By factor. */
  readonly scaled: Map<number, Local>;
}

export interface PlacedTable {
  readonly table: Table;
  /** Bytes from the start of memory. */
  readonly address: number;
}

/** Addresses of one list of statements that differ by constants. */
export interface AddressGroup {
  /** The least of them, or a lesser one that a local holds anyway. */
  least: Form;
  /** Holds it; null before the first use. */
  local: Local | null;
}

/** Addresses of the statements of one list, which either all run or none does. */
export interface ListAddresses {
  /** Of the pointers that the list binds, by name. */
  readonly forms: ReadonlyMap<string, Form>;
  /** By the key of their terms. */
  readonly groups: ReadonlyMap<string, AddressGroup>;
}

export interface Scope {
  readonly binaryen: Binaryen;
  readonly module: binaryen.Module;
  /** Lanes of this function's words: 4 in a vector function of a SIMD module, else 1. */
  readonly lanes: 1 | 4;
  /** Words of a vector in the module's vector functions: what the index `lanes` is everywhere. */
  readonly vectorLanes: 1 | 4;
  readonly tables: ReadonlyMap<string, PlacedTable>;
  readonly functions: ReadonlyMap<string, WordFunction>;
  /** Spaces whose bases a function takes before its own parameters. */
  readonly basesOf: (functionName: string) => readonly Space[];
  /** Locals that hold where spaces begin, in bytes. */
  readonly bases: ReadonlyMap<Space, Local>;
  readonly spaces: ReadonlyMap<string, Space>;
  /** Names that are assigned after their binding. */
  readonly mutable: ReadonlySet<string>;
  readonly locals: Map<string, Local>;
  /** Addresses of the pointers of enclosing lists, by name. */
  readonly places: Map<string, Form>;
  readonly counters: Map<string, Counter>;
  /** Loops around the binding of an index. */
  readonly depths: Map<string, number>;
  /** Types of all locals, parameters first. */
  readonly types: WasmType[];
  /** The list that is emitted now. */
  list: ListAddresses;
  /** Loops around it. */
  depth: number;
  /** What runs once before the innermost of these loops. */
  before: Expression[];
  /** Loops begun so far, for labels. */
  loops: number;
}

export const NO_ADDRESSES: ListAddresses = { forms: new Map(), groups: new Map() };

export function newLocal(scope: Scope, type: WasmType): Local {
  scope.types.push(type);
  return { index: scope.types.length - 1, type };
}

export function declareLocal(scope: Scope, name: string, type: WasmType): Local {
  const local = newLocal(scope, type);
  scope.locals.set(name, local);
  scope.depths.set(name, scope.depth);
  return local;
}

export function findLocal(scope: Scope, name: string): Local {
  const local = scope.locals.get(name);
  if (local === undefined) throw new InternalError(`${name} is not bound`);
  return local;
}

export function readLocal(scope: Scope, local: Local): Expression {
  return scope.module.local.get(local.index, local.type);
}

/** Type of a word in this function. */
export function wordType(scope: Scope): WasmType {
  return scope.lanes === 4 ? scope.binaryen.v128 : scope.binaryen.i32;
}

/** Bytes of an element. */
export function elementBytes(space: Space): 1 | 4 {
  return space === "bytes" ? 1 : 4;
}
