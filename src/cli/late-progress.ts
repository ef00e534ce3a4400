import { setImmediate } from "node:timers/promises";
import type { Context } from "./context.js";
import { openProgress, type Progress } from "./progress.js";
import { holdingSignals } from "./signals.js";

const PATIENCE_MS = 2000;

/** Time between two chances for a signal to arrive. */
const PAUSE_MS = 50;

/** Takes the share of the work that is done, 0 … 1. To be called often, as a signal only arrives meanwhile. */
export type Update = (share: number) => Promise<void>;

/**
 * Runs `action` with a progress bar that appears only when it takes more than two seconds. A signal that ends the
 * process removes it first, as bars change the terminal's settings.
 */
export async function withLateProgress<T>(
  context: Context,
  label: string,
  action: (update: Update) => Promise<T>,
): Promise<T> {
  const started = performance.now();
  let paused = started;
  const shown: Progress[] = [];
  const stop = (): void => shown.forEach((progress) => progress.stop());
  const update: Update = async (share) => {
    const now = performance.now();
    if (now - paused > PAUSE_MS) {
      await setImmediate();
      paused = performance.now();
    }
    if (now - started < PATIENCE_MS) return;
    if (shown.length === 0) shown.push(await openProgress(context, label));
    for (const progress of shown) progress.update(share);
  };
  try {
    return await holdingSignals(
      () => action(update),
      async () => stop(),
    );
  } finally {
    stop();
  }
}
