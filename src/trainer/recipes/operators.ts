/** How operators of mathematical morphology are learned: soft erosions and dilations, hardened one layer after another. */
import { namedElement } from "../../morph/named-element.js";
import type { MorphologicalOperator } from "../../morph/operators.js";
import type { Recipe } from "./recipe.js";

type Form = "erosion" | "dilation";

interface BiselRecipe {
  readonly form: Form;
  readonly channels?: number;
  /** Joins the input channels, where there are several. */
  readonly lui?: object;
}

/** Reads what the two channels say with either sign, so that it can be the intersection with a complement. */
const SIGNED_LUI = { weights: "raw", scale: 2 };

/**
 * The candidates for each operator: what a layer is, erosion or dilation, is not told but found out by the trials. For a
 * top-hat the picture itself goes through the second channel.
 */
function candidates(operator: MorphologicalOperator): readonly (readonly BiselRecipe[])[] {
  switch (operator) {
    case "dilation":
    case "erosion":
      return [[{ form: "erosion" }], [{ form: "dilation" }]];
    case "opening":
    case "closing":
      return [
        [{ form: "erosion" }, { form: "dilation" }],
        [{ form: "dilation" }, { form: "erosion" }],
      ];
    case "white-tophat":
    case "black-tophat":
      return [
        [
          { form: "erosion", channels: 2 },
          { form: "dilation", lui: SIGNED_LUI },
        ],
        [
          { form: "dilation", channels: 2 },
          { form: "erosion", lui: SIGNED_LUI },
        ],
      ];
  }
}

/**
 * Members are the pixels with P·W > ln 2 at this sharpness: what remains of the others after a steeper end is less.
 */
const HARD_SHARPNESS = 4;

/**
 * Two channels must part, the picture and its opening: with large first weights (Σ W) and a steep end, a channel that
 * begins to be something in between is not left there.
 */
const TOP_HAT = {
  total: 8,
  steps: 800,
  learningRate: { from: 0.06, to: 0.01 },
  sharpness: { from: 1, to: 12 },
  trials: 2,
  trialSteps: 400,
};
const OTHERS = {
  total: null,
  steps: 1250,
  learningRate: { from: 0.03, to: 0.01 },
  sharpness: { from: 1, to: HARD_SHARPNESS },
  trials: 1,
  trialSteps: 150,
};
/** A single layer is learned sooner. */
const STEPS_OF_ONE_LAYER = 600;

/** Kernels are squares that hold the element: which pixels belong to it is what is learned. */
export function operatorRecipe(operator: MorphologicalOperator, element: string): Recipe {
  const { height, width } = namedElement(element);
  const side = Math.max(height, width);
  const { total, steps, learningRate, sharpness, trials, trialSteps } = operator.endsWith("tophat") ? TOP_HAT : OTHERS;
  const networks = candidates(operator).map((layers) => ({
    layers: layers.map(({ form, channels = 1, lui = {} }) => ({
      kind: "bisel",
      channels,
      kernel: side,
      bise: { form, initialisation: { method: "uniform", total } },
      lui,
    })),
  }));
  const layerCount = networks[0]?.layers.length ?? 1;
  const all = Array.from({ length: layerCount }, (_, index) => index);
  return {
    name: `${operator.replace("-", "_")}_${element}`,
    data: { kind: "operator", operator, element },
    networks,
    training: {
      loss: "binary-cross-entropy",
      batchSize: 16,
      evaluateEvery: 125,
      trials,
      trialSteps,
      phases: [
        {
          name: "soft",
          steps: layerCount === 1 ? STEPS_OF_ONE_LAYER : steps,
          learningRate,
          sharpness,
        },
        ...all.slice(0, -1).map((layer) => ({
          name: `harden ${layer + 1}`,
          steps: 250,
          learningRate: { from: 0.01, to: 0.003 },
          sharpness: HARD_SHARPNESS,
          harden: [layer],
        })),
        {
          name: "cut to sets",
          steps: 1,
          learningRate: 0.001,
          sharpness: HARD_SHARPNESS,
          harden: [layerCount - 1],
          freeze: all,
        },
      ],
    },
  };
}
