/** What is generated: the same every time, about nothing but the model, and clean under every compiler. */
import { tmpdir } from "node:os";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Artifact } from "../../src/backends/backend.js";
import { type CompileOptions, compile } from "../../src/compile.js";
import { interpretModule } from "../../src/ir/interpret.js";
import type { Model } from "../../src/model/types.js";
import { findCompiler } from "../../src/run/run-c.js";
import { presets } from "../../src/target/presets.js";
import { noise } from "../lower/modules.js";
import { openCBatch } from "./c-batch.js";
import { MODELS } from "./models.js";
import { expectSameOutcomes } from "./outcomes.js";

/** As far as these tests use it; the TypeScript library of Node does not know it. */
const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: {
    validate(bytes: Uint8Array): boolean;
    readonly Module: { new (bytes: Uint8Array): object; imports(module: object): unknown[] };
  };
};

function optionsFor(target: string): CompileOptions {
  const preset = presets.find((each) => each.name === target)!;
  return { target: preset, policy: "auto", modelSha256: "0123456789abcdef".repeat(4), license: "MIT" };
}

const compileFor = async (model: Model, target: string): Promise<readonly Artifact[]> =>
  (await compile(model, optionsFor(target))).artifacts;

afterEach(() => vi.useRealTimers());

describe.each(presets.map((preset) => preset.name))("files for %s", (target) => {
  test("are the same on another day", async () => {
    for (const model of MODELS) {
      const files = await compileFor(model, target);
      vi.useFakeTimers({ toFake: ["Date"], now: new Date("2001-02-03T04:05:06Z") });
      expect(await compileFor(structuredClone(model), target)).toEqual(files);
      vi.useRealTimers();
    }
  });

  test("hold no date and no path, and C is ASCII", async () => {
    for (const model of MODELS) {
      for (const { path, content } of await compileFor(model, target)) {
        const text = typeof content === "string" ? content : Buffer.from(content).toString("latin1");
        expect(path).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_.]*$/);
        expect(text).not.toMatch(/\b(19|20)\d\d-\d\d-\d\d\b|\b\d\d:\d\d:\d\d\b/);
        for (const place of [process.cwd(), tmpdir(), "/home/", "/usr/", "C:\\"]) {
          expect(text).not.toContain(place);
        }
        if (/\.[ch]$/.test(path)) expect(/[^\n\x20-\x7e]/.exec(text)).toBeNull();
      }
    }
  });
});

describe.each(["wasm", "wasm-mvp"])("%s", (target) => {
  test("is valid and imports nothing", async () => {
    for (const model of MODELS) {
      const binary = (await compileFor(model, target)).find(({ path }) => path.endsWith(".wasm"))!.content;
      const bytes = Uint8Array.from(binary as Uint8Array);
      expect(WebAssembly.validate(bytes)).toBe(true);
      expect(WebAssembly.Module.imports(new WebAssembly.Module(bytes))).toEqual([]);
    }
  });
});

const STRICT = ["-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror"];
const SANITIZED = [...STRICT, "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];

for (const compiler of ["gcc", "clang"]) {
  const isMissing = findCompiler(compiler) === null;
  const title = `models linked into one C program by ${compiler}${isMissing ? ", which is not here" : ""}`;
  describe.skipIf(isMissing)(title, () => {
    for (const { label, target, flags, portable } of [
      { label: "without warnings", target: "c", flags: [...STRICT, "-O2"], portable: false },
      { label: "without warnings, NAME_PORTABLE", target: "c", flags: [...STRICT, "-O2"], portable: true },
      { label: "under sanitizers", target: "c", flags: SANITIZED, portable: false },
      { label: "under sanitizers, NAME_PORTABLE", target: "c", flags: SANITIZED, portable: true },
    ]) {
      test(label, async () => {
        const networks = await Promise.all(MODELS.map((model) => compile(model, optionsFor(target))));
        const batch = openCBatch(networks, { compiler, flags, portable, linked: true });
        networks.forEach(({ module }, index) => {
          const pictures = Array.from({ length: 35 }, (_, seed) => noise(module.input, 2 + seed, 30 + 3 * seed, seed));
          const expected = pictures.map((picture) => interpretModule(module, picture));
          expectSameOutcomes(module.name, module, pictures, batch.run(index, pictures), expected);
        });
        batch.close();
      });
    }
  });
}
