/** Runs generated C: compiles it with a driver into a temporary folder and talks to the process over its pipes. */
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fail } from "../diagnostics.js";
import type { Outcome, Picture } from "../morph/picture.js";
import { printDriver } from "./c-driver.js";
import {
  type Call,
  decodeOutcomes,
  type ProgramInterface,
  packCalls,
  type RawResults,
  refuseExtent,
  resultLengths,
} from "./exchange.js";
import { execute, firstLines } from "./execute.js";
import type { Runner, RunnerOptions } from "./runner.js";

export interface COptions extends RunnerOptions {
  /** Name of a command (`gcc`, `clang`) or its path. */
  readonly compiler: string;
  /** Flags besides `-std=c99`; `-O2` when absent. */
  readonly flags?: readonly string[];
}

/** Path of a compiler on this machine, or null. */
export function findCompiler(name: string): string | null {
  // A path is taken as it is: `join` would make `./gcc` the `gcc` of PATH.
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const candidates = name.includes("/") ? [name] : folders.map((folder) => join(folder, name));
  return candidates.find(isExecutable) ?? null;
}

/** Compilers that are tried where none is named. */
export const USUAL_COMPILERS = ["gcc", "clang"] as const;

/**
 * Path of the compiler that the user names, else of the first usual one.
 * @throws DiagnosticError BMN0504 if there is none
 */
export function requireCompiler(name: string | undefined): string {
  const wanted = name === undefined ? USUAL_COMPILERS : [name];
  const compiler = wanted.map((each) => findCompiler(each)).find((each) => each !== null);
  if (compiler !== undefined) return compiler;
  return fail("BMN0504", `no C compiler was found: ${wanted.join(", ")}`, {
    hint: "install gcc or clang, or name a compiler with --compiler",
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Generated C and its driver as a program. */
export interface CProgram {
  /** Path; any number of threads may run it at once. */
  readonly executable: string;
  /** Removes it. */
  close(): Promise<void>;
}

/**
 * Compiles `name.c` of the folder and runs it.
 * @throws DiagnosticError as {@link buildCProgram}
 */
export async function openCRunner(options: COptions): Promise<Runner> {
  const { executable, close } = await buildCProgram(options);
  return { ...createCRunner(executable, options.interface), close };
}

/** A runner that starts the program for each group of pictures. */
export function createCRunner(executable: string, contract: ProgramInterface): Runner {
  return { run: (pictures) => runPictures(executable, contract, pictures), close: async () => {} };
}

/**
 * Compiles `name.c` of the folder. The buffers that the driver hands to it are of exactly the promised sizes, so that
 * a sanitizer sees any access beyond them.
 * @throws DiagnosticError BMN0504 without a compiler that writes programs, BMN0703 if it refuses the code
 */
export async function buildCProgram(options: COptions): Promise<CProgram> {
  const compiler = findCompiler(options.compiler);
  if (compiler === null) {
    fail("BMN0504", `the C compiler ${options.compiler} was not found`, { hint: "install it, or name another one" });
  }
  const folder = mkdtempSync(join(tmpdir(), "bimonnc-"));
  const close = async (): Promise<void> => rmSync(folder, { recursive: true, force: true });
  try {
    const driver = join(folder, "main.c");
    const executable = join(folder, "main");
    writeFileSync(driver, printDriver(options.name, options.interface));
    const source = join(options.directory, `${options.name}.c`);
    const flags = ["-std=c99", ...(options.flags ?? ["-O2"])];
    const build = await execute(compiler, [...flags, "-I", options.directory, "-o", executable, driver, source]);
    if (build.status !== 0) fail("BMN0703", `${options.compiler} refuses ${source}: ${firstLines(build.errors)}`);
    requireProgram(executable, options.compiler);
    return { executable, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @throws DiagnosticError BMN0504 if a compiler that ended well has not written `executable` */
export function requireProgram(executable: string, compiler: string): void {
  if (isExecutable(executable)) return;
  fail("BMN0504", `the C compiler ${compiler} ended well but wrote no program`, {
    hint: "name another compiler with --compiler",
  });
}

async function runPictures(
  executable: string,
  contract: ProgramInterface,
  pictures: readonly Picture[],
): Promise<Outcome[]> {
  const calls = packCalls(contract, pictures);
  if (calls.length === 0) return [];
  const { status, output, errors } = await execute(executable, [], { input: calls.flatMap(encodeCall) });
  if (status !== 0) fail("BMN0703", `the program ended with ${status}: ${firstLines(errors)}`);
  return decodeAnswers(contract, calls, output);
}

/** Three words for the extent, then the input, all in this machine's byte order. */
function encodeCall({ extent, input }: Call): Uint8Array[] {
  return [bytesOf(Uint32Array.of(extent.height, extent.width, extent.count)), bytesOf(input)];
}

function bytesOf(array: Uint32Array | Uint8Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** Each answer is a return code and, if that is 0, the result buffers. */
function decodeAnswers(contract: ProgramInterface, calls: readonly Call[], output: Uint8Array): Outcome[] {
  let position = 0;
  const take = (length: number): ArrayBuffer => {
    const end = position + 4 * length;
    if (end > output.length) fail("BMN0703", `the program answered ${output.length} bytes, too few`);
    // A copy, since words must lie at multiples of four.
    const bytes = Uint8Array.from(output.subarray(position, end));
    position = end;
    return bytes.buffer;
  };
  const takeWords = (length: number | null): Uint32Array | null =>
    length === null ? null : new Uint32Array(take(length));
  return calls.flatMap(({ extent }) => {
    const [code] = new Uint32Array(take(1));
    if (code !== 0) refuseExtent(contract, extent);
    const lengths = resultLengths(contract, extent);
    const results: RawResults = {
      output: takeWords(lengths.output),
      classes: takeWords(lengths.classes),
      scores: lengths.scores === null ? null : new Int32Array(take(lengths.scores)),
    };
    return decodeOutcomes(contract, extent, results);
  });
}
