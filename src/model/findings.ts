import { type Diagnostic, type DiagnosticCode, DiagnosticError } from "../diagnostics.js";

const MOST_FINDINGS = 20;

/** What is wrong with one model, in the order in which it was found; the first twenty are kept. */
export class Findings {
  readonly #diagnostics: Diagnostic[] = [];

  add(code: DiagnosticCode, message: string, path: string, hint?: string): void {
    if (this.full) return;
    this.#diagnostics.push({ code, message, path, ...(hint === undefined ? {} : { hint }) });
  }

  /** Whether nothing more is kept. */
  get full(): boolean {
    return this.#diagnostics.length === MOST_FINDINGS;
  }

  /** @throws DiagnosticError with everything found, if anything was */
  throwIfAny(): void {
    if (this.#diagnostics.length > 0) throw new DiagnosticError(this.#diagnostics);
  }
}
