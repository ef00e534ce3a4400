import { describe, expect, test } from "vitest";
import { createDiskorect, DISKORECT_DEFAULTS } from "../../src/data/diskorect.js";
import { createNoisySticks, NOISY_STICKS_DEFAULTS } from "../../src/data/noisy-sticks.js";
import { createOperatorSet, packPixels } from "../../src/data/operator-set.js";
import type { SampleSet } from "../../src/data/sample-set.js";
import { sampleSizes } from "../../src/data/sample-set.js";
import { readPixel } from "../../src/morph/bit-image.js";
import type { MorphologicalOperator } from "../../src/morph/operators.js";
import { renderFailure } from "../support/error-cases.js";
import { runLengths } from "./statistics.js";

const FROM = { seed: 7, split: "training", count: null } as const;

function sample(set: SampleSet, index: number): { input: Uint8Array; target: Uint8Array } {
  const sizes = sampleSizes(set.shape);
  // Whatever was in the buffers does not matter.
  const [input, target] = [new Uint8Array(sizes.input).fill(9), new Uint8Array(sizes.target).fill(9)];
  set.read(index, input, target);
  return { input, target };
}

const operatorOf = (operator: MorphologicalOperator) => ({ operator, element: "disk5", border: "replicate" }) as const;

const SETS: readonly (readonly [string, (seed: number) => SampleSet])[] = [
  ["sticks", (seed) => createNoisySticks(NOISY_STICKS_DEFAULTS, { ...FROM, seed })],
  [
    "opening",
    (seed) => createOperatorSet(createDiskorect(DISKORECT_DEFAULTS, { ...FROM, seed }), operatorOf("opening")),
  ],
];

describe.each(SETS)("drawn samples of %s", (_, create) => {
  test("are a function of seed and index alone", () => {
    const forwards = Array.from({ length: 6 }, (__, index) => sample(create(7), index));
    const set = create(7);
    const backwards = [5, 3, 4, 1, 0, 2].map((index) => [index, sample(set, index)] as const);
    for (const [index, each] of backwards) expect(each).toEqual(forwards[index]);
    expect(sample(create(7), 2 ** 33)).not.toEqual(sample(create(7), 0));
  });

  test("differ from index to index and from seed to seed", () => {
    const texts = [1, 2, 2 ** 32 + 1].flatMap((seed) =>
      Array.from({ length: 20 }, (__, index) => Buffer.from(sample(create(seed), index).input).toString("hex")),
    );
    expect(new Set(texts).size).toBe(texts.length);
  });

  test("are 0 and 1", () => {
    const { input, target } = sample(create(7), 0);
    expect(new Set([...input, ...target])).toEqual(new Set([0, 1]));
  });
});

test("splits of one seed share no pictures", () => {
  const texts = (["training", "validation", "test"] as const).flatMap((split) => {
    const source = createDiskorect(DISKORECT_DEFAULTS, { seed: 3, split, count: 100 });
    return Array.from({ length: 100 }, (_, index) => {
      const pixels = new Uint8Array(2500);
      source.read(index, pixels);
      return Buffer.from(pixels).toString("latin1");
    });
  });
  expect(new Set(texts).size).toBe(300);
});

describe("disks and rectangles", () => {
  const draw = (options: Partial<typeof DISKORECT_DEFAULTS>, index = 0): Uint8Array => {
    const { height, width } = { ...DISKORECT_DEFAULTS, ...options };
    const pixels = new Uint8Array(height * width);
    createDiskorect({ ...DISKORECT_DEFAULTS, ...options }, FROM).read(index, pixels);
    return pixels;
  };

  test("one shape lies within its largest size", () => {
    for (let index = 0; index < 300; index++) {
      const pixels = draw({ shapes: 1, holes: 0, noise: 0, inversion: 0 }, index);
      const set = Array.from(pixels.keys()).filter((at) => pixels[at] === 1);
      expect(set.length).toBeGreaterThan(0);
      const rows = set.map((at) => Math.floor(at / 50));
      const columns = set.map((at) => at % 50);
      // The diagonal of the largest rectangle, 20 × 16, and a pixel at either end.
      const longest = Math.hypot(20, 16) + 2;
      expect(Math.max(...rows) - Math.min(...rows)).toBeLessThanOrEqual(longest);
      expect(Math.max(...columns) - Math.min(...columns)).toBeLessThanOrEqual(longest);
    }
  });

  test("sizes of 1 are possible", () => {
    expect(draw({ height: 1, width: 1, largestShape: 1, largestHole: 1 })).toHaveLength(1);
  });
});

describe("noisy sticks", () => {
  const STICK = { ...NOISY_STICKS_DEFAULTS, sticks: 1, noise: 0 };

  test.each([
    [0, true],
    [90, false],
  ])("at %i° have lengths uniform between shortest and longest", (angle, inRows) => {
    const set = createNoisySticks({ ...STICK, angles: [angle] }, FROM);
    const lengths = Array.from({ length: 3000 }, (_, index) =>
      runLengths(sample(set, index).target, 70, inRows),
    ).flat();
    for (const length of [13, 14, 15, 16]) {
      const share = lengths.filter((each) => each === length).length / lengths.length;
      expect(Math.abs(share - 0.25)).toBeLessThan(4 * Math.sqrt(0.1875 / lengths.length));
    }
  });

  test("choose each angle equally often", () => {
    const set = createNoisySticks(STICK, FROM);
    const kinds = Array.from({ length: 1500 }, (_, index): number => {
      const { target } = sample(set, index);
      const at = Array.from(target.keys()).filter((each) => target[each] === 1);
      const rows = new Set(at.map((each) => Math.floor(each / 70))).size;
      const columns = new Set(at.map((each) => each % 70)).size;
      if (at.length < 8) return Number.NaN;
      return rows === 1 ? 0 : columns === 1 ? 90 : 45;
    }).filter((angle) => !Number.isNaN(angle));
    for (const angle of [0, 90]) {
      const share = kinds.filter((each) => each === angle).length / kinds.length;
      expect(Math.abs(share - 1 / 3)).toBeLessThan(0.06);
    }
  });
});

describe("operator sets", () => {
  test("have as target what the definition says, with the border rule that was asked for", () => {
    for (const border of ["replicate", "zeros"] as const) {
      const source = createDiskorect(DISKORECT_DEFAULTS, FROM);
      const set = createOperatorSet(source, { operator: "erosion", element: "hstick3", border });
      const { input, target } = sample(set, 2);
      const image = packPixels(input, 50, 50);
      target.forEach((pixel, at) => {
        const [row, column] = [Math.floor(at / 50), at % 50];
        const all = [-1, 0, 1].every((step) => readPixel(image, row, column + step, border) === 1);
        expect(pixel).toBe(all ? 1 : 0);
      });
    }
  });
});

test.each<[string, () => unknown]>([
  ["generator.height", () => createDiskorect({ ...DISKORECT_DEFAULTS, height: 0 }, FROM)],
  ["generator.width", () => createDiskorect({ ...DISKORECT_DEFAULTS, width: 5000 }, FROM)],
  ["generator.shapes", () => createDiskorect({ ...DISKORECT_DEFAULTS, shapes: 1.5 }, FROM)],
  ["generator.noise", () => createDiskorect({ ...DISKORECT_DEFAULTS, noise: -0.1 }, FROM)],
  ["generator.inversion", () => createDiskorect({ ...DISKORECT_DEFAULTS, inversion: Number.NaN }, FROM)],
  ["generator.longest", () => createNoisySticks({ ...NOISY_STICKS_DEFAULTS, longest: 12 }, FROM)],
  ["generator.angles", () => createNoisySticks({ ...NOISY_STICKS_DEFAULTS, angles: [] }, FROM)],
  ["generator.angles", () => createNoisySticks({ ...NOISY_STICKS_DEFAULTS, angles: [Infinity] }, FROM)],
  ["seed", () => createNoisySticks(NOISY_STICKS_DEFAULTS, { ...FROM, seed: -1 })],
  ["count", () => createNoisySticks(NOISY_STICKS_DEFAULTS, { ...FROM, count: 0 })],
])("refuses a wrong %s", (path, action) => {
  expect(renderFailure(action)).toMatch(new RegExp(`^error BMN0801: [^\\n]+\\n {2}at ${path}\\n {2}hint: `));
});
