/** The generated helpers between bytes and packed rows, against loops over single pixels, in C. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { emitProgram, writeArtifacts } from "../../scripts/golden/compiled.js";
import { lower } from "../../src/lower/lower.js";
import { findCompiler } from "../../src/run/run-c.js";
import { findPreset } from "../../src/target/presets.js";
import { chain } from "../lower/modules.js";

const HAS_GCC = findCompiler("gcc") !== null;

/** Every width up to a few words, bytes of any value, words that are not zero before. */
const MAIN = `
#include "chain.h"
#include <stdio.h>
#include <string.h>

enum { ROWS = 3, MOST = 140, MOST_WORDS = 5 };

int main(void)
{
    uint32_t state = 1;
    for (size_t width = 1; width <= MOST; width++) {
        uint8_t pixels[ROWS * MOST + 1];
        uint8_t back[ROWS * MOST + 1];
        uint32_t words[ROWS * MOST_WORDS + 1];
        const size_t stride = (width + 31) / 32;
        for (size_t i = 0; i < sizeof pixels; i++) {
            state = state * 1664525u + 1013904223u;
            pixels[i] = (state >> 24) % 3 == 0 ? 0 : (uint8_t)(state >> 16);
        }
        memset(words, 0xa5, sizeof words);
        memset(back, 0xa5, sizeof back);
        chain_pack(pixels, ROWS, width, words);
        chain_unpack(words, ROWS, width, back);
        for (size_t row = 0; row < ROWS; row++) {
            for (size_t column = 0; column < stride * 32; column++) {
                const unsigned bit = (words[row * stride + column / 32] >> (column % 32)) & 1;
                const unsigned expected = column < width && pixels[row * width + column] != 0;
                if (bit != expected || (column < width && back[row * width + column] != expected)) {
                    printf("width %zu, row %zu, column %zu\\n", width, row, column);
                    return 1;
                }
            }
        }
        if (words[ROWS * stride] != 0xa5a5a5a5u || back[ROWS * width] != 0xa5) {
            printf("width %zu: more than the rows was written\\n", width);
            return 1;
        }
    }
    return 0;
}
`;

test.skipIf(!HAS_GCC).each(["c", "c-scalar"])("pack and unpack of target %s", async (name) => {
  const target = findPreset(name)!;
  const { directory, remove } = writeArtifacts(await emitProgram(lower(chain(1), target), target));
  try {
    writeFileSync(join(directory, "main.c"), MAIN);
    const flags = [
      "-std=c99",
      "-O2",
      "-Wall",
      "-Wextra",
      "-Wconversion",
      "-pedantic",
      "-Werror",
      "-fsanitize=undefined",
    ];
    const built = spawnSync("gcc", [...flags, "main.c", "chain.c", "-o", "main"], { cwd: directory, encoding: "utf8" });
    expect(built.stderr).toBe("");
    const run = spawnSync(join(directory, "main"), [], { encoding: "utf8" });
    expect([run.stdout, run.status]).toEqual(["", 0]);
  } finally {
    remove();
  }
});
