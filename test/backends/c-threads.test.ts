/**
 * Generated C in several threads at once, on one input and with memory of their own for the rest: no data race, as
 * ThreadSanitizer sees it, and in every thread the answer of the interpreter of MorphIR.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Compilation, compile } from "../../src/compile.js";
import { interpretModule } from "../../src/ir/interpret.js";
import { decodeModel } from "../../src/model/decode.js";
import type { Outcome, Picture } from "../../src/morph/picture.js";
import { type Call, decodeOutcomes, type ProgramInterface, packCalls, resultLengths } from "../../src/run/exchange.js";
import { findPreset } from "../../src/target/presets.js";
import { noisyBits } from "../support/word-programs.js";

const THREADS = 4;
/** Calls of each thread, so that threads meet at every place of the code. */
const ROUNDS = 8;
const FLAGS = ["-std=c99", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-pthread", "-fsanitize=thread"];
/** Exit status of a program in which ThreadSanitizer found something. */
const RACE = 66;

/** Whether gcc links its sanitizer of threads here, and the program then starts. */
function hasThreadSanitizer(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "bimonnc-tsan-"));
  try {
    writeFileSync(join(folder, "main.c"), "int main(void) { return 0; }\n");
    const built = spawnSync("gcc", [...FLAGS, "-o", "main", "main.c"], { cwd: folder });
    return built.status === 0 && spawnSync(join(folder, "main")).status === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * A program that reads the input of one call, makes the call in all threads, and writes the return code and the results
 * of each. With ONE_SCRATCH the threads share what they must not share.
 */
function printThreadedDriver(name: string, contract: ProgramInterface, call: Call): string {
  const { height, width, count } = call.extent;
  const prefix = name.toUpperCase();
  const sizes = contract.kind === "samples" ? `${count}` : `${height}, ${width}`;
  const { output, classes, scores } = resultLengths(contract, call.extent);
  const results = [
    { name: "output", type: "uint32_t", length: output },
    { name: "classes", type: "uint32_t", length: classes },
    { name: "scores", type: "int32_t", length: scores },
  ].filter((result) => result.length !== null);
  return `#define _POSIX_C_SOURCE 200809L
#include "${name}.h"

#include <pthread.h>
#include <stdio.h>

struct job {
    int code;
    pthread_t thread;
${results.map((result) => `    ${result.type} ${result.name}[${result.length}];`).join("\n")}
    uint32_t scratch[${prefix}_SCRATCH_WORDS(${sizes}) + 1];
};

static uint32_t input[${call.input.length}];
static struct job jobs[${THREADS}];
static pthread_barrier_t start;

static void *work(void *argument)
{
    struct job *job = argument;
#ifdef ONE_SCRATCH
    uint32_t *scratch = jobs[0].scratch;
#else
    uint32_t *scratch = job->scratch;
#endif
    pthread_barrier_wait(&start);
    for (int round = 0; round < ${ROUNDS}; round++) {
        job->code |= ${name}_run(${["input", sizes, ...results.map((result) => `job->${result.name}`), "scratch"].join(", ")});
    }
    return NULL;
}

int main(void)
{
    if (fread(input, sizeof input, 1, stdin) != 1 || pthread_barrier_init(&start, NULL, ${THREADS}) != 0) {
        return 1;
    }
    for (int index = 0; index < ${THREADS}; index++) {
        if (pthread_create(&jobs[index].thread, NULL, work, &jobs[index]) != 0) {
            return 2;
        }
    }
    for (int index = 0; index < ${THREADS}; index++) {
        struct job *job = &jobs[index];
        if (pthread_join(job->thread, NULL) != 0 || job->code != ${prefix}_OK) {
            return 3;
        }
${results.map((result) => `        fwrite(job->${result.name}, sizeof job->${result.name}, 1, stdout);`).join("\n")}
    }
    return 0;
}
`;
}

/** The answers of all threads, from what the driver wrote. */
function decodeThreads(contract: ProgramInterface, call: Call, written: Buffer): Outcome[][] {
  const { output, classes, scores } = resultLengths(contract, call.extent);
  const perThread = 4 * ((output ?? 0) + (classes ?? 0) + (scores ?? 0));
  expect(written.length).toBe(THREADS * perThread);
  return Array.from({ length: THREADS }, (_, thread) => {
    let position = thread * perThread;
    const take = (length: number): ArrayBuffer => {
      const bytes = Uint8Array.from(written.subarray(position, position + 4 * length));
      position += 4 * length;
      return bytes.buffer;
    };
    return decodeOutcomes(contract, call.extent, {
      output: output === null ? null : new Uint32Array(take(output)),
      classes: classes === null ? null : new Uint32Array(take(classes)),
      scores: scores === null ? null : new Int32Array(take(scores)),
    });
  });
}

async function compileFixture(name: string, target: string): Promise<Compilation> {
  const bytes = readFileSync(new URL(`../../fixtures/${name}.pb`, import.meta.url));
  const preset = findPreset(target);
  if (preset === null) throw new Error(`no target ${target}`);
  return compile(decodeModel(bytes), { target: preset, policy: "auto", modelSha256: "0".repeat(64) });
}

const FIXTURES: readonly { readonly name: string; readonly kind: string; readonly pictures: readonly Picture[] }[] = [
  { name: "noisy_sticks", kind: "convolutions", pictures: [noisyBits(37, 45, 1, 1)] },
  {
    name: "pattern_classes",
    kind: "dense layers",
    pictures: Array.from({ length: 150 }, (_, seed) => noisyBits(7, 7, 1, seed)),
  },
];

describe.skipIf(!hasThreadSanitizer())("in four threads (skipped where gcc has no -fsanitize=thread)", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "bimonnc-threads-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(FIXTURES)("$name, $kind", async ({ name, pictures }) => {
    const { module, program, artifacts } = await compileFixture(name, "c");
    for (const { path, content } of artifacts) writeFileSync(join(folder, path), content);
    const contract = program.interface;
    const [call, ...others] = packCalls(contract, pictures);
    if (call === undefined || others.length > 0) throw new Error("the pictures are not one call");
    writeFileSync(join(folder, "main.c"), printThreadedDriver(name, contract, call));
    const build = (executable: string, ...more: readonly string[]): string => {
      execFileSync("gcc", [...FLAGS, ...more, "-o", executable, "main.c", `${name}.c`], { cwd: folder });
      return join(folder, executable);
    };
    const input = Buffer.from(call.input.buffer, call.input.byteOffset, call.input.byteLength);

    const ended = spawnSync(build("main"), { input });
    expect({ status: ended.status, errors: ended.stderr.toString("utf8") }).toEqual({ status: 0, errors: "" });
    const expected = pictures.map((picture) => interpretModule(module, picture));
    for (const answers of decodeThreads(contract, call, ended.stdout)) expect(answers).toEqual(expected);

    // The sanitizer does see what goes wrong in this code.
    const shared = spawnSync(build("shared", "-DONE_SCRATCH"), { input });
    expect(shared.status).toBe(RACE);
    expect(shared.stderr.toString("utf8")).toMatch(/WARNING: ThreadSanitizer: data race[^]*_run/);
  });
});
