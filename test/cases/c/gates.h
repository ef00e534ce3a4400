/* SPDX-License-Identifier: MIT */
/*
 * gates: a binary morphological neural network as packed bit code.
 *
 * Made by bimonnc 0.0.0 from the model with SHA-256
 * 0000000000000000000000000000000000000000000000000000000000000000.
 * Options: --target c
 * Grade: exact: equal to the network on every input * / ? ?/ / *
 */
#ifndef GATES_H
#define GATES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Return codes. */
#define GATES_OK 0
#define GATES_ERROR_SIZE 1

/* Largest count. */
#define GATES_MAXIMUM_COUNT 65535u

/* Channels of an input picture. */
#define GATES_INPUT_CHANNELS 2
/* Rows of an input picture. */
#define GATES_HEIGHT 1
/* Columns of an input picture. */
#define GATES_WIDTH 4
/* Bits of the answer for one sample. */
#define GATES_OUTPUT_BITS 15

/* Words of the input. */
#define GATES_INPUT_WORDS(count) ((size_t)(count) * 2)
/* Words of the output. */
#define GATES_OUTPUT_WORDS(count) ((size_t)(count))
/* Words of working memory. */
#define GATES_SCRATCH_WORDS(count) 15

/*
 * `input` holds `count` pictures one after the other, each with its channels one after the other,
 * row by row. A row is packed into whole words: bit i of word j is the pixel in column 32 * j + i,
 * least significant bit first; bits beyond the last column are ignored. GATES_INPUT_WORDS(count)
 * words in all. `output` receives 15 bits for each sample in whole words, least significant bit
 * first, with zeros beyond the last: GATES_OUTPUT_WORDS(count) words.
 *
 * `scratch` holds GATES_SCRATCH_WORDS(count) words, whose content means nothing before and after.
 * The buffers must not overlap. Nothing else is read or written, so calls with buffers of their own
 * may run at the same time.
 *
 * Returns GATES_OK, or GATES_ERROR_SIZE, having written nothing, if `count` is less than 1 or
 * greater than GATES_MAXIMUM_COUNT.
 */
int gates_run(const uint32_t *input, size_t count, uint32_t *output, uint32_t *scratch);

/*
 * Packs rows of one byte per pixel, zero or not, into rows of whole words. Channels and pictures
 * that follow each other are packed at once: rows = count * GATES_INPUT_CHANNELS * GATES_HEIGHT and
 * width = GATES_WIDTH for `count` samples.
 */
void gates_pack(const uint8_t *pixels, size_t rows, size_t width, uint32_t *words);

/*
 * Unpacks rows of whole words into rows of one byte per pixel, 0 or 1. For the answers of `count`
 * samples rows = count and width = GATES_OUTPUT_BITS.
 */
void gates_unpack(const uint32_t *words, size_t rows, size_t width, uint8_t *pixels);

#ifdef __cplusplus
}
#endif

#endif
