/** The real-valued last layer: scores in exact integers. */
import { neuronWeights, type ReadoutLayer } from "../model/types.js";
import type { LayerContext } from "./context.js";
import { type Dyadic, dyadic, multiplyDyadic, scaleToIntegers, sumOf } from "./dyadic.js";
import { checkInputs } from "./layers.js";
import { readsAsPlainBit, stepsOf } from "./level-code.js";
import { UNKNOWN } from "./literals.js";
import { scoreReport } from "./neuron-report.js";
import type { NeuronReport } from "./report.js";
import { plainSignal, type Stage } from "./stage.js";

/**
 * z_j = P_j·(W_j·x − B_j) on bits: the products P·W and P·B of two float32 are exact doubles, and one power of two makes
 * all of them integers, so the arg max is decided exactly. As every ξ of a read-out increases strictly, the class of the
 * pre-activations is the class of the scores.
 */
export function binarizeReadout(layer: ReadoutLayer, stage: Stage, context: LayerContext): [Stage, NeuronReport[]] {
  const { bank, classes, inFeatures } = layer;
  const { builder, index, path } = context;
  checkInputs(stage, inFeatures, context);
  const labels = Array.from({ length: classes }, (_, label) => label);
  const features = stage.flatMap((signal) => signal.bits);
  const { integers, exponent } = scaleToIntegers(labels.flatMap((label) => rowOf(layer, label, stage)));
  const stride = features.length + 1;
  const row = (label: number): readonly bigint[] => integers.slice(label * stride, (label + 1) * stride);

  const plain = stage.every((signal) => readsAsPlainBit(signal.representatives));
  const exact = plain && stage.every(({ bounds }) => bounds.zeroUpper === 0 && bounds.oneLower === 1);
  const grade = exact ? "exact" : "hardened";
  const vector = builder.add({ kind: "flatten", inputs: features }, `features${index}`);
  const scores = builder.add(
    {
      kind: "readout",
      input: vector,
      weights: labels.map((label) => row(label).slice(0, -1)),
      biases: labels.map((label) => row(label).at(-1) ?? 0n),
      exponent,
      activation: labels.map(() => bank.activation),
    },
    `scores${index}`,
    { path, grade },
  );
  const why = plain
    ? "its inputs are cut to bits; the float network reads their values"
    : "its inputs are cut to levels; the float network reads their values";
  const reports = labels.map((label): NeuronReport => {
    context.neuronDone();
    return scoreReport(`${path}.bank[${label}]`, builder.nameOf(scores), inFeatures, exact ? null : why);
  });
  return [[plainSignal(scores, UNKNOWN, grade)], reports];
}

/** P·W for each bit of each feature, then −P·B with what the lowest representatives add to it. */
function rowOf({ bank }: ReadoutLayer, label: number, stage: Stage): readonly Dyadic[] {
  const scale = bank.scales[label] ?? 0;
  const products = Array.from(neuronWeights(bank, label), (weight) => dyadic(scale * weight));
  const terms = stage.flatMap(({ representatives }, feature) => {
    const product = products[feature] ?? dyadic(0);
    return stepsOf(representatives).map((step) => multiplyDyadic(product, dyadic(step)));
  });
  const lowest = stage.map(({ representatives }, feature) =>
    multiplyDyadic(products[feature] ?? dyadic(0), dyadic(representatives[0] ?? 0)),
  );
  return [...terms, sumOf([dyadic(-scale * (bank.biases[label] ?? 0)), ...lowest])];
}
