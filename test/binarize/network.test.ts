/** Whole networks: what is called exact equals the float network, and everything equals the hard threshold. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hardThreshold, scoresInUnits } from "../../scripts/golden/hard-threshold.js";
import { type Binarization, binarize } from "../../src/binarize/binarize.js";
import type { NeuronReport } from "../../src/binarize/report.js";
import { interpretModule, interpretValues, type ValueContent } from "../../src/ir/interpret.js";
import type { MorphModule } from "../../src/ir/node.js";
import { verifyModule } from "../../src/ir/verify.js";
import { activate } from "../../src/model/activation.js";
import { type EvaluatedLayer, evaluateModel } from "../../src/model/evaluate.js";
import type { Model } from "../../src/model/types.js";
import { getPixel } from "../../src/morph/bit-image.js";
import type { Outcome, Picture } from "../../src/morph/picture.js";
import { arbitraryModel } from "../model/arbitrary-model.js";
import { nearBinaryModel, randomPicture } from "./near-binary-model.js";

/** What is said of these networks holds in real arithmetic, and is proved layer by layer. */
const BY_BOUNDS = { arithmetic: "real", prove: "bounds" } as const;

/** Values nearer to ½ than this may lie on its other side in exact arithmetic, beyond the first layer. */
const UNSURE = 1e-9;

function bitsOf(content: ValueContent | undefined): number[] {
  if (content?.kind === "bit") return [content.bit];
  if (content?.kind !== "image") throw new Error(`no bits in ${String(content?.kind)}`);
  const { height, width } = content.image;
  return Array.from({ length: height * width }, (_, index) =>
    getPixel(content.image, Math.floor(index / width), index % width),
  );
}

function outcomeBits(outcome: Outcome): number[] {
  if (outcome.kind === "scores") throw new Error("scores are no bits");
  return outcome.kind === "bits"
    ? [...outcome.bits]
    : outcome.images.flatMap((image) => bitsOf({ kind: "image", image }));
}

interface Counts {
  networks: number;
  /** Proved although some of their hidden values are no bits. */
  exactNetworks: number;
  /** Neurons beyond the first layer that are proved though they do not read bits. */
  provedHidden: number;
  thresholds: number;
  pixels: number;
  unsure: number;
}

/** Compiled bits and float values of one neuron, everywhere in a picture. */
function valuesOf(
  neuron: NeuronReport,
  module: MorphModule,
  contents: readonly ValueContent[],
  layers: readonly EvaluatedLayer[],
): { readonly layer: number; readonly bits: readonly number[]; readonly values: readonly number[] } {
  const [, layerText, kind, neuronText] = /^layers\[(\d+)\]\.(bise|lui)\[(\d+)\]$/.exec(neuron.path)!;
  const [layer, index] = [Number(layerText), Number(neuronText)];
  const bits = bitsOf(contents[module.values.findIndex((value) => value.name === `${kind}${layer}_${index}`)]);
  const evaluated = layers[layer]!;
  const tensor = kind === "bise" ? evaluated.bise! : evaluated.output;
  return { layer, bits, values: Array.from(tensor.values.subarray(index * bits.length, (index + 1) * bits.length)) };
}

/** Proved neurons give their float bit, from values within the bounds that they report. */
function checkNeurons(model: Model, { module, report }: Binarization, picture: Picture, counts: Counts): void {
  const contents = interpretValues(module, picture);
  const layers = evaluateModel(model, picture);
  const neurons = report.layers
    .flatMap((layer) => layer.neurons)
    .filter((neuron) => neuron.operation !== "identity" && neuron.operation !== "score" && neuron.grade === "exact");
  for (const neuron of neurons) {
    const { layer, bits, values } = valuesOf(neuron, module, contents, layers);
    const { zeroUpper, oneLower } = neuron.output;
    expect(
      [zeroUpper, 1 - oneLower].every((bound) => bound >= 0 && bound <= 0.5),
      neuron.path,
    ).toBe(true);
    values.forEach((value, pixel) => {
      counts.pixels++;
      if (layer > 0 && Math.abs(value - 0.5) < UNSURE) {
        counts.unsure++;
        return;
      }
      const place = `${neuron.path}, pixel ${pixel}: ${value} within ${zeroUpper}, ${oneLower}`;
      expect(bits[pixel], place).toBe(value > 0.5 ? 1 : 0);
      expect(bits[pixel] === 1 ? oneLower <= value && value <= 1 : value >= 0 && value <= zeroUpper, place).toBe(true);
    });
  }
}

function checkOutputs(model: Model, { module }: Binarization, picture: Picture): void {
  const float = evaluateModel(model, picture).at(-1)!.output.values;
  const outcome = interpretModule(module, picture);
  if (outcome.kind !== "scores") {
    const unsure = [...float].map((value) => Math.abs(value - 0.5) < UNSURE);
    const bits = outcomeBits(outcome).map((bit, index) => (unsure[index] ? null : bit));
    expect(bits).toEqual([...float].map((value, index) => (unsure[index] ? null : value > 0.5 ? 1 : 0)));
    return;
  }
  const last = model.layers.at(-1)!;
  const node = module.values[module.outputs[0]!]!.node;
  if (last.kind !== "readout" || node.kind !== "readout") throw new Error("scores without a read-out");
  outcome.scores.forEach((score, label) => {
    const value = activate(last.bank.activation, Number(score) * 2 ** node.exponent);
    expect(Math.abs(value - float[label]!)).toBeLessThan(UNSURE);
  });
  const best = Math.max(...float);
  if (float.filter((score) => best - score < UNSURE).length === 1) expect(outcome.class).toBe(float.indexOf(best));
}

/** Compiled and by definition: each neuron its own threshold function of bits. */
function checkHardThreshold(model: Model, module: MorphModule, picture: Picture): void {
  const expected = hardThreshold(model, picture);
  const actual = interpretModule(module, picture);
  if (expected.kind !== "scores" || actual.kind !== "scores") {
    expect(actual).toEqual(expected);
    return;
  }
  const node = module.values[module.outputs[0]!]!.node;
  if (node.kind !== "readout") throw new Error("scores without a read-out");
  expect(actual).toEqual({ kind: "scores", class: expected.class, scores: scoresInUnits(expected, node.exponent) });
}

function isHidden(neuron: NeuronReport): boolean {
  return (
    !neuron.path.startsWith("layers[0].bise") && neuron.operation !== "identity" && neuron.operation !== "constant"
  );
}

/** Whether a layer reads values that are not exactly 0 and 1. */
function hasRealHiddenValues(report: Binarization["report"]): boolean {
  const layers = report.layers.filter((layer) => layer.neurons.length > 0);
  const read = [
    ...layers.slice(0, -1).flatMap((layer) => layer.neurons),
    ...(layers.at(-1)?.neurons ?? []).filter(isBise),
  ];
  return read.some((neuron) => neuron.operation !== "identity" && neuron.output.zeroUpper > 0);
}

/** Of a layer whose LUI reads it: with one input channel, the BiSE is the output itself. */
function isBise(neuron: NeuronReport, _: number, layer: readonly NeuronReport[]): boolean {
  return neuron.path.includes(".bise[") && layer.every((each) => each.operation !== "identity");
}

const ACTIVATIONS = ["tanh", "sigmoid", "erf", "arctan", "any of them"] as const;

describe("networks near binary ones", () => {
  test.each(ACTIVATIONS)("with the activation %s are what their report says", (activation) => {
    const counts: Counts = { networks: 0, exactNetworks: 0, provedHidden: 0, thresholds: 0, pixels: 0, unsure: 0 };
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const model = nearBinaryModel(seed, activation === "any of them" ? {} : { activation });
        const binarization = binarize(model, { policy: "auto", ...BY_BOUNDS });
        const { module, report } = binarization;
        verifyModule(module);
        const neurons = report.layers.flatMap((layer) => layer.neurons);
        counts.networks++;
        if (hasRealHiddenValues(report)) {
          if (report.grade === "exact") counts.exactNetworks++;
          counts.provedHidden += neurons.filter((neuron) => neuron.grade === "exact" && isHidden(neuron)).length;
        }
        counts.thresholds += neurons.filter((neuron) => neuron.operation === "threshold").length;
        for (const picture of [seed, seed + 1].map((each) => randomPicture(model.input, each))) {
          checkHardThreshold(model, module, picture);
          checkNeurons(model, binarization, picture, counts);
          if (report.grade === "exact") checkOutputs(model, binarization, picture);
        }
      }),
      { numRuns: 120 },
    );
    process.stdout.write(`  ${activation}: ${JSON.stringify(counts)}\n`);
    expect(counts.exactNetworks).toBeGreaterThan(10);
    expect(counts.provedHidden).toBeGreaterThan(20);
    expect(counts.thresholds).toBeGreaterThan(20);
    expect(counts.unsure).toBeLessThan(counts.pixels / 20);
  });

  test("with the step activation are exact, and equal the float network everywhere", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const model = nearBinaryModel(seed, { activation: "step" });
        const { module, report } = binarize(model, { policy: "exact", ...BY_BOUNDS });
        expect(report.grade).toBe("exact");
        expect(report.layers.flatMap((layer) => layer.neurons).every((neuron) => neuron.grade === "exact")).toBe(true);
        for (const picture of [seed, seed + 1].map((each) => randomPicture(model.input, each))) {
          checkHardThreshold(model, module, picture);
          const outcome = interpretModule(module, picture);
          // Weights on a grid: doubles are exact, ties included.
          const float = [...evaluateModel(model, picture).at(-1)!.output.values];
          if (outcome.kind !== "scores") expect(outcomeBits(outcome)).toEqual(float);
        }
      }),
      { numRuns: 150 },
    );
  });
});

test("with any weights at all, policy auto is the hard threshold of the network", () => {
  fc.assert(
    fc.property(arbitraryModel, fc.nat(), (model, seed) => {
      const { module } = binarize(model, { policy: "auto", ...BY_BOUNDS });
      verifyModule(module);
      checkHardThreshold(model, module, randomPicture(model.input, seed));
    }),
    { numRuns: 120 },
  );
});
