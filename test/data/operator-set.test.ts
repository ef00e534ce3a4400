import { describe, expect, test } from "vitest";
import { createDiskorect, DISKORECT_DEFAULTS } from "../../src/data/diskorect.js";
import { createOperatorSet, packPixels, unpackPixels } from "../../src/data/operator-set.js";
import { getPixel } from "../../src/morph/bit-image.js";
import { namedElement } from "../../src/morph/named-element.js";
import { applyOperator, MORPHOLOGICAL_OPERATORS } from "../../src/morph/operators.js";
import { renderFailure } from "../support/error-cases.js";
import { HAS_RECORDED, type RecordedTask, recordedTasks } from "./recorded.js";
import { density, moments, regions, transitions } from "./statistics.js";

const recorded: readonly RecordedTask[] = HAS_RECORDED
  ? recordedTasks().filter(({ kind }) => kind === "morphological operator on diskorect images")
  : [];

/** The same pictures belong to a network and to its earlier state. */
const recordedInputs = [
  ...new Map(recorded.flatMap(({ inputs }) => inputs.map((each) => [each.join(""), each]))).values(),
];

describe.skipIf(!HAS_RECORDED)("recorded tasks (needs the full reference set)", () => {
  test("every target is the operator of its input, with the border replicated", () => {
    expect(recorded.length).toBeGreaterThanOrEqual(10);
    for (const { network, operator, element, height, width, inputs, targets } of recorded) {
      const name = MORPHOLOGICAL_OPERATORS.find((each) => each === operator.replaceAll("_", "-"));
      if (name === undefined) throw new Error(`${network}: ${operator}`);
      inputs.forEach((input, index) => {
        const answer = new Uint8Array(height * width);
        unpackPixels(applyOperator(name, packPixels(input, height, width), namedElement(element), "replicate"), answer);
        expect(answer, `${network} ${index}`).toEqual(targets[index]);
      });
    }
  });

  test("drawn pictures have the statistics of the recorded ones", () => {
    const source = createDiskorect(DISKORECT_DEFAULTS, { seed: 5, split: "training", count: null });
    const drawn = Array.from({ length: 600 }, (_, index) => {
      const pixels = new Uint8Array(2500);
      source.read(index, pixels);
      return pixels;
    });
    const measures: Record<string, (pixels: Uint8Array) => number> = {
      density,
      "distance of the density from ½": (pixels) => Math.abs(density(pixels) - 0.5),
      transitions: (pixels) => transitions(pixels, 50),
      regions: (pixels) => regions(pixels, 50),
      "density in the leftmost columns, inverted or not": (pixels) =>
        Math.abs(density(pixels.filter((_, index) => index % 50 < 10)) - 0.5),
    };
    expect(recordedInputs).toHaveLength(120);
    for (const [name, measure] of Object.entries(measures)) {
      const [ours, theirs] = [moments(drawn.map(measure)), moments(recordedInputs.map(measure))];
      const apart = Math.abs(ours.mean - theirs.mean) / Math.hypot(ours.error, theirs.error);
      expect(apart, `${name}: ${ours.mean}, recorded ${theirs.mean}`).toBeLessThan(3.5);
      const spread = ours.deviation / theirs.deviation;
      expect(
        spread > 0.75 && spread < 1.35,
        `${name} deviates by ${ours.deviation}, recorded ${theirs.deviation}`,
      ).toBe(true);
    }
  });
});

describe("operator sets", () => {
  const from = { seed: 3, split: "training", count: null } as const;
  const choice = { operator: "opening", element: "disk7", border: "replicate" } as const;

  test("a sample depends on seed, split and index alone", () => {
    const read = (seed: number, split: "training" | "test", index: number): string => {
      const set = createOperatorSet(createDiskorect(DISKORECT_DEFAULTS, { seed, split, count: null }), choice);
      const [input, target] = [new Uint8Array(2500).fill(9), new Uint8Array(2500).fill(9)];
      set.read(index, input, target);
      return `${input.join("")} ${target.join("")}`;
    };
    expect(read(3, "training", 8)).toMatch(/^[01]+ [01]+$/);
    expect(read(3, "training", 8)).toBe(read(3, "training", 8));
    const others = [read(3, "training", 9), read(3, "test", 8), read(4, "training", 8)];
    expect(new Set([read(3, "training", 8), ...others]).size).toBe(4);
  });

  test("have a name and a shape", () => {
    const set = createOperatorSet(createDiskorect({ ...DISKORECT_DEFAULTS, height: 20, width: 33 }, from), choice);
    expect(set.name).toBe("opening by disk7 on random disks and rectangles of 20×33 pixels");
    expect(set.shape).toEqual({
      channels: 1,
      height: 20,
      width: 33,
      samples: "bits",
      target: { kind: "images", channels: 1 },
    });
    expect(set.count).toBeNull();
  });

  test("noise and inversion", () => {
    const draw = (options: object): Uint8Array => {
      const pixels = new Uint8Array(2500);
      createDiskorect({ ...DISKORECT_DEFAULTS, ...options }, from).read(0, pixels);
      return pixels;
    };
    expect(density(draw({ shapes: 0, noise: 0, inversion: 0 }))).toBe(0);
    expect(density(draw({ shapes: 0, noise: 0, inversion: 1 }))).toBe(1);
    expect(density(draw({ shapes: 0, noise: 1, inversion: 0 }))).toBe(1);
    const plain = draw({ inversion: 0 });
    expect(draw({ inversion: 1 })).toEqual(plain.map((pixel) => 1 - pixel));
  });

  test("pixels are packed and unpacked", () => {
    const pixels = Uint8Array.from({ length: 3 * 41 }, (_, index) => (index * 7919) % 2);
    const image = packPixels(pixels, 3, 41);
    pixels.forEach((pixel, index) => expect(getPixel(image, Math.floor(index / 41), index % 41)).toBe(pixel));
    const back = new Uint8Array(pixels.length);
    unpackPixels(image, back);
    expect(back).toEqual(pixels);
  });

  test("refuse what cannot be drawn", () => {
    const refuse = (options: object): string =>
      renderFailure(() => createDiskorect({ ...DISKORECT_DEFAULTS, ...options }, from));
    expect(refuse({ height: 0 })).toContain("generator.height is 0");
    expect(refuse({ noise: 1.5 })).toContain("BMN0801");
    expect(refuse({ shapes: 2.5 })).toContain("generator.shapes");
    expect(refuse({ inversion: Number.NaN })).toContain("generator.inversion");
    const source = createDiskorect(DISKORECT_DEFAULTS, from);
    expect(renderFailure(() => createOperatorSet(source, { ...choice, element: "disc" }))).toContain("BMN0801");
    expect(renderFailure(() => createOperatorSet(source, { ...choice, operator: "thinning" as never }))).toContain(
      "use one of dilation",
    );
    expect(renderFailure(() => createDiskorect(DISKORECT_DEFAULTS, { ...from, seed: -1 }))).toContain("seed is -1");
  });
});
