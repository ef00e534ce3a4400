/** Sizes that a model may have; larger ones are refused before anything is allocated for them. */
export const MODEL_LIMITS = {
  /** Channels of the input and of any layer. */
  channels: 4096,
  /** Elements of a vector. */
  features: 2 ** 20,
  /** Rows or columns of a kernel. */
  kernelSide: 255,
  /** Rows or columns of a picture. */
  imageSide: 65_535,
  layers: 256,
  /** Level sets of one channel. */
  levels: 256,
  metrics: 4096,
  /** Effective weights of all layers together. */
  weights: 2 ** 26,
} as const;

/** The only version of the format so far. */
export const FORMAT_VERSION = 1;

/**
 * Entries of a repeated field that a whole file may hold, by message and field: those that take more memory when decoded
 * than they take bytes.
 */
export const REPEATED_LIMITS: Readonly<Record<string, number>> = {
  "Model.layers": MODEL_LIMITS.layers,
  "LevelSetEncoding.channels": MODEL_LIMITS.channels,
  "Provenance.metrics": MODEL_LIMITS.metrics,
  // Bytes, in the binary form: 256 layers of 10 tensors of 3 sizes of up to 5 bytes need 38,400.
  "Tensor.shape": 2 ** 16,
};
