/** How much scratch memory programs ask for, and that lowering is a function. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ModuleBuilder } from "../../src/ir/build.js";
import { interpretModule } from "../../src/ir/interpret.js";
import type { MorphModule } from "../../src/ir/node.js";
import { parseModule } from "../../src/ir/parse.js";
import { printModule } from "../../src/ir/print.js";
import { geometries } from "../../src/lower/geometry.js";
import { lower } from "../../src/lower/lower.js";
import { createLowering } from "../../src/lower/lowering.js";
import { planStages } from "../../src/lower/plan.js";
import { schedule } from "../../src/lower/schedule.js";
import { createInterpreterRunner } from "../../src/run/run-interpreter.js";
import { DEFAULT_TILE } from "../../src/target/target.js";
import { evaluateScratchWords, interpretProgram } from "../../src/word/interpret.js";
import { expectSameOutcomes } from "../differential/outcomes.js";
import { arbitraryModule } from "../support/arbitrary-module.js";
import { chain, FREE, noise } from "./modules.js";
import { targetWithLanes } from "./targets.js";

const SEED = Number(process.env["FC_SEED"] ?? 20240611);

function geometriesOf(module: MorphModule): ReturnType<typeof geometries> {
  const own = schedule(module);
  return geometries(own, planStages(own, targetWithLanes(4)), 4);
}

describe("planes", () => {
  test.each([
    [1, 1],
    [2, 2],
    [16, 2],
    [100, 2],
  ])("a chain of %i layers needs %i", async (length, slots) => {
    const module = chain(length);
    expect(geometriesOf(module).get(0)?.slots).toBe(slots);
    const pictures = [noise(FREE, 12, 45, length)];
    const expected = pictures.map((picture) => interpretModule(module, picture));
    const actual = await createInterpreterRunner(lower(module, targetWithLanes(4))).run(pictures);
    expectSameOutcomes(`chain of ${length}`, module, pictures, actual, expected);
  });

  test("a chain that is halved four times needs two per resolution", () => {
    const builder = new ModuleBuilder("pyramid", FREE);
    const element = { height: 2, width: 2, originRow: 1, originColumn: 1, members: [true, true, true, true] };
    let value = builder.add({ kind: "input", channel: 0 }, "x");
    for (let level = 0; level < 4; level++) {
      for (let layer = 0; layer < 4; layer++) {
        value = builder.add({ kind: "dilation", input: value, element, border: "replicate" }, "layer");
      }
      value = builder.add({ kind: "subsample", input: value }, "half");
    }
    const module = builder.finish([value]);
    const slots = [...geometriesOf(module).values()].map((each) => each.slots);
    expect(slots).toEqual([2, 2, 2, 2, 1]);
  });

  test("an image that is needed at the end keeps its plane", () => {
    const builder = new ModuleBuilder("residue", FREE);
    const element = {
      height: 3,
      width: 3,
      originRow: 1,
      originColumn: 1,
      members: Array.from({ length: 9 }, () => true),
    };
    const x = builder.add({ kind: "input", channel: 0 }, "x");
    let value = x;
    for (let layer = 0; layer < 6; layer++) {
      value = builder.add({ kind: "erosion", input: value, element, border: "zeros" }, "layer");
    }
    const module = builder.finish([builder.add({ kind: "union", inputs: [x, value] }, "sum")]);
    expect(geometriesOf(module).get(0)?.slots).toBe(3);
  });
});

describe("scratch words", () => {
  test.each([1, 4, 8, 16] as const)("a chain takes two planes of a tile, whatever the picture, %i lanes", (lanes) => {
    const tile = { rows: 64, words: 2 * lanes };
    const program = lower(chain(16), { ...targetWithLanes(lanes), tile });
    const [height, width] = [300, 32 * 40];
    const words = evaluateScratchWords(program, [height, width]);
    expect(evaluateScratchWords(program, [1, 1])).toBe(words);
    expect(evaluateScratchWords(program, [65535, 65535])).toBe(words);
    // A row: the tile, a word of margin on each side, one of halo on the left, and as many on the right as a vector store
    // spills over. Sixteen layers read as many rows above and below; a turn of four rows may spill into three. Pointers go
    // a row too far.
    const perMargin = lanes === 1 ? 4 : 8;
    const row = 1 + Math.max(perMargin * 2, 2 * lanes) + 2 + Math.max(1, lanes - 1);
    expect(words).toBeLessThanOrEqual(2 * (perMargin * 2 * 16 + 2 * 16 + 2 + 3) * row + row + 2 * lanes + 1);
    // Nothing less would do: the interpreter refuses a buffer that ends before the last row that is stored.
    const picture = height * 40;
    const memory = { input: new Uint32Array(picture), output: new Uint32Array(picture) };
    interpretProgram(program, { ...memory, scratch: new Uint32Array(words) }, [height, width]);
    const tooSmall = { ...memory, scratch: new Uint32Array(words - (2 + 3 + 1) * row - 3 * lanes) };
    expect(() => interpretProgram(program, tooSmall, [height, width])).toThrow("scratch");
  });
});

describe("rows of vectors that are lines of the cache", () => {
  test.each([16, 24, 32, 104, 128] as const)("begin with a line, tiles of %i words", (words) => {
    const target = { ...targetWithLanes(16), tile: { rows: 8, words } };
    const { layout, stages, tiles } = createLowering(chain(1), target);
    const value = stages.at(-1)!.values[0]!;
    const { stride, leftWords } = layout.geometryOf(value);
    if (stride.kind !== "constant") throw new Error("tiles have a known stride");
    expect(stride.value % 16).toBe(0);
    // Rows a multiple of 512 bytes apart would share an eighth of the cache.
    expect(stride.value % 128).not.toBe(0);
    const at = layout.planesAt(layout.geometryOf(value));
    expect(at.kind === "constant" ? (at.value + leftWords + tiles!.most.left) % 16 : null).toBe(0);
  });
});

test("planes that leave the nearest cache are as tight as they can be", () => {
  const strideFor = (rows: number): number => {
    const { layout, stages } = createLowering(chain(1), { ...targetWithLanes(16), tile: { rows, words: 64 } });
    const { stride } = layout.geometryOf(stages.at(-1)!.values[0]!);
    return stride.kind === "constant" ? stride.value : 0;
  };
  expect(strideFor(16)).toBe(96);
  // A word of halo and one of margin to the left, one of margin to the right, and what a vector spills over.
  expect(strideFor(128)).toBe(64 + 3 + 15);
});

describe("a row behind the last plane", () => {
  test.each([1, 4, 8, 16] as const)("is there for pointers that have gone down all rows, %i lanes", (lanes) => {
    const builder = new ModuleBuilder("row", FREE);
    const element = { height: 1, width: 3, originRow: 0, originColumn: 1, members: [true, true, true] };
    const input = builder.add({ kind: "input", channel: 0 }, "input");
    const module = builder.finish([builder.add({ kind: "erosion", input, element, border: "zeros" }, "erosion")]);
    const program = lower(module, targetWithLanes(lanes));
    // A whole tile, and its plane has no halo below.
    const [height, words] = [DEFAULT_TILE.rows, DEFAULT_TILE.words];
    const memory = { input: new Uint32Array(height * words), output: new Uint32Array(height * words) };
    const scratch = new Uint32Array(evaluateScratchWords(program, [height, 32 * words]));
    // The interpreter refuses pointers outside of their memory, used or not.
    expect(() => interpretProgram(program, { ...memory, scratch }, [height, 32 * words])).not.toThrow();
  });
});

describe("lowering is a function", () => {
  test.each(["images", "samples"] as const)(`of the module's text, %s, seed ${SEED}`, (kind) => {
    const property = fc.property(arbitraryModule(kind), fc.constantFrom(1, 4, 8, 16), (module, lanes) => {
      const text = JSON.stringify(lower(module, targetWithLanes(lanes)));
      expect(JSON.stringify(lower(module, targetWithLanes(lanes)))).toBe(text);
      expect(JSON.stringify(lower(parseModule(printModule(module)), targetWithLanes(lanes)))).toBe(text);
    });
    fc.assert(property, { seed: SEED, numRuns: 60 });
  });
});
