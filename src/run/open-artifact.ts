/** Compiled artifacts on disk: their files checked against the manifest, then loaded by the runner of their backend. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Diagnostic, DiagnosticError, unreachable } from "../diagnostics.js";
import type { Manifest, ManifestFile } from "./manifest.js";
import type { Runner, RunnerOptions } from "./runner.js";

export interface OpenOptions {
  /** C compiler; without it gcc, then clang. Ignored by other backends. */
  readonly compiler?: string;
}

/** Hexadecimal SHA-256. */
export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/**
 * Compares every file that the manifest lists, in `directory`, with its size and hash.
 * @throws DiagnosticError BMN0702, one diagnostic per file that is missing or differs
 */
export function checkFiles(manifest: Manifest, directory: string): void {
  const diagnostics = manifest.files.flatMap((file) => checkFile(file, join(directory, file.path)));
  if (diagnostics.length > 0) throw new DiagnosticError(diagnostics);
}

function checkFile(file: ManifestFile, source: string): readonly Diagnostic[] {
  const found = readOrNull(source);
  const hint = "compile the model again";
  if (found === null) return [{ code: "BMN0702", message: "a file of the artifact is missing", source, hint }];
  const actual = sha256(found);
  if (found.length === file.bytes && actual === file.sha256) return [];
  const message = `the file has ${found.length} bytes and SHA-256 ${actual}, not ${file.bytes} bytes and ${file.sha256}`;
  return [{ code: "BMN0702", message, source, hint }];
}

function readOrNull(path: string): Uint8Array | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}

/** An artifact that can be opened any number of times, in any thread: plain data. */
export type PreparedArtifact = RunnerOptions &
  ({ readonly backend: "wasm" | "js" } | { readonly backend: "c"; readonly executable: string });

/** A prepared artifact and what ends its life, after every runner that was opened on it. */
export interface Preparation {
  readonly artifact: PreparedArtifact;
  close(): Promise<void>;
}

/**
 * Makes an artifact whose files lie in `directory` ready to be opened: C is compiled. Call {@link checkFiles} first.
 * @throws DiagnosticError BMN0504 if it cannot run on this machine
 */
export async function prepareArtifact(
  manifest: Manifest,
  directory: string,
  options: OpenOptions = {},
): Promise<Preparation> {
  const { name, interface: contract, target } = manifest;
  const { backend } = target;
  const runnerOptions = { directory, name, interface: contract };
  if (backend !== "c") return { artifact: { ...runnerOptions, backend }, close: async () => {} };
  const { buildCProgram, requireCompiler } = await import("./run-c.js");
  const compiler = requireCompiler(options.compiler);
  const { executable, close } = await buildCProgram({ ...runnerOptions, compiler });
  return { artifact: { ...runnerOptions, backend, executable }, close };
}

/** Loads a prepared artifact: this runs its code. */
export async function openPrepared(artifact: PreparedArtifact): Promise<Runner> {
  switch (artifact.backend) {
    case "wasm":
      return (await import("./run-wasm.js")).openWasmRunner(artifact);
    case "js":
      return (await import("./run-js.js")).openJsRunner(artifact);
    case "c":
      return (await import("./run-c.js")).createCRunner(artifact.executable, artifact.interface);
    default:
      return unreachable(artifact);
  }
}

/**
 * Prepares and loads an artifact whose files lie in `directory`. Call {@link checkFiles} first: this runs the code.
 * @throws DiagnosticError BMN0504 if it cannot run on this machine
 */
export async function openArtifact(manifest: Manifest, directory: string, options: OpenOptions = {}): Promise<Runner> {
  const { artifact, close } = await prepareArtifact(manifest, directory, options);
  const runner = await openPrepared(artifact);
  return { ...runner, close };
}
