/** Networks that are worked through in tiles of rows answer as MorphIR does, at every edge between tiles. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { interpretModule } from "../../src/ir/interpret.js";
import type { MorphModule } from "../../src/ir/node.js";
import { parseModule } from "../../src/ir/parse.js";
import { verifyModule } from "../../src/ir/verify.js";
import { lower } from "../../src/lower/lower.js";
import { planStages } from "../../src/lower/plan.js";
import { schedule } from "../../src/lower/schedule.js";
import { planTiles } from "../../src/lower/tiles.js";
import { buildBitImage } from "../../src/morph/bit-image.js";
import type { Picture } from "../../src/morph/picture.js";
import { createInterpreterRunner } from "../../src/run/run-interpreter.js";
import { evaluateScratchWords } from "../../src/word/interpret.js";
import { verifyProgram } from "../../src/word/verify.js";
import { expectSameOutcomes } from "../differential/outcomes.js";
import { arbitraryModule } from "../support/arbitrary-module.js";
import { chain, FREE, noise, randomNumbers } from "./modules.js";
import { targetWithLanes } from "./targets.js";

const SEED = Number(process.env["FC_SEED"] ?? 20240611);
const HEIGHTS = [1, 7, 31, 32, 33, 47, 63, 64, 65, 90, 96, 97, 131, 200];

function isTiled(module: MorphModule): boolean {
  const own = schedule(module);
  return planTiles(own, planStages(own, targetWithLanes(4)), targetWithLanes(4)) !== null;
}

test(`random networks of free size, seed ${SEED}`, async () => {
  let tiled = 0;
  const property = fc.asyncProperty(
    arbitraryModule("images"),
    fc.constantFrom(...HEIGHTS),
    fc.integer({ min: 1, max: 70 }),
    fc.constantFrom(1, 4),
    async (module, height, width, lanes) => {
      if (module.input.height !== null || module.input.width !== null || !isTiled(module)) return;
      tiled++;
      const picture = noise(module.input, height, width, tiled);
      const expected = [interpretModule(module, picture)];
      const program = lower(module, targetWithLanes(lanes));
      verifyProgram(program);
      const actual = await createInterpreterRunner(program).run([picture]);
      expectSameOutcomes(`${height}×${width}, ${lanes} lanes`, module, [picture], actual, expected);
    },
  );
  await fc.assert(property, { seed: SEED, numRuns: 150 });
  expect(tiled).toBeGreaterThan(20);
});

test.each(HEIGHTS)("a chain of 12 layers, whose margins meet, at %d rows", async (height) => {
  const module = chain(12);
  expect(isTiled(module)).toBe(true);
  const picture = noise(FREE, height, 37, height);
  const actual = await createInterpreterRunner(lower(module, targetWithLanes(4))).run([picture]);
  expectSameOutcomes(`${height}`, module, [picture], actual, [interpretModule(module, picture)]);
});

test.each([64, 70, 100, 128])("a fixed height of %d rows is worked through in tiles too", async (height) => {
  const fixed: MorphModule = { ...chain(3), input: { ...FREE, height, width: 45 } };
  verifyModule(fixed);
  expect(isTiled(fixed)).toBe(true);
  const program = lower(fixed, targetWithLanes(4));
  verifyProgram(program);
  const picture = noise(fixed.input, height, 45, height);
  const actual = await createInterpreterRunner(program).run([picture]);
  expectSameOutcomes(`${height}`, fixed, [picture], actual, [interpretModule(fixed, picture)]);
});

test("scratch memory does not grow with the height", () => {
  const program = lower(chain(3), targetWithLanes(4));
  expect(evaluateScratchWords(program, [60_000, 100])).toBe(evaluateScratchWords(program, [10, 100]));
});

test("a small picture of known size is one tile, without a loop over tiles", () => {
  const program = lower({ ...chain(3), input: { ...FREE, height: 28, width: 28 } }, targetWithLanes(4));
  expect(JSON.stringify(program.functions.at(-1))).not.toContain("tile_");
});

test(`tiles of rows and columns, however small, seed ${SEED}`, async () => {
  let cut = 0;
  const property = fc.asyncProperty(
    arbitraryModule("images"),
    fc.constantFrom(1, 4, 8),
    fc.integer({ min: 8, max: 24 }),
    fc.integer({ min: 2, max: 9 }),
    fc.integer({ min: 1, max: 60 }),
    fc.integer({ min: 1, max: 40 }),
    fc.integer({ min: 0, max: 31 }),
    async (module, lanes, rows, words, height, rowWords, tail) => {
      if (module.input.height !== null || module.input.width !== null || !isTiled(module)) return;
      const width = 32 * rowWords - tail;
      if (rowWords > 2 * words) cut++;
      const picture = noise(module.input, height, width, cut);
      const tile = { rows, words: Math.max(words, 2 * lanes) };
      const program = lower(module, { ...targetWithLanes(lanes), tile });
      verifyProgram(program);
      const actual = await createInterpreterRunner(program).run([picture]);
      const expected = [interpretModule(module, picture)];
      expectSameOutcomes(`${height}×${width}, tiles ${rows}×${words}`, module, [picture], actual, expected);
    },
  );
  await fc.assert(property, { seed: SEED, numRuns: 120 });
  expect(cut).toBeGreaterThan(10);
});

test("an output that later layers read too is right beside the tiles' edges", async () => {
  const module = parseModule(`module "both" (input 1x?x? bits) {
    %x = input 0
    %e = erosion %x by 3x3@1,1 "111/111/111" border replicate
    %o = dilation %e by 3x3@1,1 "111/111/111" border zeros
    %c = complement %e
    output %o %e %c
  }`);
  for (const lanes of [1, 4] as const) {
    const program = lower(module, { ...targetWithLanes(lanes), tile: { rows: 8, words: 8 } });
    const random = randomNumbers(3);
    const image = buildBitImage(40, 32 * 30, () => random() < 0.8);
    const picture: Picture = { kind: "bits", height: 40, width: 32 * 30, channels: [image] };
    const actual = await createInterpreterRunner(program).run([picture]);
    expectSameOutcomes(`${lanes} lanes`, module, [picture], actual, [interpretModule(module, picture)]);
  }
});
