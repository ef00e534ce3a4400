/** A whole network in training. */
import * as tf from "@tensorflow/tfjs";
import { fail, InternalError, unreachable } from "../diagnostics.js";
import type { Layer } from "../model/types.js";
import { createRandom } from "../morph/random.js";
import { Bank } from "./bank.js";
import type { BankConfig, LayerConfig, NetworkConfig } from "./config.js";
import { type BankShape, initialBank } from "./initial-bank.js";
import { TrainableBisel } from "./layers/bisel.js";
import { TrainableDenseLui, TrainableReadout } from "./layers/dense.js";
import { meanOf, type Signal, type TrainableLayer, widthOf } from "./layers/layer.js";
import { flattenLayer, maxPoolLayer } from "./layers/pooling.js";
import type { LayerSetting, Setting } from "./schedule.js";

export interface NamedVariable {
  /** `layers[0].bise.weights` */
  readonly name: string;
  /** Index of the layer. */
  readonly layer: number;
  readonly variable: tf.Variable;
}

export class Network {
  readonly layers: readonly TrainableLayer[];

  /**
   * Draws the first parameters. Each layer is told the mean of what it will read, measured on `sample`, so that its
   * own answers begin near a mean of ½.
   */
  constructor(config: NetworkConfig, sample: Signal, setting: Setting, seed: number) {
    const random = createRandom(seed);
    const banks: Bank[] = [];
    const layers: TrainableLayer[] = [];
    let signal = sample;
    try {
      config.layers.forEach((layerConfig, index) => {
        const draw: DrawBank = (name, bank, shape) => {
          const drawn = new Bank(`layers[${index}].${name}`, bank, initialBank(bank, shape, random));
          banks.push(drawn);
          return drawn;
        };
        const own = settingOf(setting, index);
        const layer = buildLayer(layerConfig, signal, own, draw, `layers[${index}]`);
        layers.push(layer);
        signal = layer.forward(signal, own);
      });
    } catch (error) {
      for (const bank of banks) bank.dispose();
      throw error;
    }
    this.layers = layers;
  }

  forward(input: Signal, setting: Setting): Signal {
    return this.layers.reduce((signal, layer, index) => layer.forward(signal, settingOf(setting, index)), input);
  }

  /** Everything that training changes, in a fixed order. */
  get variables(): readonly NamedVariable[] {
    return this.layers.flatMap((layer, index) =>
      layer.banks.flatMap((bank) =>
        bank.variables
          .filter(({ trained }) => trained)
          .map(({ name, variable }): NamedVariable => ({ name, layer: index, variable })),
      ),
    );
  }

  /** Variables of the layers that are trained under `setting`. */
  trainedVariables(setting: Setting): readonly NamedVariable[] {
    return this.variables.filter(({ layer }) => settingOf(setting, layer).trained);
  }

  /**
   * Moves the parameters of soft erosions and dilations that are trained by `amount`, to where their weights are smaller:
   * those of literals towards 0, others down.
   */
  shrink(setting: Setting, amount: number): void {
    this.layers.forEach((layer, index) => {
      if (!settingOf(setting, index).trained) return;
      for (const { config, weights } of layer.banks) {
        if (config.form === "threshold") continue;
        tf.tidy(() => {
          const towardsZero = (): tf.Tensor2D => tf.mul(tf.sign(weights), tf.relu(tf.sub(tf.abs(weights), amount)));
          weights.assign(config.weights === "literals" ? towardsZero() : tf.sub(weights, amount));
        });
      }
    });
  }

  toModel(setting: Setting): Layer[] {
    return this.layers.map((layer, index) => layer.toModel(settingOf(setting, index)));
  }

  dispose(): void {
    for (const layer of this.layers) for (const bank of layer.banks) bank.dispose();
  }
}

function settingOf(setting: Setting, index: number): LayerSetting {
  const found = setting.layers[index];
  if (found === undefined) throw new InternalError(`no setting for layer ${index}`);
  return found;
}

type DrawBank = (name: string, bank: BankConfig, shape: BankShape) => Bank;

/** A last layer's scores are linear; nothing of this bank but the weights and biases is used. */
const READOUT_BANK: BankConfig = {
  form: "threshold",
  weights: "raw",
  bias: "raw",
  activation: "sigmoid",
  scale: 1,
  learnedScale: false,
  initialisation: { method: "signed", total: null, place: null, members: 1 },
};

function buildLayer(
  config: LayerConfig,
  input: Signal,
  setting: LayerSetting,
  draw: DrawBank,
  path: string,
): TrainableLayer {
  const inputs = widthOf(input);
  const reads = { inputs, inputMean: meanOf(input), samples: input.values };
  switch (config.kind) {
    case "bisel": {
      require(input, "images", path);
      const [height, width] = config.kernel;
      const shape = { count: inputs * config.channels, inputs: height * width, inputMean: reads.inputMean };
      const bise = draw("bise", config.bise, shape);
      const alone = new TrainableBisel(config, inputs, bise, null);
      if (inputs === 1) return alone;
      const inputMean = meanOf(alone.forward(input, setting));
      const lui = draw("lui", config.lui, { count: config.channels, inputs, inputMean });
      return new TrainableBisel(config, inputs, bise, lui);
    }
    case "dense-lui":
      require(input, "vectors", path);
      if (config.lui.weights === "literals" && !input.complements) {
        fail("BMN0903", "literals need a layer that reads complements", {
          path: `network.${path}`,
          hint: "set network.input.complements, and let only a flatten layer come before this one",
        });
      }
      return new TrainableDenseLui(draw("lui", config.lui, { count: config.features, ...reads }));
    case "readout":
      require(input, "vectors", path);
      return new TrainableReadout(draw("bank", READOUT_BANK, { count: config.classes, ...reads }));
    case "max-pool":
      require(input, "images", path);
      return maxPoolLayer;
    case "flatten":
      require(input, "images", path);
      return flattenLayer;
    default:
      return unreachable(config);
  }
}

function require(input: Signal, kind: Signal["kind"], path: string): void {
  if (input.kind === kind) return;
  const hint = kind === "vectors" ? "put a flatten layer before it" : "image layers come before the flatten layer";
  fail("BMN0903", `the layer reads ${kind}, but there are ${input.kind}`, { path: `network.${path}`, hint });
}
