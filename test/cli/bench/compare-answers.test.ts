/** One wrong bit in any answer is found, and told of the contender that gave it. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { benchInput, picturesIn } from "../../../src/cli/bench/bench-input.js";
import { compareAnswers } from "../../../src/cli/bench/compare-answers.js";
import { DiagnosticError } from "../../../src/diagnostics.js";
import { getPixel } from "../../../src/morph/bit-image.js";
import { decodeOutcomes } from "../../../src/run/exchange.js";
import { joinAnswer, splitAnswer } from "../../../src/run/timing/answer.js";
import type { ImageInterface, SampleInterface } from "../../../src/word/node.js";

const IMAGES: ImageInterface = {
  kind: "images",
  inputChannels: 2,
  samples: "bits",
  height: null,
  width: null,
  outputChannels: 2,
  outputHalvings: 1,
};
const SCORES: SampleInterface = {
  kind: "samples",
  inputChannels: 1,
  samples: "bytes",
  height: 3,
  width: 5,
  output: { kind: "scores", classes: 3, limbs: 2, limbBits: 30, exponent: 0, activation: ["step", "step", "step"] },
};

function messageOf(action: () => void): string | null {
  try {
    action();
    return null;
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    const [diagnostic] = error.diagnostics;
    return `${diagnostic?.code}: ${diagnostic?.message}`;
  }
}

test.each([
  { title: "images", contract: IMAGES, extent: { height: 7, width: 70, count: 1 }, words: 2 * 3 * 2, tail: 35 - 32 },
  { title: "scores", contract: SCORES, extent: { height: 3, width: 5, count: 4 }, words: 4 + 4 * 6, tail: 32 },
])("$title", ({ contract, extent, words, tail }) => {
  fc.assert(
    fc.property(fc.nat({ max: words - 1 }), fc.nat({ max: tail - 1 }), fc.boolean(), (word, bit, isJudged) => {
      const right = new Uint32Array(words);
      const wrong = right.slice();
      wrong[word] = 1 << bit;
      const expected = isJudged ? decodeOutcomes(contract, extent, splitAnswer(contract, extent, right)) : null;
      const answers = [
        { label: "a", words: right },
        { label: "b", words: right },
        { label: "c", words: wrong },
      ];
      expect(messageOf(() => compareAnswers(contract, extent, answers.slice(0, 2), expected))).toBeNull();
      const judge = isJudged ? "the interpreter" : "a";
      expect(messageOf(() => compareAnswers(contract, extent, answers, expected))).toMatch(
        new RegExp(`^BMN0703: c answers .* otherwise than ${judge}: `),
      );
    }),
  );
});

test("answers of another length", () => {
  const answers = [{ label: "a", words: new Uint32Array(11) }];
  const extent = { height: 7, width: 70, count: 1 };
  expect(messageOf(() => compareAnswers(IMAGES, extent, answers, []))).toMatch(
    /^BMN0703: .* 11 elements of output, not 12/,
  );
});

test("splitting an answer loses nothing", () => {
  const extent = { height: 3, width: 5, count: 4 };
  const words = Uint32Array.from({ length: 28 }, (_, index) => 0xfffffff0 + (index % 16));
  expect(joinAnswer(splitAnswer(SCORES, extent, words))).toEqual(words);
});

test("pictures in memory are those that contenders read, some bands sparse and some dense", () => {
  const extent = { height: 130, width: 70, count: 1 };
  const input = benchInput(IMAGES, extent);
  expect(input.length).toBe(2 * 130 * 3);
  const [picture] = picturesIn(IMAGES, extent, input);
  if (picture?.kind !== "bits") throw new Error("bits were asked for");
  let set = 0;
  for (const [channel, image] of picture.channels.entries()) {
    for (let row = 0; row < 130; row++) {
      for (let column = 0; column < 70; column++) {
        const word = input[channel * 130 * 3 + row * 3 + Math.floor(column / 32)] ?? 0;
        const bit = Math.floor(word / 2 ** (column % 32)) % 2;
        expect(getPixel(image, row, column)).toBe(bit);
        set += bit;
      }
    }
  }
  expect(set).toBeGreaterThan(100);
  expect(set).toBeLessThan(2 * 130 * 70 - 100);
});
