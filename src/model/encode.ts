import { unreachable } from "../diagnostics.js";
import {
  type NeuronBank as BankMessage,
  type Input,
  type Layer as LayerMessage,
  Model as ModelCodec,
  type Model as ModelMessage,
  type Tensor,
} from "../gen/model.js";
import { writeModelJson } from "./json.js";
import { FORMAT_VERSION } from "./limits.js";
import type { InputDescription, Layer, Model, NeuronBank } from "./types.js";
import { readModel } from "./validate.js";
import { bytesFromFloat32, NUMBER_OF_ACTIVATION, NUMBER_OF_BORDER } from "./wire.js";

/** Longest tensor that the JSON form spells out; longer ones are base64. */
const MOST_LISTED_VALUES = 4096;

type TensorWriter = (values: Float32Array, shape: readonly number[]) => Tensor;

/**
 * The protobuf form of a model, the same bytes for the same model.
 * @throws DiagnosticError what {@link decodeModel} would refuse, so that no invalid file is written
 */
export function encodeModel(model: Model): Uint8Array {
  const message = { ...checkedMessage(model, (values, shape) => ({ shape, data: bytesFromFloat32(values) })) };
  return new Uint8Array(ModelCodec.encode({ ...message, layerCount: model.layers.length }).finish());
}

/**
 * The JSON form of a model, indented, the same text for the same model; numbers are the shortest decimals that round to
 * the same float32.
 * @throws DiagnosticError as {@link encodeModel}
 */
export function encodeModelJson(model: Model): string {
  const message = checkedMessage(model, (values, shape) =>
    values.length > MOST_LISTED_VALUES ? { shape, data: bytesFromFloat32(values) } : { shape, values: [...values] },
  );
  return writeModelJson(message);
}

/** @throws DiagnosticError what is wrong with a model that was made, not decoded */
export function checkModel(model: Model): void {
  checkedMessage(model, (values, shape) => ({ shape, data: bytesFromFloat32(values) }));
}

function checkedMessage(model: Model, tensor: TensorWriter): ModelMessage {
  const message: ModelMessage = {
    formatVersion: FORMAT_VERSION,
    name: model.name,
    input: inputMessage(model.input),
    ...(model.provenance === null ? {} : { provenance: model.provenance }),
    layers: model.layers.map((layer) => layerMessage(layer, tensor)),
  };
  readModel(message);
  return message;
}

function inputMessage(input: InputDescription): Input {
  const { channels, height, width, encoding, complements } = input;
  return {
    channels,
    ...(height === null ? {} : { height }),
    ...(width === null ? {} : { width }),
    ...(encoding.kind === "binary"
      ? { binary: {} }
      : {
          levelSets: {
            grayMinimum: encoding.grayMinimum,
            grayMaximum: encoding.grayMaximum,
            channels: encoding.values.map((values) => ({ values })),
          },
        }),
    ...(complements ? { complements } : {}),
  };
}

function layerMessage(layer: Layer, tensor: TensorWriter): LayerMessage {
  switch (layer.kind) {
    case "bisel": {
      const { inChannels, outChannels, kernelHeight, kernelWidth } = layer;
      return {
        bisel: {
          inChannels,
          outChannels,
          kernelHeight,
          kernelWidth,
          paddingRows: Math.floor(kernelHeight / 2),
          paddingColumns: Math.floor(kernelWidth / 2),
          paddingMode: NUMBER_OF_BORDER[layer.border],
          bise: bankMessage(layer.bise, [kernelHeight, kernelWidth], tensor),
          ...(layer.lui === null ? {} : { lui: bankMessage(layer.lui, [inChannels], tensor) }),
        },
      };
    }
    case "dense-lui": {
      const { inFeatures, outFeatures } = layer;
      return { denseLui: { inFeatures, outFeatures, lui: bankMessage(layer.lui, [inFeatures], tensor) } };
    }
    case "max-pool":
      return { maxPool: {} };
    case "flatten":
      return { flatten: {} };
    case "readout": {
      const { inFeatures, classes } = layer;
      return { readout: { inFeatures, classes, bank: bankMessage(layer.bank, [inFeatures], tensor) } };
    }
    default:
      return unreachable(layer);
  }
}

function bankMessage(bank: NeuronBank, neuronShape: readonly number[], tensor: TensorWriter): BankMessage {
  const weightShape = [bank.count, ...neuronShape];
  const { raw } = bank;
  return {
    weights: tensor(bank.weights, weightShape),
    biases: tensor(bank.biases, [bank.count]),
    scales: tensor(bank.scales, [bank.count]),
    activation: NUMBER_OF_ACTIVATION[bank.activation],
    ...(raw === undefined
      ? {}
      : { raw: { ...raw, weights: tensor(raw.weights, weightShape), biases: tensor(raw.biases, [bank.count]) } }),
  };
}
