/** The public functions beside `run`: bytes to packed rows and back, and limbs to a score. */
import type { ScoresOutput, WordProgram } from "../../word/node.js";
import type { FileNames } from "./names.js";

/** A public function: its documentation and prototype for the header, its body for the source. */
export interface PublicFunction {
  readonly comment: readonly string[];
  readonly prototype: string;
  readonly body: readonly string[];
}

export function companionFunctions(program: WordProgram, names: FileNames): PublicFunction[] {
  const contract = program.interface;
  const readsBits = contract.samples === "bits";
  const writesBits = contract.kind === "images" || contract.output.kind === "bits";
  const scores = contract.kind === "samples" && contract.output.kind === "scores" ? contract.output : null;
  return [
    ...(readsBits ? [packFunction(program, names)] : []),
    ...(writesBits ? [unpackFunction(program, names)] : []),
    ...(scores === null ? [] : [scoreFunction(names, scores)]),
  ];
}

function packFunction({ interface: contract }: WordProgram, names: FileNames): PublicFunction {
  const { macro } = names;
  const parts =
    contract.kind === "samples"
      ? `Channels and pictures that follow each other are packed at once: rows = count * ${macro}_INPUT_CHANNELS * ${macro}_HEIGHT and width = ${macro}_WIDTH for \`count\` samples.`
      : "Channels that follow each other are packed at once: rows = channels * height.";
  return {
    comment: ["Packs rows of one byte per pixel, zero or not, into rows of whole words.", parts],
    prototype: `void ${names.model}_pack(const uint8_t *pixels, size_t rows, size_t width, uint32_t *words)`,
    body: [
      "const size_t stride = (width + 31) >> 5;",
      "for (size_t row = 0; row < rows; row++) {",
      "    const uint8_t *const source = pixels + row * width;",
      "    uint32_t *const target = words + row * stride;",
      "    for (size_t j = 0; j < (width >> 5); j++) {",
      "        uint32_t word = 0;",
      "        for (size_t bit = 0; bit < 32; bit += 4) {",
      "            const uint8_t *const four = source + 32 * j + bit;",
      "            const uint32_t bytes = (uint32_t)four[0] | ((uint32_t)four[1] << 8)",
      "                | ((uint32_t)four[2] << 16) | ((uint32_t)four[3] << 24);",
      "            /* One bit of each byte that is not zero; the product brings them together. */",
      "            const uint32_t low = (bytes & UINT32_C(0x7f7f7f7f)) + UINT32_C(0x7f7f7f7f);",
      "            const uint32_t set = ((low | bytes) & UINT32_C(0x80808080)) >> 7;",
      "            word |= ((set * UINT32_C(0x10204080)) >> 28) << bit;",
      "        }",
      "        target[j] = word;",
      "    }",
      "    if ((width & 31) != 0) {",
      "        uint32_t word = 0;",
      "        for (size_t column = width & ~(size_t)31; column < width; column++) {",
      "            word |= (uint32_t)(source[column] != 0) << (column & 31);",
      "        }",
      "        target[stride - 1] = word;",
      "    }",
      "}",
    ],
  };
}

function unpackFunction({ interface: contract }: WordProgram, names: FileNames): PublicFunction {
  const parts =
    contract.kind === "samples"
      ? `For the answers of \`count\` samples rows = count and width = ${names.macro}_OUTPUT_BITS.`
      : "Channels that follow each other are unpacked at once: rows = channels * height of the output.";
  return {
    comment: ["Unpacks rows of whole words into rows of one byte per pixel, 0 or 1.", parts],
    prototype: `void ${names.model}_unpack(const uint32_t *words, size_t rows, size_t width, uint8_t *pixels)`,
    body: [
      "const size_t stride = (width + 31) >> 5;",
      "for (size_t row = 0; row < rows; row++) {",
      "    const uint32_t *const source = words + row * stride;",
      "    uint8_t *const target = pixels + row * width;",
      "    for (size_t j = 0; j < (width >> 5); j++) {",
      "        for (size_t bit = 0; bit < 32; bit += 4) {",
      "            /* The product moves bit 1 to 8, bit 2 to 16 and bit 3 to 24. */",
      "            const uint32_t four = ((source[j] >> bit) & 15) * UINT32_C(0x00204081);",
      "            const uint32_t bytes = four & UINT32_C(0x01010101);",
      "            uint8_t *const to = target + 32 * j + bit;",
      "            to[0] = (uint8_t)bytes;",
      "            to[1] = (uint8_t)(bytes >> 8);",
      "            to[2] = (uint8_t)(bytes >> 16);",
      "            to[3] = (uint8_t)(bytes >> 24);",
      "        }",
      "    }",
      "    for (size_t column = width & ~(size_t)31; column < width; column++) {",
      "        target[column] = (uint8_t)((source[column >> 5] >> (column & 31)) & 1);",
      "    }",
      "}",
    ],
  };
}

function scoreFunction(names: FileNames, scores: ScoresOutput): PublicFunction {
  const macro = `${names.macro}_LIMBS`;
  const horner =
    scores.limbs === 1
      ? ["const double score = (double)limbs[0];"]
      : [
          `double score = (double)limbs[${macro} - 1];`,
          `for (size_t k = ${macro} - 1; k > 0; k--) {`,
          `    score = score * ${powerOfTwo(scores.limbBits)} + (double)limbs[k - 1];`,
          "}",
        ];
  const scale = powerFactors(scores.exponent);
  return {
    comment: [
      `The score (pre-activation z) of the class whose ${scores.limbs === 1 ? "integer begins" : `${scores.limbs} integers begin`} at \`limbs\`.`,
      "Rounded only if a double cannot hold it.",
    ],
    prototype: `double ${names.model}_score(const int32_t *limbs)`,
    body: [...horner, `return ${["score", ...scale].join(" * ")};`],
  };
}

function powerOfTwo(exponent: number): string {
  return `0x1p${exponent < 0 ? "-" : "+"}${Math.abs(exponent)}`;
}

/** Factors that a double can hold each, even where their product underflows or overflows. */
function powerFactors(exponent: number): string[] {
  const limit = 1000;
  if (exponent === 0) return [];
  if (Math.abs(exponent) <= limit) return [powerOfTwo(exponent)];
  const part = exponent < 0 ? -limit : limit;
  return [powerOfTwo(part), ...powerFactors(exponent - part)];
}
