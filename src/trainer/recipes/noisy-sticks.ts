/** How sticks are found under noise. */
import type { Recipe } from "./recipe.js";

/** The papers' network, 1 → 3 → 1 channels with kernels of 5×5. */
export function noisySticksRecipe(): Recipe {
  const neuron = { bias: "share", initialisation: { method: "uniform", total: 8, place: 0.5 } };
  return {
    name: "noisy_sticks",
    data: { kind: "noisy-sticks" },
    networks: [
      {
        layers: [
          { kind: "bisel", channels: 3, kernel: 5, bise: neuron },
          { kind: "bisel", channels: 1, kernel: 5, bise: neuron, lui: neuron },
        ],
      },
    ],
    training: {
      loss: "binary-cross-entropy",
      batchSize: 16,
      evaluateEvery: 250,
      phases: [
        { name: "smooth", steps: 2000, learningRate: { from: 0.05, to: 0.02 }, sharpness: { from: 1, to: 4 } },
        { name: "harden 1", steps: 1000, learningRate: { from: 0.02, to: 0.003 }, sharpness: 4, harden: [0] },
      ],
    },
  };
}
