import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BitFunction } from "../../src/binarize/bit-function.js";
import { type BinarizedNeuron, binarizeNeuron, type NeuronSettings } from "../../src/binarize/neuron.js";
import type { ChannelBounds } from "../../src/binarize/report.js";
import { activate } from "../../src/model/activation.js";
import type { Activation } from "../../src/model/types.js";
import { arbitraryNeuron, extremeSums, floatBias, floatBounds, floatWeights, holds, ONE } from "./truth.js";

const SQUASHING: readonly Activation[] = ["tanh", "sigmoid", "erf", "arctan", "step"];
const AUTO: NeuronSettings = { policy: "auto", arithmetic: "real" };
/** Room for the allowance that the bounds make for rounding. */
const TIGHT = 1e-9;

/** A function of bits, before any complement, on one pattern. */
function apply(bits: BitFunction, pattern: number): boolean {
  const bit = (input: number): boolean => ((pattern >> input) & 1) === 1;
  switch (bits.kind) {
    case "constant":
      return bits.value === 1;
    case "erosion":
      return bits.members.every((member, input) => !member || bit(input));
    case "dilation":
      return bits.members.some((member, input) => member && bit(input));
    case "union-of-erosions": {
      const sets = bits.sets.some((set) => set.every((member, input) => !member || bit(input)));
      expect(sets).toBe(apply({ ...bits, kind: "threshold" }, pattern));
      return sets;
    }
    case "threshold":
      return bits.weights.reduce((sum, weight, input) => (bit(input) ? sum + weight : sum), 0n) > bits.bound;
  }
}

test("a neuron is its bits, exact where no admissible value contradicts them, with the tightest output bounds", () => {
  const kinds = new Map<string, number>();
  const count = (what: string): void => void kinds.set(what, (kinds.get(what) ?? 0) + 1);
  fc.assert(
    fc.property(
      arbitraryNeuron(6, false),
      fc.constantFrom(...SQUASHING),
      fc.constantFrom(0.5, 3, 40),
      (neuron, activation, steepness) => {
        const scale = neuron.comparison === "above" ? steepness : -steepness;
        const [weights, bias] = [floatWeights(neuron), floatBias(neuron)];
        const found = binarizeNeuron({ weights, bias, scale, activation }, floatBounds(neuron), AUTO);
        expect(found.complemented).toBe(scale < 0);

        const valueOf = (sum: number): number => activate(activation, (scale * (sum - neuron.bias)) / 1024);
        let [sound, zeroUpper, oneLower] = [true, 0, 1];
        for (let pattern = 0; pattern < 2 ** neuron.weights.length; pattern++) {
          const sumOnBits = neuron.weights.reduce(
            (sum, weight, input) => sum + ((pattern >> input) & 1) * weight * ONE,
            0,
          );
          const bit = holds(neuron, sumOnBits);
          expect(apply(found.function, pattern)).toBe(bit);
          for (const sum of extremeSums(neuron, pattern)) {
            sound &&= holds(neuron, sum) === bit;
            if (bit === scale > 0) oneLower = Math.min(oneLower, valueOf(sum));
            else zeroUpper = Math.max(zeroUpper, valueOf(sum));
          }
        }
        expect(found.grade).toBe(sound ? "exact" : "hardened");
        expect(found.reason === null).toBe(sound);
        count(`${found.function.kind} ${found.grade}`);
        const { output } = found;
        if (!sound) {
          expect(output).toEqual({ zeroUpper: 1, oneLower: 0 });
          return;
        }
        expect(output.zeroUpper).toBeGreaterThanOrEqual(zeroUpper);
        expect(output.oneLower).toBeLessThanOrEqual(oneLower);
        expect(output.zeroUpper - zeroUpper).toBeLessThan(TIGHT);
        expect(oneLower - output.oneLower).toBeLessThan(TIGHT);
        if (activation === "step") expect(output).toEqual({ zeroUpper: 0, oneLower: 1 });
      },
    ),
    { numRuns: 3000 },
  );
  for (const kind of ["constant exact", "erosion exact", "dilation exact", "threshold exact"]) {
    expect(kinds.get(kind) ?? 0, kind).toBeGreaterThan(50);
  }
  for (const kind of ["erosion hardened", "dilation hardened", "threshold hardened"]) {
    expect(kinds.get(kind) ?? 0, kind).toBeGreaterThan(50);
  }
});

describe("a scale of 0", () => {
  const neuronOf = (activation: Activation): BinarizedNeuron =>
    binarizeNeuron({ weights: Float32Array.of(1, -1), bias: -3, scale: 0, activation }, [], AUTO);

  test("gives the value ½, whose bit is 0", () => {
    for (const activation of SQUASHING.filter((each) => each !== "step")) {
      expect(neuronOf(activation)).toMatchObject({
        function: { kind: "constant", value: 0 },
        complemented: false,
        grade: "exact",
      });
      expect(neuronOf(activation).output.zeroUpper).toBe(0.5);
    }
  });

  test("gives the value 0 of the step", () => {
    expect(neuronOf("step").output).toEqual({ zeroUpper: 0, oneLower: 1 });
  });
});

describe("bits of more inputs than are enumerated", () => {
  const boundsOf = (weights: Float32Array): ChannelBounds[] =>
    Array.from(weights, () => ({ zeroUpper: 0, oneLower: 1 }));

  test("have the gap of their subset sums where small weights are equal", () => {
    // All sums are multiples of 1/64: 7 itself and the next one.
    const weights = Float32Array.from({ length: 13 }, (_, input) => 1 + input / 64);
    const bounds = boundsOf(weights);
    const { grade, proof, output } = binarizeNeuron({ weights, bias: 7, scale: 5, activation: "tanh" }, bounds, AUTO);
    const sums = Array.from({ length: 2 ** 13 }, (_, pattern) =>
      weights.reduce((sum, weight, input) => sum + ((pattern >> input) & 1) * weight, 0),
    );
    const lower = Math.max(...sums.filter((sum) => sum <= 7));
    const upper = Math.min(...sums.filter((sum) => sum > 7));
    expect([grade, proof]).toEqual(["exact", "gap"]);
    expect(output.zeroUpper).toBeCloseTo(activate("tanh", 5 * (lower - 7)), 9);
    expect(output.oneLower).toBeCloseTo(activate("tanh", 5 * (upper - 7)), 9);
    const step = binarizeNeuron({ weights, bias: 7, scale: 5, activation: "step" }, bounds, AUTO);
    expect(step).toMatchObject({ grade: "exact", output: { zeroUpper: 0, oneLower: 1 } });
  });

  test("are exact in real arithmetic without a gap, their values only known to be on their side of ½", () => {
    const weights = Float32Array.from({ length: 40 }, (_, input) => 1 + Math.sqrt(2 + input));
    const neuron = { weights, bias: 80, scale: 5, activation: "tanh" } as const;
    expect(binarizeNeuron(neuron, boundsOf(weights), AUTO)).toMatchObject({
      grade: "exact",
      proof: "bits",
      output: { zeroUpper: 0.5, oneLower: 0.5 },
    });
    const single = binarizeNeuron(neuron, boundsOf(weights), { ...AUTO, arithmetic: "float32" });
    expect(single).toMatchObject({ grade: "hardened", proof: null });
  });
});

test("bounds of hidden values are multiples of 2^-50, so that complements are exact", () => {
  fc.assert(
    fc.property(arbitraryNeuron(5, true), fc.double({ min: 0.01, max: 50, noNaN: true }), (neuron, steepness) => {
      const scale = neuron.comparison === "above" ? steepness : -steepness;
      const [weights, bias] = [floatWeights(neuron), floatBias(neuron)];
      const { output } = binarizeNeuron({ weights, bias, scale, activation: "arctan" }, floatBounds(neuron), AUTO);
      for (const bound of [output.zeroUpper, output.oneLower]) expect(Number.isInteger(bound * 2 ** 50)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test("output bounds hold where doubles round the margin", () => {
  // With both inputs set, W·b − B is 3·2^-54, of which a double's sum makes 2^-52.
  const weights = Float32Array.of(1, 3 * 2 ** -54);
  const bounds = Array.from(weights, () => ({ zeroUpper: 0, oneLower: 1 }));
  const { output } = binarizeNeuron({ weights, bias: 1, scale: 2 ** 52, activation: "tanh" }, bounds, AUTO);
  expect(output.oneLower).toBeLessThanOrEqual(activate("tanh", 0.75));
  expect(output.zeroUpper).toBe(0.5);
});
