/** How many neurons are erosions, dilations, unions or intersections by now. */
import * as tf from "@tensorflow/tfjs";
import { linearCheck } from "../binarize/activation.js";
import { BIT, toLiterals } from "../binarize/literals.js";
import type { Bank } from "./bank.js";
import type { LayerConfig } from "./config.js";
import type { Network } from "./network.js";
import { canHarden, type LayerSetting, type Setting } from "./schedule.js";

/** Neurons of one bank that are looked at; evenly spaced ones stand for the others. */
const MOST_NEURONS = 64;

/**
 * Share, 0 … 1, of the neurons that pass the linear check (arXiv 2401.03830, Proposition 3.1) on bits, without those of
 * a read-out; 1 if there are none.
 */
export function activatedShare(network: Network, layers: readonly LayerConfig[], setting: Setting): number {
  let total = 0;
  let activated = 0;
  network.layers.forEach((layer, index) => {
    const [config, layerSetting] = [layers[index], setting.layers[index]];
    if (config === undefined || layerSetting === undefined || !canHarden(config)) return;
    for (const bank of layer.banks) {
      total += bank.count;
      activated += bank.count * shareOfBank(bank, layerSetting);
    }
  });
  return total === 0 ? 1 : activated / total;
}

function shareOfBank(bank: Bank, setting: LayerSetting): number {
  // Soft erosions and dilations can become nothing else.
  if (bank.config.form !== "threshold") return 1;
  const [weights, biases] = tf.tidy(() => {
    const effective = bank.effective(setting.grid);
    return [effective.weights.dataSync<"float32">(), effective.biases.dataSync<"float32">()];
  });
  const inputs = weights.length / bank.count;
  const bounds = Array.from({ length: inputs }, () => BIT);
  const looked = Math.min(bank.count, MOST_NEURONS);
  let activated = 0;
  for (let index = 0; index < looked; index++) {
    const neuron = Math.floor((index * bank.count) / looked);
    const own = weights.slice(neuron * inputs, (neuron + 1) * inputs);
    if (linearCheck(toLiterals(own, biases[neuron] ?? 0, bounds), "above") !== null) activated++;
  }
  return activated / looked;
}
