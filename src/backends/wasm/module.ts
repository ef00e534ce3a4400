/**
 * One WASM module from a program: no imports; exports `memory` and `run`.
 *
 * Memory: the constant tables from address 0 to `heapBase`; from there on the caller places, at multiples of 4, the
 * input, the results and the scratch. `run` takes their byte addresses, then the entry point's parameters:
 *
 *     run(input or bytes, output, scratch, …)            pictures or bits out
 *     run(input or bytes, classes, scores, scratch, …)   scores out
 *
 * It returns 0, or 1 when a size is outside 1 … 65535, and then has touched nothing.
 */
import type binaryenNamespace from "binaryen";
import { InternalError } from "../../diagnostics.js";
import {
  acceptedSizes,
  ELEMENT_BYTES,
  entryParameters,
  type Space,
  type Table,
  type WordProgram,
} from "../../word/node.js";
import { layoutOf } from "../js-api/layout.js";
import { spacesUsed } from "../js-api/pointers.js";
import type { Binaryen, Expression, PlacedTable } from "./scope.js";
import { addFunction, type ModuleScope } from "./statement.js";

const PAGE_BYTES = 65536;
const MAXIMUM_PAGES = 65536;

/** Alignment of everything in memory: a vector. */
export const ALIGNMENT = 16;

/** Name of the custom section that says what a module is. */
export const STAMP_SECTION = "bimonnc";

const alignUp = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

const elementBytes = (table: Table): number => ELEMENT_BYTES[table.element];

/** First byte after the tables. */
export function heapBase(program: WordProgram): number {
  return program.tables.reduce((end, table) => alignUp(end + elementBytes(table) * table.values.length), 0);
}

/** Spaces whose addresses `run` takes, in order. */
export function runSpaces(program: WordProgram): Space[] {
  const { input, results } = layoutOf(program);
  return [input.space, ...results.map(({ space }) => space), "scratch"];
}

/**
 * The module, optimized and validated; the caller disposes of it.
 * @param stamp text of the custom section
 */
export function buildModule(
  binaryen: Binaryen,
  program: WordProgram,
  vectorLanes: 1 | 4,
  stamp: string,
): binaryenNamespace.Module {
  const module = new binaryen.Module();
  const { Features } = binaryen;
  module.setFeatures(vectorLanes === 4 ? Features.MVP | Features.SIMD128 : Features.MVP);
  const tables = placeTables(program.tables);
  const pages = Math.max(1, Math.ceil(heapBase(program) / PAGE_BYTES));
  if (pages > MAXIMUM_PAGES) throw new InternalError("tables beyond 4 GiB");
  const segments = [...tables.values()].map(({ table, address }) => ({
    offset: module.i32.const(address),
    data: tableBytes(table),
  }));
  module.setMemory(pages, MAXIMUM_PAGES, "memory", segments);

  const bases = spacesUsed(program, "absolute");
  const shared: ModuleScope = {
    binaryen,
    module,
    vectorLanes,
    tables,
    functions: new Map(program.functions.map((subject) => [subject.name, subject])),
    basesOf: (name) => bases.get(name) ?? [],
  };
  for (const subject of program.functions) addFunction(shared, subject);
  addRun(shared, program);
  module.addCustomSection(STAMP_SECTION, new TextEncoder().encode(stamp));
  // The levels are global state of the library; what another user of it left there must not change our bytes.
  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(0);
  binaryen.setDebugInfo(false);
  if (!module.validate()) throw new InternalError("the WASM module is not valid before optimization");
  module.optimize();
  if (!module.validate()) throw new InternalError("the WASM module is not valid");
  return module;
}

function placeTables(tables: readonly Table[]): Map<string, PlacedTable> {
  let address = 0;
  return new Map(
    tables.map((table) => {
      const placed = { table, address };
      address = alignUp(address + elementBytes(table) * table.values.length);
      return [table.name, placed];
    }),
  );
}

function tableBytes(table: Table): Uint8Array {
  const width = elementBytes(table);
  const bytes = new Uint8Array(width * table.values.length);
  table.values.forEach((value, index) => {
    for (let byte = 0; byte < width; byte++) bytes[index * width + byte] = value >>> (8 * byte);
  });
  return bytes;
}

/** The exported function: checks the sizes and calls the entry point with the bases that it needs. */
function addRun({ binaryen, module, basesOf }: ModuleScope, program: WordProgram): void {
  const entry = program.functions.at(-1);
  if (entry === undefined) throw new InternalError("a program without functions");
  const spaces = runSpaces(program);
  const { i32 } = module;
  const parameter = (index: number): Expression => module.local.get(index, binaryen.i32);
  const names = entryParameters(program);
  const sizes = names.map((_, index) => spaces.length + index);
  // Unsigned: what is less than the least becomes larger than any range.
  const checks = names.map((name, index) => {
    const { least, greatest } = acceptedSizes(program, name);
    const above = i32.sub(parameter(spaces.length + index), i32.const(least));
    return module.if(i32.gt_u(above, i32.const(greatest - least)), module.return(i32.const(1)));
  });
  const call = module.call(
    entry.name,
    [...basesOf(entry.name).map((space) => parameter(spaces.indexOf(space))), ...sizes.map(parameter)],
    binaryen.none,
  );
  const count = spaces.length + sizes.length;
  module.addFunction(
    "$run",
    binaryen.createType(Array.from({ length: count }, () => binaryen.i32)),
    binaryen.i32,
    [],
    module.block(null, [...checks, call, i32.const(0)], binaryen.i32),
  );
  module.addFunctionExport("$run", "run");
}
