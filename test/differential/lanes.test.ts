/** Vectors whose lanes are moved, by AVX-512 and by the loads that stand for it elsewhere: rows of several vectors. */
import { describe, expect, test } from "vitest";
import { emitProgram } from "../../scripts/golden/compiled.js";
import { ModuleBuilder } from "../../src/ir/build.js";
import { interpretModule } from "../../src/ir/interpret.js";
import type { MorphModule } from "../../src/ir/node.js";
import { lower } from "../../src/lower/lower.js";
import { findCompiler } from "../../src/run/run-c.js";
import { missingExtension, vectorFlags } from "../../src/run/timing/machine.js";
import { findPreset } from "../../src/target/presets.js";
import { FREE, noise } from "../lower/modules.js";
import { openCBatch } from "./c-batch.js";
import { expectSameOutcomes } from "./outcomes.js";

const LANES = 16;
const STRICT = ["-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror"];

/** An erosion of the pixels at some columns of the computed one's row and of the row below. */
function reading(name: string, columns: readonly number[]): MorphModule {
  const builder = new ModuleBuilder(name, FREE);
  const reach = Math.max(...columns.map(Math.abs));
  const width = 2 * reach + 1;
  const members = [0, 1].flatMap(() => Array.from({ length: width }, (_, at) => columns.includes(at - reach)));
  const element = { height: 2, width, originRow: 0, originColumn: reach, members };
  const input = builder.add({ kind: "input", channel: 0 }, "input");
  return builder.finish([builder.add({ kind: "erosion", input, element, border: "replicate" }, "erosion")]);
}

const MODULES = [
  reading("beside", [-1, 0, 1]),
  reading("far", [-31, -5, 17, 31]),
  reading("words_apart", [-33, 33]),
  reading("one_side", [240]),
  reading("run", [-7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3]),
];

describe("c-avx512", () => {
  const missing = missingExtension(LANES);
  for (const { label, flags, isMissing } of [
    { label: "by instructions", flags: vectorFlags(LANES), isMissing: missing !== null },
    { label: "by loads", flags: [], isMissing: false },
  ]) {
    const isSkipped = isMissing || findCompiler("gcc") === null;
    test.skipIf(isSkipped)(`${label}${isSkipped ? ", which cannot run here" : ""}`, async () => {
      const preset = findPreset("c-avx512")!;
      const networks = await Promise.all(
        MODULES.map(async (module) => {
          const program = lower(module, preset);
          return { program, artifacts: await emitProgram(program, preset) };
        }),
      );
      const batch = openCBatch(networks, { compiler: "gcc", flags: [...flags, "-O1", ...STRICT] });
      MODULES.forEach((module, index) => {
        // Whole vectors, a last one that overlaps, tiles of two columns.
        const pictures = [512, 545, 1024, 2500].map((width) => noise(FREE, 70, width, width));
        const expected = pictures.map((picture) => interpretModule(module, picture));
        expectSameOutcomes(`${label}, ${module.name}`, module, pictures, batch.run(index, pictures), expected);
      });
      batch.close();
    });
  }

  test("a lane is moved where the vector beside it is read, and no chain of them for what lies further", async () => {
    const countIn = async (module: MorphModule): Promise<number> => {
      const preset = findPreset("c-avx512")!;
      const artifacts = await emitProgram(lower(module, preset), preset);
      const source = artifacts.find(({ path }) => path === `${module.name}.c`)?.content;
      return String(source).match(/LOAD_(?:BEFORE|AFTER)\((?!address)/gu)?.length ?? 0;
    };
    expect(await countIn(reading("beside", [-1, 0, 1]))).toBeGreaterThan(1);
    expect(await countIn(reading("one_side", [240]))).toBe(0);
  });
});
