/** Modules of which one side is fixed: its sizes are constants in the code, and other pictures are refused. */
import { describe, expect, test } from "vitest";
import { emitProgram, openModule } from "../../scripts/golden/compiled.js";
import { interpretModule } from "../../src/ir/interpret.js";
import type { ModuleInput } from "../../src/ir/node.js";
import { lower } from "../../src/lower/lower.js";
import { findCompiler } from "../../src/run/run-c.js";
import { createRunner, type GeneratedRun } from "../../src/run/run-js.js";
import type { Runner } from "../../src/run/runner.js";
import { findPreset } from "../../src/target/presets.js";
import type { ImageInterface, WordProgram } from "../../src/word/node.js";
import { openCBatch } from "../differential/c-batch.js";
import { expectSameOutcomes } from "../differential/outcomes.js";
import { chain, FREE, noise } from "./modules.js";

const HAS_GCC = findCompiler("gcc") !== null;
const WIDE: ModuleInput = { ...FREE, width: 70 };
const HIGH: ModuleInput = { ...FREE, height: 9 };

/** Whether some function takes a size of this name. */
function takes(program: WordProgram, name: string): boolean {
  return program.functions.slice(0, -1).some((each) => each.parameters.some((parameter) => parameter.name === name));
}

function presetNamed(name: string): NonNullable<ReturnType<typeof findPreset>> {
  const target = findPreset(name);
  if (target === null) throw new Error(`no preset ${name}`);
  return target;
}

const asFree = (contract: WordProgram["interface"]): ImageInterface => ({
  ...(contract as ImageInterface),
  height: null,
  width: null,
});

/** The artifact of a program behind an interface that lets every picture through to it. */
async function openUnchecked(program: WordProgram, target: string): Promise<Runner> {
  const artifacts = await emitProgram(program, presetNamed(target));
  const contentOf = (end: string): string | Uint8Array => artifacts.find(({ path }) => path.endsWith(end))!.content;
  const text = Buffer.from(contentOf(target === "wasm" ? ".wasm.js" : ".js")).toString("base64");
  const loaded: unknown = await import(/* @vite-ignore */ `data:text/javascript;base64,${text}`);
  const { run } =
    target === "wasm"
      ? await (loaded as { load(bytes: Uint8Array): Promise<{ run: GeneratedRun }> }).load(
          Uint8Array.from(contentOf(".wasm") as Uint8Array),
        )
      : (loaded as { run: GeneratedRun });
  return createRunner(asFree(program.interface), run, target);
}

describe.each([
  [
    "width",
    chain(3, WIDE),
    [
      [1, 70],
      [33, 70],
    ],
    [
      [9, 69],
      [9, 71],
    ],
  ] as const,
  [
    "height",
    chain(3, HIGH),
    [
      [9, 1],
      [9, 64],
      [9, 300],
    ],
    [
      [8, 40],
      [10, 40],
    ],
  ] as const,
])("a fixed %s", (side, module, sizes, others) => {
  const free = side === "width" ? "height" : "width";
  const pictures = sizes.map(([height, width], seed) => noise(module.input, height, width, seed));
  const refused = others.map(([height, width], seed) => noise(FREE, height, width, seed));

  test("is no parameter of functions, the other one is", () => {
    const program = lower(module, presetNamed("c"));
    expect([takes(program, side), takes(program, free)]).toEqual([false, true]);
    // Planes of tiles have strides that are known.
    expect(takes(program, "stride")).toBe(false);
    expect(program.functions.at(-1)?.parameters.map(({ name }) => name)).toEqual(["height", "width"]);
  });

  test.each(["js", "wasm"])("answers and refuses in %s", async (target) => {
    const expected = pictures.map((picture) => interpretModule(module, picture));
    const { runner } = await openModule(module, { label: target, target });
    expectSameOutcomes(target, module, pictures, await runner.run(pictures), expected);
    await runner.close();
    const unchecked = await openUnchecked(lower(module, presetNamed(target)), target);
    expectSameOutcomes(target, module, pictures, await unchecked.run(pictures), expected);
    for (const picture of refused) await expect(unchecked.run([picture])).rejects.toThrow(side);
  });

  test.skipIf(!HAS_GCC)(`answers and refuses in C${HAS_GCC ? "" : ", without gcc"}`, async () => {
    const expected = pictures.map((picture) => interpretModule(module, picture));
    const program = lower(module, presetNamed("c"));
    const artifacts = await emitProgram(program, presetNamed("c"));
    const flags = ["-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror"];
    const batch = openCBatch([{ program: { ...program, interface: asFree(program.interface) }, artifacts }], {
      compiler: "gcc",
      flags,
    });
    expectSameOutcomes("c", module, pictures, batch.run(0, pictures), expected);
    // The driver sizes its buffers by the macros, so that only pictures of as many words get through to the check.
    const sized = side === "width" ? refused : [];
    for (const picture of sized) expect(() => batch.run(0, [picture])).toThrow("refuses");
    const source = artifacts.find(({ path }) => path.endsWith(".c"))?.content;
    expect(source).toContain(`${side} != CHAIN_${side.toUpperCase()}`);
    batch.close();
  });
});
