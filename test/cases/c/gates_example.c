/* SPDX-License-Identifier: MIT */
/*
 * gates: a complete call of gates.h.
 *
 * Made by bimonnc 0.0.0 from the model with SHA-256
 * 0000000000000000000000000000000000000000000000000000000000000000.
 * Options: --target c
 * Grade: exact: equal to the network on every input * / ? ?/ / *
 */
#include "gates.h"

#include <stdio.h>

#define HEIGHT GATES_HEIGHT
#define WIDTH GATES_WIDTH
#define COUNT 1

static uint8_t pixels[GATES_INPUT_CHANNELS * HEIGHT * WIDTH];
static uint32_t input[GATES_INPUT_WORDS(COUNT)];
static uint32_t output[GATES_OUTPUT_WORDS(COUNT)];
static uint8_t answer[COUNT * GATES_OUTPUT_BITS];
static uint32_t scratch[GATES_SCRATCH_WORDS(COUNT)];

int main(void)
{
    for (size_t row = 0; row < GATES_INPUT_CHANNELS * HEIGHT; row++) {
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
    gates_pack(pixels, GATES_INPUT_CHANNELS * HEIGHT, WIDTH, input);
    if (gates_run(input, COUNT, output, scratch) != GATES_OK) {
        fprintf(stderr, "the size is not supported\n");
        return 1;
    }
    gates_unpack(output, COUNT, GATES_OUTPUT_BITS, answer);
    for (size_t i = 0; i < COUNT * GATES_OUTPUT_BITS; i++) {
        putchar(answer[i] != 0 ? '1' : '0');
    }
    putchar('\n');
    return 0;
}
