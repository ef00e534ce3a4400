/** Threads that share tasks, and answer as one thread would that takes them in order. */
import { Worker } from "node:worker_threads";
import { type Diagnostic, DiagnosticError, InternalError } from "../diagnostics.js";

/** What a worker says to a task: its answer, expected failures, or a bug. */
export type Reply<Answer> =
  | { readonly kind: "answer"; readonly answer: Answer }
  | { readonly kind: "diagnostics"; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: "bug"; readonly message: string; readonly stack: string | undefined };

export interface WorkerPool<Task, Answer> {
  /**
   * Answers in the order of the tasks. A worker holds one task at a time. If some fail, the error is that of the first
   * of them in order, whichever failed first in time, and no further task is begun.
   * @param onAnswer takes the index of a task whenever one is answered
   */
  answerAll(tasks: readonly Task[], onAnswer: (index: number) => void): Promise<Answer[]>;
  /** Ends the threads at once; an answer that is still waited for never comes. */
  close(): Promise<void>;
}

/**
 * Starts `count` workers on the module at `entry`, which calls `serveTasks`. Tasks, answers and `data` travel as
 * structured clones.
 */
export function openWorkerPool<Task, Answer>(entry: URL, count: number, data: unknown): WorkerPool<Task, Answer> {
  const state = { closed: false };
  const workers = Array.from({ length: count }, () => new Worker(entry, { workerData: data }));
  const asking = workers.map((worker) => connect<Task, Answer>(worker, state));
  return {
    answerAll: (tasks, onAnswer) => shareTasks(asking, tasks, onAnswer),
    close: async () => {
      state.closed = true;
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

type Ask<Task, Answer> = (task: Task) => Promise<Answer>;

async function shareTasks<Task, Answer>(
  asking: readonly Ask<Task, Answer>[],
  tasks: readonly Task[],
  onAnswer: (index: number) => void,
): Promise<Answer[]> {
  const answers = new Map<number, Answer>();
  const failures = new Map<number, unknown>();
  const waiting = tasks.entries();
  const work = async (ask: Ask<Task, Answer>): Promise<void> => {
    // One iterator for all: tasks begin in order, so whatever comes before a failure has begun and is waited for.
    for (const [index, task] of waiting) {
      try {
        answers.set(index, await ask(task));
        onAnswer(index);
      } catch (error) {
        failures.set(index, error);
      }
      if (failures.size > 0) return;
    }
  };
  await Promise.all(asking.map(work));
  if (failures.size > 0) throw failures.get(Math.min(...failures.keys()));
  return tasks.map((_, index) => {
    const answer = answers.get(index);
    if (answer === undefined) throw new InternalError(`task ${index} was not answered`);
    return answer;
  });
}

interface Waiting<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** One question at a time to one worker. A worker that ends by itself fails the question, and every later one. */
function connect<Task, Answer>(worker: Worker, state: { readonly closed: boolean }): Ask<Task, Answer> {
  let waiting: Waiting<Answer> | null = null;
  let ended: Error | null = null;
  const take = (): Waiting<Answer> | null => {
    const taken = state.closed ? null : waiting;
    waiting = null;
    return taken;
  };
  const end = (error: Error): void => {
    ended ??= error;
    take()?.reject(ended);
  };
  worker.on("message", (reply: Reply<Answer>) => {
    const taken = take();
    if (reply.kind === "answer") taken?.resolve(reply.answer);
    else taken?.reject(errorOf(reply));
  });
  worker.on("error", (error: unknown) => end(error instanceof Error ? error : new Error(String(error))));
  worker.on("messageerror", end);
  worker.on("exit", (code) => end(new InternalError(`a worker thread ended with status ${code}`)));
  return (task) =>
    new Promise((resolve, reject) => {
      if (ended !== null) {
        reject(ended);
        return;
      }
      waiting = { resolve, reject };
      worker.postMessage(task, []);
    });
}

function errorOf(reply: Exclude<Reply<never>, { readonly kind: "answer" }>): Error {
  if (reply.kind === "diagnostics") return new DiagnosticError(reply.diagnostics);
  const error = new Error(reply.message);
  if (reply.stack !== undefined) error.stack = reply.stack;
  return error;
}
