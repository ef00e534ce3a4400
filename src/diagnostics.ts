/**
 * Coded diagnostics: what a user did that cannot work, where, and how to mend it.
 *
 * Expected failures are values of type {@link Diagnostic}, carried by a {@link DiagnosticError}; the command line prints
 * them and exits with status 3. A bug of ours throws an {@link InternalError} and exits with status 70.
 */

/** Every code with its meaning; the table in docs/diagnostics.md and the golden cases follow it. */
export const DIAGNOSTIC_CODES = {
  BMN0101: "a file cannot be read",
  BMN0102: "an output cannot be written",
  BMN0103: "a file is larger than any valid one",
  BMN0201: "the bytes are not a BiMoNN model",
  BMN0202: "the model's format version is unknown",
  BMN0203: "the number of values does not match the shape",
  BMN0204: "a value is not finite",
  BMN0205: "a size is out of range",
  BMN0206: "a layer, activation or padding is not supported",
  BMN0207: "a layer does not fit the one before it",
  BMN0208: "a name is not valid",
  BMN0209: "the JSON text is malformed or has an unknown field",
  BMN0210: "the input description is not valid",
  BMN0301: "a neuron is not proved exact",
  BMN0302: "the network is too large to compile",
  BMN0401: "the intermediate representation cannot be parsed",
  BMN0402: "the intermediate representation breaks an invariant",
  BMN0501: "the target is unknown",
  BMN0502: "the target description is not valid",
  BMN0503: "the shape does not suit the network",
  BMN0504: "the target cannot run on this machine",
  BMN0601: "the picture's format is not supported",
  BMN0602: "the picture is corrupt",
  BMN0603: "the picture has the wrong size",
  BMN0604: "the picture is of the wrong kind",
  BMN0605: "the picture is too large",
  BMN0701: "the artifact's manifest is not valid",
  BMN0702: "an artifact's file differs from its manifest",
  BMN0703: "the artifact failed while it ran",
  BMN0704: "the certificate does not hold",
  BMN0801: "the description of the data is not valid",
  BMN0802: "an IDX file is corrupt",
  BMN0803: "a data folder is not laid out as expected",
  BMN0804: "the pictures of a data set do not fit together",
  BMN0805: "data cannot be downloaded",
  BMN0806: "downloaded data is not what it should be",
  BMN0807: "a data set is too large",
  BMN0901: "the file is not a checkpoint of a training",
  BMN0902: "the checkpoint is of another training",
  BMN0903: "the network does not suit the samples",
  BMN0904: "the training diverged",
  BMN0905: "the training configuration is not valid",
} as const;

export type DiagnosticCode = keyof typeof DIAGNOSTIC_CODES;

export interface Diagnostic {
  readonly code: DiagnosticCode;
  /** What is wrong, in one line, with the offending value. */
  readonly message: string;
  /** File or stream, as the user named it; filled in by the command line. */
  readonly source?: string;
  /** Field path (`layers[1].bise.weights`) or `line:column` inside the source. */
  readonly path?: string;
  /** How to mend it. */
  readonly hint?: string;
}

/** One or more expected failures; nothing has been written when it is thrown. */
export class DiagnosticError extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((diagnostic) => `${diagnostic.code}: ${diagnostic.message}`).join("\n"));
    this.name = "DiagnosticError";
    this.diagnostics = diagnostics;
  }
}

/** A broken promise inside the compiler: always our bug, never the user's. */
export class InternalError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "InternalError";
  }
}

/** Throws a {@link DiagnosticError} with one diagnostic. */
export function fail(code: DiagnosticCode, message: string, where: Omit<Diagnostic, "code" | "message"> = {}): never {
  throw new DiagnosticError([{ code, message, ...where }]);
}

/** Runs `action`, naming `source` in every diagnostic it throws that does not name one yet. */
export function withSource<T>(source: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    throw new DiagnosticError(error.diagnostics.map((diagnostic) => ({ source, ...diagnostic })));
  }
}

/** Text form: code and message, then the place, then the hint, one line each. */
export function renderDiagnostic(diagnostic: Diagnostic): string {
  const place = [diagnostic.source, diagnostic.path].filter((part) => part !== undefined).join(": ");
  const lines = [`error ${diagnostic.code}: ${diagnostic.message}`];
  if (place !== "") lines.push(`  at ${place}`);
  if (diagnostic.hint !== undefined) lines.push(`  hint: ${diagnostic.hint}`);
  return lines.join("\n");
}

/** Marks a `switch` over a union as exhaustive: adding a member makes the call a type error. */
export function unreachable(value: never): never {
  throw new InternalError(`unreachable: ${JSON.stringify(value)}`);
}
