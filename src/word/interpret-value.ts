/** Closures that compute the values of WordIR, with every promise of node.ts checked while they run. */
import { InternalError, unreachable } from "../diagnostics.js";
import type { Condition, Index, Pointer, Space, Table, Wide, Word } from "./node.js";

export type Memory = Uint32Array | Int32Array | Uint8Array;

/** What a call may touch; a space that is absent cannot be accessed. */
export type WordMemory = { readonly [S in Space]?: Memory };

/** The memory of the call under way; the same object for all closures of a program. */
export interface Machine {
  memory: WordMemory;
}

/** Where the value of a name lives. There is no recursion, so a name needs one place only. */
export type Cell =
  | { readonly kind: "index"; value: number }
  | { readonly kind: "wide"; value: number }
  | { readonly kind: "word"; readonly lanes: Uint32Array }
  | { readonly kind: "pointer"; readonly space: Space; position: number };

export interface Scope {
  readonly functionName: string;
  /** Lanes of the function's words: 1 in scalar functions. */
  readonly lanes: number;
  /** Lanes of vector functions: what the index `lanes` is in every function. */
  readonly vectorLanes: number;
  readonly machine: Machine;
  readonly tables: ReadonlyMap<string, Table>;
  readonly cells: Map<string, Cell>;
}

export interface CompiledPointer {
  readonly space: Space;
  readonly position: () => number;
}

const LARGEST_INDEX = 2 ** 32 - 1;
const LARGEST_WIDE = 2 ** 53;

export function complain(scope: Scope, message: string): never {
  throw new InternalError(`word program, function ${scope.functionName}: ${message}`);
}

export function findCell<K extends Cell["kind"]>(scope: Scope, name: string, kind: K): Extract<Cell, { kind: K }> {
  const cell = scope.cells.get(name);
  if (!isOfKind(cell, kind)) complain(scope, `${name} is not a known ${kind}`);
  return cell;
}

function isOfKind<K extends Cell["kind"]>(cell: Cell | undefined, kind: K): cell is Extract<Cell, { kind: K }> {
  return cell?.kind === kind;
}

export function checkIndex(scope: Scope, value: number): number {
  if (!(value >= 0 && value <= LARGEST_INDEX)) complain(scope, `index ${value} is out of range`);
  return value;
}

/** Element of `space` at `position`. @throws InternalError outside the caller's buffer */
export function readElement(scope: Scope, space: Space, position: number): number {
  const value = scope.machine.memory[space]?.[position];
  if (value === undefined) complain(scope, `load from ${describePlace(scope, space, position)}`);
  return value;
}

export function writeElement(scope: Scope, space: Space, position: number, value: number): void {
  const memory = scope.machine.memory[space];
  if (memory === undefined || !(position >= 0 && position < memory.length)) {
    complain(scope, `store to ${describePlace(scope, space, position)}`);
  }
  memory[position] = value;
}

function describePlace(scope: Scope, space: Space, position: number): string {
  return `${space}[${position}], which has ${scope.machine.memory[space]?.length ?? "no"} elements`;
}

export function compileIndex(scope: Scope, index: Index): () => number {
  switch (index.kind) {
    case "constant": {
      const value = checkIndex(scope, index.value);
      return () => value;
    }
    case "variable": {
      const cell = findCell(scope, index.name, "index");
      return () => cell.value;
    }
    case "lanes":
      return () => scope.vectorLanes;
    case "add":
    case "subtract":
    case "multiply":
    case "minimum":
    case "maximum":
      return compileIndexOperator(scope, index.kind, index.left, index.right);
    case "shift-right": {
      const value = compileIndex(scope, index.value);
      const divisor = 2 ** index.amount;
      return () => Math.floor(value() / divisor);
    }
    case "low-bits": {
      const value = compileIndex(scope, index.value);
      const modulus = 2 ** index.bits;
      return () => value() % modulus;
    }
    case "table":
      return compileTable(scope, index.table, index.index);
    default:
      return unreachable(index);
  }
}

function compileIndexOperator(
  scope: Scope,
  kind: "add" | "subtract" | "multiply" | "minimum" | "maximum",
  leftIndex: Index,
  rightIndex: Index,
): () => number {
  const left = compileIndex(scope, leftIndex);
  const right = compileIndex(scope, rightIndex);
  switch (kind) {
    case "add":
      return () => checkIndex(scope, left() + right());
    case "subtract":
      return () => checkIndex(scope, left() - right());
    case "multiply":
      return () => checkIndex(scope, left() * right());
    case "minimum":
      return () => Math.min(left(), right());
    case "maximum":
      return () => Math.max(left(), right());
    default:
      return unreachable(kind);
  }
}

/** The entry `lane` places behind `index`. */
function compileTable(scope: Scope, name: string, index: Index): (lane?: number) => number {
  const values = scope.tables.get(name)?.values;
  if (values === undefined) complain(scope, `there is no table ${name}`);
  const position = compileIndex(scope, index);
  return (lane = 0) => {
    const at = position() + lane;
    return values[at] ?? complain(scope, `${name}[${at}] is beyond its ${values.length} entries`);
  };
}

export function compilePointer(scope: Scope, pointer: Pointer): CompiledPointer {
  const index = compileIndex(scope, pointer.index);
  switch (pointer.kind) {
    case "absolute":
      return { space: pointer.space, position: index };
    case "relative": {
      const base = findCell(scope, pointer.base, "pointer");
      return { space: base.space, position: () => base.position + index() };
    }
    default:
      return unreachable(pointer);
  }
}

/** The value in lane `lane`, as an unsigned number. */
export function compileWord(scope: Scope, word: Word): (lane: number) => number {
  switch (word.kind) {
    case "constant": {
      const { value } = word;
      return () => value;
    }
    case "variable": {
      const { lanes } = findCell(scope, word.name, "word");
      return (lane) => lanes[lane] ?? 0;
    }
    case "load": {
      const { space, position } = compilePointer(scope, word.pointer);
      const { offset } = word;
      return (lane) => readElement(scope, space, position() + offset + lane);
    }
    case "load-beside": {
      const { space, position } = compilePointer(scope, word.pointer);
      const { offset } = word;
      const value = compileWord(scope, word.value);
      const [step, last] = word.side === "after" ? [1, scope.lanes - 1] : [-1, 0];
      return (lane) => (lane === last ? readElement(scope, space, position() + offset + lane) : value(lane + step));
    }
    case "table":
      return compileTable(scope, word.table, word.index);
    case "and":
    case "or":
    case "xor":
    case "and-not":
      return compileWordOperator(scope, word.kind, word.left, word.right);
    case "not": {
      const value = compileWord(scope, word.value);
      return (lane) => ~value(lane) >>> 0;
    }
    case "shift-left": {
      const value = compileWord(scope, word.value);
      const amount = compileShiftAmount(scope, word.amount);
      return (lane) => (value(lane) << amount()) >>> 0;
    }
    case "shift-right": {
      const value = compileWord(scope, word.value);
      const amount = compileShiftAmount(scope, word.amount);
      return (lane) => value(lane) >>> amount();
    }
    case "funnel": {
      const [low, high] = [compileWord(scope, word.low), compileWord(scope, word.high)];
      const { amount } = word;
      return (lane) => ((low(lane) >>> amount) | (high(lane) << (32 - amount))) >>> 0;
    }
    case "negate": {
      const value = compileWord(scope, word.value);
      return (lane) => -value(lane) >>> 0;
    }
    case "at-least": {
      const value = compileWord(scope, word.value);
      const threshold = compileIndex(scope, word.threshold);
      return (lane) => (value(lane) >= threshold() ? 1 : 0);
    }
    case "level-set": {
      const { space, position } = compilePointer(scope, word.pointer);
      const threshold = compileIndex(scope, word.threshold);
      return () => {
        let bits = 0;
        for (let bit = 0; bit < 32; bit++) {
          if (readElement(scope, space, position() + bit) >= threshold()) bits |= 1 << bit;
        }
        return bits >>> 0;
      };
    }
    default:
      return unreachable(word);
  }
}

function compileShiftAmount(scope: Scope, index: Index): () => number {
  const amount = compileIndex(scope, index);
  return () => {
    const value = amount();
    return value < 32 ? value : complain(scope, `shift by ${value}`);
  };
}

function compileWordOperator(
  scope: Scope,
  kind: "and" | "or" | "xor" | "and-not",
  leftWord: Word,
  rightWord: Word,
): (lane: number) => number {
  const left = compileWord(scope, leftWord);
  const right = compileWord(scope, rightWord);
  switch (kind) {
    case "and":
      return (lane) => (left(lane) & right(lane)) >>> 0;
    case "or":
      return (lane) => (left(lane) | right(lane)) >>> 0;
    case "xor":
      return (lane) => (left(lane) ^ right(lane)) >>> 0;
    case "and-not":
      return (lane) => (left(lane) & ~right(lane)) >>> 0;
    default:
      return unreachable(kind);
  }
}

export function compileWide(scope: Scope, wide: Wide): () => number {
  switch (wide.kind) {
    case "constant": {
      const { value } = wide;
      return () => value;
    }
    case "variable": {
      const cell = findCell(scope, wide.name, "wide");
      return () => cell.value;
    }
    case "from-word": {
      const value = compileWord(scope, wide.value);
      return () => value(0);
    }
    case "table":
      return compileTable(scope, wide.table, wide.index);
    case "add":
    case "subtract":
    case "multiply":
      return compileWideOperator(scope, wide.kind, wide.left, wide.right);
    case "shift-right": {
      const value = compileWide(scope, wide.value);
      const divisor = 2 ** wide.amount;
      return () => Math.floor(value() / divisor);
    }
    case "low-bits": {
      const value = compileWide(scope, wide.value);
      const modulus = 2 ** wide.bits;
      return () => {
        const whole = value();
        return whole - Math.floor(whole / modulus) * modulus;
      };
    }
    default:
      return unreachable(wide);
  }
}

function compileWideOperator(
  scope: Scope,
  kind: "add" | "subtract" | "multiply",
  leftWide: Wide,
  rightWide: Wide,
): () => number {
  const left = compileWide(scope, leftWide);
  const right = compileWide(scope, rightWide);
  switch (kind) {
    case "add":
      return () => checkWide(scope, left() + right(), () => BigInt(left()) + BigInt(right()));
    case "subtract":
      return () => checkWide(scope, left() - right(), () => BigInt(left()) - BigInt(right()));
    case "multiply":
      return () => checkWide(scope, left() * right(), () => BigInt(left()) * BigInt(right()));
    default:
      return unreachable(kind);
  }
}

/** Doubles are exact below 2^53; only at the limit itself must the exact value decide. Values have no side effects. */
function checkWide(scope: Scope, value: number, exact: () => bigint): number {
  const size = Math.abs(value);
  if (size > LARGEST_WIDE || (size === LARGEST_WIDE && BigInt(value) !== exact())) {
    complain(scope, `wide ${exact()} is beyond 2^53`);
  }
  return value;
}

export function compileCondition(scope: Scope, condition: Condition): () => boolean {
  switch (condition.kind) {
    case "index": {
      const left = compileIndex(scope, condition.left);
      const right = compileIndex(scope, condition.right);
      if (condition.operator === "<") return () => left() < right();
      return condition.operator === "==" ? () => left() === right() : () => left() !== right();
    }
    case "wide": {
      const left = compileWide(scope, condition.left);
      const right = compileWide(scope, condition.right);
      return condition.operator === ">" ? () => left() > right() : () => left() === right();
    }
    case "and":
    case "or": {
      const left = compileCondition(scope, condition.left);
      const right = compileCondition(scope, condition.right);
      return condition.kind === "and" ? () => left() && right() : () => left() || right();
    }
    default:
      return unreachable(condition);
  }
}
