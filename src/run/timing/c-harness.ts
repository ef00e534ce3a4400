/** The harness as a program: its building, one run for the answers, and the slices that it times. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fail } from "../../diagnostics.js";
import type { Extent } from "../exchange.js";
import { execute, firstLines, start } from "../execute.js";
import { requireProgram } from "../run-c.js";
import { type CContender, printContenders } from "./c-contenders.js";
import { HARNESS_HEADER, HARNESS_SOURCE } from "./harness.js";

/** What is built, all of it in `folder`. */
export interface HarnessPlan {
  /** Exists, and is removed by the caller; holds the generated files. */
  readonly folder: string;
  readonly compiler: string;
  /** C files with what they are compiled with besides `-std=c99 -O2`; the path may be relative to `folder`. */
  readonly sources: readonly CSource[];
  readonly contenders: readonly CContender[];
  /** See {@link printContenders}. */
  readonly source: string;
  readonly includes?: readonly string[];
  /** Further folders for `#include`. */
  readonly includeFolders?: readonly string[];
  /** Objects that were compiled otherwise, and how to link them. */
  readonly objects?: readonly string[];
  readonly linkerFlags?: readonly string[];
}

export interface CSource {
  readonly path: string;
  readonly object: string;
  readonly flags: readonly string[];
}

/**
 * Compiles everything, and returns the path of the program.
 * @throws DiagnosticError BMN0504 if the compiler cannot be started or writes nothing, BMN0703 if it refuses the code
 */
export async function buildHarness(plan: HarnessPlan, signal?: AbortSignal): Promise<string> {
  const { folder, compiler } = plan;
  writeFileSync(join(folder, "harness.h"), HARNESS_HEADER);
  writeFileSync(join(folder, "harness.c"), HARNESS_SOURCE);
  writeFileSync(join(folder, "contenders.c"), printContenders(plan.contenders, plan.source, plan.includes));
  const sources = [
    ...plan.sources,
    { path: "contenders.c", object: "contenders.o", flags: [] },
    { path: "harness.c", object: "harness.o", flags: [] },
  ];
  const include = [folder, ...(plan.includeFolders ?? [])].flatMap((each) => ["-I", each]);
  const call = async (operands: readonly string[]): Promise<void> => {
    const { status, errors } = await execute(compiler, operands, { signal, temporary: folder });
    if (status !== 0) fail("BMN0703", `${compiler} refuses generated code: ${firstLines(errors)}`);
  };
  const at = (path: string): string => (path.startsWith("/") ? path : join(folder, path));
  await Promise.all(
    sources.map(({ path, object, flags }) =>
      call(["-std=c99", "-O2", ...flags, ...include, "-c", "-o", at(object), at(path)]),
    ),
  );
  const executable = join(folder, "harness");
  const objects = [...sources.map(({ object }) => at(object)), ...(plan.objects ?? [])];
  await call(["-o", executable, ...objects, ...(plan.linkerFlags ?? [])]);
  requireProgram(executable, compiler);
  return executable;
}

/** Contenders that can be asked for one slice after the other. */
export interface Timer {
  readonly labels: readonly string[];
  /** Nanoseconds per call of each contender: the mean over a slice of about 4 ms. */
  slice(): Promise<readonly number[]>;
}

export interface HarnessTimer extends Timer {
  /** Of every contender in order; see answer.ts. */
  readonly answers: readonly Uint32Array[];
  close(): Promise<void>;
}

/** What one run of the harness works on. */
export interface HarnessRun {
  readonly folder: string;
  readonly executable: string;
  readonly labels: readonly string[];
  readonly extent: Extent;
  readonly input: Uint32Array | Uint8Array;
}

/**
 * Starts the harness: it has answered once, and times slices when it is asked.
 * @throws DiagnosticError BMN0703 if it ends early
 */
export async function openHarness(run: HarnessRun, signal?: AbortSignal): Promise<HarnessTimer> {
  const { folder, executable, labels, extent, input } = run;
  const [inputFile, answerFile] = [join(folder, "input"), join(folder, "answers")];
  writeFileSync(inputFile, wholeWords(input));
  const sizes = [extent.height, extent.width, extent.count].map(String);
  const child = start(executable, ["time", inputFile, answerFile, ...sizes], { signal });
  const closed = new Promise<void>((resolve) => child.on("close", () => resolve()));
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString("utf8");
  });
  child.on("error", (error) => {
    errors += error.message;
  });
  child.stdin.on("error", () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done !== true) return value;
    await closed;
    return fail("BMN0703", `generated C ended with ${child.exitCode ?? child.signalCode}: ${firstLines(errors)}`);
  };
  const close = async (): Promise<void> => {
    child.stdin.end();
    await closed;
  };
  try {
    await nextLine();
    return {
      labels,
      answers: readAnswers(answerFile, labels.length),
      slice: async () => {
        child.stdin.write("\n");
        return (await nextLine()).trim().split(" ").map(Number);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The harness reads words, of which bytes may leave the last one incomplete. */
function wholeWords(input: Uint32Array | Uint8Array): Uint8Array {
  const bytes = new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  if (bytes.length % 4 === 0) return bytes;
  const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  padded.set(bytes);
  return padded;
}

/** All answers have one length. */
function readAnswers(path: string, count: number): readonly Uint32Array[] {
  const bytes = readFileSync(path);
  const words = new Uint32Array(Uint8Array.from(bytes).buffer);
  const length = words.length / count;
  return Array.from({ length: count }, (_, index) => words.subarray(index * length, (index + 1) * length));
}
