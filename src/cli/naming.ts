import { DiagnosticError } from "../diagnostics.js";
import { sourceName } from "./files.js";

/** `withSource` for what takes time: names the file in every diagnostic that does not name one. */
export async function naming<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    const source = sourceName(path);
    throw new DiagnosticError(error.diagnostics.map((diagnostic) => ({ source, ...diagnostic })));
  }
}
