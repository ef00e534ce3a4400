/**
 * The functions that a generated JavaScript module offers, and the helpers they need, as data: the JS backend builds
 * them with ts-morph, the WASM wrapper prints them as text, the declaration files take their signatures.
 */
import { acceptedSizes, entryParameters, type Index, MAXIMUM_SIDE, type WordProgram } from "../../word/node.js";
import { layoutOf } from "./layout.js";
import { scoreFunctions } from "./scores.js";
import { printIndex } from "./text.js";

export interface ApiParameter {
  readonly name: string;
  /** TypeScript type. */
  readonly type: string;
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
      ...resultDocs(program),
      "@throws {TypeError | RangeError} when an argument has the wrong type, length or size",
    ],
    parameters: [{ name, type: name === "input" ? "Uint32Array" : "Uint8Array" }, ...sizeParameters(program)],
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

/** Functions that are not exported but called by the ones above and by the body of `run`. */
export function helperFunctions(program: WordProgram): HelperFunction[] {
  const { interface: boundary } = program;
  const helpers: HelperFunction[] = [];
  if (entryParameters(program).length > 0) helpers.push(CHECK_SIZE);
  helpers.push(CHECK_ARRAY);
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

/** The return statement of `run` for results held in variables named after their spaces. */
export function returnResults(program: WordProgram): string {
  const { interface: boundary } = program;
  if (boundary.kind === "images") return "return output;";
  if (boundary.output.kind === "bits") return "return { output };";
  return "return { classes, scores: decodeScores(limbs), limbs };";
}

/** Name of the variable that holds a result in the body of `run`. */
export function resultName(space: string): string {
  return space === "scores" ? "limbs" : space;
}
