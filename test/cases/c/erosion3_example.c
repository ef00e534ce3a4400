/* SPDX-License-Identifier: MIT */
/*
 * erosion3: a complete call of erosion3.h.
 *
 * Made by bimonnc 0.0.0 from the model with SHA-256
 * 0000000000000000000000000000000000000000000000000000000000000000.
 * Options: --target c
 * Grade: exact: equal to the network on every input * / ? ?/ / *
 */
#include "erosion3.h"

#include <stdio.h>

#define HEIGHT 24
#define WIDTH 40

static uint8_t pixels[EROSION3_INPUT_CHANNELS * HEIGHT * WIDTH];
static uint32_t input[EROSION3_INPUT_WORDS(HEIGHT, WIDTH)];
static uint32_t output[EROSION3_OUTPUT_WORDS(HEIGHT, WIDTH)];
static uint8_t answer[EROSION3_OUTPUT_CHANNELS * HEIGHT * WIDTH];
static uint32_t scratch[EROSION3_SCRATCH_WORDS(HEIGHT, WIDTH)];

int main(void)
{
    for (size_t row = 0; row < EROSION3_INPUT_CHANNELS * HEIGHT; row++) {
        for (size_t column = 0; column < WIDTH; column++) {
            const size_t y = row % HEIGHT;
            const int in_square = 4 * y + 4 > HEIGHT && 4 * y < 3 * HEIGHT
                && 4 * column + 4 > WIDTH && 4 * column < 3 * WIDTH;
            const int in_notch = y == HEIGHT / 2 && column < WIDTH / 2;
            const int is_speck = y == 1 && column == 1;
            pixels[row * WIDTH + column] =
                (in_square && !in_notch) || is_speck ? 1 : 0;
        }
    }
    erosion3_pack(pixels, EROSION3_INPUT_CHANNELS * HEIGHT, WIDTH, input);
    if (erosion3_run(input, HEIGHT, WIDTH, output, scratch) != EROSION3_OK) {
        fprintf(stderr, "the size is not supported\n");
        return 1;
    }
    erosion3_unpack(output, EROSION3_OUTPUT_CHANNELS * HEIGHT, WIDTH, answer);
    for (size_t row = 0; row < EROSION3_OUTPUT_CHANNELS * HEIGHT; row++) {
        for (size_t column = 0; column < WIDTH; column++) {
            putchar(answer[row * WIDTH + column] != 0 ? '#' : '.');
        }
        putchar('\n');
    }
    return 0;
}
