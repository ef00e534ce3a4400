/** A model or module compiled for one way of running it, in a temporary folder. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Artifact, Header } from "../../src/backends/backend.js";
import { cBackend } from "../../src/backends/c/c.js";
import { jsBackend } from "../../src/backends/js/js.js";
import { wasmBackend } from "../../src/backends/wasm/wasm.js";
import type { BinarizationPolicy } from "../../src/binarize/report.js";
import { compile } from "../../src/compile.js";
import { interpretModule } from "../../src/ir/interpret.js";
import type { MorphModule } from "../../src/ir/node.js";
import { verifyModule } from "../../src/ir/verify.js";
import { lower } from "../../src/lower/lower.js";
import type { Model } from "../../src/model/types.js";
import { findCompiler, openCRunner } from "../../src/run/run-c.js";
import { createInterpreterRunner } from "../../src/run/run-interpreter.js";
import { openJsRunner } from "../../src/run/run-js.js";
import { openWasmRunner } from "../../src/run/run-wasm.js";
import type { Runner } from "../../src/run/runner.js";
import { findPreset } from "../../src/target/presets.js";
import type { Target } from "../../src/target/target.js";
import type { WordProgram } from "../../src/word/node.js";
import { verifyProgram } from "../../src/word/verify.js";

/** A way of running a network: an interpreter, or a target with, for C, a compiler and its flags. */
export interface Engine {
  readonly label: string;
  readonly target: string;
  readonly interpreter?: "morph" | "word";
  readonly compiler?: string;
  readonly flags?: readonly string[];
}

const INTERPRETERS: readonly Engine[] = [
  { label: "MorphIR", target: "c", interpreter: "morph" },
  { label: "WordIR", target: "c", interpreter: "word" },
  { label: "WordIR, 1 lane", target: "js", interpreter: "word" },
];

const TARGETS: readonly Engine[] = [
  { label: "wasm", target: "wasm" },
  { label: "wasm-mvp", target: "wasm-mvp" },
  { label: "js", target: "js" },
];

const COMPILERS: readonly Engine[] = [
  { label: "c gcc", target: "c", compiler: "gcc" },
  { label: "c clang", target: "c", compiler: "clang" },
  { label: "c-scalar gcc", target: "c-scalar", compiler: "gcc" },
];

/** Every engine that this machine has, and the labels of those it lacks. */
export function findEngines(): { readonly engines: readonly Engine[]; readonly missing: readonly string[] } {
  const found = COMPILERS.filter((engine) => findCompiler(engine.compiler ?? "") !== null);
  const missing = COMPILERS.filter((engine) => !found.includes(engine)).map((engine) => engine.label);
  return { engines: [...INTERPRETERS, ...TARGETS, ...found], missing };
}

export interface Compiled {
  readonly module: MorphModule;
  readonly program: WordProgram;
  readonly runner: Runner;
}

/** Compiles and opens; `runner.close()` removes the folder. */
export async function openEngine(model: Model, policy: BinarizationPolicy, engine: Engine): Promise<Compiled> {
  const target = targetOf(engine);
  const { module, program, artifacts } = await compile(model, { target, policy, modelSha256: HEADER.modelSha256 });
  return { module, program, runner: await openRunner(module, program, artifacts, engine) };
}

/** The same for a module that comes from no model. */
export async function openModule(module: MorphModule, engine: Engine): Promise<Compiled> {
  const target = targetOf(engine);
  verifyModule(module);
  const program = lower(module, target);
  verifyProgram(program);
  const artifacts = engine.interpreter === undefined ? await emitProgram(program, target) : [];
  return { module, program, runner: await openRunner(module, program, artifacts, engine) };
}

/** The generated files of a program. */
export function emitProgram(program: WordProgram, target: Target): Promise<readonly Artifact[]> {
  return BACKENDS[target.backend].emit(program, target, HEADER);
}

const BACKENDS = { c: cBackend, js: jsBackend, wasm: wasmBackend } as const;

const HEADER: Header = {
  tool: "bimonnc",
  options: "",
  modelSha256: "0".repeat(64),
  license: null,
  grade: "exact: a module is what it is",
};

function targetOf(engine: Engine): Target {
  const target = findPreset(engine.target);
  if (target === null) throw new Error(`no target ${engine.target}`);
  return target;
}

async function openRunner(
  module: MorphModule,
  program: WordProgram,
  artifacts: readonly Artifact[],
  engine: Engine,
): Promise<Runner> {
  if (engine.interpreter === "morph") return morphRunner(module);
  if (engine.interpreter === "word") return createInterpreterRunner(program);

  const { directory, remove } = writeArtifacts(artifacts);
  try {
    const runner = await openFiles(directory, program, engine);
    const close = async (): Promise<void> => {
      await runner.close();
      remove();
    };
    return { run: (pictures) => runner.run(pictures), close };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Writes files into a new temporary folder. */
export function writeArtifacts(artifacts: readonly Artifact[]): { readonly directory: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), "bimonnc-engine-"));
  for (const { path, content } of artifacts) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

function openFiles(directory: string, program: WordProgram, engine: Engine): Promise<Runner> {
  const options = { directory, name: program.name, interface: program.interface };
  switch (targetOf(engine).backend) {
    case "wasm":
      return openWasmRunner(options);
    case "js":
      return openJsRunner(options);
    case "c":
      return openCRunner({ ...options, compiler: engine.compiler ?? "gcc", flags: engine.flags ?? ["-O1"] });
  }
}

function morphRunner(module: MorphModule): Runner {
  return {
    run: async (pictures) => pictures.map((picture) => interpretModule(module, picture)),
    close: async () => {},
  };
}
