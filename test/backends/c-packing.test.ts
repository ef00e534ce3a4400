/** The generated helpers between bytes and packed rows, against loops over single pixels, in C. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { emitProgram, writeArtifacts } from "../../scripts/golden/compiled.js";
import { lower } from "../../src/lower/lower.js";
import { findCompiler } from "../../src/run/run-c.js";
import { findPreset } from "../../src/target/presets.js";
import { chain } from "../lower/modules.js";

/**
 * Many widths, of a few rows and of more rows than a word has bits; bytes of any value, words with anything beyond the
 * last column. Every buffer ends where it must not be read or written further: a sanitizer sees that or, with
 * GUARD_PAGES, the machine. Bytes before a buffer are only watched by a sanitizer.
 */
const MAIN = `
#define _DEFAULT_SOURCE
#include "chain.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef GUARD_PAGES
#include <sys/mman.h>
#include <unistd.h>
#endif

/* Filled with 0xa5; of the alignment of \`size\`. */
static void *reserve(size_t size)
{
#ifdef GUARD_PAGES
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t held = (size + page - 1) / page * page;
    uint8_t *const start =
        mmap(NULL, held + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED || mprotect(start + held, page, PROT_NONE) != 0) exit(3);
    uint8_t *const buffer = start + (held - size);
#else
    uint8_t *const buffer = malloc(size);
    if (buffer == NULL) exit(3);
#endif
    memset(buffer, 0xa5, size);
    return buffer;
}

static void release(void *buffer, size_t size)
{
#ifdef GUARD_PAGES
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t held = (size + page - 1) / page * page;
    munmap((uint8_t *)buffer - (held - size), held + page);
#else
    (void)size;
    free(buffer);
#endif
}

static uint32_t state = 1;

static uint8_t noise(void)
{
    state = state * 1664525u + 1013904223u;
    return (state >> 24) % 3 == 0 ? 0 : (uint8_t)(state >> 16);
}

static int check(size_t rows, size_t width)
{
    const size_t stride = (width + 31) / 32;
    uint8_t *const pixels = reserve(rows * width);
    uint8_t *const back = reserve(rows * width);
    uint32_t *const words = reserve(rows * stride * 4);
    int wrong = 0;
    for (size_t i = 0; i < rows * width; i++) pixels[i] = noise();
    chain_pack(pixels, rows, width, words);
    for (size_t row = 0; row < rows; row++) {
        for (size_t column = 0; column < stride * 32; column++) {
            uint32_t *const word = words + row * stride + column / 32;
            const unsigned expected = column < width && pixels[row * width + column] != 0;
            wrong += ((*word >> (column % 32)) & 1) != expected;
            if (column >= width && noise() != 0) *word |= UINT32_C(1) << (column % 32);
        }
    }
    chain_unpack(words, rows, width, back);
    for (size_t i = 0; i < rows * width; i++) wrong += back[i] != (pixels[i] != 0);
    if (wrong != 0) printf("%zu rows of %zu: %d wrong\\n", rows, width, wrong);
    release(pixels, rows * width);
    release(back, rows * width);
    release(words, rows * stride * 4);
    return wrong;
}

int main(void)
{
    const size_t heights[] = {1, 2, 3, 40};
    int wrong = 0;
    for (size_t i = 0; i < sizeof heights / sizeof heights[0]; i++) {
        for (size_t width = 1; width <= 140; width++) wrong += check(heights[i], width);
        wrong += check(heights[i], 255) + check(heights[i], 256) + check(heights[i], 257);
    }
    printf("%s\\n", wrong == 0 ? "equal" : "different");
    return 0;
}
`;

const STRICT = [
  "-std=c99",
  "-Wall",
  "-Wextra",
  "-Wconversion",
  "-Wsign-conversion",
  "-Wshadow",
  "-pedantic",
  "-Werror",
];
const SANITIZERS = ["-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
const AVX512 = ["-mavx512bw", "-mavx512vl"];

/** Macros that a compiler defines, with those of `chain.c` for a target. */
async function macrosOf(compiler: string, targetName: string, flags: readonly string[]): Promise<string[]> {
  return withFiles(targetName, (directory) => {
    const operands = ["-std=c99", ...flags, "-dM", "-E", "chain.c"];
    const { stdout, stderr } = spawnSync(compiler, operands, { cwd: directory, encoding: "utf8" });
    if (stdout === "") throw new Error(stderr);
    return [...stdout.matchAll(/^#define (\w+)/gm)].map((match) => match[1] ?? "");
  });
}

async function withFiles<Result>(targetName: string, use: (directory: string) => Result): Promise<Result> {
  const target = findPreset(targetName)!;
  const { directory, remove } = writeArtifacts(await emitProgram(lower(chain(1), target), target));
  try {
    return use(directory);
  } finally {
    remove();
  }
}

function buildAndRun(directory: string, compiler: string, flags: readonly string[], emulator: readonly string[]): void {
  writeFileSync(join(directory, "main.c"), MAIN);
  // The width of vectors in the ABI, which GCC remarks on, concerns static functions alone.
  const operands = [...STRICT, "-Wno-psabi", ...flags, "main.c", "chain.c", "-o", "main"];
  const built = spawnSync(compiler, operands, { cwd: directory, encoding: "utf8" });
  expect([built.status, built.stderr]).toEqual([0, ""]);
  const [command, ...rest] = [...emulator, join(directory, "main")];
  const run = spawnSync(command, rest, { encoding: "utf8" });
  expect([run.stdout, run.stderr, run.status]).toEqual(["equal\n", "", 0]);
}

/** What this machine's processor has, as its compiler tells. */
const NATIVE = new Set(
  [
    ...spawnSync("gcc", ["-march=native", "-dM", "-E", "-x", "c", "/dev/null"], { encoding: "utf8" }).stdout.matchAll(
      /^#define (\w+)/gm,
    ),
  ].map((match) => match[1] ?? ""),
);

/** Targets with the flags that they are described with, and with others: less than promised, and all there is. */
const BUILDS: readonly { readonly target: string; readonly flags: readonly string[]; readonly needs: string | null }[] =
  [
    { target: "c-scalar", flags: [], needs: null },
    { target: "c", flags: [], needs: null },
    { target: "c", flags: ["-DCHAIN_PORTABLE"], needs: null },
    { target: "c", flags: ["-march=native"], needs: null },
    { target: "c-avx2", flags: ["-mavx2"], needs: "__AVX2__" },
    { target: "c-avx2", flags: [], needs: null },
    { target: "c-avx512", flags: AVX512, needs: "__AVX512VL__" },
    { target: "c-avx512", flags: ["-mavx512f"], needs: "__AVX512F__" },
    { target: "c-avx512", flags: [], needs: null },
  ];

describe.each(["gcc", "clang"])("pack and unpack by %s", (compiler) => {
  for (const { target, flags, needs } of BUILDS) {
    const isMissing = findCompiler(compiler) === null || (needs !== null && !NATIVE.has(needs));
    const label = [target, ...flags, ...(isMissing ? ["(not here)"] : [])].join(" ");
    test.skipIf(isMissing)(label, () =>
      withFiles(target, (directory) => buildAndRun(directory, compiler, [...SANITIZERS, ...flags], [])),
    );
  }
});

const ARM = "aarch64-linux-gnu-gcc";
const HAS_ARM = findCompiler(ARM) !== null && findCompiler("qemu-aarch64") !== null;

describe(`pack and unpack on AArch64${HAS_ARM ? "" : ", whose compiler and emulator are not here"}`, () => {
  test.skipIf(!HAS_ARM).each([
    ["-O2", []],
    ["-O2", ["-DCHAIN_PORTABLE"]],
    ["-O0", []],
  ])("%s %j", (level, flags) =>
    withFiles("c-neon", (directory) =>
      buildAndRun(directory, ARM, [level, "-static", "-DGUARD_PAGES", ...flags], ["qemu-aarch64"]),
    ),
  );
});

describe("the instructions that packing uses", () => {
  const used = async (compiler: string, target: string, flags: readonly string[]): Promise<string[]> =>
    (await macrosOf(compiler, target, flags)).filter((name) => /^CHAIN_(?:AVX512|AVX2|SSE2|NEON)$/.test(name));

  const isX86 = NATIVE.has("__x86_64__");
  test.skipIf(!isX86).each([
    ["c-scalar", ["-march=native"], []],
    ["c", [], ["CHAIN_SSE2"]],
    ["c", ["-mavx2"], ["CHAIN_SSE2"]],
    ["c-avx2", ["-mavx2"], ["CHAIN_AVX2"]],
    ["c-avx2", AVX512, ["CHAIN_AVX2"]],
    ["c-avx2", [], []],
    ["c-avx512", AVX512, ["CHAIN_AVX512"]],
    ["c-avx512", ["-mavx512f"], ["CHAIN_AVX2"]],
    ["c-avx512", [], []],
    ["c", ["-DCHAIN_PORTABLE"], []],
    ["c-avx2", ["-mavx2", "-DCHAIN_PORTABLE"], []],
    ["c-avx512", [...AVX512, "-DCHAIN_PORTABLE"], []],
    ["c-avx2", ["-mavx2", "-ffreestanding"], []],
  ])("%s %j: %j", async (target, flags, expected) => {
    expect(await used("gcc", target, flags)).toEqual(expected);
  });

  test.skipIf(!HAS_ARM).each([
    ["c-neon", [], ["CHAIN_NEON"]],
    ["c-neon", ["-DCHAIN_PORTABLE"], []],
    ["c-neon", ["-mgeneral-regs-only"], []],
    ["c-neon", ["-mbig-endian", "-ffreestanding"], []],
    ["c-avx2", [], []],
  ])("on AArch64, %s %j: %j", async (target, flags, expected) => {
    expect(await used(ARM, target, flags)).toEqual(expected);
  });

  test.each([
    ["c-scalar", []],
    ["c", ["emmintrin.h", "arm_neon.h"]],
    ["c-neon", ["emmintrin.h", "arm_neon.h"]],
    ["c-avx2", ["immintrin.h"]],
    ["c-avx512", ["immintrin.h", "immintrin.h"]],
  ])("a file of %s holds no others than those of %j", async (targetName, headers) => {
    const target = findPreset(targetName)!;
    const files = await emitProgram(lower(chain(1), target), target);
    const text = String(files.find(({ path }) => path === "chain.c")?.content);
    expect([...text.matchAll(/#include <(.*)>/g)].map((match) => match[1])).toEqual(headers);
    expect(/_mm512|AVX512/.test(text)).toBe(targetName === "c-avx512");
    expect(/_mm256|AVX2/.test(text)).toBe(headers.includes("immintrin.h"));
    expect(/\b_mm_/.test(text)).toBe(headers.includes("emmintrin.h"));
    expect(/uint8x16_t|NEON/.test(text)).toBe(headers.includes("arm_neon.h"));
  });
});
