import { join } from "node:path";
import { createRunner, type GeneratedRun, guard, importFile, readArtifact } from "./run-js.js";
import type { Runner, RunnerOptions } from "./runner.js";

type Load = (source: Uint8Array) => Promise<{ readonly run: GeneratedRun }>;

/**
 * A runner that imports `<name>.wasm.js` and lets it load `<name>.wasm`.
 * @throws DiagnosticError BMN0101 when a file cannot be read, BMN0703 when the two are not such a pair
 */
export async function openWasmRunner(options: RunnerOptions): Promise<Runner> {
  const path = join(options.directory, `${options.name}.wasm`);
  const { load } = await importFile(`${path}.js`);
  const bytes = await readArtifact(path);
  const { run } = await guard(path, () => (load as Load)(Uint8Array.from(bytes)));
  return createRunner(options.interface, run, path);
}
