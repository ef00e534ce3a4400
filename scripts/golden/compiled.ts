/** A model compiled for one way of running it, in a temporary folder. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { BinarizationPolicy } from "../../src/binarize/report.js";
import { compile } from "../../src/compile.js";
import { interpretModule } from "../../src/ir/interpret.js";
import type { MorphModule } from "../../src/ir/node.js";
import type { Model } from "../../src/model/types.js";
import { findCompiler, openCRunner } from "../../src/run/run-c.js";
import { createInterpreterRunner } from "../../src/run/run-interpreter.js";
import { openJsRunner } from "../../src/run/run-js.js";
import { openWasmRunner } from "../../src/run/run-wasm.js";
import type { Runner } from "../../src/run/runner.js";
import { findPreset } from "../../src/target/presets.js";
import type { WordProgram } from "../../src/word/node.js";

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
  const target = findPreset(engine.target);
  if (target === null) throw new Error(`no target ${engine.target}`);
  const { module, program, artifacts } = await compile(model, { target, policy, modelSha256: "0".repeat(64) });
  if (engine.interpreter === "morph") return { module, program, runner: morphRunner(module) };
  if (engine.interpreter === "word") return { module, program, runner: createInterpreterRunner(program) };

  const directory = mkdtempSync(join(tmpdir(), "bimonnc-engine-"));
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  try {
    for (const { path, content } of artifacts) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), content);
    }
    const options = { directory, name: model.name, interface: program.interface };
    const runner = await ((): Promise<Runner> => {
      switch (target.backend) {
        case "wasm":
          return openWasmRunner(options);
        case "js":
          return openJsRunner(options);
        case "c":
          return openCRunner({ ...options, compiler: engine.compiler ?? "gcc", flags: engine.flags ?? ["-O1"] });
      }
    })();
    const close = async (): Promise<void> => {
      await runner.close();
      remove();
    };
    return { module, program, runner: { run: (pictures) => runner.run(pictures), close } };
  } catch (error) {
    remove();
    throw error;
  }
}

function morphRunner(module: MorphModule): Runner {
  return {
    run: async (pictures) => pictures.map((picture) => interpretModule(module, picture)),
    close: async () => {},
  };
}
