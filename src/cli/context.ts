/** What a command may touch besides files: the standard streams, and how the user wants to be answered. */

/** The process around a command; tests give one of their own. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  /** All of standard input, or the first bytes of it and one more than `limit`. */
  readStdin(limit: number): Promise<Uint8Array>;
  writeStdout(data: string | Uint8Array): void;
  writeStderr(text: string): void;
}

/** Exit statuses, as documented. */
export const STATUS = {
  done: 0,
  /** A check failed: not exact, not equal, not the file it was. */
  checkFailed: 1,
  usage: 2,
  badInput: 3,
  bug: 70,
} as const;

/** Arguments that cannot be meant; status 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

/** Options of every command. */
export interface CommonArguments {
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Answers in the form that the user asked for: data to stdout, everything else to stderr. */
export class Context {
  readonly io: Io;
  readonly json: boolean;
  readonly quiet: boolean;

  constructor(io: Io, { json, quiet }: CommonArguments) {
    this.io = io;
    this.json = json;
    this.quiet = quiet;
  }

  /** Data in text form; nothing when `--json` was given. */
  print(text: string): void {
    if (!this.json) this.io.writeStdout(`${text}\n`);
  }

  /** Data in JSON form; nothing unless `--json` was given. */
  printJson(value: unknown): void {
    if (this.json) this.io.writeStdout(`${stringify(value)}\n`);
  }

  /** What happens, for people; nothing when `--quiet` was given. */
  log(text: string): void {
    if (!this.quiet) this.io.writeStderr(`${text}\n`);
  }
}

/** JSON with big integers as decimal texts and infinities as `"Infinity"` and `"-Infinity"`. */
export function stringify(value: unknown, indent = 2): string {
  return JSON.stringify(value, (_, entry: unknown) => jsonValue(entry), indent);
}

function jsonValue(entry: unknown): unknown {
  if (typeof entry === "bigint") return entry.toString();
  if (typeof entry === "number" && !Number.isFinite(entry)) return String(entry);
  return entry;
}
