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

/* A word of a packed row and its 32 bytes. */
static inline uint32_t gates_pack_word(const uint8_t *bytes)
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

static inline void gates_unpack_word(uint32_t word, uint8_t *bytes)
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

void gates_pack(const uint8_t *pixels, size_t rows, size_t width, uint32_t *words)
{
    const size_t stride = (width + 31) >> 5;
    const size_t whole = width >> 5;
    const size_t rest = width & 31;
    for (size_t row = 0; row < rows; row++) {
        const uint8_t *const source = pixels + row * width;
        uint32_t *const target = words + row * stride;
        for (size_t j = 0; j < whole; j++) {
            target[j] = gates_pack_word(source + 32 * j);
        }
        if (rest != 0) {
            const uint8_t *const last = source + 32 * whole;
            uint32_t word = 0;
            for (size_t bit = 0; bit < rest; bit++) {
                word |= (uint32_t)(last[bit] != 0) << bit;
            }
            target[whole] = word;
        }
    }
}

void gates_unpack(const uint32_t *words, size_t rows, size_t width, uint8_t *pixels)
{
    const size_t stride = (width + 31) >> 5;
    const size_t whole = width >> 5;
    const size_t rest = width & 31;
    for (size_t row = 0; row < rows; row++) {
        const uint32_t *const source = words + row * stride;
        uint8_t *const target = pixels + row * width;
        for (size_t j = 0; j < whole; j++) {
            gates_unpack_word(source[j], target + 32 * j);
        }
        if (rest != 0) {
            uint8_t *const last = target + 32 * whole;
            for (size_t bit = 0; bit < rest; bit++) {
                last[bit] = (uint8_t)((source[whole] >> bit) & 1);
            }
        }
    }
}
