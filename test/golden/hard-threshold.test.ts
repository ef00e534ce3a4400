import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { GoldenNetwork, GoldenOutcome } from "../../scripts/golden/format.js";
import { type HardOutcome, hardThreshold, scoresInUnits } from "../../scripts/golden/hard-threshold.js";
import { activate } from "../../src/model/activation.js";
import { evaluateModel } from "../../src/model/evaluate.js";
import { type InputDescription, type Model, type NeuronBank } from "../../src/model/types.js";
import { bitImageToRows, buildBitImage, countDifferences, getPixel } from "../../src/morph/bit-image.js";
import type { Picture } from "../../src/morph/picture.js";
import { arbitraryModel } from "../model/arbitrary-model.js";
import { GOLDEN_FOLDER, goldenNetworks, HAS_GOLDEN } from "./golden-networks.js";

/** Where every neuron is activated, binary mode is the hard threshold; elsewhere the authors' projects the neurons. */
function everyNeuronActivated(network: GoldenNetwork): boolean {
  return network.model.layers.every((layer, index) => {
    const { bise, lui } = network.banks[index]!;
    // The neurons of a read-out keep their weights.
    const decided = layer.kind === "readout" ? [] : [...(bise ?? []), ...(lui ?? [])];
    return decided.every((neuron) => neuron.activated);
  });
}

function expectOutcome(network: GoldenNetwork, actual: HardOutcome, expected: GoldenOutcome, place: string): void {
  if (expected.kind === "images" && actual.kind === "images") {
    const different = actual.images.map((image, index) => countDifferences(image, expected.images[index]!));
    expect(different, `${place}: differing pixels`).toEqual(expected.images.map(() => 0));
    return;
  }
  if (expected.kind === "bits" && actual.kind === "bits") {
    expect(actual.bits, place).toEqual(expected.bits);
    return;
  }
  if (expected.kind === "class" || expected.kind === "images" || actual.kind !== "scores") {
    const found =
      actual.kind === "scores" ? actual.class : actual.kind === "bits" ? Math.max(0, actual.bits.indexOf(1)) : -1;
    expect({ class: found }, place).toEqual({ class: expected.kind === "images" ? null : expected.class });
    return;
  }
  const last = network.model.layers.at(-1)!;
  if (last.kind !== "readout") throw new Error("scores without a read-out");
  expect(actual.class, place).toBe(expected.class);
  actual.scores.forEach((score, index) => {
    const value = activate(last.bank.activation, Number(score) * 2 ** actual.exponent);
    expect(value, `${place}, score ${index}`).toBeCloseTo(
      (expected as { scores: readonly number[] }).scores[index]!,
      4,
    );
  });
}

describe("recorded binary outputs of networks with every neuron activated", () => {
  const networks = goldenNetworks().filter(everyNeuronActivated);

  test.each(networks.map((network) => [network.id, network] as const))("%s", (_, network) => {
    for (const [index, { picture, expected }] of [...network.images, ...network.tests].entries()) {
      expectOutcome(network, hardThreshold(network.model, picture), expected, `picture ${index}`);
    }
  });

  test.skipIf(!HAS_GOLDEN)(`there are many of them (skipped where there is no ${GOLDEN_FOLDER})`, () => {
    expect(networks.length).toBeGreaterThan(20);
  });
});

/** A whole number from −3 to 4 in place of each float, whatever its magnitude. */
function whole(values: Float32Array): Float32Array {
  const patterns = new Int32Array(values.slice().buffer);
  return Float32Array.from(patterns, (pattern) => (Math.imul(pattern, 0x9e3779b1) >>> 29) - 3);
}

function wholeBank(bank: NeuronBank): NeuronBank {
  return {
    ...bank,
    weights: whole(bank.weights),
    biases: whole(bank.biases),
    scales: whole(bank.scales),
    activation: "step",
  };
}

/** Small weights, biases and scales: sums in doubles are exact, and ties happen. */
function withSmallIntegers(model: Model): Model {
  return {
    ...model,
    layers: model.layers.map((layer) => {
      switch (layer.kind) {
        case "bisel":
          return Object.assign({}, layer, {
            bise: wholeBank(layer.bise),
            lui: layer.lui === null ? null : wholeBank(layer.lui),
          });
        case "dense-lui":
          return Object.assign({}, layer, { lui: wholeBank(layer.lui) });
        case "readout":
          return Object.assign({}, layer, { bank: { ...wholeBank(layer.bank), activation: "identity" as const } });
        default:
          return layer;
      }
    }),
  };
}

function pictureFor(input: InputDescription, seed: number): Picture {
  const height = input.height ?? 7;
  const width = input.width ?? 5;
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  };
  return input.encoding.kind === "binary"
    ? {
        kind: "bits",
        height,
        width,
        channels: Array.from({ length: input.channels }, () => buildBitImage(height, width, () => next() & 1)),
      }
    : {
        kind: "bytes",
        height,
        width,
        channels: Array.from({ length: input.channels }, () => Uint8Array.from({ length: height * width }, next)),
      };
}

test("with the step activation and whole weights, the float network is the hard threshold", () => {
  fc.assert(
    fc.property(arbitraryModel, fc.nat(), (from, seed) => {
      const model = withSmallIntegers(from);
      const picture = pictureFor(model.input, seed);
      const float = evaluateModel(model, picture).at(-1)!.output;
      const hard = hardThreshold(model, picture);
      switch (hard.kind) {
        case "images": {
          const pixels = hard.images.flatMap(bitImageToRows).flatMap((row) => [...row].map(Number));
          expect(pixels).toEqual([...float.values]);
          break;
        }
        case "bits":
          expect([...hard.bits]).toEqual([...float.values]);
          break;
        case "scores":
          expect(scoresInUnits(hard, 0)).toEqual([...float.values].map(BigInt));
          expect(hard.class).toBe(float.values.indexOf(Math.max(...float.values)));
      }
    }),
    { numRuns: 300 },
  );
});

function oneNeuron(weights: readonly number[], bias: number, scale: number): Model {
  const bise: NeuronBank = {
    count: 1,
    inputsPerNeuron: weights.length,
    weights: Float32Array.from(weights),
    biases: Float32Array.of(bias),
    scales: Float32Array.of(scale),
    activation: "tanh",
  };
  const kernel = { kernelHeight: 1, kernelWidth: weights.length, border: "zeros" } as const;
  return {
    name: "neuron",
    input: { channels: 1, height: null, width: null, encoding: { kind: "binary" }, complements: false },
    layers: [{ kind: "bisel", inChannels: 1, outChannels: 1, ...kernel, bise, lui: null }],
    provenance: null,
  };
}

/** Bits of a neuron with three weights at the middle of a picture of three pixels, for all eight of them. */
function truthTable(model: Model): string {
  return Array.from({ length: 8 }, (_, pattern) => {
    const image = buildBitImage(1, 3, (__, column) => (pattern >> (2 - column)) & 1);
    const outcome = hardThreshold(model, { kind: "bits", height: 1, width: 3, channels: [image] });
    return outcome.kind === "images" ? getPixel(outcome.images[0]!, 0, 1) : "?";
  }).join("");
}

describe("exactness", () => {
  test("weights that no double could add", () => {
    // Patterns 000 … 111 of the bits of 2^100, 2^-149 and -2^100 against the bias 0.
    const model = oneNeuron([2 ** 100, 2 ** -149, -(2 ** 100)], 0, 1);
    expect(truthTable(model)).toBe("00101011");
  });

  test("ties are 0 for either sign of the scale, and a scale of 0 gives 0", () => {
    expect(truthTable(oneNeuron([1, 1, 1], 2, 1))).toBe("00000001");
    expect(truthTable(oneNeuron([1, 1, 1], 2, -1))).toBe("11101000");
    expect(truthTable(oneNeuron([1, 1, 1], -1, 0))).toBe("00000000");
    expect(truthTable(oneNeuron([1, 1, 1], -1, -0))).toBe("00000000");
  });

  test("scores in other units", () => {
    const outcome = { kind: "scores", class: 0, scores: [6n, -4n], exponent: -1 } as const;
    expect(scoresInUnits(outcome, -3)).toEqual([24n, -16n]);
    expect(scoresInUnits(outcome, 0)).toEqual([3n, -2n]);
    expect(scoresInUnits(outcome, 1)).toBeNull();
  });
});
