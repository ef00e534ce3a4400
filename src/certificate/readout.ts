/** The read-out: integers of MorphIR against P·W and P·B. */
import type { MorphNode } from "../ir/node.js";
import { neuronWeights, type ReadoutLayer } from "../model/types.js";
import { toUnits } from "./exact.js";
import type { Signal } from "./neuron.js";

/**
 * What is wrong with the scores; null if they are P·(W·x − B) exactly, with x = r_0 + Σ (r_{k+1} − r_k)·bit_k. Both sides are
 * compared in units of a common power of two: products of two float32 numbers are doubles, representatives multiples of 2^-12.
 */
export function readoutComplaint(
  { bank, classes }: ReadoutLayer,
  inputs: readonly Signal[],
  node: Extract<MorphNode, { readonly kind: "readout" }>,
): string | null {
  if (node.weights.length !== classes || node.biases.length !== classes) return `there are ${classes} classes`;
  const levels = inputs.map(({ representatives }) => representatives.map((value) => BigInt(value * 4096)));
  for (let label = 0; label < classes; label++) {
    if (node.activation[label] !== bank.activation) return `class ${label} has the activation ${bank.activation}`;
    const scale = bank.scales[label] ?? 0;
    const products = Array.from(neuronWeights(bank, label), (weight) => scale * weight);
    const { integers, exponent } = toUnits([...products, scale * (bank.biases[label] ?? 0)]);
    const weights = levels.flatMap((values, input) =>
      values.slice(1).map((value, level) => (integers[input] ?? 0n) * (value - (values[level] ?? 0n))),
    );
    const lowest = levels.reduce((sum, [value], input) => sum + (integers[input] ?? 0n) * (value ?? 0n), 0n);
    const bias = lowest - 4096n * (integers[products.length] ?? 0n);
    const found = [...(node.weights[label] ?? []), node.biases[label] ?? 0n];
    const expected = [...weights, bias];
    const difference = exponent - 12 - node.exponent;
    const [ours, theirs] = [BigInt(Math.max(0, difference)), BigInt(Math.max(0, -difference))];
    if (found.length !== expected.length) return `class ${label} has ${weights.length} weights`;
    const wrong = expected.findIndex((value, index) => value << ours !== (found[index] ?? 0n) << theirs);
    if (wrong >= 0)
      return `class ${label}: ${wrong < weights.length ? `weight ${wrong}` : "the bias"} is not that of the model`;
  }
  return null;
}
