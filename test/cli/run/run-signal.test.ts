/** Ctrl-C while threads of `run --jobs` compute: they end, and nothing is left behind. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeModel } from "../../../src/model/encode.js";
import { findCompiler } from "../../../src/run/run-c.js";
import { bitPng, enterFolder, opening, run } from "../harness.js";
import { replaceCode } from "./replace-code.js";

const MAIN = fileURLToPath(new URL("../../../src/cli/main.ts", import.meta.url));
const PICTURES = ["a.png", "b.png", "c.png"];
const HAS_GCC = findCompiler("gcc") !== null;

/** Both say that they run, by a file, and never end by themselves; the program ends when nobody reads its output. */
const ENDLESS = {
  js: `import { writeFileSync } from "node:fs";
export function run() { writeFileSync("begun-js", ""); for (;;); }
`,
  c: `#define _DEFAULT_SOURCE
#include "opening.h"
#include <stdio.h>
#include <unistd.h>
int opening_run(const uint32_t *input, size_t height, size_t width, uint32_t *output, uint32_t *scratch)
{
    (void)input, (void)height, (void)width, (void)output, (void)scratch;
    fclose(fopen("begun-c", "w"));
    for (;;) {
        putchar(0);
        fflush(stdout);
        usleep(1000);
    }
}
`,
} as const;

let leave = (): void => undefined;
beforeAll(() => {
  leave = enterFolder();
  writeFileSync("opening.pb", encodeModel(opening));
  for (const name of PICTURES) writeFileSync(name, bitPng(["101", "010"]));
  mkdirSync("temporary");
});
afterAll(() => leave());

test.each(HAS_GCC ? (["js", "c"] as const) : (["js"] as const))("threads that run %s", async (backend) => {
  await run(["compile", "opening.pb", "-t", backend, "-o", backend]);
  replaceCode(`${backend}/opening.${backend}`, ENDLESS[backend]);
  const marker = `begun-${backend}`;
  const before = readdirSync(".").toSorted();
  const child = spawn(
    process.execPath,
    ["--import", import.meta.resolve("tsx"), MAIN, "run", backend, ...PICTURES, "--jobs", "2", "-o", "late/%p.png"],
    { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, TMPDIR: join(process.cwd(), "temporary") } },
  );
  let told = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      told += chunk.toString("utf8");
    });
  }
  const closed = new Promise((resolve) => child.on("close", resolve));
  while (!existsSync(marker) && child.exitCode === null) await wait(10);
  child.kill("SIGINT");
  expect({ status: await closed, told }).toEqual({ status: 130, told: "" });
  expect(readdirSync(".").toSorted()).toEqual([...before, marker].toSorted());
  // The loader of TypeScript keeps a folder there.
  expect(readdirSync("temporary").filter((name) => name.startsWith("bimonnc"))).toEqual([]);
});
