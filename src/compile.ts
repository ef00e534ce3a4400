/** The pipeline: model → MorphIR → WordIR → generated files. */
import type { Artifact } from "./backends/backend.js";
import type { BinarizationPolicy, BinarizationReport } from "./binarize/report.js";
import { InternalError } from "./diagnostics.js";
import type { MorphModule } from "./ir/node.js";
import type { Model } from "./model/types.js";
import type { Target } from "./target/target.js";
import type { WordProgram } from "./word/node.js";

export interface CompileOptions {
  readonly target: Target;
  readonly policy: BinarizationPolicy;
  /** Fixes a free input size. */
  readonly shape?: { readonly height: number; readonly width: number };
  /** SHA-256 of the model file, hexadecimal, for the headers. */
  readonly modelSha256: string;
  readonly license?: string;
}

export interface Compilation {
  readonly module: MorphModule;
  readonly report: BinarizationReport;
  readonly program: WordProgram;
  readonly artifacts: readonly Artifact[];
}

export async function compile(model: Model, options: CompileOptions): Promise<Compilation> {
  throw new InternalError(`${model.name} ${options.target.name}`);
}
