/** The pipeline: model → MorphIR → cheaper MorphIR → WordIR → generated files. */
import type { Artifact, Backend, Header } from "./backends/backend.js";
import { type Binarization, type BinarizeOptions, binarize } from "./binarize/binarize.js";
import { policyName } from "./binarize/policy-name.js";
import type { Arithmetic, BinarizationReport } from "./binarize/report.js";
import { unreachable } from "./diagnostics.js";
import { VERSION } from "./gen/version.js";
import type { Grade, MorphModule } from "./ir/node.js";
import { verifyModule } from "./ir/verify.js";
import { lower } from "./lower/lower.js";
import type { Model } from "./model/types.js";
import { DEFAULT_LEVEL, type OptimizationLevel, optimize, type PassObserver } from "./passes/pipeline.js";
import type { OptimizationReport } from "./passes/report.js";
import type { Target } from "./target/target.js";
import type { WordProgram } from "./word/node.js";
import { verifyProgram } from "./word/verify.js";

export interface CompileOptions extends BinarizeOptions {
  readonly target: Target;
  /** How far the module is rewritten before it is lowered; 2 unless given. See docs/passes.md. */
  readonly optimize?: OptimizationLevel;
  /** Told of every pass that changed the module. */
  readonly onPass?: PassObserver;
  /** SHA-256 of the model file, hexadecimal, for the headers. */
  readonly modelSha256: string;
  /** SPDX expression for the headers of the generated files. */
  readonly license?: string;
}

export interface Compilation {
  /** As it was binarized: what was proved is about it. */
  readonly module: MorphModule;
  /** What was lowered: it answers the same for every picture. */
  readonly optimized: MorphModule;
  readonly optimization: OptimizationReport;
  readonly report: BinarizationReport;
  readonly program: WordProgram;
  readonly artifacts: readonly Artifact[];
}

/**
 * Compiles a model for one target. The same model, options and version give the same bytes.
 * @throws DiagnosticError BMN0301, BMN0302, BMN0503; see docs/diagnostics.md
 */
export async function compile(model: Model, options: CompileOptions): Promise<Compilation> {
  return compileBinarized(binarize(model, { ...options, forCode: true }), options);
}

/**
 * {@link compile} after binarization, which depends on no target.
 * @param options those that `binarization` was made with
 * @throws DiagnosticError BMN0302
 */
export async function compileBinarized(
  { module, report }: Binarization,
  options: CompileOptions,
): Promise<Compilation> {
  verifyModule(module);
  const { module: optimized, report: optimization } = optimize(
    module,
    options.target,
    levelOf(options),
    options.onPass,
  );
  const program = lower(optimized, options.target);
  verifyProgram(program);
  const backend = await loadBackend(options.target.backend);
  const artifacts = await backend.emit(program, options.target, headerOf(options, report.grade));
  return { module, optimized, optimization, report, program, artifacts };
}

function levelOf({ optimize: level }: CompileOptions): OptimizationLevel {
  return level ?? DEFAULT_LEVEL;
}

/** A backend brings its library along only when it is needed. */
async function loadBackend(name: Target["backend"]): Promise<Backend> {
  switch (name) {
    case "c":
      return (await import("./backends/c/c.js")).cBackend;
    case "js":
      return (await import("./backends/js/js.js")).jsBackend;
    case "wasm":
      return (await import("./backends/wasm/wasm.js")).wasmBackend;
    default:
      return unreachable(name);
  }
}

function headerOf(options: CompileOptions, grade: Grade): Header {
  return {
    tool: `bimonnc ${VERSION}`,
    options: `--target ${options.target.name} ${binarizationText(options)}`,
    modelSha256: options.modelSha256,
    license: options.license ?? null,
    grade: `${grade}: ${meaningOf(grade, options.arithmetic ?? "float32")}`,
  };
}

/** As on the command line, defaults left out; pictures have no name here. */
function binarizationText(options: CompileOptions): string {
  const { policy, arithmetic = "float32", prove = "auto", weightBits, calibration, shape } = options;
  const codes = calibration?.layers.flatMap(({ bise, output }) => [...bise, ...output]);
  const bits = codes?.reduce((most, { cuts }) => Math.max(most, cuts.length), 1);
  return [
    `--binarize ${policyName(policy)}`,
    arithmetic === "float32" ? null : `--arithmetic ${arithmetic}`,
    prove === "auto" ? null : `--prove ${prove}`,
    weightBits === undefined ? null : `--weight-bits ${weightBits}`,
    bits === undefined ? null : `--calibrate (at most ${bits} ${bits === 1 ? "bit" : "bits"} a value)`,
    shape === undefined ? null : `--shape ${shape.height}x${shape.width}`,
    levelOf(options) === DEFAULT_LEVEL ? null : `-O${levelOf(options)}`,
  ]
    .filter((option) => option !== null)
    .join(" ");
}

function meaningOf(grade: Grade, arithmetic: Arithmetic): string {
  switch (grade) {
    case "exact":
      return `proved equal to the float network's bits on every input, in ${arithmetic} arithmetic`;
    case "hardened":
      return "every neuron is its own threshold function of bits; not proved equal to the float network";
    case "approximate":
      return "some neurons are replaced by the closest erosion or dilation, or have rounded weights";
    default:
      return unreachable(grade);
  }
}
