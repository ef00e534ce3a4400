import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DiagnosticError, fail } from "../diagnostics.js";
import { entryParameters } from "../word/node.js";
import { type Call, decodeOutcomes, type ProgramInterface, packCalls, type RawResults } from "./exchange.js";
import type { Runner, RunnerOptions } from "./runner.js";

/** What a generated JavaScript module, or a loaded WASM one, offers. */
/** Takes the sizes, and perhaps an earlier result to overwrite. */
export type GeneratedRun = (
  input: Uint32Array | Uint8Array,
  ...sizesAndInto: (number | GeneratedResult)[]
) => GeneratedResult;

type GeneratedResult =
  | Uint32Array
  | { readonly output: Uint32Array }
  | { readonly classes: Uint32Array; readonly limbs: Int32Array };

/**
 * A runner that imports `<name>.js`.
 * @throws DiagnosticError BMN0101 when the file cannot be read, BMN0703 when it is not such a module
 */
export async function openJsRunner(options: RunnerOptions): Promise<Runner> {
  const path = join(options.directory, `${options.name}.js`);
  const { run } = await importFile(path);
  return createRunner(options.interface, run as GeneratedRun, path);
}

/**
 * The exports of a generated ES module. Imported from its text: Node would take a `.js` file for CommonJS in many a
 * folder, and would answer with the old module after a file was generated anew.
 */
export async function importFile(path: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readArtifact(path);
  return guard(path, () => importText(text));
}

/** The exports of an ES module of this text. */
export function importText(text: Buffer): Promise<Readonly<Record<string, unknown>>> {
  const address = `data:text/javascript;base64,${text.toString("base64")}`;
  return import(/* @vite-ignore */ address) as Promise<Readonly<Record<string, unknown>>>;
}

/** @throws DiagnosticError BMN0101 */
export async function readArtifact(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    return fail("BMN0101", `${path} cannot be read: ${messageOf(error)}`);
  }
}

/** A runner around the `run` of a generated module. */
export function createRunner(contract: ProgramInterface, run: GeneratedRun, path: string): Runner {
  return {
    run: async (pictures) => {
      const outcomes = [];
      for (const call of packCalls(contract, pictures)) {
        const results = await guard(path, async () => answer(contract, run, call));
        for (const outcome of decodeOutcomes(contract, call.extent, results)) outcomes.push(outcome);
      }
      return outcomes;
    },
    close: async () => {},
  };
}

function answer(contract: ProgramInterface, run: GeneratedRun, { extent, input }: Call): RawResults {
  const sizes = entryParameters({ interface: contract }).map((name) => extent[name]);
  return rawResults(run(input, ...sizes));
}

/** What a call of generated code answered. */
export function rawResults(result: GeneratedResult): RawResults {
  if (result instanceof Uint32Array) return { output: result, classes: null, scores: null };
  if ("output" in result) return { output: result.output, classes: null, scores: null };
  return { output: null, classes: result.classes, scores: result.limbs };
}

/** Runs `action`; whatever it throws but diagnostics becomes BMN0703. */
export async function guard<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof DiagnosticError) throw error;
    return fail("BMN0703", `${path} failed: ${messageOf(error)}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
