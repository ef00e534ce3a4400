import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  countGrays,
  equalShareValues,
  levelSets,
  occurringValues,
  reconstructGray,
  spacedIndices,
  strictlyIncreasing,
} from "../../src/data/level-values.js";
import { GOLDEN_FOLDER } from "../golden/golden-networks.js";
import { renderFailure } from "../support/error-cases.js";

interface Recorded {
  readonly level_sets: readonly {
    readonly image: readonly (readonly number[])[];
    /** Missing where the values were given. */
    readonly n_values?: number | "all";
    readonly values: readonly number[];
    readonly levels: readonly (readonly string[])[];
    readonly reconstruction: readonly (readonly number[])[];
  }[];
  readonly equal_index: readonly {
    readonly images_shape: readonly [number, number, number, number];
    readonly images: readonly number[];
    readonly n_values: number;
    readonly levelset_values: readonly (readonly number[])[];
    readonly first_image_channels: readonly (readonly string[])[];
    readonly first_image_gray_back: readonly (readonly (readonly number[])[])[];
  }[];
  readonly undersample: readonly {
    readonly min: number;
    readonly max: number;
    readonly n: number;
    readonly out: readonly number[];
  }[];
}

const FILE = join(GOLDEN_FOLDER, "gray.json");
const recorded: Recorded = existsSync(FILE)
  ? (JSON.parse(readFileSync(FILE, "utf8")) as Recorded)
  : { level_sets: [], equal_index: [], undersample: [] };

const isByte = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 255;

const bitsOf = (levels: readonly (readonly string[])[]): number[] =>
  levels.flat().flatMap((row) => [...row].map(Number));

describe.skipIf(!existsSync(FILE))("recorded gray pictures (need the golden folder)", () => {
  test("spaced indices", () => {
    expect(recorded.undersample.length).toBeGreaterThan(0);
    for (const { min, max, n, out } of recorded.undersample) expect(spacedIndices(min, max, n)).toEqual(out);
  });

  test("level sets, their values, and the reconstruction", () => {
    expect(recorded.level_sets.length).toBeGreaterThan(0);
    let chosen = 0;
    for (const { image, n_values: count, values, levels, reconstruction } of recorded.level_sets) {
      const samples = image.flat();
      if (count !== undefined && samples.every(isByte)) {
        chosen++;
        expect(occurringValues(countGrays(Uint8Array.from(samples)), count)).toEqual(values);
      }
      const cut = levelSets(samples, values);
      expect([...cut]).toEqual(bitsOf(levels));
      expect([...reconstructGray(cut, values)]).toEqual(reconstruction.flat());
    }
    expect(chosen).toBeGreaterThan(2);
  });

  test("values of equal shares", () => {
    expect(recorded.equal_index.length).toBeGreaterThan(0);
    for (const each of recorded.equal_index) {
      expect(each.images.every(isByte)).toBe(true);
      const samples = Uint8Array.from(each.images);
      const values = equalShareValues(countGrays(samples), each.n_values);
      for (const row of each.levelset_values) expect(values).toEqual(row);
      const [, channels, height, width] = each.images_shape;
      const pixels = height * width;
      const planes = Array.from({ length: channels }, (_, channel) =>
        levelSets(samples.subarray(channel * pixels, (channel + 1) * pixels), values),
      );
      expect(planes.flatMap((plane) => [...plane])).toEqual(bitsOf(each.first_image_channels));
      expect(planes.flatMap((plane) => [...reconstructGray(plane, values)])).toEqual(
        each.first_image_gray_back.flat(2),
      );
    }
  });
});

describe("level values", () => {
  test("counts go on", () => {
    const histogram = countGrays(Uint8Array.of(1, 1), countGrays(Uint8Array.of(1, 255)));
    expect([histogram[0], histogram[1], histogram[255]]).toEqual([0, 3, 1]);
  });

  test("equal shares are places in the sorted list of pixels, without the extremes", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 3, maxLength: 200 }),
        fc.integer({ min: 1, max: 40 }),
        (samples, count) => {
          const sorted = [...samples].sort((a, b) => a - b);
          const inner = sorted.filter((value) => value !== sorted[0] && value !== sorted.at(-1));
          fc.pre(inner.length > 0);
          const places = spacedIndices(0, inner.length - 1, count);
          expect(equalShareValues(countGrays(samples), count)).toEqual(places.map((place) => inner[place]));
        },
      ),
    );
  });

  test("the picture comes back from all the values that occur, unless the smallest is all there is below", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), (samples) => {
        const values = occurringValues(countGrays(samples), "all");
        expect([...reconstructGray(levelSets(samples, values), values)]).toEqual([...samples]);
      }),
    );
  });

  test("without repetitions", () => {
    expect(strictlyIncreasing([1, 1, 2, 2, 2, 9])).toEqual([1, 2, 9]);
    expect(strictlyIncreasing([])).toEqual([]);
  });

  test("two gray values have none between them", () => {
    expect(renderFailure(() => equalShareValues(countGrays(Uint8Array.of(0, 255, 0)), 4))).toMatch(
      /^error BMN0801: .*no gray values between.*\n.*threshold/,
    );
  });
});
