/** Room for rounding, ties, and weights beyond doubles. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { binarize } from "../../../src/binarize/binarize.js";
import {
  type ExhaustiveAnswer,
  type ExhaustiveQuestion,
  tryAllPatterns,
} from "../../../src/binarize/exhaustive/exhaustive.js";
import type { MorphModule, MorphValue } from "../../../src/ir/node.js";
import { activationInverse } from "../../../src/model/activation.js";
import { evaluateModel } from "../../../src/model/evaluate.js";
import type { Activation, BiselLayer, Model, NeuronBank } from "../../../src/model/types.js";
import { buildBitImage } from "../../../src/morph/bit-image.js";
import type { Picture } from "../../../src/morph/picture.js";
import { leastUnits } from "../exact-numbers.js";
import { Dice } from "../near-binary-model.js";
import { allPictures, valueBits } from "./brute-force.js";
import { evaluateFloat32 } from "./float32.js";

function neuron(weights: readonly number[], bias: number, activation: Activation, scale = 8): NeuronBank {
  return {
    count: 1,
    inputsPerNeuron: weights.length,
    weights: Float32Array.from(weights),
    biases: Float32Array.of(bias),
    scales: Float32Array.of(scale),
    activation,
  };
}

function rowLayer(bise: NeuronBank): BiselLayer {
  const kernelWidth = bise.inputsPerNeuron;
  const common = { kind: "bisel", inChannels: 1, outChannels: 1, kernelHeight: 1, border: "zeros", lui: null } as const;
  return { ...common, kernelWidth, bise };
}

function stack(...banks: readonly NeuronBank[]): Model {
  const input = { channels: 1, height: null, width: null, encoding: { kind: "binary" }, complements: false } as const;
  return { name: "row", input, layers: banks.map(rowLayer), provenance: null };
}

type Arithmetic = ExhaustiveQuestion["arithmetic"];

function ask(model: Model, module: MorphModule, arithmetic: Arithmetic, value = module.outputs[0]!): ExhaustiveAnswer {
  const common = { layer: model.layers.length - 1, part: "output", neuron: 0, height: null, width: null } as const;
  return tryAllPatterns({ ...common, model, values: module.values, bits: [{ value, cut: 0.5 }], arithmetic });
}

function askOwn(model: Model, arithmetic: Arithmetic): ExhaustiveAnswer {
  return ask(model, binarize(model, { policy: "auto", prove: "bounds" }).module, arithmetic);
}

describe("a tie", () => {
  test("of exact float32 sums is 0", () => {
    const model = stack(neuron([0.25, 0.5, -0.75], 0, "tanh"));
    expect(askOwn(model, "float32").kind).toBe("proved");
    expect(askOwn(model, "real").kind).toBe("proved");
  });

  test.each<[Activation, number]>([
    ["tanh", 8],
    ["sigmoid", -8],
    ["erf", 3],
    ["arctan", -100],
  ])("of sums that float32 rounds is undecided there, and exact in real arithmetic: %s", (activation, scale) => {
    // In float32, 0.1 + 0.2 − 0.3 is not 0 in every order; the float32 weights make 1.49e-8 of it exactly.
    const model = stack(neuron([0.1, 0.2, -0.3], 0, activation, scale));
    const answer = askOwn(model, "float32");
    expect(answer).toMatchObject({ kind: "undecided", bit: 0 });
    if (answer.kind !== "undecided") return;
    expect(Math.abs(answer.floatValue! - 0.5)).toBeLessThan(1e-5);
    expect(askOwn(model, "real").kind).toBe("proved");
  });

  test("is not decided by a step in float32 rounding: a step is exact", () => {
    const model = stack(neuron([0.1, 0.2, -0.3], 0, "step"));
    expect(askOwn(model, "float32").kind).toBe("proved");
  });
});

test("what is above ½ by less than an activation shows is undecided in float32", () => {
  const [small, enough] = [2 ** -22, 2 ** -20].map((weight) => stack(neuron([weight], 0, "sigmoid", 1)));
  expect(askOwn(small!, "float32").kind).toBe("undecided");
  expect(askOwn(small!, "real").kind).toBe("proved");
  expect(askOwn(enough!, "float32").kind).toBe("proved");
});

test("what is proved for float32 holds in any order of summation", () => {
  const counts = { proved: 0, undecided: 0, different: 0, unsupported: 0 };
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const dice = new Dice(seed);
      const decimals = (inputs: number): NeuronBank => {
        const weights = Array.from({ length: inputs }, () => dice.whole(-3, 9) / 10);
        const activation = dice.oneOf<Activation>(["tanh", "sigmoid", "erf", "arctan"]);
        return neuron(weights, dice.whole(-2, 12) / 10, activation, dice.oneOf([1, 30, -30, 1000]));
      };
      const model = stack(...Array.from({ length: dice.whole(1, 2) }, () => decimals(3)));
      const { module } = binarize(model, { policy: "auto", prove: "bounds" });
      const answer = ask(model, module, "float32");
      counts[answer.kind]++;
      if (answer.kind !== "proved") return;
      const { zeroUpper, oneLower } = answer.bounds[0]!;
      for (const width of [1, 2, 5]) {
        for (const picture of allPictures(model.input, 1, width)) {
          const values = evaluateFloat32(model, picture, dice)[0]!;
          valueBits(module, module.outputs[0]!, picture).forEach((bit, pixel) => {
            const value = values[pixel]!;
            expect(bit).toBe(value > 0.5 ? 1 : 0);
            expect(bit === 1 ? value >= oneLower : value <= zeroUpper).toBe(true);
          });
        }
      }
    }),
    { numRuns: 200 },
  );
  expect(counts.proved).toBeGreaterThan(40);
  expect(counts.undecided).toBeGreaterThan(10);
});

test("nor do sums of many values, each with its own rounding, leave their bounds", () => {
  let proved = 0;
  for (let seed = 0; proved < 6; seed++) {
    const dice = new Dice(seed);
    const real = (least: number, most: number): number => least + (most - least) * dice.real();
    const random = (count: number, inputs: number): NeuronBank => {
      const activation = dice.oneOf<Activation>(["tanh", "sigmoid", "erf", "arctan"]);
      const weights = Float32Array.from({ length: count * inputs }, () => real(0.8, 1.2));
      const biases = Float32Array.from(
        { length: count },
        () => dice.oneOf([0.45, inputs * 0.5, inputs - 0.5]) + real(-0.1, 0.1),
      );
      const scales = Float32Array.from({ length: count }, () => dice.oneOf([4, 40, -40]));
      return { count, inputsPerNeuron: inputs, weights, biases, scales, activation };
    };
    const bisel = (
      inChannels: number,
      outChannels: number,
      [kernelHeight, kernelWidth]: readonly [number, number],
    ): BiselLayer => ({
      kind: "bisel",
      inChannels,
      outChannels,
      kernelHeight,
      kernelWidth,
      border: dice.oneOf(["replicate", "zeros"]),
      bise: random(inChannels * outChannels, kernelHeight * kernelWidth),
      lui: inChannels === 1 ? null : random(outChannels, inChannels),
    });
    // Up to 16 bits, so that the LUIs of the last layer read sums that have no table.
    const model = { ...stack(), layers: [bisel(1, 2, [3, 3]), bisel(2, 2, [2, 2]), bisel(2, 1, [1, 1])] };
    const { module } = binarize(model, { policy: "auto", prove: "bounds" });
    const value = module.outputs[0]!;
    const bits = [{ value, cut: 0.5 }];
    const common = { layer: 2, part: "output", neuron: 0, height: 4, width: 4, arithmetic: "float32" } as const;
    const answer = tryAllPatterns({ ...common, model, values: module.values, bits });
    if (answer.kind !== "proved") continue;
    proved++;
    const { zeroUpper, oneLower } = answer.bounds[0]!;
    for (let trial = 0; trial < 100; trial++) {
      const density = dice.real();
      const image = buildBitImage(4, 4, () => dice.chance(density));
      const picture: Picture = { kind: "bits", height: 4, width: 4, channels: [image] };
      const values = evaluateFloat32(model, picture, dice)[0]!;
      valueBits(module, value, picture).forEach((bit, pixel) => {
        const float = values[pixel]!;
        expect(bit === 1 ? float > 0.5 && float >= oneLower : float <= 0.5 && float <= zeroUpper).toBe(true);
      });
    }
  }
});

describe("weights of very different sizes", () => {
  /** Sign of Σ W·b − B, exactly. */
  const signOf = (bank: NeuronBank, bits: readonly number[]): number => {
    const sum = bits.reduce((total, bit, index) => (bit === 1 ? total + leastUnits(bank.weights[index]!) : total), 0n);
    const difference = sum - leastUnits(bank.biases[0]!);
    return difference > 0n ? 1 : difference < 0n ? -1 : 0;
  };

  test("are compared exactly on both sides", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const dice = new Dice(seed);
        const weights = Array.from({ length: 5 }, () =>
          dice.oneOf([1, -1, 2 ** -40, -(2 ** -40), 2 ** -90, -(2 ** -90)]),
        );
        const bank = neuron(
          weights,
          dice.oneOf([0, 1, 2 ** -90, -(2 ** -90), 1 + 2 ** -20]),
          "step",
          dice.oneOf([1, -1]),
        );
        const model = stack(bank);
        const { module } = binarize(model, { policy: "auto", prove: "bounds" });
        const scale = bank.scales[0]!;
        const oracle = (bits: readonly number[]): number => (scale * signOf(bank, bits) > 0 ? 1 : 0);
        // In the middle of nine pixels the whole window is inside.
        for (const picture of allPictures(model.input, 1, 5)) {
          const window = [0, 1, 2, 3, 4].map((column) =>
            picture.kind === "bits" ? (picture.channels[0]!.words[0]! >>> column) & 1 : 0,
          );
          expect(valueBits(module, module.outputs[0]!, picture)[2]).toBe(oracle(window));
        }
        expect(ask(model, module, "float32").kind).toBe("proved");
        expect(ask({ ...model, layers: [rowLayer({ ...bank, activation: "tanh" })] }, module, "real").kind).toBe(
          "proved",
        );
      }),
      { numRuns: 80 },
    );
  });

  test.each([2n ** 70n, 2n ** 300n, 2n ** 1200n])("of which only the last digit counts: %i", (large) => {
    const offset = (column: number): { row: number; column: number } => ({ row: 0, column });
    for (const small of [1n, -1n]) {
      for (const bound of [0n, -1n]) {
        // [x0·L − x1·L + x2·s > bound]: with x0 = x1 = 1 only s and the bound are left.
        const terms = [large, -large, small].map((weight, index) => ({ input: 0, offset: offset(index - 1), weight }));
        const values: MorphValue[] = [
          { name: "x0", node: { kind: "input", channel: 0 }, origin: null },
          { name: "t", node: { kind: "threshold", terms, bound, border: "zeros" }, origin: null },
        ];
        const input = { channels: 1, height: null, width: null, samples: "bits" } as const;
        const module: MorphModule = { name: "t", input, values, outputs: [1] };
        for (const [weight, bias] of [
          [1, 0],
          [-1, 0],
          [1, -1],
          [-1, -1],
        ] as const) {
          const same = BigInt(weight) === small && BigInt(bias) === bound;
          const answer = ask(stack(neuron([8, -8, weight], bias, "step")), module, "real");
          expect(answer.kind).toBe(same ? "proved" : "different");
        }
      }
    }
  });
});

test("bits of several cuts are proved together, and each has its bounds", () => {
  const grid = 64;
  for (const activation of ["tanh", "sigmoid", "erf", "arctan"] as const) {
    for (const scale of [3, -3]) {
      const bank = neuron([40 / grid, 17 / grid, -9 / grid, 25 / grid], 20 / grid, activation, scale);
      const model = stack(bank);
      const cuts = [0.2, 0.5, 0.9];
      const values: MorphValue[] = [{ name: "x0", node: { kind: "input", channel: 0 }, origin: null }];
      for (const cut of cuts) {
        // ξ(P·(s − B)) > t, s on the grid: s > B + ξ⁻¹(t)/P, and the other way round for P < 0.
        const bound = BigInt(Math.floor(Math.sign(scale) * (20 + (grid * activationInverse(activation, cut)) / scale)));
        const terms = Array.from(bank.weights, (weight, index) => ({
          input: 0,
          offset: { row: 0, column: index - 2 },
          weight: BigInt(Math.sign(scale) * grid * weight),
        }));
        values.push({ name: `cut${cut}`, node: { kind: "threshold", terms, bound, border: "zeros" }, origin: null });
      }
      const question = { model, values, layer: 0, part: "output", neuron: 0, height: null, width: null } as const;
      const bits = cuts.map((cut, index) => ({ value: index + 1, cut }));
      const answer = tryAllPatterns({ ...question, bits, arithmetic: "float32" });
      expect(answer.kind).toBe("proved");
      if (answer.kind !== "proved") continue;
      const floats = [1, 2, 3, 4].flatMap((width) =>
        [...allPictures(model.input, 1, width)].flatMap((picture) => [
          ...evaluateModel(model, picture)[0]!.output.values,
        ]),
      );
      cuts.forEach((cut, index) => {
        const { zeroUpper, oneLower } = answer.bounds[index]!;
        const zero = Math.max(0, ...floats.filter((value) => value <= cut));
        const one = Math.min(1, ...floats.filter((value) => value > cut));
        expect(zeroUpper).toBeGreaterThanOrEqual(zero);
        expect(zeroUpper - zero).toBeLessThan(1e-5);
        expect(oneLower).toBeLessThanOrEqual(one);
        expect(one - oneLower).toBeLessThan(1e-5);
        expect([zeroUpper * 2 ** 50, oneLower * 2 ** 50].every(Number.isInteger)).toBe(true);
      });
      const shifted = bits.map((bit) => ({ ...bit, cut: bit.cut === 0.5 ? 0.65 : bit.cut }));
      const other = tryAllPatterns({ ...question, bits: shifted, arithmetic: "float32" });
      const between = floats.some((value) => value > 0.5 && value <= 0.65);
      expect(other.kind).toBe(between ? "different" : "proved");
      if (other.kind === "different") expect(other.bit).toBe(1);
    }
  }
});

test("a hidden step that rounding leaves open is undecided where it counts", () => {
  const half = neuron([1], 0.5, "tanh", 0);
  const open = stack(half, neuron([1], 0.5, "step"), neuron([1, 1], 0.5, "tanh"));
  const closed = stack(half, neuron([1], 0.5, "step"), neuron([0, 1], 0.5, "tanh"));
  const module = binarize(stack(neuron([1], 0.5, "tanh"), neuron([1], 0.5, "tanh"), neuron([1, 1], 0.5, "tanh")), {
    policy: "auto",
  }).module;
  for (const arithmetic of ["float32", "real"] as const) {
    for (const model of [open, closed]) {
      const answer = ask(model, module, arithmetic);
      expect(answer).toMatchObject({ kind: "undecided", floatValue: null });
    }
    // A step of ½ ± ε that is cut elsewhere is known.
    const known = stack(half, neuron([1], 0.25, "step"));
    expect(askOwn(known, arithmetic).kind).not.toBe("undecided");
  }
});

test("an overflow of float32 is not proved", () => {
  const model = stack(neuron([3e38, 3e38, -3e38], 1e38, "tanh"));
  expect(askOwn(model, "float32").kind).toBe("undecided");
  expect(askOwn(model, "real").kind).toBe("proved");
});

test("a scale of 0 gives ½, which is 0, and reads nothing", () => {
  for (const activation of ["tanh", "step"] as const) {
    const answer = askOwn(stack(neuron([1, 2], 1, activation, 0)), "float32");
    const zeroUpper = activation === "step" ? 0 : 0.5;
    expect(answer).toEqual({ kind: "proved", patterns: 1, bounds: [{ zeroUpper, oneLower: 1 }] });
  }
});
