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

void erosion3_pack(const uint8_t *pixels, size_t rows, size_t width, uint32_t *words)
{
    const size_t stride = (width + 31) >> 5;
    for (size_t row = 0; row < rows; row++) {
        const uint8_t *const source = pixels + row * width;
        uint32_t *const target = words + row * stride;
        for (size_t j = 0; j < (width >> 5); j++) {
            uint32_t word = 0;
            for (size_t bit = 0; bit < 32; bit += 4) {
                const uint8_t *const four = source + 32 * j + bit;
                const uint32_t bytes = (uint32_t)four[0] | ((uint32_t)four[1] << 8)
                    | ((uint32_t)four[2] << 16) | ((uint32_t)four[3] << 24);
                /* One bit of each byte that is not zero; the product brings them together. */
                const uint32_t low = (bytes & UINT32_C(0x7f7f7f7f)) + UINT32_C(0x7f7f7f7f);
                const uint32_t set = ((low | bytes) & UINT32_C(0x80808080)) >> 7;
                word |= ((set * UINT32_C(0x10204080)) >> 28) << bit;
            }
            target[j] = word;
        }
        if ((width & 31) != 0) {
            uint32_t word = 0;
            for (size_t column = width & ~(size_t)31; column < width; column++) {
                word |= (uint32_t)(source[column] != 0) << (column & 31);
            }
            target[stride - 1] = word;
        }
    }
}

void erosion3_unpack(const uint32_t *words, size_t rows, size_t width, uint8_t *pixels)
{
    const size_t stride = (width + 31) >> 5;
    for (size_t row = 0; row < rows; row++) {
        const uint32_t *const source = words + row * stride;
        uint8_t *const target = pixels + row * width;
        for (size_t j = 0; j < (width >> 5); j++) {
            for (size_t bit = 0; bit < 32; bit += 4) {
                /* The product moves bit 1 to 8, bit 2 to 16 and bit 3 to 24. */
                const uint32_t four = ((source[j] >> bit) & 15) * UINT32_C(0x00204081);
                const uint32_t bytes = four & UINT32_C(0x01010101);
                uint8_t *const to = target + 32 * j + bit;
                to[0] = (uint8_t)bytes;
                to[1] = (uint8_t)(bytes >> 8);
                to[2] = (uint8_t)(bytes >> 16);
                to[3] = (uint8_t)(bytes >> 24);
            }
        }
        for (size_t column = width & ~(size_t)31; column < width; column++) {
            target[column] = (uint8_t)((source[column >> 5] >> (column & 31)) & 1);
        }
    }
}
