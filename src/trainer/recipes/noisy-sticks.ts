/** How sticks are found under noise. */
import type { Recipe } from "./recipe.js";

/** Integers that the weights are kept to, from −31 to 31: small code, and hardly less than real weights. */
const LARGEST = 31;

function neuron(method: "uniform" | "sparse", total: number, place: number): object {
  return { bias: "share", initialisation: { method, total, place } };
}

/**
 * 1 → 5 → 1 channels with kernels of 7×7. The second layer begins with a very low bound on few weights, nearly a soft
 * dilation: from there the first layer learns lines in each direction. How well a start does is seen early, so three are tried.
 */
export function noisySticksRecipe(): Recipe {
  const middle = neuron("uniform", 8, 0.6);
  return {
    name: "noisy_sticks",
    data: { kind: "noisy-sticks" },
    networks: [
      {
        layers: [
          { kind: "bisel", channels: 5, kernel: 7, bise: middle },
          { kind: "bisel", channels: 1, kernel: 7, bise: neuron("sparse", 2, 0.02), lui: middle },
        ],
      },
    ],
    training: {
      loss: "binary-cross-entropy",
      batchSize: 8,
      evaluateEvery: 250,
      trials: 3,
      trialSteps: 200,
      phases: [
        {
          name: "smooth",
          steps: 1000,
          learningRate: { from: 0.06, to: 0.03 },
          sharpness: [
            { from: 1, to: 5 },
            { from: 1, to: 3 },
          ],
        },
        {
          name: "harden 1",
          steps: 500,
          learningRate: 0.03,
          sharpness: [5, { from: 3, to: 4 }],
          surrogate: 0.7,
          harden: [0],
          grid: { layers: [0], largest: LARGEST },
        },
        {
          name: "harden 2",
          steps: 1500,
          learningRate: { from: 0.03, to: 0.001 },
          sharpness: [5, 4],
          surrogate: 0.7,
          harden: [1],
          grid: { layers: [1], largest: LARGEST },
        },
      ],
    },
  };
}
