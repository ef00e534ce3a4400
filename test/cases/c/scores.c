/* SPDX-License-Identifier: MIT */
/*
 * scores: see scores.h.
 *
 * Made by bimonnc 0.0.0 from the model with SHA-256
 * 0000000000000000000000000000000000000000000000000000000000000000.
 * Options: --target c
 * Grade: exact: equal to the network on every input * / ? ?/ / *
 * Scores are pre-activations; the model applies to them: identity, tanh.
 */
#include "scores.h"

#if defined(__GNUC__) && !defined(__clang__)
/* Rows are short: loops that copy them are not to become calls of memcpy. */
#pragma GCC optimize("no-tree-loop-distribute-patterns")
#endif

/*
 * Where tables live. On AVR they would be copied to RAM unless they are said to lie in flash, which
 * compilers can say in GNU C (-std=gnu99); elsewhere constants lie in flash anyway. Define
 * SCORES_TABLE for other machines.
 */
#ifndef SCORES_TABLE
#if defined(__FLASH) && !defined(__STRICT_ANSI__)
#define SCORES_TABLE __flash
#else
#define SCORES_TABLE
#endif
#endif

/* Four weights per class. */
static const SCORES_TABLE int32_t scores_weights[12] = {
    1073741824, -2147483647 - 1, 7, -1, -5, 1048576, -3, 12345, -1073741824, 99, -100000,
    2147483647,
};

/* value / 2^amount rounded down, below zero too, where the meaning of >> is the compiler's. */
static int64_t scores_floor_shift(int64_t value, int amount)
{
    return value >= 0 ? value >> amount : ~(~value >> amount);
}

/*
 * Whether size lies in least ... SCORES_MAXIMUM_COUNT; a smaller one wraps around to a huge
 * difference.
 */
static int scores_accepts(size_t size, size_t least)
{
    return size - least <= SCORES_MAXIMUM_COUNT - least;
}

/* The whole network. */
int scores_run(const uint8_t *restrict bytes, size_t count, uint32_t *restrict classes,
    int32_t *restrict scores, uint32_t *restrict scratch)
{
    if (!scores_accepts(count, 1)) {
        return SCORES_ERROR_SIZE;
    }
    (void)scratch;
    for (size_t sample = 0; sample < count; sample++) {
        size_t best = 0;
        int64_t most = -9007199254740992;
        for (size_t label = 0; label < 3; label++) {
            int64_t score = 0;
            if (label == 0) {
                score = 1099511627776;
            }
            if (label == 1) {
                score = -1099511627777;
            }
            if (label == 2) {
                score = 0;
            }
            for (size_t i = 0; i < 4; i++) {
                const uint32_t value = (uint32_t)bytes[sample * 4 + i];
                score += (int64_t)scores_weights[label * 4 + i] * (int64_t)value;
            }
            if ((score > most && label != 3) || label < 1) {
                best = label;
                most = score;
            }
            scores[(sample * 3 + label) * 3] = (int32_t)(score & 0xfffff);
            scores[(sample * 3 + label) * 3 + 1] = (int32_t)(scores_floor_shift(score, 20)
                & 0xfffff);
            scores[(sample * 3 + label) * 3 + 2] = (int32_t)scores_floor_shift(score, 40);
        }
        classes[sample] = (uint32_t)best;
    }
    return SCORES_OK;
}

double scores_score(const int32_t *limbs)
{
    double score = (double)limbs[SCORES_LIMBS - 1];
    for (size_t k = SCORES_LIMBS - 1; k > 0; k--) {
        score = score * 0x1p+20 + (double)limbs[k - 1];
    }
    return score * 0x1p-3;
}
