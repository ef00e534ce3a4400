import type { Context } from "../context.js";
import { openProgress, type Progress } from "../progress.js";

const PATIENCE_MS = 2000;

/** Takes the share of the work that is done, 0 … 1. */
export type Update = (share: number) => Promise<void>;

/** Runs `action` with a progress bar that appears only when it takes more than two seconds. */
export async function withLateProgress<T>(
  context: Context,
  label: string,
  action: (update: Update) => Promise<T>,
): Promise<T> {
  const started = performance.now();
  let progress: Progress | null = null;
  try {
    return await action(async (share) => {
      if (performance.now() - started < PATIENCE_MS) return;
      progress ??= await openProgress(context, label);
      progress.update(share);
    });
  } finally {
    stop(progress);
  }
}

/** In a function of its own, as the compiler does not see that a callback set the variable. */
function stop(progress: Progress | null): void {
  progress?.stop();
}
