/** Ctrl-C while the C compiler works, and while code is timed: the command ends at once and leaves nothing behind. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findCompiler } from "../../../src/run/run-c.js";
import { enterFolder } from "../harness.js";

const MAIN = fileURLToPath(new URL("../../../src/cli/main.ts", import.meta.url));
const GCC = findCompiler("gcc");

let leave = (): void => undefined;
beforeAll(() => {
  leave = enterFolder();
  mkdirSync("temporary");
  // As gcc does, it leaves the work to another program, and a file where temporary ones go.
  const slow = `#!/bin/sh
echo > "$TMPDIR/half-done.s"
sleep 300 &
echo $! > child.tmp; mv child.tmp begun-compiling
wait
`;
  writeFileSync("slow", slow, { mode: 0o755 });
  const telling = `#!/bin/sh
case "$*" in *"-o "*harness\\ *) echo > begun-linking ;; esac
exec ${GCC} "$@"
`;
  writeFileSync("telling", telling, { mode: 0o755 });
});
afterAll(() => leave());

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test.runIf(GCC !== null).each([
  { compiler: "slow", begun: "begun-compiling" },
  { compiler: "telling", begun: "begun-linking" },
])("with the compiler $compiler", async ({ compiler, begun }) => {
  const args = ["bench", "--erosion", "rect3", "-t", "c,js", "--time", "60", "--quiet", "--compiler", `./${compiler}`];
  const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), MAIN, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, TMPDIR: join(process.cwd(), "temporary") },
  });
  let told = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      told += chunk.toString("utf8");
    });
  }
  const closed = new Promise((resolve) => child.on("close", resolve));
  while (!existsSync(begun) && child.exitCode === null) await wait(10);
  // Some way into what comes then.
  if (compiler === "telling") await wait(3000);
  const start = performance.now();
  child.kill("SIGINT");
  expect({ status: await closed, told }).toEqual({ status: 130, told: "" });
  // Far less than what was begun takes.
  expect(performance.now() - start).toBeLessThan(20_000);
  // The loader of TypeScript keeps a folder there.
  expect(readdirSync("temporary").filter((name) => !name.startsWith("tsx-"))).toEqual([]);
  if (compiler === "slow") {
    const sleeper = Number(readFileSync(begun, "utf8"));
    for (let tries = 0; isAlive(sleeper) && tries < 100; tries++) await wait(20);
    expect(isAlive(sleeper)).toBe(false);
  }
});
