/* SPDX-License-Identifier: MIT */
/*
 * erosion3: see erosion3.h.
 *
 * Made by bimonnc 0.0.0 from the model with SHA-256
 * 0000000000000000000000000000000000000000000000000000000000000000.
 * Options: --target c
 * Grade: exact: equal to the network on every input * / ? ?/ / *
 */
#include "erosion3.h"

/*
 * Vector instructions for bytes, where the compiler may use them; define EROSION3_PORTABLE to do
 * without.
 */
#ifndef EROSION3_PORTABLE
#if defined(__SSE2__) && __STDC_HOSTED__
#define EROSION3_SSE2
#include <emmintrin.h>
#elif defined(__ARM_NEON) && defined(__aarch64__) && !defined(__ARM_BIG_ENDIAN)
#define EROSION3_NEON
#include <arm_neon.h>
#endif
#endif

#if defined(__GNUC__) && !defined(__clang__)
/* Rows are short: loops that copy them are not to become calls of memcpy. */
#pragma GCC optimize("no-tree-loop-distribute-patterns")
#endif

/*
 * Vector functions work on 4 neighbouring words at once, where the compiler has vectors; define
 * EROSION3_PORTABLE to do without. Loads and stores need no alignment beyond that of a word.
 */
#if defined(__GNUC__) && !defined(EROSION3_PORTABLE)
#define EROSION3_LANES 4
typedef uint32_t erosion3_word __attribute__((vector_size(16)));
typedef uint32_t erosion3_loose_word
    __attribute__((vector_size(16), aligned(4), may_alias));

static inline erosion3_word erosion3_load(const uint32_t *address)
{
    return *(const erosion3_loose_word *)address;
}

static inline void erosion3_store(uint32_t *address, erosion3_word value)
{
    *(erosion3_loose_word *)address = value;
}
#else
#define EROSION3_LANES 1
typedef uint32_t erosion3_word;

static inline erosion3_word erosion3_load(const uint32_t *address)
{
    return *address;
}

static inline void erosion3_store(uint32_t *address, erosion3_word value)
{
    *address = value;
}
#endif

static size_t erosion3_minimum(size_t left, size_t right)
{
    return left < right ? left : right;
}

static size_t erosion3_maximum(size_t left, size_t right)
{
    return left > right ? left : right;
}

/*
 * Whether size lies in least ... EROSION3_MAXIMUM_SIDE; a smaller one wraps around to a huge
 * difference.
 */
static int erosion3_accepts(size_t size, size_t least)
{
    return size - least <= EROSION3_MAXIMUM_SIDE - least;
}

/* Copies the picture into the plane and repeats its edges. */
static void erosion3_load_rows(const uint32_t *input, uint32_t *scratch, size_t height,
    size_t width)
{
    for (size_t row = 0; row < height + 2; row++) {
        const uint32_t *const source = input
            + (erosion3_minimum(erosion3_maximum(row, 1), height) - 1) * ((width + 31) >> 5);
        uint32_t *const target = scratch + row * (((width + 31) >> 5) + 5) + 1;
        for (size_t j = 0; j < ((width + 31) >> 5); j++) {
            target[j] = source[j];
        }
        const uint32_t first = target[0];
        const uint32_t end = target[((width + 31) >> 5) - 1];
        const uint32_t edge = 0u - ((end >> ((width + 31) & 31)) & 1u);
        target[-1] = 0u - (first & 1u);
        target[((width + 31) >> 5) - 1] = (end
            & ~((UINT32_C(0xffffffff) << ((width + 31) & 31)) << 1))
            | (edge & ((UINT32_C(0xffffffff) << ((width + 31) & 31)) << 1));
        target[(width + 31) >> 5] = edge;
    }
}

/* Pixels whose 3x3 neighbours are all set. */
static void erosion3_erode(const uint32_t *planes, uint32_t *result, size_t height, size_t width)
{
    for (size_t row = 0; row < height; row++) {
        for (size_t j = 0; j < ((width + 31) >> 5); j += EROSION3_LANES) {
            const uint32_t *const above = planes + row * (((width + 31) >> 5) + 5) + j + 1;
            const uint32_t *const here = above + ((width + 31) >> 5) + 5;
            const uint32_t *const below = here + ((width + 31) >> 5) + 5;
            erosion3_word all = ((erosion3_load(above) << 1) | (erosion3_load(above - 1) >> 31))
                & erosion3_load(above)
                & ((erosion3_load(above) >> 1) | (erosion3_load(above + 1) << 31));
            all &= ((erosion3_load(here) << 1) | (erosion3_load(here - 1) >> 31))
                & erosion3_load(here)
                & ((erosion3_load(here) >> 1) | (erosion3_load(here + 1) << 31));
            all = ((erosion3_load(below) << 1) | (erosion3_load(below - 1) >> 31))
                & erosion3_load(below)
                & ((erosion3_load(below) >> 1) | (erosion3_load(below + 1) << 31)) & all;
            erosion3_store(result + row * (((width + 31) >> 5) + 4) + j, all);
        }
    }
}

/* The whole network. */
int erosion3_run(const uint32_t *restrict input, size_t height, size_t width,
    uint32_t *restrict output, uint32_t *restrict scratch)
{
    if (!erosion3_accepts(height, 1) || !erosion3_accepts(width, 1)) {
        return EROSION3_ERROR_SIZE;
    }
    erosion3_load_rows(input, scratch, height, width);
    const size_t result = (height + 2) * (((width + 31) >> 5) + 5);
    erosion3_erode(scratch, scratch + result, height, width);
    /* Tail bits of the output are zero. */
    for (size_t row = 0; row < height; row++) {
        for (size_t j = 0; j < ((width + 31) >> 5); j++) {
            const uint32_t taken = scratch[result + row * (((width + 31) >> 5) + 4) + j];
            if (j + 1 == ((width + 31) >> 5)) {
                output[row * ((width + 31) >> 5) + j] = taken
                    & ~((UINT32_C(0xffffffff) << ((width + 31) & 31)) << 1);
            } else {
                output[row * ((width + 31) >> 5) + j] = taken;
            }
        }
    }
    return EROSION3_OK;
}

/* A word of a packed row and its 32 bytes. */
#if defined(EROSION3_SSE2)
static inline uint32_t erosion3_pack_word(const uint8_t *bytes)
{
    const __m128i none = _mm_setzero_si128();
    const __m128i low = _mm_loadu_si128((const __m128i *)(const void *)bytes);
    const __m128i high = _mm_loadu_si128((const __m128i *)(const void *)(bytes + 16));
    const uint32_t low_zeros = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(low, none));
    const uint32_t high_zeros = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(high, none));
    return ~(low_zeros | (high_zeros << 16));
}

static inline void erosion3_unpack_word(uint32_t word, uint8_t *bytes)
{
    /* Byte k takes byte k / 8 of the word, and keeps bit k mod 8 of it. */
    const __m128i bits = _mm_set1_epi64x((int64_t)UINT64_C(0x8040201008040201));
    const __m128i one = _mm_set1_epi8(1);
    const __m128i first = _mm_cvtsi32_si128((int)word);
    const __m128i twice = _mm_unpacklo_epi8(first, first);
    const __m128i four = _mm_unpacklo_epi16(twice, twice);
    const __m128i low = _mm_and_si128(_mm_unpacklo_epi32(four, four), bits);
    const __m128i high = _mm_and_si128(_mm_unpackhi_epi32(four, four), bits);
    _mm_storeu_si128((__m128i *)(void *)bytes, _mm_min_epu8(low, one));
    _mm_storeu_si128((__m128i *)(void *)(bytes + 16), _mm_min_epu8(high, one));
}
#elif defined(EROSION3_NEON)
static inline uint32_t erosion3_pack_word(const uint8_t *bytes)
{
    const uint8x16_t bits = vreinterpretq_u8_u64(vdupq_n_u64(UINT64_C(0x8040201008040201)));
    const uint8x16_t low = vld1q_u8(bytes);
    const uint8x16_t high = vld1q_u8(bytes + 16);
    const uint8x16_t low_bits = vandq_u8(vtstq_u8(low, low), bits);
    const uint8x16_t high_bits = vandq_u8(vtstq_u8(high, high), bits);
    /* Three times the sums of neighbours: eight bytes become one. */
    const uint8x16_t pairs = vpaddq_u8(low_bits, high_bits);
    const uint8x16_t fours = vpaddq_u8(pairs, pairs);
    const uint8x16_t eights = vpaddq_u8(fours, fours);
    return vgetq_lane_u32(vreinterpretq_u32_u8(eights), 0);
}

static inline void erosion3_unpack_word(uint32_t word, uint8_t *bytes)
{
    /* Byte k takes byte k / 8 of the word, and keeps bit k mod 8 of it. */
    const uint8x16_t bits = vreinterpretq_u8_u64(vdupq_n_u64(UINT64_C(0x8040201008040201)));
    const uint8x16_t one = vdupq_n_u8(1);
    const uint8x16_t four = vreinterpretq_u8_u32(vdupq_n_u32(word));
    const uint8x16_t low = vqtbl1q_u8(four, vcombine_u8(vdup_n_u8(0), vdup_n_u8(1)));
    const uint8x16_t high = vqtbl1q_u8(four, vcombine_u8(vdup_n_u8(2), vdup_n_u8(3)));
    vst1q_u8(bytes, vandq_u8(vtstq_u8(low, bits), one));
    vst1q_u8(bytes + 16, vandq_u8(vtstq_u8(high, bits), one));
}
#else
static inline uint32_t erosion3_pack_word(const uint8_t *bytes)
{
    uint32_t word = 0;
    for (size_t bit = 0; bit < 32; bit += 4) {
        const uint8_t *const from = bytes + bit;
        const uint32_t four = (uint32_t)from[0] | ((uint32_t)from[1] << 8)
            | ((uint32_t)from[2] << 16) | ((uint32_t)from[3] << 24);
        /* One bit of each byte that is not zero; the product brings them together. */
        const uint32_t low = (four & UINT32_C(0x7f7f7f7f)) + UINT32_C(0x7f7f7f7f);
        const uint32_t set = ((low | four) & UINT32_C(0x80808080)) >> 7;
        word |= ((set * UINT32_C(0x10204080)) >> 28) << bit;
    }
    return word;
}

static inline void erosion3_unpack_word(uint32_t word, uint8_t *bytes)
{
    for (size_t bit = 0; bit < 32; bit += 4) {
        /* The product moves bit 1 to 8, bit 2 to 16 and bit 3 to 24. */
        const uint32_t product = ((word >> bit) & 15) * UINT32_C(0x00204081);
        const uint32_t four = product & UINT32_C(0x01010101);
        uint8_t *const to = bytes + bit;
        to[0] = (uint8_t)four;
        to[1] = (uint8_t)(four >> 8);
        to[2] = (uint8_t)(four >> 16);
        to[3] = (uint8_t)(four >> 24);
    }
}
#endif

void erosion3_pack(const uint8_t *pixels, size_t rows, size_t width, uint32_t *words)
{
    const size_t stride = (width + 31) >> 5;
    const size_t whole = width >> 5;
    const size_t rest = width & 31;
    for (size_t row = 0; row < rows; row++) {
        const uint8_t *const source = pixels + row * width;
        uint32_t *const target = words + row * stride;
        for (size_t j = 0; j < whole; j++) {
            target[j] = erosion3_pack_word(source + 32 * j);
        }
        if (rest != 0) {
            const uint8_t *const last = source + 32 * whole;
            uint32_t word = 0;
            if ((rows - row - 1) * width + rest >= 32) {
                /* The bytes beyond the row are pixels of the next rows; their bits are dropped. */
                word = erosion3_pack_word(last) & ((UINT32_C(1) << rest) - 1);
            } else {
                for (size_t bit = 0; bit < rest; bit++) {
                    word |= (uint32_t)(last[bit] != 0) << bit;
                }
            }
            target[whole] = word;
        }
    }
}

void erosion3_unpack(const uint32_t *words, size_t rows, size_t width, uint8_t *pixels)
{
    const size_t stride = (width + 31) >> 5;
    const size_t whole = width >> 5;
    const size_t rest = width & 31;
    for (size_t row = 0; row < rows; row++) {
        const uint32_t *const source = words + row * stride;
        uint8_t *const target = pixels + row * width;
        for (size_t j = 0; j < whole; j++) {
            erosion3_unpack_word(source[j], target + 32 * j);
        }
        if (rest != 0) {
            uint8_t *const last = target + 32 * whole;
            if ((rows - row - 1) * width + rest >= 32) {
                /* The bytes beyond the row are pixels of the next rows, which are written later. */
                erosion3_unpack_word(source[whole], last);
            } else {
                for (size_t bit = 0; bit < rest; bit++) {
                    last[bit] = (uint8_t)((source[whole] >> bit) & 1);
                }
            }
        }
    }
}
