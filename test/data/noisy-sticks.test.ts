import { describe, expect, test } from "vitest";
import { createNoisySticks, NOISY_STICKS_DEFAULTS } from "../../src/data/noisy-sticks.js";
import { renderFailure } from "../support/error-cases.js";
import { HAS_RECORDED, recordedTasks } from "./recorded.js";
import { density, moments, runLengths } from "./statistics.js";

const from = { seed: 2, split: "training", count: null } as const;

function draw(options: object, index = 0): { input: Uint8Array; target: Uint8Array } {
  const all = { ...NOISY_STICKS_DEFAULTS, ...options };
  const [input, target] = [new Uint8Array(all.height * all.width), new Uint8Array(all.height * all.width)];
  createNoisySticks(all, from).read(index, input, target);
  return { input, target };
}

describe.skipIf(!HAS_RECORDED)("recorded sticks (needs the full reference set)", () => {
  const recorded = HAS_RECORDED
    ? recordedTasks().filter(({ kind, height }) => kind === "noisy sticks denoising" && height === 70)
    : [];
  const targets = [...new Map(recorded.flatMap((task) => task.targets.map((each) => [each.join(""), each]))).values()];
  const drawn = Array.from({ length: 300 }, (_, index) => draw({}, index).target);

  test("have the density of drawn ones", () => {
    const [ours, theirs] = [moments(drawn.map(density)), moments(targets.map(density))];
    expect(theirs.mean).toBeCloseTo(0.0717, 3);
    expect(Math.abs(ours.mean - theirs.mean) / Math.hypot(ours.error, theirs.error)).toBeLessThan(3.5);
    expect(ours.deviation / theirs.deviation).toBeGreaterThan(0.75);
    expect(ours.deviation / theirs.deviation).toBeLessThan(1.35);
  });

  test("have as many sticks of every length, in rows and in columns", () => {
    for (const inRows of [true, false]) {
      const perPicture = (pictures: readonly Uint8Array[]): number[] => {
        const lengths = pictures.flatMap((each) => runLengths(each, 70, inRows));
        return [13, 14, 15, 16].map((length) => lengths.filter((each) => each === length).length / pictures.length);
      };
      const [ours, theirs] = [perPicture(drawn), perPicture(targets)];
      ours.forEach((count, index) => {
        // Counts are about Poisson.
        const error = Math.sqrt((theirs[index] ?? 0) / targets.length + count / drawn.length);
        expect(Math.abs(count - (theirs[index] ?? 0)) / error).toBeLessThan(3.5);
      });
    }
  });

  test("are never hidden by the noise", () => {
    for (const { inputs, targets: clean } of recorded) {
      inputs.forEach((input, index) =>
        expect(input.every((pixel, at) => pixel >= (clean[index]?.[at] ?? 0))).toBe(true),
      );
    }
  });
});

describe("noisy sticks", () => {
  test("the input is the target and a tenth of the other pixels", () => {
    let [others, set] = [0, 0];
    for (let index = 0; index < 50; index++) {
      const { input, target } = draw({}, index);
      target.forEach((pixel, at) => {
        expect((input[at] ?? 0) >= pixel).toBe(true);
        others += 1 - pixel;
        set += (input[at] ?? 0) - pixel;
      });
    }
    expect(set / others).toBeCloseTo(0.1, 2);
  });

  test("without noise, input and target are the same", () => {
    const { input, target } = draw({ noise: 0 });
    expect(input).toEqual(target);
  });

  /** Rows of a picture, without empty rows and columns around what is set. */
  function shapeOf(options: object): string[] {
    // The stick whose beginning leaves the most room is not cut.
    const pictures = Array.from({ length: 40 }, (_, index) => {
      const { target } = draw({ height: 40, width: 40, sticks: 1, ...options }, index);
      const rows = Array.from({ length: 40 }, (__, row) => target.subarray(row * 40, (row + 1) * 40).join(""));
      const inked = rows.filter((row) => row.includes("1"));
      const left = Math.min(...inked.map((row) => row.indexOf("1")));
      const right = Math.max(...inked.map((row) => row.lastIndexOf("1")));
      return inked.map((row) => row.slice(left, right + 1));
    });
    return pictures.toSorted((a, b) => b.join("").length - a.join("").length)[0] ?? [];
  }

  test("directions", () => {
    const length = { shortest: 5, longest: 5 };
    expect(shapeOf({ ...length, angles: [0] })).toEqual(["11111"]);
    expect(shapeOf({ ...length, angles: [180] })).toEqual(["11111"]);
    expect(shapeOf({ ...length, angles: [90] })).toEqual(["1", "1", "1", "1", "1"]);
    expect(shapeOf({ ...length, angles: [45] })).toEqual(["110", "010", "001"]);
    expect(shapeOf({ ...length, angles: [135] })).toEqual(["011", "010", "100"]);
  });

  test("refuse what cannot be drawn", () => {
    const refuse = (options: object): string =>
      renderFailure(() => createNoisySticks({ ...NOISY_STICKS_DEFAULTS, ...options }, from));
    expect(refuse({ angles: [] })).toContain("generator.angles");
    expect(refuse({ longest: 3 })).toContain("generator.longest is 3");
    expect(refuse({ width: 5000 })).toContain("generator.width");
  });
});
