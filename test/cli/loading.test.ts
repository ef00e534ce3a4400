/** Which scripts a command loads, as V8 counts them. */
import { execFile, spawn } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeModel } from "../../src/model/encode.js";
import { enterFolder, opening } from "./harness.js";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const TSX = import.meta.resolve("tsx");
const COVERAGE = "coverage";

/** Tells every library that begins to load. */
const TELLING = `import { register } from "node:module";
  register("data:text/javascript," + encodeURIComponent(\`
    import { writeSync } from "node:fs";
    export async function load(url, context, next) {
      if (url.includes("@tensorflow")) writeSync(2, "loading " + url + "\\\\n");
      return next(url, context);
    }\`), import.meta.url);`;

let leave = (): void => undefined;
beforeAll(() => {
  leave = enterFolder();
  writeFileSync("opening.pb", encodeModel(opening));
  writeFileSync("telling.mjs", TELLING);
});
afterAll(() => leave());

/** Addresses of all scripts of a process and its threads. */
async function scriptsOf(args: readonly string[]): Promise<string[]> {
  rmSync(COVERAGE, { recursive: true, force: true });
  const env = { ...process.env, NODE_V8_COVERAGE: COVERAGE };
  await promisify(execFile)(process.execPath, ["--import", TSX, MAIN, ...args], { env });
  return readdirSync(COVERAGE).flatMap((file) => {
    const { result } = JSON.parse(readFileSync(join(COVERAGE, file), "utf8")) as { result: { url: string }[] };
    return result.map(({ url }) => url);
  });
}

test.each([["compile", "opening.pb", "-t", "c"], ["--help"]])("TensorFlow.js is not loaded by %s", async (...args) => {
  const scripts = await scriptsOf(args);
  expect(scripts.some((url) => url.endsWith("src/cli/main.ts"))).toBe(true);
  expect(scripts.filter((url) => /@tensorflow|src\/(?:trainer|device)\//.test(url))).toEqual([]);
});

test("TensorFlow.js is loaded by train", async () => {
  const args = ["--import", TSX, "--import", "./telling.mjs", MAIN, "train", "--task", "opening", "--print-config"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  let told = "";
  child.stderr.on("data", (chunk: Buffer) => {
    told += chunk.toString("utf8");
    // Seen enough: transformed by tsx, its megabytes would take long.
    if (told.includes("loading")) child.kill("SIGKILL");
  });
  await new Promise((resolve) => child.on("close", resolve));
  expect(told).toMatch(/^loading \S+@tensorflow\/tfjs/m);
});
