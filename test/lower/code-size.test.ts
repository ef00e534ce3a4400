/** The code of dense networks stays small, whatever their size: gates and weights are in tables. */
import { expect, test } from "vitest";
import { denseModel } from "../../bench/dense-model.js";
import { binarize } from "../../src/binarize/binarize.js";
import { lower } from "../../src/lower/lower.js";
import { findPreset } from "../../src/target/presets.js";
import type { WordFunction, WordProgram } from "../../src/word/node.js";
import { visitFunction } from "../../src/word/visit.js";

const SMALL = { side: 7, neurons: 60, members: 6, classes: 10, weights: "integers" } as const;
const LARGE = { side: 20, neurons: 1500, members: 30, classes: 10, weights: "floats" } as const;

function programOf(shape: typeof SMALL | typeof LARGE, target: string): WordProgram {
  const { module } = binarize(denseModel("dense", shape, 1), { policy: "auto" });
  return lower(module, findPreset(target)!);
}

/** Statements of a function, with those in its loops. */
function statementsOf(subject: WordFunction): number {
  let count = 0;
  visitFunction(subject, { statement: () => count++ });
  return count;
}

test.each(["c-scalar", "c", "c-avx2", "c-avx512", "wasm", "js"])("%s: functions of bounded size", (target) => {
  const sizes = [SMALL, LARGE].map((shape) => programOf(shape, target).functions.map(statementsOf));
  for (const each of sizes) expect(Math.max(...each)).toBeLessThan(300);
  const [small = 0, large = 0] = sizes.map((each) => each.reduce((sum, size) => sum + size, 0));
  // Both kinds of pairs, and limbs, are what the larger network may have more.
  expect(large).toBeLessThan(small + 100);
  expect(large).toBeLessThan(1200);
});

test("scratch on microcontrollers is a few words more than a word for each pixel, feature and counter", () => {
  const program = programOf(SMALL, "c-scalar");
  expect(program.scratchWords.kind).toBe("constant");
  const words = program.scratchWords.kind === "constant" ? program.scratchWords.value : Number.NaN;
  // Two groups of 32 pixels, features, digits of scores, of the best one and of its number.
  expect(words).toBeLessThan(64 + 60 + 12 * 32 + 150);
});
