/* Reads a plain PBM picture (P1) from standard input, removes the noise, and writes a plain PBM picture. */
#include "noisy_sticks.h"

#include <stdio.h>

#define MOST_SIDE 256

static uint8_t pixels[MOST_SIDE * MOST_SIDE];
static uint32_t input[NOISY_STICKS_INPUT_WORDS(MOST_SIDE, MOST_SIDE)];
static uint32_t output[NOISY_STICKS_OUTPUT_WORDS(MOST_SIDE, MOST_SIDE)];
static uint32_t scratch[NOISY_STICKS_SCRATCH_WORDS(MOST_SIDE, MOST_SIDE)];

int main(void)
{
    unsigned width, height;
    if (scanf("P1 %u %u", &width, &height) != 2 || width > MOST_SIDE || height > MOST_SIDE) {
        fprintf(stderr, "expected a plain PBM picture of at most %d by %d pixels\n", MOST_SIDE, MOST_SIDE);
        return 1;
    }
    for (size_t pixel = 0; pixel < (size_t)width * height; pixel++) {
        char digit;
        if (scanf(" %c", &digit) != 1 || (digit != '0' && digit != '1')) {
            fprintf(stderr, "the picture ends early\n");
            return 1;
        }
        pixels[pixel] = digit == '1';
    }
    noisy_sticks_pack(pixels, height, width, input);
    if (noisy_sticks_run(input, height, width, output, scratch) != NOISY_STICKS_OK) {
        fprintf(stderr, "the network does not take pictures of %u by %u pixels\n", width, height);
        return 1;
    }
    noisy_sticks_unpack(output, height, width, pixels);
    printf("P1\n%u %u\n", width, height);
    for (size_t row = 0; row < height; row++) {
        for (size_t column = 0; column < width; column++) {
            putchar(pixels[row * width + column] ? '1' : '0');
        }
        putchar('\n');
    }
    return 0;
}
