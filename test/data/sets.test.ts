/** Splits, classes and pairs. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createClassSet, createPictureSource } from "../../src/data/class-set.js";
import { checkSameForm, labelPictures } from "../../src/data/mnist.js";
import { createCropSet, createPairSet, type PicturePairs } from "../../src/data/picture-pairs.js";
import { permutation, splitIndices, splitLast } from "../../src/data/splits.js";
import { renderFailure } from "../support/error-cases.js";

describe("splits", () => {
  test("are disjoint, complete, and of the sizes asked for", () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 300 }), fc.nat(1000), (count, seed) => {
        const { training, validation, test: tests } = splitIndices(count, { validation: 0.1, test: 0.2 }, seed);
        const all = [...training, ...validation, ...tests].sort((a, b) => a - b);
        expect(all).toEqual(Array.from({ length: count }, (_, index) => index));
        expect(validation.length).toBe(Math.max(1, Math.round(count * 0.1)));
        expect(tests.length).toBe(Math.max(1, Math.round(count * 0.2)));
      }),
    );
  });

  test("the test samples do not depend on the validation samples", () => {
    const [a, b] = [0, 0.5].map((validation) => splitIndices(50, { validation, test: 0.2 }, 7).test);
    expect(a).toEqual(b);
  });

  test("every order is as likely: four elements, 24 orders", () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 4800; seed++) {
      const order = permutation(4, seed).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0);
    expect(chiSquare).toBeLessThan(23 + 4 * Math.sqrt(46));
  });

  test("held back are the last ones of the permutation", () => {
    const { training, validation } = splitLast(20, 3, 9);
    expect([...training, ...validation]).toEqual([...permutation(20, 9)]);
    expect(validation).toHaveLength(3);
  });

  test("too few samples, shares out of range", () => {
    expect(renderFailure(() => splitLast(5, 5, 0))).toContain("too few samples: 5 in all, 5 to be held back");
    expect(renderFailure(() => splitLast(5, 0, 0))).toContain("validation is 0");
    expect(renderFailure(() => splitIndices(2, { validation: 0.1, test: 0.1 }, 0))).toContain(
      "too few samples: 2 in all",
    );
    expect(renderFailure(() => splitIndices(9, { validation: 1, test: 0.1 }, 0))).toContain("fractions.validation");
  });
});

const images = { dimensions: [3, 1, 2], samples: Uint8Array.of(0, 255, 127, 128, 10, 20) };
const labels = { dimensions: [3], samples: Uint8Array.of(2, 0, 1) };

describe("classes", () => {
  const data = labelPictures(images, labels, null);
  const read = (set: ReturnType<typeof createClassSet>, index: number): number[] => {
    const [input, target] = [new Uint8Array(2), new Uint8Array(1)];
    set.read(index, input, target);
    return [...input, ...target];
  };

  test("bytes, bits and inverted ones, in the order of the indices", () => {
    const indices = Uint32Array.of(2, 0);
    const bytes = createClassSet("set", data, indices, { encoding: { kind: "bytes" }, invert: false });
    expect(bytes.shape).toEqual({
      channels: 1,
      height: 1,
      width: 2,
      samples: "bytes",
      target: { kind: "classes", names: ["0", "1", "2"] },
    });
    expect(bytes.count).toBe(2);
    expect([read(bytes, 0), read(bytes, 1)]).toEqual([
      [10, 20, 1],
      [0, 255, 2],
    ]);
    const inverted = createClassSet("set", data, indices, { encoding: { kind: "bytes" }, invert: true });
    expect(read(inverted, 0)).toEqual([245, 235, 1]);
    const all = Uint32Array.of(0, 1, 2);
    const bits = createClassSet("set", data, all, { encoding: { kind: "bits", threshold: 128 }, invert: false });
    expect([0, 1, 2].map((index) => read(bits, index))).toEqual([
      [0, 1, 2],
      [0, 1, 0],
      [0, 0, 1],
    ]);
    const invertedBits = createClassSet("set", data, all, { encoding: { kind: "bits", threshold: 128 }, invert: true });
    expect(read(invertedBits, 1)).toEqual([1, 0, 0]);
    const pixels = new Uint8Array(2);
    const reading = { encoding: { kind: "bits", threshold: 20 }, invert: false } as const;
    createPictureSource("source", data.pictures, indices, reading).read(0, pixels);
    expect([...pixels]).toEqual([0, 1]);
  });

  test("what does not fit together", () => {
    const few = { dimensions: [2], samples: Uint8Array.of(0, 1) };
    expect(renderFailure(() => labelPictures(images, few, null))).toContain("3 pictures and 2 labels");
    expect(renderFailure(() => labelPictures(images, labels, ["a", "b"]))).toContain("label 0 is 2");
    expect(renderFailure(() => labelPictures(labels, labels, null))).toContain("dimensions 3");
    expect(renderFailure(() => labelPictures(images, images, null))).toContain("3×1×2");
    const other = labelPictures({ ...images, dimensions: [3, 2, 1] }, labels, null);
    expect(renderFailure(() => checkSameForm(data.pictures, other.pictures))).toContain("1×2");
    const bytes = { encoding: { kind: "bytes" }, invert: false } as const;
    expect(renderFailure(() => createPictureSource("source", data.pictures, Uint32Array.of(0), bytes))).toContain(
      "bits",
    );
    const threshold = { encoding: { kind: "bits", threshold: 0 }, invert: false } as const;
    expect(renderFailure(() => createClassSet("set", data, Uint32Array.of(0), threshold))).toContain("threshold is 0");
  });
});

describe("pairs", () => {
  /** Two input channels and one target channel; every input sample tells its place, the target the same modulo 2. */
  function pair(name: string, height: number, width: number): PicturePairs["pairs"][number] {
    const input = Uint8Array.from({ length: 2 * height * width }, (_, index) => index);
    return { name, height, width, input, target: input.slice(0, height * width).map((value) => value & 1) };
  }
  const data = (...pairs: PicturePairs["pairs"]): PicturePairs => ({
    pairs,
    inputChannels: 2,
    targetChannels: 1,
    samples: "bytes",
  });

  test("whole", () => {
    const set = createPairSet("set", data(pair("a", 2, 3), pair("b", 2, 3)), Uint32Array.of(1));
    const [input, target] = [new Uint8Array(12), new Uint8Array(6)];
    set.read(0, input, target);
    expect([...input]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect([...target]).toEqual([0, 1, 0, 1, 0, 1]);
    expect(set.shape).toEqual({
      channels: 2,
      height: 2,
      width: 3,
      samples: "bytes",
      target: { kind: "images", channels: 1 },
    });
  });

  test("pieces: every place occurs, channels and targets stay together", () => {
    const pairs = data(pair("a", 4, 5), pair("b", 6, 3));
    const size = { height: 3, width: 2 };
    const set = createCropSet("set", pairs, Uint32Array.of(0, 1), size, { seed: 1, split: "training", count: null });
    const places = new Set<string>();
    const [input, target] = [new Uint8Array(12), new Uint8Array(6)];
    for (let index = 0; index < 400; index++) {
      set.read(index, input, target);
      const width = (input[2] ?? 0) - (input[0] ?? 0);
      const [first = 0, step = 0] = [input[0], input[6]];
      const pixels = width === 5 ? 20 : 18;
      places.add(`${width} ${first}`);
      expect(step - first).toBe(pixels);
      for (let row = 0; row < 3; row++) {
        for (let column = 0; column < 2; column++) {
          const value = first + row * width + column;
          expect(input[row * 2 + column]).toBe(value);
          expect(target[row * 2 + column]).toBe(value & 1);
        }
      }
    }
    // 2 × 4 places in the first picture, 4 × 2 in the second.
    expect(places.size).toBe(16);
    const four = createCropSet("set", pairs, Uint32Array.of(0, 1), size, { seed: 1, split: "test", count: 4 });
    const widths = [0, 1, 2, 3].map((index) => {
      four.read(index, input, target);
      return (input[2] ?? 0) - (input[0] ?? 0);
    });
    expect(widths).toEqual([5, 3, 5, 3]);
  });

  test("sizes that do not fit", () => {
    const pairs = data(pair("a.png", 2, 3), pair("b.png", 3, 2));
    expect(renderFailure(() => createPairSet("set", pairs, Uint32Array.of(0, 1)))).toContain("b.png 3×2");
    const crop = (): unknown =>
      createCropSet("set", pairs, Uint32Array.of(0, 1), { height: 2, width: 3 }, { seed: 0, split: "test", count: 2 });
    expect(renderFailure(crop)).toContain("b.png has 3×2");
    expect(renderFailure(() => createPairSet("set", pairs, new Uint32Array()))).toContain("no pairs");
  });
});
