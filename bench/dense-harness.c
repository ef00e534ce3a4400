/*
 * Times dense networks inside one process, so that all contenders see the same machine at the same time.
 *
 *   dense-harness PICTURES ANSWERS COUNT
 *
 * reads COUNT pictures from a file, runs every contender once and writes its classes and then its scores to the file
 * ANSWERS, one contender after the other. Then it prints "ready" and answers each line on standard input, a number of
 * samples, with one line: nanoseconds per call of every contender with so many samples, the mean over one slice.
 */
#define _POSIX_C_SOURCE 200809L

#include "dense-harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SLICE_NANOSECONDS 1e7

static void *reserve(size_t elements, size_t size)
{
    const size_t bytes = (elements * size + 127) / 64 * 64;
    void *buffer = NULL;
    if (posix_memalign(&buffer, 64, bytes) != 0) {
        fprintf(stderr, "out of memory\n");
        exit(3);
    }
    memset(buffer, 0, bytes);
    return buffer;
}

/* Of this process alone, however many others there are. */
static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return 1e9 * (double)time.tv_sec + (double)time.tv_nsec;
}

static double time_slice(const struct dense_contender *each, const struct dense_job *job)
{
    size_t calls = 0;
    const double start = now();
    double spent = 0;
    do {
        each->run(job);
        calls++;
        spent = now() - start;
    } while (spent < SLICE_NANOSECONDS);
    return spent / (double)calls;
}

int main(int arguments, char **values)
{
    if (arguments != 4) {
        fprintf(stderr, "see the comment in dense-harness.c\n");
        return 2;
    }
    const size_t count = strtoul(values[3], NULL, 10);
    uint8_t *const bytes = reserve(input_bytes(count), 1);
    FILE *const source = fopen(values[1], "rb");
    FILE *const answers = fopen(values[2], "wb");
    if (source == NULL || answers == NULL || fread(bytes, 1, input_bytes(count), source) != input_bytes(count)) {
        fprintf(stderr, "cannot read the pictures\n");
        return 3;
    }
    fclose(source);
    uint32_t *const classes = reserve(count, sizeof *classes);
    int32_t *const scores = reserve(score_limbs(count), sizeof *scores);
    uint32_t **const scratch = reserve(contender_count, sizeof *scratch);
    for (size_t index = 0; index < contender_count; index++) {
        scratch[index] = reserve(contenders[index].scratch_words, sizeof **scratch);
        const struct dense_job job = {count, bytes, classes, scores, scratch[index]};
        memset(classes, 255, count * sizeof *classes);
        contenders[index].run(&job);
        fwrite(classes, sizeof *classes, count, answers);
        fwrite(scores, sizeof *scores, score_limbs(count), answers);
    }
    fclose(answers);
    puts("ready");
    fflush(stdout);
    size_t samples = 0;
    for (size_t first = 0; scanf("%zu", &samples) == 1; first++) {
        double nanoseconds[64] = {0};
        for (size_t step = 0; step < contender_count; step++) {
            /* Each slice begins with another contender. */
            const size_t index = (first + step) % contender_count;
            const struct dense_job job = {samples, bytes, classes, scores, scratch[index]};
            nanoseconds[index] = time_slice(&contenders[index], &job);
        }
        for (size_t index = 0; index < contender_count; index++) {
            printf("%.1f%c", nanoseconds[index], index + 1 == contender_count ? '\n' : ' ');
        }
        fflush(stdout);
    }
    return 0;
}
