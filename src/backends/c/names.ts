/** Spelling: how the names of a WordIR program appear in C. */
import type { Space, WordFunction, WordProgram } from "../../word/node.js";
import { visitFunction } from "../../word/visit.js";

/** Words that no local variable may be called: keywords, types, and the pointers to memory spaces. */
const RESERVED: ReadonlySet<string> = new Set(
  (
    "auto break case char const continue default do double else enum extern float for goto if inline int long " +
    "register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while " +
    "asm typeof bool true false nullptr alignas alignof constexpr size_t ptrdiff_t wchar_t main " +
    "int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t " +
    "input bytes output classes scores scratch"
  ).split(" "),
);

/** Identifiers of the generated files that no function or table may take. */
const FILE_NAMES = [
  "run",
  "pack",
  "unpack",
  "pack_word",
  "unpack_word",
  "score",
  "word",
  "loose_word",
  "load",
  "store",
  "splat",
  "at_least",
  "level_set",
  "floor_shift",
  "minimum",
  "maximum",
  "accepts",
];

export interface FileNames {
  /** Prefix of functions and types. */
  readonly model: string;
  /** Prefix of macros. */
  readonly macro: string;
  /** Macro of the greatest side that the entry point takes, or of the greatest count of samples. */
  readonly maximum: string;
  /** C identifier of each function and table. */
  readonly functions: ReadonlyMap<string, string>;
  readonly tables: ReadonlyMap<string, string>;
}

export function fileNames(program: WordProgram): FileNames {
  const model = program.name;
  const taken = new Set(FILE_NAMES);
  const spell = (name: string): [string, string] => [name, `${model}_${claim(name, taken)}`];
  const macro = model.toUpperCase();
  return {
    model,
    macro,
    maximum: `${macro}_MAXIMUM_${program.interface.kind === "samples" ? "COUNT" : "SIDE"}`,
    functions: new Map(program.functions.slice(0, -1).map((wordFunction) => spell(wordFunction.name))),
    tables: new Map(program.tables.map((table) => spell(table.name))),
  };
}

/** C identifier of each name of a function. */
export function localNames(wordFunction: WordFunction, names: FileNames): ReadonlyMap<string, string> {
  const taken = new Set([...RESERVED, ...names.functions.values(), ...names.tables.values()]);
  for (const name of FILE_NAMES) taken.add(`${names.model}_${name}`);
  const spelled = new Map<string, string>();
  const add = (name: string): unknown => spelled.set(name, claim(name, taken));
  for (const parameter of wordFunction.parameters) add(parameter.name);
  visitFunction(wordFunction, {
    statement: (statement) => {
      if (statement.kind === "let") add(statement.name);
      else if (statement.kind === "for") add(statement.variable);
      else if (statement.kind === "call" && statement.result !== null) add(statement.result);
    },
  });
  return spelled;
}

function claim(name: string, taken: Set<string>): string {
  let spelled = name;
  while (taken.has(spelled)) spelled += "_";
  taken.add(spelled);
  return spelled;
}

/** C type of the elements of a memory space. */
export function elementType(space: Space): string {
  if (space === "bytes") return "uint8_t";
  return space === "scores" ? "int32_t" : "uint32_t";
}
