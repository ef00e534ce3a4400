/* SPDX-License-Identifier: MIT */
/*
 * scores: a binary morphological neural network as packed bit code.
 *
 * Made by bimonnc 0.0.0 from the model with SHA-256
 * 0000000000000000000000000000000000000000000000000000000000000000.
 * Options: --target c
 * Grade: exact: equal to the network on every input * / ? ?/ / *
 * Scores are pre-activations; the model applies to them: identity, tanh.
 */
#ifndef SCORES_H
#define SCORES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Return codes. */
#define SCORES_OK 0
#define SCORES_ERROR_SIZE 1

/* Largest count. */
#define SCORES_MAXIMUM_COUNT 65535u

/* Channels of an input picture. */
#define SCORES_INPUT_CHANNELS 1
/* Rows of an input picture. */
#define SCORES_HEIGHT 2
/* Columns of an input picture. */
#define SCORES_WIDTH 2
/* Number of classes. */
#define SCORES_CLASSES 3
/* Integers that make one score. */
#define SCORES_LIMBS 3

/* Bytes of the input. */
#define SCORES_INPUT_BYTES(count) ((size_t)(count) * 4)
/* Integers of the scores. */
#define SCORES_SCORE_LIMBS(count) ((size_t)(count) * 9)
/* Words of working memory. */
#define SCORES_SCRATCH_WORDS(count) 1

/*
 * `bytes` holds `count` pictures one after the other, each with its channels one after the other,
 * row by row, one byte per pixel: SCORES_INPUT_BYTES(count) bytes in all. `classes` receives the
 * class of each sample, the first with the greatest score, counted from 0: `count` words. `scores`
 * receives the scores of each sample's classes, 3 integers each: SCORES_SCORE_LIMBS(count)
 * integers. They are pre-activations, before the model's activation.
 *
 * `scratch` holds SCORES_SCRATCH_WORDS(count) words, whose content means nothing before and after.
 * The buffers must not overlap. Nothing else is read or written, so calls with buffers of their own
 * may run at the same time.
 *
 * Returns SCORES_OK, or SCORES_ERROR_SIZE, having written nothing, if `count` is less than 1 or
 * greater than SCORES_MAXIMUM_COUNT.
 */
int scores_run(const uint8_t *bytes, size_t count, uint32_t *classes, int32_t *scores,
    uint32_t *scratch);

/*
 * The score (pre-activation z) of the class whose 3 integers begin at `limbs`. Rounded only if a
 * double cannot hold it.
 */
double scores_score(const int32_t *limbs);

#ifdef __cplusplus
}
#endif

#endif
