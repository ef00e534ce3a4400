/** Sizes of a program's pictures and buffers, as macros of its header. */
import { InternalError, unreachable } from "../../diagnostics.js";
import { wordsFor } from "../../morph/bit-image.js";
import { constant, multiply, shiftRightIndex, variable, wordsForIndex } from "../../word/build.js";
import { entryParameters, type Index, type WordProgram } from "../../word/node.js";
import { foldIndex } from "./expression.js";
import type { FileNames } from "./names.js";
import { binary, type Expression, LINE_WIDTH, primary, wrapLine } from "./text.js";

export interface SizeMacro {
  /** Without the model's prefix. */
  readonly name: string;
  /** May name the entry point's parameters. */
  readonly value: Index;
  readonly comment: string;
}

function macro(name: string, value: number | null, comment: string): SizeMacro[] {
  return value === null ? [] : [{ name, value: constant(value), comment }];
}

/** Sizes that are numbers whatever the arguments. */
export function constantMacros(program: WordProgram): SizeMacro[] {
  const contract = program.interface;
  const input = [
    ...macro("INPUT_CHANNELS", contract.inputChannels, "Channels of an input picture."),
    ...macro("HEIGHT", contract.height, "Rows of an input picture."),
    ...macro("WIDTH", contract.width, "Columns of an input picture."),
  ];
  if (contract.kind === "images") {
    return [...input, ...macro("OUTPUT_CHANNELS", contract.outputChannels, "Channels of the output.")];
  }
  const { output } = contract;
  switch (output.kind) {
    case "bits":
      return [...input, ...macro("OUTPUT_BITS", output.length, "Bits of the answer for one sample.")];
    case "scores":
      return [
        ...input,
        ...macro("CLASSES", output.classes, "Number of classes."),
        ...macro("LIMBS", output.limbs, "Integers that make one score."),
      ];
    default:
      return unreachable(output);
  }
}

/** Sizes of the caller's buffers, from the entry point's parameters. */
export function sizeMacros(program: WordProgram): SizeMacro[] {
  const contract = program.interface;
  const height = contract.height === null ? variable("height") : constant(contract.height);
  const width = contract.width === null ? variable("width") : constant(contract.width);
  const pictures = contract.kind === "samples" ? variable("count") : constant(1);
  const line = contract.samples === "bits" ? wordsForIndex(width) : width;
  const inputSize = multiply(pictures, multiply(multiply(contract.inputChannels, height), line));
  return [
    contract.samples === "bits"
      ? { name: "INPUT_WORDS", value: inputSize, comment: "Words of the input." }
      : { name: "INPUT_BYTES", value: inputSize, comment: "Bytes of the input." },
    ...outputMacros(program, height, width),
    {
      name: "SCRATCH_WORDS",
      value: atLeastOne(foldIndex(withLanes(program.scratchWords, program.lanes), program.lanes)),
      comment: "Words of working memory.",
    },
  ];
}

function outputMacros(program: WordProgram, height: Index, width: Index): SizeMacro[] {
  const contract = program.interface;
  if (contract.kind === "images") {
    const outputHeight = shiftRightIndex(height, contract.outputHalvings);
    const outputWidth = shiftRightIndex(width, contract.outputHalvings);
    const words = multiply(multiply(contract.outputChannels, outputHeight), wordsForIndex(outputWidth));
    const sizes: SizeMacro[] = [
      { name: "OUTPUT_HEIGHT", value: outputHeight, comment: "Rows of the output." },
      { name: "OUTPUT_WIDTH", value: outputWidth, comment: "Columns of the output." },
    ];
    return [
      ...(contract.outputHalvings === 0 ? [] : sizes),
      { name: "OUTPUT_WORDS", value: words, comment: "Words of the output." },
    ];
  }
  const { output } = contract;
  const count = variable("count");
  switch (output.kind) {
    case "bits":
      return [
        { name: "OUTPUT_WORDS", value: multiply(count, wordsFor(output.length)), comment: "Words of the output." },
      ];
    case "scores":
      return [
        {
          name: "SCORE_LIMBS",
          value: multiply(count, output.classes * output.limbs),
          comment: "Integers of the scores.",
        },
      ];
    default:
      return unreachable(output);
  }
}

/** C has no arrays without elements. */
function atLeastOne(size: Index): Index {
  return size.kind === "constant" && size.value === 0 ? constant(1) : size;
}

/** The caller's memory must suffice for every build of the file, so it is measured for all lanes. */
function withLanes(index: Index, lanes: number): Index {
  switch (index.kind) {
    case "constant":
    case "variable":
    case "table":
      return index;
    case "lanes":
      return constant(lanes);
    case "add":
    case "subtract":
    case "multiply":
    case "minimum":
    case "maximum":
      return { ...index, left: withLanes(index.left, lanes), right: withLanes(index.right, lanes) };
    case "shift-right":
    case "low-bits":
      return { ...index, value: withLanes(index.value, lanes) };
    default:
      return unreachable(index);
  }
}

/** `NAME_X` or, where the size depends on arguments, `NAME_X(height, width)` with the given arguments. */
export function sizeText(
  program: WordProgram,
  names: FileNames,
  size: string,
  parameters: readonly string[] = entryParameters(program),
): string {
  const name = `${names.macro}_${size}`;
  return isParametric(program, size) ? `${name}(${parameters.join(", ")})` : name;
}

function isParametric(program: WordProgram, size: string): boolean {
  return entryParameters(program).length > 0 && sizeMacros(program).some((each) => each.name === size);
}

/** `#define` of a size; arguments are converted to size_t, so that their product does not overflow an int. */
export function defineSize(names: FileNames, size: SizeMacro, parameters: readonly string[]): string[] {
  const list = parameters.length === 0 ? "" : `(${parameters.join(", ")})`;
  const value = macroIndex(size.value);
  const isNumber = size.value.kind === "constant";
  const text = `#define ${names.macro}_${size.name}${list} ${isNumber ? value.text : `(${value.text})`}`;
  const lines = wrapLine(text, LINE_WIDTH - 2);
  return lines.map((line, position) => (position < lines.length - 1 ? `${line} \\` : line));
}

function macroIndex(index: Index): Expression {
  switch (index.kind) {
    case "constant":
      return primary(index.value > 32767 ? `${index.value}u` : String(index.value));
    case "variable":
      return primary(`(size_t)(${index.name})`);
    case "add":
      return binary("+", macroIndex(index.left), macroIndex(index.right));
    case "subtract":
      return binary("-", macroIndex(index.left), macroIndex(index.right));
    case "multiply":
      return binary("*", macroIndex(index.left), macroIndex(index.right));
    case "minimum":
    case "maximum": {
      const [left, right] = [macroIndex(index.left), macroIndex(index.right)];
      const test = binary(index.kind === "minimum" ? "<" : ">", left, right).text;
      return primary(`(${test} ? ${left.text} : ${right.text})`);
    }
    case "shift-right":
      return binary(">>", macroIndex(index.value), primary(String(index.amount)));
    case "low-bits":
      return binary("&", macroIndex(index.value), primary(String(2 ** index.bits - 1)));
    case "lanes":
    case "table":
      throw new InternalError(`a buffer size cannot depend on ${index.kind}`);
    default:
      return unreachable(index);
  }
}
