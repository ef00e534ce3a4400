/** Golden diagnostics: files of cases, each a title, a text, and what is said about the text. */
import { readFileSync } from "node:fs";
import { DiagnosticError, renderDiagnostic } from "../../src/diagnostics.js";

export interface ErrorCase {
  readonly title: string;
  readonly text: string;
  /** Rendered diagnostics, one after the other. */
  readonly expected: string;
}

/**
 * Cases of a file under test/cases: `=== title`, the text, `---`, the diagnostics, an empty line. In the text,
 * `{4097 digits}` and `{256 letters}` stand for as many nines or letters.
 */
export function readErrorCases(path: string): ErrorCase[] {
  const file = readFileSync(new URL(`../cases/${path}`, import.meta.url), "utf8");
  return file
    .split(/^=== /m)
    .slice(1)
    .map((part) => {
      const [head = "", expected = ""] = part.split(/^---\n/m);
      const newline = head.indexOf("\n");
      return { title: head.slice(0, newline), text: expand(head.slice(newline + 1)), expected: expected.trimEnd() };
    });
}

function expand(text: string): string {
  return text.replaceAll(/\{(\d+) (digits|letters)\}/g, (_, count, what) =>
    (what === "digits" ? "9" : "a").repeat(Number(count)),
  );
}

/** What `action` complains about, rendered; any other error passes through. */
export function renderFailure(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return error.diagnostics.map(renderDiagnostic).join("\n");
  }
  return "no error";
}
