/** The public functions beside `run`: bytes to packed rows and back, and limbs to a score. */
import type { ScoresOutput, WordProgram } from "../../word/node.js";
import type { FileNames } from "./names.js";

/** A public function: its documentation and prototype for the header, its body for the source of a target with `lanes`. */
export interface PublicFunction {
  readonly comment: readonly string[];
  readonly prototype: string;
  readonly body: (lanes: number) => readonly string[];
}

/** Whether callers have bytes of pixels to be packed for `run`. */
export function packsPixels({ interface: contract }: WordProgram): boolean {
  return contract.samples === "bits";
}

/** Whether `run` answers packed bits, which callers may want as bytes. */
export function unpacksPixels({ interface: contract }: WordProgram): boolean {
  return contract.kind === "images" || contract.output.kind === "bits";
}

export function companionFunctions(program: WordProgram, names: FileNames): PublicFunction[] {
  const contract = program.interface;
  const scores = contract.kind === "samples" && contract.output.kind === "scores" ? contract.output : null;
  return [
    ...(packsPixels(program) ? [packFunction(program, names)] : []),
    ...(unpacksPixels(program) ? [unpackFunction(program, names)] : []),
    ...(scores === null ? [] : [scoreFunction(names, scores)]),
  ];
}

/** Words of a row that are all pixels, and how many pixels the last one holds besides. */
const SPLIT_ROWS = [
  "const size_t stride = (width + 31) >> 5;",
  "const size_t whole = width >> 5;",
  "const size_t rest = width & 31;",
];

function packFunction({ interface: contract }: WordProgram, names: FileNames): PublicFunction {
  const { macro } = names;
  const parts =
    contract.kind === "samples"
      ? `Channels and pictures that follow each other are packed at once: rows = count * ${macro}_INPUT_CHANNELS * ${macro}_HEIGHT and width = ${macro}_WIDTH for \`count\` samples.`
      : "Channels that follow each other are packed at once: rows = channels * height.";
  return {
    comment: ["Packs rows of one byte per pixel, zero or not, into rows of whole words.", parts],
    prototype: `void ${names.model}_pack(const uint8_t *pixels, size_t rows, size_t width, uint32_t *words)`,
    body: (lanes) => [
      ...SPLIT_ROWS,
      "for (size_t row = 0; row < rows; row++) {",
      "    const uint8_t *const source = pixels + row * width;",
      "    uint32_t *const target = words + row * stride;",
      "    for (size_t j = 0; j < whole; j++) {",
      `        target[j] = ${names.model}_pack_word(source + 32 * j);`,
      "    }",
      "    if (rest != 0) {",
      "        const uint8_t *const last = source + 32 * whole;",
      "        uint32_t word = 0;",
      ...lastWord(
        lanes,
        [
          "/* The bytes beyond the row are pixels of the next rows; their bits are dropped. */",
          `word = ${names.model}_pack_word(last) & ((UINT32_C(1) << rest) - 1);`,
        ],
        ["for (size_t bit = 0; bit < rest; bit++) {", "    word |= (uint32_t)(last[bit] != 0) << bit;", "}"],
      ),
      "        target[whole] = word;",
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
    body: (lanes) => [
      ...SPLIT_ROWS,
      "for (size_t row = 0; row < rows; row++) {",
      "    const uint32_t *const source = words + row * stride;",
      "    uint8_t *const target = pixels + row * width;",
      "    for (size_t j = 0; j < whole; j++) {",
      `        ${names.model}_unpack_word(source[j], target + 32 * j);`,
      "    }",
      "    if (rest != 0) {",
      "        uint8_t *const last = target + 32 * whole;",
      ...lastWord(
        lanes,
        [
          "/* The bytes beyond the row are pixels of the next rows, which are written later. */",
          `${names.model}_unpack_word(source[whole], last);`,
        ],
        ["for (size_t bit = 0; bit < rest; bit++) {", "    last[bit] = (uint8_t)((source[whole] >> bit) & 1);", "}"],
      ),
      "    }",
      "}",
    ],
  };
}

/**
 * The last word of a row that has other than 32 pixels for it: at once where so many bytes of the buffer remain, else
 * pixel by pixel. Targets without vectors go pixel by pixel always, which is the smaller code.
 */
function lastWord(lanes: number, atOnce: readonly string[], byPixel: readonly string[]): string[] {
  const indented = (lines: readonly string[], indent: string): string[] => lines.map((line) => indent + line);
  if (lanes === 1) return indented(byPixel, "        ");
  return [
    "        if ((rows - row - 1) * width + rest >= 32) {",
    ...indented(atOnce, "            "),
    "        } else {",
    ...indented(byPixel, "            "),
    "        }",
  ];
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
    body: () => [...horner, `return ${["score", ...scale].join(" * ")};`],
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
