/** The source file: tables, helpers, the program's functions, and the public ones. */
import { InternalError } from "../../diagnostics.js";
import { acceptedSizes, entryParameters, type Table, type WordFunction, type WordProgram } from "../../word/node.js";
import { visitFunction } from "../../word/visit.js";
import type { Header } from "../backend.js";
import type { Helper } from "./expression.js";
import { fileComment, runPrototype } from "./header-file.js";
import { printHelpers } from "./helpers.js";
import type { FileNames } from "./names.js";
import { companionFunctions, type PublicFunction } from "./packing.js";
import { instructionIncludes, packingSteps } from "./packing-instructions.js";
import { type FileScope, printEntryBody, printFunction } from "./statement.js";
import { blockComment, LINE_WIDTH, wrapLine } from "./text.js";
import { usageOf, usedFunctions } from "./usage.js";

export function printSourceFile(program: WordProgram, names: FileNames, lanes: number, header: Header): string {
  const functions = usedFunctions(program);
  const entry = functions.at(-1);
  if (entry === undefined) throw new InternalError("a word program without functions");
  const helpers = new Set<Helper>();
  const file: FileScope = { names, lanes, usages: usageOf(functions), helpers };
  const bodies = functions.slice(0, -1).flatMap((each) => printFunction(file, each));
  const run = ["", ...printRun(program, file, entry)];
  const companions = companionFunctions(program, names).flatMap((each) => printCompanion(each, lanes));
  const tables = usedTables(program, functions);
  const lines = [
    ...fileComment(program, header, `see ${program.name}.h.`),
    `#include "${program.name}.h"`,
    ...instructionIncludes(program, names, lanes, helpers),
    ...KEEP_LOOPS,
    ...(tables.length === 0 ? [] : ["", ...printTables(tables, names)]),
    ...printHelpers(names, lanes, helpers),
    ...bodies,
    ...run,
    ...packingSteps(program, names, lanes),
    ...companions,
  ];
  return `${lines.join("\n")}\n`;
}

/** GCC finds a memcpy in every loop that copies a row, and string instructions take far longer to begin than a row to copy. */
const KEEP_LOOPS = [
  "",
  "#if defined(__GNUC__) && !defined(__clang__)",
  "/* Rows are short: loops that copy them are not to become calls of memcpy. */",
  '#pragma GCC optimize("no-tree-loop-distribute-patterns")',
  "#endif",
];

function printRun(program: WordProgram, file: FileScope, entry: WordFunction): string[] {
  const { macro } = file.names;
  const conditions = sizeConditions(program, file);
  const check = [...wrapLine(`    if (${conditions.join(" || ")}) {`), `        return ${macro}_ERROR_SIZE;`, "    }"];
  return [
    ...blockComment(entry.comment),
    ...wrapLine(runPrototype(program, file.names, "restrict ")),
    "{",
    ...(conditions.length === 0 ? [] : check),
    ...unusedBuffers(program, file, entry),
    ...printEntryBody(file, entry),
    `    return ${macro}_OK;`,
    "}",
  ];
}

function printCompanion({ prototype, body }: PublicFunction, lanes: number): string[] {
  return ["", ...wrapLine(prototype), "{", ...body(lanes).flatMap((line) => wrapLine(`    ${line}`)), "}"];
}

function sizeConditions(program: WordProgram, file: FileScope): string[] {
  return entryParameters(program).map((name) => {
    const { least, greatest } = acceptedSizes(program, name);
    if (least === greatest) return `${name} != ${file.names.macro}_${name.toUpperCase()}`;
    file.helpers.add("accepts");
    return `!${file.names.model}_accepts(${name}, ${least})`;
  });
}

function unusedBuffers(program: WordProgram, file: FileScope, entry: WordFunction): string[] {
  const contract = program.interface;
  const isScored = contract.kind === "samples" && contract.output.kind === "scores";
  const buffers = [
    contract.samples === "bits" ? "input" : "bytes",
    ...(isScored ? ["classes", "scores"] : ["output"]),
    "scratch",
  ];
  const used: readonly string[] = file.usages.get(entry.name)?.spaces ?? [];
  return buffers.filter((name) => !used.includes(name)).map((name) => `    (void)${name};`);
}

function usedTables(program: WordProgram, functions: readonly WordFunction[]): Table[] {
  const used = new Set<string>();
  for (const each of functions) {
    visitFunction(each, {
      index: (index) => {
        if (index.kind === "table") used.add(index.table);
      },
      wide: (wide) => {
        if (wide.kind === "table") used.add(wide.table);
      },
      word: (word) => {
        if (word.kind === "table") used.add(word.table);
      },
    });
  }
  return program.tables.filter((table) => used.has(table.name));
}

const ELEMENT_TYPES = {
  u8: "uint8_t",
  u16: "uint16_t",
  u32: "uint32_t",
  i8: "int8_t",
  i16: "int16_t",
  i32: "int32_t",
} as const;

function printTables(tables: readonly Table[], names: FileNames): string[] {
  const macro = `${names.macro}_TABLE`;
  return [
    ...blockComment([
      "Where tables live. On AVR they would be copied to RAM unless they are said to lie in flash, which compilers can " +
        `say in GNU C (-std=gnu99); elsewhere constants lie in flash anyway. Define ${macro} for other machines.`,
    ]),
    `#ifndef ${macro}`,
    "#if defined(__FLASH) && !defined(__STRICT_ANSI__)",
    `#define ${macro} __flash`,
    "#else",
    `#define ${macro}`,
    "#endif",
    "#endif",
    ...tables.flatMap((table) => [
      "",
      ...(table.comment === "" ? [] : blockComment([table.comment])),
      `static const ${macro} ${ELEMENT_TYPES[table.element]} ${names.tables.get(table.name) ?? ""}[${table.values.length}] = {`,
      ...rowsOf(table),
      "};",
    ]),
  ];
}

/** Comma-separated values, as many to a line as fit. */
function rowsOf(table: Table): string[] {
  const rows: string[] = [];
  let row = "   ";
  for (const value of table.values) {
    const text = ` ${tableValue(table, value)},`;
    if (row.length + text.length > LINE_WIDTH) {
      rows.push(row);
      row = "   ";
    }
    row += text;
  }
  return [...rows, row];
}

/** −2^31 is no literal of C: it would be a negated 2^31, which no int holds. */
function tableValue(table: Table, value: number): string {
  if (table.element === "u32" && value > 32767) return `${value}u`;
  return value === -(2 ** 31) ? "-2147483647 - 1" : String(value);
}
