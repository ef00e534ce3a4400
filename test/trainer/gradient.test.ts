/** The gradient of the whole loss by every trained parameter against central differences. */
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { readSamples } from "../../src/trainer/batches.js";
import type { LossKind, RegularisationKind } from "../../src/trainer/config.js";
import { describeInput } from "../../src/trainer/describe-input.js";
import { inputSignal, targetTensor } from "../../src/trainer/input.js";
import { lossOf } from "../../src/trainer/objective.js";
import { regularisation } from "../../src/trainer/regularisation/regularisation.js";
import { withRealOutput } from "../../src/trainer/schedule.js";
import {
  type NetworkGiven,
  type RandomPictures,
  randomPictures,
  type SmallNetwork,
  smallNetwork,
} from "./small-networks.js";
import { TENSOR_BACKENDS, useTensorBackend } from "./tensor-backends.js";

interface Case {
  readonly title: string;
  readonly pictures: RandomPictures;
  readonly network: NetworkGiven;
  readonly loss: LossKind;
  readonly regularisation?: RegularisationKind;
  readonly phase?: object;
  readonly step?: number;
}

const images: RandomPictures = { height: 5, width: 6, count: 4 };
const classes: RandomPictures = { ...images, target: { kind: "classes", names: ["a", "b", "c"] } };

const twoLayers = (bise: object, lui: object): NetworkGiven => ({
  layers: [
    { kind: "bisel", channels: 2, kernel: 3, bise },
    { kind: "bisel", channels: 1, kernel: [2, 3], border: "zeros", bise, lui },
  ],
});
const classifier = (lui: object): NetworkGiven => ({
  layers: [{ kind: "flatten" }, { kind: "dense-lui", features: 4, lui }, { kind: "readout", classes: 3 }],
});

const CASES: readonly Case[] = [
  {
    title: "BiSEL and LUI, weights and biases by softplus",
    pictures: images,
    network: twoLayers({}, {}),
    loss: "mean-squared-error",
    regularisation: "exact",
  },
  {
    title: "weights of a fixed sum, biases within their interval",
    pictures: images,
    network: twoLayers({ weights: "dual", bias: "projected", activation: "erf" }, { weights: "dual" }),
    loss: "binary-cross-entropy",
    regularisation: "uniform",
  },
  {
    title: "biases that move with the ends of their interval",
    pictures: images,
    network: twoLayers({ bias: "reparametrised", activation: "arctan" }, {}),
    loss: "dice",
    regularisation: "normal",
  },
  {
    title: "biases as shares, weights of both signs, a scale near 0",
    pictures: images,
    network: twoLayers({ weights: "raw", bias: "share" }, { weights: "raw", bias: "share", scale: -0.3 }),
    loss: "normalised-dice",
    regularisation: "activated",
  },
  {
    title: "soft erosions and dilations",
    pictures: images,
    network: twoLayers({ form: "erosion" }, { form: "dilation" }),
    loss: "binary-cross-entropy",
    phase: { sharpness: 0.5 },
  },
  {
    title: "soft dilations, complements",
    pictures: images,
    network: { input: { complements: true }, ...twoLayers({ form: "dilation" }, { form: "erosion" }) },
    loss: "mean-squared-error",
    phase: { sharpness: 0.5 },
  },
  {
    title: "a last layer that is hardened answers real values to the loss",
    pictures: images,
    network: { layers: [{ kind: "bisel", kernel: 3, bise: { form: "erosion" } }] },
    loss: "binary-cross-entropy",
    phase: { harden: [0] },
  },
  {
    title: "a pool, a dense layer and a read-out",
    pictures: classes,
    network: {
      layers: [
        { kind: "bisel", channels: 2, kernel: 3, bise: { weights: "raw", activation: "sigmoid" } },
        { kind: "max-pool" },
        ...classifier({ weights: "raw", activation: "sigmoid" }).layers,
      ],
    },
    loss: "cross-entropy",
    regularisation: "exact",
    // Which pixel is the largest changes with the weights.
    step: 2e-3,
  },
  {
    title: "complements of a vector under raw weights",
    pictures: classes,
    network: { input: { complements: true }, ...classifier({ weights: "raw", activation: "sigmoid" }) },
    loss: "cross-entropy",
  },
  {
    title: "literals, most of which are not used yet",
    pictures: classes,
    network: { input: { complements: true }, ...classifier({ form: "erosion", weights: "literals" }) },
    loss: "cross-entropy",
  },
];

/** Parameters of each variable that are looked at. */
const MOST_LOOKED = 14;

function lossFunction({ network, config, setting }: SmallNetwork, each: Case): () => tf.Scalar {
  const set = randomPictures(each.pictures);
  const input = describeInput(config, set);
  const batch = readSamples(set, [...Array(set.count ?? 0).keys()]);
  return () => {
    const answers = network.forward(inputSignal(input, set.shape, batch), withRealOutput(setting)).values;
    const loss = lossOf(each.loss, targetTensor(set.shape, batch), answers);
    if (each.regularisation === undefined) return loss;
    const banks = network.layers.flatMap((layer) => layer.banks).map((bank) => bank.effective(null));
    return tf.add(loss, tf.mul(regularisation(each.regularisation, banks), 0.05));
  };
}

describe.each(TENSOR_BACKENDS)("the gradient on %s", (backend) => {
  beforeAll(() => useTensorBackend(backend));

  test.each(CASES)("$title", (each) => {
    const small = smallNetwork(each.network, randomPictures(each.pictures), { sharpness: 1, ...each.phase }, 5);
    const loss = lossFunction(small, each);
    const { network, setting } = small;
    const trained = network.trainedVariables(setting);
    const gradients = tf.tidy(() => {
      const { grads } = tf.variableGrads(
        loss,
        trained.map(({ variable }) => variable),
      );
      return trained.map(({ variable }) => grads[variable.name]?.dataSync<"float32">() ?? new Float32Array());
    });
    const step = each.step ?? 1e-2;
    trained.forEach(({ name, variable }, which) => {
      const values = Float32Array.from(variable.dataSync());
      const lossAt = (index: number, change: number): number =>
        tf.tidy(() => {
          variable.assign(tf.tensor(values.with(index, (values[index] ?? 0) + change), variable.shape));
          return loss().dataSync()[0] ?? NaN;
        });
      const gradient = gradients[which] ?? new Float32Array();
      const scale = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(scale, name).toBeGreaterThan(0);
      const stride = Math.max(1, Math.floor(values.length / MOST_LOOKED));
      for (let index = 0; index < values.length; index += stride) {
        const difference = (lossAt(index, step) - lossAt(index, -step)) / (2 * step);
        // The loss is a float32 of size 1.
        const tolerance = 0.01 * scale + 3e-7 / step;
        expect(Math.abs(difference - (gradient[index] ?? NaN)), `${name}[${index}]`).toBeLessThan(tolerance);
      }
      tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
    });
    network.dispose();
  });
});
