/**
 * The C program around several contenders that are timed against one another: `contenders.c` (c-contenders.ts) says which they are.
 * It times them inside one process, so that all see the same machine at the same time.
 */

/** `harness.h` */
export const HARNESS_HEADER = `/* A benchmark's contenders, and what each of them is called with. */
#ifndef HARNESS_H
#define HARNESS_H

#include <stddef.h>
#include <stdint.h>

struct job {
    size_t height;
    size_t width;
    /* Samples of a network that takes many small pictures at once. */
    size_t count;
    /* The input as generated code reads it, and a packed picture of one channel with a byte for each pixel. */
    const uint32_t *input;
    const uint8_t *pixels;
    /* Results of all kinds; each contender uses what it has. */
    uint32_t *words;
    int32_t *scores;
    uint8_t *bytes;
    uint32_t *scratch;
    /* What the contender's prepare has made for its run and its finish. */
    void *own;
};

struct contender {
    const char *name;
    void (*run)(const struct job *job);
    /* It reads pixels and writes bytes, instead of packed words. */
    int is_bytes;
    /* Not timed, or NULL: makes what a library works on, and after a run brings its answer into words or bytes. */
    void (*prepare)(struct job *job);
    void (*finish)(const struct job *job);
};

extern const struct contender contenders[];
extern const size_t contender_count;

/* Sizes of the buffers, the largest that any contender needs, in elements; an input of bytes fills whole words. */
size_t input_words(size_t height, size_t width, size_t count);
size_t output_words(size_t height, size_t width, size_t count);
size_t score_limbs(size_t count);
size_t scratch_words(size_t contender, size_t height, size_t width, size_t count);

/* Zeros, at a multiple of 64 bytes; ends the program where memory runs out. */
void *reserve(size_t elements, size_t size);

#endif
`;

/** `harness.c`, in POSIX C. */
export const HARNESS_SOURCE = `/*
 * Times contenders inside one process, so that all see the same machine at the same time.
 *
 *   harness time INPUT OUTPUT HEIGHT WIDTH COUNT
 *
 * reads the input from a file, runs every contender once and writes the packed results to the file OUTPUT, one
 * after the other. Then it prints "ready" and, for each line on standard input, one line with the nanoseconds per call
 * of every contender: the mean over one slice of about 4 ms each.
 *
 *   harness memory CONTENDER HEIGHT WIDTH
 *
 * runs one contender once on a picture made here and prints the largest resident memory of the process, in KiB.
 * Linux counts the parent's memory into getrusage's maximum until the program is loaded, so its own count is read
 * where there is one.
 */
#define _POSIX_C_SOURCE 200809L
#define _DEFAULT_SOURCE

#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define SLICE_NANOSECONDS 4e6

void *reserve(size_t elements, size_t size)
{
    /* Room for a whole vector, at a multiple of its size. */
    const size_t bytes = (elements * size + 127) / 64 * 64;
    void *buffer = NULL;
    if (posix_memalign(&buffer, 64, bytes) != 0) {
        fprintf(stderr, "out of memory\\n");
        exit(3);
    }
    memset(buffer, 0, bytes);
    return buffer;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return 1e9 * (double)time.tv_sec + (double)time.tv_nsec;
}

/* Of one contender; the input of another kind than it reads is left out. */
static struct job prepare(size_t index, uint32_t *input, size_t height, size_t width, size_t count)
{
    struct job job = {height, width, count, input, NULL, NULL, NULL, NULL, NULL, NULL};
    if (contenders[index].is_bytes) {
        uint8_t *const pixels = reserve(height * width, 1);
        const size_t stride = (width + 31) / 32;
        for (size_t row = 0; row < height; row++) {
            for (size_t column = 0; column < width; column++) {
                pixels[row * width + column] = (input[row * stride + column / 32] >> (column % 32)) & 1;
            }
        }
        job.pixels = pixels;
        job.bytes = reserve(height * width, 1);
    } else {
        job.words = reserve(output_words(height, width, count), sizeof *job.words);
        job.scores = reserve(score_limbs(count) + 1, sizeof *job.scores);
        job.scratch = reserve(scratch_words(index, height, width, count), sizeof *job.scratch);
    }
    if (contenders[index].prepare != NULL) {
        contenders[index].prepare(&job);
    }
    return job;
}

/* Results as words: packed pixels, or classes followed by scores. */
static void write_result(size_t index, const struct job *job, FILE *file)
{
    if (contenders[index].finish != NULL) {
        contenders[index].finish(job);
    }
    const size_t length = output_words(job->height, job->width, job->count);
    uint32_t *words = job->words;
    if (contenders[index].is_bytes) {
        words = reserve(length, sizeof *words);
        const size_t stride = (job->width + 31) / 32;
        for (size_t pixel = 0; pixel < job->height * job->width; pixel++) {
            const size_t column = pixel % job->width;
            words[pixel / job->width * stride + column / 32] |= (uint32_t)job->bytes[pixel] << (column % 32);
        }
    }
    fwrite(words, sizeof *words, length, file);
    if (job->scores != NULL) {
        fwrite(job->scores, sizeof *job->scores, score_limbs(job->count), file);
    }
}

static double time_calls(size_t index, const struct job *job, size_t calls)
{
    const double start = now();
    for (size_t call = 0; call < calls; call++) {
        contenders[index].run(job);
    }
    return (now() - start) / (double)calls;
}

/* Calls that fill a slice; also warms up caches and the clock rate. */
static size_t calibrate(size_t index, const struct job *job)
{
    size_t calls = 1;
    for (;;) {
        const double each = time_calls(index, job, calls);
        if (each * (double)calls > SLICE_NANOSECONDS / 4) {
            const double wanted = SLICE_NANOSECONDS / each;
            return wanted < 1 ? 1 : (size_t)wanted;
        }
        calls *= 2;
    }
}

static int time_all(char **arguments)
{
    const size_t height = strtoul(arguments[2], NULL, 10);
    const size_t width = strtoul(arguments[3], NULL, 10);
    const size_t count = strtoul(arguments[4], NULL, 10);
    const size_t length = input_words(height, width, count);
    uint32_t *const input = reserve(length, sizeof *input);
    FILE *const source = fopen(arguments[0], "rb");
    FILE *const results = fopen(arguments[1], "wb");
    if (source == NULL || results == NULL || fread(input, sizeof *input, length, source) != length) {
        fprintf(stderr, "cannot read the input\\n");
        return 3;
    }
    fclose(source);
    struct job *const jobs = reserve(contender_count, sizeof *jobs);
    size_t *const calls = reserve(contender_count, sizeof *calls);
    for (size_t index = 0; index < contender_count; index++) {
        jobs[index] = prepare(index, input, height, width, count);
        contenders[index].run(&jobs[index]);
        write_result(index, &jobs[index], results);
        calls[index] = calibrate(index, &jobs[index]);
    }
    fclose(results);
    puts("ready");
    fflush(stdout);
    /* Each slice begins with another contender. */
    size_t first = 0;
    double *const nanoseconds = reserve(contender_count, sizeof *nanoseconds);
    for (int mark = getchar(); mark != EOF; mark = getchar()) {
        if (mark != '\\n') {
            continue;
        }
        for (size_t step = 0; step < contender_count; step++) {
            const size_t index = (first + step) % contender_count;
            nanoseconds[index] = time_calls(index, &jobs[index], calls[index]);
        }
        first++;
        for (size_t index = 0; index < contender_count; index++) {
            printf("%.1f%c", nanoseconds[index], index + 1 == contender_count ? '\\n' : ' ');
        }
        fflush(stdout);
    }
    return 0;
}

static long peak_kibibytes(void)
{
    FILE *const status = fopen("/proc/self/status", "r");
    if (status != NULL) {
        char line[256];
        long peak = 0;
        while (peak == 0 && fgets(line, sizeof line, status) != NULL) {
            if (sscanf(line, "VmHWM: %ld", &peak) != 1) {
                peak = 0;
            }
        }
        fclose(status);
        if (peak > 0) {
            return peak;
        }
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static int measure_memory(char **arguments)
{
    const size_t index = strtoul(arguments[0], NULL, 10);
    const size_t height = strtoul(arguments[1], NULL, 10);
    const size_t width = strtoul(arguments[2], NULL, 10);
    const size_t length = input_words(height, width, 1);
    uint32_t *const input = reserve(length, sizeof *input);
    uint32_t state = 1;
    for (size_t word = 0; word < length; word++) {
        state = state * 1664525u + 1013904223u;
        input[word] = state;
    }
    const struct job job = prepare(index, input, height, width, 1);
    contenders[index].run(&job);
    printf("%ld\\n", peak_kibibytes());
    return 0;
}

int main(int count, char **arguments)
{
    if (count == 7 && strcmp(arguments[1], "time") == 0) {
        return time_all(arguments + 2);
    }
    if (count == 5 && strcmp(arguments[1], "memory") == 0) {
        return measure_memory(arguments + 2);
    }
    fprintf(stderr, "see the comment in harness.c\\n");
    return 2;
}
`;
