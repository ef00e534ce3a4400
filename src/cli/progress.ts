import type { Context } from "./context.js";

export interface Progress {
  /** Share of the work that is done, 0 … 1. */
  readonly update: (share: number) => void;
  readonly stop: () => void;
}

const SILENT: Progress = { update: () => undefined, stop: () => undefined };

/** A progress bar on standard error, if that is a terminal and nobody asked for quiet. */
export async function openProgress(context: Context, label: string): Promise<Progress> {
  if (context.quiet || !context.io.stderrIsTerminal) return SILENT;
  const { default: cliProgress } = await import("cli-progress");
  const format = `${label} [{bar}] {percentage}%`;
  const bar = new cliProgress.SingleBar({ format, stream: process.stderr, clearOnComplete: true, hideCursor: null });
  bar.start(1, 0);
  return { update: (share) => bar.update(share), stop: () => bar.stop() };
}
