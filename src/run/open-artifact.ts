/** Compiled artifacts on disk: their files checked against the manifest, then loaded by the runner of their backend. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Diagnostic, DiagnosticError, fail, unreachable } from "../diagnostics.js";
import type { Manifest, ManifestFile } from "./manifest.js";
import type { Runner } from "./runner.js";

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

/**
 * Loads an artifact whose files lie in `directory`. Call {@link checkFiles} first: this runs the code.
 * @throws DiagnosticError BMN0504 if it cannot run on this machine
 */
export async function openArtifact(manifest: Manifest, directory: string, options: OpenOptions = {}): Promise<Runner> {
  const { name, interface: contract, target } = manifest;
  const runnerOptions = { directory, name, interface: contract };
  switch (target.backend) {
    case "wasm":
      return (await import("./run-wasm.js")).openWasmRunner(runnerOptions);
    case "js":
      return (await import("./run-js.js")).openJsRunner(runnerOptions);
    case "c": {
      const { findCompiler, openCRunner } = await import("./run-c.js");
      const wanted = options.compiler === undefined ? ["gcc", "clang"] : [options.compiler];
      const compiler = wanted.map((each) => findCompiler(each)).find((each) => each !== null);
      if (compiler === undefined) {
        fail("BMN0504", `no C compiler was found: ${wanted.join(", ")}`, {
          hint: "install gcc or clang, or name a compiler with --compiler",
        });
      }
      return openCRunner({ ...runnerOptions, compiler });
    }
    default:
      return unreachable(target.backend);
  }
}
