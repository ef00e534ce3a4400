import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type GoldenNetwork, readGoldenFolder } from "../../scripts/golden/format.js";
import { decodeModel } from "../../src/model/decode.js";
import { encodeModel, encodeModelJson } from "../../src/model/encode.js";
import { GOLDEN_FOLDER, goldenNetworks, HAS_GOLDEN, SMALL_FOLDER } from "./golden-networks.js";

const NETWORKS = goldenNetworks();

describe("recorded networks", () => {
  test.each(NETWORKS.map((network) => [network.id, network] as const))("%s is a model in both forms", (_, network) => {
    expect(decodeModel(encodeModel(network.model))).toEqual(network.model);
    expect(decodeModel(new TextEncoder().encode(encodeModelJson(network.model)))).toEqual(network.model);
    expect(network.banks).toHaveLength(network.model.layers.length);
    for (const [index, layer] of network.model.layers.entries()) {
      const { bise, lui } = network.banks[index]!;
      if (layer.kind !== "bisel") continue;
      expect(bise).toHaveLength(layer.bise.count);
      expect(lui?.length ?? null).toBe(layer.lui?.count ?? null);
      for (const neuron of bise!) expect(neuron.binary.members).toHaveLength(layer.bise.inputsPerNeuron);
    }
  });

  test("the small one is a hit-or-miss transform", () => {
    const [network] = readGoldenFolder(SMALL_FOLDER) as [GoldenNetwork];
    expect(network.id).toBe("small/hit_or_miss3");
    expect(network.model.layers.map((layer) => layer.kind)).toEqual(["bisel", "bisel"]);
    expect(network.banks[1]!.bise!.map((neuron) => [neuron.binary.operation, neuron.binary.complemented])).toEqual([
      ["erosion", false],
      ["dilation", true],
    ]);
    expect(network.banks[1]!.bise!.map((neuron) => neuron.binary.members.map(Number).join(""))).toEqual([
      "000011010",
      "110100000",
    ]);
    expect(network.images[0]!.picture).toMatchObject({ kind: "bits", height: 24, width: 31 });
  });

  test.skipIf(!HAS_GOLDEN)(`the full set is read whole (skipped where there is no ${GOLDEN_FOLDER})`, () => {
    const ids = NETWORKS.map((network) => network.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => id.startsWith("hand/")).length).toBe(25);
    expect(ids.filter((id) => id.startsWith("trained/")).length).toBe(21);
    const tests = NETWORKS.flatMap((network) => network.tests);
    expect(tests.length).toBe(17 * 12 + 4 * 200);
  });
});

/** What is said about the small set after a change of its text. */
function refusal(change: (text: string) => string): string {
  const folder = mkdtempSync(join(tmpdir(), "bimonn-golden-"));
  try {
    const text = readFileSync(join(SMALL_FOLDER, "nets_small.json"), "utf8");
    writeFileSync(join(folder, "nets_changed.json"), change(text));
    readGoldenFolder(folder);
    return "accepted";
  } catch (error) {
    return (error as Error).message.replace(folder, "");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("files that are not what they should be", () => {
  test.each<[string, (text: string) => string, string]>([
    ["no JSON", (text) => text.slice(0, 100), "/nets_changed.json is no JSON file"],
    [
      "another format",
      (text) => text.replace("bimonn-golden/nets", "other"),
      "is not of the format bimonn-golden/nets",
    ],
    ["no biases", (text) => text.replace('"bias"', '"b"'), ".nets[0].layers[0].bise: expected a field bias"],
    ["no weights", (text) => text.replace(/"weight": \[/, '"weight": [1, '), "bise.weight[0]: expected an array"],
    ["other padding", (text) => text.replace('"padding": 1', '"padding": 0'), "layers[0].bise: unexpected padding"],
    [
      "a gray image",
      (text) => text.replace(/"input": \[\s*\[\s*"0*1/, (row) => `${row.slice(0, -1)}7`),
      "input[0]: not an image",
    ],
    ["an unknown layer", (text) => text.replace('"type": "bisel"', '"type": "conv"'), "layers[0]: unknown layer conv"],
  ])("%s", (_, change, message) => {
    expect(refusal(change)).toContain(message);
  });

  test("a folder without networks", () => {
    expect(() => readGoldenFolder(tmpdir())).toThrow("holds no nets_*.json");
  });
});
