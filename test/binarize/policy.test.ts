/** What each policy makes of a network: refusals, replacements, grades. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hardThreshold, scoresInUnits } from "../../scripts/golden/hard-threshold.js";
import { binarize } from "../../src/binarize/binarize.js";
import type { BinarizationPolicy, NeuronReport } from "../../src/binarize/report.js";
import { interpretModule } from "../../src/ir/interpret.js";
import { verifyModule } from "../../src/ir/verify.js";
import { decodeModel } from "../../src/model/decode.js";
import type { Layer, Model, NeuronBank } from "../../src/model/types.js";
import { bitImageFromRows } from "../../src/morph/bit-image.js";
import { readErrorCases, renderFailure } from "../support/error-cases.js";
import { leastUnits, subsetSums } from "./exact-numbers.js";
import { nearBinaryModel, randomPicture } from "./near-binary-model.js";
import { cubeOf } from "./truth.js";

/** First line: the policy, then perhaps a shape HxW; then the model in JSON. */
function refusalOf(text: string): string {
  const newline = text.indexOf("\n");
  const [policy, shape] = text.slice(0, newline).split(" ");
  const [height, width] = (shape ?? "").split("x").map(Number);
  const model = decodeModel(new TextEncoder().encode(text.slice(newline)));
  return renderFailure(() =>
    binarize(model, {
      policy: policy as BinarizationPolicy,
      ...BY_BOUNDS,
      ...(height === undefined || width === undefined ? {} : { shape: { height, width } }),
    }),
  );
}

/** The networks of these tests are decided in real arithmetic, layer by layer. */
const BY_BOUNDS = { arithmetic: "real", prove: "bounds" } as const;

describe("refusals", () => {
  test.each(readErrorCases("binarize/refusals.txt").map((each) => [each.title, each] as const))("%s", (_, each) => {
    expect(refusalOf(each.text)).toBe(each.expected);
  });
});

function bank(weights: readonly (readonly number[])[], biases: readonly number[], scale: number): NeuronBank {
  return {
    count: weights.length,
    inputsPerNeuron: weights[0]!.length,
    weights: Float32Array.from(weights.flat()),
    biases: Float32Array.from(biases),
    scales: Float32Array.from(biases, () => scale),
    activation: "tanh",
  };
}

/** A BiSEL of 1×1 kernels. */
function pointwise(inChannels: number, bise: NeuronBank, lui: NeuronBank | null): Layer {
  const outChannels = bise.count / inChannels;
  return { kind: "bisel", inChannels, outChannels, kernelHeight: 1, kernelWidth: 1, border: "zeros", bise, lui };
}

function modelOf(layers: readonly Layer[], height: number | null = null, width: number | null = null): Model {
  const input = { channels: 1, height, width, encoding: { kind: "binary" }, complements: false } as const;
  return { name: "net", input, layers, provenance: null };
}

function gradesOf(model: Model, policy: BinarizationPolicy): readonly string[] {
  const { report } = binarize(model, { policy, ...BY_BOUNDS });
  const neurons = report.layers.flatMap((layer) => layer.neurons).filter((neuron) => neuron.operation !== "identity");
  return [report.grade, ...neurons.map((neuron) => `${neuron.path.slice("layers".length)} ${neuron.grade}`)];
}

test("at most twenty neurons are listed", () => {
  const weights = Array.from({ length: 22 }, () => [1]);
  const readout: Layer = {
    kind: "readout",
    inFeatures: 1,
    classes: 22,
    bank: {
      ...bank(
        weights,
        weights.map(() => 0),
        1,
      ),
      activation: "identity",
    },
  };
  const model = modelOf([pointwise(1, bank([[1]], [0.5], 40), null), { kind: "flatten" }, readout], 1, 1);
  const lines = renderFailure(() => binarize(model, { policy: "exact", ...BY_BOUNDS })).split("\n");
  const errors = lines.filter((line) => line.startsWith("error BMN0301"));
  expect(errors).toHaveLength(20);
  expect(errors.filter((line) => line.includes("more neurons"))).toEqual([errors.at(-1)]);
  expect(errors.at(-1)).toMatch(/\(and 2 more neurons\)$/);
  expect(lines).toContain("  at layers[2].bank[19]");
});

describe("the network's grade", () => {
  const sharp = bank([[1], [1]], [0.5, 0.5], 40);
  /** The next layer's inputs stay near ½, so that its neurons are not proved. */
  const blurred = bank([[1], [1]], [0.5, 0.5], 0.25);
  /** Input 0 alone decides: input 1 has no weight. */
  const first = bank([[1, 0]], [0.5], 40);
  const both = bank([[1, 1]], [0.5], 40);

  test("is exact when every neuron is", () => {
    const layers = [pointwise(1, sharp, null), pointwise(2, sharp, both)];
    expect(gradesOf(modelOf(layers), "auto")).toEqual([
      "exact",
      "[0].bise[0] exact",
      "[0].bise[1] exact",
      "[1].bise[0] exact",
      "[1].bise[1] exact",
      "[1].lui[0] exact",
    ]);
  });

  test("is hardened when an output neuron is not proved", () => {
    const layers = [pointwise(1, blurred, null), pointwise(2, bank([[1], [1]], [0.7, 0.5], 40), both)];
    expect(gradesOf(modelOf(layers), "auto")).toEqual([
      "hardened",
      "[0].bise[0] exact",
      "[0].bise[1] exact",
      "[1].bise[0] hardened",
      "[1].bise[1] exact",
      "[1].lui[0] hardened",
    ]);
  });

  test("is exact when the neurons that are not proved decide nothing", () => {
    // Channel 0 is sharp, channel 1 is not, and the last LUI reads channel 0 only.
    const half = { ...sharp, scales: Float32Array.of(40, 0.25) };
    const layers = [pointwise(1, half, null), pointwise(2, bank([[1], [1]], [0.5, 0.7], 40), first)];
    expect(gradesOf(modelOf(layers), "auto")).toEqual([
      "exact",
      "[0].bise[0] exact",
      "[0].bise[1] exact",
      "[1].bise[0] exact",
      "[1].bise[1] hardened",
      "[1].lui[0] exact",
    ]);
  });

  test("is approximate when a replaced neuron may reach an output", () => {
    const row = bank([[0.9, 0.5, 0.45]], [1.1], 40);
    const layer: Layer = {
      kind: "bisel",
      inChannels: 1,
      outChannels: 1,
      kernelHeight: 1,
      kernelWidth: 3,
      border: "replicate",
      bise: row,
      lui: null,
    };
    expect(gradesOf(modelOf([layer]), "auto")).toEqual(["exact", "[0].bise[0] exact"]);
    expect(gradesOf(modelOf([layer]), "approximate-constant")).toEqual(["approximate", "[0].bise[0] approximate"]);
    const single = bank([[1]], [0.5], 40);
    expect(gradesOf(modelOf([layer, pointwise(1, single, null)]), "approximate-constant")).toEqual([
      "approximate",
      "[0].bise[0] approximate",
      "[1].bise[0] hardened",
    ]);
    const { report } = binarize(modelOf([layer]), { policy: "approximate-constant" });
    // All three are closest; what is left is their spread around the mean.
    const [a, b, c] = [...row.weights] as [number, number, number];
    const mean = (a + b + c) / 3;
    expect(report.layers[0]!.neurons[0]).toMatchObject({ operation: "erosion", members: [true, true, true] });
    expect(report.layers[0]!.neurons[0]!.distance).toBeCloseTo((a - mean) ** 2 + (b - mean) ** 2 + (c - mean) ** 2, 12);
  });
});

interface Replacement {
  readonly weights: readonly number[];
  readonly bias: number;
  /** Null where the neuron is an erosion or dilation itself. */
  readonly distance: number | null;
}

/** An erosion or dilation with positive weights as a neuron with weights 0 and 1. */
function setNeuron(
  operation: "erosion" | "dilation",
  members: readonly boolean[],
  distance: number | null,
): Replacement {
  const weights = members.map(Number);
  const size = members.filter(Boolean).length;
  return { weights, bias: operation === "dilation" ? 0.5 : size - 0.5, distance };
}

/** What the papers make of a neuron with weights ≥ 0, by trying all patterns and all sets. */
function replacementOf(weights: Float32Array, bias: number, scale: number): Replacement {
  const n = weights.length;
  const bound = leastUnits(bias);
  const holds = subsetSums(Array.from(weights, leastUnits)).map((sum) => (scale > 0 ? sum > bound : sum >= bound));
  const patterns = [...holds.keys()];
  const membersOf = (set: number): boolean[] => Array.from({ length: n }, (_, input) => ((set >> input) & 1) === 1);
  const whenTrue = patterns.filter((pattern) => holds[pattern]);
  const whenFalse = patterns.filter((pattern) => !holds[pattern]);
  if (whenTrue.length > 0 && whenFalse.length > 0) {
    const and = cubeOf(whenTrue, n);
    if (and !== null) return setNeuron("erosion", membersOf(and.inputs), null);
    const nor = cubeOf(whenFalse, n);
    if (nor !== null) return setNeuron("dilation", membersOf(nor.inputs), null);
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const squares = weights.reduce((sum, weight) => sum + weight ** 2, 0);
  const distances = patterns.slice(1).map((set) => {
    const inside = [...weights].filter((_, input) => ((set >> input) & 1) === 1);
    return squares - inside.reduce((sum, weight) => sum + weight, 0) ** 2 / inside.length;
  });
  const least = Math.min(...distances);
  const members = membersOf(distances.indexOf(least) + 1);
  return setNeuron(bias <= total / 2 ? "dilation" : "erosion", members, least);
}

/** The bank in the papers' binary mode, and the distances of its replaced neurons. */
function replaceBank(original: NeuronBank): { readonly replaced: NeuronBank; readonly distances: (number | null)[] } {
  const n = original.inputsPerNeuron;
  const neurons = Array.from({ length: original.count }, (_, neuron): Replacement => {
    const weights = original.weights.slice(neuron * n, (neuron + 1) * n);
    const scale = original.scales[neuron]!;
    if (scale === 0) return { weights: [...weights], bias: original.biases[neuron]!, distance: null };
    return replacementOf(weights, original.biases[neuron]!, scale);
  });
  const replaced = {
    ...original,
    weights: Float32Array.from(neurons.flatMap((neuron) => neuron.weights)),
    biases: Float32Array.from(neurons, (neuron) => neuron.bias),
  };
  return { replaced, distances: neurons.map((neuron) => neuron.distance) };
}

function replaceLayer(layer: Layer): { readonly layer: Layer; readonly distances: readonly (number | null)[] } {
  if (layer.kind === "dense-lui") {
    const { replaced, distances } = replaceBank(layer.lui);
    return { layer: { ...layer, lui: replaced }, distances };
  }
  if (layer.kind !== "bisel") return { layer, distances: [] };
  const bise = replaceBank(layer.bise);
  const lui = layer.lui === null ? null : replaceBank(layer.lui);
  return {
    layer: { ...layer, bise: bise.replaced, lui: lui?.replaced ?? null },
    distances: [...bise.distances, ...(lui?.distances ?? [])],
  };
}

/** Every neuron has at most this many inputs, so that all patterns can be tried. */
const MAXIMUM_INPUTS = 12;

function isSmall(model: Model): boolean {
  return model.layers.every((layer) => layer.kind !== "dense-lui" || layer.inFeatures <= MAXIMUM_INPUTS);
}

test("approximate-constant is the papers' binary mode, with its distances", () => {
  let [replacements, kept] = [0, 0];
  fc.assert(
    fc.property(
      fc
        .nat()
        .map((seed) => nearBinaryModel(seed, { positive: true }))
        .filter(isSmall),
      fc.nat(),
      (model, seed) => {
        const { module, report } = binarize(model, { policy: "approximate-constant" });
        verifyModule(module);
        const layers = model.layers.map(replaceLayer);
        const neurons = report.layers
          .flatMap((layer) => layer.neurons)
          .filter((neuron) => neuron.operation !== "identity" && neuron.operation !== "score");
        const distances = layers.flatMap((layer) => layer.distances);
        expect(neurons).toHaveLength(distances.length);
        neurons.forEach((neuron: NeuronReport, index) => {
          const distance = distances[index] ?? null;
          expect(neuron.grade === "approximate", neuron.path).toBe(distance !== null);
          if (distance === null) expect(neuron.distance).toBeNull();
          else expect(neuron.distance, neuron.path).toBeCloseTo(distance, 9);
          expect(neuron.operation).not.toBe("threshold");
          if (distance === null) kept++;
          else replacements++;
        });

        const picture = randomPicture(model.input, seed);
        const expected = hardThreshold({ ...model, layers: layers.map((each) => each.layer) }, picture);
        const actual = interpretModule(module, picture);
        if (expected.kind !== "scores" || actual.kind !== "scores") {
          expect(actual).toEqual(expected);
          return;
        }
        const node = module.values[module.outputs[0]!]!.node;
        if (node.kind !== "readout") throw new Error("scores without a read-out");
        expect(actual).toMatchObject({ class: expected.class, scores: scoresInUnits(expected, node.exponent) });
      },
    ),
    { numRuns: 100 },
  );
  expect(replacements).toBeGreaterThan(50);
  expect(kept).toBeGreaterThan(50);
});

describe("shapes", () => {
  const identity = pointwise(1, bank([[1]], [0.5], 40), null);

  test.each<readonly [number | null, number | null]>([
    [null, null],
    [4, null],
    [null, 5],
    [4, 5],
  ])("an input of %j×%j takes the shape 4×5", (height, width) => {
    const { module } = binarize(modelOf([identity], height, width), { policy: "auto", shape: { height: 4, width: 5 } });
    expect(module.input).toEqual({ channels: 1, height: 4, width: 5, samples: "bits" });
  });

  test("a free input stays free", () => {
    expect(binarize(modelOf([identity]), { policy: "auto" }).module.input).toMatchObject({ height: null, width: null });
  });

  test("an image of free size is not flattened without a shape", () => {
    const model = modelOf([identity, { kind: "flatten" }]);
    expect(renderFailure(() => binarize(model, { policy: "auto", ...BY_BOUNDS }))).toBe(
      "error BMN0503: a network with a flatten layer needs a fixed input size\n  at layers[1]",
    );
    const { module } = binarize(model, { policy: "auto", shape: { height: 2, width: 3 } });
    verifyModule(module);
    const channels = [bitImageFromRows(["011", "100"])];
    const outcome = interpretModule(module, { kind: "bits", height: 2, width: 3, channels });
    expect(outcome).toEqual({ kind: "bits", bits: Uint8Array.of(0, 1, 1, 1, 0, 0) });
  });

  test("a network without neurons is exact", () => {
    const { module, report } = binarize(modelOf([{ kind: "max-pool" }, { kind: "flatten" }], 3, 4), {
      policy: "exact",
    });
    verifyModule(module);
    expect(report.grade).toBe("exact");
    const channels = [bitImageFromRows(["0100", "0000", "1111"])];
    const outcome = interpretModule(module, { kind: "bits", height: 3, width: 4, channels });
    expect(outcome).toEqual({ kind: "bits", bits: Uint8Array.of(1, 0) });
  });
});

test("progress goes to 1 by neurons", () => {
  const shares: number[] = [];
  const layers = [
    pointwise(1, bank([[1], [1]], [0.5, 0.5], 40), null),
    pointwise(2, bank([[1], [1]], [0.5, 0.5], 40), bank([[1, 1]], [0.5], 40)),
  ];
  binarize(modelOf(layers), { policy: "auto", onProgress: (share) => shares.push(share) });
  expect(shares).toEqual([1, 2, 3, 4, 5].map((done) => done / 5));
});
