/**
 * Loops that only copy or fill, several elements a turn: with one, V8 spends most of the time on the counter, the bounds
 * and the check for interrupts. The elements are written in the same order.
 */
import { unreachable } from "../../diagnostics.js";
import { add, variable } from "../../word/build.js";
import type { Index, Pointer, Statement, Word } from "../../word/node.js";

type Loop = Extract<Statement, { kind: "for" }>;
type Store = Extract<Statement, { kind: "store" }>;

/** Elements a turn. */
export const UNROLLED = 4;

/** Longer bodies gain nothing. */
const MOST_STORES = 2;

/** Stores of {@link UNROLLED} turns of a loop by single elements; null where the loop does something else, or less. */
export function unrolledBody(loop: Loop): readonly Statement[] | null {
  const { body, step, variable: counter } = loop;
  if ((countOf(loop) ?? UNROLLED) < UNROLLED) return null;
  const isByOne = step.kind === "lanes" || (step.kind === "constant" && step.value === 1);
  const stores = body.filter((statement): statement is Store => statement.kind === "store");
  if (!isByOne || stores.length !== body.length || stores.length > MOST_STORES) return null;
  if (!stores.every(({ value }) => value.kind === "load" || value.kind === "constant" || value.kind === "variable")) {
    return null;
  }
  return Array.from({ length: UNROLLED }, (_, turn) =>
    stores.map((store) => storeAt(store, counter, turn === 0 ? variable(counter) : add(variable(counter), turn))),
  ).flat();
}

/** How often the loop runs; null where that is not known. */
export function countOf({ from, to }: Loop): number | null {
  return from.kind === "constant" && to.kind === "constant" ? Math.max(0, to.value - from.value) : null;
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
