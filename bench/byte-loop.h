/* The erosion as a plain loop over pixels of one byte: what packed code is compared with. */
#ifndef BYTE_LOOP_H
#define BYTE_LOOP_H

#include <stddef.h>
#include <stdint.h>

/* Offset of a member of the structuring element: rows grow downwards, columns to the right. */
struct byte_offset {
    int row;
    int column;
};

/*
 * Erodes pixels of 0 or 1 by the 3 by 3 square; pixels beyond the frame are those of its edge. The name
 * is a macro, so that one program can hold builds with several compiler flags.
 */
#ifndef BYTE_LOOP_SQUARE3
#define BYTE_LOOP_SQUARE3 byte_loop_square3
#define BYTE_LOOP_ELEMENT byte_loop_element
#endif

void BYTE_LOOP_SQUARE3(const uint8_t *input, size_t height, size_t width, uint8_t *output);

/* The same by any element of at most BYTE_LOOP_MOST_OFFSETS offsets, none longer than radius in rows or columns. */
#define BYTE_LOOP_MOST_OFFSETS 1024
void BYTE_LOOP_ELEMENT(const uint8_t *input, size_t height, size_t width, const struct byte_offset *offsets,
    size_t count, size_t radius, uint8_t *output);

#endif
