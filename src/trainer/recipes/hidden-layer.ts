/**
 * Pixels → 200 neurons with weights from −7 to 7 → real scores. Smooth first; then the hidden values are bits and the
 * weights integers, and both layers learn on.
 */

export function hiddenLayerNetwork(classes: number): object {
  return {
    layers: [
      { kind: "flatten" },
      { kind: "dense-lui", features: 200, lui: { weights: "raw", activation: "sigmoid", learnedScale: false } },
      { kind: "readout", classes },
    ],
  };
}

export function hiddenLayerPhases(smoothSteps: number, bitSteps: number): readonly object[] {
  return [
    {
      name: "smooth",
      steps: smoothSteps,
      learningRate: { from: 0.003, to: 0.0003, shape: "cosine" },
      sharpness: { from: 1, to: 2 },
    },
    {
      name: "bits and integers",
      steps: bitSteps,
      learningRate: { from: 0.002, to: 0.00001, shape: "cosine" },
      sharpness: 2,
      surrogate: 0.5,
      harden: [1],
      grid: { layers: [1], largest: 7 },
    },
  ];
}
