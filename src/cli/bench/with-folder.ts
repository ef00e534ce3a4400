import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { holdingSignals } from "../signals.js";

/**
 * Runs `action` with a temporary folder, which is removed however it ends. A signal ends the programs that were started
 * with `signal` at once, then the process.
 */
export async function withFolder<T>(action: (folder: string, signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  let folder: string | null = null;
  const end = (): void => {
    stop.abort();
    // A program that is being ended may write for a moment more.
    if (folder !== null) rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
  };
  // Whatever ends the process, such as a reader of standard error that went away.
  process.once("exit", end);
  try {
    return await holdingSignals(
      async () => {
        folder = mkdtempSync(join(tmpdir(), "bimonnc-"));
        return action(folder, stop.signal);
      },
      async () => end(),
    );
  } finally {
    process.removeListener("exit", end);
    end();
  }
}
