/** Whether a downloaded file is the one that was meant. */
import { createHash } from "node:crypto";
import { decodeIdx, type IdxArray } from "../../data/idx.js";
import type { KnownFile } from "../../data/known-sets.js";
import { DiagnosticError, fail, unreachable } from "../../diagnostics.js";
import { gunzip } from "../read-idx-file.js";

/** Most bytes that a compressed file has: what cannot be compressed gets longer by less than this. */
export function mostBytes(file: KnownFile): number {
  return Math.ceil(contentSize(file) * 1.01) + 1024;
}

/** Bytes of the IDX file inside. */
function contentSize({ dimensions }: KnownFile): number {
  return 4 + 4 * dimensions.length + dimensions.reduce((product, each) => product * each, 1);
}

/**
 * @param bytes compressed by gzip
 * @param source place of the file, for messages
 * @throws DiagnosticError BMN0806
 */
export function checkDownload(bytes: Uint8Array, file: KnownFile, source: string): void {
  const content = meaning(source, () => gunzip(bytes, contentSize(file)));
  const { dimensions } = meaning(source, (): IdxArray => decodeIdx(content));
  if (dimensions.join() !== file.dimensions.join()) {
    fail("BMN0806", `the file has ${dimensions.join("×")} bytes, not ${file.dimensions.join("×")}`, { source });
  }
  const [found, expected] = digests(bytes, content, file);
  if (found !== expected) fail("BMN0806", `the checksum is ${found}, not ${expected}`, { source });
}

function digests(bytes: Uint8Array, content: Uint8Array, { checksum }: KnownFile): readonly [string, string] {
  switch (checksum.of) {
    case "content":
      return [createHash("sha256").update(content).digest("hex"), checksum.sha256];
    case "file":
      return [createHash("md5").update(bytes).digest("hex"), checksum.md5];
    default:
      return unreachable(checksum);
  }
}

/** What is wrong with a file of the user's own is wrong with the download here. */
function meaning<T>(source: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    const [first] = error.diagnostics;
    return fail("BMN0806", first?.message ?? "the file is not what it should be", { source });
  }
}
