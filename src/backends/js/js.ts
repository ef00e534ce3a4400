/** The JS backend: one dependency-free ES module and its declarations, built with ts-morph. */
import type { FunctionDeclarationStructure, SourceFile, WriterFunction } from "ts-morph";
import { InternalError } from "../../diagnostics.js";
import type { Target } from "../../target/target.js";
import { entryParameters, MAXIMUM_SIDE, type Space, type WordFunction, type WordProgram } from "../../word/node.js";
import { visitFunction } from "../../word/visit.js";
import type { Artifact, Backend, Header } from "../backend.js";
import {
  API_NAMES,
  type ApiFunction,
  type HelperFunction,
  helperFunctions,
  inputCheck,
  packingFunctions,
  printSize,
  resultArrays,
  resultName,
  returnResults,
  runSignature,
  sizeChecks,
} from "../js-api/api.js";
import { frozenLiteral, headerComment, infoOf, literalType } from "../js-api/header.js";
import { accesses, pointerSpaces, spacesUsed } from "../js-api/pointers.js";
import { docComment, oneLine, wrapNumbers } from "../js-api/text.js";
import { fixedScratchWords } from "./scratch.js";
import { type StatementScope, writeBody } from "./statement.js";
import { spellings } from "./value.js";

const ELEMENT_ARRAYS = {
  u8: "Uint8Array",
  u16: "Uint16Array",
  u32: "Uint32Array",
  i8: "Int8Array",
  i16: "Int16Array",
  i32: "Int32Array",
} as const;

type Structure = Omit<FunctionDeclarationStructure, "kind"> & { readonly name: string };

export const jsBackend: Backend = {
  name: "js",
  async emit(program, target, header) {
    const { IndentationText, NewLineKind, Project } = await import("ts-morph");
    // No library files and no type checking: only the printer and the parser are wanted, and start-up time counts.
    const project = new Project({
      useInMemoryFileSystem: true,
      skipLoadingLibFiles: true,
      skipFileDependencyResolution: true,
      compilerOptions: { allowJs: true, noLib: true, types: [] },
      manipulationSettings: { indentationText: IndentationText.TwoSpaces, newLineKind: NewLineKind.LineFeed },
    });
    const module = project.createSourceFile(`${program.name}.js`, {
      statements: moduleStatements(program, target, header),
    });
    module.addFunctions(moduleFunctions(program));
    const declarations = project.createSourceFile(`${program.name}.d.ts`, {
      statements: [
        (writer) => writeLines(writer, headerComment(`${program.name}: types of ${program.name}.js.`, header)),
        (writer) => writer.write(`export declare const info: ${literalType(infoOf(program, target, header))};`),
      ],
    });
    declarations.addFunctions(
      publicFunctions(program).map((each, position) => ({
        ...declarationStructure(each),
        leadingTrivia: position === 0 ? "" : "\n",
      })),
    );
    for (const file of [module, declarations]) {
      const [problem] = project.getProgram().getSyntacticDiagnostics(file);
      if (problem !== undefined) {
        const text = problem.getMessageText();
        throw new InternalError(`${file.getBaseName()}: ${typeof text === "string" ? text : text.getMessageText()}`);
      }
    }
    return [module, declarations].map(artifactOf);
  },
};

function artifactOf(file: SourceFile): Artifact {
  return { path: file.getBaseName(), content: `${file.getFullText().trimEnd()}\n` };
}

type Writer = Parameters<WriterFunction>[0];

function writeLines(writer: Writer, lines: readonly string[]): void {
  for (const line of lines) writer.writeLine(line);
}

/** Everything of the module but its functions. */
function moduleStatements(program: WordProgram, target: Target, header: Header): WriterFunction[] {
  const names = moduleNames(program);
  const info = frozenLiteral(infoOf(program, target, header));
  return [
    (writer) =>
      writeLines(
        writer,
        headerComment(`${program.name}: a binary morphological network, packed 32 pixels a word.`, header),
      ),
    (writer) => {
      writer.blankLine().writeLine("/** What this module was made from. */").writeLine(`export const info = ${info};`);
    },
    ...(entryParameters(program).length === 0
      ? []
      : [(writer: Writer) => void writer.blankLine().writeLine(`const MAXIMUM_SIDE = ${MAXIMUM_SIDE};`)]),
    ...program.tables.map((table) => (writer: Writer) => {
      const type = ELEMENT_ARRAYS[table.element];
      writer.blankLine().writeLine(`// ${oneLine(table.comment)}`);
      writer.write(`const ${names.get(table.name)} = new ${type}([`).newLine();
      writer.indent(() => writeLines(writer, wrapNumbers(table.values)));
      writer.writeLine("]);");
    }),
    ...(entrySpaces(program).includes("scratch") ? [scratchStatement(program)] : []),
  ];
}

function scratchStatement(program: WordProgram): WriterFunction {
  const words = fixedScratchWords(program);
  return (writer) => {
    writer.blankLine();
    if (words !== null) {
      const enough = program.scratchWords.kind === "constant" ? [] : ["It is large enough for any picture."];
      writeLines(writer, docComment([...SCRATCH_DOCS, ...enough, ...FIXED_SCRATCH_DOCS]));
      writer.writeLine(`const ${FIXED_SCRATCH} = new Int32Array(${words});`);
    } else {
      writeLines(writer, docComment(SCRATCH_DOCS));
      writer.writeLine("let scratch = new Int32Array(0);");
    }
  };
}

/** Scratch of a size known now is a constant of the module, and no parameter. */
const FIXED_SCRATCH = "SCRATCH";

const SCRATCH_DOCS = [
  "Working memory, kept between calls; its content means nothing between calls. `run` never waits, so no two calls",
  "overlap: every worker has a module, and with it a scratch, of its own.",
];

const FIXED_SCRATCH_DOCS = [
  "Functions take it, like the tables, into a constant of their own before any loop: V8 then knows its address and length.",
];

/** Spelling of tables and functions, which share the module's scope with the API. */
function moduleNames(program: WordProgram): ReadonlyMap<string, string> {
  const entry = entryOf(program).name;
  const tables = program.tables.map(({ name }) => name);
  const functions = program.functions.map(({ name }) => name);
  const names = [...tables, ...functions];
  // Functions have tables in locals of the same name. The entry point is often called `run` too.
  const spelled = spellings(
    [...tables.map((name) => name.toUpperCase()), ...functions.map((name) => (name === entry ? "compute" : name))],
    new Set([...RESERVED, ...API_NAMES, ...RUN_NAMES]),
  );
  return new Map(names.map((name, position) => [name, spelled[position] ?? name]));
}

function moduleFunctions(program: WordProgram): Structure[] {
  const names = moduleNames(program);
  const helpers = [...helperFunctions(program), ...memoryHelpers(program)];
  return [
    { ...publicStructure(runSignature(program)), statements: (writer) => writeLines(writer, runBody(program, names)) },
    ...packingFunctions(program).map((each) => ({ ...publicStructure(each), ...helperBody(each) })),
    ...programFunctions(program, names),
    ...helpers.map((helper) => ({ ...helperStructure(helper), ...helperBody(helper) })),
  ];
}

function publicStructure(subject: ApiFunction): Structure {
  return { ...helperStructure(subject), isExported: true };
}

function helperStructure({ name, docs, parameters }: ApiFunction): Structure {
  return {
    name,
    ...(docs.length === 0 ? {} : { docs: [`\n${docs.join("\n")}`] }),
    parameters: parameters.map((parameter) => ({ name: parameter.name })),
  };
}

function helperBody({ body }: HelperFunction): { readonly statements: WriterFunction } {
  return { statements: (writer) => writeLines(writer, body) };
}

function publicFunctions(program: WordProgram): ApiFunction[] {
  return [runSignature(program), ...packingFunctions(program)];
}

function declarationStructure({ name, docs, parameters, result }: ApiFunction): Structure {
  return {
    name,
    isExported: true,
    hasDeclareKeyword: true,
    docs: [`\n${docs.join("\n")}`],
    parameters: parameters.map((parameter) => ({
      name: parameter.name,
      type: parameter.type,
      hasQuestionToken: parameter.isOptional ?? false,
    })),
    returnType: result,
  };
}

/** Checks, allocates, and hands views to the entry point. */
function runBody(program: WordProgram, names: ReadonlyMap<string, string>): string[] {
  const parameters = entrySpaces(program).filter((space) => isParameter(program, space));
  const views = parameters.map((space) => {
    if (space === "input" || space === "output") return `asInt32(${space})`;
    return resultName(space);
  });
  return [
    ...sizeChecks(program),
    inputCheck(program),
    ...resultArrays(program),
    ...(fixedScratchWords(program) !== null ? [] : [`reserve(${printSize(program, program.scratchWords)});`]),
    `${names.get(entryOf(program).name)}(${[...views, ...entryParameters(program)].join(", ")});`,
    ...returnResults(program),
  ];
}

function entryOf(program: WordProgram): WordFunction {
  const entry = program.functions.at(-1);
  if (entry === undefined) throw new InternalError("a program without functions");
  return entry;
}

function entrySpaces(program: WordProgram): readonly Space[] {
  return spacesUsed(program, "all").get(entryOf(program).name) ?? [];
}

function isParameter(program: WordProgram, space: Space): boolean {
  return space !== "scratch" || fixedScratchWords(program) === null;
}

function programFunctions(program: WordProgram, names: ReadonlyMap<string, string>): Structure[] {
  const used = spacesUsed(program, "all");
  const spacesOf = (name: string) => (used.get(name) ?? []).filter((space) => isParameter(program, space));
  const spellFunction = (name: string): string => names.get(name) ?? name;
  const taken = new Set([...RESERVED, ...API_NAMES, ...SPACES, ...names.values()]);
  return program.functions.map((subject) => {
    const tables = tablesOf(subject);
    const wanted = localNames(subject);
    const spelled = spellings([...wanted, ...tables], taken);
    const locals = new Map(wanted.map((name, position) => [name, spelled[position] ?? name]));
    const tableNames = new Map(tables.map((name, position) => [name, spelled[wanted.length + position] ?? name]));
    const scope: StatementScope = {
      spell: (name) => locals.get(name) ?? spellFunction(name),
      spellTable: (name) => tableNames.get(name) ?? name,
      spaces: pointerSpaces(subject),
      spacesOf,
      spellFunction,
    };
    return {
      name: spellFunction(subject.name),
      ...(subject.comment.length === 0 ? {} : { docs: [`\n${subject.comment.map(oneLine).join("\n")}`] }),
      parameters: [...spacesOf(subject.name), ...subject.parameters.map(({ name }) => scope.spell(name))].map(
        (name) => ({
          name,
        }),
      ),
      statements: (writer) => {
        if (!isParameter(program, "scratch") && accesses(subject, "scratch")) {
          writer.writeLine(`const scratch = ${FIXED_SCRATCH};`);
        }
        for (const table of tables) writer.writeLine(`const ${scope.spellTable(table)} = ${names.get(table)};`);
        writeBody(writer, scope, subject);
      },
    };
  });
}

/** Tables that a function reads. */
function tablesOf(subject: WordFunction): string[] {
  const tables = new Set<string>();
  visitFunction(subject, {
    index: (index) => {
      if (index.kind === "table") tables.add(index.table);
    },
    wide: (wide) => {
      if (wide.kind === "table") tables.add(wide.table);
    },
    word: (word) => {
      if (word.kind === "table") tables.add(word.table);
    },
  });
  return [...tables];
}

/** Names that a function binds. */
function localNames(subject: WordFunction): string[] {
  const names = subject.parameters.map(({ name }) => name);
  visitFunction(subject, {
    statement: (statement) => {
      if (statement.kind === "let") names.push(statement.name);
      else if (statement.kind === "for") names.push(statement.variable);
      else if (statement.kind === "call" && statement.result !== null) names.push(statement.result);
    },
  });
  return names;
}

/** Arrays, as parameters are called. */
const SPACES = ["input", "bytes", "output", "classes", "scores", "scratch"];

/** Names in the body of `run`, and functions that it or others call. */
const RUN_NAMES = [...SPACES, "levelSet", "limbs", "height", "width", "count", "into"];

/** Words that cannot name a binding in a module, and globals that the generated code uses. */
const RESERVED = (
  "arguments await break case catch class const continue debugger default delete do else enum eval export extends " +
  "false finally for function if implements import in instanceof interface let new null package private protected " +
  "public return static super switch this throw true try typeof undefined var void while with yield " +
  "Array BigInt Float64Array Int32Array Math Number Object RangeError String Symbol TypeError Uint16Array " +
  "Uint32Array Uint8Array Infinity NaN"
).split(" ");

const RESERVE: HelperFunction = {
  name: "reserve",
  docs: [],
  parameters: [{ name: "words", type: "number" }],
  result: "void",
  body: ["if (scratch.length < words) scratch = new Int32Array(words);"],
};

const LEVEL_SET: HelperFunction = {
  name: "levelSet",
  docs: ["Bit i is [bytes[first + i] >= threshold], of 32 bytes."],
  parameters: [
    { name: "bytes", type: "Uint8Array" },
    { name: "first", type: "number" },
    { name: "threshold", type: "number" },
  ],
  result: "number",
  body: [
    "let bits = 0;",
    "for (let bit = 0; bit < 32; bit++) bits |= (bytes[first + bit] >= threshold ? 1 : 0) << bit;",
    "return bits;",
  ],
};

function readsLevelSets(program: WordProgram): boolean {
  let found = false;
  for (const subject of program.functions) {
    visitFunction(subject, {
      word: (word) => {
        if (word.kind === "level-set") found = true;
      },
    });
  }
  return found;
}

const AS_INT32: HelperFunction = {
  name: "asInt32",
  docs: ["The same words, signed: numbers beyond 2^31 would cost the engine its integer arithmetic."],
  parameters: [{ name: "words", type: "Uint32Array" }],
  result: "Int32Array",
  body: ["return new Int32Array(words.buffer, words.byteOffset, words.length);"],
};

function memoryHelpers(program: WordProgram): HelperFunction[] {
  const spaces = entrySpaces(program);
  return [
    ...(fixedScratchWords(program) !== null ? [] : [RESERVE]),
    ...(readsLevelSets(program) ? [LEVEL_SET] : []),
    ...(spaces.includes("input") || spaces.includes("output") ? [AS_INT32] : []),
  ];
}
