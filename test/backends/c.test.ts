import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Header } from "../../src/backends/backend.js";
import { cBackend } from "../../src/backends/c/c.js";
import { DiagnosticError } from "../../src/diagnostics.js";
import type { Outcome, Picture } from "../../src/morph/picture.js";
import { findCompiler, openCRunner } from "../../src/run/run-c.js";
import { createInterpreterRunner } from "../../src/run/run-interpreter.js";
import type { Target } from "../../src/target/target.js";
import type { WordProgram } from "../../src/word/node.js";
import { verifyProgram } from "../../src/word/verify.js";
import { targetWithLanes } from "../lower/targets.js";
import { randomNumberProgram, randomWordProgram } from "../support/random-word-programs.js";
import {
  type Case,
  erosionCase,
  gateCase,
  halvingCase,
  levelSetCase,
  noisyBits,
  noisyBytes,
  scoreCase,
} from "../support/word-programs.js";

const HEADER: Header = {
  tool: "bimonnc 0.0.0",
  options: "--target c",
  modelSha256: "0".repeat(64),
  license: "MIT",
  grade: "exact: equal to the network on every input */ ??/ /*",
};
const STRICT = [
  "-Wall",
  "-Wextra",
  "-Wconversion",
  "-Wsign-conversion",
  "-Wshadow",
  "-Wcast-align",
  "-pedantic",
  "-Werror",
];
const SANITIZED = [...STRICT, "-O1", "-g", "-fsanitize=undefined,address", "-fno-sanitize-recover=all"];

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

async function writeC(program: WordProgram, lanes: Target["lanes"], folder?: string): Promise<string> {
  const directory = folder ?? mkdtempSync(join(tmpdir(), "bimonnc-test-"));
  folders.push(directory);
  const target = targetWithLanes(lanes);
  for (const { path, content } of await cBackend.emit(program, target, HEADER)) {
    writeFileSync(join(directory, path), content);
  }
  return directory;
}

async function runC(
  program: WordProgram,
  lanes: Target["lanes"],
  pictures: readonly Picture[],
  compiler: string,
  flags: readonly string[],
): Promise<Outcome[]> {
  const directory = await writeC(program, lanes);
  const runner = await openCRunner({ directory, name: program.name, interface: program.interface, compiler, flags });
  try {
    return await runner.run(pictures);
  } finally {
    await runner.close();
  }
}

const cases: readonly (readonly [string, Case, Target["lanes"]])[] = [
  ["erosion, 4 lanes", erosionCase(4), 4],
  ["erosion, 1 lane", erosionCase(1), 1],
  ["level sets", levelSetCase(), 1],
  ["gates", gateCase(), 1],
  ["scores", scoreCase(), 1],
  ["halving", halvingCase(), 1],
];

describe.each(["gcc", "clang"])("C by %s", (compiler) => {
  const isMissing = findCompiler(compiler) === null;

  it.skipIf(isMissing).each(cases)(
    "answers under sanitizers: %s",
    async (_, { program, pictures, expected }, lanes) => {
      expect(await runC(program, lanes, pictures, compiler, SANITIZED)).toEqual(expected);
    },
  );

  it.skipIf(isMissing).each(["-O0", "-O3"])("answers without vectors at %s", async (level) => {
    const { program, pictures, expected } = erosionCase(4);
    const flags = [...STRICT, level, "-DEROSION3_PORTABLE"];
    expect(await runC(program, 4, pictures, compiler, flags)).toEqual(expected);
  });

  it.skipIf(isMissing).each([8, 16] as const)("%i lanes need no special instructions", async (lanes) => {
    const { program, pictures, expected } = erosionCase(lanes);
    expect(await runC(program, lanes, pictures, compiler, [...STRICT, "-O3"])).toEqual(expected);
  });

  it.skipIf(isMissing).each([1, 2])("equals the interpreter on random words, seed %i", async (seed) => {
    const program = randomWordProgram(seed, 60, 4);
    verifyProgram(program);
    const pictures = [noisyBits(1, 512, 1, seed)];
    const expected = await createInterpreterRunner(program).run(pictures);
    expect(await createInterpreterRunner(program, { lanes: 1 }).run(pictures)).toEqual(expected);
    expect(await runC(program, 4, pictures, compiler, SANITIZED)).toEqual(expected);
    expect(await runC(program, 4, pictures, compiler, [...STRICT, "-DWORDS_PORTABLE"])).toEqual(expected);
    expect(await runC(program, 1, pictures, compiler, STRICT)).toEqual(expected);
  });

  it.skipIf(isMissing).each([3, 4])("equals the interpreter on random numbers, seed %i", async (seed) => {
    const program = randomNumberProgram(seed, 60);
    verifyProgram(program);
    const pictures = Array.from({ length: 60 }, (_, index) => noisyBytes(1, 1, 1, index));
    const expected = await createInterpreterRunner(program).run(pictures);
    expect(await runC(program, 1, pictures, compiler, SANITIZED)).toEqual(expected);
  });

  it.skipIf(isMissing)("refuses sizes that are too small or too large", async () => {
    const { program } = halvingCase();
    const sizes = [
      [1, 9],
      [9, 1],
      [2, 65536],
    ] as const;
    for (const [height, width] of sizes) {
      const answer = runC(program, 1, [noisyBits(height, width, 1, 1)], compiler, STRICT);
      await expect(answer).rejects.toThrow(`BMN0603: the network refuses a picture of ${height}×${width}`);
    }
  });

  it.skipIf(isMissing)("two models link together, and both headers fit in one file", async () => {
    const [first, second] = [erosionCase(4), scoreCase()];
    const directory = await writeC(first.program, 4);
    await writeC(second.program, 1, directory);
    const main = `#include "erosion3.h"
#include "scores.h"
#include "erosion3.h"
static uint32_t scratch[EROSION3_SCRATCH_WORDS(2, 3 + 4)];
int main(void)
{
    const int32_t limbs[3] = {16, 8, -1};
    const uint32_t input[2] = {0x7f, 0x7f};
    uint32_t output[EROSION3_OUTPUT_WORDS(2, 7)];
    const double expected = (16.0 + 8.0 * 1048576 - 1048576.0 * 1048576) / 8;
    if (erosion3_run(input, 2, 7, output, scratch) != EROSION3_OK || output[0] != 0x7f) {
        return 1;
    }
    return scores_score(limbs) == expected ? 0 : 2;
}
`;
    writeFileSync(join(directory, "main.c"), main);
    const build = ["-std=c99", ...SANITIZED, "-o", "main", "main.c", "erosion3.c", "scores.c"];
    execFileSync(compiler, build, { cwd: directory });
    expect(execFileSync(join(directory, "main"), { encoding: "utf8" })).toBe("");
  });

  it.skipIf(isMissing || findCompiler(compiler === "gcc" ? "g++" : "clang++") === null)(
    "the header is C++ as well",
    async () => {
      const directory = await writeC(scoreCase().program, 1);
      writeFileSync(join(directory, "main.cpp"), '#include "scores.h"\nint main() { return SCORES_OK; }\n');
      const command = compiler === "gcc" ? "g++" : "clang++";
      execFileSync(command, ["-std=c++11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "main.cpp"], {
        cwd: directory,
      });
    },
  );

  it.skipIf(isMissing).each(cases)("the example runs: %s", async (_, { program }, lanes) => {
    const directory = await writeC(program, lanes);
    const files = [`${program.name}_example.c`, `${program.name}.c`];
    execFileSync(compiler, ["-std=c99", ...SANITIZED, "-o", "example", ...files], { cwd: directory });
    const text = execFileSync(join(directory, "example"), { encoding: "utf8" });
    if (program.name !== "erosion3") {
      await expect(text).toMatchFileSnapshot(`../cases/c/${program.name}_example.txt`);
      return;
    }
    // A 12×20 square in 24×40 pixels with a notch of one row up to its middle, and a speck: eroded by one pixel.
    const rows = Array.from({ length: 24 }, (__, row) =>
      Array.from({ length: 40 }, (___, column) => {
        const inside = row >= 7 && row < 17 && column >= 11 && column < 29;
        return inside && !(Math.abs(row - 12) <= 1 && column < 21) ? "#" : ".";
      }).join(""),
    );
    expect(text).toBe(`${rows.join("\n")}\n`);
  });
});

describe("openCRunner", () => {
  it("says when the compiler is missing", async () => {
    const { program } = levelSetCase();
    const options = { directory: ".", name: program.name, interface: program.interface, compiler: "no-such-compiler" };
    await expect(openCRunner(options)).rejects.toThrow(/^BMN0504: the C compiler no-such-compiler was not found/);
  });

  it.skipIf(findCompiler("gcc") === null)("shows why a compiler refuses", async () => {
    const { program } = levelSetCase();
    const directory = await writeC(program, 1);
    writeFileSync(join(directory, "levels.c"), "int levels_run(void) { return nothing; }\n");
    const options = { directory, name: program.name, interface: program.interface, compiler: "gcc" };
    await expect(openCRunner(options)).rejects.toThrow(DiagnosticError);
    await expect(openCRunner(options)).rejects.toThrow(/BMN0703: gcc refuses .*levels\.c/);
  });

  it.skipIf(findCompiler("gcc") === null)("shows what a sanitizer finds", async () => {
    const { program, pictures } = erosionCase(4);
    const small = { ...program, scratchWords: { kind: "constant", value: 8 } as const };
    const failing = runC(small, 4, pictures, "gcc", ["-fsanitize=address"]);
    await expect(failing).rejects.toThrow(/BMN0703: the program ended with .*\n.*AddressSanitizer/);
  });
});

describe("the text of C", () => {
  it.each([
    ["erosion3", erosionCase(4).program, 4],
    ["scores", scoreCase().program, 1],
    ["gates", gateCase().program, 1],
  ] as const)("is that of test/cases/c/%s", async (name, program, lanes) => {
    const target = targetWithLanes(lanes);
    const artifacts = await cBackend.emit(program, target, HEADER);
    expect(artifacts.map((artifact) => artifact.path)).toEqual([`${name}.h`, `${name}.c`, `${name}_example.c`]);
    for (const { path, content } of artifacts) {
      await expect(content).toMatchFileSnapshot(`../cases/c/${path}`);
    }
  });

  it("is ASCII, has short lines, and includes nothing but integer types and, for vectors, instructions", async () => {
    for (const [, { program }, lanes] of cases) {
      const target = targetWithLanes(lanes);
      for (const { path, content } of await cBackend.emit(program, target, HEADER)) {
        const text = String(content);
        expect(text, path).toMatch(/^[\n -~]*$/);
        expect(
          text.split("\n").filter((line) => line.length > 100),
          path,
        ).toEqual([]);
        const includes = [...text.matchAll(/#include (\S+)/g)].map((match) => match[1]);
        const allowed = path.endsWith(".h") ? ["<stddef.h>", "<stdint.h>"] : [`"${program.name}.h"`];
        const others = path.endsWith("_example.c") ? ["<stdio.h>"] : [];
        const instructions = path === `${program.name}.c` && lanes === 4 ? ["<emmintrin.h>", "<arm_neon.h>"] : [];
        expect(includes).toEqual([...allowed, ...others, ...instructions]);
      }
    }
  });
});
