/** A neuron on signals as a neuron on their bits. */
import { InternalError } from "../diagnostics.js";
import { type NeuronBank, neuronWeights } from "../model/types.js";
import { type Dyadic, subtractDyadic, sumOfProducts } from "./dyadic.js";
import { cutShift, readsAsPlainBit, stepsOf } from "./level-code.js";
import type { NeuronParameters } from "./neuron.js";
import type { ChannelBounds } from "./report.js";
import { boundsOf, type Signal } from "./stage.js";

/** Parameters of one neuron over the bits of its inputs, one signal for each weight. */
export interface BitReader {
  readonly bounds: readonly ChannelBounds[];
  /** The neuron whose bit is [ξ(…) > cut], and what the cut adds to B. */
  readonly cutAt: (cut: number) => NeuronParameters & { readonly shift: number };
}

/**
 * With W·(r_0 + Σ (r_{k+1} − r_k)·bit_k) for every input, the neuron has a weight for each bit, and its B loses Σ W·r_0. All
 * products are exact: the representatives lie on a coarse grid.
 */
export function readLevels(bank: NeuronBank, index: number, inputs: readonly Signal[]): BitReader {
  const [bias, scale] = [bank.biases[index], bank.scales[index]];
  if (bias === undefined || scale === undefined) throw new InternalError(`no neuron ${index}`);
  const own = neuronWeights(bank, index);
  const { activation } = bank;
  const plain = inputs.every((signal) => readsAsPlainBit(signal.representatives));
  const weights = plain
    ? own
    : inputs.flatMap(({ representatives }, input) => stepsOf(representatives).map((step) => (own[input] ?? 0) * step));
  const base = plain
    ? null
    : sumOfProducts(inputs.map(({ representatives }, input) => [own[input] ?? 0, representatives[0] ?? 0] as const));
  const bounds = inputs.flatMap((signal) => signal.bits.map(() => boundsOf(signal)));
  return {
    bounds,
    cutAt: (cut) => {
      const shift = cutShift(activation, scale, cut);
      const unprovable = plain ? reasonOfCut(cut) : "it reads levels of its inputs' values, chosen from pictures";
      return {
        weights,
        bias: shift === 0 && base === null ? bias : shiftedBias(bias, shift, base),
        scale,
        activation,
        cut,
        shift,
        ...(unprovable === null ? {} : { unprovable }),
      };
    },
  };
}

function shiftedBias(bias: number, shift: number, base: Dyadic | null): Dyadic {
  const cut = sumOfProducts([
    [bias, 1],
    [shift, 1],
  ]);
  return base === null ? cut : subtractDyadic(cut, base);
}

function reasonOfCut(cut: number): string | null {
  return cut === 0.5 ? null : `it is cut at ${Number(cut.toPrecision(3))}, chosen from pictures`;
}
