/** The public header: what an engineer reads before calling the network. */
import { unreachable } from "../../diagnostics.js";
import { entryParameters, MAXIMUM_SIDE, type SampleInterface, type WordProgram } from "../../word/node.js";
import type { Header } from "../backend.js";
import { constantMacros, defineSize, sizeMacros, sizeText } from "./interface.js";
import type { FileNames } from "./names.js";
import { companionFunctions } from "./packing.js";
import { blockComment, commentText, documented, wrapLine } from "./text.js";

export function printHeaderFile(program: WordProgram, names: FileNames, header: Header): string {
  const guard = `${names.macro}_H`;
  const lines = [
    ...fileComment(program, header, "a binary morphological neural network as packed bit code."),
    `#ifndef ${guard}`,
    `#define ${guard}`,
    "",
    "#include <stddef.h>",
    "#include <stdint.h>",
    "",
    "#ifdef __cplusplus",
    'extern "C" {',
    "#endif",
    "",
    ...blockComment(["Return codes."]),
    `#define ${names.macro}_OK 0`,
    `#define ${names.macro}_ERROR_SIZE 1`,
    "",
    ...blockComment([maximumComment(program)]),
    `#define ${names.maximum} ${MAXIMUM_SIDE}u`,
    "",
    ...constantMacros(program).flatMap((macro) => documented([macro.comment], defineSize(names, macro, []))),
    "",
    ...sizeMacros(program).flatMap((macro) =>
      documented([macro.comment], defineSize(names, macro, entryParameters(program))),
    ),
    "",
    ...blockComment(runComment(program, names)),
    ...wrapLine(`${runPrototype(program, names, "")};`),
    ...companionFunctions(program, names).flatMap(({ comment, prototype }) =>
      ["", documented([comment.join(" ")], wrapLine(`${prototype};`))].flat(),
    ),
    "",
    "#ifdef __cplusplus",
    "}",
    "#endif",
    "",
    "#endif",
  ];
  return `${lines.join("\n")}\n`;
}

/** What every generated file says of itself. */
export function fileComment(program: WordProgram, header: Header, purpose: string): string[] {
  const license = header.license === null ? [] : [`/* SPDX-License-Identifier: ${commentText(header.license)} */`];
  return [
    ...license,
    ...blockComment([
      `${program.name}: ${purpose}`,
      "",
      `Made by ${header.tool} from the model with SHA-256`,
      `${header.modelSha256}.`,
      `Options: ${header.options === "" ? "none" : header.options}`,
      `Grade: ${header.grade}`,
      ...scoreNote(program),
    ]),
  ];
}

function scoreNote(program: WordProgram): string[] {
  if (program.interface.kind === "images" || program.interface.output.kind === "bits") return [];
  const activations = [...new Set(program.interface.output.activation)].join(", ");
  return [`Scores are pre-activations; the model applies to them: ${activations}.`];
}

function maximumComment(program: WordProgram): string {
  const names = entryParameters(program);
  if (names.length === 0) return "Largest side of a picture.";
  return `Largest ${names.join(" and ")}.`;
}

/** `qualifier` stands before each buffer's name: `restrict ` in the definition, nothing in the header. */
export function runPrototype(program: WordProgram, names: FileNames, qualifier: "" | "restrict "): string {
  const pointer = (type: string, name: string): string => `${type} *${qualifier}${name}`;
  const contract = program.interface;
  const input = contract.samples === "bits" ? pointer("const uint32_t", "input") : pointer("const uint8_t", "bytes");
  const isScored = contract.kind === "samples" && contract.output.kind === "scores";
  const results = isScored
    ? [pointer("uint32_t", "classes"), pointer("int32_t", "scores")]
    : [pointer("uint32_t", "output")];
  const sizes = entryParameters(program).map((name) => `size_t ${name}`);
  const parameters = [input, ...sizes, ...results, pointer("uint32_t", "scratch")];
  return `int ${names.model}_run(${parameters.join(", ")})`;
}

function runComment(program: WordProgram, names: FileNames): string[] {
  const size = (macro: string): string => sizeText(program, names, macro);
  return [
    `${inputComment(program, size)} ${outputComment(program, size)}`,
    "",
    `\`scratch\` holds ${size("SCRATCH_WORDS")} words, whose content means nothing before and after. ` +
      `${program.lanes === 16 ? "It is fastest at a multiple of 64 bytes. " : ""}The buffers must` +
      " not overlap. Nothing else is read or written, so calls with buffers of their own may run at the same time.",
    "",
    returnComment(program, names),
  ];
}

function inputComment(program: WordProgram, size: (macro: string) => string): string {
  const contract = program.interface;
  const many =
    contract.kind === "samples" ? "holds `count` pictures one after the other, each with its" : "holds the picture's";
  if (contract.samples === "bytes") {
    return (
      `\`bytes\` ${many} channels one after the other, row by row, one byte per pixel: ` +
      `${size("INPUT_BYTES")} bytes in all.`
    );
  }
  return (
    `\`input\` ${many} channels one after the other, row by row. A row is packed into whole words: bit i of word j is ` +
    `the pixel in column 32 * j + i, least significant bit first; bits beyond the last column are ignored. ` +
    `${size("INPUT_WORDS")} words in all.`
  );
}

function outputComment(program: WordProgram, size: (macro: string) => string): string {
  const contract = program.interface;
  if (contract.kind === "images") {
    const halved =
      contract.outputHalvings === 0
        ? ""
        : ` Its images have ${size("OUTPUT_HEIGHT")} rows of ${size("OUTPUT_WIDTH")} columns.`;
    const layout =
      contract.samples === "bits"
        ? "receives the output channels, packed alike, with zeros beyond the last column"
        : "receives the output channels one after the other, row by row. A row is packed into whole words: bit i of " +
          "word j is the pixel in column 32 * j + i, least significant bit first, with zeros beyond the last column";
    return `\`output\` ${layout}: ${size("OUTPUT_WORDS")} words.${halved}`;
  }
  return sampleOutputComment(contract, size);
}

function sampleOutputComment(contract: SampleInterface, size: (macro: string) => string): string {
  const { output } = contract;
  switch (output.kind) {
    case "bits":
      return (
        `\`output\` receives ${output.length} bits for each sample in whole words, least significant bit first, with ` +
        `zeros beyond the last: ${size("OUTPUT_WORDS")} words.`
      );
    case "scores":
      return (
        "`classes` receives the class of each sample, the first with the greatest score, counted from 0: `count` " +
        `words. \`scores\` receives the scores of each sample's classes, ${output.limbs} integers each: ` +
        `${size("SCORE_LIMBS")} integers. They are pre-activations, before the model's activation.`
      );
    default:
      return unreachable(output);
  }
}

function returnComment(program: WordProgram, names: FileNames): string {
  const parameters = entryParameters(program);
  const contract = program.interface;
  if (parameters.length === 0) return `Returns ${names.macro}_OK.`;
  const least = contract.kind === "images" ? 2 ** contract.outputHalvings : 1;
  const fixed = (["height", "width"] as const).filter((side) => contract.kind === "images" && contract[side] !== null);
  const others = fixed.map((side) => ` or \`${side}\` is not ${names.macro}_${side.toUpperCase()}`).join("");
  const subject = parameters.map((name) => `\`${name}\``).join(" or ");
  return (
    `Returns ${names.macro}_OK, or ${names.macro}_ERROR_SIZE, having written nothing, if ${subject} is less than ` +
    `${least} or greater than ${names.maximum}${others}.`
  );
}
