/** Public interface of the compiler. Nothing here touches files, the console or the process. */
export type { Artifact, Header } from "./backends/backend.js";
export { type Agreement, measureAgreement, type PictureAgreement, shareOf } from "./binarize/agreement.js";
export { type Binarization, type BinarizeOptions, binarize } from "./binarize/binarize.js";
export { type Calibration, calibrate, type LayerCodes } from "./binarize/calibration.js";
export type { ApproximationMethod } from "./binarize/closest/closest.js";
export type { LevelCode } from "./binarize/level-code.js";
export type { ProofEffort } from "./binarize/pattern-trials.js";
export type {
  Arithmetic,
  BinarizationPolicy,
  BinarizationReport,
  BitCode,
  ChannelBounds,
  LayerReport,
  NeuronOperation,
  NeuronReport,
  ProofMethod,
} from "./binarize/report.js";
export { type Sharpening, type SharpeningOptions, sharpeningFor } from "./binarize/sharpening.js";
export { type Compilation, type CompileOptions, compile } from "./compile.js";
export {
  DIAGNOSTIC_CODES,
  type Diagnostic,
  type DiagnosticCode,
  DiagnosticError,
  InternalError,
  renderDiagnostic,
} from "./diagnostics.js";
export { interpretModule } from "./ir/interpret.js";
export type * from "./ir/node.js";
export { parseModule } from "./ir/parse.js";
export { printModule } from "./ir/print.js";
export { verifyModule } from "./ir/verify.js";
export { lower } from "./lower/lower.js";
export { decodeModel } from "./model/decode.js";
export { encodeModel, encodeModelJson } from "./model/encode.js";
export { type EvaluatedLayer, evaluateModel, type RealTensor } from "./model/evaluate.js";
export type {
  Activation,
  BiselLayer,
  DenseLuiLayer,
  FlattenLayer,
  InputDescription,
  Layer,
  LevelSetEncoding,
  MaxPoolLayer,
  Model,
  NeuronBank,
  Provenance,
  RawParameters,
  ReadoutLayer,
} from "./model/types.js";
export {
  type BitImage,
  bitImageFromRows,
  bitImageToRows,
  buildBitImage,
  countDifferences,
  createBitImage,
  getPixel,
  setPixel,
} from "./morph/bit-image.js";
export type { BorderRule } from "./morph/border.js";
export type { Outcome, Picture } from "./morph/picture.js";
export { parseElement, printElement, type StructuringElement } from "./morph/structuring-element.js";
export type { Pass } from "./passes/pass.js";
export {
  OPTIMIZATION_LEVELS,
  type Optimization,
  type OptimizationLevel,
  optimize,
  type PassObserver,
} from "./passes/pipeline.js";
export type { OptimizationReport } from "./passes/report.js";
export { decodeTarget } from "./target/decode.js";
export { findPreset, presets } from "./target/presets.js";
export type { Target } from "./target/target.js";
