/** Compilers that are none: every one is the user's to mend, never a bug of ours. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findCompiler, openCRunner } from "../../src/run/run-c.js";
import { noisyBits } from "../support/word-programs.js";

let folder = "";
/** Temporary folders of this file's runs alone: others run at the same time. */
const temporaryFolder = (): string => join(folder, "temporary");
const systemFolder = process.env["TMPDIR"];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bimonnc-run-c-"));
  writeScript("writes-nothing", "#!/bin/sh\nexit 0\n");
  // The compiler's operands are flags, -I, its folder, -o and the program.
  writeScript("writes-text", '#!/bin/sh\nwhile [ "$1" != -o ]; do shift; done\necho no program > "$2"\n');
  writeScript("writes-rubbish", '#!/bin/sh\nwhile [ "$1" != -o ]; do shift; done\necho ")" > "$2"\nchmod +x "$2"\n');
  mkdirSync(join(folder, "is-folder"));
  mkdirSync(temporaryFolder());
  process.env["TMPDIR"] = temporaryFolder();
});
afterAll(() => {
  if (systemFolder === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = systemFolder;
  rmSync(folder, { recursive: true, force: true });
});

function writeScript(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
  chmodSync(join(folder, name), 0o755);
}

const CONTRACT = {
  kind: "images",
  inputChannels: 1,
  samples: "bits",
  height: null,
  width: null,
  outputChannels: 1,
  outputHalvings: 0,
} as const;

describe("a compiler that", () => {
  it.each([
    ["writes-nothing", /^BMN0504: the C compiler .* ended well but wrote no program$/],
    ["writes-text", /^BMN0504: the C compiler .* ended well but wrote no program$/],
    // Some systems hand what is no program to the shell, which ends with an error of its own.
    ["writes-rubbish", /^BMN0504: .* cannot be started: spawn|^BMN0703: the program ended with/],
    ["is-folder", /^BMN0504: .* cannot be started: spawn/],
  ])("%s is refused, and no files are left behind", async (name, message) => {
    const options = { directory: folder, name: "x", interface: CONTRACT, compiler: join(folder, name) };
    const answered = async (): Promise<void> => {
      const runner = await openCRunner(options);
      try {
        await runner.run([noisyBits(2, 2, 1, 1)]);
      } finally {
        await runner.close();
      }
    };
    await expect(answered()).rejects.toThrow(message);
    expect(readdirSync(temporaryFolder())).toEqual([]);
  });
});

it("a compiler named with its path is not looked for elsewhere", () => {
  const before = process.cwd();
  process.chdir(folder);
  try {
    // There is a `sh` in the PATH of every machine that runs this.
    expect(findCompiler("./sh")).toBeNull();
    writeScript("sh", "#!/bin/sh\n");
    expect(findCompiler("./sh")).toBe("./sh");
  } finally {
    process.chdir(before);
  }
});
