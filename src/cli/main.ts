#!/usr/bin/env node
/** The program `bimonnc`: the process around {@link runCli}. */
import { DiagnosticError } from "../diagnostics.js";
import { runCli } from "./cli.js";
import { type Io, STATUS } from "./context.js";
import { reportFailure } from "./failure.js";
import { systemReason } from "./files.js";

/** What the first write to a standard stream that failed makes of the exit status. */
let failedStatus: number | null = null;

/** A reader that went away, as `head` does, is no failure. Others are told once; the command still cleans up. */
function onWriteError(source: string, error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit();
  if (failedStatus !== null) return;
  // Set first: telling of it may fail as well, when it is standard error that cannot be written.
  failedStatus = STATUS.badInput;
  process.exitCode = failedStatus;
  const message = `cannot write the answer: ${systemReason(error)}`;
  const diagnostic = { code: "BMN0102", message, source, hint: "send the output to another place" } as const;
  reportFailure(new DiagnosticError([diagnostic]), io, { json: false, command: "" });
}

process.stdout.on("error", (error) => onWriteError("standard output", error));
process.stderr.on("error", (error) => onWriteError("standard error", error));

async function readStdin(limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of process.stdin as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    total += chunk.length;
    if (total > limit) break;
  }
  return Buffer.concat(chunks);
}

const io: Io = {
  env: process.env,
  stdoutIsTerminal: process.stdout.isTTY,
  stderrIsTerminal: process.stderr.isTTY,
  readStdin,
  writeStdout: (data) => process.stdout.write(data),
  writeStderr: (text) => process.stderr.write(text),
};

const status = await runCli(process.argv.slice(2), io);
process.exitCode = failedStatus ?? status;
