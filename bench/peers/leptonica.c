/*
 * Leptonica on its own pictures, made before the timing. It counts pixels from a word's highest bit, we from its lowest.
 * Beyond the frame its public calls see zeros. The generated kernel reads a border of 32 pixels that the caller draws;
 * here they continue the edge, so that its answers are ours everywhere.
 */
#include <leptonica/allheaders.h>

#include "peers.h"

#define BORDER 32

/* Made by Leptonica's generator; the native build has the second name. Index 1 is the erosion by the first element. */
l_int32 fmorphopgen_low_0(l_uint32 *, l_int32, l_int32, l_int32, l_uint32 *, l_int32, l_int32);
l_int32 fmorphopgen_low_native(l_uint32 *, l_int32, l_int32, l_int32, l_uint32 *, l_int32, l_int32);

struct pictures {
    PIX *source;
    PIX *target;
    SEL *sel;
};

static l_uint32 reversed(l_uint32 word)
{
    l_uint32 result = 0;
    for (int bit = 0; bit < 32; bit++) {
        result |= ((word >> bit) & 1) << (31 - bit);
    }
    return result;
}

static PIX *picture_of(const struct job *job)
{
    PIX *const picture = pixCreate((l_int32)job->width, (l_int32)job->height, 1);
    l_uint32 *const data = pixGetData(picture);
    for (size_t word = 0; word < input_words(job->height, job->width, 1); word++) {
        data[word] = reversed(job->input[word]);
    }
    return picture;
}

static SEL *sel_of_element(void)
{
    SEL *const sel = selCreate(element.height, element.width, "element");
    selSetOrigin(sel, element.row, element.column);
    for (int row = 0; row < element.height; row++) {
        for (int column = 0; column < element.width; column++) {
            if (element.members[row * element.width + column] == '#') {
                selSetElement(sel, row, column, SEL_HIT);
            }
        }
    }
    return sel;
}

void leptonica_prepare(struct job *job)
{
    struct pictures *const own = reserve(1, sizeof *own);
    own->source = picture_of(job);
    own->target = pixCreateTemplate(own->source);
    own->sel = sel_of_element();
    job->own = own;
}

void leptonica_kernel_prepare(struct job *job)
{
    leptonica_prepare(job);
    struct pictures *const own = job->own;
    own->source = pixAddContinuedBorder(own->source, BORDER, BORDER, BORDER, BORDER);
    own->target = pixCreateTemplate(own->source);
}

/* Copies the picture that begins `border` pixels below and to the right of the target's first one. */
static void answer(const struct job *job, size_t border)
{
    const struct pictures *const own = job->own;
    const size_t own_stride = (size_t)pixGetWpl(own->target);
    const l_uint32 *const data = pixGetData(own->target) + border * own_stride + border / 32;
    const size_t stride = (job->width + 31) / 32;
    for (size_t row = 0; row < job->height; row++) {
        for (size_t word = 0; word < stride; word++) {
            const size_t left = job->width - 32 * word;
            const uint32_t mask = left < 32 ? (UINT32_C(1) << left) - 1 : UINT32_MAX;
            job->words[row * stride + word] = reversed(data[row * own_stride + word]) & mask;
        }
    }
}

void leptonica_finish(const struct job *job)
{
    answer(job, 0);
}

void leptonica_kernel_finish(const struct job *job)
{
    answer(job, BORDER);
}

void leptonica_erode(const struct job *job)
{
    const struct pictures *const own = job->own;
    pixErode(own->target, own->source, own->sel);
}

void leptonica_erode_brick(const struct job *job)
{
    const struct pictures *const own = job->own;
    pixErodeBrick(own->target, own->source, element.width, element.height);
}

void leptonica_erode_comp_brick(const struct job *job)
{
    const struct pictures *const own = job->own;
    pixErodeCompBrick(own->target, own->source, element.width, element.height);
}

void leptonica_erode_brick_dwa(const struct job *job)
{
    const struct pictures *const own = job->own;
    pixErodeBrickDwa(own->target, own->source, element.width, element.height);
}

void leptonica_erode_comp_brick_dwa(const struct job *job)
{
    const struct pictures *const own = job->own;
    pixErodeCompBrickDwa(own->target, own->source, element.width, element.height);
}

typedef l_int32 (*kernel)(l_uint32 *, l_int32, l_int32, l_int32, l_uint32 *, l_int32, l_int32);

static void run_kernel(const struct job *job, kernel run)
{
    const struct pictures *const own = job->own;
    const l_int32 stride = pixGetWpl(own->source);
    const size_t start = (size_t)BORDER * (size_t)stride + 1;
    run(pixGetData(own->target) + start, (l_int32)job->width, (l_int32)job->height, stride,
        pixGetData(own->source) + start, stride, 1);
}

void leptonica_kernel(const struct job *job)
{
    run_kernel(job, fmorphopgen_low_0);
}

void leptonica_kernel_native(const struct job *job)
{
    run_kernel(job, fmorphopgen_low_native);
}
