import { describe, expect, test } from "vitest";
import { evaluateModel, inputPlanes } from "../../src/model/evaluate.js";
import type { Activation, BiselLayer, InputDescription, Layer, Model, NeuronBank } from "../../src/model/types.js";
import { bitImageFromRows } from "../../src/morph/bit-image.js";
import type { Picture } from "../../src/morph/picture.js";

const BINARY: InputDescription = {
  channels: 1,
  height: null,
  width: null,
  encoding: { kind: "binary" },
  complements: false,
};

function bank(rows: readonly (readonly number[])[], biases: readonly number[], activation: Activation): NeuronBank {
  return {
    count: rows.length,
    inputsPerNeuron: rows[0]!.length,
    weights: Float32Array.from(rows.flat()),
    biases: Float32Array.from(biases),
    scales: new Float32Array(rows.length).fill(1),
    activation,
  };
}

/** Identity in place of an activation shows the sums: the evaluator, unlike the format, takes it anywhere. */
function bisel(rows: readonly (readonly number[])[], sizes: Partial<BiselLayer>): BiselLayer {
  const biases = rows.map(() => 0);
  const lui = null;
  const shape = { inChannels: 1, outChannels: rows.length, kernelHeight: 1, kernelWidth: 1, border: "zeros" } as const;
  return { kind: "bisel", ...shape, bise: bank(rows, biases, "identity"), lui, ...sizes };
}

function network(layers: readonly Layer[], input: InputDescription = BINARY): Model {
  return { name: "net", input, layers, provenance: null };
}

function picture(...images: readonly (readonly string[])[]): Picture {
  const channels = images.map(bitImageFromRows);
  return { kind: "bits", height: channels[0]!.height, width: channels[0]!.width, channels };
}

function outputs(layers: readonly Layer[], ...images: readonly (readonly string[])[]): number[][] {
  return evaluateModel(network(layers), picture(...images)).map((layer) => Array.from(layer.output.values));
}

describe("evaluateModel", () => {
  test("correlates without reflection, and reads outside by the border rule", () => {
    const kernel = { kernelHeight: 2, kernelWidth: 3 };
    // Window rows −1 and 0, columns −1 to 1.
    const weights = [[1, 2, 4, 8, 16, 32]];
    expect(outputs([bisel(weights, kernel)], ["100", "001"])).toEqual([[16, 8, 0, 2, 33, 16]]);
    expect(outputs([bisel(weights, { ...kernel, border: "replicate" })], ["100", "001"])).toEqual([
      [1 + 2 + 8 + 16, 1 + 8, 0, 1 + 2, 1 + 32, 16 + 32],
    ]);
  });

  test("LUIs join the BiSE neurons of their output channel", () => {
    const lui = bank(
      [
        [1, 10],
        [100, 1000],
      ],
      [0, 5],
      "identity",
    );
    const layer = bisel([[1], [2], [3], [4]], { inChannels: 2, outChannels: 2, lui });
    const [evaluated] = evaluateModel(network([layer], { ...BINARY, channels: 2 }), picture(["10"], ["11"]));
    expect([...evaluated!.bise!.values]).toEqual([1, 0, 2, 0, 3, 3, 4, 4]);
    expect([...evaluated!.output.values]).toEqual([31, 30, 4195, 3995]);
    expect(evaluated!.output.shape).toEqual([2, 1, 2]);
  });

  test("pools, flattens, and reads out with scale, bias and activation", () => {
    const readout: NeuronBank = {
      ...bank(
        [
          [1, 0],
          [1, 1],
        ],
        [0.5, 0.5],
        "sigmoid",
      ),
      scales: Float32Array.of(2, -2),
    };
    const layers: readonly Layer[] = [
      { kind: "max-pool" },
      { kind: "flatten" },
      { kind: "readout", inFeatures: 2, classes: 2, bank: readout },
    ];
    const [pooled, flat, scores] = outputs(layers, ["10000", "00001", "11111"]);
    expect(pooled).toEqual([1, 0]);
    expect(flat).toEqual([1, 0]);
    expect(scores![0]).toBeCloseTo(1 / (1 + Math.exp(-1)), 15);
    expect(scores![1]).toBeCloseTo(1 / (1 + Math.exp(1)), 15);
  });

  test("level sets are channel-major, and their complements follow", () => {
    const values = [[10, 200], [128]];
    const encoding = { kind: "level-sets", grayMinimum: 0, grayMaximum: 255, values } as const;
    const gray: Picture = {
      kind: "bytes",
      height: 1,
      width: 3,
      channels: [Uint8Array.of(9, 10, 255), Uint8Array.of(127, 128, 0)],
    };
    const planes = inputPlanes({ ...BINARY, channels: 2, encoding, complements: true }, gray);
    expect(planes.shape).toEqual([6, 1, 3]);
    expect([...planes.values]).toEqual([0, 1, 1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 1, 0, 1]);
  });

  test("pictures that do not suit the input are refused", () => {
    const layers: readonly Layer[] = [{ kind: "max-pool" }];
    const binary = picture(["01", "10"]);
    const gray: Picture = { kind: "bytes", height: 1, width: 1, channels: [Uint8Array.of(0)] };
    expect(() => evaluateModel(network(layers), gray)).toThrow("BMN0604: the network reads a binary picture");
    expect(() => evaluateModel(network(layers, { ...BINARY, channels: 3 }), binary)).toThrow("BMN0604");
    expect(() => evaluateModel(network(layers, { ...BINARY, height: 4 }), binary)).toThrow("BMN0603");
    expect(() => evaluateModel(network(layers), picture(["01"]))).toThrow("BMN0503: max-pooling leaves nothing");
    expect(() => evaluateModel(network(layers), picture([""]))).toThrow("BMN0603");
  });
});
