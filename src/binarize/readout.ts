/** The real-valued last layer: scores in exact integers. */
import { neuronWeights, type ReadoutLayer } from "../model/types.js";
import { scaleToIntegers } from "./dyadic.js";
import { checkInputs } from "./layers.js";
import { UNKNOWN } from "./literals.js";
import type { NeuronReport } from "./report.js";
import type { LayerContext, Stage } from "./stage.js";

/**
 * z_j = P_j·(W_j·x − B_j) on bits: the products P·W and P·B of two float32 are exact doubles, and one power of two makes
 * all of them integers, so the arg max is decided exactly. As every ξ of a read-out increases strictly, the class of the
 * pre-activations is the class of the scores.
 */
export function binarizeReadout(layer: ReadoutLayer, stage: Stage, context: LayerContext): [Stage, NeuronReport[]] {
  const { bank, classes, inFeatures } = layer;
  checkInputs(stage, inFeatures, context);
  const rows = Array.from({ length: classes }, (_, label) => {
    const scale = bank.scales[label] ?? 0;
    const products = Array.from(neuronWeights(bank, label), (weight) => scale * weight);
    return [...products, -scale * (bank.biases[label] ?? 0)];
  });
  const { integers, exponent } = scaleToIntegers(rows.flat());
  const stride = inFeatures + 1;
  const row = (label: number): readonly bigint[] => integers.slice(label * stride, (label + 1) * stride);
  const labels = rows.map((_, label) => label);

  const exact = stage.every(({ bounds }) => bounds.zeroUpper === 0 && bounds.oneLower === 1);
  const grade = exact ? "exact" : "hardened";
  const inputs = stage.map((signal) => signal.value);
  const vector = context.builder.add({ kind: "flatten", inputs }, `features${context.index}`);
  const node = context.builder.add(
    {
      kind: "readout",
      input: vector,
      weights: labels.map((label) => row(label).slice(0, -1)),
      biases: labels.map((label) => row(label).at(-1) ?? 0n),
      exponent,
      activation: labels.map(() => bank.activation),
    },
    `scores${context.index}`,
    { path: context.path, grade },
  );
  const reports = labels.map((label): NeuronReport => {
    context.neuronDone();
    return {
      path: `${context.path}.bank[${label}]`,
      grade,
      operation: "score",
      complemented: false,
      shape: [1, inFeatures],
      members: null,
      constant: null,
      threshold: null,
      inequality: null,
      distance: null,
      output: UNKNOWN,
      reason: exact ? null : "its inputs are cut to bits; the float network reads their values",
    };
  });
  return [[{ value: node, bounds: UNKNOWN, grade }], reports];
}
