/* A benchmark's contenders, as bench/contenders.ts prints them, and what each of them is called with. */
#ifndef HARNESS_H
#define HARNESS_H

#include <stddef.h>
#include <stdint.h>

struct job {
    size_t height;
    size_t width;
    /* Samples of a network that takes many small pictures at once. */
    size_t count;
    /* The picture, packed, and the same with a byte for each pixel. */
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

/* Sizes of the buffers, the largest that any contender needs, in elements. */
size_t input_words(size_t height, size_t width, size_t count);
size_t output_words(size_t height, size_t width, size_t count);
size_t score_limbs(size_t count);
size_t scratch_words(size_t contender, size_t height, size_t width, size_t count);

/* Zeros, at a multiple of 64 bytes; ends the program where memory runs out. */
void *reserve(size_t elements, size_t size);

#endif
