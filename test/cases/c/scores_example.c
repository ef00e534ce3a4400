/* SPDX-License-Identifier: MIT */
/*
 * scores: a complete call of scores.h.
 *
 * Made by bimonnc 0.0.0 from the model with SHA-256
 * 0000000000000000000000000000000000000000000000000000000000000000.
 * Options: --target c
 * Grade: exact: equal to the network on every input * / ? ?/ / *
 * Scores are pre-activations; the model applies to them: identity, tanh.
 */
#include "scores.h"

#include <stdio.h>

#define HEIGHT SCORES_HEIGHT
#define WIDTH SCORES_WIDTH
#define COUNT 1

static uint8_t pixels[SCORES_INPUT_CHANNELS * HEIGHT * WIDTH];
static uint32_t classes[COUNT];
static int32_t scores[SCORES_SCORE_LIMBS(COUNT)];
static uint32_t scratch[SCORES_SCRATCH_WORDS(COUNT)];

int main(void)
{
    for (size_t row = 0; row < SCORES_INPUT_CHANNELS * HEIGHT; row++) {
        for (size_t column = 0; column < WIDTH; column++) {
            const size_t y = row % HEIGHT;
            const int in_square = 4 * y + 4 > HEIGHT && 4 * y < 3 * HEIGHT
                && 4 * column + 4 > WIDTH && 4 * column < 3 * WIDTH;
            const int in_notch = y == HEIGHT / 2 && column < WIDTH / 2;
            const int is_speck = y == 1 && column == 1;
            pixels[row * WIDTH + column] =
                (in_square && !in_notch) || is_speck ? 200 : 50;
        }
    }
    if (scores_run(pixels, COUNT, classes, scores, scratch) != SCORES_OK) {
        fprintf(stderr, "the size is not supported\n");
        return 1;
    }
    printf("class %lu\n", (unsigned long)classes[0]);
    for (size_t i = 0; i < SCORES_CLASSES; i++) {
        const double score = scores_score(&scores[i * SCORES_LIMBS]);
        printf("score %lu: %.17g\n", (unsigned long)i, score);
    }
    return 0;
}
