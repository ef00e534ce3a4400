/** One word of a packed row from its 32 bytes, and back: in plain C, and in the vector instructions of machines. */
import type { WordProgram } from "../../word/node.js";
import type { Helper } from "./expression.js";
import type { FileNames } from "./names.js";
import { packsPixels, unpacksPixels } from "./packing.js";
import { blockComment, wrapLine } from "./text.js";

/** Bodies of the two steps between a word and 32 bytes in memory, which lie at any address. */
interface WordSteps {
  /** Returns the word with bit k set where byte k of `bytes` is not 0. */
  readonly pack: readonly string[];
  /** Writes bit k of `word` to byte k of `bytes`, as 0 or 1. */
  readonly unpack: readonly string[];
}

interface InstructionSet extends WordSteps {
  /** Ends the name of the macro that is defined where these instructions are used. */
  readonly name: string;
  /** What the preprocessor knows of a compiler that may use them. */
  readonly condition: string;
  readonly include: string;
}

/** Bit k mod 8 in byte k. */
const BIT_OF_BYTE = "UINT64_C(0x8040201008040201)";

/** GCC's headers for x86 include <stdlib.h>, which a machine without a C library lacks. */
const HOSTED = "__STDC_HOSTED__";

/** Masks of 32 bytes take VL besides BW: no processor has one without the other. */
const AVX512: InstructionSet = {
  name: "AVX512",
  condition: `defined(__AVX512BW__) && defined(__AVX512VL__) && ${HOSTED}`,
  include: "immintrin.h",
  pack: [
    "const __m256i values = _mm256_loadu_si256((const __m256i *)(const void *)bytes);",
    "return _mm256_test_epi8_mask(values, values);",
  ],
  unpack: ["_mm256_storeu_si256((__m256i *)(void *)bytes, _mm256_maskz_mov_epi8(word, _mm256_set1_epi8(1)));"],
};

const AVX2: InstructionSet = {
  name: "AVX2",
  condition: `defined(__AVX2__) && ${HOSTED}`,
  include: "immintrin.h",
  pack: [
    "const __m256i values = _mm256_loadu_si256((const __m256i *)(const void *)bytes);",
    "const __m256i zeros = _mm256_cmpeq_epi8(values, _mm256_setzero_si256());",
    "return ~(uint32_t)_mm256_movemask_epi8(zeros);",
  ],
  unpack: [
    "/* Byte k takes byte k / 8 of the word, and keeps bit k mod 8 of it. */",
    "const __m256i places = _mm256_setr_epi64x(",
    "    0, 0x0101010101010101, 0x0202020202020202, 0x0303030303030303);",
    `const __m256i bits = _mm256_set1_epi64x((int64_t)${BIT_OF_BYTE});`,
    "const __m256i spread = _mm256_shuffle_epi8(_mm256_set1_epi32((int)word), places);",
    "const __m256i kept = _mm256_and_si256(spread, bits);",
    "_mm256_storeu_si256((__m256i *)(void *)bytes, _mm256_min_epu8(kept, _mm256_set1_epi8(1)));",
  ],
};

const SSE2: InstructionSet = {
  name: "SSE2",
  condition: `defined(__SSE2__) && ${HOSTED}`,
  include: "emmintrin.h",
  pack: [
    "const __m128i none = _mm_setzero_si128();",
    "const __m128i low = _mm_loadu_si128((const __m128i *)(const void *)bytes);",
    "const __m128i high = _mm_loadu_si128((const __m128i *)(const void *)(bytes + 16));",
    "const uint32_t low_zeros = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(low, none));",
    "const uint32_t high_zeros = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(high, none));",
    "return ~(low_zeros | (high_zeros << 16));",
  ],
  unpack: [
    "/* Byte k takes byte k / 8 of the word, and keeps bit k mod 8 of it. */",
    `const __m128i bits = _mm_set1_epi64x((int64_t)${BIT_OF_BYTE});`,
    "const __m128i one = _mm_set1_epi8(1);",
    "const __m128i first = _mm_cvtsi32_si128((int)word);",
    "const __m128i twice = _mm_unpacklo_epi8(first, first);",
    "const __m128i four = _mm_unpacklo_epi16(twice, twice);",
    "const __m128i low = _mm_and_si128(_mm_unpacklo_epi32(four, four), bits);",
    "const __m128i high = _mm_and_si128(_mm_unpackhi_epi32(four, four), bits);",
    "_mm_storeu_si128((__m128i *)(void *)bytes, _mm_min_epu8(low, one));",
    "_mm_storeu_si128((__m128i *)(void *)(bytes + 16), _mm_min_epu8(high, one));",
  ],
};

/** Of AArch64: pairwise sums of whole vectors are missing before. Lanes are counted from the other end in big-endian order. */
const NEON: InstructionSet = {
  name: "NEON",
  condition: "defined(__ARM_NEON) && defined(__aarch64__) && !defined(__ARM_BIG_ENDIAN)",
  include: "arm_neon.h",
  pack: [
    `const uint8x16_t bits = vreinterpretq_u8_u64(vdupq_n_u64(${BIT_OF_BYTE}));`,
    "const uint8x16_t low = vld1q_u8(bytes);",
    "const uint8x16_t high = vld1q_u8(bytes + 16);",
    "const uint8x16_t low_bits = vandq_u8(vtstq_u8(low, low), bits);",
    "const uint8x16_t high_bits = vandq_u8(vtstq_u8(high, high), bits);",
    "/* Three times the sums of neighbours: eight bytes become one. */",
    "const uint8x16_t pairs = vpaddq_u8(low_bits, high_bits);",
    "const uint8x16_t fours = vpaddq_u8(pairs, pairs);",
    "const uint8x16_t eights = vpaddq_u8(fours, fours);",
    "return vgetq_lane_u32(vreinterpretq_u32_u8(eights), 0);",
  ],
  unpack: [
    "/* Byte k takes byte k / 8 of the word, and keeps bit k mod 8 of it. */",
    `const uint8x16_t bits = vreinterpretq_u8_u64(vdupq_n_u64(${BIT_OF_BYTE}));`,
    "const uint8x16_t one = vdupq_n_u8(1);",
    "const uint8x16_t four = vreinterpretq_u8_u32(vdupq_n_u32(word));",
    "const uint8x16_t low = vqtbl1q_u8(four, vcombine_u8(vdup_n_u8(0), vdup_n_u8(1)));",
    "const uint8x16_t high = vqtbl1q_u8(four, vcombine_u8(vdup_n_u8(2), vdup_n_u8(3)));",
    "vst1q_u8(bytes, vandq_u8(vtstq_u8(low, bits), one));",
    "vst1q_u8(bytes + 16, vandq_u8(vtstq_u8(high, bits), one));",
  ],
};

/** Compilers make one access of the four neighbouring bytes where the machine has it. */
const PLAIN: WordSteps = {
  pack: [
    "uint32_t word = 0;",
    "for (size_t bit = 0; bit < 32; bit += 4) {",
    "    const uint8_t *const from = bytes + bit;",
    "    const uint32_t four = (uint32_t)from[0] | ((uint32_t)from[1] << 8)",
    "        | ((uint32_t)from[2] << 16) | ((uint32_t)from[3] << 24);",
    "    /* One bit of each byte that is not zero; the product brings them together. */",
    "    const uint32_t low = (four & UINT32_C(0x7f7f7f7f)) + UINT32_C(0x7f7f7f7f);",
    "    const uint32_t set = ((low | four) & UINT32_C(0x80808080)) >> 7;",
    "    word |= ((set * UINT32_C(0x10204080)) >> 28) << bit;",
    "}",
    "return word;",
  ],
  unpack: [
    "for (size_t bit = 0; bit < 32; bit += 4) {",
    "    /* The product moves bit 1 to 8, bit 2 to 16 and bit 3 to 24. */",
    "    const uint32_t product = ((word >> bit) & 15) * UINT32_C(0x00204081);",
    "    const uint32_t four = product & UINT32_C(0x01010101);",
    "    uint8_t *const to = bytes + bit;",
    "    to[0] = (uint8_t)four;",
    "    to[1] = (uint8_t)(four >> 8);",
    "    to[2] = (uint8_t)(four >> 16);",
    "    to[3] = (uint8_t)(four >> 24);",
    "}",
  ],
};

/** Best first. A file holds those of machines that its vectors are for: a compiler without them gets plain C. */
function instructionSets(lanes: number): readonly InstructionSet[] {
  if (lanes >= 16) return [AVX512, AVX2];
  if (lanes >= 8) return [AVX2];
  return lanes >= 4 ? [SSE2, NEON] : [];
}

/** Helpers that have a form in instructions of machines. */
const BY_INSTRUCTIONS: readonly Helper[] = ["funnel", "load_before", "load_after", "level_set"];

/** The `#include` of the instructions that a file uses; it defines the macro that says which. */
export function instructionIncludes(
  program: WordProgram,
  { macro }: FileNames,
  lanes: number,
  helpers: ReadonlySet<Helper>,
): string[] {
  const sets = instructionSets(lanes);
  const isUsed =
    packsPixels(program) || unpacksPixels(program) || BY_INSTRUCTIONS.some((helper) => helpers.has(helper));
  if (sets.length === 0 || !isUsed) return [];
  return [
    "",
    ...blockComment([
      `Vector instructions for bytes, where the compiler may use them; define ${macro}_PORTABLE to do without.`,
    ]),
    `#ifndef ${macro}_PORTABLE`,
    ...sets.flatMap(({ name, condition, include }, position) => [
      `#${position === 0 ? "if" : "elif"} ${condition}`,
      `#define ${macro}_${name}`,
      `#include <${include}>`,
    ]),
    "#endif",
    "#endif",
  ];
}

/** The static functions that the packing functions call for 32 bytes. */
export function packingSteps(program: WordProgram, names: FileNames, lanes: number): string[] {
  if (!packsPixels(program) && !unpacksPixels(program)) return [];
  const { model, macro } = names;
  const functions = ({ pack, unpack }: WordSteps): string[] => [
    ...(packsPixels(program)
      ? [...wrapLine(`static inline uint32_t ${model}_pack_word(const uint8_t *bytes)`), ...block(pack)]
      : []),
    ...(packsPixels(program) && unpacksPixels(program) ? [""] : []),
    ...(unpacksPixels(program)
      ? [...wrapLine(`static inline void ${model}_unpack_word(uint32_t word, uint8_t *bytes)`), ...block(unpack)]
      : []),
  ];
  const sets = instructionSets(lanes);
  return [
    "",
    ...blockComment(["A word of a packed row and its 32 bytes."]),
    ...sets.flatMap((set, position) => [
      `#${position === 0 ? "if" : "elif"} defined(${macro}_${set.name})`,
      ...functions(set),
    ]),
    ...(sets.length === 0 ? [] : ["#else"]),
    ...functions(PLAIN),
    ...(sets.length === 0 ? [] : ["#endif"]),
  ];
}

function block(body: readonly string[]): string[] {
  return ["{", ...body.map((line) => `    ${line}`), "}"];
}
