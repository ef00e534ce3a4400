/** One IDX file, compressed or not. */
import { gunzipSync } from "node:zlib";
import { decodeIdx, type IdxArray, MAXIMUM_IDX_BYTES } from "../data/idx.js";
import { fail, withSource } from "../diagnostics.js";
import { readFile } from "./files.js";
import type { MemoryBudget } from "./memory-budget.js";

/** A name that ends in `.gz` is compressed. @throws DiagnosticError BMN0101, BMN0103, BMN0802, BMN0807 */
export function readIdxFile(path: string, budget: MemoryBudget): IdxArray {
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
