import { describe, expect, test } from "vitest";
import type { LayerConfig, Phase, Ramp } from "../../src/trainer/config.js";
import { decodeConfig } from "../../src/trainer/decode-config.js";
import { allHardened, rampAt, settingAt, totalSteps, withRealOutput } from "../../src/trainer/schedule.js";

const SHARES = [0, 0.1, 0.25, 0.5, 0.77, 1];

describe("a ramp", () => {
  test("that is a number is constant", () => {
    expect(SHARES.map((share) => rampAt(0.3, share))).toEqual(SHARES.map(() => 0.3));
  });

  test.each(["linear", "geometric", "cosine"] as const)("of shape %s goes from one value to the other", (shape) => {
    const ramp: Ramp = { from: 8, to: 0.5, shape };
    const values = SHARES.map((share) => rampAt(ramp, share));
    expect(values[0]).toBeCloseTo(8, 12);
    expect(values.at(-1)).toBeCloseTo(0.5, 12);
    values.forEach((value, index) => {
      if (index > 0) expect(value).toBeLessThan(values[index - 1] ?? 0);
    });
  });

  test("passes through the arithmetic mean, the geometric mean, and at a third three quarters of the way down", () => {
    expect(rampAt({ from: 8, to: 2, shape: "linear" }, 0.5)).toBeCloseTo(5, 12);
    expect(rampAt({ from: 8, to: 2, shape: "geometric" }, 0.5)).toBeCloseTo(4, 12);
    // (1 + cos 60°) / 2 = ¾ of the distance is left.
    expect(rampAt({ from: 8, to: 4, shape: "cosine" }, 1 / 3)).toBeCloseTo(7, 12);
  });
});

const { networks, training } = decodeConfig({
  name: "a",
  data: { kind: "idx", folder: "f" },
  network: {
    layers: [
      { kind: "bisel", channels: 2, bise: { form: "erosion" } },
      { kind: "max-pool" },
      { kind: "flatten" },
      { kind: "dense-lui", features: 3 },
      { kind: "readout", classes: 2 },
    ],
  },
  training: {
    loss: "cross-entropy",
    phases: [
      { name: "soft", steps: 10, learningRate: { from: 1, to: 0.01 }, sharpness: [1, 1, 1, { from: 1, to: 4 }] },
      {
        name: "first",
        steps: 5,
        learningRate: 0.1,
        sharpness: 3,
        surrogate: { from: 1, to: 2 },
        harden: [0],
        shrink: 1,
      },
      { name: "grid", steps: 4, learningRate: 0.1, grid: { layers: [3], largest: 7 }, freeze: [0, 4] },
      {
        name: "all",
        steps: 1,
        learningRate: 0,
        harden: [3],
        grid: { layers: [3], largest: 3 },
        freeze: [0, 1, 2, 3, 4],
      },
    ],
  },
});
const layers: readonly LayerConfig[] = networks[0]?.layers ?? [];
const phases: readonly Phase[] = training.phases;
const at = (phase: number, step: number) => settingAt({ layers, phases }, phase, step);

describe("the setting", () => {
  test.each([
    [0, [false, false, false, false, false], [null, null, null, null, null], [true, true, true, true, true]],
    [1, [true, false, false, false, false], [null, null, null, null, null], [true, true, true, true, true]],
    [2, [true, false, false, false, false], [null, null, null, 7, null], [false, true, true, true, false]],
    [3, [true, false, false, true, false], [null, null, null, 3, null], [false, false, false, false, false]],
  ])("of phase %d: hardening and grids stay, freezing does not", (phase, hardened, grids, trained) => {
    const setting = at(phase, 0);
    expect(setting.layers.map((layer) => layer.hardened)).toEqual(hardened);
    expect(setting.layers.map((layer) => layer.grid)).toEqual(grids);
    expect(setting.layers.map((layer) => layer.trained)).toEqual(trained);
    expect(setting.layers.every((layer) => !layer.realOutput)).toBe(true);
  });

  test("follows the ramps of its phase, to their very end", () => {
    expect(at(0, 0)).toMatchObject({ learningRate: 1, shrink: 0 });
    expect(at(0, 5).learningRate).toBeCloseTo(0.1, 12);
    expect(at(0, 10).learningRate).toBeCloseTo(0.01, 12);
    expect(at(0, 5).layers.map((layer) => layer.sharpness)).toEqual([1, 1, 1, 2, 1]);
    expect(at(1, 0)).toMatchObject({ learningRate: 0.1, shrink: 1 });
    expect(at(1, 0).layers.map((layer) => layer.sharpness)).toEqual([3, 3, 3, 3, 3]);
    expect(at(1, 5).layers.map((layer) => layer.surrogate)).toEqual([2, 2, 2, 2, 2]);
    expect(() => at(4, 0)).toThrow(RangeError);
  });

  test("with everything hardened leaves pools, reorderings and read-outs alone", () => {
    const setting = at(0, 3);
    const hardened = allHardened(layers, setting);
    expect(hardened.layers.map((layer) => layer.hardened)).toEqual([true, false, false, true, false]);
    const otherwise = { hardened: false };
    expect(hardened.layers.map((layer) => ({ ...layer, ...otherwise }))).toEqual(
      setting.layers.map((layer) => ({ ...layer, ...otherwise })),
    );
  });

  test("with a real output concerns the last layer alone", () => {
    const setting = withRealOutput(at(3, 0));
    expect(setting.layers.map((layer) => layer.realOutput)).toEqual([false, false, false, false, true]);
    expect(setting.layers.map((layer) => layer.hardened)).toEqual(at(3, 0).layers.map((layer) => layer.hardened));
  });

  test("all steps are those of the phases", () => {
    expect(totalSteps(phases)).toBe(20);
  });
});
