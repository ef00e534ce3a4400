/** What the words of a report promise, where they are easily broken. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { measureAgreement } from "../../src/binarize/agreement.js";
import { binarize } from "../../src/binarize/binarize.js";
import type { Calibration } from "../../src/binarize/calibration.js";
import { binarizeNeuron } from "../../src/binarize/neuron.js";
import { sharpeningFor } from "../../src/binarize/sharpening.js";
import type { Activation, BiselLayer, Layer, Model, NeuronBank } from "../../src/model/types.js";
import { buildBitImage } from "../../src/morph/bit-image.js";
import type { Picture } from "../../src/morph/picture.js";

function bank(weights: readonly number[], bias: number, scale: number, activation: Activation = "tanh"): NeuronBank {
  return {
    count: 1,
    inputsPerNeuron: weights.length,
    weights: Float32Array.from(weights),
    biases: Float32Array.of(bias),
    scales: Float32Array.of(scale),
    activation,
  };
}

function row(weights: readonly number[], bias: number, scale: number): BiselLayer {
  const size = { kernelHeight: 1, kernelWidth: weights.length, border: "replicate" } as const;
  return { kind: "bisel", inChannels: 1, outChannels: 1, ...size, bise: bank(weights, bias, scale), lui: null };
}

function modelOf(layers: readonly Layer[], width: number | null = null): Model {
  const height = width === null ? null : 1;
  const input = { channels: 1, height, width, encoding: { kind: "binary" }, complements: false } as const;
  return { name: "net", input, layers, provenance: null };
}

/** All pictures of one row. */
function allRows(width: number): Picture[] {
  return Array.from({ length: 2 ** width }, (_, pattern): Picture => {
    const image = buildBitImage(1, width, (__, column) => ((pattern >> column) & 1) === 1);
    return { kind: "bits", height: 1, width, channels: [image] };
  });
}

describe("an output that is cut elsewhere than at ½", () => {
  const cutAt = (cut: number): Calibration => ({
    layers: [{ bise: [], output: [{ cuts: [cut], representatives: [0, 1] }] }],
  });

  test("is exact only where that is [y > ½] all the same", () => {
    // Sums 0, .3, .6, .9: values below ½ for all but .6 and .9.
    const model = modelOf([row([0.3, 0.3, 0.3], 0.45, 3)]);
    const grades = [0.2, 0.45, 0.55, 0.9].map((cut) => {
      const { module, report } = binarize(model, { policy: "auto", calibration: cutAt(cut) });
      const agreement = measureAgreement(model, module, allRows(5));
      if (report.grade === "exact") expect(agreement.equal).toBe(agreement.answers);
      else expect(agreement.equal).toBeLessThan(agreement.answers);
      return report.grade;
    });
    expect(grades).toEqual(["hardened", "exact", "exact", "hardened"]);
  });

  test("of a neuron with P = 0 is hardened", () => {
    const { report } = binarize(modelOf([row([1], 0.5, 0)]), {
      policy: "auto",
      prove: "bounds",
      calibration: cutAt(0.3),
    });
    expect(report.grade).toBe("hardened");
  });
});

test("bits of rounded weights differ only where the sum is within the weight error of B", () => {
  let differing = 0;
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -40, max: 60 }), { minLength: 2, maxLength: 8 }),
      fc.integer({ min: -100, max: 200 }),
      fc.integer({ min: -8, max: 8 }),
      fc.integer({ min: 1, max: 3 }),
      fc.boolean(),
      (numbers, bound, ulps, weightBits, rising) => {
        const weights = Float32Array.from(numbers, (each) => each / 8);
        const bias = Math.fround(bound / 8 + ulps * 2 ** -20);
        const scale = rising ? 2 : -2;
        const all = numbers.map(() => ({ zeroUpper: 0, oneLower: 1 }));
        const neuron = { weights, bias, scale, activation: "tanh" } as const;
        const found = binarizeNeuron(neuron, all, { policy: "auto", arithmetic: "real", weightBits });
        const { function: bits, weightError } = found;
        if (weightError === null || bits.kind !== "threshold") return;
        expect(bits.weights.every((weight) => weight < 2n ** BigInt(weightBits))).toBe(true);
        for (let pattern = 0; pattern < 2 ** numbers.length; pattern++) {
          const isSet = (input: number): boolean => ((pattern >> input) & 1) === 1;
          const compiled =
            bits.weights.reduce((sum, weight, input) => (isSet(input) ? sum + weight : sum), 0n) > bits.bound;
          // Exact in doubles: multiples of 2^-20 below 2^10.
          const difference = weights.reduce((sum, weight, input) => (isSet(input) ? sum + weight : sum), 0) - bias;
          const bit = rising ? difference > 0 : difference < 0;
          if ((compiled !== found.complemented) === bit) continue;
          differing++;
          expect(Math.abs(difference)).toBeLessThanOrEqual(weightError);
        }
      },
    ),
    { numRuns: 1500 },
  );
  expect(differing).toBeGreaterThan(500);
});

test("the values that an exhaustive proof is about have its grade in MorphIR too, and no margin", () => {
  // Hidden values .30 and .70 are too near ½ for the bounds of a sum of three, yet right for every picture.
  const model = modelOf([row([1], 0.5, 0.85), row([1, 1, 1], 1.5, 10)]);
  const { module, report } = binarize(model, { policy: "auto" });
  const [neuron] = report.layers[1]!.neurons;
  expect(neuron).toMatchObject({ grade: "exact", proof: "exhaustive", inequality: null });
  const own = module.values.filter(({ origin }) => origin?.path === neuron!.path);
  expect(own.map(({ origin }) => origin?.grade)).toEqual(own.map(() => "exact"));
  expect(own.length).toBeGreaterThan(0);
  const { report: bounded } = binarize(model, { policy: "auto", prove: "bounds" });
  expect(bounded.grade).toBe("hardened");
});

describe("scales at the ends of float32", () => {
  const reasonOf = (weights: readonly number[], bias: number, scale: number): string | null =>
    binarize(modelOf([row(weights, bias, scale)]), { policy: "auto", prove: "bounds" }).report.layers[0]!.neurons[0]!
      .reason;

  test("reasons name what fails", () => {
    expect(reasonOf([1], 0.5, 1e-7)).toContain("|P| is so small");
    expect(reasonOf([3e38, 3e38], 1e38, 1)).toContain("overflow");
    expect(reasonOf([3e38, 3e38], 1e38, 0)).toContain("overflow");
    // A subnormal P may be flushed to zero.
    expect(reasonOf([1e38], 1e37, 1e-40)).not.toBeNull();
    expect(reasonOf([1], 0.5, 8)).toBeNull();
  });

  test("a P that a factor would carry beyond float32 stays finite", () => {
    const pair = (biases: readonly number[], scales: readonly number[]): NeuronBank => ({
      ...bank([1], 0, 1),
      count: 2,
      weights: Float32Array.of(1, 1),
      biases: Float32Array.from(biases),
      scales: Float32Array.from(scales),
    });
    const size = { kernelHeight: 1, kernelWidth: 1, border: "replicate", kind: "bisel" } as const;
    const model = modelOf([
      { ...size, inChannels: 1, outChannels: 2, bise: pair([1, 0.5], [3e38, 1]), lui: null },
      { ...size, inChannels: 2, outChannels: 1, bise: pair([0.75, 0.75], [40, 40]), lui: bank([1, 1], 0.5, 1) },
    ]);
    const { layers } = sharpeningFor(model, { arithmetic: "float32" });
    expect(layers.map(({ path }) => path)).toEqual(["layers[0]", "layers[1]"]);
    expect(layers[0]!.factor).toBeGreaterThan(1);
    expect(layers[1]!.factor).toBe(1);
  });
});

test("the class that agreement counts is the one before ξ", () => {
  const readout: Layer = {
    kind: "readout",
    inFeatures: 2,
    classes: 2,
    bank: {
      ...bank([20, 0], 0, 1),
      count: 2,
      weights: Float32Array.of(20, 0, 0, 40),
      biases: new Float32Array(2),
      scales: Float32Array.of(1, 1),
    },
  };
  const model = modelOf([{ kind: "flatten" }, readout], 2);
  const { module } = binarize(model, { policy: "auto" });
  // tanh(20) and tanh(40) are both 1 in doubles.
  expect(measureAgreement(model, module, allRows(2))).toMatchObject({ answers: 4, equal: 4 });
});
