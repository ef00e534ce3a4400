/** How well a network does on a set of samples: as it is trained, and with every neuron cut to bits. */
import * as tf from "@tensorflow/tfjs";
import type { SampleSet } from "../data/sample-set.js";
import type { InputDescription } from "../model/types.js";
import { type Batch, readSamples } from "./batches.js";
import type { LossKind } from "./config.js";
import { inputSignal, targetTensor } from "./input.js";
import type { Network } from "./network.js";
import { lossOf, metricOf } from "./objective.js";
import type { Setting } from "./schedule.js";

export interface Scores {
  /** Mean loss of the network as it is trained. */
  readonly loss: number;
  /** Mean DICE, or accuracy, of the network as it is trained. */
  readonly float: number;
  /** The same of its neurons cut to bits, which is what the compiler makes of it. */
  readonly bits: number;
}

/** How a network is looked at. */
export interface View {
  readonly network: Network;
  readonly input: InputDescription;
  readonly loss: LossKind;
  /** As it is trained. */
  readonly setting: Setting;
  /** With every neuron cut to bits. */
  readonly hardened: Setting;
}

const BATCH = 64;

/** Scores on all samples of a finite set. */
export function evaluateNetwork(view: View, set: SampleSet): Scores {
  const count = set.count ?? 0;
  const sums = { loss: 0, float: 0, bits: 0 };
  for (let first = 0; first < count; first += BATCH) {
    const size = Math.min(BATCH, count - first);
    const batch = readSamples(
      set,
      Array.from({ length: size }, (_, index) => first + index),
    );
    const scores = evaluateBatch(view, set, batch);
    sums.loss += scores.loss * size;
    sums.float += scores.float * size;
    sums.bits += scores.bits * size;
  }
  return { loss: sums.loss / count, float: sums.float / count, bits: sums.bits / count };
}

function evaluateBatch(view: View, set: SampleSet, batch: Batch): Scores {
  return tf.tidy(() => {
    const { network, input, setting, hardened } = view;
    const signal = inputSignal(input, set.shape, batch);
    const targets = targetTensor(set.shape, batch);
    const answers = network.forward(signal, setting).values;
    const bits = network.forward(signal, hardened).values;
    const loss = lossOf(view.loss, targets, answers).dataSync()[0] ?? Number.NaN;
    const { target } = set.shape;
    return { loss, float: metricOf(target, batch, targets, answers), bits: metricOf(target, batch, targets, bits) };
  });
}
