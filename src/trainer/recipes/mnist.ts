/** How digits, and pictures like them, are told apart. */
import type { Recipe } from "./recipe.js";

/** Steps of an epoch of 55,000 samples, in batches of 100 and of 128. */
const EPOCH = 550;
const EPOCH_OF_128 = 429;
const CLASSES = 10;

/**
 * 784 → 200 neurons with weights from −7 to 7 → real scores. Smooth first; then the hidden values are bits and the weights
 * integers, and both layers learn on.
 */
export function denseRecipe(folder: string): Recipe {
  return {
    name: "mnist_dense",
    data: { kind: "idx", folder },
    networks: [
      {
        layers: [
          { kind: "flatten" },
          { kind: "dense-lui", features: 200, lui: { weights: "raw", activation: "sigmoid", learnedScale: false } },
          { kind: "readout", classes: CLASSES },
        ],
      },
    ],
    training: {
      loss: "cross-entropy",
      batchSize: 100,
      shift: 1,
      evaluateEvery: EPOCH,
      phases: [
        {
          name: "smooth",
          steps: 15 * EPOCH,
          learningRate: { from: 0.003, to: 0.0003, shape: "cosine" },
          sharpness: { from: 1, to: 2 },
        },
        {
          name: "bits and integers",
          steps: 25 * EPOCH,
          learningRate: { from: 0.002, to: 0.00001, shape: "cosine" },
          sharpness: 2,
          surrogate: 0.5,
          harden: [1],
          grid: { layers: [1], largest: 7 },
        },
      ],
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
