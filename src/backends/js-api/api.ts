/**
 * The functions that a generated JavaScript module offers, and the helpers they need, as data: the JS backend builds
 * them with ts-morph, the WASM wrapper prints them as text, the declaration files take their signatures.
 */
import { multiply, variable } from "../../word/build.js";
import {
  acceptedSizes,
  entryParameters,
  type Index,
  MAXIMUM_SIDE,
  type Space,
  type WordProgram,
} from "../../word/node.js";
import { layoutOf } from "./layout.js";
import { scoreFunctions } from "./scores.js";
import { printIndex } from "./text.js";

export interface ApiParameter {
  readonly name: string;
  /** TypeScript type. */
  readonly type: string;
  readonly isOptional?: true;
}

export interface ApiFunction {
  readonly name: string;
  readonly docs: readonly string[];
  readonly parameters: readonly ApiParameter[];
  /** TypeScript type. */
  readonly result: string;
}

export interface HelperFunction extends ApiFunction {
  /** Lines, indented by two spaces a level from column 0. */
  readonly body: readonly string[];
}

/** Names of the public functions and of everything else that the printed API defines or may define. */
export const API_NAMES = [
  "run",
  "pack",
  "unpack",
  "info",
  "load",
  "MAXIMUM_SIDE",
  "checkSize",
  "checkArray",
  "checkResult",
  "packRows",
  "unpackRows",
  "decodeScores",
  "activate",
  "tanh",
  "sigmoid",
  "erf",
  "arctan",
  "step",
  "identity",
  "reserve",
  "SCRATCH",
  "asInt32",
  "modulo",
] as const;

/** An index over the entry point's parameters, as JavaScript. */
export function printSize(program: WordProgram, index: Index): string {
  return printIndex(index, (name) => name, program.lanes).text;
}

export function inputName(program: WordProgram): "input" | "bytes" {
  return program.interface.samples === "bits" ? "input" : "bytes";
}

function sizeParameters(program: WordProgram): ApiParameter[] {
  return entryParameters(program).map((name) => ({ name, type: "number" }));
}

/** `run`, without its body. */
export function runSignature(program: WordProgram): ApiFunction {
  const { interface: boundary } = program;
  const name = inputName(program);
  const perPicture = boundary.kind === "samples" ? " of each sample, one sample after the other" : "";
  const rows =
    boundary.samples === "bits"
      ? "rows of ⌈width / 32⌉ words; bit i of word j is the pixel in column 32·j + i"
      : "rows of `width` bytes, one byte a pixel";
  return {
    name: "run",
    docs: [
      "Runs the network.",
      "",
      `@param ${name} the ${planes(boundary.inputChannels)}${perPicture}, row-major: ${rows}`,
      ...sizeDocs(program),
      "@param into what an earlier call for the same sizes returned, to be overwritten and returned again: no memory is",
      "allocated then; it may not share memory with the input",
      ...resultDocs(program),
      "@throws {TypeError | RangeError} when an argument has the wrong type, length or size",
    ],
    parameters: [
      { name, type: name === "input" ? "Uint32Array" : "Uint8Array" },
      ...sizeParameters(program),
      { name: "into", type: runResult(program), isOptional: true },
    ],
    result: runResult(program),
  };
}

function planes(channels: number): string {
  return channels === 1 ? "channel" : `${channels} channels one after the other`;
}

function sizeDocs(program: WordProgram): string[] {
  return entryParameters(program).map((name) =>
    name === "count"
      ? `@param count number of samples, 1 … ${MAXIMUM_SIDE}`
      : `@param ${name} pixels of the input, 1 … ${MAXIMUM_SIDE}`,
  );
}

function resultDocs(program: WordProgram): string[] {
  const { interface: boundary } = program;
  if (boundary.kind === "images") {
    const halved = boundary.outputHalvings === 0 ? "" : `, each side halved (rounded down) ${boundary.outputHalvings}×`;
    return [`@returns the output's ${planes(boundary.outputChannels)}, packed like an input of bits${halved}`];
  }
  const { output } = boundary;
  if (output.kind === "bits") {
    return [`@returns \`output\`: ${output.length} bits in ⌈${output.length} / 32⌉ words per sample`];
  }
  return [
    "@returns per sample: in `classes` the class (the first one with the greatest score); in `scores` the score of each",
    `of the ${output.classes} classes after its activation; in \`limbs\` the exact pre-activations:`,
    output.limbs === 1
      ? `z = 2^${output.exponent} · limb`
      : `z = 2^${output.exponent} · Σ limb[k] · 2^(${output.limbBits}·k), ${output.limbs} limbs a class, least significant first`,
  ];
}

function runResult(program: WordProgram): string {
  const { interface: boundary } = program;
  if (boundary.kind === "images") return "Uint32Array";
  return boundary.output.kind === "bits"
    ? "{ output: Uint32Array }"
    : "{ classes: Uint32Array; scores: Float64Array; limbs: Int32Array }";
}

/** `pack` for inputs of bits, `unpack` for outputs of bits. */
export function packingFunctions(program: WordProgram): HelperFunction[] {
  const layout = layoutOf(program);
  const size = (index: Index): string => printSize(program, index);
  const checks = sizeChecks(program);
  const { interface: boundary } = program;
  const functions: HelperFunction[] = [];
  if (boundary.samples === "bits") {
    const rows = size(layout.inputRows);
    const width = size(layout.inputWidth);
    functions.push({
      name: "pack",
      docs: [
        "Packs an input: one byte a pixel, 0 for a clear one and any other value for a set one, in the order of `run`.",
        "",
        ...sizeDocs(program),
      ],
      parameters: [{ name: "pixels", type: "Uint8Array" }, ...sizeParameters(program)],
      result: "Uint32Array",
      body: [
        ...checks,
        `checkArray("pixels", pixels, "Uint8Array", ${product(rows, width)});`,
        `return packRows(pixels, ${rows}, ${width});`,
      ],
    });
  }
  if (layout.packedResult !== null) {
    const rows = size(layout.packedResult.rows);
    const width = size(layout.packedResult.width);
    const [result] = layout.results;
    functions.push({
      name: "unpack",
      docs: [
        "Unpacks an output: one byte, 0 or 1, a bit. The sizes are those given to `run`.",
        "",
        ...sizeDocs(program),
      ],
      parameters: [{ name: "words", type: "Uint32Array" }, ...sizeParameters(program)],
      result: "Uint8Array",
      body: [
        ...checks,
        `checkArray("words", words, "Uint32Array", ${result === undefined ? "0" : size(result.length)});`,
        `return unpackRows(words, ${rows}, ${width});`,
      ],
    });
  }
  return functions;
}

const isNumber = (text: string): boolean => /^\d+$/u.test(text);
const factor = (text: string): string => (/^[\w.]+$/u.test(text) ? text : `(${text})`);

function product(left: string, right: string): string {
  if (isNumber(left) && isNumber(right)) return String(Number(left) * Number(right));
  return `${factor(left)} * ${factor(right)}`;
}

/** Statements that check the sizes given to a public function. */
export function sizeChecks(program: WordProgram): string[] {
  return entryParameters(program).map((name) => {
    const { least, greatest } = acceptedSizes(program, name);
    return `checkSize("${name}", ${name}, ${least}, ${greatest === MAXIMUM_SIDE ? "MAXIMUM_SIDE" : greatest});`;
  });
}

/** Statement that checks the input of `run`. */
export function inputCheck(program: WordProgram): string {
  const name = inputName(program);
  const type = name === "input" ? "Uint32Array" : "Uint8Array";
  return `checkArray("${name}", ${name}, "${type}", ${printSize(program, layoutOf(program).input.length)});`;
}

/** Statements that name the arrays of the results: those of `into`, after a check, or new ones. */
export function resultArrays(program: WordProgram): string[] {
  const input = inputName(program);
  const arrays = resultsOf(program);
  const { interface: boundary } = program;
  const isWhole = boundary.kind === "images";
  const checks = arrays.map(
    ({ name, type, length }) =>
      `checkResult("into${isWhole ? "" : `.${name}`}", into${isWhole ? "" : `.${name}`}, "${type}", ${length}, ${input});`,
  );
  const [only] = checks;
  return [
    ...(checks.length === 1
      ? [`if (into !== undefined) ${only}`]
      : ["if (into !== undefined) {", ...checks.map((check) => `  ${check}`), "}"]),
    ...arrays.map(
      ({ name, type, length }) => `const ${name} = ${isWhole ? "into" : `into?.${name}`} ?? new ${type}(${length});`,
    ),
  ];
}

interface ResultArray {
  readonly name: string;
  readonly type: string;
  /** JavaScript. */
  readonly length: string;
}

function resultsOf(program: WordProgram): ResultArray[] {
  const { interface: boundary } = program;
  const filled = layoutOf(program).results.map(({ space, length }) => ({
    name: resultName(space),
    type: resultType(space),
    length: printSize(program, length),
  }));
  if (boundary.kind === "images" || boundary.output.kind === "bits") return filled;
  const scores = multiply(variable("count"), boundary.output.classes);
  return [...filled, { name: "scores", type: "Float64Array", length: printSize(program, scores) }];
}

/** Array type of a space of results. */
export function resultType(space: Space): "Int32Array" | "Uint32Array" {
  return space === "scores" ? "Int32Array" : "Uint32Array";
}

/** Functions that are not exported but called by the ones above and by the body of `run`. */
export function helperFunctions(program: WordProgram): HelperFunction[] {
  const { interface: boundary } = program;
  const helpers: HelperFunction[] = [];
  if (entryParameters(program).length > 0) helpers.push(CHECK_SIZE);
  helpers.push(CHECK_ARRAY, CHECK_RESULT);
  if (boundary.samples === "bits") helpers.push(PACK_ROWS);
  if (layoutOf(program).packedResult !== null) helpers.push(UNPACK_ROWS);
  if (boundary.kind === "samples" && boundary.output.kind === "scores")
    helpers.push(...scoreFunctions(boundary.output));
  return helpers;
}

const CHECK_SIZE: HelperFunction = {
  name: "checkSize",
  docs: [],
  parameters: [
    { name: "name", type: "string" },
    { name: "value", type: "number" },
    { name: "least", type: "number" },
    { name: "greatest", type: "number" },
  ],
  result: "void",
  body: [
    "if (!Number.isInteger(value) || value < least || value > greatest) {",
    '  const range = least === greatest ? String(least) : least + " … " + greatest;',
    "  throw new RangeError(`${name} must be ${range}, got ${String(value)}`);",
    "}",
  ],
};

const CHECK_ARRAY: HelperFunction = {
  name: "checkArray",
  docs: ["The tag, unlike instanceof, also knows the arrays of another frame or context."],
  parameters: [
    { name: "name", type: "string" },
    { name: "array", type: "ArrayLike<number>" },
    { name: "type", type: "string" },
    { name: "length", type: "number" },
  ],
  result: "void",
  body: [
    "if (array?.[Symbol.toStringTag] !== type) throw new TypeError(`${name} must be a ${type}`);",
    "if (array.length !== length) {",
    "  throw new RangeError(`${name} must have ${length} elements, got ${array.length}`);",
    "}",
  ],
};

const CHECK_RESULT: HelperFunction = {
  name: "checkResult",
  docs: [],
  parameters: [
    { name: "name", type: "string" },
    { name: "array", type: "Uint32Array | Int32Array | Float64Array" },
    { name: "type", type: "string" },
    { name: "length", type: "number" },
    { name: "input", type: "Uint32Array | Uint8Array" },
  ],
  result: "void",
  body: [
    "checkArray(name, array, type, length);",
    "const isBefore = array.byteOffset + array.byteLength <= input.byteOffset;",
    "const isBehind = array.byteOffset >= input.byteOffset + input.byteLength;",
    "if (array.buffer !== input.buffer || isBefore || isBehind) return;",
    "throw new RangeError(`${name} must not share memory with the input`);",
  ],
};

const PACK_ROWS: HelperFunction = {
  name: "packRows",
  docs: [],
  parameters: [
    { name: "pixels", type: "Uint8Array" },
    { name: "rows", type: "number" },
    { name: "width", type: "number" },
  ],
  result: "Uint32Array",
  body: [
    "const words = new Uint32Array(rows * ((width + 31) >>> 5));",
    "let pixel = 0;",
    "let at = 0;",
    "for (let row = 0; row < rows; row++) {",
    "  for (let first = 0; first < width; first += 32) {",
    "    const count = Math.min(32, width - first);",
    "    let word = 0;",
    "    // The sign of −x tells whether a byte x is set, without a branch.",
    "    for (let bit = 0; bit < count; bit++) word |= (-pixels[pixel++] >>> 31) << bit;",
    "    words[at++] = word;",
    "  }",
    "}",
    "return words;",
  ],
};

const UNPACK_ROWS: HelperFunction = {
  name: "unpackRows",
  docs: [],
  parameters: [
    { name: "words", type: "Uint32Array" },
    { name: "rows", type: "number" },
    { name: "width", type: "number" },
  ],
  result: "Uint8Array",
  body: [
    "const bits = new Uint8Array(rows * width);",
    "let pixel = 0;",
    "let at = 0;",
    "for (let row = 0; row < rows; row++) {",
    "  for (let first = 0; first < width; first += 32) {",
    "    const count = Math.min(32, width - first);",
    "    const word = words[at++];",
    "    for (let bit = 0; bit < count; bit++) bits[pixel++] = (word >>> bit) & 1;",
    "  }",
    "}",
    "return bits;",
  ],
};

/** The end of `run`, for results held in the variables of {@link resultArrays}. */
export function returnResults(program: WordProgram): string[] {
  const { interface: boundary } = program;
  if (boundary.kind === "images") return ["return output;"];
  if (boundary.output.kind === "bits") return ["return into ?? { output };"];
  return ["decodeScores(limbs, scores);", "return into ?? { classes, scores, limbs };"];
}

/** Name of the variable that holds a result in the body of `run`. */
export function resultName(space: Space): string {
  return space === "scores" ? "limbs" : space;
}
