/** What is not tried, and how soon that is known; what all patterns of 16 bits give. */
import { describe, expect, test } from "vitest";
import { binarize } from "../../../src/binarize/binarize.js";
import { type ExhaustiveQuestion, tryAllPatterns } from "../../../src/binarize/exhaustive/exhaustive.js";
import { framesOf, innermostFrame, placeFrame } from "../../../src/binarize/exhaustive/frames.js";
import { forEachBlock, type SumDescription, type Term } from "../../../src/binarize/exhaustive/sums.js";
import type { MorphNode, MorphValue } from "../../../src/ir/node.js";
import type { BiselLayer, Layer, Model } from "../../../src/model/types.js";
import { Dice } from "../near-binary-model.js";
import { bruteForce } from "./brute-force.js";
import { bank } from "./small-networks.js";

function bisel(
  [inChannels, outChannels]: readonly [number, number],
  [kernelHeight, kernelWidth]: readonly [number, number],
  dice: Dice,
): BiselLayer {
  return {
    kind: "bisel",
    inChannels,
    outChannels,
    kernelHeight,
    kernelWidth,
    border: "replicate",
    bise: bank(inChannels * outChannels, kernelHeight * kernelWidth, dice, "sigmoid"),
    lui: inChannels === 1 ? null : bank(outChannels, inChannels, dice, "tanh"),
  };
}

function network(layers: readonly Layer[]): Model {
  const input = { channels: 1, height: null, width: null, encoding: { kind: "binary" }, complements: false } as const;
  return { name: "limits", input, layers, provenance: null };
}

function question(
  model: Model,
  values: readonly MorphValue[],
  value: number,
  layer = model.layers.length - 1,
): ExhaustiveQuestion {
  const common = { part: "output", neuron: 0, arithmetic: "float32", height: null, width: null } as const;
  return { ...common, model, values, layer, bits: [{ value, cut: 0.5 }] };
}

const X0: MorphValue = { name: "x0", node: { kind: "input", channel: 0 }, origin: null };

describe("what is not tried", () => {
  const full = (layer: BiselLayer): BiselLayer => ({
    ...layer,
    bise: { ...layer.bise, weights: layer.bise.weights.map(() => 1), scales: layer.bise.scales.map(() => 1) },
    lui: layer.lui && { ...layer.lui, weights: layer.lui.weights.map(() => 1), scales: layer.lui.scales.map(() => 1) },
  });

  test.each<[string, readonly Layer[], RegExp]>([
    [
      "a max-pooling on the way",
      [{ kind: "max-pool" }, bisel([1, 1], [1, 1], new Dice(1))],
      /another layer than BiSELs/,
    ],
    ["too many pixels", [full(bisel([1, 1], [5, 6], new Dice(1)))], /more than 25 bits/],
    [
      "too many pixels of a network of many channels",
      [
        full(bisel([1, 512], [3, 3], new Dice(1))),
        full(bisel([512, 512], [3, 3], new Dice(1))),
        full(bisel([512, 512], [3, 3], new Dice(1))),
      ],
      /more than 25 bits/,
    ],
    ["too many ways of the edges", [full(bisel([1, 1], [1, 25], new Dice(1)))], /more than 67108864 patterns/],
  ])("%s", (_, layers, reason) => {
    const answer = tryAllPatterns(question(network(layers), [X0], 0));
    expect(answer).toMatchObject({ kind: "unsupported", reason: expect.stringMatching(reason) as string });
  });

  test.each<MorphNode>([
    { kind: "subsample", input: 0 },
    { kind: "flatten", inputs: [0] },
  ])("a bit that a $kind is on the way to", (node) => {
    const values = [X0, { name: "other", node, origin: null }];
    const answer = tryAllPatterns(question(network([bisel([1, 1], [1, 2], new Dice(1))]), values, 1));
    expect(answer).toEqual({ kind: "unsupported", reason: `there is a ${node.kind} on the way` });
  });

  test("more patterns than are wanted", () => {
    const model = network([full(bisel([1, 1], [3, 3], new Dice(1)))]);
    const { module } = binarize(model, { policy: "auto", prove: "bounds" });
    const asked = question(model, module.values, module.outputs[0]!);
    // Sides of 1, 2, 2 and 3 pixels.
    const patterns = [1, 2, 2, 3].reduce(
      (sum, rows) => [1, 2, 2, 3].reduce((total, columns) => total + 2 ** (rows * columns), sum),
      0,
    );
    expect(tryAllPatterns({ ...asked, mostPatterns: patterns - 1 }).kind).toBe("unsupported");
    expect(tryAllPatterns({ ...asked, arithmetic: "real", mostPatterns: patterns })).toMatchObject({
      kind: "proved",
      patterns,
    });
  });

  test("two far pixels are few bits, but there are many ways of the edges", () => {
    const kernel = bisel([1, 1], [255, 255], new Dice(1));
    const weights = kernel.bise.weights.map((_, index) => (index === 0 || index === 255 ** 2 - 1 ? 1 : 0));
    const bise = { ...kernel.bise, weights, biases: Float32Array.of(0.5), scales: Float32Array.of(9) };
    const model = network([{ ...kernel, bise }]);
    const { module } = binarize(model, { policy: "auto", prove: "bounds" });
    expect(tryAllPatterns(question(model, module.values, module.outputs[0]!)).kind).toBe("unsupported");
    const small = { ...question(model, module.values, module.outputs[0]!), height: 20, width: 30 };
    expect(tryAllPatterns(small)).toMatchObject({ kind: "proved", patterns: 4 * 20 * 30 });
  });
});

test("frames are those of all pixels of all pictures of the size, and lie where they say", () => {
  for (const reach of [
    { top: 1, bottom: 2, left: 0, right: 1 },
    { top: 0, bottom: 0, left: 3, right: 0 },
  ]) {
    for (const height of [1, 2, 3, 6]) {
      for (const width of [1, 4, 5]) {
        const expected = new Set<string>();
        for (let row = 0; row < height; row++) {
          for (let column = 0; column < width; column++) {
            const frame = [row, height - 1 - row, column, width - 1 - column];
            expected.add(frame.map((side, index) => Math.min(side, Object.values(reach)[index]!)).join());
          }
        }
        const frames = framesOf(reach, { height, width }, 1000)!;
        expect(frames.map((frame) => Object.values(frame).join()).sort()).toEqual([...expected].sort());
        for (const frame of frames) {
          const { row, column, firstRow, firstColumn, ...size } = placeFrame(frame, reach, { height, width });
          expect(size).toEqual({ height, width });
          const there = { top: row, bottom: height - 1 - row, left: column, right: width - 1 - column };
          for (const side of ["top", "bottom", "left", "right"] as const) {
            expect(Math.min(there[side], reach[side])).toBe(frame[side]);
          }
          expect([row - firstRow, column - firstColumn]).toEqual([frame.top, frame.left]);
        }
      }
    }
    expect(framesOf(reach, { height: null, width: null }, 1000)).toHaveLength(
      Object.values(reach).reduce((product, side) => product * (side + 1), 1),
    );
  }
  expect(framesOf({ top: 9, bottom: 9, left: 9, right: 9 }, { height: null, width: null }, 9999)).toBeNull();
  expect(innermostFrame({ height: 4, width: 1 })).toEqual({ top: 2, bottom: 1, left: 0, right: 0 });
});

test("sums over blocks are the sums at every pattern", () => {
  for (let seed = 0; seed < 40; seed++) {
    const dice = new Dice(seed);
    const bits = dice.whole(0, 14);
    const table = (): Term => {
      const places = Array.from({ length: bits }, (_, place) => place).filter(() => dice.chance(0.4));
      return {
        table: Float64Array.from({ length: 2 ** places.length }, () => dice.whole(-9, 9)),
        places,
        weight: dice.whole(-3, 3),
      };
    };
    const descriptions = Array.from({ length: dice.whole(1, 4) }, (_, index): SumDescription => {
      const terms = Array.from(
        { length: dice.whole(0, 4) },
        (): Term =>
          index > 0 && dice.chance(0.3) ? { sum: dice.whole(0, index - 1), weight: dice.whole(-3, 3) } : table(),
      );
      const kind = dice.oneOf(["sum", "sign"] as const);
      return { constant: dice.whole(-5, 5), terms, finish: { kind }, doubt: 0, exact: null };
    });
    const valueAt = (index: number, pattern: number): number => {
      const { constant, terms, finish } = descriptions[index]!;
      const sum = terms.reduce((total, term) => {
        if ("sum" in term) return total + term.weight * valueAt(term.sum, pattern);
        const entry = term.places.reduce((at, place, bit) => at + ((pattern >> place) & 1) * 2 ** bit, 0);
        return total + term.weight * term.table[entry]!;
      }, constant);
      return finish.kind === "sum" ? sum : sum > 0 ? 1 : 0;
    };
    let seen = 0;
    forEachBlock(bits, descriptions, (values, first) => {
      expect(first).toBe(seen);
      for (let x = 0; x < values[0]!.length; x += dice.whole(1, 7)) {
        expect(values.map((each) => each[x]! + 0)).toEqual(
          descriptions.map((_, index) => valueAt(index, first + x) + 0),
        );
      }
      seen += values[0]!.length;
      return true;
    });
    expect(seen).toBe(2 ** bits);
  }
});

describe("all pictures of 4×4 pixels", () => {
  test.each([105])("have the bounds of the proof, network %i", (seed) => {
    const dice = new Dice(seed);
    const model = network([bisel([1, 2], [3, 3], dice), bisel([2, 1], [2, 3], dice)]);
    const { module } = binarize(model, { policy: "auto", prove: "bounds" });
    const value = module.outputs[0]!;
    const fixed = { height: 4, width: 4 };
    const own = question(model, module.values, value);
    const brute = bruteForce(model, module, own, value, [[4, 4]]);
    const answer = tryAllPatterns({ ...own, ...fixed, arithmetic: "real" });
    // Values well inside ]0, 1[, so that the bounds say something.
    expect([brute.zeroValue > 0.1, brute.zeroValue < 0.5, brute.oneValue > 0.5, brute.oneValue < 0.96]).not.toContain(
      false,
    );
    if (answer.kind !== "proved") throw new Error(answer.kind);
    const { zeroUpper, oneLower } = answer.bounds[0]!;
    expect([zeroUpper, oneLower]).toEqual([expect.closeTo(brute.zeroValue, 9), expect.closeTo(brute.oneValue, 9)]);
    expect(zeroUpper >= brute.zeroValue && oneLower <= brute.oneValue).toBe(true);
  });
});
