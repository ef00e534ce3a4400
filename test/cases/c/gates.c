/* SPDX-License-Identifier: MIT */
/*
 * gates: see gates.h.
 *
 * Made by bimonnc 0.0.0 from the model with SHA-256
 * 0000000000000000000000000000000000000000000000000000000000000000.
 * Options: --target c
 * Grade: exact: equal to the network on every input * / ? ?/ / *
 */
#include "gates.h"

#if defined(__GNUC__) && !defined(__clang__)
/* Rows are short: loops that copy them are not to become calls of memcpy. */
#pragma GCC optimize("no-tree-loop-distribute-patterns")
#endif

/*
 * Where tables live. On AVR they would be copied to RAM unless they are said to lie in flash, which
 * compilers can say in GNU C (-std=gnu99); elsewhere constants lie in flash anyway. Define
 * GATES_TABLE for other machines.
 */
#ifndef GATES_TABLE
#if defined(__FLASH) && !defined(__STRICT_ANSI__)
#define GATES_TABLE __flash
#else
#define GATES_TABLE
#endif
#endif

/* 0 and, 1 or, 2 exclusive or. */
static const GATES_TABLE uint8_t gates_kinds[7] = {
    0, 1, 2, 0, 2, 1, 0,
};

/* Two slots per gate. */
static const GATES_TABLE uint16_t gates_operands[14] = {
    0, 1, 2, 3, 4, 5, 8, 9, 10, 6, 12, 7, 13, 11,
};

/*
 * Whether size lies in least ... GATES_MAXIMUM_COUNT; a smaller one wraps around to a huge
 * difference.
 */
static int gates_accepts(size_t size, size_t least)
{
    return size - least <= GATES_MAXIMUM_COUNT - least;
}

/* Evaluates the gates in order. */
static void gates_evaluate(uint32_t *scratch)
{
    for (size_t gate = 0; gate < 7; gate++) {
        const uint32_t left = scratch[(size_t)gates_operands[gate * 2]];
        const uint32_t right = scratch[(size_t)gates_operands[gate * 2 + 1]];
        const size_t kind = (size_t)gates_kinds[gate];
        uint32_t result = left ^ right;
        if (kind == 0) {
            result = left & right;
        } else if (kind == 1) {
            result = left | right;
        }
        scratch[gate + 8] = result;
    }
}

/* The whole network. */
int gates_run(const uint32_t *restrict input, size_t count, uint32_t *restrict output,
    uint32_t *restrict scratch)
{
    if (!gates_accepts(count, 1)) {
        return GATES_ERROR_SIZE;
    }
    for (size_t sample = 0; sample < count; sample++) {
        for (size_t i = 0; i < 8; i++) {
            const size_t from = sample * 2 + (i >> 2);
            scratch[i] = (input[from] >> (i & 3)) & 1u;
        }
        gates_evaluate(scratch);
        uint32_t packed = 0u;
        for (size_t bit = 0; bit < 15; bit++) {
            packed |= scratch[bit] << bit;
        }
        output[sample] = packed;
    }
    return GATES_OK;
}

void gates_pack(const uint8_t *pixels, size_t rows, size_t width, uint32_t *words)
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

void gates_unpack(const uint32_t *words, size_t rows, size_t width, uint8_t *pixels)
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
