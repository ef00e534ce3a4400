/** Public interface of the compiler. Nothing here touches files, the console or the process. */
export type { Artifact, Header } from "./backends/backend.js";
export { type Binarization, type BinarizeOptions, binarize } from "./binarize/binarize.js";
export type {
  BinarizationPolicy,
  BinarizationReport,
  ChannelBounds,
  LayerReport,
  NeuronOperation,
  NeuronReport,
} from "./binarize/report.js";
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
export { decodeTarget } from "./target/decode.js";
export { findPreset, presets } from "./target/presets.js";
export type { Target } from "./target/target.js";
