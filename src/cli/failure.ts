/** How a failure is told, and which exit status it has. */
import { DIAGNOSTIC_CODES, type DiagnosticCode, DiagnosticError, renderDiagnostic } from "../diagnostics.js";
import { VERSION } from "../gen/version.js";
import { type Io, STATUS, stringify, UsageError } from "./context.js";

/** Diagnostics that say that a check failed, rather than that an input is bad. */
const FAILED_CHECKS: ReadonlySet<DiagnosticCode> = new Set(["BMN0301", "BMN0702", "BMN0703", "BMN0704"]);

export interface FailureStyle {
  readonly json: boolean;
  /** Command that failed, or empty. */
  readonly command: string;
}

/** Tells of an error that a command threw, on stderr and with `json` on stdout; returns the exit status. */
export function reportFailure(error: unknown, io: Io, style: FailureStyle): number {
  if (error instanceof UsageError) return reportUsage(error.message, io, style);
  if (error instanceof DiagnosticError) return reportDiagnostics(error, io, style);
  return reportBug(error, io, style);
}

function reportUsage(message: string, io: Io, style: FailureStyle): number {
  const command = style.command === "" ? "bimonnc" : `bimonnc ${style.command}`;
  io.writeStderr(`${command}: ${message}\nTry '${command} --help'.\n`);
  if (style.json) io.writeStdout(`${stringify({ status: STATUS.usage, usage: message })}\n`);
  return STATUS.usage;
}

function reportDiagnostics(error: DiagnosticError, io: Io, style: FailureStyle): number {
  const failedCheck = error.diagnostics.every((diagnostic) => FAILED_CHECKS.has(diagnostic.code));
  const status = failedCheck ? STATUS.checkFailed : STATUS.badInput;
  for (const diagnostic of error.diagnostics) io.writeStderr(`${highlight(renderDiagnostic(diagnostic), io)}\n`);
  if (style.json) {
    const diagnostics = error.diagnostics.map((each) => ({ ...each, meaning: DIAGNOSTIC_CODES[each.code] }));
    io.writeStdout(`${stringify({ status, diagnostics })}\n`);
  }
  return status;
}

/** Everything else is our fault: the stack helps us, and the version. */
function reportBug(error: unknown, io: Io, style: FailureStyle): number {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.writeStderr(`bimonnc ${VERSION}: a bug, not your mistake\n${detail}\n`);
  io.writeStderr("Please report it with the command, the version above and, if you can, the input files.\n");
  if (style.json) {
    const message = error instanceof Error ? error.message : String(error);
    io.writeStdout(`${stringify({ status: STATUS.bug, bug: message, version: VERSION })}\n`);
  }
  return STATUS.bug;
}

/** The code in red on a terminal, unless NO_COLOR is set. */
function highlight(text: string, io: Io): string {
  if (!io.stderrIsTerminal || (io.env["NO_COLOR"] ?? "") !== "") return text;
  return text.replace(/^error BMN\d{4}/, (code) => `\u001b[1;31m${code}\u001b[0m`);
}
