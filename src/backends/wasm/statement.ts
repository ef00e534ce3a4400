/** Statements and functions of WordIR as WASM. */
import { InternalError, unreachable } from "../../diagnostics.js";
import type { Index, Space, Statement, Typed, WordFunction } from "../../word/node.js";
import { visitFunction } from "../../word/visit.js";
import { unrolledLoops } from "../js-api/copy-loops.js";
import { pointerSpaces } from "../js-api/pointers.js";
import { addressesOf, bindPointer, emitAddress, openAddresses } from "./address.js";
import { emitScaled } from "./emit-form.js";
import { factorForm } from "./form.js";
import { emitIndex, isInvariant } from "./index-value.js";
import {
  type Counter,
  declareLocal,
  type Expression,
  findLocal,
  type Local,
  NO_ADDRESSES,
  newLocal,
  readLocal,
  type Scope,
  wordType,
} from "./scope.js";
import { emitCondition, emitTyped, emitWide, emitWord } from "./value.js";

/** What all functions of a module share. */
export type ModuleScope = Pick<Scope, "binaryen" | "module" | "vectorLanes" | "tables" | "functions" | "basesOf">;

/** Adds the function; its parameters are the bases it needs, then its own. */
export function addFunction(shared: ModuleScope, subject: WordFunction): void {
  const { binaryen, module } = shared;
  const bases = new Map<Space, Local>();
  const scope: Scope = {
    ...shared,
    lanes: subject.mode === "vector" ? shared.vectorLanes : 1,
    bases,
    spaces: pointerSpaces(subject),
    mutable: assignedNames(subject),
    locals: new Map(),
    places: new Map(),
    counters: new Map(),
    depths: new Map(),
    types: [],
    list: NO_ADDRESSES,
    depth: 0,
    before: [],
    loops: 0,
  };
  for (const space of shared.basesOf(subject.name)) bases.set(space, newLocal(scope, binaryen.i32));
  for (const parameter of subject.parameters) {
    const local = declareLocal(scope, parameter.name, binaryen.i32);
    if (parameter.type !== "pointer") continue;
    scope.places.set(parameter.name, factorForm({ kind: "address", local, depth: 0, isMutable: false }));
  }
  const parameterCount = scope.types.length;
  const body = emitStatements(scope, subject.body);
  const result = subject.result === null ? binaryen.none : wordType(scope);
  if (subject.result !== null) body.push(emitWord(scope, subject.result));
  module.addFunction(
    subject.name,
    binaryen.createType(scope.types.slice(0, parameterCount)),
    result,
    scope.types.slice(parameterCount),
    module.block(null, body, result),
  );
}

function assignedNames(subject: WordFunction): Set<string> {
  const names = new Set<string>();
  visitFunction(subject, {
    statement: (statement) => {
      if (statement.kind === "assign") names.add(statement.name);
    },
  });
  return names;
}

function emitStatements(scope: Scope, statements: readonly Statement[]): Expression[] {
  const around = scope.list;
  scope.list = addressesOf(scope, statements);
  const emitted = statements.flatMap((statement) => [
    ...openAddresses(scope, statement),
    ...emitStatement(scope, statement),
  ]);
  scope.list = around;
  return emitted;
}

function emitStatement(scope: Scope, statement: Statement): Expression[] {
  const { module } = scope;
  switch (statement.kind) {
    case "comment":
      return [];
    case "let": {
      if (statement.value.type === "pointer") return bindPointer(scope, statement.name, statement.value.value);
      const value = emitTyped(scope, statement.value);
      return [module.local.set(declareLocal(scope, statement.name, typeOf(scope, statement.value)).index, value)];
    }
    case "assign":
      return [module.local.set(findLocal(scope, statement.name).index, emitTyped(scope, statement.value))];
    case "store": {
      const { base, immediate } = emitAddress(scope, statement.pointer, statement.offset);
      const value = emitWord(scope, statement.value);
      const { store } = scope.lanes === 4 ? module.v128 : module.i32;
      return [store(immediate, 4, base, value)];
    }
    case "store-score": {
      const { base, immediate } = emitAddress(scope, statement.pointer, statement.offset);
      return [module.i64.store32(immediate, 4, base, emitWide(scope, statement.value))];
    }
    case "store-class": {
      const { base, immediate } = emitAddress(scope, statement.pointer, statement.offset);
      return [module.i32.store(immediate, 4, base, emitIndex(scope, statement.value))];
    }
    case "for":
      return unrolledLoops(statement, scope.vectorLanes).flatMap((loop) => emitLoop(scope, loop));
    case "if": {
      const condition = emitCondition(scope, statement.condition);
      const whenTrue = module.block(null, emitStatements(scope, statement.then));
      if (statement.else.length === 0) return [module.if(condition, whenTrue)];
      return [module.if(condition, whenTrue, module.block(null, emitStatements(scope, statement.else)))];
    }
    case "call":
      return [emitCall(scope, statement)];
    default:
      return unreachable(statement);
  }
}

function typeOf(scope: Scope, value: Typed): number {
  if (value.type === "word") return wordType(scope);
  return value.type === "wide" ? scope.binaryen.i64 : scope.binaryen.i32;
}

/** A loop that is skipped when empty and tested at its end, so that an iteration takes one branch. */
function emitLoop(scope: Scope, loop: Extract<Statement, { kind: "for" }>): Expression[] {
  const { module } = scope;
  const counter: Counter = { plain: newLocal(scope, scope.binaryen.i32), isPlainUsed: false, scaled: new Map() };
  const { before, body } = emitLoopBody(scope, loop, counter);
  const counters = countersKept(scope, loop, counter);
  const [control] = counters;
  if (control === undefined) throw new InternalError("a loop without counter");

  const evaluate = (index: Index, factor: number): (() => Expression) => {
    if (index.kind === "constant" || index.kind === "lanes" || !isInvariant(scope, index)) {
      return () => emitScaled(scope, index, factor);
    }
    const once = newLocal(scope, scope.binaryen.i32);
    before.push(module.local.set(once.index, emitScaled(scope, index, factor)));
    return () => readLocal(scope, once);
  };
  const limit = evaluate(loop.to, control.factor);
  const steps = counters.map(({ factor }) => evaluate(loop.step, factor));
  const isInside = (): Expression => module.i32.lt_u(readLocal(scope, control.local), limit());
  const starts = counters.map(({ local, factor }) =>
    module.local.set(local.index, emitScaled(scope, loop.from, factor)),
  );
  const advances = counters.map(({ local }, position) => {
    const step = steps[position];
    if (step === undefined) throw new InternalError("a counter without step");
    return module.local.set(local.index, module.i32.add(readLocal(scope, local), step()));
  });
  const label = `loop${scope.loops++}`;
  const again = module.br_if(label, isInside());
  const whole = module.loop(label, module.block(null, [...body, ...advances, again]));
  return [...before, ...starts, module.if(isInside(), whole)];
}

/** The body of a loop, and what it needs computed before the loop begins. */
function emitLoopBody(
  scope: Scope,
  loop: Extract<Statement, { kind: "for" }>,
  counter: Counter,
): { readonly before: Expression[]; readonly body: readonly Expression[] } {
  const around = scope.before;
  scope.before = [];
  scope.depth++;
  scope.depths.set(loop.variable, scope.depth);
  scope.counters.set(loop.variable, counter);
  const body = emitStatements(scope, loop.body);
  const { before } = scope;
  scope.counters.delete(loop.variable);
  scope.depth--;
  scope.before = around;
  return { before, body };
}

interface KeptCounter {
  readonly local: Local;
  readonly factor: number;
}

/** What a loop counts with; the first is the one that ends it. */
function countersKept(
  scope: Scope,
  loop: Extract<Statement, { kind: "for" }>,
  { plain, isPlainUsed, scaled }: Counter,
): KeptCounter[] {
  const kept = [...scaled].map(([factor, local]) => ({ local, factor }));
  const first = kept.find(({ factor }) => canEnd(scope, loop, factor));
  if (isPlainUsed || first === undefined) return [{ local: plain, factor: 1 }, ...kept];
  return [first, ...kept.filter((each) => each !== first)];
}

/** Whether the counter times the factor stays below 2^32 for certain. Words and their count do: they lie in memory. */
function canEnd(scope: Scope, { to, step }: Extract<Statement, { kind: "for" }>, factor: number): boolean {
  if (factor === 4) return true;
  const valueOf = (index: Index): number => (index.kind === "constant" ? index.value : Number.POSITIVE_INFINITY);
  return (valueOf(to) + (step.kind === "lanes" ? scope.vectorLanes : valueOf(step))) * factor < 2 ** 32;
}

function emitCall(scope: Scope, call: Extract<Statement, { kind: "call" }>): Expression {
  const { binaryen, module } = scope;
  const callee = scope.functions.get(call.callee);
  if (callee === undefined) throw new InternalError(`no function ${call.callee}`);
  const bases = scope.basesOf(call.callee).map((space) => {
    const base = scope.bases.get(space);
    if (base === undefined) throw new InternalError(`the base of ${space} is not known here`);
    return readLocal(scope, base);
  });
  const operands = [...bases, ...call.arguments.map((argument) => emitTyped(scope, argument))];
  // Caller and callee have words of one type wherever a word is returned.
  const type = callee.result === null ? binaryen.none : wordType(scope);
  const invocation = module.call(call.callee, operands, type);
  if (call.result !== null) return module.local.set(declareLocal(scope, call.result, type).index, invocation);
  return callee.result === null ? invocation : module.drop(invocation);
}
