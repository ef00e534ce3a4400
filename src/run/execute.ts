/** Programs that run beside this one, until they end or are ended. */
import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { fail } from "../diagnostics.js";

export interface StartOptions {
  /** Ends the program and all that it has started, at once. */
  readonly signal?: AbortSignal | undefined;
  /** Folder for temporary files. */
  readonly temporary?: string | undefined;
}

export interface ExecuteOptions extends StartOptions {
  /** Standard input. */
  readonly input?: readonly Uint8Array[];
}

export interface Execution {
  /** Exit status, or the name of the signal that ended the process. */
  readonly status: number | string;
  readonly output: Uint8Array;
  readonly errors: string;
}

/** @throws DiagnosticError BMN0504 if the command cannot be started */
export async function execute(
  command: string,
  operands: readonly string[],
  options: ExecuteOptions = {},
): Promise<Execution> {
  try {
    return await converse(command, operands, options);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fail("BMN0504", `${command} cannot be started: ${reason}`, {
      hint: "name another compiler with --compiler",
    });
  }
}

/** Rejects with the system's error if the command cannot be started. */
function converse(
  command: string,
  operands: readonly string[],
  { input = [], ...options }: ExecuteOptions,
): Promise<Execution> {
  return new Promise((resolve, reject) => {
    const child = start(command, operands, options);
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
    // A process that ends early closes its input; its status tells what happened.
    child.stdin.on("error", () => {});
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const status = code ?? signal ?? "no status";
      resolve({ status, output: Buffer.concat(output), errors: Buffer.concat(errors).toString("utf8") });
    });
    for (const part of input) child.stdin.write(part);
    child.stdin.end();
  });
}

/** Starts a program with pipes for its three streams. */
export function start(
  command: string,
  operands: readonly string[],
  { signal, temporary }: StartOptions,
): ChildProcessWithoutNullStreams {
  const env = temporary === undefined ? {} : { env: { ...process.env, TMPDIR: temporary } };
  // A group of its own, so that what it starts is ended with it: a compiler runs several programs.
  const detached = signal !== undefined && process.platform !== "win32";
  const child = spawn(command, operands, { stdio: "pipe", detached, ...env });
  if (signal !== undefined) {
    const end = (): void => endAll(child, detached);
    if (signal.aborted) end();
    signal.addEventListener("abort", end);
    child.on("close", () => signal.removeEventListener("abort", end));
  }
  return child;
}

function endAll(child: ChildProcess, isGroup: boolean): void {
  if (!isGroup || child.pid === undefined) {
    child.kill("SIGKILL");
    return;
  }
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

const REPORTED_LINES = 6;

export function firstLines(text: string): string {
  return text.trim().split("\n").slice(0, REPORTED_LINES).join("\n");
}
