/* The operation of a case, as the libraries' contenders need it. */
#ifndef PEERS_H
#define PEERS_H

#include "harness.h"

/* Structuring element: a window, its origin, and for each of its pixels, row by row, '#' (member) or '.'. */
struct element {
    int height;
    int width;
    int row;
    int column;
    const char *members;
};

extern const struct element element;
/* One after the other: 'e' an erosion by the element, 'd' a dilation. */
extern const char operations[];

void leptonica_prepare(struct job *job);
void leptonica_finish(const struct job *job);
void leptonica_erode(const struct job *job);
/* For elements that fill their window. */
void leptonica_erode_brick(const struct job *job);
void leptonica_erode_comp_brick(const struct job *job);
void leptonica_erode_brick_dwa(const struct job *job);
void leptonica_erode_comp_brick_dwa(const struct job *job);

/* The code that its generator makes for the element. */
void leptonica_kernel_prepare(struct job *job);
void leptonica_kernel_finish(const struct job *job);
void leptonica_kernel(const struct job *job);
void leptonica_kernel_native(const struct job *job);

void opencv_prepare(struct job *job);
void opencv_run(const struct job *job);

#endif
