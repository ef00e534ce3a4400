/** How digits, and pictures like them, are told apart. */
import { hiddenLayerNetwork, hiddenLayerPhases } from "./hidden-layer.js";
import type { Recipe } from "./recipe.js";

/** Steps of an epoch of 55,000 samples, in batches of 100 and of 128. */
const EPOCH = 550;
const EPOCH_OF_128 = 429;
const CLASSES = 10;

/** 784 → 200 neurons → ten scores. */
export function denseRecipe(folder: string): Recipe {
  return {
    name: "mnist_dense",
    data: { kind: "idx", folder },
    networks: [hiddenLayerNetwork(CLASSES)],
    training: {
      loss: "cross-entropy",
      batchSize: 100,
      shift: 1,
      evaluateEvery: EPOCH,
      phases: hiddenLayerPhases(15 * EPOCH, 25 * EPOCH),
    },
  };
}

/**
 * 784 bits and their complements → 1024 erosions → real scores. Soft erosions first; then the erosions are cut to sets of
 * literals, and go on learning by a surrogate gradient.
 */
export function erosionsRecipe(folder: string): Recipe {
  return {
    name: "mnist_erosions",
    data: { kind: "idx", folder },
    networks: [
      {
        input: { complements: true },
        layers: [
          { kind: "flatten" },
          { kind: "dense-lui", features: 1024, lui: { form: "erosion", weights: "literals" } },
          { kind: "readout", classes: CLASSES },
        ],
      },
    ],
    training: {
      loss: "cross-entropy",
      batchSize: 128,
      shift: 1,
      evaluateEvery: EPOCH_OF_128,
      phases: [
        {
          name: "soft",
          steps: 2 * EPOCH_OF_128,
          learningRate: { from: 0.003, to: 0.002, shape: "cosine" },
          sharpness: { from: 1, to: 3 },
          shrink: 0.015,
        },
        {
          name: "sets",
          steps: 14 * EPOCH_OF_128,
          learningRate: { from: 0.002, to: 0.00005, shape: "cosine" },
          sharpness: 3,
          surrogate: 0.7,
          shrink: 0.015,
          harden: [1],
        },
      ],
    },
  };
}
