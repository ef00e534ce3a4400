/**
 * Loops that only copy or fill, several elements a turn: with one, engines spend most of the time on the counter, the bounds
 * and the check for interrupts. The elements are written in the same order.
 */
import { unreachable } from "../../diagnostics.js";
import { add, constant, lowBitsIndex, subtract, variable } from "../../word/build.js";
import type { Index, Pointer, Statement, Word } from "../../word/node.js";

type Loop = Extract<Statement, { kind: "for" }>;
type Store = Extract<Statement, { kind: "store" }>;

/** Turns that become one. */
const TURNS = 4;

/** Longer bodies gain nothing. */
const MOST_STORES = 2;

/**
 * The loops to print for a loop: itself, or where it only copies or fills, one of several of its turns at a time and one
 * of those that are left.
 * @param lanes value of the index `lanes`
 */
export function unrolledLoops(loop: Loop, lanes: number): readonly Loop[] {
  const { from, to, variable: counter } = loop;
  const step = loop.step.kind === "lanes" ? lanes : loop.step.kind === "constant" ? loop.step.value : 0;
  const stores = loop.body.filter((statement): statement is Store => statement.kind === "store");
  if (stores.length !== loop.body.length || stores.length > MOST_STORES || !stores.every(isCopyOrFill)) return [loop];
  if ((step !== 1 && step !== lanes) || from.kind !== "constant" || from.value !== 0) return [loop];
  const long = TURNS * step;
  if (to.kind === "constant" && to.value < long) return [loop];
  const rest = lowBitsIndex(to, Math.log2(long));
  const whole =
    to.kind === "constant" && rest.kind === "constant" ? constant(to.value - rest.value) : subtract(to, rest);
  const body = Array.from({ length: TURNS }, (_, turn) =>
    stores.map((store) => storeAt(store, counter, add(variable(counter), turn * step))),
  ).flat();
  const unrolled: Loop = { ...loop, to: whole, step: constant(long), body };
  return rest.kind === "constant" && rest.value === 0 ? [unrolled] : [unrolled, { ...loop, from: whole }];
}

function isCopyOrFill({ value }: Store): boolean {
  return value.kind === "load" || value.kind === "constant" || value.kind === "variable";
}

/** The statement with the counter replaced. */
function storeAt(store: Store, counter: string, by: Index): Store {
  return {
    ...store,
    pointer: pointerAt(store.pointer, counter, by),
    value: wordAt(store.value, counter, by),
  };
}

function wordAt(word: Word, counter: string, by: Index): Word {
  return word.kind === "load" ? { ...word, pointer: pointerAt(word.pointer, counter, by) } : word;
}

function pointerAt(pointer: Pointer, counter: string, by: Index): Pointer {
  return { ...pointer, index: indexAt(pointer.index, counter, by) };
}

function indexAt(index: Index, counter: string, by: Index): Index {
  const inner = (each: Index): Index => indexAt(each, counter, by);
  switch (index.kind) {
    case "constant":
    case "lanes":
      return index;
    case "variable":
      return index.name === counter ? by : index;
    case "add":
      return add(inner(index.left), inner(index.right));
    case "subtract":
    case "multiply":
    case "minimum":
    case "maximum":
      return { ...index, left: inner(index.left), right: inner(index.right) };
    case "shift-right":
    case "low-bits":
      return { ...index, value: inner(index.value) };
    case "table":
      return { ...index, index: inner(index.index) };
    default:
      return unreachable(index);
  }
}
