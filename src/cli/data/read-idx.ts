/** IDX files, compressed or not. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { decodeIdx, type IdxArray, MAXIMUM_IDX_BYTES } from "../../data/idx.js";
import { fail, withSource } from "../../diagnostics.js";
import { readFile } from "../files.js";
import type { MemoryBudget } from "./memory-budget.js";

/** Files of a set in the form of MNIST, by their first names. */
export const IDX_FILES = {
  trainingPictures: "train-images-idx3-ubyte",
  trainingLabels: "train-labels-idx1-ubyte",
  testPictures: "t10k-images-idx3-ubyte",
  testLabels: "t10k-labels-idx1-ubyte",
} as const;

export type IdxFileName = (typeof IDX_FILES)[keyof typeof IDX_FILES];

/**
 * The array of one file of `folder`, which may also have a dot for the dash before `idx`, and be compressed by gzip.
 * @throws DiagnosticError BMN0101, BMN0103, BMN0802, BMN0803, BMN0807
 */
export function readIdx(folder: string, name: IdxFileName, budget: MemoryBudget): IdxArray {
  const names = [name, name.replace("-idx", ".idx")].flatMap((each) => [each, `${each}.gz`]);
  const path = names.map((each) => join(folder, each)).find((each) => existsSync(each));
  if (path === undefined) {
    fail("BMN0803", `there is no file ${name} or ${name}.gz`, {
      source: folder,
      hint: `the folder needs ${Object.values(IDX_FILES).join(", ")}; bimonnc data fetch mnist -o DIR fetches them`,
    });
  }
  const bytes = readFile(path, MAXIMUM_IDX_BYTES);
  return withSource(path, () => {
    const array = decodeIdx(path.endsWith(".gz") ? gunzip(bytes, MAXIMUM_IDX_BYTES) : bytes);
    budget.take(array.samples.length);
    return array;
  });
}

/** @throws DiagnosticError BMN0802, BMN0103 for more than `limit` bytes */
export function gunzip(bytes: Uint8Array, limit: number): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: limit });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    if (code === "ERR_BUFFER_TOO_LARGE") fail("BMN0103", `more than ${limit} bytes without compression`);
    return fail("BMN0802", `the compressed file is corrupt (${code})`, {
      hint: "the file may be truncated, or not of gzip; fetch it again",
    });
  }
}
