/** All files or none, whatever goes wrong and when. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OutputSystem, writeFiles } from "../../src/cli/write-files.js";
import { DiagnosticError } from "../../src/diagnostics.js";
import { enterFolder } from "./harness.js";

let leave = (): void => undefined;
beforeAll(() => {
  leave = enterFolder();
});
afterAll(() => leave());

const FILES = [
  { path: "a.txt", content: "new a" },
  { path: "sub/b.bin", content: Uint8Array.of(1, 2, 3) },
  { path: "c.txt", content: "new c" },
];

/** Every path below a folder, with the content of the files. */
function snapshot(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    names
      .map((entry) => [join(entry.parentPath, entry.name), entry] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, entry]) => [path, entry.isDirectory() ? "(folder)" : readFileSync(path, "latin1")]),
  );
}

/** A file system whose call number `failing` fails, counted over writes and renames. */
function failingSystem(failing: number): OutputSystem {
  let calls = 0;
  const attempt = (): void => {
    if (calls++ === failing) throw Object.assign(new Error("no space"), { code: "ENOSPC" });
  };
  return {
    write: (path, content) => {
      attempt();
      writeFileSync(path, content, { flag: "wx" });
    },
    rename: (from, to) => {
      attempt();
      renameSync(from, to);
    },
  };
}

test("writes into a folder that is not there", () => {
  writeFiles("deep/er", FILES);
  expect(snapshot("deep")).toEqual({
    "deep/er": "(folder)",
    "deep/er/a.txt": "new a",
    "deep/er/c.txt": "new c",
    "deep/er/sub": "(folder)",
    "deep/er/sub/b.bin": "\u0001\u0002\u0003",
  });
});

test("replaces files and leaves others alone", () => {
  mkdirSync("old");
  writeFileSync("old/a.txt", "old a");
  writeFileSync("old/mine.txt", "mine");
  writeFiles("old", FILES);
  expect(snapshot("old")).toEqual({
    "old/a.txt": "new a",
    "old/c.txt": "new c",
    "old/mine.txt": "mine",
    "old/sub": "(folder)",
    "old/sub/b.bin": "\u0001\u0002\u0003",
  });
});

test("a failure at any step leaves everything as it was", () => {
  mkdirSync("kept");
  writeFileSync("kept/a.txt", "old a");
  writeFileSync("kept/c.txt", "old c");
  const before = snapshot(".");
  // Three writes, two renames aside, three renames: eight calls that can fail.
  for (let failing = 0; failing < 8; failing++) {
    for (const folder of ["kept", "made/here"]) {
      if (folder === "made/here" && failing >= 6) continue;
      expect(() => writeFiles(folder, FILES, failingSystem(failing))).toThrow(DiagnosticError);
      expect(snapshot("."), `call ${failing} in ${folder}`).toEqual(before);
    }
  }
  writeFiles("kept", FILES, failingSystem(8));
  expect(snapshot("kept")["kept/c.txt"]).toBe("new c");
});

test("a folder in the place of a file is not replaced", () => {
  mkdirSync("blocked/c.txt", { recursive: true });
  const before = snapshot("blocked");
  expect(() => writeFiles("blocked", FILES)).toThrow("BMN0102");
  expect(snapshot("blocked")).toEqual(before);
});

test("folders that cannot be made", () => {
  writeFileSync("file", "");
  expect(() => writeFiles("file/below", FILES)).toThrow("BMN0102");
  expect(readFileSync("file", "utf8")).toBe("");
  if (existsSync("/proc/self")) expect(() => writeFiles("/proc/bimonnc/x", FILES)).toThrow("BMN0102");
});

test("a folder that cannot be made, as in /proc, is told with a hint", () => {
  const system: OutputSystem = {
    write: () => {
      throw Object.assign(new Error("no such file"), { code: "ENOENT" });
    },
    rename: renameSync,
  };
  let caught: unknown;
  try {
    writeFiles("unmakeable", FILES, system);
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(DiagnosticError);
  expect((caught as DiagnosticError).diagnostics).toEqual([
    {
      code: "BMN0102",
      message: "cannot write the file: its folder cannot be made",
      source: join("unmakeable", "a.txt"),
      hint: "name another place with --output",
    },
  ]);
  expect(existsSync("unmakeable")).toBe(false);
});
