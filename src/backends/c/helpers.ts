/** Types and small functions that generated code stands on; a file defines those it uses. */
import type { Helper } from "./expression.js";
import type { FileNames } from "./names.js";
import { blockComment, wrapLine } from "./text.js";

/** Helpers whose form depends on whether words are vectors. */
const VECTOR_HELPERS: readonly Helper[] = [
  "word",
  "load",
  "store",
  "splat",
  "at_least",
  "funnel",
  "load_before",
  "load_after",
  "lanes",
];

export function printHelpers(names: FileNames, lanes: number, helpers: ReadonlySet<Helper>): string[] {
  const usesVectors = VECTOR_HELPERS.some((helper) => helpers.has(helper));
  return [
    ...(usesVectors ? vectorHelpers(names, lanes, helpers) : []),
    ...(helpers.has("level_set") ? ["", ...levelSet(names, lanes)] : []),
    ...(helpers.has("minimum") ? ["", ...choice(names, "minimum", "<")] : []),
    ...(helpers.has("maximum") ? ["", ...choice(names, "maximum", ">")] : []),
    ...(helpers.has("floor_shift") ? ["", ...floorShift(names)] : []),
    ...(helpers.has("accepts") ? ["", ...accepts(names)] : []),
  ];
}

/**
 * One text of the vector functions serves both forms: GCC and Clang apply C's operators to vectors, and one word is a
 * vector of one lane.
 */
function vectorHelpers(names: FileNames, lanes: number, helpers: ReadonlySet<Helper>): string[] {
  const { model, macro } = names;
  const bytes = 4 * lanes;
  const usesWords = helpers.has("word") || helpers.has("load") || helpers.has("store") || helpers.has("splat");
  const usesMemory = helpers.has("load") || helpers.has("store");
  const both = (helper: Helper, vector: readonly string[]): string[] => (helpers.has(helper) ? ["", ...vector] : []);
  return [
    "",
    ...blockComment([
      `Vector functions work on ${lanes} neighbouring words at once, where the compiler has vectors; define ` +
        `${macro}_PORTABLE to do without. Loads and stores need no alignment beyond that of a word.`,
    ]),
    `#if defined(__GNUC__) && !defined(${macro}_PORTABLE)`,
    // Without the instructions, vectors this wide would change the ABI of public functions; these are static.
    ...(lanes > 4 ? ['#pragma GCC diagnostic ignored "-Wpsabi"'] : []),
    ...(helpers.has("lanes") ? [`#define ${macro}_LANES ${lanes}`] : []),
    ...(usesWords ? [`typedef uint32_t ${model}_word __attribute__((vector_size(${bytes})));`] : []),
    ...(usesMemory
      ? [`typedef uint32_t ${model}_loose_word`, `    __attribute__((vector_size(${bytes}), aligned(4), may_alias));`]
      : []),
    ...both("load", [
      `static inline ${model}_word ${model}_load(const uint32_t *address)`,
      "{",
      `    return *(const ${model}_loose_word *)address;`,
      "}",
    ]),
    ...both("store", [
      `static inline void ${model}_store(uint32_t *address, ${model}_word value)`,
      "{",
      `    *(${model}_loose_word *)address = value;`,
      "}",
    ]),
    ...both("splat", [
      `static inline ${model}_word ${model}_splat(uint32_t value)`,
      "{",
      ...wrapLine(`    return (${model}_word){${Array.from({ length: lanes }, () => "value").join(", ")}};`),
      "}",
    ]),
    ...both("at_least", [
      `static inline ${model}_word ${model}_at_least(${model}_word value, uint32_t threshold)`,
      "{",
      `    return (${model}_word)(value >= threshold) & 1u;`,
      "}",
    ]),
    ...both("funnel", funnelByInstruction(names, lanes)),
    ...both("load_before", loadBesideByLanes(names, lanes, "before")),
    ...both("load_after", loadBesideByLanes(names, lanes, "after")),
    "#else",
    ...(helpers.has("lanes") ? [`#define ${macro}_LANES 1`] : []),
    ...(usesWords ? [`typedef uint32_t ${model}_word;`] : []),
    ...both("load", [
      `static inline ${model}_word ${model}_load(const uint32_t *address)`,
      "{",
      "    return *address;",
      "}",
    ]),
    ...both("store", [
      `static inline void ${model}_store(uint32_t *address, ${model}_word value)`,
      "{",
      "    *address = value;",
      "}",
    ]),
    ...both("splat", [`static inline ${model}_word ${model}_splat(uint32_t value)`, "{", "    return value;", "}"]),
    ...both("at_least", [
      `static inline ${model}_word ${model}_at_least(${model}_word value, uint32_t threshold)`,
      "{",
      "    return value >= threshold;",
      "}",
    ]),
    "#endif",
    ...both("funnel", funnelByShifts(names)),
    ...both("load_before", loadBesideByLoad(names, "before")),
    ...both("load_after", loadBesideByLoad(names, "after")),
  ];
}

/** AVX-512 moves the lanes of a vector by one and takes the missing word from memory. */
function loadBesideByLanes({ model, macro }: FileNames, lanes: number, side: "before" | "after"): string[] {
  if (lanes !== 16) return [];
  const missing = (lane: number): string => `_mm512_set1_epi32((int)(address)[${lane}])`;
  const operands = side === "before" ? `(__m512i)(value), ${missing(0)}, 15` : `${missing(15)}, (__m512i)(value), 1`;
  return [
    `#if defined(${macro}_AVX512)`,
    `#define ${macro}_LOAD_${side.toUpperCase()}(address, value) \\`,
    `    ((${model}_word)_mm512_alignr_epi32( \\`,
    `        ${operands}))`,
    "#endif",
  ];
}

function loadBesideByLoad({ model, macro }: FileNames, side: "before" | "after"): string[] {
  const name = `${macro}_LOAD_${side.toUpperCase()}`;
  return [
    `#ifndef ${name}`,
    `/* The words at address; value holds those at address ${side === "before" ? "+" : "-"} 1. */`,
    `#define ${name}(address, value) ((void)(value), ${model}_load(address))`,
    "#endif",
  ];
}

/** Where the machine has it: one instruction of AVX-512, two of NEON. What packs pixels has included their header. */
function funnelByInstruction({ model, macro }: FileNames, lanes: number): string[] {
  const definition = `#define ${macro}_FUNNEL(low, high, amount)`;
  if (lanes === 16) {
    return [
      `#if defined(${macro}_AVX512) && defined(__AVX512VBMI2__)`,
      `${definition} \\`,
      `    ((${model}_word)_mm512_shrdi_epi32((__m512i)(low), (__m512i)(high), (amount)))`,
      "#endif",
    ];
  }
  if (lanes !== 4) return [];
  return [
    `#if defined(${macro}_NEON)`,
    `${definition} \\`,
    `    ((${model}_word)vsriq_n_u32(vshlq_n_u32((uint32x4_t)(high), 32 - (amount)), \\`,
    "        (uint32x4_t)(low), (amount)))",
    "#endif",
  ];
}

function funnelByShifts({ macro }: FileNames): string[] {
  return [
    `#ifndef ${macro}_FUNNEL`,
    "/*",
    " * 32 bits of high:low from bit amount on; high:low are the pixels of two neighbouring words. A shift",
    " * by one is written as a sum, which more of a machine's vector units compute.",
    " */",
    `#define ${macro}_FUNNEL(low, high, amount) \\`,
    "    (((low) >> (amount)) | ((amount) == 31 ? (high) + (high) : (high) << (32 - (amount))))",
    "#endif",
  ];
}

/** x86 compares many bytes at once; elsewhere four bytes of a word are compared together. */
function levelSet({ model, macro }: FileNames, lanes: number): string[] {
  const definition = (body: readonly string[]): string[] => [
    `static inline uint32_t ${model}_level_set(const uint8_t *bytes, uint32_t threshold)`,
    "{",
    "    if (threshold > 255) {",
    "        return 0;",
    "    }",
    ...body.map((line) => `    ${line}`),
    "}",
  ];
  const comment = blockComment(["Bit i is [bytes[i] >= threshold], of 32 bytes."]);
  if (lanes < 4) return [...comment, ...definition(LEVEL_SET_BY_WORDS)];
  const isWide = lanes >= 8;
  const condition = lanes >= 16 ? `defined(${macro}_AVX512) || defined(${macro}_AVX2)` : `defined(${macro}_AVX2)`;
  return [
    ...comment,
    `#if ${isWide ? condition : `defined(${macro}_SSE2)`}`,
    ...definition(isWide ? LEVEL_SET_BY_AVX2 : LEVEL_SET_BY_SSE2),
    "#else",
    ...definition(LEVEL_SET_BY_WORDS),
    "#endif",
  ];
}

const LEVEL_SET_BY_AVX2 = [
  "const __m256i pixels = _mm256_loadu_si256((const void *)bytes);",
  "const __m256i least = _mm256_set1_epi8((char)threshold);",
  "const __m256i above = _mm256_cmpeq_epi8(_mm256_max_epu8(pixels, least), pixels);",
  "return (uint32_t)_mm256_movemask_epi8(above);",
];

const LEVEL_SET_BY_SSE2 = [
  "const __m128i least = _mm_set1_epi8((char)threshold);",
  "const __m128i low = _mm_loadu_si128((const void *)bytes);",
  "const __m128i high = _mm_loadu_si128((const void *)(bytes + 16));",
  "const int low_bits = _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_max_epu8(low, least), low));",
  "const int high_bits = _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_max_epu8(high, least), high));",
  "return (uint32_t)low_bits | ((uint32_t)high_bits << 16);",
];

const LEVEL_SET_BY_WORDS = [
  "/* The low seven bits of a byte reach its highest bit where they are at least those of the threshold. */",
  "const uint32_t rest = ((threshold > 128 ? 256 : 128) - threshold) * UINT32_C(0x01010101);",
  "uint32_t bits = 0;",
  "for (unsigned bit = 0; bit < 32; bit += 4) {",
  "    const uint8_t *const four = bytes + bit;",
  "    const uint32_t pixels = (uint32_t)four[0] | ((uint32_t)four[1] << 8)",
  "        | ((uint32_t)four[2] << 16) | ((uint32_t)four[3] << 24);",
  "    const uint32_t low = (pixels & UINT32_C(0x7f7f7f7f)) + rest;",
  "    const uint32_t above = (threshold > 128 ? low & pixels : low | pixels) & UINT32_C(0x80808080);",
  "    bits |= (((above >> 7) * UINT32_C(0x10204080)) >> 28) << bit;",
  "}",
  "return bits;",
];

function choice(names: FileNames, name: string, comparison: string): string[] {
  return [
    `static size_t ${names.model}_${name}(size_t left, size_t right)`,
    "{",
    `    return left ${comparison} right ? left : right;`,
    "}",
  ];
}

function floorShift(names: FileNames): string[] {
  return [
    ...blockComment(["value / 2^amount rounded down, below zero too, where the meaning of >> is the compiler's."]),
    `static int64_t ${names.model}_floor_shift(int64_t value, int amount)`,
    "{",
    "    return value >= 0 ? value >> amount : ~(~value >> amount);",
    "}",
  ];
}

function accepts(names: FileNames): string[] {
  return [
    ...blockComment([
      `Whether size lies in least ... ${names.maximum}; a smaller one wraps around to a huge difference.`,
    ]),
    `static int ${names.model}_accepts(size_t size, size_t least)`,
    "{",
    `    return size - least <= ${names.maximum} - least;`,
    "}",
  ];
}
