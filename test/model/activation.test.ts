import { describe, expect, test } from "vitest";
import { activate, errorFunction } from "../../src/model/activation.js";

/** erf to sixteen digits; Abramowitz & Stegun, table 7.1. */
const KNOWN: readonly (readonly [number, number])[] = [
  [0, 0],
  [0.1, 0.1124629160182849],
  [0.5, 0.5204998778130465],
  [1, 0.8427007929497149],
  [1.5, 0.9661051464753108],
  [2, 0.9953222650189527],
  [2.5, 0.999593047982555],
  [3, 0.9999779095030014],
  [3.5, 0.9999992569016276],
  [4, 0.9999999845827421],
  [7, 1],
];

function density(t: number): number {
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-t * t);
}

/** ∫₀ˣ of 2/√π·exp(−t²) by the trapezoidal rule with Richardson's extrapolation (Romberg). */
function integrated(x: number): number {
  let previous = [(x / 2) * (density(0) + density(x))];
  for (let level = 1; level <= 12; level++) {
    const step = x / 2 ** level;
    let sum = 0;
    for (let odd = 1; odd < 2 ** level; odd += 2) sum += density(odd * step);
    const row = [previous[0]! / 2 + step * sum];
    for (let order = 1; order <= level; order++) {
      row.push(row[order - 1]! + (row[order - 1]! - previous[order - 1]!) / (4 ** order - 1));
    }
    previous = row;
  }
  return previous.at(-1)!;
}

describe("errorFunction", () => {
  test.each(KNOWN)("erf(%d)", (x, value) => {
    expect(Math.abs(errorFunction(x) - value)).toBeLessThan(2e-15);
    expect(errorFunction(-x)).toBe(-errorFunction(x));
  });

  test("equals its integral", () => {
    for (let x = 0.01; x < 6.5; x += 0.0937) {
      expect(Math.abs(errorFunction(x) - integrated(x)), `erf(${x})`).toBeLessThan(1e-13);
    }
  });

  test("is continuous where its formulas meet", () => {
    for (const x of [3, 6]) expect(errorFunction(x) - errorFunction(x - 1e-12)).toBeLessThan(1e-14);
    expect(errorFunction(Number.POSITIVE_INFINITY)).toBe(1);
    expect(errorFunction(Number.NaN)).toBeNaN();
  });
});

describe("activate", () => {
  test.each(["tanh", "sigmoid", "erf", "arctan"] as const)("%s goes from 0 over ½ to 1", (activation) => {
    expect(activate(activation, 0)).toBe(0.5);
    expect(activate(activation, Number.NEGATIVE_INFINITY)).toBe(0);
    expect(activate(activation, Number.POSITIVE_INFINITY)).toBe(1);
    let previous = -1;
    for (let u = -3; u <= 3; u += 0.01) {
      const value = activate(activation, u);
      expect(value).toBeGreaterThan(previous);
      expect(Math.abs(value + activate(activation, -u) - 1)).toBeLessThan(1e-15);
      previous = value;
    }
  });

  test("values", () => {
    expect(activate("sigmoid", 1)).toBeCloseTo(Math.E / (1 + Math.E), 15);
    expect(activate("tanh", 1)).toBeCloseTo(Math.E ** 2 / (1 + Math.E ** 2), 15);
    expect(activate("arctan", 1)).toBeCloseTo(0.75, 15);
    expect([-1, -0, 0, 1e-300].map((u) => activate("step", u))).toEqual([0, 0, 0, 1]);
    expect(activate("identity", -3.5)).toBe(-3.5);
  });
});
