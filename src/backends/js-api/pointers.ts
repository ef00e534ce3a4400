/** Which memory spaces the functions of a program touch. */
import { InternalError } from "../../diagnostics.js";
import type { Pointer, Space, WordFunction, WordProgram } from "../../word/node.js";
import { visitFunction } from "../../word/visit.js";

const SPACES: readonly Space[] = ["input", "bytes", "output", "classes", "scores", "scratch"];

/** Memory space of every pointer parameter and pointer local of a function. */
export function pointerSpaces(subject: WordFunction): ReadonlyMap<string, Space> {
  const spaces = new Map<string, Space>();
  for (const parameter of subject.parameters) {
    if (parameter.type === "pointer") spaces.set(parameter.name, parameter.space);
  }
  visitFunction(subject, {
    statement: (statement) => {
      if (statement.kind === "let" && statement.value.type === "pointer") {
        spaces.set(statement.name, spaceOf(statement.value.value, spaces));
      }
    },
  });
  return spaces;
}

export function spaceOf(pointer: Pointer, spaces: ReadonlyMap<string, Space>): Space {
  if (pointer.kind === "absolute") return pointer.space;
  const space = spaces.get(pointer.base);
  if (space === undefined) throw new InternalError(`unknown pointer ${pointer.base}`);
  return space;
}

/**
 * Spaces that each function, or one that it calls, mentions: in `"all"` pointers, or in `"absolute"` ones only (those
 * that need to know where a space begins). In a fixed order.
 */
export function spacesUsed(program: WordProgram, which: "all" | "absolute"): ReadonlyMap<string, readonly Space[]> {
  const used = new Map<string, readonly Space[]>();
  for (const subject of program.functions) {
    const spaces = pointerSpaces(subject);
    const found = new Set<Space>();
    visitFunction(subject, {
      statement: (statement) => {
        if (statement.kind !== "call") return;
        for (const space of used.get(statement.callee) ?? []) found.add(space);
      },
      pointer: (pointer) => {
        if (which === "all" || pointer.kind === "absolute") found.add(spaceOf(pointer, spaces));
      },
    });
    const inOrder = SPACES.filter((space) => found.has(space));
    used.set(subject.name, inOrder);
  }
  return used;
}

/** Whether a function itself loads or stores in a space. */
export function accesses(subject: WordFunction, space: Space): boolean {
  const spaces = pointerSpaces(subject);
  let isAccessed = false;
  const look = (pointer: Pointer): void => {
    isAccessed ||= spaceOf(pointer, spaces) === space;
  };
  visitFunction(subject, {
    statement: (statement) => {
      if (statement.kind === "store" || statement.kind === "store-score" || statement.kind === "store-class") {
        look(statement.pointer);
      }
    },
    word: (word) => {
      if (word.kind === "load" || word.kind === "load-beside") look(word.pointer);
    },
  });
  return isAccessed;
}
