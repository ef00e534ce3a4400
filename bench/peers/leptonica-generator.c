/*
 * Lets Leptonica write the code for one structuring element into fmorphgenlow.0.c of the current folder, where it also
 * looks for the code's frame, morphtemplate2.txt.
 *
 *   leptonica-generator HEIGHT WIDTH ROW COLUMN MEMBERS
 *
 * ROW and COLUMN are the origin's; MEMBERS holds '#' or '.' for each pixel of the window, row by row.
 */
#include <leptonica/allheaders.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int count, char **arguments)
{
    if (count != 6) {
        fprintf(stderr, "see the comment in leptonica-generator.c\n");
        return 2;
    }
    const int height = atoi(arguments[1]);
    const int width = atoi(arguments[2]);
    const char *const members = arguments[5];
    if (height < 1 || width < 1 || strlen(members) != (size_t)height * (size_t)width) {
        fprintf(stderr, "the members do not fill the window\n");
        return 2;
    }
    SEL *const sel = selCreate(height, width, "element");
    selSetOrigin(sel, atoi(arguments[3]), atoi(arguments[4]));
    for (int index = 0; index < height * width; index++) {
        if (members[index] == '#') {
            selSetElement(sel, index / width, index % width, SEL_HIT);
        }
    }
    SELA *const elements = selaCreate(1);
    return selaAddSel(elements, sel, NULL, L_INSERT) != 0 || fmorphautogen2(elements, 0, NULL) != 0;
}
