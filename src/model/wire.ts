/** Conversions between the numbers of the format and the words of the model. */
import { Activation as ActivationNumber, PaddingMode } from "../gen/model.js";
import type { BorderRule } from "../morph/border.js";
import type { Activation } from "./types.js";

export const NUMBER_OF_ACTIVATION: Readonly<Record<Activation, number>> = {
  tanh: ActivationNumber.ACTIVATION_TANH,
  sigmoid: ActivationNumber.ACTIVATION_SIGMOID,
  erf: ActivationNumber.ACTIVATION_ERF,
  arctan: ActivationNumber.ACTIVATION_ARCTAN,
  step: ActivationNumber.ACTIVATION_STEP,
  identity: ActivationNumber.ACTIVATION_IDENTITY,
};

export const NUMBER_OF_BORDER: Readonly<Record<BorderRule, number>> = {
  replicate: PaddingMode.PADDING_MODE_REPLICATE,
  zeros: PaddingMode.PADDING_MODE_ZEROS,
};

/** Key of a number in one of the tables above, or null. */
export function wordOf<Word extends string>(table: Readonly<Record<Word, number>>, number: number): Word | null {
  const found = (Object.keys(table) as Word[]).find((word) => table[word] === number);
  return found ?? null;
}

/** Values of a run of little-endian float32; `bytes.length` must be a multiple of four. */
export function float32FromBytes(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float32Array(bytes.length / 4);
  for (let index = 0; index < values.length; index++) values[index] = view.getFloat32(4 * index, true);
  return values;
}

export function bytesFromFloat32(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => view.setFloat32(4 * index, value, true));
  return bytes;
}
