/*
 * Both loops leave the clamping to the pixels near the edge: the interior, nearly all of the picture, is a loop of
 * loads and ands without a branch.
 */
#include "byte-loop.h"

static size_t clamp(size_t position, int offset, size_t size)
{
    if (offset < 0 && position < (size_t)-offset) {
        return 0;
    }
    const size_t moved = position + (size_t)offset;
    return moved < size ? moved : size - 1;
}

static uint8_t near_edge(const uint8_t *input, size_t height, size_t width, size_t row, size_t column,
    const struct byte_offset *offsets, size_t count)
{
    uint8_t all = 1;
    for (size_t k = 0; k < count; k++) {
        all &= input[clamp(row, offsets[k].row, height) * width + clamp(column, offsets[k].column, width)];
    }
    return all;
}

/* Rows and columns of the frame closer to the edge than radius. */
static void edges(const uint8_t *input, size_t height, size_t width, const struct byte_offset *offsets, size_t count,
    size_t radius, uint8_t *output)
{
    for (size_t row = 0; row < height; row++) {
        const int whole_row = row < radius || row + radius >= height || width < 2 * radius;
        for (size_t column = 0; column < width; column++) {
            if (!whole_row && column == radius) {
                column = width - radius;
                if (column == width) {
                    break;
                }
            }
            output[row * width + column] = near_edge(input, height, width, row, column, offsets, count);
        }
    }
}

void BYTE_LOOP_SQUARE3(const uint8_t *input, size_t height, size_t width, uint8_t *output)
{
    static const struct byte_offset square[9] = {
        {-1, -1}, {-1, 0}, {-1, 1}, {0, -1}, {0, 0}, {0, 1}, {1, -1}, {1, 0}, {1, 1},
    };
    for (size_t row = 1; row + 1 < height; row++) {
        const uint8_t *const above = input + (row - 1) * width;
        const uint8_t *const here = input + row * width;
        const uint8_t *const below = input + (row + 1) * width;
        uint8_t *const target = output + row * width;
        for (size_t column = 1; column + 1 < width; column++) {
            target[column] = above[column - 1] & above[column] & above[column + 1]
                & here[column - 1] & here[column] & here[column + 1]
                & below[column - 1] & below[column] & below[column + 1];
        }
    }
    edges(input, height, width, square, 9, 1, output);
}

void BYTE_LOOP_ELEMENT(const uint8_t *input, size_t height, size_t width, const struct byte_offset *offsets,
    size_t count, size_t radius, uint8_t *output)
{
    ptrdiff_t steps[BYTE_LOOP_MOST_OFFSETS];
    for (size_t k = 0; k < count; k++) {
        steps[k] = offsets[k].row * (ptrdiff_t)width + offsets[k].column;
    }
    for (size_t row = radius; row + radius < height; row++) {
        for (size_t column = radius; column + radius < width; column++) {
            const uint8_t *const pixel = input + row * width + column;
            uint8_t all = 1;
            for (size_t k = 0; k < count; k++) {
                all &= pixel[steps[k]];
            }
            output[row * width + column] = all;
        }
    }
    edges(input, height, width, offsets, count, radius, output);
}
