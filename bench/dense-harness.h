/* The contenders of bench/dense-harness.c, at most 64, as bench/dense-contenders.ts prints them. */
#ifndef DENSE_HARNESS_H
#define DENSE_HARNESS_H

#include <stddef.h>
#include <stdint.h>

struct dense_job {
    size_t count;
    const uint8_t *bytes;
    uint32_t *classes;
    int32_t *scores;
    uint32_t *scratch;
};

struct dense_contender {
    void (*run)(const struct dense_job *job);
    size_t scratch_words;
};

extern const struct dense_contender contenders[];
extern const size_t contender_count;

size_t input_bytes(size_t count);
size_t score_limbs(size_t count);

#endif
