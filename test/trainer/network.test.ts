/** What the trainer computes against the evaluator of models and against what the compiler makes of the exported model. */
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { binarize } from "../../src/binarize/binarize.js";
import { interpretModule } from "../../src/ir/interpret.js";
import { verifyModule } from "../../src/ir/verify.js";
import { decodeModel } from "../../src/model/decode.js";
import { encodeModel } from "../../src/model/encode.js";
import { evaluateModel } from "../../src/model/evaluate.js";
import type { Model } from "../../src/model/types.js";
import { bitImageToRows } from "../../src/morph/bit-image.js";
import type { Picture } from "../../src/morph/picture.js";
import { allHardened } from "../../src/trainer/schedule.js";
import {
  type NetworkGiven,
  picturesOf,
  type RandomPictures,
  randomPictures,
  scatterScales,
  smallNetwork,
} from "./small-networks.js";
import { TENSOR_BACKENDS, useTensorBackend } from "./tensor-backends.js";

interface Case {
  readonly title: string;
  readonly pictures?: Partial<RandomPictures>;
  readonly network: NetworkGiven;
  readonly phase?: object;
  /** Neurons that the float model cannot express. */
  readonly soft?: boolean;
}

const general = (activation: string, more: object = {}) => ({ activation, ...more });
const raw = { weights: "raw", activation: "sigmoid" };

const CASES: readonly Case[] = [
  ...["tanh", "sigmoid", "erf", "arctan"].map((activation) => ({
    title: `1 → 3 → 1 channels with ${activation}`,
    network: {
      layers: [
        { kind: "bisel", channels: 3, kernel: 3, bise: general(activation) },
        { kind: "bisel", channels: 1, kernel: 5, bise: general(activation), lui: general(activation) },
      ],
    },
  })),
  {
    title: "even kernels, zeros outside, two channels in and out",
    pictures: { channels: 2 },
    network: { layers: [{ kind: "bisel", channels: 2, kernel: [2, 4], border: "zeros", bise: raw, lui: raw }] },
  },
  {
    title: "complements before a BiSEL",
    network: { input: { complements: true }, layers: [{ kind: "bisel", channels: 2, kernel: 3, bise: raw, lui: raw }] },
  },
  {
    title: "level sets of two channels and their complements",
    pictures: { channels: 2, samples: "bytes" },
    network: {
      input: { levels: [60, 128, 200.5], complements: true },
      layers: [{ kind: "bisel", channels: 1, kernel: 3, bise: general("tanh", { bias: "share" }) }],
    },
  },
  {
    title: "chosen level sets",
    pictures: { samples: "bytes" },
    network: { input: { levels: 4 }, layers: [{ kind: "bisel", channels: 2, kernel: 3, bise: raw, lui: raw }] },
  },
  {
    title: "a pool between BiSELs, a dense layer and a read-out",
    network: {
      layers: [
        { kind: "bisel", channels: 3, kernel: 3, bise: raw },
        { kind: "max-pool" },
        { kind: "bisel", channels: 2, kernel: 3, bise: raw, lui: raw },
        { kind: "flatten" },
        { kind: "dense-lui", features: 7, lui: raw },
        { kind: "readout", classes: 4 },
      ],
    },
  },
  {
    title: "a pool of complements",
    network: {
      input: { complements: true },
      layers: [{ kind: "max-pool" }, { kind: "bisel", channels: 1, kernel: 3, bise: raw, lui: raw }],
    },
  },
  {
    title: "complements of a vector",
    pictures: { channels: 2 },
    network: {
      input: { complements: true },
      layers: [
        { kind: "flatten" },
        { kind: "dense-lui", features: 6, lui: raw },
        { kind: "dense-lui", features: 5, lui: raw },
      ],
    },
  },
  ...["projected", "reparametrised", "share"].map((bias) => ({
    title: `a dense layer with a ${bias} bias and weights of a fixed sum`,
    network: { layers: [{ kind: "flatten" }, { kind: "dense-lui", features: 5, lui: { weights: "dual", bias } }] },
  })),
  {
    title: "weights on a grid",
    network: {
      layers: [
        { kind: "bisel", channels: 3, kernel: 3, bise: raw },
        { kind: "bisel", channels: 2, kernel: 3, bise: raw, lui: raw },
        { kind: "flatten" },
        { kind: "dense-lui", features: 9, lui: raw },
        { kind: "readout", classes: 3 },
      ],
    },
    phase: { grid: { layers: [0, 1, 3], largest: 5 } },
  },
  ...["share", "projected", "softplus"].map((bias) => ({
    title: `weights on a grid with a ${bias} bias`,
    network: {
      layers: [
        { kind: "bisel", channels: 2, kernel: 3, bise: { bias } },
        { kind: "bisel", channels: 1, kernel: 3, bise: { bias }, lui: { bias } },
      ],
    },
    phase: { grid: { layers: [0, 1], largest: 3 } },
  })),
  {
    title: "soft erosions and dilations",
    soft: true,
    network: {
      layers: [
        { kind: "bisel", channels: 2, kernel: 3, bise: { form: "erosion" } },
        { kind: "bisel", channels: 1, kernel: 3, bise: { form: "dilation" }, lui: { form: "dilation" } },
      ],
    },
    phase: { harden: [0, 1] },
  },
  {
    title: "erosions of literals",
    soft: true,
    network: {
      input: { complements: true },
      layers: [
        { kind: "flatten" },
        { kind: "dense-lui", features: 12, lui: { form: "erosion", weights: "literals" } },
        { kind: "readout", classes: 3 },
      ],
    },
    phase: { harden: [1] },
  },
];

/** Values of the last layer by the double-precision evaluator. */
function evaluated(model: Model, pictures: readonly Picture[]): number[][] {
  return pictures.map((picture) => [...(evaluateModel(model, picture).at(-1)?.output.values ?? [])]);
}

/** Largest |found − expected|, relative to the largest |expected|, at least 1. */
function worst(found: readonly (readonly number[])[], expected: readonly (readonly number[])[]): number {
  const scale = Math.max(1, ...expected.flat().map(Math.abs));
  expect(found.map((row) => row.length)).toEqual(expected.map((row) => row.length));
  return (
    Math.max(
      ...found.flatMap((row, index) => row.map((value, place) => Math.abs(value - (expected[index]?.[place] ?? NaN)))),
    ) / scale
  );
}

/** Bits or class of a picture by the interpreter of what the compiler makes of the model. */
function interpreted(
  model: Model,
  pictures: readonly Picture[],
): { readonly grade: string; readonly answers: number[][] } {
  const { module, report } = binarize(model, { policy: "auto" });
  verifyModule(module);
  const answers = pictures.map((picture) => {
    const outcome = interpretModule(module, picture);
    switch (outcome.kind) {
      case "images":
        return outcome.images.flatMap((image) => [...bitImageToRows(image).join("")].map(Number));
      case "bits":
        return [...outcome.bits];
      case "scores":
        return [outcome.class];
    }
  });
  return { grade: report.grade, answers };
}

const argMax = (scores: readonly number[]): number => scores.indexOf(Math.max(...scores));

describe.each(TENSOR_BACKENDS)("a network on %s", (backend) => {
  beforeAll(() => useTensorBackend(backend));

  test.each(CASES)("$title", ({ network: given, pictures: options = {}, phase = {}, soft = false }) => {
    const set = randomPictures({ height: 6, width: 7, ...options });
    const pictures = picturesOf(set);
    const before = tf.memory().numTensors;
    for (const seed of [1, 2, 3]) {
      const { network, config, setting, answers, model } = smallNetwork(given, set, phase, seed);
      scatterScales(network, seed);
      if (!soft) expect(worst(answers(setting), evaluated(model(setting), pictures))).toBeLessThan(1e-4);

      const hardened = allHardened(config.layers, setting);
      const bits = answers(hardened);
      // As it is read from a file.
      const exported = decodeModel(encodeModel(model(hardened)));
      const isReadout = config.layers.at(-1)?.kind === "readout";
      const expected = evaluated(exported, pictures);
      if (isReadout) expect(worst(bits, expected)).toBeLessThan(1e-5);
      else expect(bits).toEqual(expected);

      const compiled = interpreted(exported, pictures);
      expect(compiled.grade).toBe("exact");
      expect(compiled.answers).toEqual(isReadout ? bits.map((scores) => [argMax(scores)]) : bits);
      network.dispose();
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});
