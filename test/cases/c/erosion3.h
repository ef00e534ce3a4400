/* SPDX-License-Identifier: MIT */
/*
 * erosion3: a binary morphological neural network as packed bit code.
 *
 * Made by bimonnc 0.0.0 from the model with SHA-256
 * 0000000000000000000000000000000000000000000000000000000000000000.
 * Options: --target c
 * Grade: exact: equal to the network on every input * / ? ?/ / *
 */
#ifndef EROSION3_H
#define EROSION3_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Return codes. */
#define EROSION3_OK 0
#define EROSION3_ERROR_SIZE 1

/* Largest height and width. */
#define EROSION3_MAXIMUM_SIDE 65535u

/* Channels of an input picture. */
#define EROSION3_INPUT_CHANNELS 1
/* Channels of the output. */
#define EROSION3_OUTPUT_CHANNELS 1

/* Words of the input. */
#define EROSION3_INPUT_WORDS(height, width) ((size_t)(height) * (((size_t)(width) + 31) >> 5))
/* Words of the output. */
#define EROSION3_OUTPUT_WORDS(height, width) ((size_t)(height) * (((size_t)(width) + 31) >> 5))
/* Words of working memory. */
#define EROSION3_SCRATCH_WORDS(height, width) (((size_t)(height) + 2) \
    * ((((size_t)(width) + 31) >> 5) + 5) + (size_t)(height) \
    * ((((size_t)(width) + 31) >> 5) + 4))

/*
 * `input` holds the picture's channels one after the other, row by row. A row is packed into whole
 * words: bit i of word j is the pixel in column 32 * j + i, least significant bit first; bits
 * beyond the last column are ignored. EROSION3_INPUT_WORDS(height, width) words in all. `output`
 * receives the output channels, packed alike, with zeros beyond the last column:
 * EROSION3_OUTPUT_WORDS(height, width) words.
 *
 * `scratch` holds EROSION3_SCRATCH_WORDS(height, width) words, whose content means nothing before
 * and after. The buffers must not overlap. Nothing else is read or written, so calls with buffers
 * of their own may run at the same time.
 *
 * Returns EROSION3_OK, or EROSION3_ERROR_SIZE, having written nothing, if `height` or `width` is
 * less than 1 or greater than EROSION3_MAXIMUM_SIDE.
 */
int erosion3_run(const uint32_t *input, size_t height, size_t width, uint32_t *output,
    uint32_t *scratch);

/*
 * Packs rows of one byte per pixel, zero or not, into rows of whole words. Channels that follow
 * each other are packed at once: rows = channels * height.
 */
void erosion3_pack(const uint8_t *pixels, size_t rows, size_t width, uint32_t *words);

/*
 * Unpacks rows of whole words into rows of one byte per pixel, 0 or 1. Channels that follow each
 * other are unpacked at once: rows = channels * height of the output.
 */
void erosion3_unpack(const uint32_t *words, size_t rows, size_t width, uint8_t *pixels);

#ifdef __cplusplus
}
#endif

#endif
