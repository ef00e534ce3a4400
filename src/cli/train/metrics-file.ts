/** What was measured on the way, as JSON lines: one object a line, in the order of the steps. */
import { closeSync, existsSync, mkdirSync, openSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { fail, InternalError } from "../../diagnostics.js";
import { stringify } from "../context.js";
import { readFile, systemReason } from "../files.js";
import { writeFiles } from "../write-files.js";

/** Millions of records; a longer file is not ours. */
const MAXIMUM_BYTES = 2 ** 28;
/** A record has some hundred bytes; no longer line is read as one. */
const LONGEST_LINE = 2 ** 16;

const NEWLINE = 10;

export interface MetricsFile {
  /** Appends one line; numbers that are not finite become their names, in quotes. @throws DiagnosticError BMN0102 */
  readonly write: (record: object) => void;
  readonly close: () => void;
}

/**
 * Begins the file anew, or goes on with it: then the records of steps beyond `resumeStep` are removed first, and with
 * them every line that is no record, such as the last one of a process that died while it wrote.
 * @throws DiagnosticError BMN0101 and BMN0103 if the file to go on with cannot be read, BMN0102 if it cannot be written
 */
export function openMetricsFile(path: string, resumeStep: number | null): MetricsFile {
  // Pipes and devices have nothing to cut back.
  if (resumeStep !== null && existsSync(path) && !isSpecial(path)) cutBack(path, resumeStep);
  let file: number | null = attempt(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, resumeStep === null ? "w" : "a");
  });
  return {
    write: (record) => {
      if (file === null) throw new InternalError("the metrics file is closed");
      const open = file;
      attempt(path, () => writeFileSync(open, `${stringify(record, 0)}\n`));
    },
    close: () => {
      if (file !== null) closeSync(file);
      file = null;
    },
  };
}

function isSpecial(path: string): boolean {
  const stat = statSync(path);
  return !stat.isFile() && !stat.isDirectory();
}

function cutBack(path: string, step: number): void {
  const bytes = readFile(path, MAXIMUM_BYTES);
  // One more, for the end of a last line that has none. No list of lines: there may be as many as bytes.
  const kept = new Uint8Array(bytes.length + 1);
  let length = 0;
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(NEWLINE, start);
    const end = found === -1 ? bytes.length : found;
    const line = bytes.subarray(start, end);
    if ((stepOf(line) ?? Number.POSITIVE_INFINITY) <= step) {
      kept.set(line, length);
      length += line.length;
      kept[length++] = NEWLINE;
    }
    start = end + 1;
  }
  const content = kept.subarray(0, length);
  if (Buffer.compare(content, bytes) !== 0) writeFiles(dirname(path), [{ path: basename(path), content }]);
}

/** Step of a record; null if the line is none. */
function stepOf(line: Uint8Array): number | null {
  if (line.length === 0 || line.length > LONGEST_LINE) return null;
  let record: unknown;
  try {
    record = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(line));
  } catch {
    return null;
  }
  if (typeof record !== "object" || record === null || !("step" in record)) return null;
  return typeof record.step === "number" ? record.step : null;
}

function attempt<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    return fail("BMN0102", `cannot write the file: ${systemReason(error)}`, {
      source: path,
      hint: "name another place with --output",
    });
  }
}
