/** The ES module that loads a generated WASM module, and its declarations. */
import type { Target } from "../../target/target.js";
import { entryParameters, type Index, MAXIMUM_SIDE, type WordProgram } from "../../word/node.js";
import type { Header } from "../backend.js";
import {
  type ApiFunction,
  type HelperFunction,
  helperFunctions,
  inputCheck,
  inputName,
  packingFunctions,
  printSize,
  resultArrays,
  resultName,
  resultType,
  returnResults,
  runSignature,
  sizeChecks,
} from "../js-api/api.js";
import { frozenLiteral, headerComment, infoOf, literalType } from "../js-api/header.js";
import { type BoundaryArray, layoutOf } from "../js-api/layout.js";
import { docComment } from "../js-api/text.js";
import { ALIGNMENT, heapBase, STAMP_SECTION } from "./module.js";

const LOAD_DOCS = [
  "Loads the module. Each call makes an instance with a memory of its own, which grows with the largest picture seen.",
  "`run` never waits, so calls of one instance do not overlap.",
  "",
  "@param source the module: its bytes, a Response, a URL (object or text), a compiled WebAssembly.Module, or a promise",
  "of one of these; the .wasm file next to this one if absent",
  "@throws {Error} when the file cannot be read or is another one than this wrapper was made for",
];

/** What the custom section of a module says; the wrapper refuses another module. */
export function stampOf(program: WordProgram, target: Target, header: Header): string {
  return JSON.stringify(infoOf(program, target, header));
}

export function printWrapper(program: WordProgram, target: Target, header: Header): string {
  const what = `${program.name}: loads ${program.name}.wasm, a binary morphological network.`;
  const packing = packingFunctions(program);
  const loaded = ["run", ...packing.map(({ name }) => name), "info"];
  const lines = [
    ...headerComment(what, header),
    "",
    "/** What the module was made from. */",
    `export const info = ${frozenLiteral(infoOf(program, target, header))};`,
    "",
    ...(entryParameters(program).length === 0 ? [] : [`const MAXIMUM_SIDE = ${MAXIMUM_SIDE};`, ""]),
    ...docComment(LOAD_DOCS),
    "export async function load(source) {",
    `  const module = await compile((await source) ?? new URL("./${program.name}.wasm", import.meta.url));`,
    "  checkStamp(module);",
    "  const { exports } = await WebAssembly.instantiate(module, {});",
    ...indent(docComment(runSignature(program).docs)),
    ...indent(printFunction({ ...runSignature(program), body: runBody(program) })),
    `  return Object.freeze({ ${loaded.join(", ")} });`,
    "}",
    ...packing.flatMap((each) => ["", ...docComment(each.docs), ...printFunction(each, "export ")]),
    ...helperFunctions(program).flatMap(printHelper),
    ...[reserve(program), ...LOADERS].flatMap(printHelper),
  ];
  return `${lines.join("\n")}\n`;
}

const indent = (lines: readonly string[]): string[] => lines.map((line) => (line === "" ? "" : `  ${line}`));

function printFunction({ name, parameters, body }: HelperFunction, prefix = ""): string[] {
  const list = parameters.map((parameter) => parameter.name).join(", ");
  return [`${prefix}function ${name}(${list}) {`, ...indent(body), "}"];
}

function printHelper(helper: HelperFunction): string[] {
  const docs = helper.docs.length === 0 ? [] : docComment(helper.docs);
  return ["", ...docs, ...printFunction(helper, helper.result.startsWith("Promise") ? "async " : "")];
}

/** Places the arrays one after the other, copies the input in, calls, and copies the results out. */
function runBody(program: WordProgram): string[] {
  const layout = layoutOf(program);
  const scratch: BoundaryArray = { space: "scratch", length: layout.scratchWords };
  const size = (index: Index): string => printSize(program, index);
  const input = inputName(program);
  const placed: string[] = [];
  const spaces = [layout.input, ...layout.results, scratch];
  let start = String(heapBase(program));
  for (const { space, length } of spaces) {
    const bytes =
      space === "bytes"
        ? size(length)
        : size({ kind: "multiply", left: length, right: { kind: "constant", value: 4 } });
    placed.push(`const ${space}At = ${start};`);
    start = `align(${space}At + ${bytes})`;
  }
  const addresses = [...spaces.map(({ space }) => `${space}At`), ...entryParameters(program)];
  const sizes = entryParameters(program).map((name) => `${name} \${${name}}`);
  return [
    ...sizeChecks(program),
    inputCheck(program),
    ...resultArrays(program),
    ...placed,
    `const end = ${start};`,
    `if (end > exports.memory.buffer.byteLength) reserve(exports.memory, end${sizes.length === 0 ? "" : `, \`${sizes.join(", ")}\``});`,
    "const { buffer } = exports.memory;",
    `new ${input === "input" ? "Uint32Array" : "Uint8Array"}(buffer).set(${input}, ${input}At${input === "input" ? " / 4" : ""});`,
    `exports.run(${addresses.join(", ")});`,
    ...layout.results.map(
      ({ space, length }) => `${resultName(space)}.set(new ${resultType(space)}(buffer, ${space}At, ${size(length)}));`,
    ),
    ...returnResults(program),
  ];
}

/** Grows the memory; sizes that need more than there can be are the caller's mistake. */
function reserve(program: WordProgram): HelperFunction {
  const sized = entryParameters(program).length > 0;
  const subject = sized ? `${program.name} at \${sizes}` : program.name;
  return {
    name: "reserve",
    docs: [],
    parameters: [
      { name: "memory", type: "WebAssembly.Memory" },
      { name: "bytes", type: "number" },
      ...(sized ? [{ name: "sizes", type: "string" }] : []),
    ],
    result: "void",
    body: [
      "try {",
      "  memory.grow(Math.ceil((bytes - memory.buffer.byteLength) / 65536));",
      "} catch {",
      `  throw new RangeError(\`${subject} needs \${bytes} bytes of memory, more than can be had\`);`,
      "}",
    ],
  };
}

const LOADERS: readonly HelperFunction[] = [
  {
    name: "align",
    docs: [],
    parameters: [{ name: "bytes", type: "number" }],
    result: "number",
    body: [`return Math.ceil(bytes / ${ALIGNMENT}) * ${ALIGNMENT};`],
  },
  {
    name: "compile",
    docs: [],
    parameters: [{ name: "source", type: "WasmSource" }],
    result: "Promise<WebAssembly.Module>",
    body: [
      "if (source instanceof WebAssembly.Module) return source;",
      'if (typeof source === "string" || typeof source.href === "string") {',
      "  return WebAssembly.compile(await readAddress(new URL(source, import.meta.url)));",
      "}",
      'return WebAssembly.compile(typeof source.arrayBuffer === "function" ? await readResponse(source) : source);',
    ],
  },
  {
    name: "readAddress",
    docs: [],
    parameters: [{ name: "url", type: "URL" }],
    result: "Promise<ArrayBuffer | Uint8Array>",
    body: [
      'if (url.protocol !== "file:" || typeof process === "undefined") return readResponse(await fetch(url));',
      "// Node's fetch does not read files. The name is kept from bundlers, which would look for the module.",
      'const fileSystem = "node:fs/promises";',
      "const { readFile } = await import(/* webpackIgnore: true */ /* @vite-ignore */ fileSystem);",
      "return readFile(url);",
    ],
  },
  {
    name: "readResponse",
    docs: [],
    parameters: [{ name: "response", type: "Response" }],
    result: "Promise<ArrayBuffer>",
    body: [
      "if (response.ok === false) throw new Error(`${response.url}: HTTP status ${response.status}`);",
      "return response.arrayBuffer();",
    ],
  },
  {
    name: "checkStamp",
    docs: ["A module whose custom sections were stripped is taken on trust."],
    parameters: [{ name: "module", type: "WebAssembly.Module" }],
    result: "void",
    body: [
      `const [section] = WebAssembly.Module.customSections(module, "${STAMP_SECTION}");`,
      "if (section === undefined || new TextDecoder().decode(section) === JSON.stringify(info)) return;",
      "throw new Error(`this module was not made together with the wrapper of ${info.name}`);",
    ],
  },
];

export function printWrapperTypes(program: WordProgram, target: Target, header: Header): string {
  const packing = packingFunctions(program);
  const lines = [
    ...headerComment(`${program.name}: types of ${program.name}.wasm.js.`, header),
    "",
    `export declare const info: ${literalType(infoOf(program, target, header))};`,
    "",
    "/** A compiled `WebAssembly.Module`, whose type not every TypeScript library knows. */",
    "export type CompiledModule = object;",
    "",
    "export type WasmSource =",
    "  | ArrayBuffer",
    "  | ArrayBufferView",
    "  | { arrayBuffer(): Promise<ArrayBuffer> }",
    "  | { readonly href: string }",
    "  | string",
    "  | CompiledModule;",
    "",
    "/** A loaded network. */",
    "export interface Network {",
    ...[runSignature(program), ...packing].flatMap((each) => [
      ...indent(docComment(each.docs)),
      `  ${printSignature(each)}`,
    ]),
    "  readonly info: typeof info;",
    "}",
    "",
    ...docComment(LOAD_DOCS),
    "export declare function load(source?: WasmSource | Promise<WasmSource>): Promise<Network>;",
    ...packing.flatMap((each) => ["", ...docComment(each.docs), `export declare function ${printSignature(each)}`]),
  ];
  return `${lines.join("\n")}\n`;
}

function printSignature({ name, parameters, result }: ApiFunction): string {
  const list = parameters.map((each) => `${each.name}${each.isOptional === true ? "?" : ""}: ${each.type}`);
  return `${name}(${list.join(", ")}): ${result};`;
}
