/** The float network in float32, the terms of every sum in any order: what a proof about float32 must hold for. */
import { activate } from "../../../src/model/activation.js";
import { inputPlanes } from "../../../src/model/evaluate.js";
import type { BiselLayer, Model, NeuronBank } from "../../../src/model/types.js";
import type { Picture } from "../../../src/morph/picture.js";
import type { Dice } from "../near-binary-model.js";

/** Outputs of the last layer, [channels][pixels]. */
export function evaluateFloat32(model: Model, picture: Picture, dice: Dice): readonly Float32Array[] {
  const { height, width } = picture;
  const input = inputPlanes(model.input, picture);
  let planes: readonly Float32Array[] = Array.from({ length: input.shape[0]! }, (_, plane) =>
    Float32Array.from(input.values.subarray(plane * height * width, (plane + 1) * height * width)),
  );
  for (const layer of model.layers) {
    if (layer.kind !== "bisel") throw new Error("only BiSELs");
    planes = evaluateLayer(layer, planes, height, width, dice);
  }
  return planes;
}

function evaluateLayer(
  layer: BiselLayer,
  planes: readonly Float32Array[],
  height: number,
  width: number,
  dice: Dice,
): readonly Float32Array[] {
  const { outChannels, kernelHeight, kernelWidth, border, bise, lui } = layer;
  const read = (plane: Float32Array, row: number, column: number): number => {
    const [r, c] = [Math.min(Math.max(row, 0), height - 1), Math.min(Math.max(column, 0), width - 1)];
    return border === "zeros" && (r !== row || c !== column) ? 0 : plane[r * width + c]!;
  };
  const joined = Array.from({ length: bise.count }, (_, neuron) => {
    const plane = planes[Math.floor(neuron / outChannels)]!;
    return Float32Array.from({ length: height * width }, (__, pixel) => {
      const [row, column] = [Math.floor(pixel / width), pixel % width];
      const values = Array.from({ length: kernelHeight * kernelWidth }, (___, position) =>
        read(
          plane,
          row + Math.floor(position / kernelWidth) - Math.floor(kernelHeight / 2),
          column + (position % kernelWidth) - Math.floor(kernelWidth / 2),
        ),
      );
      return neuronValue(bise, neuron, values, dice);
    });
  });
  if (lui === null) return joined;
  return Array.from({ length: outChannels }, (_, output) =>
    Float32Array.from({ length: height * width }, (__, pixel) => {
      const values = planes.map((___, channel) => joined[channel * outChannels + output]![pixel]!);
      return neuronValue(lui, output, values, dice);
    }),
  );
}

function neuronValue(bank: NeuronBank, neuron: number, values: readonly number[], dice: Dice): number {
  const terms = values.map((value, index) => Math.fround(bank.weights[neuron * bank.inputsPerNeuron + index]! * value));
  terms.push(-bank.biases[neuron]!);
  let sum = 0;
  while (terms.length > 0) sum = Math.fround(sum + terms.splice(dice.whole(0, terms.length - 1), 1)[0]!);
  return Math.fround(activate(bank.activation, Math.fround(bank.scales[neuron]! * sum)));
}
