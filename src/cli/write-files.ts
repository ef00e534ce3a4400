/** Writing a set of files: all of them or none. */
import { existsSync, lstatSync, mkdirSync, renameSync, rmdirSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { fail } from "../diagnostics.js";
import { systemReason } from "./files.js";

/** A file to write; a relative path is below the folder of its set. */
export interface OutputFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** The calls that can fail half-way; a test makes them fail. */
export interface OutputSystem {
  readonly write: (path: string, content: string | Uint8Array) => void;
  readonly rename: (from: string, to: string) => void;
}

const FILE_SYSTEM: OutputSystem = {
  write: (path, content) => writeFileSync(path, content, { flag: "wx" }),
  rename: renameSync,
};

/**
 * Writes the files under `directory`, which is made if need be. Either every file is there in the end, or the folder is
 * as it was: files get temporary names first, the ones they replace are set aside, and a failure undoes every step.
 * Works without a pause, so that a signal whose handler is set arrives before or after it, never in between.
 * @throws DiagnosticError BMN0102
 */
export function writeFiles(directory: string, files: readonly OutputFile[], system = FILE_SYSTEM): void {
  /** What takes back the steps done so far, last first. */
  const undo: (() => void)[] = [];
  let current = directory;
  try {
    makeDirectory(directory, undo);
    const suffix = `.${process.pid}.tmp`;
    const moves = files.map((file, index) => {
      const path = isAbsolute(file.path) ? file.path : join(directory, file.path);
      return { path, temporary: join(dirname(path), `.${index}${suffix}`), content: file.content };
    });
    for (const { path, temporary, content } of moves) {
      current = path;
      makeDirectory(dirname(path), undo);
      undo.push(() => rmSync(temporary, { force: true }));
      system.write(temporary, content);
    }
    const replaced: string[] = [];
    for (const { path, temporary } of moves) {
      current = path;
      if (isFile(path)) {
        const aside = `${temporary}.old`;
        system.rename(path, aside);
        undo.push(() => renameSync(aside, path));
        replaced.push(aside);
      }
      system.rename(temporary, path);
      undo.push(() => unlinkSync(path));
    }
    for (const aside of replaced) rmSync(aside, { force: true });
  } catch (error) {
    for (const step of undo.toReversed()) attemptQuietly(step);
    fail("BMN0102", `cannot write the file: ${writingReason(error)}`, {
      source: current,
      hint: "name another place with --output",
    });
  }
}

/** Folders that are missing are made, so one that still is missing cannot be. */
function writingReason(error: unknown): string {
  const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
  return isMissing ? "its folder cannot be made" : systemReason(error);
}

/** Makes a folder and the folders above it, one by one, so that only those made here are removed again. */
function makeDirectory(directory: string, undo: (() => void)[]): void {
  if (existsSync(directory)) return;
  const parent = dirname(directory);
  if (parent !== directory) makeDirectory(parent, undo);
  mkdirSync(directory);
  undo.push(() => rmdirSync(directory));
}

/** Anything but a folder, which `rename` then refuses to replace. */
function isFile(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat !== undefined && !stat.isDirectory();
}

/** One step that cannot be taken back must not keep the others from it. */
function attemptQuietly(step: () => void): void {
  try {
    step();
  } catch {
    // The folder was changed by someone else meanwhile; the first failure is the one to report.
  }
}
