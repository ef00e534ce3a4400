/** Starting points for pictures of the user's own. */
import { hiddenLayerNetwork, hiddenLayerPhases } from "./hidden-layer.js";
import type { Recipe } from "./recipe.js";

/** Two layers of soft erosions and dilations in either order, or of papers' neurons: the trials find out what suits. */
export function pairsRecipe(folder: string): Recipe {
  const set = (form: string) => ({ form });
  const general = { bias: "share", initialisation: { method: "uniform", total: 8, place: 0.5 } };
  const twoLayers = (first: object, second: object) => ({
    layers: [
      { kind: "bisel", channels: 3, kernel: 7, bise: first },
      { kind: "bisel", channels: 1, kernel: 7, bise: second, lui: general },
    ],
  });
  return {
    name: "pairs",
    data: { kind: "pairs", folder },
    networks: [
      twoLayers(set("erosion"), set("dilation")),
      twoLayers(set("dilation"), set("erosion")),
      twoLayers(general, general),
    ],
    training: {
      loss: "binary-cross-entropy",
      batchSize: 16,
      evaluateEvery: 100,
      trials: 2,
      trialSteps: 200,
      phases: [
        { name: "soft", steps: 1500, learningRate: { from: 0.03, to: 0.01 }, sharpness: { from: 1, to: 4 } },
        { name: "harden 1", steps: 500, learningRate: { from: 0.01, to: 0.003 }, sharpness: 4, harden: [0] },
        { name: "cut to sets", steps: 1, learningRate: 0.001, sharpness: 4, harden: [1], freeze: [0, 1] },
      ],
    },
  };
}

/** One hidden layer of neurons with small integer weights, and real scores. */
export function classesRecipe(folder: string, classes: number): Recipe {
  return {
    name: "classes",
    data: { kind: "classes", folder },
    networks: [hiddenLayerNetwork(classes)],
    training: {
      loss: "cross-entropy",
      batchSize: 64,
      shift: 1,
      evaluateEvery: 100,
      phases: hiddenLayerPhases(1500, 2500),
    },
  };
}
