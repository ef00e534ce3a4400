import { describe, expect, test } from "vitest";
import type { SampleSet } from "../../src/data/sample-set.js";
import { Batches, readSamples } from "../../src/trainer/batches.js";

/** Sample i holds i in its first byte and a pattern that depends on i after that; targets are the inverse, or classes. */
function numbered(count: number | null, target: "images" | "classes" = "images", height = 3, width = 4): SampleSet {
  return {
    name: "numbered",
    shape: {
      channels: 2,
      height,
      width,
      samples: "bytes",
      target: target === "images" ? { kind: "images", channels: 1 } : { kind: "classes", names: ["a", "b", "c"] },
    },
    count,
    read: (index, inputs, targets) => {
      inputs.forEach((_, place) => {
        inputs[place] = place === 0 ? index : (7 * place + 13 * index) % 251;
      });
      targets.forEach((_, place) => {
        targets[place] = target === "classes" ? index % 3 : 255 - ((7 * place + 13 * index) % 251);
      });
    },
  };
}

/** The numbers of the samples of a step. */
function numbers(batches: Batches, step: number): number[] {
  const { count, inputs } = batches.read(step);
  return Array.from({ length: count }, (_, sample) => inputs[(sample * inputs.length) / count] ?? -1);
}

describe("batches", () => {
  test("of an epoch are the samples in another order each time", () => {
    const batches = new Batches(numbered(24), 4, 11);
    const epochs = [0, 1, 2].map((epoch) => [0, 1, 2, 3, 4, 5].flatMap((step) => numbers(batches, epoch * 6 + step)));
    const all = Array.from({ length: 24 }, (_, index) => index);
    for (const epoch of epochs) expect(epoch.toSorted((a, b) => a - b)).toEqual(all);
    expect(new Set([all, ...epochs].map(String)).size).toBe(4);
    const other = new Batches(numbered(24), 4, 12);
    expect([0, 1, 2, 3, 4, 5].flatMap((step) => numbers(other, step))).not.toEqual(epochs[0]);
  });

  test("leave out what does not fill one, never the same samples", () => {
    const batches = new Batches(numbered(11), 4, 3);
    const epochs = Array.from({ length: 40 }, (_, epoch) =>
      [0, 1].flatMap((step) => numbers(batches, 2 * epoch + step)),
    );
    for (const epoch of epochs) expect(new Set(epoch).size).toBe(8);
    // Each sample is seen in about 8/11 of the epochs.
    const seen = Array.from({ length: 11 }, (_, index) => epochs.filter((epoch) => epoch.includes(index)).length);
    expect(Math.min(...seen)).toBeGreaterThan(15);
  });

  test("all positions of an order are about equally likely", () => {
    const places = Array.from({ length: 6 }, () => Array.from({ length: 6 }, () => 0));
    const batches = new Batches(numbered(6), 6, 5);
    const epochs = 3000;
    for (let step = 0; step < epochs; step++) {
      numbers(batches, step).forEach((sample, place) => {
        const row = places[place];
        if (row !== undefined) row[sample] = (row[sample] ?? 0) + 1;
      });
    }
    // χ² with 25 degrees of freedom is above 52.6 with probability 0.001.
    const expected = epochs / 6;
    const chiSquare = places.flat().reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(52.6);
  });

  test("are no larger than the set", () => {
    expect(numbers(new Batches(numbered(3), 10, 0), 5).toSorted((a, b) => a - b)).toEqual([0, 1, 2]);
  });

  test("of a set without end are its samples in order", () => {
    const batches = new Batches(numbered(null), 4, 7);
    expect(numbers(batches, 0)).toEqual([0, 1, 2, 3]);
    expect(numbers(batches, 5)).toEqual([20, 21, 22, 23]);
  });

  test.each([24, null])("depend on the step alone, whatever was read before (%s samples)", (count) => {
    const steps = [17, 3, 0, 9, 3, 1, 17];
    const one = new Batches(numbered(count), 5, 42, 2);
    const found = steps.map((step) => one.read(step));
    steps.forEach((step, index) => {
      expect(new Batches(numbered(count), 5, 42, 2).read(step)).toEqual(found[index]);
    });
  });
});

describe("a shift", () => {
  const [height, width, shift] = [5, 6, 2];

  /** `plane` moved by rows and columns, zeros entering. */
  function moved(plane: readonly number[], rows: number, columns: number): number[] {
    return Array.from({ length: height * width }, (_, pixel) => {
      const [row, column] = [Math.floor(pixel / width) - rows, (pixel % width) - columns];
      const inside = row >= 0 && row < height && column >= 0 && column < width;
      return inside ? (plane[row * width + column] ?? 0) : 0;
    });
  }

  test("moves all planes of input and target by the same, and every amount occurs", () => {
    const set = numbered(null, "images", height, width);
    const still = new Batches(set, 8, 1);
    const shifted = new Batches(set, 8, 1, shift);
    const amounts = new Set<string>();
    const pixels = height * width;
    for (let step = 0; step < 30; step++) {
      const [before, after] = [still.read(step), shifted.read(step)];
      for (let sample = 0; sample < 8; sample++) {
        const planes = (batch: typeof before): number[][] =>
          [0, 1, 2].map((plane) => {
            const bytes = plane < 2 ? batch.inputs : batch.targets;
            const start = plane < 2 ? (2 * sample + plane) * pixels : sample * pixels;
            return [...bytes.subarray(start, start + pixels)];
          });
        const matches = [-2, -1, 0, 1, 2]
          .flatMap((rows) => [-2, -1, 0, 1, 2].map((columns) => [rows, columns] as const))
          .filter(([rows, columns]) =>
            planes(before).every(
              (plane, index) => String(moved(plane, rows, columns)) === String(planes(after)[index]),
            ),
          );
        expect(matches).toHaveLength(1);
        amounts.add(String(matches[0]));
      }
    }
    expect(amounts.size).toBe(25);
  });

  test("beyond the picture leaves nothing, and classes alone", () => {
    const set = numbered(null, "classes", 2, 2);
    const { inputs, targets } = new Batches(set, 300, 1, 200).read(0);
    expect(targets).toEqual(readSamples(set, [...Array(300).keys()]).targets);
    expect(inputs.filter((byte) => byte > 0).length).toBeLessThan(30);
  });
});

test("samples are read in the order asked for", () => {
  const { inputs, targets, count } = readSamples(numbered(10, "classes"), [4, 1, 4]);
  expect(count).toBe(3);
  expect([inputs[0], inputs[24], inputs[48]]).toEqual([4, 1, 4]);
  expect([...targets]).toEqual([1, 1, 1]);
});
