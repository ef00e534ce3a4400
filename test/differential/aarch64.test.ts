/** Committed fixtures in C for AArch64, by a cross compiler and an emulator, against the interpreter of MorphIR. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compile } from "../../src/compile.js";
import { interpretModule } from "../../src/ir/interpret.js";
import type { Outcome, Picture } from "../../src/morph/picture.js";
import { findCompiler } from "../../src/run/run-c.js";
import { findPreset } from "../../src/target/presets.js";
import { openFixture } from "../fixtures/committed.js";
import { accepted, noise } from "../lower/modules.js";
import { type CBatch, openCBatch } from "./c-batch.js";
import { expectSameOutcomes } from "./outcomes.js";

const COMPILER = "aarch64-linux-gnu-gcc";
const EMULATOR = "qemu-aarch64";
const MISSING = [COMPILER, EMULATOR].filter((command) => findCompiler(command) === null);

/** Pictures to pictures, gray pictures, classes and bits. */
const FIXTURES = ["alternating_filter", "gray_opening_square3", "pattern_classes", "pattern_maxpool"];
const SIZES = [
  [1, 1],
  [3, 31],
  [40, 33],
  [7, 128],
  [19, 257],
] as const;

async function compileFixture(name: string) {
  const { model, cases } = await openFixture(name);
  const target = findPreset("c-neon")!;
  const { module, program, artifacts } = await compile(model, { target, policy: "auto", modelSha256: "0".repeat(64) });
  const noisy = SIZES.map(([height, width], seed) => noise(module.input, height, width, seed));
  const pictures: readonly Picture[] = [...cases.map(({ picture }) => picture), ...accepted(module, noisy)];
  const expected: readonly Outcome[] = pictures.map((picture) => interpretModule(module, picture));
  return { name, module, network: { program, artifacts }, pictures, expected };
}

describe(`AArch64${MISSING.length === 0 ? "" : `, for which ${MISSING.join(" and ")} are missing here`}`, () => {
  const flags = ["-O2", "-static", "-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror"];
  let cases: Awaited<ReturnType<typeof compileFixture>>[];
  beforeAll(async () => {
    if (MISSING.length === 0) cases = await Promise.all(FIXTURES.map(compileFixture));
  });

  describe.skipIf(MISSING.length > 0).each([false, true])("portable: %s", (portable) => {
    let batch: CBatch;
    beforeAll(() => {
      const networks = cases.map(({ network }) => network);
      batch = openCBatch(networks, { compiler: COMPILER, emulator: EMULATOR, flags, portable });
    });
    afterAll(() => batch?.close());

    test.each(FIXTURES)("%s", (name) => {
      const index = FIXTURES.indexOf(name);
      const { module, pictures, expected } = cases[index]!;
      expect(pictures.length).toBeGreaterThanOrEqual(4);
      expectSameOutcomes(name, module, pictures, batch.run(index, pictures), expected);
    });
  });
});
