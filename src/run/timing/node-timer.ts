/** The contenders of Node in a thread of their own, so that this one can be interrupted while they run. */
import { openWorkerPool } from "../worker-pool.js";
import type { Timer } from "./c-harness.js";
import { nodeLabels } from "./node-contenders.js";
import type { TimingReply, TimingTask, TimingWorkerData } from "./timing-worker.js";

export interface NodeTimer extends Timer {
  /** Of every contender in order; see answer.ts. Empty for what answers nothing. */
  answers(): Promise<readonly Uint32Array[]>;
  /** Before the first slice: until the engine has compiled what it runs often. */
  warmUp(): Promise<void>;
  close(): Promise<void>;
}

/** Beside this file when the package is built; in the sources, a file of that name starts the TypeScript one. */
const TIMING_WORKER = new URL("./timing-worker.js", import.meta.url);

export function openNodeTimer(data: TimingWorkerData): NodeTimer {
  const pool = openWorkerPool<TimingTask, TimingReply>(TIMING_WORKER, 1, data);
  const ask = async (task: TimingTask): Promise<TimingReply> => {
    const [reply = []] = await pool.answerAll([task], () => undefined);
    return reply;
  };
  return {
    labels: nodeLabels(data.artifacts),
    answers: async () => (await ask("answer")) as readonly Uint32Array[],
    warmUp: async () => {
      await ask("warm-up");
    },
    slice: async () => (await ask("slice")) as readonly number[],
    close: async () => pool.close(),
  };
}
