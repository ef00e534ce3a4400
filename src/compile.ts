/** The pipeline: model → MorphIR → WordIR → generated files. */
import type { Artifact, Backend, Header } from "./backends/backend.js";
import { binarize } from "./binarize/binarize.js";
import type { BinarizationPolicy, BinarizationReport } from "./binarize/report.js";
import { unreachable } from "./diagnostics.js";
import { VERSION } from "./gen/version.js";
import type { Grade, MorphModule } from "./ir/node.js";
import { verifyModule } from "./ir/verify.js";
import { lower } from "./lower/lower.js";
import type { Model } from "./model/types.js";
import type { Target } from "./target/target.js";
import type { WordProgram } from "./word/node.js";
import { verifyProgram } from "./word/verify.js";

export interface CompileOptions {
  readonly target: Target;
  readonly policy: BinarizationPolicy;
  /** Fixes a free input size. */
  readonly shape?: { readonly height: number; readonly width: number };
  /** SHA-256 of the model file, hexadecimal, for the headers. */
  readonly modelSha256: string;
  /** SPDX expression for the headers of the generated files. */
  readonly license?: string;
  /** Called while neurons are binarized, with the share that is done, 0 … 1. */
  readonly onProgress?: (share: number) => void;
}

export interface Compilation {
  readonly module: MorphModule;
  readonly report: BinarizationReport;
  readonly program: WordProgram;
  readonly artifacts: readonly Artifact[];
}

/**
 * Compiles a model for one target. The same model, options and version give the same bytes.
 * @throws DiagnosticError BMN0301, BMN0302, BMN0503; see docs/diagnostics.md
 */
export async function compile(model: Model, options: CompileOptions): Promise<Compilation> {
  const { module, report } = binarize(model, options);
  verifyModule(module);
  const program = lower(module, options.target);
  verifyProgram(program);
  const backend = await loadBackend(options.target.backend);
  const artifacts = await backend.emit(program, options.target, headerOf(options, report.grade));
  return { module, report, program, artifacts };
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
  const shape = options.shape === undefined ? "" : ` --shape ${options.shape.height}x${options.shape.width}`;
  return {
    tool: `bimonnc ${VERSION}`,
    options: `--target ${options.target.name} --binarize ${policyName(options.policy)}${shape}`,
    modelSha256: options.modelSha256,
    license: options.license ?? null,
    grade: `${grade}: ${MEANING[grade]}`,
  };
}

function policyName(policy: BinarizationPolicy): string {
  return policy === "approximate-constant" ? "approximate=constant" : policy;
}

const MEANING: Readonly<Record<Grade, string>> = {
  exact: "proved equal to the float network's bits on every input",
  hardened: "every neuron is its own threshold function of bits; not proved equal to the float network",
  approximate: "some neurons are replaced by the closest erosion or dilation",
};
