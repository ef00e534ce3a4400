/** The worker's side of a pool of threads. */
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { DiagnosticError, InternalError } from "../diagnostics.js";
import type { Reply } from "./worker-pool.js";

/** An answer, and the buffers in it that need not be copied, as the worker keeps none of them. */
export interface Served {
  readonly answer: unknown;
  readonly transfer: readonly ArrayBuffer[];
}

/**
 * Answers the tasks of the pool that started this thread, until it ends the thread. An error of `open` answers every
 * task.
 * @param open takes the `data` of the pool, and answers what takes its tasks
 */
export function serveTasks(open: (data: unknown) => Promise<(task: unknown) => Promise<Served>>): void {
  const port = parentPort;
  if (port === null) throw new InternalError("tasks are served outside a worker thread");
  const opening = open(workerData);
  // Told with each task; unhandled meanwhile, it would end the thread.
  opening.catch(() => undefined);
  port.on("message", (task: unknown) => void reply(port, async () => (await opening)(task)));
}

async function reply(port: MessagePort, serve: () => Promise<Served>): Promise<void> {
  try {
    const { answer, transfer } = await serve();
    port.postMessage({ kind: "answer", answer } satisfies Reply<unknown>, transfer);
  } catch (error) {
    port.postMessage(failureOf(error), []);
  }
}

function failureOf(error: unknown): Reply<never> {
  if (error instanceof DiagnosticError) return { kind: "diagnostics", diagnostics: error.diagnostics };
  if (error instanceof Error) return { kind: "bug", message: error.message, stack: error.stack };
  return { kind: "bug", message: String(error), stack: undefined };
}
