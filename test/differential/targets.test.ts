/** Random modules on every target, bit for bit what the reference semantics of MorphIR says. */
import * as fc from "fast-check";
import { describe, test } from "vitest";
import { emitProgram, openModule } from "../../scripts/golden/compiled.js";
import { interpretModule } from "../../src/ir/interpret.js";
import type { MorphModule } from "../../src/ir/node.js";
import { typesOf } from "../../src/ir/type.js";
import { lower } from "../../src/lower/lower.js";
import type { Outcome, Picture } from "../../src/morph/picture.js";
import { findCompiler } from "../../src/run/run-c.js";
import { findPreset } from "../../src/target/presets.js";
import { accepted, withLongWeights } from "../lower/modules.js";
import { arbitraryModule, arbitraryPicture } from "../support/arbitrary-module.js";
import { openCBatch } from "./c-batch.js";
import { expectSameOutcomes } from "./outcomes.js";

const SEED = Number(process.env["FC_SEED"] ?? 20240611);
const RUNS = Number(process.env["FC_RUNS"] ?? 24);

interface Case {
  readonly label: string;
  readonly module: MorphModule;
  readonly pictures: readonly Picture[];
  readonly expected: readonly Outcome[];
}

function createCases(): Case[] {
  const modules = (["images", "samples"] as const).flatMap((kind) => {
    const plain = fc.sample(arbitraryModule(kind), { seed: SEED, numRuns: RUNS });
    return [...plain, ...plain.slice(0, RUNS / 4).map(withLongWeights)];
  });
  return modules.flatMap((random, index): Case[] => {
    const module = { ...random, name: `random${index}` };
    const sampled = fc.sample(arbitraryPicture(module), { seed: SEED + index, numRuns: 5 });
    const distinct = accepted(module, sampled);
    // Samples beyond a group of 32, so that a call has several.
    const isImage = typesOf(module)[module.outputs[0]!]?.kind === "image";
    const order = Array.from({ length: isImage ? distinct.length : 37 }, (_, each) => each % distinct.length);
    const answers = distinct.map((picture) => interpretModule(module, picture));
    return [
      {
        label: `module ${index} of seed ${SEED}`,
        module,
        pictures: order.map((each) => distinct[each]!),
        expected: order.map((each) => answers[each]!),
      },
    ];
  });
}

const CASES = createCases();

describe(`${CASES.length} random modules, seed ${SEED}`, () => {
  test.each(["wasm", "wasm-mvp", "js"])("%s", async (target) => {
    for (const { label, module, pictures, expected } of CASES) {
      const { runner } = await openModule(module, { label: target, target });
      expectSameOutcomes(`${target}, ${label}`, module, pictures, await runner.run(pictures), expected);
      await runner.close();
    }
  });

  const STRICT = ["-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror"];
  const SANITIZERS = ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
  for (const { label, compiler, target, flags, portable, every } of [
    { label: "gcc", compiler: "gcc", target: "c", flags: ["-O1", ...STRICT], portable: false, every: 1 },
    { label: "gcc -DNAME_PORTABLE", compiler: "gcc", target: "c", flags: STRICT, portable: true, every: 3 },
    { label: "gcc, 512-bit vectors", compiler: "gcc", target: "c-avx512", flags: [], portable: false, every: 4 },
    { label: "gcc, no vectors", compiler: "gcc", target: "c-scalar", flags: STRICT, portable: false, every: 4 },
    { label: "gcc, sanitizers", compiler: "gcc", target: "c", flags: SANITIZERS, portable: false, every: 3 },
    { label: "gcc, portable, sanitizers", compiler: "gcc", target: "c", flags: SANITIZERS, portable: true, every: 6 },
    { label: "clang", compiler: "clang", target: "c", flags: ["-O1", ...STRICT], portable: false, every: 3 },
    { label: "clang, sanitizers", compiler: "clang", target: "c-avx2", flags: SANITIZERS, portable: false, every: 6 },
  ]) {
    const isMissing = findCompiler(compiler) === null;
    test.skipIf(isMissing)(`c with ${label}${isMissing ? ", which is not here" : ""}`, async () => {
      const cases = CASES.filter((_, index) => index % every === 0);
      const preset = findPreset(target)!;
      const networks = await Promise.all(
        cases.map(async ({ module }) => {
          const program = lower(module, preset);
          return { program, artifacts: await emitProgram(program, preset) };
        }),
      );
      const batch = openCBatch(networks, { compiler, flags, portable });
      cases.forEach((each, index) => {
        const actual = batch.run(index, each.pictures);
        expectSameOutcomes(`${label}, ${each.label}`, each.module, each.pictures, actual, each.expected);
      });
      batch.close();
    });
  }
});
