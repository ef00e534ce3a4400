/** A bank in training as the compiler's neurons, with the parameters of now. */
import * as tf from "@tensorflow/tfjs";
import { InternalError } from "../diagnostics.js";
import type { NeuronBank } from "../model/types.js";
import { type Bank, memberMask } from "./bank.js";
import type { LayerSetting } from "./schedule.js";
import { inScope } from "./scope.js";

/**
 * The neurons as they answer under `setting`. Hardened ones have the activation `step`, so that their bits are exact:
 * erosions and dilations have weights 1 on S, neurons on a grid have integer weights.
 */
export function modelBank(bank: Bank, setting: LayerSetting): NeuronBank {
  return inScope((): NeuronBank => {
    const { form } = bank.config;
    if (form !== "threshold") return setBank(bank, setting, form);
    const { weights, biases, scales: reals } = bank.exported(setting.grid);
    const scales = setting.hardened ? signOf(reals) : tf.mul(reals, setting.sharpness);
    const activation = setting.hardened ? "step" : bank.config.activation;
    return { ...shapeOf(bank), ...numbersOf(weights, biases, scales), activation };
  });
}

/** −1, 0 or 1; the kernel of TensorFlow.js for the WebAssembly backend takes numbers below 10⁻⁷ for 0. */
function signOf(values: tf.Tensor1D): tf.Tensor1D {
  return tf.sub(tf.step(values), tf.step(tf.neg(values)));
}

/** A soft erosion or dilation is no neuron of the model; what it becomes when it is hardened is one. */
function setBank(bank: Bank, setting: LayerSetting, form: "erosion" | "dilation"): NeuronBank {
  if (!setting.hardened) throw new InternalError(`${bank.path} is still soft`);
  const members = memberMask(bank.effective(null), setting.sharpness);
  const biases = form === "erosion" ? tf.sub(tf.sum(members, 1), 0.5) : tf.mul(tf.ones([bank.count]), 0.5);
  return { ...shapeOf(bank), ...numbersOf(members, biases, tf.onesLike(biases)), activation: "step" };
}

function shapeOf(bank: Bank): { count: number; inputsPerNeuron: number } {
  return { count: bank.count, inputsPerNeuron: bank.inputs };
}

function numbersOf(
  weights: tf.Tensor,
  biases: tf.Tensor,
  scales: tf.Tensor,
): Pick<NeuronBank, "weights" | "biases" | "scales"> {
  const numbers = (tensor: tf.Tensor): Float32Array => Float32Array.from(tensor.dataSync());
  return { weights: numbers(weights), biases: numbers(biases), scales: numbers(scales) };
}
