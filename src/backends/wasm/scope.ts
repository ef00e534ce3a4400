/** State of the emission of one function. */
import type binaryen from "binaryen";
import { InternalError } from "../../diagnostics.js";
import type { Space, Table, WordFunction } from "../../word/node.js";

export type Binaryen = typeof binaryen;
export type Expression = binaryen.ExpressionRef;
type WasmType = binaryen.Type;

export interface Local {
  readonly index: number;
  readonly type: WasmType;
}

/**
 * Loop counter. A counter that positions pointers into words is also, or only, kept multiplied by 4, so that an address
 * in the loop costs one addition.
 */
export interface Counter {
  readonly plain: Local;
  isPlainUsed: boolean;
  scaled: Local | null;
}

export interface PlacedTable {
  readonly table: Table;
  /** Bytes from the start of memory. */
  readonly address: number;
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
  readonly counters: Map<string, Counter>;
  /** Types of all locals, parameters first. */
  readonly types: WasmType[];
  /** Loops begun so far, for labels. */
  loops: number;
}

export function newLocal(scope: Scope, type: WasmType): Local {
  scope.types.push(type);
  return { index: scope.types.length - 1, type };
}

export function declareLocal(scope: Scope, name: string, type: WasmType): Local {
  const local = newLocal(scope, type);
  scope.locals.set(name, local);
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
