/** Many generated networks in one C program: one compilation, and a proof that their names do not clash. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Artifact } from "../../src/backends/backend.js";
import type { Outcome, Picture } from "../../src/morph/picture.js";
import { printDriver } from "../../src/run/c-driver.js";
import {
  type Call,
  decodeOutcomes,
  type ProgramInterface,
  packCalls,
  type RawResults,
  resultLengths,
} from "../../src/run/exchange.js";
import type { WordProgram } from "../../src/word/node.js";

export interface BatchNetwork {
  readonly program: WordProgram;
  readonly artifacts: readonly Artifact[];
}

export interface BatchOptions {
  readonly compiler: string;
  readonly flags: readonly string[];
  /** Defines NAME_PORTABLE for every network. */
  readonly portable?: boolean;
  /** Compiles every network by itself and links them, instead of as one translation unit. */
  readonly linked?: boolean;
  /** Runs the program where `compiler` is for another machine. */
  readonly emulator?: string;
}

export interface CBatch {
  run(network: number, pictures: readonly Picture[]): Outcome[];
  close(): void;
}

/** Compiles networks of different names into one program. @throws Error with what the compiler says */
export function openCBatch(networks: readonly BatchNetwork[], options: BatchOptions): CBatch {
  const folder = mkdtempSync(join(tmpdir(), "bimonnc-batch-"));
  const close = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    for (const { program, artifacts } of networks) {
      for (const { path, content } of artifacts) writeFileSync(join(folder, path), content);
      writeFileSync(join(folder, `${program.name}_driver.c`), printDriver(program.name, program.interface));
    }
    const names = networks.map(({ program }) => program.name);
    const linked = options.linked ?? false;
    const drivers = names.map((name) => [`${name}_renamed.c`, printRenamedDriver(name)] as const);
    for (const [path, text] of drivers) writeFileSync(join(folder, path), text);
    writeFileSync(join(folder, "batch.c"), printBatch(names, linked));
    const sources = linked ? names.flatMap((name) => [`${name}.c`, `${name}_renamed.c`]) : [];
    const macros = options.portable === true ? names.map((name) => `-D${name.toUpperCase()}_PORTABLE`) : [];
    const executable = join(folder, "batch");
    const operands = ["-std=c99", ...options.flags, ...macros, "-o", executable, "batch.c", ...sources];
    const build = spawnSync(options.compiler, operands, { cwd: folder, encoding: "utf8" });
    if (build.status !== 0) throw new Error(`${options.compiler}: ${build.stderr.slice(0, 4000)}`);
    const command = options.emulator === undefined ? [executable] : [options.emulator, executable];
    const run = (network: number, pictures: readonly Picture[]): Outcome[] =>
      runNetwork(command, network, networks[network]!.program.interface, pictures);
    return { run, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** The helpers and the main of every driver get the name of their network. */
const DRIVER_NAMES = ["reserve", "receive", "answer", "main"] as const;

function printRenamedDriver(name: string): string {
  const prefix = `${name}_driver_`;
  return `${DRIVER_NAMES.map((each) => `#define ${each} ${prefix}${each}`).join("\n")}
int main(void);
#include "${name}_driver.c"
${DRIVER_NAMES.map((each) => `#undef ${each}`).join("\n")}
`;
}

function printBatch(names: readonly string[], linked: boolean): string {
  const networks = names.flatMap((name) =>
    linked ? [`int ${name}_driver_main(void);`] : [`#include "${name}.c"`, `#include "${name}_renamed.c"`],
  );
  const cases = names.map((name, index) => `    case ${index}: return ${name}_driver_main();`);
  return `#include <stdlib.h>
${networks.join("\n")}

int main(int count, char **operands)
{
    switch (count > 1 ? atoi(operands[1]) : -1) {
${cases.join("\n")}
    }
    return 2;
}
`;
}

function runNetwork(
  [command = "", ...operands]: readonly string[],
  network: number,
  contract: ProgramInterface,
  pictures: readonly Picture[],
): Outcome[] {
  const calls = packCalls(contract, pictures);
  const input = Buffer.concat(calls.flatMap(encodeCall));
  const { status, stdout, stderr } = spawnSync(command, [...operands, String(network)], { input, maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`network ${network} ended with ${status}: ${stderr.toString().slice(0, 4000)}`);
  let position = 0;
  const take = (length: number): Uint32Array => {
    const bytes = Uint8Array.from(stdout.subarray(position, position + 4 * length));
    position += bytes.length;
    return new Uint32Array(bytes.buffer);
  };
  const takeResult = (length: number | null): Uint32Array | null => (length === null ? null : take(length));
  return calls.flatMap(({ extent }) => {
    const [code] = take(1);
    if (code !== 0) throw new Error(`network ${network} refuses ${extent.height}×${extent.width}`);
    const lengths = resultLengths(contract, extent);
    const output = takeResult(lengths.output);
    const classes = takeResult(lengths.classes);
    const scores = takeResult(lengths.scores);
    const results: RawResults = { output, classes, scores: scores === null ? null : new Int32Array(scores.buffer) };
    return decodeOutcomes(contract, extent, results);
  });
}

function encodeCall({ extent, input }: Call): Uint8Array[] {
  const sizes = Uint32Array.of(extent.height, extent.width, extent.count);
  return [sizes, input].map((array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
}
