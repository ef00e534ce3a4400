/** The program as a process: exit status, pipes, signals, and what it loads. */
import { execFile, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeModel } from "../../src/model/encode.js";
import { bitPng, enterFolder, opening } from "./harness.js";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const TSX = import.meta.resolve("tsx");

let leave = (): void => undefined;
beforeAll(() => {
  leave = enterFolder();
  writeFileSync("opening.pb", encodeModel(opening));
  writeFileSync("bits.png", bitPng(["101", "010"]));
});
afterAll(() => leave());

function execute(args: readonly string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ["--import", TSX, MAIN, ...args], (_error, stdout, stderr) =>
      resolve({ status: child.exitCode, stdout, stderr }),
    );
  });
}

test("status and streams reach the shell", async () => {
  expect(await execute(["binarize", "opening.pb"])).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^module "opening"/),
    stderr: "opening: exact\n",
  });
  expect((await execute([])).status).toBe(2);
  expect((await execute(["inspect", "missing.pb"])).status).toBe(3);
  expect((await execute(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect((await execute(["completion"])).stdout).toContain("bimonnc --get-yargs-completions");
  expect((await execute(["--get-yargs-completions", "bimonnc", "com"])).stdout).toContain("compile");
});

test("a reader that goes away is no failure", async () => {
  const child = spawn(process.execPath, ["--import", TSX, MAIN, "inspect", "opening.pb"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.destroy();
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString("utf8");
  });
  const status = await new Promise((resolve) => child.on("close", resolve));
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

const hasFull = existsSync("/dev/full");
test.skipIf(!hasFull).each([["inspect", "opening.pb"], ["run", "opening.pb", "bits.png", "-o", "-"], ["--help"]])(
  "an output that cannot be written is told, once: %s",
  async (...args) => {
    const full = openSync("/dev/full", "w");
    const child = spawn(process.execPath, ["--import", TSX, MAIN, ...args], { stdio: ["ignore", full, "pipe"] });
    closeSync(full);
    let stderr = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      stderr += chunk.toString("utf8");
    });
    const status = await new Promise((resolve) => child.on("close", resolve));
    expect(stderr).toBe(
      "error BMN0102: cannot write the answer: no space left\n  at standard output\n" +
        "  hint: send the output to another place\n",
    );
    expect(status).toBe(3);
  },
);

test.skipIf(!hasFull)("an output and a log that cannot be written end with the status of the output", async () => {
  const full = openSync("/dev/full", "w");
  const child = spawn(process.execPath, ["--import", TSX, MAIN, "binarize", "opening.pb"], {
    stdio: ["ignore", full, full],
  });
  closeSync(full);
  expect(await new Promise((resolve) => child.on("close", resolve))).toBe(3);
});

test("interrupted while it reads, it leaves nothing behind", async () => {
  const before = readdirSync(".");
  const child = spawn(process.execPath, ["--import", TSX, MAIN, "compile", "-", "-o", "made"], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.write(encodeModel(opening).subarray(0, 50));
  setTimeout(() => child.kill("SIGINT"), 500);
  await new Promise((resolve) => child.on("close", resolve));
  expect(existsSync("made")).toBe(false);
  expect(readdirSync(".")).toEqual(before);
});

test("heavy libraries are not loaded by commands that do not need them", async () => {
  writeFileSync(
    "loaded.mjs",
    `import { register } from "node:module";
     register("data:text/javascript," + encodeURIComponent(\`
       import { writeSync } from "node:fs";
       export async function load(url, context, next) {
         const library = /node_modules\\\\/(binaryen|ts-morph|fast-png|cli-progress)\\\\//.exec(url);
         if (library !== null) writeSync(2, "loaded " + library[1] + "\\\\n");
         return next(url, context);
       }\`), import.meta.url);`,
  );
  const loader = ["--import", TSX, "--import", "./loaded.mjs", MAIN];
  const { stderr } = await promisify(execFile)(process.execPath, [...loader, "compile", "opening.pb", "-t", "c"]);
  expect(stderr).not.toContain("loaded");
  const picture = await promisify(execFile)(process.execPath, [...loader, "run", "opening.pb", "bits.png"]);
  expect(picture.stderr).toContain("loaded fast-png");
});
