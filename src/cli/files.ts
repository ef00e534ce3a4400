/** Reading what the user names: regular files and standard input, never more than is sensible. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { fail, withSource } from "../diagnostics.js";
import type { Io } from "./context.js";

/** Largest model file, in bytes. */
export const MAXIMUM_MODEL_BYTES = 2 ** 30;

/** Name of standard input and standard output on the command line. */
export const STREAM = "-";

/** Name of a source in messages. */
export function sourceName(path: string): string {
  return path === STREAM ? "standard input" : path;
}

/** Where standard input comes from: a command's context, or less. */
export interface InputContext {
  readonly io: Pick<Io, "readStdin">;
}

/**
 * The bytes of a file, or of standard input for `-`.
 * @throws DiagnosticError BMN0101 if it cannot be read, BMN0103 if it has more than `limit` bytes
 */
export async function readInput(path: string, limit: number, context: InputContext): Promise<Uint8Array> {
  if (path !== STREAM) return readFile(path, limit);
  const bytes = await context.io.readStdin(limit);
  return withSource(sourceName(path), () => {
    if (bytes.length > limit) refuseLength(limit);
    return bytes;
  });
}

/** {@link readInput} for files alone. */
export function readFile(path: string, limit: number): Uint8Array {
  return withSource(path, () => {
    const file = attempt(() => openSync(path, "r"));
    try {
      return readOpenFile(file, limit);
    } finally {
      closeSync(file);
    }
  });
}

/** A pipe's length is not known: read to the end, or to one byte past the limit. */
function readOpenFile(file: number, limit: number): Uint8Array {
  const stat = attempt(() => fstatSync(file));
  if (stat.size > limit) refuseLength(limit);
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const chunk = new Uint8Array(Math.max(stat.size - total, 0) + 4096);
    const length = attempt(() => readSync(file, chunk));
    if (length === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, length));
    total += length;
    if (total > limit) refuseLength(limit);
  }
}

function attempt<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    return fail("BMN0101", `cannot read the file: ${systemReason(error)}`);
  }
}

function refuseLength(limit: number): never {
  fail("BMN0103", `more than ${limit} bytes, which no valid file has`);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "it does not exist",
  ENOTDIR: "a part of its path is not a folder",
  EISDIR: "it is a folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "no space left",
  EEXIST: "it exists already",
  ENAMETOOLONG: "its name is too long",
};

/** Why the operating system refused, in words. */
export function systemReason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
  return REASONS[code] ?? code;
}
