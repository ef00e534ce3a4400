import { fileURLToPath } from "node:url";
import * as fc from "fast-check";
import * as protobuf from "protobufjs";
import { describe, expect, test } from "vitest";
import { decodeModel } from "../../src/model/decode.js";
import { checkModel, encodeModel, encodeModelJson } from "../../src/model/encode.js";
import type { BiselLayer, Model } from "../../src/model/types.js";
import { arbitraryModel } from "./arbitrary-model.js";

const SCHEMA = fileURLToPath(new URL("../../schemas/model.proto", import.meta.url));
const RUNS = { numRuns: 150 };

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

describe("decode inverts encode", () => {
  test("in protobuf", () => {
    fc.assert(
      fc.property(arbitraryModel, (model) => {
        expect(decodeModel(encodeModel(model))).toEqual(model);
      }),
      RUNS,
    );
  });

  test("in JSON", () => {
    fc.assert(
      fc.property(arbitraryModel, (model) => {
        const text = encodeModelJson(model);
        const decoded = decodeModel(utf8(text));
        expect(decoded).toEqual(model);
        expect(encodeModelJson(decoded)).toBe(text);
      }),
      RUNS,
    );
  });

  test("from a Buffer and from the middle of a larger array", () => {
    fc.assert(
      fc.property(arbitraryModel, (model) => {
        const bytes = encodeModel(model);
        const larger = new Uint8Array(bytes.length + 13);
        larger.set(bytes, 5);
        expect(decodeModel(larger.subarray(5, 5 + bytes.length))).toEqual(model);
        expect(decodeModel(Buffer.from(bytes))).toEqual(model);
      }),
      { numRuns: 30 },
    );
  });
});

describe("the schema, read by protobufjs with reflection", () => {
  const schema = protobuf.loadSync(SCHEMA).lookupType("bimonn.v1.Model");

  test("decodes what we encode, and we decode what it encodes", () => {
    fc.assert(
      fc.property(arbitraryModel, (model) => {
        const bytes = encodeModel(model);
        const message = schema.decode(bytes);
        expect(schema.verify(message)).toBeNull();
        expect(decodeModel(schema.encode(message).finish())).toEqual(model);
      }),
      { numRuns: 60 },
    );
  });

  test("its JSON object is read, with base64 and enum names", () => {
    fc.assert(
      fc.property(arbitraryModel, (model) => {
        const object = schema.toObject(schema.decode(encodeModel(model)), { enums: String, bytes: String, json: true });
        expect(decodeModel(utf8(JSON.stringify(object)))).toEqual(model);
      }),
      { numRuns: 60 },
    );
  });
});

const OPENING = `{
  "format_version": 1,
  "name": "erosion_then",
  "input": {"channels": 1, "height": null, "binary": {}},
  "layers": [{"bisel": {
    "in_channels": 1, "out_channels": 1, "kernel_height": 1, "kernel_width": 3, "padding_columns": 1,
    "padding_mode": 1,
    "bise": {"weights": {"data": "AACAPwAAAIAAAIA-"}, "biases": {"values": [-0]}, "scales": {"values": [1e-45]},
             "activation": 5}
  }}]
}`;

describe("JSON written by hand", () => {
  test("has schema names, numbers for enums, URL-safe base64, signed zeros and subnormal numbers", () => {
    const model = decodeModel(utf8(OPENING));
    const layer = model.layers[0] as BiselLayer;
    expect(model.input).toEqual({
      channels: 1,
      height: null,
      width: null,
      encoding: { kind: "binary" },
      complements: false,
    });
    expect(layer.border).toBe("replicate");
    expect(layer.bise.activation).toBe("step");
    expect([...layer.bise.weights]).toEqual([1, -0, 0.25]);
    expect([...layer.bise.biases]).toEqual([-0]);
    expect([...layer.bise.scales]).toEqual([2 ** -149]);
    expect(encodeModelJson(model)).toContain('"values": [-0]');
    expect(encodeModelJson(model)).toContain('"values": [1e-45]');
  });

  test("may begin with a byte order mark and space", () => {
    expect(decodeModel(utf8(`\ufeff \r\n\t${OPENING}\n`)).name).toBe("erosion_then");
  });

  test("may escape its strings", () => {
    const escaped = OPENING.replace("erosion_then", "\\u0065rosion\\u005fthen");
    expect(decodeModel(utf8(escaped)).name).toBe("erosion_then");
  });
});

test("fields of a later writer are passed over in protobuf", () => {
  const bytes = encodeModel(decodeModel(utf8(OPENING)));
  const later = Uint8Array.of(...bytes, 0xfa, 0x06, 0x03, 1, 2, 3);
  expect(decodeModel(later)).toEqual(decodeModel(bytes));
});

test("tensors too long to read are base64 in JSON", () => {
  const features = 70 * 70;
  const lui = {
    count: 1,
    inputsPerNeuron: features,
    weights: Float32Array.from({ length: features }, (_, index) => Math.sin(index)),
    biases: Float32Array.of(1),
    scales: Float32Array.of(1),
    activation: "tanh",
  } as const;
  const model: Model = {
    name: "dense",
    input: { channels: 1, height: 70, width: 70, encoding: { kind: "binary" }, complements: false },
    layers: [{ kind: "flatten" }, { kind: "dense-lui", inFeatures: features, outFeatures: 1, lui }],
    provenance: null,
  };
  const text = encodeModelJson(model);
  expect(/"data": "[A-Za-z0-9+/]{26134}=="/.test(text)).toBe(true);
  expect(decodeModel(utf8(text))).toEqual(model);
});

test("what would be refused is not written", () => {
  const model = decodeModel(utf8(OPENING));
  const layer = model.layers[0] as BiselLayer;
  const broken: Model = {
    ...model,
    layers: [{ ...layer, bise: { ...layer.bise, scales: Float32Array.of(Number.NaN) } }],
  };
  expect(() => encodeModel(broken)).toThrow("BMN0204: the scale is NaN");
  expect(() => encodeModelJson(broken)).toThrow("BMN0204");
  expect(() => checkModel(broken)).toThrow("BMN0204");
  expect(() => checkModel(model)).not.toThrow();
});
