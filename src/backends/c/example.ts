/** A complete call of the network, to read and to try: makes a picture, runs, prints the result as text. */
import { unreachable } from "../../diagnostics.js";
import type { ImageInterface, SampleInterface, WordProgram } from "../../word/node.js";
import type { Header } from "../backend.js";
import { fileComment } from "./header-file.js";
import { sizeText } from "./interface.js";
import type { FileNames } from "./names.js";
import { wrapLine } from "./text.js";

const FREE_HEIGHT = 24;
const FREE_WIDTH = 40;

export function printExample(program: WordProgram, names: FileNames, header: Header): string {
  const contract = program.interface;
  const size = (macro: string): string => {
    const parameters = contract.kind === "samples" ? ["COUNT"] : ["HEIGHT", "WIDTH"];
    return sizeText(program, names, macro, parameters);
  };
  const side = (macro: "HEIGHT" | "WIDTH", value: number | null, free: number): string =>
    `#define ${macro} ${value === null ? free : `${names.macro}_${macro}`}`;
  const lines = [
    ...fileComment(program, header, `a complete call of ${program.name}.h.`),
    `#include "${program.name}.h"`,
    "",
    "#include <stdio.h>",
    "",
    side("HEIGHT", contract.height, FREE_HEIGHT),
    side("WIDTH", contract.width, FREE_WIDTH),
    ...(contract.kind === "samples" ? ["#define COUNT 1"] : []),
    "",
    ...buffers(contract, names, size),
    `static uint32_t scratch[${size("SCRATCH_WORDS")}];`,
    "",
    "int main(void)",
    "{",
    ...makePicture(contract, names),
    ...runPicture(contract, names),
    ...printResult(contract, names, size),
    "    return 0;",
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

type SizeText = (macro: string) => string;

function buffers(contract: ImageInterface | SampleInterface, names: FileNames, size: SizeText): string[] {
  return [
    `static uint8_t pixels[${names.macro}_INPUT_CHANNELS * HEIGHT * WIDTH];`,
    ...(contract.samples === "bits" ? [`static uint32_t input[${size("INPUT_WORDS")}];`] : []),
    ...resultBuffers(contract, names, size),
  ];
}

function resultBuffers(contract: ImageInterface | SampleInterface, names: FileNames, size: SizeText): string[] {
  if (contract.kind === "samples" && contract.output.kind === "scores") {
    return ["static uint32_t classes[COUNT];", `static int32_t scores[${size("SCORE_LIMBS")}];`];
  }
  const columns =
    contract.kind === "samples"
      ? `COUNT * ${names.macro}_OUTPUT_BITS`
      : `${names.macro}_OUTPUT_CHANNELS * ${outputSide(contract, size, "HEIGHT")} * ${outputSide(contract, size, "WIDTH")}`;
  return [`static uint32_t output[${size("OUTPUT_WORDS")}];`, ...wrapLine(`static uint8_t answer[${columns}];`)];
}

function outputSide(contract: ImageInterface, size: SizeText, side: "HEIGHT" | "WIDTH"): string {
  return contract.outputHalvings === 0 ? side : size(`OUTPUT_${side}`);
}

/** A square with a notch and a speck, alike in every channel. */
function makePicture(contract: ImageInterface | SampleInterface, names: FileNames): string[] {
  const inside = contract.samples === "bits" ? "1" : "200";
  const outside = contract.samples === "bits" ? "0" : "50";
  const channels = `${names.macro}_INPUT_CHANNELS`;
  return [
    `    for (size_t row = 0; row < ${channels} * HEIGHT; row++) {`,
    "        for (size_t column = 0; column < WIDTH; column++) {",
    "            const size_t y = row % HEIGHT;",
    "            const int in_square = 4 * y + 4 > HEIGHT && 4 * y < 3 * HEIGHT",
    "                && 4 * column + 4 > WIDTH && 4 * column < 3 * WIDTH;",
    "            const int in_notch = y == HEIGHT / 2 && column < WIDTH / 2;",
    "            const int is_speck = y == 1 && column == 1;",
    "            pixels[row * WIDTH + column] =",
    `                (in_square && !in_notch) || is_speck ? ${inside} : ${outside};`,
    "        }",
    "    }",
    ...(contract.samples === "bits" ? [`    ${names.model}_pack(pixels, ${channels} * HEIGHT, WIDTH, input);`] : []),
  ];
}

function runPicture(contract: ImageInterface | SampleInterface, names: FileNames): string[] {
  const isFree = contract.kind === "images" && (contract.height === null || contract.width === null);
  const sizes = contract.kind === "samples" ? ["COUNT"] : isFree ? ["HEIGHT", "WIDTH"] : [];
  const isScored = contract.kind === "samples" && contract.output.kind === "scores";
  const results = isScored ? ["classes", "scores"] : ["output"];
  const operands = [contract.samples === "bits" ? "input" : "pixels", ...sizes, ...results, "scratch"];
  return [
    ...wrapLine(`    if (${names.model}_run(${operands.join(", ")}) != ${names.macro}_OK) {`),
    '        fprintf(stderr, "the size is not supported\\n");',
    "        return 1;",
    "    }",
  ];
}

function printResult(contract: ImageInterface | SampleInterface, names: FileNames, size: SizeText): string[] {
  if (contract.kind === "images") {
    const rows = `${names.macro}_OUTPUT_CHANNELS * ${outputSide(contract, size, "HEIGHT")}`;
    const columns = outputSide(contract, size, "WIDTH");
    return [
      ...wrapLine(`    ${names.model}_unpack(output, ${rows}, ${columns}, answer);`),
      ...wrapLine(`    for (size_t row = 0; row < ${rows}; row++) {`),
      ...wrapLine(`        for (size_t column = 0; column < ${columns}; column++) {`),
      ...wrapLine(`            putchar(answer[row * ${columns} + column] != 0 ? '#' : '.');`),
      "        }",
      "        putchar('\\n');",
      "    }",
    ];
  }
  const { output } = contract;
  switch (output.kind) {
    case "bits":
      return [
        `    ${names.model}_unpack(output, COUNT, ${names.macro}_OUTPUT_BITS, answer);`,
        `    for (size_t i = 0; i < COUNT * ${names.macro}_OUTPUT_BITS; i++) {`,
        "        putchar(answer[i] != 0 ? '1' : '0');",
        "    }",
        "    putchar('\\n');",
      ];
    case "scores":
      return [
        '    printf("class %lu\\n", (unsigned long)classes[0]);',
        `    for (size_t i = 0; i < ${names.macro}_CLASSES; i++) {`,
        `        const double score = ${names.model}_score(&scores[i * ${names.macro}_LIMBS]);`,
        '        printf("score %lu: %.17g\\n", (unsigned long)i, score);',
        "    }",
      ];
    default:
      return unreachable(output);
  }
}
