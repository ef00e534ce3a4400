/** Small networks with random parameters, and pictures for them. */
import * as tf from "@tensorflow/tfjs";
import type { SampleSet, SampleTarget } from "../../src/data/sample-set.js";
import type { Model } from "../../src/model/types.js";
import { buildBitImage } from "../../src/morph/bit-image.js";
import type { Picture } from "../../src/morph/picture.js";
import { createRandom } from "../../src/morph/random.js";
import { readSamples } from "../../src/trainer/batches.js";
import type { NetworkConfig } from "../../src/trainer/config.js";
import { decodeConfig } from "../../src/trainer/decode-config.js";
import { describeInput } from "../../src/trainer/describe-input.js";
import { inputSignal } from "../../src/trainer/input.js";
import { Network } from "../../src/trainer/network.js";
import { type Setting, settingAt } from "../../src/trainer/schedule.js";
import { inScope } from "../../src/trainer/scope.js";

export interface RandomPictures {
  readonly height: number;
  readonly width: number;
  readonly channels?: number;
  readonly samples?: "bits" | "bytes";
  readonly target?: SampleTarget;
  readonly count?: number;
}

const ONE_IMAGE: SampleTarget = { kind: "images", channels: 1 };

/** Pictures of noise with targets of noise. */
export function randomPictures(options: RandomPictures): SampleSet {
  const { height, width, channels = 1, samples = "bits", target = ONE_IMAGE, count = 6 } = options;
  return {
    name: "noise",
    shape: { channels, height, width, samples, target },
    count,
    read: (index, inputs, targets) => {
      const random = createRandom(index + 1);
      inputs.forEach((_, place) => {
        inputs[place] = random.below(samples === "bits" ? 2 : 256);
      });
      targets.forEach((_, place) => {
        targets[place] = random.below(target.kind === "images" ? 2 : target.names.length);
      });
    },
  };
}

/** Every picture of a set, as the evaluators of models read it. */
export function picturesOf(set: SampleSet): Picture[] {
  const { channels, height, width, samples } = set.shape;
  const pixels = height * width;
  return Array.from({ length: set.count ?? 0 }, (_, index): Picture => {
    const { inputs } = readSamples(set, [index]);
    const planes = Array.from({ length: channels }, (__, channel) =>
      inputs.slice(channel * pixels, (channel + 1) * pixels),
    );
    if (samples === "bytes") return { kind: "bytes", height, width, channels: planes };
    const images = planes.map((plane) =>
      buildBitImage(height, width, (row, column) => plane[row * width + column] ?? 0),
    );
    return { kind: "bits", height, width, channels: images };
  });
}

/** A network's configuration with most of its defaults left out. */
export interface NetworkGiven {
  readonly input?: object;
  readonly layers: readonly ({ readonly kind: string } & Readonly<Record<string, unknown>>)[];
}

export interface SmallNetwork {
  readonly config: NetworkConfig;
  readonly network: Network;
  /** Of the first step. */
  readonly setting: Setting;
  /** What the network answers to every picture, `[channel][row][column]` or `[feature]` one after the other. */
  answers(setting: Setting): number[][];
  model(setting: Setting): Model;
}

/**
 * In the first of two phases, the second of which hardens what can be.
 * @param phase what the first phase says besides its length
 */
export function smallNetwork(given: NetworkGiven, set: SampleSet, phase: object = {}, seed = 1): SmallNetwork {
  const { networks, training } = decodeConfig({
    name: "small",
    data: { kind: "idx", folder: "f" },
    network: given,
    training: {
      loss: "dice",
      phases: [
        { name: "first", steps: 1, learningRate: 0.1, sharpness: 2, ...phase },
        { name: "hard", steps: 1, learningRate: 0, harden: hardenable(given) },
      ],
    },
  });
  const config = networks[0];
  if (config === undefined) throw new Error("no network");
  const setting = settingAt({ layers: config.layers, phases: training.phases }, 0, 0);
  const input = describeInput(config, set);
  const batch = readSamples(set, [...Array(set.count ?? 0).keys()]);
  const signal = () => inputSignal(input, set.shape, batch);
  const network = inScope(() => new Network(config, signal(), setting, seed));
  const answers = (wanted: Setting): number[][] =>
    tf.tidy(() => {
      const { kind, values } = network.forward(signal(), wanted);
      const ordered = kind === "images" ? tf.transpose(values, [0, 3, 1, 2]) : values;
      return tf.reshape(ordered, [batch.count, -1]).arraySync() as number[][];
    });
  const model = (wanted: Setting): Model => ({
    name: "small",
    input,
    layers: network.toModel(wanted),
    provenance: null,
  });
  return { config, network, setting, answers, model };
}

function hardenable(network: NetworkGiven): number[] {
  return network.layers.flatMap(({ kind }, index) => (kind === "bisel" || kind === "dense-lui" ? [index] : []));
}

/** Gives every neuron a scale of its own, of both signs. */
export function scatterScales(network: Network, seed: number): void {
  const random = createRandom(seed);
  for (const bank of network.layers.flatMap((layer) => layer.banks)) {
    if (!bank.config.learnedScale) continue;
    const scales = Float32Array.from(
      { length: bank.count },
      () => (random.below(2) === 0 ? -1 : 1) * (0.5 + random.uniform()),
    );
    tf.tidy(() => bank.scales.assign(tf.tensor1d(scales)));
  }
}
